"""What a rule of a load balancer can say: actions, conditions and health checks."""

FIXED = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}


def forward(*groups):
    """A forward action to several target groups."""
    weighted = [{"TargetGroupArn": group, "Weight": 1} for group in groups]
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": weighted}}


def actions(member, group):
    """Each kind of action where it is meant; `group` is what a forward leads to."""
    redirect = {name: f"#{{{name.lower()}}}" for name in ("Protocol", "Host", "Query")}
    redirect |= {"Path": "/#{path}", "Port": "8443", "StatusCode": "HTTP_301"}
    fixed = FIXED["FixedResponseConfig"] | {"ContentType": "text/plain", "MessageBody": "closed"}
    sticky = forward(group)
    sticky["ForwardConfig"]["TargetGroupStickinessConfig"] = {
        "Enabled": True,
        "DurationSeconds": 60,
    }
    oidc = {
        name: "https://id.example/" + name
        for name in ("Issuer", "AuthorizationEndpoint", "TokenEndpoint", "UserInfoEndpoint")
    } | {"ClientId": "shop", "ClientSecret": "hidden"}
    cognito = {"UserPoolArn": "pool", "UserPoolClientId": "shop", "UserPoolDomain": "shop"}
    jwt = {"JwksEndpoint": "https://id.example/jwks", "Issuer": "https://id.example"}

    def behind(kind, config, value):
        return {member: [{"Type": kind, config: value}, {**FIXED, "Order": 2}]}

    return {
        member: {member: [FIXED]},
        f"{member}.TargetGroupArn": {member: [{"Type": "forward", "TargetGroupArn": group}]},
        f"{member}.ForwardConfig": {member: [sticky]},
        f"{member}.FixedResponseConfig": {member: [FIXED | {"FixedResponseConfig": fixed}]},
        f"{member}.RedirectConfig": {member: [{"Type": "redirect", "RedirectConfig": redirect}]},
        f"{member}.AuthenticateOidcConfig": behind(
            "authenticate-oidc", "AuthenticateOidcConfig", oidc
        ),
        f"{member}.AuthenticateOidcConfig.UseExistingClientSecret": behind(
            "authenticate-oidc",
            "AuthenticateOidcConfig",
            oidc | {"UseExistingClientSecret": False},
        ),
        f"{member}.AuthenticateCognitoConfig": behind(
            "authenticate-cognito", "AuthenticateCognitoConfig", cognito
        ),
        f"{member}.JwtValidationConfig": behind("jwt-validation", "JwtValidationConfig", jwt),
    }


def health_check():
    """Values that a health check can have; a timeout has to stay below the interval."""
    return {
        "HealthCheckPort": {"HealthCheckPort": "traffic-port"},
        "HealthCheckPath": {"HealthCheckPath": "/healthz"},
        "HealthCheckIntervalSeconds": {"HealthCheckIntervalSeconds": 20},
        "HealthCheckTimeoutSeconds": {"HealthCheckTimeoutSeconds": 4},
        "HealthyThresholdCount": {"HealthyThresholdCount": 3},
        "UnhealthyThresholdCount": {"UnhealthyThresholdCount": 3},
        "Matcher": {"Matcher": {"HttpCode": "200-299"}},
    }


def conditions():
    """Each kind of condition where it is meant."""

    def one(field, config, value):
        return {"Conditions": [{"Field": field, config: value}]}

    parameter = {"Values": [{"Key": "color", "Value": "blue"}]}
    header = {"HttpHeaderName": "x-color", "Values": ["blue"]}
    kinds = {
        "HostHeaderConfig": ("host-header", {"Values": ["shop.example.com"]}),
        "PathPatternConfig": ("path-pattern", {"Values": ["/shop"]}),
        "HttpHeaderConfig": ("http-header", header),
        "QueryStringConfig": ("query-string", parameter),
        "HttpRequestMethodConfig": ("http-request-method", {"Values": ["GET"]}),
        "SourceIpConfig": ("source-ip", {"Values": ["127.0.0.0/8"]}),
    }
    plain = {"Conditions": [{"Field": "path-pattern", "Values": ["/shop"]}]}
    found = {f"Conditions.{name}": one(kind, name, value) for name, (kind, value) in kinds.items()}
    return {"Conditions": plain} | found


def transforms():
    """Each type of transform."""

    def one(kind, config):
        rewrite = {"Regex": "^/?shop", "Replace": "store"}
        return {"Transforms": [{"Type": kind, config: {"Rewrites": [rewrite]}}]}

    return {
        "Transforms": one("host-header-rewrite", "HostHeaderRewriteConfig"),
        "Transforms.UrlRewriteConfig": one("url-rewrite", "UrlRewriteConfig"),
    }

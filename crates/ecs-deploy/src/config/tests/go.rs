//! What Go's reader of JSON makes of a config, where users may rely on it.

use serde_json::{Value, json};

use super::*;

/// The example with something in the place of something else.
fn with(from: &str, to: &str) -> Result<Target, ConfigError> {
    assert!(EXAMPLE.contains(from), "{from}");
    Config::parse(&EXAMPLE.replace(from, to), "test")?.target("shop", "dev")
}

fn rendered(text: &str) -> Value {
    let target = Config::parse(text, "test").unwrap().target("shop", "dev").unwrap();
    target.render(&values()).unwrap().containers.into()
}

/// The example, whose only container has these members more.
fn containers_with(more: &Value) -> Value {
    let mut config: Value = serde_json::from_str(EXAMPLE).unwrap();
    let container = &mut config["Apps"]["shop"]["ContainerDefinitionTemplates"][0];
    container.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    rendered(&config.to_string())
}

#[test]
fn keys_of_maps_are_exact() {
    for (from, to, missing) in [
        (r#""shop": {"#, r#""Shop": {"#, "no app `shop`"),
        (r#""dev": {"#, r#""DEV": {"#, "no environment `dev`"),
        (r#""blue":"#, r#""Blue":"#, "`Blue` is not a color"),
    ] {
        let error = with(from, to).expect_err(to).to_string();
        assert!(error.contains(missing), "{error}");
    }
    let more = json!({
        "LogConfiguration": {"LogDriver": "splunk", "Options": {"Mode": "a", "mode": "b"}},
        "DockerLabels": {"Stage": "a", "STAGE": "b"},
    });
    let containers = containers_with(&more);
    assert_eq!(containers[0]["logConfiguration"]["options"], json!({"Mode": "a", "mode": "b"}));
    assert_eq!(containers[0]["dockerLabels"], json!({"Stage": "a", "STAGE": "b"}));
}

/// All members that a Go program writes as `null` when nobody set them.
#[test]
fn null_is_absent_wherever_it_stands() {
    let nulls: Value = [
        "Command",
        "Cpu",
        "DependsOn",
        "DisableNetworking",
        "DnsSearchDomains",
        "DnsServers",
        "DockerLabels",
        "DockerSecurityOptions",
        "EntryPoint",
        "EnvironmentFiles",
        "Essential",
        "ExtraHosts",
        "FirelensConfiguration",
        "HealthCheck",
        "Hostname",
        "Interactive",
        "Links",
        "LinuxParameters",
        "LogConfiguration",
        "Memory",
        "MemoryReservation",
        "MountPoints",
        "Privileged",
        "PseudoTerminal",
        "ReadonlyRootFilesystem",
        "RepositoryCredentials",
        "ResourceRequirements",
        "Secrets",
        "StartTimeout",
        "StopTimeout",
        "SystemControls",
        "Ulimits",
        "User",
        "VolumesFrom",
        "WorkingDirectory",
    ]
    .iter()
    .map(|name| ((*name).to_owned(), Value::Null))
    .collect::<serde_json::Map<_, _>>()
    .into();
    assert_eq!(containers_with(&nulls)[0].get("essential"), None);
    let mut config: Value = serde_json::from_str(EXAMPLE).unwrap();
    let shop = &mut config["Apps"]["shop"];
    (shop["PreDeployCommandTemplates"], shop["PostDeployCommandTemplates"]) =
        (json!(null), json!([null]));
    shop["Environments"]["none"] = json!(null);
    let dev = &mut shop["Environments"]["dev"];
    for member in
        ["CPU", "TaskRoleArn", "SecurityGroups", "RequiresPreviousEnvDeploy", "Deployment"]
    {
        dev[member] = json!(null);
    }
    let target = Config::parse(&config.to_string(), "test").unwrap();
    let names: Vec<String> = target.environments().map(|(_, name)| name.to_string()).collect();
    assert_eq!(names, ["dev", "prod"]);
    let target = target.target("shop", "dev").unwrap();
    assert_eq!((target.cpu.as_str(), target.post_command_count()), ("", 0));
    assert_eq!((target.task_role.as_str(), target.security_groups.len()), ("", 0));
}

#[test]
fn roles_may_be_spelled_with_arn_in_capitals() {
    let config = read(&fixtures().join("real.json")).unwrap();
    let target = config.target("claims", "staging").unwrap();
    assert_eq!(target.task_role.as_str(), "arn:aws-us-gov:iam::444444444444:role/team/claims");
    assert_eq!(target.execution_role.as_str(), "ecsTaskExecutionRole");
}

#[test]
fn environments_come_in_the_order_of_their_names() {
    let swapped = EXAMPLE
        .replace(r#""dev": {"#, r#""qa": {"#)
        .replace(r#""RequiresPreviousEnvDeploy": "dev""#, r#""RequiresPreviousEnvDeploy": "qa""#);
    let config = Config::parse(&swapped, "test").unwrap();
    let names: Vec<String> = config.environments().map(|(_, name)| name.to_string()).collect();
    assert_eq!(names, ["prod", "qa"], "the file has them the other way round");
    let targets = config.targets("shop").unwrap();
    let names: Vec<&str> = targets.iter().map(|target| target.environment.as_str()).collect();
    assert_eq!(names, ["prod", "qa"]);
}

#[test]
fn keys_of_locks_are_joined_as_the_original_joins_them() {
    let key = |app: &str, environment: &str| {
        let text = EXAMPLE
            .replace(r#""shop": {"#, &format!(r#""{app}": {{"#))
            .replace(r#""dev": {"#, &format!(r#""{environment}": {{"#))
            .replace(r#""RequiresPreviousEnvDeploy": "dev""#, r#""RequiresPreviousEnvDeploy": """#);
        Config::parse(&text, "test").unwrap().target(app, environment).unwrap().lock_key()
    };
    assert_eq!(key("shop", "dev"), "shop-dev");
    assert_eq!(key("a-b", "c"), key("a", "b-c"));
}

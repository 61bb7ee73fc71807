//! Target groups.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::page::page;
use super::tags::{self, Tag};
use super::{check_name, elb, invalid};
use crate::model::ApiError;
use crate::model::elb::{Elb, HealthCheck, Matcher, TargetGroup, check_tags};
use crate::wire::Call;
use crate::wire::query::{List, Parsed};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateTargetGroup {
    name: String,
    protocol: Option<String>,
    port: Option<Parsed<u16>>,
    vpc_id: Option<String>,
    target_type: Option<String>,
    protocol_version: Option<String>,
    ip_address_type: Option<String>,
    health_check_protocol: Option<String>,
    health_check_enabled: Option<Parsed<bool>>,
    health_check_port: Option<String>,
    health_check_path: Option<String>,
    health_check_interval_seconds: Option<Parsed<u64>>,
    health_check_timeout_seconds: Option<Parsed<u64>>,
    healthy_threshold_count: Option<Parsed<u32>>,
    unhealthy_threshold_count: Option<Parsed<u32>>,
    matcher: Option<MatcherInput>,
    #[serde(default)]
    tags: List<Tag>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct MatcherInput {
    http_code: Option<String>,
}

pub(super) fn create(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: CreateTargetGroup = call.input(input)?;
    check_name(&input.name)?;
    let tags = tags::pairs(input.tags);
    check_tags(&tags)?;
    if input.target_type.as_deref() != Some("ip") {
        return Err(invalid("This local AWS has target groups of target type 'ip' only"));
    }
    only("ProtocolVersion", "HTTP1", input.protocol_version.as_deref())?;
    only("IpAddressType", "ipv4", input.ip_address_type.as_deref())?;
    let (Some(protocol), Some(Parsed(port)), Some(vpc)) =
        (input.protocol, input.port, input.vpc_id)
    else {
        return Err(invalid("A protocol, a port and a VPC ID must be specified"));
    };
    let changes = HealthCheckInput {
        protocol: input.health_check_protocol,
        enabled: input.health_check_enabled,
        port: input.health_check_port,
        path: input.health_check_path,
        interval: input.health_check_interval_seconds,
        timeout: input.health_check_timeout_seconds,
        healthy: input.healthy_threshold_count,
        unhealthy: input.unhealthy_threshold_count,
        matcher: input.matcher,
    };
    let health_check = changes.over(HealthCheck::default())?;
    check_protocol(&protocol, port)?;
    let id = call.cloud.ids.hex(16);
    let arn = call.scope.arn("elasticloadbalancing", &format!("targetgroup/{}/{id}", input.name));
    let elb = elb(call);
    let group = elb.put_target_group(&arn, &protocol, port)?;
    group.vpc = Some(vpc);
    group.health_check = health_check;
    let output = json!({"TargetGroups": [shown(group)]});
    elb.add_tags(&arn, &tags)?;
    Ok(output)
}

fn check_protocol(protocol: &str, port: u16) -> Result<(), ApiError> {
    if !matches!(protocol, "HTTP" | "HTTPS" | "TCP" | "TLS" | "UDP" | "TCP_UDP") {
        return Err(invalid(format!("Protocol '{protocol}' is not supported")));
    }
    match port {
        0 => Err(invalid("The port of a target group is from 1 to 65535")),
        _ => Ok(()),
    }
}

/// The part of a target group's input that is about probes.
struct HealthCheckInput {
    protocol: Option<String>,
    enabled: Option<Parsed<bool>>,
    port: Option<String>,
    path: Option<String>,
    interval: Option<Parsed<u64>>,
    timeout: Option<Parsed<u64>>,
    healthy: Option<Parsed<u32>>,
    unhealthy: Option<Parsed<u32>>,
    matcher: Option<MatcherInput>,
}

impl HealthCheckInput {
    /// The check with what is given in place of what it had.
    fn over(self, had: HealthCheck) -> Result<HealthCheck, ApiError> {
        if self.enabled == Some(Parsed(false)) {
            return Err(invalid("Health checks cannot be disabled for target type 'ip'"));
        }
        only("HealthCheckProtocol", "HTTP", self.protocol.as_deref())?;
        only("HealthCheckPort", "traffic-port", self.port.as_deref())?;
        let matcher = self.matcher.and_then(|matcher| matcher.http_code);
        Ok(HealthCheck {
            path: in_form(self.path, had.path)?,
            interval: seconds("interval", self.interval, had.interval, 5..=300)?,
            timeout: seconds("timeout", self.timeout, had.timeout, 2..=120)?,
            healthy_threshold: threshold(self.healthy, had.healthy_threshold)?,
            unhealthy_threshold: threshold(self.unhealthy, had.unhealthy_threshold)?,
            matcher: matcher.map_or(Ok(had.matcher), |text| Matcher::new(&text))?,
        })
        .and_then(check_times)
    }
}

/// Refuses what AWS has beside the one value that is built here: it would decide otherwise on health.
fn only(member: &str, built: &str, given: Option<&str>) -> Result<(), ApiError> {
    match given {
        Some(other) if other != built => {
            Err(invalid(format!("this local AWS has the {member} {built} only, not '{other}'")))
        }
        _ => Ok(()),
    }
}

fn in_form(path: Option<String>, had: String) -> Result<String, ApiError> {
    match path {
        Some(path) if !path.starts_with('/') || path.len() > 1024 => {
            Err(invalid(format!("Health check path '{path}' must begin with '/'")))
        }
        path => Ok(path.unwrap_or(had)),
    }
}

fn seconds(
    name: &str,
    given: Option<Parsed<u64>>,
    had: Duration,
    allowed: std::ops::RangeInclusive<u64>,
) -> Result<Duration, ApiError> {
    match given {
        None => Ok(had),
        Some(Parsed(seconds)) if allowed.contains(&seconds) => Ok(Duration::from_secs(seconds)),
        Some(Parsed(seconds)) => {
            let (least, most) = (allowed.start(), allowed.end());
            let message = format!("Health check {name} '{seconds}' must be from {least} to {most}");
            Err(invalid(message))
        }
    }
}

fn threshold(given: Option<Parsed<u32>>, had: u32) -> Result<u32, ApiError> {
    match given {
        None => Ok(had),
        Some(Parsed(count @ 2..=10)) => Ok(count),
        Some(Parsed(count)) => {
            Err(invalid(format!("Health check threshold '{count}' must be from 2 to 10")))
        }
    }
}

fn check_times(check: HealthCheck) -> Result<HealthCheck, ApiError> {
    if check.timeout >= check.interval {
        return Err(invalid("The health check timeout must be smaller than the interval"));
    }
    Ok(check)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeTargetGroups {
    load_balancer_arn: Option<String>,
    target_group_arns: Option<List<String>>,
    names: Option<List<String>>,
    marker: Option<String>,
    page_size: Option<Parsed<usize>>,
}

pub(super) fn describe(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: DescribeTargetGroups = call.input(input)?;
    let elb = elb(call);
    let found: Vec<&TargetGroup> =
        match (input.load_balancer_arn, input.target_group_arns, input.names) {
            (None, None, None) => elb.groups().collect(),
            (None, Some(arns), None) => {
                arns.0.iter().map(|arn| elb.group(arn)).collect::<Result<_, _>>()?
            }
            (None, None, Some(names)) => {
                names.0.iter().map(|name| by_name(elb, name)).collect::<Result<_, _>>()?
            }
            (Some(balancer), None, None) => {
                elb.balancer(&balancer)?;
                elb.groups().filter(|group| group.balancer() == Some(&*balancer)).collect()
            }
            _ => {
                return Err(invalid(
                    "Give a load balancer, target group ARNs or names, not several",
                ));
            }
        };
    let (found, next) = page(found, input.marker.as_deref(), input.page_size)?;
    let shown: Vec<Value> = found.into_iter().map(shown).collect();
    Ok(json!({"TargetGroups": shown, "NextMarker": next}))
}

fn by_name<'a>(elb: &'a Elb, name: &str) -> Result<&'a TargetGroup, ApiError> {
    elb.groups().find(|group| group.name() == name).ok_or_else(|| {
        let message = format!("Target groups '[{name}]' not found");
        ApiError::client("TargetGroupNotFound", message)
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ModifyTargetGroup {
    target_group_arn: String,
    health_check_protocol: Option<String>,
    health_check_enabled: Option<Parsed<bool>>,
    health_check_port: Option<String>,
    health_check_path: Option<String>,
    health_check_interval_seconds: Option<Parsed<u64>>,
    health_check_timeout_seconds: Option<Parsed<u64>>,
    healthy_threshold_count: Option<Parsed<u32>>,
    unhealthy_threshold_count: Option<Parsed<u32>>,
    matcher: Option<MatcherInput>,
}

pub(super) fn modify(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: ModifyTargetGroup = call.input(input)?;
    let changes = HealthCheckInput {
        protocol: input.health_check_protocol,
        enabled: input.health_check_enabled,
        port: input.health_check_port,
        path: input.health_check_path,
        interval: input.health_check_interval_seconds,
        timeout: input.health_check_timeout_seconds,
        healthy: input.healthy_threshold_count,
        unhealthy: input.unhealthy_threshold_count,
        matcher: input.matcher,
    };
    let group = elb(call).group_mut(&input.target_group_arn)?;
    group.health_check = changes.over(group.health_check.clone())?;
    Ok(json!({"TargetGroups": [shown(group)]}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeleteTargetGroup {
    target_group_arn: String,
}

pub(super) fn delete(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: DeleteTargetGroup = call.input(input)?;
    elb(call).delete_target_group(&input.target_group_arn)?;
    Ok(Value::Null)
}

fn shown(group: &TargetGroup) -> Value {
    let check = &group.health_check;
    let balancers: Vec<&str> = group.balancer().into_iter().collect();
    json!({
        "TargetGroupArn": group.arn,
        "TargetGroupName": group.name(),
        "Protocol": group.protocol,
        "ProtocolVersion": "HTTP1",
        "Port": group.port,
        "VpcId": group.vpc,
        "TargetType": "ip",
        "IpAddressType": "ipv4",
        "LoadBalancerArns": balancers,
        "HealthCheckEnabled": true,
        "HealthCheckProtocol": "HTTP",
        "HealthCheckPort": "traffic-port",
        "HealthCheckPath": check.path,
        "HealthCheckIntervalSeconds": check.interval.as_secs(),
        "HealthCheckTimeoutSeconds": check.timeout.as_secs(),
        "HealthyThresholdCount": check.healthy_threshold,
        "UnhealthyThresholdCount": check.unhealthy_threshold,
        "Matcher": {"HttpCode": check.matcher.as_str()},
    })
}

//! Who is in a target group, and how they are.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{elb, invalid};
use crate::model::ApiError;
use crate::model::elb::{Health, Target, TargetGroup};
use crate::wire::Call;
use crate::wire::query::{List, Parsed};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Targets {
    target_group_arn: String,
    targets: List<TargetInput>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TargetInput {
    id: String,
    port: Option<Parsed<u16>>,
}

impl TargetInput {
    fn read(&self, group: &TargetGroup) -> Result<Target, ApiError> {
        let ip = self.id.parse().map_err(|_| {
            invalid(format!("The IP address '{}' is not a valid IPv4 address", self.id))
        })?;
        let port = self.port.map_or(group.port, |Parsed(port)| port);
        match port {
            0 => Err(invalid("The port of a target is from 1 to 65535")),
            port => Ok(Target { ip, port }),
        }
    }
}

fn read(given: &List<TargetInput>, group: &TargetGroup) -> Result<Vec<Target>, ApiError> {
    given.0.iter().map(|target| target.read(group)).collect()
}

pub(super) fn register(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: Targets = call.input(input)?;
    let now = call.now;
    let (elb, arn) = (elb(call), input.target_group_arn);
    let targets = read(&input.targets, elb.group(&arn)?)?;
    if targets.is_empty() {
        return Err(invalid("A target must be specified"));
    }
    for target in targets {
        elb.register(&arn, target, now)?;
    }
    Ok(Value::Null)
}

/// A target that is no member is no error.
pub(super) fn deregister(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: Targets = call.input(input)?;
    let now = call.now;
    let (elb, arn) = (elb(call), input.target_group_arn);
    for target in read(&input.targets, elb.group(&arn)?)? {
        elb.deregister(&arn, &target, now);
    }
    Ok(Value::Null)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeTargetHealth {
    target_group_arn: String,
    targets: Option<List<TargetInput>>,
}

pub(super) fn describe_health(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: DescribeTargetHealth = call.input(input)?;
    let (elb, arn) = (elb(call), input.target_group_arn);
    let group = elb.group(&arn)?;
    let described: Vec<Value> = match input.targets {
        None => group.members().map(|(target, health)| shown(target, health)).collect(),
        Some(wanted) => read(&wanted, group)?
            .iter()
            .map(|target| shown(target, elb.health(&arn, target).unwrap_or(Health::NotRegistered)))
            .collect(),
    };
    Ok(json!({"TargetHealthDescriptions": described}))
}

fn shown(target: &Target, health: Health) -> Value {
    json!({
        "Target": {"Id": target.ip.to_string(), "Port": target.port},
        "HealthCheckPort": target.port.to_string(),
        "TargetHealth": {
            "State": health.state(),
            "Reason": health.reason(),
            "Description": health.description(),
        },
    })
}

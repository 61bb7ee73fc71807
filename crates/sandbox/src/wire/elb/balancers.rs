//! Load balancers.

use serde::Deserialize;
use serde_json::{Value, json};

use super::page::page;
use super::tags::{self, Tag};
use super::{check_name, elb, invalid};
use crate::model::ApiError;
use crate::model::elb::{BalancerKind, LoadBalancer, check_tags};
use crate::wire::Call;
use crate::wire::query::{self, List, Parsed};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateLoadBalancer {
    name: String,
    #[serde(rename = "Type")]
    kind: Option<String>,
    scheme: Option<String>,
    #[serde(default)]
    subnets: List<String>,
    #[serde(default)]
    subnet_mappings: List<SubnetMapping>,
    #[serde(default)]
    security_groups: List<String>,
    #[serde(default)]
    tags: List<Tag>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SubnetMapping {
    subnet_id: String,
}

pub(super) fn create(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: CreateLoadBalancer = call.input(input)?;
    check_name(&input.name)?;
    let kind = kind(input.kind.as_deref())?;
    let scheme = scheme(input.scheme)?;
    let mut subnets = input.subnets.0;
    subnets.extend(input.subnet_mappings.0.into_iter().map(|mapping| mapping.subnet_id));
    if kind == BalancerKind::Application && subnets.len() < 2 {
        return Err(invalid(
            "At least two subnets in two different Availability Zones must be specified",
        ));
    }
    let tags = tags::pairs(input.tags);
    check_tags(&tags)?;
    let id = call.cloud.ids.hex(16);
    let resource = format!("loadbalancer/{}/{}/{id}", kind.arn_part(), input.name);
    let arn = call.scope.arn("elasticloadbalancing", &resource);
    let now = call.now;
    let elb = elb(call);
    let balancer = elb.put_load_balancer(&arn, now)?;
    balancer.scheme = scheme;
    balancer.subnets = subnets;
    balancer.security_groups = input.security_groups.0;
    let output = json!({"LoadBalancers": [shown(balancer)]});
    elb.add_tags(&arn, &tags)?;
    Ok(output)
}

fn kind(name: Option<&str>) -> Result<BalancerKind, ApiError> {
    match name.unwrap_or("application") {
        "application" => Ok(BalancerKind::Application),
        "network" => Ok(BalancerKind::Network),
        other => Err(invalid(format!("Load balancers of type '{other}' do not exist here"))),
    }
}

fn scheme(scheme: Option<String>) -> Result<String, ApiError> {
    let scheme = scheme.unwrap_or_else(|| "internet-facing".to_owned());
    match scheme.as_str() {
        "internet-facing" | "internal" => Ok(scheme),
        other => {
            let message = format!("Scheme '{other}' must be internet-facing or internal");
            Err(ApiError::client("InvalidScheme", message))
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeLoadBalancers {
    load_balancer_arns: Option<List<String>>,
    names: Option<List<String>>,
    marker: Option<String>,
    page_size: Option<Parsed<usize>>,
}

pub(super) fn describe(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: DescribeLoadBalancers = call.input(input)?;
    let elb = elb(call);
    let found: Vec<&LoadBalancer> = match (input.load_balancer_arns, input.names) {
        (Some(_), Some(_)) => {
            return Err(invalid("Load balancer names and load balancer ARNs cannot both be given"));
        }
        (Some(arns), None) => {
            arns.0.iter().map(|arn| elb.balancer(arn)).collect::<Result<_, _>>()?
        }
        (None, Some(names)) => {
            names.0.iter().map(|name| by_name(elb, name)).collect::<Result<_, _>>()?
        }
        (None, None) => elb.balancers().collect(),
    };
    let (found, next) = page(found, input.marker.as_deref(), input.page_size)?;
    let shown: Vec<Value> = found.into_iter().map(shown).collect();
    Ok(json!({"LoadBalancers": shown, "NextMarker": next}))
}

fn by_name<'a>(elb: &'a crate::model::elb::Elb, name: &str) -> Result<&'a LoadBalancer, ApiError> {
    elb.balancers().find(|balancer| balancer.name() == name).ok_or_else(|| {
        let message = format!("Load balancers '[{name}]' not found");
        ApiError::client("LoadBalancerNotFound", message)
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeleteLoadBalancer {
    load_balancer_arn: String,
}

pub(super) fn delete(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: DeleteLoadBalancer = call.input(input)?;
    let now = call.now;
    elb(call).delete_load_balancer(&input.load_balancer_arn, now);
    Ok(Value::Null)
}

fn shown(balancer: &LoadBalancer) -> Value {
    let zones: Vec<Value> =
        balancer.subnets.iter().map(|subnet| json!({"SubnetId": subnet})).collect();
    json!({
        "LoadBalancerArn": balancer.arn,
        "LoadBalancerName": balancer.name(),
        "DNSName": balancer.dns_name(),
        "Type": balancer.kind().name(),
        "Scheme": balancer.scheme,
        "State": {"Code": "active"},
        "CreatedTime": query::timestamp(balancer.created),
        "AvailabilityZones": zones,
        "SecurityGroups": balancer.security_groups,
        "IpAddressType": "ipv4",
    })
}

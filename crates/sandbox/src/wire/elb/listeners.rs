//! Listeners. An HTTPS listener's certificate and policy are accepted without an effect.

use serde::Deserialize;
use serde_json::{Value, json};

use super::actions::{self, ActionInput};
use super::page::page;
use super::tags::{self, Tag};
use super::{elb, invalid};
use crate::model::ApiError;
use crate::model::elb::{Elb, Listener, check_tags, listener_of};
use crate::wire::Call;
use crate::wire::query::{List, Parsed};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CreateListener {
    load_balancer_arn: String,
    protocol: Option<String>,
    port: Option<Parsed<u16>>,
    default_actions: List<ActionInput>,
    #[serde(default)]
    tags: List<Tag>,
}

pub(super) fn create(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: CreateListener = call.input(input)?;
    let tags = tags::pairs(input.tags);
    check_tags(&tags)?;
    let (Some(protocol), Some(Parsed(port))) = (input.protocol, input.port) else {
        return Err(invalid("A listener protocol and port must be specified"));
    };
    let id = call.cloud.ids.hex(16);
    let now = call.now;
    let elb = elb(call);
    let arn = listener_of(&elb.balancer(&input.load_balancer_arn)?.arn, &id);
    let actions = actions::read(input.default_actions, &[])?;
    elb.put_listener(&arn, &protocol, port, actions, now)?;
    elb.add_tags(&arn, &tags)?;
    Ok(json!({"Listeners": [shown(elb, elb.listener(&arn)?)]}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DescribeListeners {
    load_balancer_arn: Option<String>,
    listener_arns: Option<List<String>>,
    marker: Option<String>,
    page_size: Option<Parsed<usize>>,
}

pub(super) fn describe(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: DescribeListeners = call.input(input)?;
    let elb = elb(call);
    let found: Vec<&Listener> = match (input.load_balancer_arn, input.listener_arns) {
        (None, Some(arns)) => {
            arns.0.iter().map(|arn| elb.listener(arn)).collect::<Result<_, _>>()?
        }
        (Some(balancer), None) => {
            elb.balancer(&balancer)?;
            elb.listeners().filter(|listener| listener.balancer() == balancer).collect()
        }
        _ => return Err(invalid("Either listener ARNs or a load balancer ARN must be specified")),
    };
    let (found, next) = page(found, input.marker.as_deref(), input.page_size)?;
    let shown: Vec<Value> = found.into_iter().map(|listener| shown(elb, listener)).collect();
    Ok(json!({"Listeners": shown, "NextMarker": next}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ModifyListener {
    listener_arn: String,
    protocol: Option<String>,
    port: Option<Parsed<u16>>,
    default_actions: Option<List<ActionInput>>,
}

pub(super) fn modify(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: ModifyListener = call.input(input)?;
    let now = call.now;
    let (elb, arn) = (elb(call), input.listener_arn);
    let previous = elb.default_actions(&arn);
    let actions = input.default_actions.map(|given| actions::read(given, previous)).transpose()?;
    let port = input.port.map(|Parsed(port)| port);
    elb.modify_listener(&arn, input.protocol, port, actions, now)?;
    Ok(json!({"Listeners": [shown(elb, elb.listener(&arn)?)]}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DeleteListener {
    listener_arn: String,
}

pub(super) fn delete(call: &mut Call<'_>, input: Value) -> Result<Value, ApiError> {
    let input: DeleteListener = call.input(input)?;
    let now = call.now;
    elb(call).delete_listener(&input.listener_arn, now)?;
    Ok(Value::Null)
}

fn shown(elb: &Elb, listener: &Listener) -> Value {
    json!({
        "ListenerArn": listener.arn,
        "LoadBalancerArn": listener.balancer(),
        "Protocol": listener.protocol,
        "Port": listener.port,
        "DefaultActions": actions::shown(elb.default_actions(&listener.arn)),
    })
}

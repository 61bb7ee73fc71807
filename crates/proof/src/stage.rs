//! What a config names, built in a world.

use std::time::Duration;

use ecs_deploy::config::Target;
use ecs_deploy::names::{Color, TargetGroupArn};
use ecs_deploy_aws::{ARTIFACT_TABLE, LOCK_TABLE};
use ecs_deploy_sandbox::model::dynamo::{
    AttributeValue, Billing, Item, KeyAttribute, KeySchema, KeyType, Tables,
};
use ecs_deploy_sandbox::model::elb::{
    Action, ActionKind, Condition, Elb, FixedResponse, Forward, NewRule, Priority,
};
use ecs_deploy_sandbox::model::{ApiError, Scope, Time};
use serde_json::json;

use crate::World;

/// Builds what a target's deploys need: the tables, unless they are there; its cluster, and in it an
/// EXTERNAL service of 2 tasks; its listener, whose rules have the priorities 11 (green) and 12
/// (blue). Nothing runs yet.
///
/// # Panics
/// If the cloud refuses what the target names.
pub fn build(world: &World, target: &Target) {
    world
        .with(|cloud, now| {
            build_balancer(&mut cloud.region(&service_scope(target)).elb, target, now)?;
            build_tables(&mut cloud.region(&config_scope(target)).dynamo, now)
        })
        .expect("the cloud takes what the target names");
    let cluster = target.cluster.as_str().rsplit('/').next().unwrap_or_default();
    let ecs = |operation, input| world.ecs(&target.account, &target.region, operation, &input);
    ecs("CreateCluster", json!({"clusterName": cluster}));
    ecs(
        "CreateService",
        json!({"cluster": cluster, "serviceName": target.family, "desiredCount": 2,
               "deploymentController": {"type": "EXTERNAL"}}),
    );
}

/// Where a target's service is.
pub fn service_scope(target: &Target) -> Scope {
    Scope { account: target.account.to_string(), region: target.region.to_string() }
}

/// Where a target's tables are.
pub fn config_scope(target: &Target) -> Scope {
    Scope { account: target.config_account.to_string(), region: target.config_region.to_string() }
}

/// Tags by name.
pub type Tags<'a> = &'a [(&'a str, &'a str)];

/// Stores a build in ArtifactDB, with its project and number as its value; `tags` is a map, or NULL
/// as for one created without tags.
///
/// # Panics
/// If there is no such table.
pub fn put_artifact(
    world: &World,
    tables: &Scope,
    project: &str,
    build: u64,
    tags: Option<Tags<'_>>,
) {
    let tags = tags.map_or(AttributeValue::Null, |tags| {
        let tag = |(key, value): &(&str, &str)| ((*key).to_owned(), text(value));
        AttributeValue::M(tags.iter().map(tag).collect())
    });
    let item = Item::from([
        ("ProjectName".to_owned(), text(project)),
        ("BuildNumber".to_owned(), AttributeValue::N(build.into())),
        ("Value".to_owned(), text(&format!("{project}:{build}"))),
        ("ContainedArtifacts".to_owned(), AttributeValue::Null),
        ("Tags".to_owned(), tags),
    ]);
    world
        .with(|cloud, _| cloud.region(tables).dynamo.put(ARTIFACT_TABLE, item))
        .expect("the table exists");
}

/// The last part of the ARN of a color's rule.
pub(crate) fn rule_id(color: Color) -> String {
    format!("000000000000000{}", color as u8)
}

fn build_balancer(elb: &mut Elb, target: &Target, now: Time) -> Result<(), ApiError> {
    elb.put_load_balancer(&target.listener.balancer(), now)?;
    for (port, listener) in (80..).zip(target.traffic_scope().listeners) {
        let listener = listener.to_string();
        elb.put_listener(&listener, "HTTP", port, vec![not_found()], now)?;
        for (priority, color) in [(11, Color::Green), (12, Color::Blue)] {
            let arn = build_group(elb, &target.target_groups[color])?;
            let rule = NewRule {
                id: rule_id(color),
                listener: listener.clone(),
                priority: Priority::new(priority)?,
                conditions: vec![Condition::PathPattern(vec!["*".to_owned()].into())],
                actions: vec![Action { order: 1, kind: ActionKind::Forward(Forward::to(arn)) }],
                transforms: Vec::new(),
            };
            elb.create_rule(rule, now)?;
        }
    }
    Ok(())
}

fn build_group(elb: &mut Elb, arn: &TargetGroupArn) -> Result<String, ApiError> {
    let arn = arn.to_string();
    let group = elb.put_target_group(&arn, "HTTP", 8080)?;
    group.health_check.interval = Duration::from_secs(5);
    group.deregistration_delay = Duration::from_secs(10);
    Ok(arn)
}

fn not_found() -> Action {
    let response = FixedResponse { status: 404, content_type: None, body: None };
    Action { order: 1, kind: ActionKind::FixedResponse(response) }
}

fn build_tables(tables: &mut Tables, now: Time) -> Result<(), ApiError> {
    if tables.table(LOCK_TABLE).is_ok() {
        return Ok(());
    }
    let locks = KeySchema { hash: KeyAttribute::new("key", KeyType::S), range: None };
    tables.create(LOCK_TABLE, locks, Billing::PayPerRequest, now)?;
    let artifacts = KeySchema {
        hash: KeyAttribute::new("ProjectName", KeyType::S),
        range: Some(KeyAttribute::new("BuildNumber", KeyType::N)),
    };
    tables.create(ARTIFACT_TABLE, artifacts, Billing::PayPerRequest, now)?;
    Ok(())
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

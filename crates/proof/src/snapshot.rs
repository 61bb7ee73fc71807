//! Everything that a deploy may leave behind, in a form in which two worlds can be compared.

use std::collections::BTreeSet;
use std::fmt;

use dynamolock::names;
use ecs_deploy::names::Color;
use ecs_deploy_aws::{ARTIFACT_TABLE, LOCK_TABLE};
use ecs_deploy_sandbox::model::dynamo::{AttributeValue, Item};
use ecs_deploy_sandbox::model::ecs::{Stability, TaskSet};
use ecs_deploy_sandbox::model::elb::TargetGroup;
use ecs_deploy_sandbox::model::{Cloud, Regional};
use serde_json::{Value, json};

use crate::invariants::stands_behind;
use crate::view::service_in;
use crate::{Shop, World};

/// What stands in the cloud of a shop: rules, service, task sets, targets, task definitions,
/// artifacts and the lock row. Ids, tokens and times are left out, or stand by what they name, so
/// that two runs which came to the same end have equal snapshots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    text: String,
}

impl Snapshot {
    /// Takes the snapshot of a shop as it is now.
    pub fn of(world: &World, shop: &Shop) -> Self {
        let text = world.with(|cloud, _| {
            let names = Names::read(cloud.region(&shop.deploy_scope()));
            let mut lines = service_side(cloud.region(&shop.deploy_scope()), shop);
            lines.extend(tables_side(cloud, shop));
            names.put_into(lines.join("\n"))
        });
        Self { text }
    }

    /// Takes the snapshot of what users are served by now. Ids stand in it as they are: it can be
    /// compared with another of the same world.
    pub fn of_what_serves(world: &World, shop: &Shop) -> Self {
        let lines = world.with(|cloud, _| serving_side(cloud.region(&shop.deploy_scope()), shop));
        Self { text: lines.join("\n") }
    }

    /// How many revisions were registered that are exactly like one before.
    pub fn orphans(world: &World, shop: &Shop) -> usize {
        world.with(|cloud, _| {
            let regional = cloud.region(&shop.deploy_scope());
            let all = revisions(regional);
            all.len() - all.iter().collect::<BTreeSet<_>>().len()
        })
    }
}

impl fmt::Display for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The lines that only one of two snapshots has.
pub(crate) fn difference(before: &str, after: &str) -> String {
    let only = |mark: &str, these: &str, those: &str| -> String {
        let lines = these.lines().filter(|line| !those.lines().any(|other| other == *line));
        lines.map(|line| format!("{mark} {line}\n")).collect()
    };
    only("-", before, after) + &only("+", after, before)
}

/// Minted names, with what to put in their place.
struct Names(Vec<(String, String)>);

impl Names {
    fn read(regional: &Regional) -> Self {
        let mut names = Vec::new();
        for definition in regional.ecs.task_definitions.iter() {
            let image = &definition.registered.containers[0].image;
            names.push((definition.arn.clone(), format!("(revision with {image})")));
        }
        for (number, set) in service_in(regional).task_sets.iter().enumerate() {
            names.push((set.id.clone(), format!("(set {number})")));
        }
        // A name may be the beginning of a longer one.
        names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        Self(names)
    }

    fn put_into(&self, text: String) -> String {
        self.0.iter().fold(text, |text, (name, place)| text.replace(name, place))
    }
}

fn service_side(regional: &Regional, shop: &Shop) -> Vec<String> {
    let mut lines = service_and_rules(regional, shop);
    lines.extend(service_in(regional).task_sets.iter().map(|set| task_set(regional, set)));
    lines.extend(regional.elb.groups().map(group));
    let distinct: BTreeSet<_> = revisions(regional).into_iter().collect();
    lines.extend(distinct);
    lines
}

/// What is served to users: the service, its rules, and what stands behind those that come first.
fn serving_side(regional: &Regional, shop: &Shop) -> Vec<String> {
    let mut lines = service_and_rules(regional, shop);
    let live: BTreeSet<Color> = shop.live_in(regional).into_iter().collect();
    for live in live.into_iter().map(|color| shop.group_arn(color)) {
        let sets = service_in(regional).task_sets.iter().filter(|set| stands_behind(set, live));
        lines.extend(sets.map(|set| task_set(regional, set)));
        lines.extend(regional.elb.group(live).map(group));
    }
    lines
}

fn service_and_rules(regional: &Regional, shop: &Shop) -> Vec<String> {
    let service = service_in(regional);
    let primary = service.template.as_ref().map(|template| &template.task_definition);
    let mut lines = vec![format!("service desires {}, runs {primary:?}", service.desired_count)];
    for rule in shop.listener_arns().flat_map(|arn| regional.elb.rules_in_order(arn)) {
        lines.push(format!("rule {:?} {:?} {:?}", rule.priority, rule.conditions, rule.actions));
    }
    lines
}

fn group(group: &TargetGroup) -> String {
    let mut states: Vec<_> = group.members().map(|(_, health)| health.state()).collect();
    states.sort_unstable();
    format!("group {}: {}", group.name(), states.join(", "))
}

fn task_set(regional: &Regional, set: &TaskSet) -> String {
    let TaskSet { id, status, template, scale, stability, tags, .. } = set;
    let cluster = regional.ecs.cluster("main").expect("the shop's cluster");
    let counts = cluster.counts(id);
    // One whose tasks come and go has another number at every moment.
    let tasks = match stability {
        Stability::Steady => {
            format!("{} running, {} pending", counts.running, counts.pending)
        }
        Stability::Stabilizing => "tasks come and go".to_owned(),
    };
    let token = if set.external_id().is_some() { "with a token" } else { "without a token" };
    format!("set {id} {status:?} {token}: scale {}, {tasks}, {tags:?}, {template:?}", scale.value)
}

/// The revisions of the family, without their numbers and tokens.
fn revisions(regional: &Regional) -> Vec<String> {
    let told = regional.ecs.task_definitions.iter().map(|definition| {
        let registered = &definition.registered;
        let mut tags = json!(registered.tags);
        if let Some(tags) = tags.as_array_mut() {
            tags.retain(|tag| tag["key"] != "ecs-deploy-token");
        }
        format!(
            "revision {:?}: {:?}, {tags}, {:?}",
            definition.status, registered.containers, registered.members
        )
    });
    told.collect()
}

fn tables_side(cloud: &mut Cloud, shop: &Shop) -> Vec<String> {
    let tables = &cloud.region(&shop.config_scope()).dynamo;
    let table = |name| tables.table(name).expect("the shop's table");
    let artifacts = table(ARTIFACT_TABLE).items().map(|item| format!("artifact {item:?}"));
    let locks = table(LOCK_TABLE).items().map(lock_row);
    artifacts.chain(locks).collect()
}

fn lock_row(item: &Item) -> String {
    let released = item.get(names::IS_RELEASED);
    let lease = &item[names::LEASE_DURATION];
    let data = match item.get(names::DATA) {
        Some(AttributeValue::B(data)) => status(data).to_string(),
        other => format!("{other:?}"),
    };
    format!("lock {:?}: released {released:?}, lease {lease:?}, {data}", item[names::KEY])
}

/// The status of a deploy, without what is its own.
fn status(data: &[u8]) -> Value {
    let mut status: Value = serde_json::from_slice(data).expect("the status is JSON");
    if let Some(journal) = status.get_mut("Journal").and_then(Value::as_object_mut) {
        for own in ["DeployID", "At", "Tokens"] {
            journal.remove(own);
        }
        if let Some(Value::String(failure)) = journal.get_mut("Failure") {
            // How many tasks had failed by then comes after it.
            failure.truncate(failure.find(": ").unwrap_or(failure.len()));
        }
        // How often what failed was begun depends on how many went on with it.
        for known in ["SwappedAt", "Attempt"] {
            if let Some(value) = journal.get_mut(known) {
                *value = json!("known");
            }
        }
    }
    status
}

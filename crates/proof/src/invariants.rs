//! What must hold at every moment, whatever goes wrong.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex};

use ecs_deploy::names::Color;
use ecs_deploy_aws::ARTIFACT_TABLE;
use ecs_deploy_sandbox::model::dynamo::{AttributeValue, Item};
use ecs_deploy_sandbox::model::ecs::{Service, TaskSet, TaskSetStatus};
use ecs_deploy_sandbox::model::{Cloud, Regional, Time};
use serde_json::json;

use crate::view::service_in;
use crate::writers::Writers;
use crate::{Shop, World};

/// Watches a shop from now on, at every moment at which something may have happened:
///
/// - The group of the rule that serves has a healthy target, once it had one; in each listener.
/// - A set that is PRIMARY or stands behind a rule that serves is not scaled to nothing, and not
///   deleted.
/// - At most one set is PRIMARY, and one is once one was.
/// - There are five sets at most.
/// - The tag `success` comes to a build whose set serves in every listener, is PRIMARY and is healthy.
/// - There is one writer at a time: the program that holds the lock.
#[derive(Debug, Clone)]
pub struct Invariants(Told);

/// What was found wrong.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    pub(crate) fn tell(&self, now: Time, what: impl fmt::Display) {
        let told = &mut *self.0.lock().expect("nobody panics while holding it");
        told.push(format!("at {:?}: {what}", now.0));
    }
}

impl Invariants {
    /// Begins to watch.
    pub fn watch(world: &World, shop: &Shop) -> Self {
        let told = Told::default();
        world.audit(Writers::new(shop, told.clone()));
        let (mut watch, hears) = (Watch::new(shop), told.clone());
        world.watch(move |cloud, now| {
            watch.news(cloud).into_iter().for_each(|what| hears.tell(now, what));
        });
        Self(told)
    }

    /// What did not hold, in order.
    pub fn violations(&self) -> Vec<String> {
        self.0.0.lock().expect("nobody panics while holding it").clone()
    }
}

/// What was seen the last time.
struct Watch {
    shop: Shop,
    was_healthy: bool,
    had_primary: bool,
    in_use: BTreeSet<String>,
    tagged: BTreeSet<String>,
    found: Vec<String>,
}

impl Watch {
    fn new(shop: &Shop) -> Self {
        Self {
            shop: shop.clone(),
            was_healthy: false,
            had_primary: false,
            in_use: BTreeSet::new(),
            tagged: BTreeSet::new(),
            found: Vec::new(),
        }
    }

    /// What does not hold, and did the last time.
    fn news(&mut self, cloud: &mut Cloud) -> Vec<String> {
        let found = self.look(cloud);
        let before = std::mem::replace(&mut self.found, found);
        self.found.iter().filter(|what| !before.contains(what)).cloned().collect()
    }

    fn look(&mut self, cloud: &mut Cloud) -> Vec<String> {
        let mut found = Vec::new();
        let tagged = self.tagged(cloud);
        let regional = cloud.region(&self.shop.deploy_scope());
        let live: BTreeSet<Color> = self.shop.live_in(regional).into_iter().collect();
        let serving: BTreeSet<String> =
            live.into_iter().map(|color| self.shop.group_arn(color).to_owned()).collect();
        let service = service_in(regional);
        let is_healthy = serving.iter().all(|group| is_healthy(regional, group));
        found.extend(self.look_at_health(is_healthy));
        found.extend(self.look_at_sets(service, &serving));
        let serves = |build: &&String| serving.iter().all(|group| serves(service, group, build));
        let new = tagged.difference(&self.tagged);
        let untrue = new.filter(|build| !serves(build) || !self.was_healthy);
        found.extend(untrue.map(|build| format!("build {build} is a success and does not serve")));
        self.tagged = tagged;
        found
    }

    fn look_at_health(&mut self, is_healthy: bool) -> Option<String> {
        let lost = self.was_healthy && !is_healthy;
        self.was_healthy |= is_healthy;
        lost.then(|| "nothing healthy serves".to_owned())
    }

    fn look_at_sets(&mut self, service: &Service, serving: &BTreeSet<String>) -> Vec<String> {
        let mut found = Vec::new();
        let keeps_up =
            |set: &TaskSet| set.status != TaskSetStatus::Draining && set.scale.value > 0.0;
        for id in &self.in_use {
            if !service.task_set(id).is_some_and(keeps_up) {
                found.push(format!("{id} was in use, and was stopped or deleted"));
            }
        }
        let sets = &service.task_sets;
        let primaries = sets.iter().filter(|set| set.status == TaskSetStatus::Primary).count();
        if primaries > 1 || (self.had_primary && primaries == 0) {
            found.push(format!("{primaries} sets are PRIMARY"));
        }
        if sets.len() > 5 {
            found.push(format!("there are {} sets", sets.len()));
        }
        self.had_primary |= primaries > 0;
        let in_use = sets.iter().filter(|set| keeps_up(set) && is_in_use(set, serving));
        self.in_use = in_use.map(|set| set.id.clone()).collect();
        found
    }

    /// The builds with the tag of a success.
    fn tagged(&self, cloud: &mut Cloud) -> BTreeSet<String> {
        let tables = &cloud.region(&self.shop.config_scope()).dynamo;
        let artifacts = tables.table(ARTIFACT_TABLE).expect("the shop's table").items();
        artifacts.filter(|item| is_success(item)).map(build_number).collect()
    }
}

fn is_healthy(regional: &Regional, group: &str) -> bool {
    let group = regional.elb.group(group).expect("the shop's group");
    group.members().any(|(_, health)| health.is_healthy())
}

/// Whether the tasks of a set are targets of a group.
pub(crate) fn stands_behind(set: &TaskSet, group: &str) -> bool {
    set.template.load_balancer.as_ref().is_some_and(|it| it.target_group_arn == group)
}

fn is_in_use(set: &TaskSet, serving: &BTreeSet<String>) -> bool {
    match set.status {
        TaskSetStatus::Primary => true,
        TaskSetStatus::Active => serving.iter().any(|group| stands_behind(set, group)),
        TaskSetStatus::Draining => false,
    }
}

fn serves(service: &Service, serving: &str, build: &str) -> bool {
    let tag = json!({"key": "artifact-build-number", "value": build});
    service.task_sets.iter().any(|set| {
        let tags = json!(set.tags);
        set.status == TaskSetStatus::Primary
            && stands_behind(set, serving)
            && tags.as_array().is_some_and(|tags| tags.contains(&tag))
    })
}

fn is_success(item: &Item) -> bool {
    let Some(AttributeValue::M(tags)) = item.get("Tags") else { return false };
    tags.iter().any(|(key, value)| {
        key.starts_with("deploy-") && matches!(value, AttributeValue::S(text) if text == "success")
    })
}

fn build_number(item: &Item) -> String {
    match &item["BuildNumber"] {
        AttributeValue::N(number) => number.to_string(),
        other => format!("{other:?}"),
    }
}

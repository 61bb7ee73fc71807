use std::collections::BTreeSet;
use std::net::IpAddr;

use super::{Blueprint, Fate, Reachability, Refusal};
use crate::cloud::{
    Cloud, ErrorClass, HealthState, Service, ServiceRef, TargetHealth, Task, TaskSet, TaskSetStatus,
};
use crate::config::Target;
use crate::error::DeployError;
use crate::event::Reporter;
use crate::journal::Before;
use crate::listeners::{self, ListenerError};
use crate::names::{Color, RulesDigest, TargetGroupArn, TaskSetId};
use crate::traffic::Traffic;

/// What the cloud looks like to a deploy that is about to start.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Preflight {
    /// The service with its task sets.
    pub service: Service,
    /// Which task sets requests reach, by what the listeners say.
    pub reachability: Reachability,
    /// The color that is live.
    live: Color,
    /// Whether a new version may run no task.
    allows_zero: bool,
    /// The group that serves.
    pub serving_group: TargetGroupArn,
    /// The group that does not.
    pub idle_group: TargetGroupArn,
    /// Its members; `None` where they may not be read.
    idle_targets: Option<Vec<TargetHealth>>,
    /// The service's tasks; `None` where they may not be read.
    tasks: Option<Vec<Task>>,
}

/// How many task sets ECS allows a service, DRAINING ones counted.
pub(crate) const MOST_TASK_SETS: usize = 5;

/// Where a deploy starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Footing {
    /// What serves is PRIMARY, or nothing serves yet.
    Firm,
    /// This set serves alone and is not PRIMARY, as after a rollback by hand or a death between
    /// swap and PRIMARY: it is marked first.
    MarkFirst(TaskSetId),
}

impl Preflight {
    /// Reads the cloud, and refuses what no deploy explains.
    pub(crate) async fn read(
        cloud: &Cloud,
        blueprint: &Blueprint,
        reporter: &Reporter<'_>,
    ) -> Result<Self, DeployError> {
        let target = &blueprint.target;
        let service = read_service(cloud, &blueprint.service).await?;
        let accepted = blueprint.allow.rules.as_ref();
        let traffic = read_traffic(cloud, target, accepted, reporter).await?;
        let live = match traffic.check() {
            Ok(live) => live,
            Err(refusal) => return Err(unreadable(cloud, target, refusal.into()).await.into()),
        };
        let idle_group = target.target_groups[live.other()].clone();
        let tasks = reporter.or_skip(
            cloud.ecs.tasks(&blueprint.service).await,
            "foreign targets are not looked for",
        )?;
        Ok(Self {
            idle_targets: read_targets(cloud, live.other(), &idle_group, reporter).await?,
            serving_group: target.target_groups[live].clone(),
            reachability: Reachability::read(cloud, traffic, &service.task_sets, reporter).await?,
            service,
            live,
            allows_zero: blueprint.allow.zero_tasks,
            idle_group,
            tasks,
        })
    }

    /// What the listeners say.
    pub fn traffic(&self) -> &Traffic {
        self.reachability.traffic()
    }

    /// The color that serves.
    pub fn serving(&self) -> Color {
        self.live
    }

    /// What a journal keeps of it.
    pub fn before(&self) -> Before {
        Before {
            serving: self.serving(),
            priorities: self.traffic().priorities(),
            serving_rules: self.traffic().rules_of(self.serving()),
            serving_sets: self.behind_serving().iter().map(|set| set.id.clone()).collect(),
            primary: self.primary().map(|set| set.id.clone()),
        }
    }

    /// Whether a deploy may start from here, and where it then stands.
    ///
    /// # Errors
    /// [`Refusal`] where it would end in an outage or a mix of versions.
    pub fn footing(&self) -> Result<Footing, Refusal> {
        self.check_desired_count()?;
        self.check_foreign_targets()?;
        let start = self.start()?;
        self.check_room()?;
        Ok(start)
    }

    /// Whether what is live is PRIMARY, or can be marked so.
    pub(super) fn start(&self) -> Result<Footing, Refusal> {
        let Some(primary) = self.primary() else { return Ok(Footing::Firm) };
        if stands_behind(primary, &self.serving_group) {
            return Ok(Footing::Firm);
        }
        match &self.behind_serving()[..] {
            [only] if only.steady && stands_behind(primary, &self.idle_group) => {
                Ok(Footing::MarkFirst(only.id.clone()))
            }
            behind => Err(self.mixed(primary, behind)),
        }
    }

    /// The sets behind the rule that serves, but for those that are being deleted.
    pub fn behind_serving(&self) -> Vec<&TaskSet> {
        let lives = |set: &&TaskSet| set.status != TaskSetStatus::Draining;
        let sets = self.service.task_sets.iter().filter(lives);
        sets.filter(|set| stands_behind(set, &self.serving_group)).collect()
    }

    fn primary(&self) -> Option<&TaskSet> {
        self.service.task_sets.iter().find(|set| set.status == TaskSetStatus::Primary)
    }

    fn check_desired_count(&self) -> Result<(), Refusal> {
        let running = self.behind_serving().iter().map(|set| set.running).sum();
        let is_allowed = self.allows_zero && running == 0;
        match self.service.desired_count {
            0 if !is_allowed => Err(Refusal::NothingDesired { running }),
            _ => Ok(()),
        }
    }

    /// A service takes a new task set only where it has less than five.
    fn check_room(&self) -> Result<(), Refusal> {
        let stays = |set: &&TaskSet| !matches!(self.fate(set), Fate::Pruned | Fate::Drains);
        let kept: Vec<TaskSetId> =
            self.service.task_sets.iter().filter(stays).map(|set| set.id.clone()).collect();
        if kept.len() < MOST_TASK_SETS { Ok(()) } else { Err(Refusal::NoRoom { task_sets: kept }) }
    }

    fn check_foreign_targets(&self) -> Result<(), Refusal> {
        let (Some(targets), Some(tasks)) = (&self.idle_targets, &self.tasks) else { return Ok(()) };
        let ours: BTreeSet<&IpAddr> = tasks.iter().flat_map(|task| &task.addresses).collect();
        let is_foreign = |target: &&TargetHealth| {
            target.state != HealthState::Draining
                && !target.address.is_some_and(|address| ours.contains(&address))
        };
        match targets.iter().find(is_foreign) {
            None => Ok(()),
            Some(target) => Err(Refusal::ForeignTarget {
                color: self.serving().other(),
                target: target.id.clone(),
            }),
        }
    }

    fn mixed(&self, primary: &TaskSet, behind: &[&TaskSet]) -> Refusal {
        let stands = match primary.target_groups.first() {
            Some(group) if *group == self.idle_group => format!("{}", self.serving().other()),
            Some(group) => group.to_string(),
            None => "no target group".into(),
        };
        let behind = match behind {
            [] => "no task set behind it".to_owned(),
            [only] => format!("{}, which is not steady", only.id),
            several => {
                let ids: Vec<String> = several.iter().map(|set| set.id.to_string()).collect();
                ids.join(" and ")
            }
        };
        Refusal::Mixed { primary: primary.id.clone(), stands, serving: self.serving(), behind }
    }
}

fn stands_behind(set: &TaskSet, group: &TargetGroupArn) -> bool {
    set.target_groups.contains(group)
}

/// Reads a service that task sets can be deployed to.
pub(crate) async fn read_service(cloud: &Cloud, name: &ServiceRef) -> Result<Service, DeployError> {
    let service = name.service.to_string();
    let Some(found) = cloud.ecs.service(name).await? else {
        return Err(Refusal::NoService { cluster: name.cluster.to_string(), service }.into());
    };
    if found.status != "ACTIVE" {
        return Err(Refusal::NotActive { service, status: found.status }.into());
    }
    if found.deployment_controller != "EXTERNAL" {
        let controller = found.deployment_controller;
        return Err(Refusal::NotExternal { service, controller }.into());
    }
    Ok(found)
}

/// Reads what the one listener says that the original reads.
pub(crate) async fn read_main_traffic(
    cloud: &Cloud,
    target: &Target,
) -> Result<Traffic, DeployError> {
    listeners::read_main(cloud, target).await.map_err(not_there)
}

/// Reads what the listeners say.
pub(crate) async fn read_traffic(
    cloud: &Cloud,
    target: &Target,
    accepted: Option<&RulesDigest>,
    reporter: &Reporter<'_>,
) -> Result<Traffic, DeployError> {
    listeners::read(cloud, target, accepted, reporter).await.map_err(not_there)
}

fn not_there(error: ListenerError) -> DeployError {
    match error {
        ListenerError { listener, source } if source.class == ErrorClass::NotFound => {
            Refusal::NoListener { listener: listener.to_string() }.into()
        }
        error => error.source.into(),
    }
}

/// That no rule forwards to a target group is no wonder where there is none.
async fn unreadable(cloud: &Cloud, target: &Target, refusal: Refusal) -> Refusal {
    if refusal.is_passing() {
        return refusal;
    }
    for (color, group) in target.target_groups.iter() {
        let health = cloud.load_balancer.health(group).await;
        if health.is_err_and(|error| error.class == ErrorClass::NotFound) {
            return Refusal::NoTargetGroup { color, group: group.clone() };
        }
    }
    refusal
}

async fn read_targets(
    cloud: &Cloud,
    color: Color,
    group: &TargetGroupArn,
    reporter: &Reporter<'_>,
) -> Result<Option<Vec<TargetHealth>>, DeployError> {
    match cloud.load_balancer.health(group).await {
        Err(error) if error.class == ErrorClass::NotFound => {
            Err(Refusal::NoTargetGroup { color, group: group.clone() }.into())
        }
        targets => Ok(reporter.or_skip(targets, "foreign targets are not looked for")?),
    }
}

#[cfg(test)]
mod tests;

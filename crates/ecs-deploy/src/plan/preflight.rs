use std::collections::BTreeSet;
use std::net::IpAddr;

use super::{Blueprint, Refusal};
use crate::cloud::{
    Cloud, ErrorClass, HealthState, Service, ServiceRef, TargetHealth, Task, TaskSet, TaskSetStatus,
};
use crate::config::Target;
use crate::error::DeployError;
use crate::event::Reporter;
use crate::journal::Before;
use crate::names::{Color, TargetGroupArn, TaskSetId};
use crate::traffic::{Rules, RulesError};

/// What the cloud looks like to a deploy that is about to start.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Preflight {
    /// The service with its task sets.
    pub service: Service,
    /// The rules of both colors.
    pub rules: Rules,
    /// The group that serves.
    pub serving_group: TargetGroupArn,
    /// The group that does not.
    pub idle_group: TargetGroupArn,
    /// Its members; `None` where they may not be read.
    idle_targets: Option<Vec<TargetHealth>>,
    /// The service's tasks; `None` where they may not be read.
    tasks: Option<Vec<Task>>,
}

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
        let rules = read_rules(cloud, target).await?;
        let idle = rules.serving().other();
        let idle_group = target.target_groups[idle].clone();
        let tasks = reporter.or_skip(
            cloud.ecs.tasks(&blueprint.service).await,
            "foreign targets are not looked for",
        )?;
        Ok(Self {
            idle_targets: read_targets(cloud, idle, &idle_group, reporter).await?,
            serving_group: target.target_groups[rules.serving()].clone(),
            service,
            rules,
            idle_group,
            tasks,
        })
    }

    /// The color that serves.
    pub fn serving(&self) -> Color {
        self.rules.serving()
    }

    /// What a journal keeps of it.
    pub fn before(&self) -> Before {
        Before {
            serving: self.serving(),
            priorities: self.rules.priorities(),
            serving_rules: self.rules.of_color(self.serving()),
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
        if self.service.desired_count == 0 && running > 0 {
            return Err(Refusal::NothingDesired { running });
        }
        Ok(())
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

/// Reads the rules of both colors.
pub(crate) async fn read_rules(cloud: &Cloud, target: &Target) -> Result<Rules, DeployError> {
    let rules = match cloud.load_balancer.rules(&target.listener).await {
        Err(error) if error.class == ErrorClass::NotFound => {
            return Err(Refusal::NoListener { listener: target.listener.to_string() }.into());
        }
        rules => rules?,
    };
    match Rules::read(&rules, &target.target_groups) {
        Ok(rules) => Ok(rules),
        Err(error) => Err(unreadable(cloud, target, error).await.into()),
    }
}

/// That no rule forwards to a target group is no wonder where there is none.
async fn unreadable(cloud: &Cloud, target: &Target, error: RulesError) -> Refusal {
    if let RulesError::None { color, group } = &error {
        let health = cloud.load_balancer.health(group).await;
        if health.is_err_and(|error| error.class == ErrorClass::NotFound) {
            return Refusal::NoTargetGroup { color: *color, group: group.clone() };
        }
    }
    Refusal::of_rules(&target.listener, error)
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

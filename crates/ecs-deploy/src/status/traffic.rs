//! What serves in an environment, and what else is there.

use std::cmp::Reverse;

use futures_util::future::try_join_all;
use serde::Serialize;

use super::{Depth, Look, Place};
use crate::cloud::{
    Artifact, Cloud, ErrorClass, HealthState, ServiceRef, TargetHealth, TaskSet, TaskSetStatus,
};
use crate::config::Target;
use crate::error::DeployError;
use crate::names::{BuildNumber, ByColor, Color, TargetGroupArn, TaskSetId};
use crate::plan::{self, Refusal, check_deploy_account};
use crate::provenance::Provenance;
use crate::traffic::Traffic as Rules;

/// What serves, and what else is there.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Traffic {
    /// The color whose rule has the lower priority number.
    pub serving_color: Color,
    /// How many tasks a task set of 100 % runs.
    pub desired_count: u32,
    /// The task set on the color that serves; `None` where there is none.
    pub serving: Option<DeployedSet>,
    /// The task set on the other color: the version before, or the one that is being rolled out.
    pub swapped: Option<DeployedSet>,
    /// Task sets beside those two.
    pub others: Vec<DeployedSet>,
    /// Both colors.
    pub colors: ByColor<ColorStatus>,
}

/// A task set, with what it runs.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct DeployedSet {
    /// `ecs-svc/…`.
    #[serde(rename = "ID")]
    pub id: TaskSetId,
    /// The color whose target group its tasks are in; `None` for another group.
    pub color: Option<Color>,
    /// Where it is in its life.
    pub status: TaskSetStatus,
    /// The number of its build; `None` without a tag that tells.
    pub build_number: Option<BuildNumber>,
    /// Its build, or its image where the app has no project in ArtifactDB; `None` where ArtifactDB
    /// or the tags do not tell.
    pub artifact: Option<Artifact>,
    /// The commit of its config; `None` without a tag that tells.
    #[serde(rename = "ConfigSHA")]
    pub config_sha: Option<String>,
    /// Its task definition, as `FAMILY:REVISION`.
    pub task_definition: String,
    /// Tasks that run.
    pub running: u32,
    /// Tasks that are on their way.
    pub pending: u32,
    /// Tasks that should run.
    pub desired: u32,
}

/// A color.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct ColorStatus {
    /// The priority of its rule; `None` where no rule forwards to it alone.
    pub priority: Option<u32>,
    /// What is in its target group; `None` where that was not, or could not be read.
    pub targets: Option<Targets>,
}

/// The members of a target group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Targets {
    /// Those that the balancer may send requests to.
    pub healthy: usize,
    /// All but those that are leaving.
    pub registered: usize,
}

/// Reads it, once.
pub(super) async fn read(place: &Place, look: Look<'_>) -> Result<Traffic, DeployError> {
    let Place { target, cloud } = place;
    check_deploy_account(target, cloud).await?;
    let name = ServiceRef::from(target);
    let service = async { plan::read_service(cloud, &name).await };
    let (service, rules) = tokio::try_join!(service, rules(place, look))?;
    let Some(live) = rules.nominal() else { return Err(no_color(&rules)) };
    let sets = try_join_all(service.task_sets.iter().map(|set| deployed(set, place))).await?;
    let colors = colors(&rules, target, cloud, look).await?;
    Ok(sorted(sets, service.desired_count, live, colors))
}

/// What the listeners say. The original reads no more than one, and what else leads to a color is only
/// reported.
async fn rules(place: &Place, look: Look<'_>) -> Result<Rules, DeployError> {
    let Place { target, cloud } = place;
    if look.depth == Depth::Original {
        return plan::read_main_traffic(cloud, target).await;
    }
    let rules = plan::read_traffic(cloud, target, None, look.reporter).await?;
    if let (Some(_), Err(refusal)) = (rules.nominal(), rules.check()) {
        refusal.problems.iter().for_each(|problem| look.reporter.warn(&problem.what));
    }
    Ok(rules)
}

fn no_color(rules: &Rules) -> DeployError {
    let refusal = rules.check().expect_err("no color is live without a rule");
    Refusal::from(refusal).into()
}

fn sorted(
    mut sets: Vec<DeployedSet>,
    desired_count: u32,
    serving_color: Color,
    colors: ByColor<ColorStatus>,
) -> Traffic {
    // Where a color has several, the one that matters most stands for it.
    sets.sort_by_key(|set| (set.status, Reverse(set.running), set.id.clone()));
    let mut take = |color| {
        let place = sets.iter().position(|set| set.color == Some(color))?;
        Some(sets.remove(place))
    };
    Traffic {
        serving_color,
        desired_count,
        serving: take(serving_color),
        swapped: take(serving_color.other()),
        others: sets,
        colors,
    }
}

async fn deployed(set: &TaskSet, place: &Place) -> Result<DeployedSet, DeployError> {
    let Place { target, cloud } = place;
    let Provenance { build_number, artifact, config_sha } =
        Provenance::read(set, target, cloud).await?;
    Ok(DeployedSet {
        id: set.id.clone(),
        color: target.target_groups.find(|group| set.target_groups.contains(group)),
        status: set.status,
        build_number,
        artifact,
        config_sha,
        task_definition: set.task_definition.family_revision(),
        running: set.running,
        pending: set.pending,
        desired: set.computed_desired,
    })
}

async fn colors(
    rules: &Rules,
    target: &Target,
    cloud: &Cloud,
    look: Look<'_>,
) -> Result<ByColor<ColorStatus>, DeployError> {
    let groups = &target.target_groups;
    let of = |color: Color| targets(color, &groups[color], cloud, look);
    let (blue, green) = tokio::try_join!(of(Color::Blue), of(Color::Green))?;
    let targets = ByColor { blue, green };
    let of = |color| ColorStatus { priority: rules.number_of(color), targets: targets[color] };
    Ok(ByColor::from_fn(of))
}

async fn targets(
    color: Color,
    group: &TargetGroupArn,
    cloud: &Cloud,
    look: Look<'_>,
) -> Result<Option<Targets>, DeployError> {
    if look.depth == Depth::Original {
        return Ok(None);
    }
    let health = match cloud.load_balancer.health(group).await {
        Err(error) if error.class == ErrorClass::NotFound => {
            return Err(Refusal::NoTargetGroup { color, group: group.clone() }.into());
        }
        health => health,
    };
    let health = look.reporter.or_skip(health, "the health of the tasks is not told")?;
    Ok(health.map(|targets| count(&targets)))
}

fn count(targets: &[TargetHealth]) -> Targets {
    let of = |is_it: fn(HealthState) -> bool| targets.iter().filter(|it| is_it(it.state)).count();
    Targets {
        healthy: of(|state| state == HealthState::Healthy),
        registered: of(|state| state != HealthState::Draining),
    }
}

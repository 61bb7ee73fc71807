//! What people do behind the deployers' backs.

use std::time::Duration;

use dynamolock::names;
use ecs_deploy::names::Color;
use ecs_deploy_sandbox::model::dynamo::Item;
use ecs_deploy_sandbox::model::ecs::TaskSetStatus;
use serde_json::json;
use tokio::time::sleep;

use super::stage::Stage;
use crate::tables::is_released;
use crate::view::service_in;

/// Something that is done by hand.
///
/// All but the stopped task is done while nobody works under the lock, as by somebody who asks first:
/// what happens between a deploy's look and its change can't be fenced. Nor does a deploy take into
/// account what answers don't show yet, so they show at once what was done by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meddling {
    /// The rules are exchanged, where the other color has a healthy target.
    SwapRules,
    /// Another set that runs is marked PRIMARY.
    MarkAnother,
    /// Both, as by somebody who goes back to the version before.
    GoBack,
    /// A set is deleted that neither serves nor is PRIMARY.
    DeleteSet,
    /// A set that neither serves nor is PRIMARY is scaled to nothing.
    SwitchOff,
    /// A set is put on the color that does not serve.
    PlaceSet,
    /// A task is stopped, where its color has another healthy one.
    StopTask,
}

/// What is in the sets that are placed by hand.
pub(super) const BY_HAND: &str = "by-hand:1";

/// How long nothing is written to the row of a lock whose holder is dead or paused, in seconds.
const SILENCE: u32 = 13;

/// How long nothing is written to the row of a lock that nobody holds, until answers no longer lag behind
/// the last deploy.
const LAG: u32 = 3;

/// How long somebody waits for a quiet moment, in seconds, before they leave it.
const PATIENCE: u32 = 300;

impl Meddling {
    pub(super) const ALL: [Self; 7] = [
        Self::SwapRules,
        Self::MarkAnother,
        Self::GoBack,
        Self::DeleteSet,
        Self::SwitchOff,
        Self::PlaceSet,
        Self::StopTask,
    ];

    /// Does it, or nothing where that would do harm by itself.
    pub(super) async fn take_place(self, stage: &Stage) {
        if self != Self::StopTask && !is_quiet(stage).await {
            return;
        }
        let lag = stage.let_answers_lag(Duration::ZERO);
        let done = match self {
            Self::SwapRules => swap_rules(stage).is_some(),
            Self::MarkAnother => mark_another(stage).is_some(),
            Self::GoBack => swap_rules(stage).is_some_and(|color| mark(stage, color).is_some()),
            Self::DeleteSet => delete_set(stage).is_some(),
            Self::SwitchOff => switch_off(stage).is_some(),
            Self::PlaceSet => place_set(stage).is_some(),
            Self::StopTask => stop_task(stage).is_some(),
        };
        stage.let_answers_lag(lag);
        if done {
            stage.course.trouble(&format!("{self:?}"), &self);
        }
    }
}

/// Waits until nobody works under the lock, and has not for a moment: it is free, or a failed deploy's, or
/// was not written for longer than a lease.
async fn is_quiet(stage: &Stage) -> bool {
    let (mut last, mut silent) = (stage.shop.lock_row(&stage.world), 0);
    for _ in 0..PATIENCE {
        sleep(Duration::from_secs(1)).await;
        let row = stage.shop.lock_row(&stage.world);
        silent = if row == last { silent + 1 } else { 0 };
        let is_free = row.as_ref().is_none_or(is_free);
        if silent >= (if is_free { LAG } else { SILENCE }) {
            return true;
        }
        last = row;
    }
    false
}

fn is_free(row: &Item) -> bool {
    let lease = row.get(names::LEASE_DURATION).map(|lease| format!("{lease:?}"));
    is_released(row) || lease.is_some_and(|lease| lease.contains("\"1ms\""))
}

fn swap_rules(stage: &Stage) -> Option<Color> {
    let color = stage.shop.serving(&stage.world).other();
    if healthy(stage, color) == 0 {
        return None;
    }
    stage.shop.let_serve(&stage.world, color);
    Some(color)
}

/// Lets PRIMARY and what serves be the same again, as a refused deploy asks for: what serves becomes
/// PRIMARY, or where nothing does, what is PRIMARY serves.
pub(super) async fn untangle(stage: &Stage) {
    if !is_quiet(stage).await {
        return;
    }
    let serving = stage.shop.serving(&stage.world);
    if healthy(stage, serving) > 0 {
        mark(stage, serving);
    } else {
        stage.shop.let_serve(&stage.world, serving.other());
    }
    stage.course.trouble("untangled", &serving);
}

fn healthy(stage: &Stage, color: Color) -> usize {
    let group = stage.shop.group(color).to_string();
    stage.world.with(|cloud, _| {
        let regional = cloud.region(&stage.shop.deploy_scope());
        let group = regional.elb.group(&group).expect("the shop's group");
        group.members().filter(|(_, health)| health.is_healthy()).count()
    })
}

/// The sets that are no more than ACTIVE, on a color, with how many of their tasks run.
fn others(stage: &Stage, color: Color) -> Vec<(String, u32)> {
    let group = stage.shop.group(color).to_string();
    stage.world.with(|cloud, _| {
        let regional = cloud.region(&stage.shop.deploy_scope());
        let cluster = regional.ecs.cluster("main").expect("the shop's cluster");
        let sets = service_in(regional).task_sets.iter();
        let active = sets.filter(|set| {
            let balancer = set.template.load_balancer.as_ref();
            set.status == TaskSetStatus::Active
                && balancer.is_some_and(|balancer| balancer.target_group_arn == group)
        });
        active.map(|set| (set.id.clone(), cluster.counts(&set.id).running)).collect()
    })
}

fn mark(stage: &Stage, color: Color) -> Option<()> {
    let sets = others(stage, color).into_iter();
    let (id, _) = sets.rev().find(|(_, running)| *running > 0)?;
    stage.shop.make_primary(&stage.world, &id.parse().expect("a task set's id"));
    Some(())
}

fn mark_another(stage: &Stage) -> Option<()> {
    let serving = stage.shop.serving(&stage.world);
    mark(stage, serving.other()).or_else(|| mark(stage, serving))
}

fn delete_set(stage: &Stage) -> Option<()> {
    let idle = stage.shop.serving(&stage.world).other();
    let (id, _) = others(stage, idle).pop()?;
    let set = json!({"cluster": "main", "service": "shop", "taskSet": id, "force": true});
    stage.shop.ecs(&stage.world, "DeleteTaskSet", set);
    Some(())
}

fn switch_off(stage: &Stage) -> Option<()> {
    let idle = stage.shop.serving(&stage.world).other();
    let (id, _) = others(stage, idle).pop()?;
    let set = json!({"cluster": "main", "service": "shop", "taskSet": id,
        "scale": {"value": 0.0, "unit": "PERCENT"}});
    stage.shop.ecs(&stage.world, "UpdateTaskSet", set);
    Some(())
}

fn place_set(stage: &Stage) -> Option<()> {
    let idle = stage.shop.serving(&stage.world).other();
    others(stage, idle).is_empty().then(|| stage.shop.place(&stage.world, BY_HAND, idle))?;
    Some(())
}

fn stop_task(stage: &Stage) -> Option<()> {
    let color = [Color::Blue, Color::Green].into_iter().find(|color| healthy(stage, *color) > 1)?;
    let group = stage.shop.group(color).to_string();
    let task = stage.world.with(|cloud, _| {
        let regional = cloud.region(&stage.shop.deploy_scope());
        let cluster = regional.ecs.cluster("main").expect("the shop's cluster");
        let group = regional.elb.group(&group).expect("the shop's group");
        let mut healthy = group.members().filter(|(_, health)| health.is_healthy());
        let (target, _) = healthy.next()?;
        cluster.tasks().find(|task| task.ip() == target.ip).map(|task| task.arn.clone())
    })?;
    stage.shop.ecs(&stage.world, "StopTask", json!({"cluster": "main", "task": task}));
    Some(())
}

//! Each thing that is done by hand; `None` where it would do harm by itself.

use dynamolock::names;
use ecs_deploy::names::Color;
use ecs_deploy_aws::LOCK_TABLE;
use ecs_deploy_sandbox::model::dynamo::AttributeValue;
use ecs_deploy_sandbox::model::ecs::TaskSetStatus;
use serde_json::json;

use super::BY_HAND;
use crate::schedules::stage::Stage;
use crate::view::service_in;

/// An address that is no task's.
const STRANGER: &str = "10.99.99.99";

pub(super) fn swap_rules(stage: &Stage) -> Option<Color> {
    let color = stage.shop.serving(&stage.world).other();
    if healthy(stage, color) == 0 {
        return None;
    }
    stage.shop.let_serve(&stage.world, color);
    Some(color)
}

pub(super) fn renumber_rules(stage: &Stage) -> Option<()> {
    let serving = stage.shop.serving(&stage.world);
    stage.shop.number_rules(&stage.world, serving, 21);
    Some(())
}

/// The version before serves again, all by hand.
pub(super) fn go_back(stage: &Stage) -> Option<()> {
    let color = swap_rules(stage)?;
    // It may be PRIMARY still.
    mark(stage, color);
    Some(())
}

pub(super) fn mark_what_serves(stage: &Stage) {
    let serving = stage.shop.serving(&stage.world);
    if healthy(stage, serving) > 0 {
        mark(stage, serving);
    } else {
        stage.shop.let_serve(&stage.world, serving.other());
    }
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

pub(super) fn mark_another(stage: &Stage) -> Option<()> {
    let serving = stage.shop.serving(&stage.world);
    mark(stage, serving.other()).or_else(|| mark(stage, serving))
}

pub(super) fn delete_set(stage: &Stage) -> Option<()> {
    let idle = stage.shop.serving(&stage.world).other();
    let (id, _) = others(stage, idle).pop()?;
    let set = json!({"cluster": "main", "service": "shop", "taskSet": id, "force": true});
    stage.shop.ecs(&stage.world, "DeleteTaskSet", set);
    Some(())
}

pub(super) fn switch_off(stage: &Stage) -> Option<()> {
    let idle = stage.shop.serving(&stage.world).other();
    let (id, _) = others(stage, idle).pop()?;
    let set = json!({"cluster": "main", "service": "shop", "taskSet": id,
        "scale": {"value": 0.0, "unit": "PERCENT"}});
    stage.shop.ecs(&stage.world, "UpdateTaskSet", set);
    Some(())
}

pub(super) fn place_set(stage: &Stage) -> Option<()> {
    let idle = stage.shop.serving(&stage.world).other();
    let has_room = stage.shop.stands(&stage.world).len() < 4;
    has_room.then(|| stage.shop.place(&stage.world, BY_HAND, idle)).map(drop)
}

pub(super) fn stop_task(stage: &Stage) -> Option<()> {
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

pub(super) fn register_stranger(stage: &Stage) -> Option<()> {
    let idle = stage.shop.serving(&stage.world).other();
    stage.shop.register(&stage.world, idle, STRANGER);
    Some(())
}

pub(super) fn deregister_strangers(stage: &Stage) {
    for color in [Color::Blue, Color::Green] {
        stage.shop.deregister(&stage.world, color, STRANGER);
    }
}

pub(super) fn garble_row(stage: &Stage) -> Option<()> {
    let mut row = stage.shop.lock_row(&stage.world)?;
    row.insert(names::DATA.to_owned(), AttributeValue::B(b"garbled".to_vec()));
    let scope = stage.shop.config_scope();
    let put = stage.world.with(|cloud, _| cloud.region(&scope).dynamo.put(LOCK_TABLE, row));
    put.expect("the table exists");
    Some(())
}

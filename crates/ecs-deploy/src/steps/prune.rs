//! Step 4: make room. Sets that neither serve nor are PRIMARY are stopped, then deleted.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::Instant;

use crate::cloud::{Service, Task, TaskSet, TaskSetStatus};
use crate::effect::Effect;
use crate::engine::Work;
use crate::error::DeployError;
use crate::event::Detail;
use crate::names::TaskSetId;
use crate::pace::Pace;
use crate::plan::{Fate, MOST_TASK_SETS, Reachability, Refusal};
use crate::traffic::{Reach, Traffic};

/// How long answers may lag behind a change of the rules, and how often they are looked at meanwhile.
const RULES_LAG: Duration = Duration::from_secs(5);
const LOOK_AGAIN: Duration = Duration::from_secs(1);

pub(super) async fn run(work: &Work<'_>) -> Result<Detail, DeployError> {
    wait_for_primary(work).await?;
    let service = work.service().await?;
    let doomed = doomed(work, &service).await?;
    if !doomed.is_empty() {
        settle(work).await?;
        scale(work, &doomed).await?;
    }
    wait_until_stopped(work, &doomed).await?;
    delete(work, &doomed).await?;
    wait_for_room(work).await?;
    Ok(Detail::note(match doomed.len() {
        0 => "nothing to delete".to_owned(),
        1 => "1 task set deleted".to_owned(),
        count => format!("{count} task sets deleted"),
    }))
}

/// Step 3 saw to it that PRIMARY, if there is one, serves. An answer from before that would spare a
/// set that shall go: two versions would then share the new group.
async fn wait_for_primary(work: &Work<'_>) -> Result<(), DeployError> {
    let new_group = &work.blueprint().target.target_groups[work.new_color()?];
    let is_late = |set: &&TaskSet| {
        set.status == TaskSetStatus::Primary && set.target_groups.contains(new_group)
    };
    wait_while(work, "is still shown as PRIMARY", |service| {
        service.task_sets.iter().filter(is_late).map(|set| set.id.clone()).collect()
    })
    .await
}

/// The sets to delete: never PRIMARY, none that a request may reach, never the one that this deploy
/// created before it was resumed.
async fn doomed(work: &Work<'_>, service: &Service) -> Result<Vec<TaskSetId>, DeployError> {
    let reachability = reachability(work, service).await?;
    let token = work.journal().tokens.task_set;
    let mut doomed = Vec::new();
    for set in service.task_sets.iter().filter(|set| set.external_id.as_ref() != Some(&token)) {
        let reach = reachability.of(set);
        match Fate::of(set, reach) {
            Fate::Pruned => doomed.push(set.id.clone()),
            Fate::Reachable => {
                warn(work, set, "is kept: it can't be shown that no request reaches it")
            }
            Fate::Serves | Fate::Primary | Fate::Drains => {}
        }
        if reach == Reach::AcceptedOnly && Fate::of(set, reach) == Fate::Pruned {
            warn(work, set, "is deleted, though accepted rules lead to it");
        }
    }
    Ok(doomed)
}

async fn reachability(work: &Work<'_>, service: &Service) -> Result<Reachability, DeployError> {
    let traffic = traffic(work).await?;
    let hands = &work.engine.hands;
    let read = || async {
        let traffic = traffic.clone();
        Reachability::read(hands.cloud, traffic, &service.task_sets, hands.reporter).await
    };
    work.patience.read("read which task sets requests reach", read).await
}

/// What the listeners say: still that the color is live that step 3 saw so, as the new version would
/// else be created where users are. An answer may lag.
async fn traffic(work: &Work<'_>) -> Result<Traffic, DeployError> {
    let (expected, begun) = (work.new_color()?.other(), Instant::now());
    loop {
        let traffic = work.traffic().await?;
        if traffic.is_live(expected) {
            return Ok(traffic);
        }
        if begun.elapsed() >= RULES_LAG {
            return Err(Refusal::LiveChanged { expected, now: traffic.live() }.into());
        }
        work.patience.pause(LOOK_AGAIN).await?;
    }
}

fn warn(work: &Work<'_>, set: &TaskSet, what: &str) {
    work.patience.reporter.warn(format!("{} {what}", set.id));
}

/// A balancer follows a swap late: the old tasks are left alone until it surely has.
async fn settle(work: &Work<'_>) -> Result<(), DeployError> {
    let Some(swapped_at) = work.journal().swapped_at else { return Ok(()) };
    let since = work.engine.runtime.wall_time().duration_since(swapped_at);
    // A clock that lags behind the one that wrote the time must not prolong the wait.
    let since = Duration::try_from(since).unwrap_or_default();
    let left = work.engine.settle.saturating_sub(since);
    if !left.is_zero() {
        let seconds = left.as_secs_f32();
        work.progress(Detail::note(format!("leaving the old tasks alone for {seconds:.0}s more")));
        work.patience.pause(left).await?;
    }
    Ok(())
}

async fn scale(work: &Work<'_>, doomed: &[TaskSetId]) -> Result<(), DeployError> {
    for task_set in doomed {
        work.perform(Effect::ScaleToZero { task_set: task_set.clone() }).await?;
    }
    Ok(())
}

/// Waits for the doomed sets, and for those that hang in DRAINING behind the new color: with tasks
/// that still run there, users would see two versions after the swap.
async fn wait_until_stopped(work: &Work<'_>, doomed: &[TaskSetId]) -> Result<(), DeployError> {
    let new_group = &work.blueprint().target.target_groups[work.new_color()?];
    let concerns = |set: &TaskSet| {
        let hangs = set.status == TaskSetStatus::Draining && set.target_groups.contains(new_group);
        hangs || doomed.contains(&set.id)
    };
    let runs = |set: &&TaskSet| concerns(set) && set.running + set.pending > 0;
    wait_while(work, "still runs tasks", |service| {
        service.task_sets.iter().filter(runs).map(|set| set.id.clone()).collect()
    })
    .await
}

async fn delete(work: &Work<'_>, doomed: &[TaskSetId]) -> Result<(), DeployError> {
    if doomed.is_empty() {
        return Ok(());
    }
    for task_set in doomed {
        work.perform(Effect::DeleteTaskSet { task_set: task_set.clone() }).await?;
    }
    let lives = |set: &TaskSet| doomed.contains(&set.id);
    let gone = wait_while(work, "is not gone", |service| {
        service.task_sets.iter().filter(|set| lives(set)).map(|set| set.id.clone()).collect()
    });
    match gone.await {
        // What hangs in DRAINING does not hold up a deploy that has room.
        Err(DeployError::TimedOut { what, .. }) if has_room(&work.service().await?) => {
            work.patience.reporter.warn(format!("{what}; going on without"));
            Ok(())
        }
        ended => ended,
    }
}

async fn wait_for_room(work: &Work<'_>) -> Result<(), DeployError> {
    let token = work.journal().tokens.task_set;
    let created = |service: &Service| {
        service.task_sets.iter().any(|set| set.external_id.as_ref() == Some(&token))
    };
    let why = "is still draining, and a service may have no more than 5 task sets";
    wait_while(work, why, |service| {
        if created(service) || has_room(service) {
            return BTreeSet::new();
        }
        let sets = service.task_sets.iter();
        let draining = sets.filter(|set| set.status == TaskSetStatus::Draining);
        draining.map(|set| set.id.clone()).collect()
    })
    .await
}

fn has_room(service: &Service) -> bool {
    service.task_sets.len() < MOST_TASK_SETS
}

/// Waits until no set is held up any more, and names those that are.
async fn wait_while(
    work: &Work<'_>,
    why: &str,
    held_up: impl Fn(&Service) -> BTreeSet<TaskSetId>,
) -> Result<(), DeployError> {
    let mut pace = Pace::new();
    loop {
        let left = held_up(&work.service().await?);
        if left.is_empty() {
            return Ok(());
        }
        let over = work.patience.is_over();
        if pace.see(left.clone()) || over {
            let what = describe(work, &left, why).await?;
            if over {
                return Err(work.timed_out(what));
            }
            work.progress(Detail::note(what));
        }
        work.patience.pause(pace.wait()).await?;
    }
}

/// Names the sets, and what is known to hold their tasks.
async fn describe(
    work: &Work<'_>,
    left: &BTreeSet<TaskSetId>,
    why: &str,
) -> Result<String, DeployError> {
    let names: Vec<String> = left.iter().map(ToString::to_string).collect();
    let mut what = format!("{} {why}", names.join(", "));
    let protected = protected(work, left).await?;
    if protected > 0 {
        what.push_str(&format!(" ({protected} tasks have scale-in protection)"));
    }
    Ok(what)
}

async fn protected(work: &Work<'_>, sets: &BTreeSet<TaskSetId>) -> Result<usize, DeployError> {
    let ecs = &work.engine.hands.cloud.ecs;
    let service = &work.blueprint().service;
    let read = || async {
        let tasks = ecs.tasks(service).await?;
        let theirs = |task: &&Task| {
            let by = task.started_by.as_deref().unwrap_or_default();
            sets.iter().any(|set| set.as_str() == by)
        };
        let arns: Vec<String> = tasks.iter().filter(theirs).map(|task| task.arn.clone()).collect();
        if arns.is_empty() { Ok(Vec::new()) } else { ecs.protected_tasks(service, &arns).await }
    };
    let consequence = "scale-in protection is not looked for";
    let found = work.read_or_skip("look for scale-in protection", consequence, read).await?;
    Ok(found.map_or(0, |protected| protected.len()))
}

//! The original's layout, and the lines that this program adds to it: indented deeper, after the
//! lines of the original, and without the words that those begin with.

use ecs_deploy::names::Color;
use ecs_deploy::status::{
    AppStatus, ColorStatus, DeployedSet, EnvironmentStatus, LockState, LockStatus, OnRecord,
};

use crate::args::Look;
use crate::lock_status::{command, words};

/// What stands where a task set's tags or ArtifactDB do not tell.
const UNKNOWN: &str = "unknown";

/// What the original prints.
pub(crate) fn original(status: &AppStatus) -> String {
    text(status, |_| Vec::new())
}

/// The same, with more in it.
pub(crate) fn full(status: &AppStatus, look: &Look) -> String {
    text(status, |environment| more(environment, look))
}

fn text(status: &AppStatus, more: impl Fn(&EnvironmentStatus) -> Vec<String>) -> String {
    let latest = status.latest.as_ref().map_or("none", |artifact| artifact.value.as_str());
    let mut lines = vec![format!("{}:", status.app), format!("  Latest: {latest}")];
    for environment in &status.environments {
        lines.push(format!("  {}:", environment.environment));
        lines.extend(environment_lines(environment));
        lines.extend(more(environment).into_iter().map(|line| format!("      {line}")));
    }
    lines.push(String::new());
    lines.join("\n")
}

fn environment_lines(environment: &EnvironmentStatus) -> Vec<String> {
    let traffic = &environment.traffic;
    let serving = traffic.serving.as_ref().map_or("none".to_owned(), set);
    let mut lines =
        vec![format!("    Serving:   {serving}"), format!("    {}", under_way(environment))];
    lines.extend(traffic.swapped.iter().map(|swapped| format!("    Swapped:   {}", set(swapped))));
    lines
}

fn under_way(environment: &EnvironmentStatus) -> String {
    let unreadable = |lock: &LockStatus| lock.deploy.is_none() && lock.problem.is_some();
    match &environment.deploying {
        Some(OnRecord { artifact, config_sha, step, .. }) => {
            format!("Deploying: {}/{config_sha} (step {})", artifact.value, step.number())
        }
        None if environment.lock.as_ref().is_some_and(unreadable) => {
            format!("Deploying: {UNKNOWN} (the lock's row can't be read)")
        }
        None => "No deploy in progress".to_owned(),
    }
}

/// A task set, as the original shows it.
pub(crate) fn set(set: &DeployedSet) -> String {
    let value = set.artifact.as_ref().map_or(UNKNOWN, |artifact| artifact.value.as_str());
    let config_sha = set.config_sha.as_deref().unwrap_or(UNKNOWN);
    let DeployedSet { task_definition, status, running, .. } = set;
    let tasks = if *running == 1 { "task" } else { "tasks" };
    format!(
        "{value}/{config_sha} (taskdef={task_definition}, status={status}, {running} {tasks} running)"
    )
}

fn more(environment: &EnvironmentStatus, look: &Look) -> Vec<String> {
    let traffic = &environment.traffic;
    let serving = traffic.serving_color;
    let of = |color, place: &str, set| color_line(color, place, &traffic.colors[color], set);
    let mut lines = vec![
        of(serving, ", which serves", traffic.serving.as_ref()),
        of(serving.other(), "", traffic.swapped.as_ref()),
    ];
    lines.extend(traffic.others.iter().map(other));
    lines.extend(environment.lock.iter().flat_map(|lock| lock_lines(environment, lock, look)));
    lines
}

fn color_line(color: Color, place: &str, seen: &ColorStatus, set: Option<&DeployedSet>) -> String {
    let tasks = set.map_or("no tasks".to_owned(), tasks);
    let healthy = seen.targets.map(|targets| format!(", {} healthy", targets.healthy));
    let rule = seen.priority.map_or("no rule".to_owned(), |number| format!("by rule {number}"));
    format!("{color}{place}, {rule}: {tasks}{}", healthy.unwrap_or_default())
}

fn tasks(set: &DeployedSet) -> String {
    format!("{} of {} tasks", set.running, set.desired)
}

fn other(set: &DeployedSet) -> String {
    let place = set.color.map_or("no color".to_owned(), |color| color.to_string());
    format!("also on {place}: {}, {}, {}, {}", set.id, set.status, set.task_definition, tasks(set))
}

fn lock_lines(environment: &EnvironmentStatus, lock: &LockStatus, look: &Look) -> Vec<String> {
    let mut lines = vec![format!("lock {}", words::state(lock))];
    if lock.state == LockState::Free {
        return lines;
    }
    if let Some(deploy) = lock.deploy.as_ref().filter(|deploy| !deploy.settled) {
        lines.push(words::step(deploy));
        lines.extend(words::by(deploy).map(|by| format!("by {by}")));
        lines.extend(deploy.failure.iter().map(|failure| format!("failed: {failure}")));
    }
    if lock.state != LockState::Held {
        let name = environment.environment.as_str();
        lines.push(format!("next: {}", command::next(lock, name, look)));
    }
    lines
}

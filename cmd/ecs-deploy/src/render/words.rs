//! The lines that all views share.

use std::time::Duration;

use ecs_deploy::cloud::Artifact;
use ecs_deploy::event::{Detail, EventKind};
use ecs_deploy::steps::Step;

/// How wide the details of a step are shown, so that times stand below each other.
const DETAIL: usize = 42;

/// A line under a heading, such as `lock     given up`.
pub(crate) fn line(heading: &str, text: &str) -> String {
    format!("{heading:<8} {text}")
}

/// An artifact as people name it.
pub(crate) fn artifact(artifact: &Artifact) -> String {
    artifact.to_string()
}

/// A step at work.
pub(crate) fn step(step: Step, detail: &Detail) -> String {
    format!("{:>2} {:<8}  {detail}", step.number(), step.name())
}

/// A step with the time it took.
pub(crate) fn finished(done: Step, detail: &Detail, took: Duration) -> String {
    let detail = Detail::note(format!("{:<DETAIL$}", detail.to_string()));
    format!("{} {:>6.1}s", step(done, &detail), took.as_secs_f64())
}

/// What an event says in one line, if it is not about a step or a command.
pub(crate) fn of_event(event: &EventKind) -> Option<String> {
    Some(match event {
        EventKind::Planned { app, environment, artifact: what, config_sha, resumed } => {
            let heading = if *resumed { "resume" } else { "deploy" };
            let what = artifact(what);
            line(heading, &format!("{app} {environment}  {what}  config {config_sha}"))
        }
        EventKind::RollingBack { app, environment, artifact: what, color, task_definition } => {
            let what = artifact(what);
            let back = format!("back to {color}, with {task_definition}");
            line("rollback", &format!("{app} {environment}  {what} goes; {back}"))
        }
        EventKind::Warning { message } => line("warning", message),
        EventKind::WaitingForLock { holder, at_most, takeover } => {
            let limits = limits(*at_most, *takeover);
            line("waiting", &format!("for the lock, {limits}: {holder}"))
        }
        EventKind::WatchingLock { key, at_most } => {
            line("watching", &format!("{key} for a sign of life, {at_most:?} at most"))
        }
        EventKind::Retrying { what, error, after } => {
            let after = after.as_secs_f64();
            line("retry", &format!("in {after:.1}s: can't {what}: {error}"))
        }
        _ => return None,
    })
}

/// How long a wait for the lock may last.
fn limits(at_most: Duration, takeover: Option<Duration>) -> String {
    let at_most = format!("{:.0}s at most", at_most.as_secs_f64());
    match takeover {
        Some(takeover) => {
            format!("{:.0}s if its holder is dead, {at_most}", takeover.as_secs_f64())
        }
        None => at_most,
    }
}

/// A line of a command's output, as the original prints it.
pub(crate) fn of_command(program: &str, line: &str) -> String {
    format!("[{program}] {line}")
}

//! A lock in words.

use std::time::Duration;

use ecs_deploy::status::{LockState, LockStatus, OnRecord};

/// Whether the lock can be had.
pub(crate) fn state(lock: &LockStatus) -> String {
    let state = match lock.state {
        LockState::Free => "free".to_owned(),
        LockState::Held => "held, and its holder is alive".to_owned(),
        LockState::Failed => {
            format!("held for a failed {}, which waits for a decision", work(lock))
        }
        LockState::Abandoned => {
            let lease = lock.lease_seconds.unwrap_or_default();
            format!("abandoned: no sign of life for {:?}", Duration::from_secs_f64(lease))
        }
        _ => "nobody can take it".to_owned(),
    };
    match &lock.problem {
        Some(problem) => format!("{state}; {problem}"),
        None => state,
    }
}

/// What the deploy on record is about.
fn work(lock: &LockStatus) -> &'static str {
    let rolled_back = lock.deploy.as_ref().and_then(|deploy| deploy.rolled_back_to);
    if rolled_back.is_some() { "rollback" } else { "deploy" }
}

/// Where a deploy stands.
pub(crate) fn step(deploy: &OnRecord) -> String {
    let to = match (deploy.rolled_back_to, deploy.new_color) {
        (Some(color), _) => format!(", back to {color}"),
        (None, Some(color)) => format!(", to {color}"),
        (None, None) => String::new(),
    };
    format!("{}{to}", deploy.step)
}

/// Who deploys, and since when; none in a row that a Go program wrote.
pub(crate) fn by(deploy: &OnRecord) -> Option<String> {
    Some(format!("{} since {:.0}", deploy.by.as_ref()?, deploy.since?))
}

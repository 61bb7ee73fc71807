//! A lock in words.

use std::time::Duration;

use ecs_deploy::status::{LockState, LockStatus, OnRecord};

/// Whether the lock can be had.
pub(crate) fn state(lock: &LockStatus) -> String {
    let state = match lock.state {
        LockState::Free => "free".to_owned(),
        LockState::Held => "held, and its holder is alive".to_owned(),
        LockState::Failed => "held for a failed deploy, which waits for a decision".to_owned(),
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

/// Where a deploy stands.
pub(crate) fn step(deploy: &OnRecord) -> String {
    let color = deploy.new_color.map(|color| format!(", to {color}")).unwrap_or_default();
    format!("{}{color}", deploy.step)
}

/// Who deploys, and since when; none in a row that a Go program wrote.
pub(crate) fn by(deploy: &OnRecord) -> Option<String> {
    Some(format!("{} since {:.0}", deploy.by.as_ref()?, deploy.since?))
}

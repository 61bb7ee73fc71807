use std::time::Duration;

use crate::model::ProbeOutcome;

/// What the tasks of an image do.
#[derive(Debug, Clone, PartialEq)]
pub struct Behaviour {
    /// How long its container takes to start.
    pub start_after: Duration,
    /// Why it can't be started, in the words of ECS, such as `CannotPullContainerError: …`.
    pub pull_fails: Option<String>,
    /// How long after its start it answers health probes well; never, when there is none.
    pub healthy_after: Option<Duration>,
    /// What it answers to probes before that.
    pub until_healthy: ProbeOutcome,
    /// How long after its start it ends by itself, and with which exit code.
    pub exits: Option<(Duration, i32)>,
    /// What it does when it is asked to end.
    pub on_stop: OnStop,
}

/// What a process does when it is asked to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnStop {
    /// It ends after a while; one that takes longer than its stop timeout is killed.
    Ends {
        /// How long it takes.
        after: Duration,
        /// Its exit code.
        code: i32,
    },
    /// It goes on until it is killed.
    Ignores,
}

impl Default for Behaviour {
    /// A good program: it starts quickly, is healthy at once, runs on, and ends when asked to.
    fn default() -> Self {
        Self {
            start_after: Duration::from_millis(500),
            pull_fails: None,
            healthy_after: Some(Duration::ZERO),
            until_healthy: ProbeOutcome::Status(503),
            exits: None,
            on_stop: OnStop::Ends { after: Duration::from_millis(100), code: 0 },
        }
    }
}

impl Behaviour {
    /// What it answers to a probe at an age.
    pub(super) fn answer(&self, age: Duration) -> ProbeOutcome {
        match self.healthy_after {
            Some(after) if age >= after => ProbeOutcome::Status(200),
            _ => self.until_healthy,
        }
    }
}

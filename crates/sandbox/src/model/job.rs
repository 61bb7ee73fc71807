use std::collections::BTreeMap;

use super::Scope;
use super::elb::Target;

/// What the model asks of the world outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Job {
    /// Start a task; answered by [`Report::Running`] or [`Report::StartFailed`], later by
    /// [`Report::Exited`].
    Start(Launch),
    /// Ask a task to end (SIGTERM, then SIGKILL after its stop timeout); answered by
    /// [`Report::Exited`].
    Stop {
        /// Where the task runs.
        scope: Scope,
        /// The task's ARN.
        task: String,
    },
    /// Ask a target for its health once; answered by [`Report::Probed`].
    Probe {
        /// Where the target group is.
        scope: Scope,
        /// The target group's ARN.
        target_group: String,
        /// Whom to ask.
        target: Target,
        /// The path to get.
        path: String,
        /// How long the answer may take.
        timeout: std::time::Duration,
    },
}

/// What it takes to start a task: one of its containers, the load balancer's or else the first
/// essential one. The others are bookkeeping only.
#[derive(Debug, Clone, PartialEq)]
pub struct Launch {
    /// Where the task runs.
    pub scope: Scope,
    /// The task's ARN.
    pub task: String,
    /// The container's image, as the task definition names it.
    pub image: String,
    /// The container's environment.
    pub environment: BTreeMap<String, String>,
    /// The command that replaces the image's own; empty when there is none.
    pub command: Vec<String>,
    /// The address that the API shows for the task.
    pub ip: std::net::Ipv4Addr,
    /// The port that the container listens on.
    pub port: u16,
    /// How long the task may take to end before it is killed.
    pub stop_timeout: std::time::Duration,
}

/// What happened outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Report {
    /// The task's process runs.
    Running {
        /// Where the task runs.
        scope: Scope,
        /// The task's ARN.
        task: String,
    },
    /// The task could not be started, as with an image that does not exist.
    StartFailed {
        /// Where the task was to run.
        scope: Scope,
        /// The task's ARN.
        task: String,
        /// Why, as ECS would say it, such as `CannotPullContainerError: …`.
        reason: String,
    },
    /// The task's process ended.
    Exited {
        /// Where the task ran.
        scope: Scope,
        /// The task's ARN.
        task: String,
        /// Its exit code; 128 + the signal's number when a signal ended it.
        code: i32,
    },
    /// A target was asked for its health.
    Probed {
        /// Where the target group is.
        scope: Scope,
        /// The target group's ARN.
        target_group: String,
        /// Who was asked.
        target: Target,
        /// What came of it.
        outcome: ProbeOutcome,
    },
}

impl Report {
    /// Where it happened.
    pub fn scope(&self) -> &Scope {
        match self {
            Self::Running { scope, .. }
            | Self::StartFailed { scope, .. }
            | Self::Exited { scope, .. }
            | Self::Probed { scope, .. } => scope,
        }
    }
}

impl Report {
    /// The ARN of the task that it is about, if it is about one.
    pub fn task(&self) -> Option<&str> {
        match self {
            Self::Running { task, .. }
            | Self::StartFailed { task, .. }
            | Self::Exited { task, .. } => Some(task),
            Self::Probed { .. } => None,
        }
    }
}

/// What came of a health probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProbeOutcome {
    /// The target answered with this status.
    Status(u16),
    /// No answer in time.
    Timeout,
    /// No connection, or one that broke.
    Refused,
}

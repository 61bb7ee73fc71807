//! What an embedder hears of a deploy: a serializable vocabulary with a version.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Mutex;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use crate::cloud::{Artifact, CloudError, ErrorClass};
use crate::effect::Effect;
use crate::names::{AppName, Color, ConfigSha, EnvironmentName};
use crate::runtime::Runtime;
use crate::steps::Step;

/// The version of the vocabulary. It grows when a member changes its meaning or goes.
pub const SCHEMA: u32 = 1;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[non_exhaustive]
pub struct Event {
    /// [`SCHEMA`].
    pub schema: u32,
    /// When.
    pub at: Timestamp,
    /// What.
    #[serde(flatten)]
    pub kind: EventKind,
}

impl Event {
    /// What happened at that time.
    pub fn new(at: Timestamp, kind: EventKind) -> Self {
        Self { schema: SCHEMA, at, kind }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "Kind", rename_all_fields = "PascalCase")]
#[non_exhaustive]
pub enum EventKind {
    /// It is known what will be deployed; the lock is not taken yet.
    Planned {
        /// The app.
        app: AppName,
        /// The environment.
        environment: EnvironmentName,
        /// What is deployed.
        artifact: Artifact,
        /// The commit of its config.
        #[serde(rename = "ConfigSHA")]
        config_sha: ConfigSha,
        /// Whether a failed deploy is gone on with.
        resumed: bool,
    },
    /// It is known what a rollback leads back to; the lock is not taken yet.
    RollingBack {
        /// The app.
        app: AppName,
        /// The environment.
        environment: EnvironmentName,
        /// What is rolled back.
        artifact: Artifact,
        /// The color that serves again.
        color: Color,
        /// What runs there, as `FAMILY:REVISION`.
        task_definition: String,
    },
    /// Something that a person should know, and that stops nothing.
    Warning {
        /// What.
        message: String,
    },
    /// The lock is another's, and may become free.
    WaitingForLock {
        /// Who has it, as far as the row tells.
        holder: String,
        /// How long the wait may last at most.
        at_most: Duration,
        /// When the lock is taken over if its holder gives no sign of life until then; `None` where
        /// that was not asked for.
        takeover: Option<Duration>,
    },
    /// A lock is watched, to tell a living holder from a dead one.
    WatchingLock {
        /// The lock's key.
        key: String,
        /// How long that may take.
        at_most: Duration,
    },
    /// A step begins.
    StepStarted {
        /// Which.
        step: Step,
        /// What it works on.
        detail: Detail,
    },
    /// Something changed within a step.
    StepProgress {
        /// Which.
        step: Step,
        /// What.
        detail: Detail,
    },
    /// A step ended well.
    StepFinished {
        /// Which.
        step: Step,
        /// What came of it.
        detail: Detail,
        /// How long it took.
        took: Duration,
    },
    /// An effect was looked for, and tried where it was not there.
    EffectTried {
        /// The step that asks for it.
        step: Step,
        /// Which.
        effect: Effect,
        /// How that went.
        tried: Tried,
    },
    /// A line of a command's output, without its end.
    CommandLine {
        /// The program, as the config names it.
        program: String,
        /// The line; bytes that are no text are replaced.
        line: String,
    },
    /// A call failed in a way that may pass, and is tried again.
    Retrying {
        /// What is tried.
        what: String,
        /// How it failed.
        error: String,
        /// When it is tried again.
        after: Duration,
    },
}

/// How an attempt at an effect went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Tried {
    /// It was applied.
    Applied,
    /// It was there already, and is taken as it is.
    Found,
    /// It was not applied.
    Failed,
    /// It was perhaps applied: its answer was lost.
    InDoubt,
    /// It must not be done any more.
    Forbidden,
}

/// Where a step stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "Kind", rename_all_fields = "PascalCase")]
#[non_exhaustive]
pub enum Detail {
    /// Words of the step's own.
    Note {
        /// The words.
        text: String,
    },
    /// How far a rollout is.
    Rollout(Rollout),
    /// Which color serves.
    Serves {
        /// The color.
        color: Color,
    },
}

/// How far a rollout is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Rollout {
    /// Tasks that run.
    pub running: u32,
    /// Tasks that are healthy in the target group; `None` where that can't be read.
    pub healthy: Option<u32>,
    /// How many are needed of both.
    pub needed: u32,
    /// Tasks that failed since the wait began.
    pub failed: u32,
}

impl Detail {
    /// Words of a step's own.
    pub fn note(text: impl Into<String>) -> Self {
        Self::Note { text: text.into() }
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Note { text } => f.write_str(text),
            Self::Rollout(rollout) => rollout.fmt(f),
            Self::Serves { color } => write!(f, "{color} serves, verified"),
        }
    }
}

impl fmt::Display for Rollout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { running, healthy, needed, failed } = self;
        write!(f, "{running}/{needed} running")?;
        if let Some(healthy) = healthy {
            write!(f, ", {healthy}/{needed} healthy")?;
        }
        match failed {
            0 => Ok(()),
            failed => write!(f, ", {failed} failed"),
        }
    }
}

/// Hears what happens. It must not block: a deploy waits for nothing but AWS and its commands.
pub trait EventSink: Send + Sync {
    /// Takes an event. A failure to show it is the sink's own business.
    fn emit(&self, event: Event);
}

/// Gives events their time, and says each warning once.
pub(crate) struct Reporter<'a> {
    sink: &'a dyn EventSink,
    runtime: &'a Runtime,
    said: Mutex<BTreeSet<String>>,
}

impl<'a> Reporter<'a> {
    pub(crate) fn new(sink: &'a dyn EventSink, runtime: &'a Runtime) -> Self {
        Self { sink, runtime, said: Mutex::default() }
    }

    pub(crate) fn emit(&self, kind: EventKind) {
        self.sink.emit(Event::new(self.runtime.wall_time(), kind));
    }

    pub(crate) fn warn(&self, message: impl Into<String>) {
        let message = message.into();
        let mut said = self.said.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if said.insert(message.clone()) {
            self.emit(EventKind::Warning { message });
        }
    }

    /// Lets a read that the original never made be denied: a warning with the action's name takes
    /// its place, so that roles made for the original keep working.
    pub(crate) fn or_skip<T>(
        &self,
        read: Result<T, CloudError>,
        consequence: &str,
    ) -> Result<Option<T>, CloudError> {
        match read {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.class == ErrorClass::Denied => {
                self.warn(format!("{} is denied: {consequence}", error.action));
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }
}

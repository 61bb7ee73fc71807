//! Scale-in protection of tasks.

use std::time::Duration;

use super::Task;
use super::error::invalid;
use crate::model::{ApiError, Place, Time};

/// How long a task's protection lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    /// It has none.
    Off,
    /// So long; at most 48 hours.
    For(Duration),
}

impl Protection {
    /// What ECS takes where nobody says how long: 2 hours.
    pub const DEFAULT: Self = Self::For(Duration::from_secs(2 * 60 * 60));

    const LONGEST: Duration = Duration::from_secs(48 * 60 * 60);

    fn until(self, now: Time) -> Result<Option<Time>, ApiError> {
        match self {
            Self::Off => Ok(None),
            Self::For(time) if time.is_zero() || time > Self::LONGEST => {
                Err(invalid("expiresInMinutes must be between 1 and 2880."))
            }
            Self::For(time) => Ok(Some(now + time)),
        }
    }
}

impl Task {
    /// Until when scale-in spares it, where it does at `now`.
    pub fn protected_until(&self, now: Time) -> Option<Time> {
        self.protected_until.filter(|until| *until > now)
    }
}

impl Place<'_> {
    /// Sets a running task's protection from scale-in.
    ///
    /// # Errors
    /// Where the cluster or the task is not there, or the time is out of bounds.
    pub fn protect_task(
        &mut self,
        cluster: &str,
        task: &str,
        protection: Protection,
    ) -> Result<(), ApiError> {
        let until = protection.until(self.now)?;
        let mut tasks = self.regional.ecs.cluster_mut(cluster)?.tasks.values_mut();
        let found = tasks
            .find(|found| found.is(task) && found.should_run())
            .ok_or_else(|| invalid("The referenced task was not found."))?;
        found.protected_until = until;
        Ok(())
    }
}

//! The health of a target, and how probes move it.

use std::time::Duration;

use crate::model::{ProbeOutcome, Time};

/// The health of a target, as its target group tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Just registered; not probed yet.
    Registering,
    /// Probed, without a verdict so far.
    Checking,
    /// It passes its probes.
    Healthy,
    /// It fails its probes.
    Unhealthy(Failure),
    /// No rule forwards to its target group, so nobody probes it.
    NotInUse,
    /// It is not a member of the target group.
    NotRegistered,
    /// It was deregistered and finishes its requests.
    Draining,
}

/// How a target failed its last probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// It answered with a status that the matcher does not name.
    Status(u16),
    /// It did not answer in time.
    Timeout,
    /// It could not be connected to, or broke the connection.
    Refused,
}

impl Health {
    /// Whether the target passes its health checks.
    pub fn is_healthy(self) -> bool {
        self == Self::Healthy
    }

    /// Whether the target fails its health checks; one that has no verdict yet does not.
    pub fn is_failing(self) -> bool {
        matches!(self, Self::Unhealthy(_))
    }

    /// AWS's word for it, such as `initial`.
    pub fn state(self) -> &'static str {
        match self {
            Self::Registering | Self::Checking => "initial",
            Self::Healthy => "healthy",
            Self::Unhealthy(_) => "unhealthy",
            Self::NotInUse | Self::NotRegistered => "unused",
            Self::Draining => "draining",
        }
    }

    /// AWS's reason code; a healthy target has none.
    pub fn reason(self) -> Option<&'static str> {
        Some(match self {
            Self::Registering => "Elb.RegistrationInProgress",
            Self::Checking => "Elb.InitialHealthChecking",
            Self::Healthy => return None,
            Self::Unhealthy(Failure::Status(_)) => "Target.ResponseCodeMismatch",
            Self::Unhealthy(Failure::Timeout) => "Target.Timeout",
            Self::Unhealthy(Failure::Refused) => "Target.FailedHealthChecks",
            Self::NotInUse => "Target.NotInUse",
            Self::NotRegistered => "Target.NotRegistered",
            Self::Draining => "Target.DeregistrationInProgress",
        })
    }

    /// The reason for a person; a healthy target has none.
    pub fn description(self) -> Option<String> {
        Some(match self {
            Self::Registering => "Target registration is in progress".to_owned(),
            Self::Checking => "Initial health checks in progress".to_owned(),
            Self::Healthy => return None,
            Self::Unhealthy(Failure::Status(status)) => {
                format!("Health checks failed with these codes: [{status}]")
            }
            Self::Unhealthy(Failure::Timeout) => "Request timed out".to_owned(),
            Self::Unhealthy(Failure::Refused) => "Health checks failed".to_owned(),
            Self::NotInUse => {
                "Target group is not configured to receive traffic from the load balancer"
                    .to_owned()
            }
            Self::NotRegistered => "Target is not registered to the target group".to_owned(),
            Self::Draining => "Target deregistration is in progress".to_owned(),
        })
    }
}

/// How long it takes from a target's registration to its first probe.
const REGISTRATION: Duration = Duration::from_millis(50);

/// A target's membership of its group.
#[derive(Debug, Clone)]
pub(super) struct Membership {
    pub(super) health: Health,
    /// When it was registered or, while it drains, deregistered; or its group came into use.
    since: Time,
    next_probe: Time,
    successes: u32,
    failures: u32,
}

/// How many probes in a row change a verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Thresholds {
    pub(super) healthy: u32,
    pub(super) unhealthy: u32,
}

impl Membership {
    pub(super) fn new(in_use: bool, now: Time) -> Self {
        let health = if in_use { Health::Registering } else { Health::NotInUse };
        let next_probe = now + REGISTRATION;
        Self { health, since: now, next_probe, successes: 0, failures: 0 }
    }

    pub(super) fn deregister(&mut self, now: Time) {
        if self.health != Health::Draining {
            *self = Self { health: Health::Draining, ..Self::new(false, now) };
        }
    }

    /// Whether the deregistration delay has passed.
    pub(super) fn is_gone(&self, delay: Duration, now: Time) -> bool {
        self.health == Health::Draining && now >= self.since + delay
    }

    /// Follows its group into use or out of use. A draining target drains on in either case.
    pub(super) fn follow_use(&mut self, in_use: bool, now: Time) {
        let is_used = self.health != Health::NotInUse;
        if self.health != Health::Draining && is_used != in_use {
            *self = Self::new(in_use, now);
        }
    }

    /// Whether to probe now; if so, the next probe is due an interval later.
    pub(super) fn probe_is_due(&mut self, interval: Duration, now: Time) -> bool {
        if !self.is_probed() || now < self.next_probe {
            return false;
        }
        self.next_probe = now + interval;
        if self.health == Health::Registering {
            self.health = Health::Checking;
        }
        true
    }

    /// When something of the target is due: its next probe, or the end of its draining.
    pub(super) fn next_due(&self, delay: Duration) -> Option<Time> {
        match self.health {
            Health::Draining => Some(self.since + delay),
            _ => self.is_probed().then_some(self.next_probe),
        }
    }

    fn is_probed(&self) -> bool {
        !matches!(self.health, Health::Draining | Health::NotInUse)
    }

    /// Takes note of a probe. The first success of a new target makes it healthy; the threshold
    /// counts for one that was unhealthy.
    pub(super) fn probed(&mut self, failure: Option<Failure>, thresholds: Thresholds) {
        if !self.is_probed() {
            return;
        }
        let Some(failure) = failure else {
            self.failures = 0;
            self.successes += 1;
            if !self.health.is_failing() || self.successes >= thresholds.healthy {
                self.health = Health::Healthy;
            }
            return;
        };
        self.successes = 0;
        self.failures += 1;
        if self.health.is_failing() || self.failures >= thresholds.unhealthy {
            self.health = Health::Unhealthy(failure);
        }
    }
}

impl Failure {
    /// What a probe's outcome says against the target, given the statuses that count as good.
    pub(super) fn of(outcome: ProbeOutcome, is_good: impl Fn(u16) -> bool) -> Option<Self> {
        match outcome {
            ProbeOutcome::Status(status) if is_good(status) => None,
            ProbeOutcome::Status(status) => Some(Self::Status(status)),
            ProbeOutcome::Timeout => Some(Self::Timeout),
            ProbeOutcome::Refused => Some(Self::Refused),
        }
    }
}

use std::collections::BTreeSet;
use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::names::TargetGroupArn;

/// A rule's ARN, as AWS gave it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleArn(pub String);

impl fmt::Display for RuleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A rule of a listener.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The rule's ARN.
    pub arn: RuleArn,
    /// Its place in the order of the listener's rules.
    pub priority: Priority,
    /// Which requests it is about.
    pub conditions: BTreeSet<Condition>,
    /// Its actions in the order in which they are carried out.
    pub actions: Vec<Action>,
}

/// What a rule asks of a request: that the field has one of the values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Condition {
    /// The field, by the API's name, such as `host-header`.
    pub field: String,
    /// The values; of a header or of the query each with its name before it.
    pub values: BTreeSet<String>,
}

/// The place of a rule; the lower number is asked first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// 1 to 50,000.
    Number(u32),
    /// The listener's default, asked last; can't be moved.
    Default,
}

/// What a rule does with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Forwards to one of these groups, by weight.
    Forward(Vec<WeightedGroup>),
    /// Any other action, by AWS's name for it.
    Other(String),
}

/// A target group within a forward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightedGroup {
    /// The group.
    pub group: TargetGroupArn,
    /// Its share, 0 to 999; 1 where it stands alone.
    pub weight: u32,
}

/// A member of a target group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetHealth {
    /// Its address; `None` for a target that is named by something else.
    pub address: Option<IpAddr>,
    /// AWS's id of the target: an address, an instance, a function.
    pub id: String,
    /// Its port.
    pub port: Option<u16>,
    /// How it is.
    pub state: HealthState,
    /// AWS's reason code, such as `Target.FailedHealthChecks`.
    pub reason: Option<String>,
    /// AWS's text to that reason.
    pub description: Option<String>,
}

/// How a target is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HealthState {
    /// Being registered, or asked for the first time.
    Initial,
    /// Fit to serve.
    Healthy,
    /// Fails its checks.
    Unhealthy,
    /// On its way out (`draining`, `unhealthy.draining`).
    Draining,
    /// The group is in no rule, or its zone is not enabled.
    Unused,
    /// Checks are switched off: it never becomes healthy.
    Unavailable,
    /// A state that this program does not know.
    Unknown,
}

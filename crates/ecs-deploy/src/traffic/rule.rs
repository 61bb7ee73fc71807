//! A listener's rules, as far as they decide where a request goes.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Conditions;
use crate::names::{ListenerArn, TargetGroupArn};

/// A rule's ARN, as AWS gave it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleArn(pub String);

impl fmt::Display for RuleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A listener of a balancer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// Its ARN.
    pub arn: ListenerArn,
    /// Its protocol, such as `HTTPS`.
    pub protocol: String,
    /// Its port.
    pub port: u16,
}

/// A rule of a listener.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The rule's ARN.
    pub arn: RuleArn,
    /// Its place in the order of the listener's rules.
    pub priority: Priority,
    /// Which requests it is about.
    pub conditions: Conditions,
    /// Its actions in the order in which they are carried out.
    pub actions: Vec<Action>,
    /// What it changes in a request before it is sent on, each as the API tells it.
    pub transforms: Vec<String>,
}

/// The place of a rule; the lower number is asked first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// 1 to 50,000.
    Number(u32),
    /// The listener's default, asked last; can't be moved.
    Default,
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Default => f.pad("default"),
        }
    }
}

/// What a rule does with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Forwards it to a target group.
    Forward(Forward),
    /// Answers it: a redirect or a fixed response.
    Respond(OtherAction),
    /// Any other action, such as one that authenticates.
    Other(OtherAction),
}

impl Action {
    /// AWS's name for it.
    pub fn kind(&self) -> String {
        match self {
            Self::Forward(_) => "forward".to_owned(),
            Self::Respond(other) | Self::Other(other) => other.kind.clone(),
        }
    }
}

/// An action that forwards to no target group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherAction {
    /// AWS's name for it, such as `fixed-response`.
    pub kind: String,
    /// Everything that the API tells of it.
    pub settings: String,
}

/// A forward to one of several target groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forward {
    /// The groups, each with its weight.
    pub groups: Vec<WeightedGroup>,
    /// For how long, in seconds, a client stays with the group that it was sent to first; `None` where
    /// it does not.
    pub stickiness: Option<u32>,
}

/// A target group within a forward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeightedGroup {
    /// The group.
    pub group: TargetGroupArn,
    /// Its share, 0 to 999; 1 where it stands alone.
    pub weight: u32,
}

impl Forward {
    /// A forward to one group.
    pub fn to(group: TargetGroupArn) -> Self {
        Self { groups: vec![WeightedGroup { group, weight: 1 }], stickiness: None }
    }

    /// The groups that a request may be sent to. A weight of 0 keeps requests from a group, but for
    /// those of a client that stays with it, and where no group has a weight.
    pub fn reached(&self) -> impl Iterator<Item = &TargetGroupArn> {
        let weighs = |group: &WeightedGroup| group.weight > 0;
        let all = self.stickiness.is_some() || !self.groups.iter().any(weighs);
        self.groups.iter().filter(move |group| all || weighs(group)).map(|group| &group.group)
    }
}

impl Rule {
    /// Its number; `None` for the default rule.
    pub fn number(&self) -> Option<u32> {
        match self.priority {
            Priority::Number(number) => Some(number),
            Priority::Default => None,
        }
    }

    /// The forward that its requests end in.
    pub fn forward(&self) -> Option<&Forward> {
        match self.actions.last()? {
            Action::Forward(forward) => Some(forward),
            Action::Respond(_) | Action::Other(_) => None,
        }
    }

    /// Whether the balancer answers its requests.
    pub fn responds(&self) -> bool {
        matches!(self.actions.last(), Some(Action::Respond(_)))
    }

    /// The only group that its requests reach.
    pub fn only_group(&self) -> Option<&TargetGroupArn> {
        let mut reached = self.forward()?.reached();
        reached.next().filter(|_| reached.next().is_none())
    }

    /// Whether it differs from another in nothing but the group that it forwards to.
    pub fn is_like(&self, other: &Self) -> bool {
        self.differences(other).next().is_none()
    }

    /// In what it differs from another beside the group.
    pub fn differences(&self, other: &Self) -> impl Iterator<Item = &'static str> {
        let before = |rule: &Self| rule.actions.split_last().map(|(_, before)| before.to_vec());
        let stickiness = |rule: &Self| rule.forward().and_then(|forward| forward.stickiness);
        let all = [
            ("conditions", self.conditions != other.conditions),
            ("preceding actions", before(self) != before(other)),
            ("transforms", self.transforms != other.transforms),
            ("stickiness", stickiness(self) != stickiness(other)),
        ];
        all.into_iter().filter(|(_, differ)| *differ).map(|(what, _)| what)
    }

    /// Whether it does nothing but forward, so that its actions can be replaced by a plain forward.
    pub fn is_plain(&self) -> bool {
        self.actions.len() == 1 && self.forward().is_some() && self.transforms.is_empty()
    }
}

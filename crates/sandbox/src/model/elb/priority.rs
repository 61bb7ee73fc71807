//! The order of a listener's rules.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::Elb;
use super::rule::rule_not_found;
use crate::model::{ApiError, Time};

/// A rule's place in its listener; the default rule comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// From 1, which comes first, to 50000.
    At(u16),
    /// The rule for requests that no other rule takes.
    Default,
}

impl Priority {
    /// A rule's priority, from 1 to 50000.
    ///
    /// # Errors
    /// `ValidationError` for other numbers.
    pub fn new(number: i64) -> Result<Self, ApiError> {
        match u16::try_from(number) {
            Ok(number @ 1..=50_000) => Ok(Self::At(number)),
            _ => {
                let message = format!("Priority '{number}' must be from 1 to 50000");
                Err(ApiError::client("ValidationError", message))
            }
        }
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(number) => number.fmt(f),
            Self::Default => f.write_str("default"),
        }
    }
}

impl Elb {
    /// Gives rules of one listener new priorities, all of them or none: only the order that comes
    /// out must be free of conflicts, so that two rules can be exchanged.
    ///
    /// # Errors
    /// `RuleNotFound`, `OperationNotPermitted` for a default rule, `PriorityInUse` when two rules
    /// would share a priority, `ValidationError` when a rule is named twice or the rules are not of
    /// one listener.
    pub fn set_rule_priorities(
        &mut self,
        pairs: &[(String, Priority)],
        now: Time,
    ) -> Result<(), ApiError> {
        let wanted = self.check_pairs(pairs)?;
        let listener = self.one_listener(&wanted)?;
        let mut taken = BTreeSet::new();
        for rule in self.rules.values().filter(|rule| rule.listener == listener) {
            let priority = wanted.get(rule.arn.as_str()).copied().unwrap_or(rule.priority);
            if !taken.insert(priority) {
                return Err(in_use(priority));
            }
        }
        for (arn, priority) in pairs {
            if let Some(rule) = self.rules.get_mut(arn) {
                rule.priority = *priority;
            }
        }
        self.changed(&listener, now);
        Ok(())
    }

    fn check_pairs<'a>(
        &self,
        pairs: &'a [(String, Priority)],
    ) -> Result<BTreeMap<&'a str, Priority>, ApiError> {
        let mut wanted = BTreeMap::new();
        for (arn, priority) in pairs {
            let rule = self.rules.get(arn).ok_or_else(|| rule_not_found(arn))?;
            if rule.priority == Priority::Default || *priority == Priority::Default {
                let message = format!("The priority of default rule '{arn}' cannot be changed");
                return Err(ApiError::client("OperationNotPermitted", message));
            }
            if wanted.insert(arn.as_str(), *priority).is_some() {
                let message = format!("Rule '{arn}' is named twice");
                return Err(ApiError::client("ValidationError", message));
            }
        }
        Ok(wanted)
    }

    /// What AWS does with rules of several listeners is not known: it is refused here, so that no
    /// client comes to rely on it.
    fn one_listener(&self, wanted: &BTreeMap<&str, Priority>) -> Result<String, ApiError> {
        let listeners: BTreeSet<&String> =
            wanted.keys().filter_map(|arn| Some(&self.rules.get(*arn)?.listener)).collect();
        match listeners.first() {
            Some(listener) if listeners.len() == 1 => Ok((*listener).clone()),
            _ => {
                let message = "The rules must belong to one listener, and there must be some";
                Err(ApiError::client("ValidationError", message))
            }
        }
    }
}

pub(super) fn in_use(priority: Priority) -> ApiError {
    ApiError::client("PriorityInUse", format!("Priority '{priority}' is currently in use"))
}

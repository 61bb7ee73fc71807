//! The rules of a listener.

use std::collections::BTreeMap;

use super::priority::in_use;
use super::route::RequestHead;
use super::{
    Action, ActionKind, Condition, Elb, Forward, Listener, Priority, Transform, arn, condition,
    transform,
};
use crate::model::{ApiError, Time};

/// A rule of a listener.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Its ARN.
    pub arn: String,
    /// Its listener's ARN.
    pub listener: String,
    /// Its place.
    pub priority: Priority,
    /// What it asks of a request: all of these; nothing in a default rule.
    pub conditions: Vec<Condition>,
    /// What it does, in order; never empty, and the last one routes.
    pub actions: Vec<Action>,
    /// What it changes in a request; nothing in a default rule.
    pub transforms: Vec<Transform>,
}

/// A rule to create.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRule {
    /// The last part of its ARN, unlike those of the listener's other rules.
    pub id: String,
    /// Its listener's ARN.
    pub listener: String,
    /// Its place.
    pub priority: Priority,
    /// What it asks of a request.
    pub conditions: Vec<Condition>,
    /// What it does.
    pub actions: Vec<Action>,
    /// What it changes in a request.
    pub transforms: Vec<Transform>,
}

/// What to change in a rule; what is not given stays.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RuleChange {
    /// What it asks of a request.
    pub conditions: Option<Vec<Condition>>,
    /// What it does.
    pub actions: Option<Vec<Action>>,
    /// What it changes in a request.
    pub transforms: Option<Vec<Transform>>,
}

/// AWS's limit of rules over all listeners of a balancer, default rules aside.
const RULES_PER_BALANCER: usize = 100;

impl Rule {
    /// Whether it is its listener's default rule.
    pub fn is_default(&self) -> bool {
        self.priority == Priority::Default
    }

    /// Where it forwards to, if it does.
    pub fn forward(&self) -> Option<&Forward> {
        self.actions.iter().find_map(|action| match &action.kind {
            ActionKind::Forward(forward) => Some(forward),
            _ => None,
        })
    }

    pub(super) fn matches(&self, head: &RequestHead) -> bool {
        self.conditions.iter().all(|condition| condition.matches(head))
    }
}

impl Elb {
    /// Creates a rule. The API shows it at once; the balancer's nodes follow late.
    ///
    /// # Errors
    /// `ListenerNotFound`, `OperationNotPermitted` for a listener without rules or a default
    /// priority, `PriorityInUse`, `TooManyRules`, and those of unusable conditions and actions.
    pub fn create_rule(&mut self, new: NewRule, now: Time) -> Result<&Rule, ApiError> {
        let listener = self.listener(&new.listener)?;
        if !listener.is_application() || new.priority == Priority::Default {
            let message = format!("Rules cannot be created so for listener '{}'", listener.arn);
            return Err(ApiError::client("OperationNotPermitted", message));
        }
        if self.rules_of(&listener.arn).any(|rule| rule.priority == new.priority) {
            return Err(in_use(new.priority));
        }
        self.check_room(listener)?;
        condition::check(&new.conditions)?;
        transform::check(&new.transforms)?;
        let rule = Rule {
            arn: arn::rule_of(&listener.arn, &new.id),
            listener: new.listener,
            priority: new.priority,
            conditions: new.conditions,
            actions: self.check_actions(listener, new.actions)?,
            transforms: new.transforms,
        };
        Ok(self.keep(rule, now))
    }

    fn check_room(&self, listener: &Listener) -> Result<(), ApiError> {
        let of_balancer = |rule: &&Rule| {
            !rule.is_default() && arn::balancer_of(&rule.listener) == listener.balancer()
        };
        if self.rules.values().filter(of_balancer).count() < RULES_PER_BALANCER {
            return Ok(());
        }
        let message = format!(
            "The maximum number of rules, {RULES_PER_BALANCER}, has been reached on the load balancer"
        );
        Err(ApiError::client("TooManyRules", message))
    }

    pub(super) fn keep(&mut self, rule: Rule, now: Time) -> &Rule {
        let (listener, arn) = (rule.listener.clone(), rule.arn.clone());
        self.rules.insert(arn.clone(), rule);
        self.changed(&listener, now);
        &self.rules[&arn]
    }

    /// Changes a rule; what is not given stays.
    ///
    /// # Errors
    /// `RuleNotFound`, `OperationNotPermitted` for a default rule, and those of unusable conditions,
    /// actions and transforms.
    pub fn modify_rule(
        &mut self,
        arn: &str,
        change: RuleChange,
        now: Time,
    ) -> Result<&Rule, ApiError> {
        let mut rule = self.changeable(arn)?.clone();
        if let Some(conditions) = change.conditions {
            condition::check(&conditions)?;
            rule.conditions = conditions;
        }
        if let Some(actions) = change.actions {
            rule.actions = self.check_actions(self.listener(&rule.listener)?, actions)?;
        }
        if let Some(transforms) = change.transforms {
            transform::check(&transforms)?;
            rule.transforms = transforms;
        }
        Ok(self.keep(rule, now))
    }

    /// Deletes a rule.
    ///
    /// # Errors
    /// `RuleNotFound`, `OperationNotPermitted` for a default rule.
    pub fn delete_rule(&mut self, arn: &str, now: Time) -> Result<(), ApiError> {
        let listener = self.changeable(arn)?.listener.clone();
        self.rules.remove(arn);
        self.tags.remove(arn);
        self.changed(&listener, now);
        Ok(())
    }

    /// A rule by its ARN.
    ///
    /// # Errors
    /// `RuleNotFound`.
    pub fn rule(&self, arn: &str) -> Result<&Rule, ApiError> {
        self.rules.get(arn).ok_or_else(|| rule_not_found(arn))
    }

    fn changeable(&self, arn: &str) -> Result<&Rule, ApiError> {
        let rule = self.rule(arn)?;
        if rule.is_default() {
            let message = format!("Default rule '{arn}' cannot be modified or deleted as a rule");
            return Err(ApiError::client("OperationNotPermitted", message));
        }
        Ok(rule)
    }

    /// The rules of a listener, in no order.
    pub(super) fn rules_of<'a>(&'a self, listener: &'a str) -> impl Iterator<Item = &'a Rule> {
        self.rules.values().filter(move |rule| rule.listener == listener)
    }

    /// The rules of a listener in their order, the default rule last.
    pub fn rules_in_order<'a>(&'a self, listener: &'a str) -> Vec<&'a Rule> {
        let mut rules: Vec<_> = self.rules_of(listener).collect();
        rules.sort_by_key(|rule| rule.priority);
        rules
    }

    /// The rule that takes a request, by the rules that the API shows.
    pub fn rule_for<'a>(&'a self, listener: &'a str, head: &RequestHead) -> Option<&'a Rule> {
        self.rules_in_order(listener).into_iter().find(|rule| rule.matches(head))
    }

    /// Hands a listener's changed rules to the balancer's nodes, and brings target groups into use
    /// or out of use.
    pub(super) fn changed(&mut self, listener: &str, now: Time) {
        let rules = self.rules_in_order(listener).into_iter().cloned().collect();
        if let Some(listener) = self.listeners.get_mut(listener) {
            listener.propagation.announce(rules, now);
        }
        self.follow_use(now);
    }

    pub(super) fn follow_use(&mut self, now: Time) {
        let mut used: BTreeMap<&str, String> = BTreeMap::new();
        for rule in self.rules.values() {
            for group in rule.forward().into_iter().flat_map(|forward| &forward.groups) {
                used.insert(&group.arn, arn::balancer_of(&rule.listener));
            }
        }
        for group in self.groups.values_mut() {
            group.follow_use(used.remove(group.arn.as_str()), now);
        }
    }
}

pub(super) fn rule_not_found(arn: &str) -> ApiError {
    ApiError::client("RuleNotFound", format!("Rule '{arn}' not found"))
}

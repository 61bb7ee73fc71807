//! The listener's rules and the target groups.

use std::collections::BTreeMap;
use std::time::Duration;

use ecs_deploy::cloud::{HealthState, TargetHealth};
use ecs_deploy::names::{ByColor, Color, ListenerArn, TargetGroupArn};
use ecs_deploy::traffic::{Action, Conditions, Forward, OtherAction, Priority, Rule, RuleArn};

use super::ecs::{Behaviour, ServiceModel, Set};

/// How long a target shows `draining` after its task was stopped.
const DRAINING: Duration = Duration::from_secs(5);

/// The two rules of the listener, and what is in the groups that is no task.
pub(crate) struct Balancer {
    pub(crate) groups: ByColor<TargetGroupArn>,
    pub(crate) priorities: ByColor<u32>,
    pub(crate) foreign: Vec<(Color, TargetHealth)>,
    /// Where the rule of a color forwards to, where somebody edited it.
    pub(crate) edited: Option<(Color, TargetGroupArn)>,
    /// What somebody sets the priorities to as soon as they were exchanged.
    pub(crate) overruled: Option<ByColor<u32>>,
    /// How late the rules show a change.
    pub(crate) lag: Duration,
    /// What the target groups tell of how long their targets drain.
    pub(crate) delay: Duration,
    /// Rules that somebody added to the listener.
    pub(crate) added: Vec<Rule>,
    /// Listeners that were deleted.
    pub(crate) gone: Vec<ListenerArn>,
    changed: Option<(Duration, ByColor<u32>)>,
}

pub(crate) fn rule_of(color: Color) -> RuleArn {
    RuleArn(format!("rule/{color}"))
}

pub(crate) fn target(id: &str, state: HealthState) -> TargetHealth {
    TargetHealth {
        address: id.parse().ok(),
        id: id.to_owned(),
        port: Some(8080),
        state,
        reason: None,
        description: None,
    }
}

/// A rule that forwards to one group.
pub(crate) fn forwards(number: u32, conditions: Conditions, group: TargetGroupArn) -> Rule {
    Rule {
        arn: RuleArn(format!("rule/{number}")),
        priority: Priority::Number(number),
        conditions,
        actions: vec![Action::Forward(Forward::to(group))],
        transforms: Vec::new(),
    }
}

impl Balancer {
    pub(crate) fn new(groups: ByColor<TargetGroupArn>) -> Self {
        let priorities = ByColor { blue: 12, green: 11 };
        Self {
            groups,
            priorities,
            foreign: Vec::new(),
            edited: None,
            overruled: None,
            lag: Duration::ZERO,
            delay: DRAINING,
            added: Vec::new(),
            gone: Vec::new(),
            changed: None,
        }
    }

    pub(crate) fn serving(&self) -> Color {
        let ByColor { blue, green } = self.priorities;
        if blue < green { Color::Blue } else { Color::Green }
    }

    pub(crate) fn swap(&mut self) {
        let ByColor { blue, green } = self.priorities;
        self.priorities = ByColor { blue: green, green: blue };
    }

    pub(crate) fn rules(&self, now: Duration) -> Vec<Rule> {
        let late = self.changed.filter(|(at, _)| now < *at + self.lag);
        let priorities = late.map_or(self.priorities, |(_, before)| before);
        let rule = |color: Color| Rule {
            arn: rule_of(color),
            ..forwards(priorities[color], Conditions::default(), self.forward(color))
        };
        let default = Rule {
            arn: RuleArn("rule/default".into()),
            priority: Priority::Default,
            conditions: Conditions::default(),
            actions: vec![Action::Respond(OtherAction {
                kind: "fixed-response".into(),
                settings: String::new(),
            })],
            transforms: Vec::new(),
        };
        Color::ALL.into_iter().map(rule).chain([default]).chain(self.added.clone()).collect()
    }

    fn forward(&self, color: Color) -> TargetGroupArn {
        let edited = self.edited.as_ref().filter(|(of, _)| *of == color);
        edited.map_or_else(|| self.groups[color].clone(), |(_, group)| group.clone())
    }

    pub(crate) fn set_priorities(
        &mut self,
        to: &BTreeMap<RuleArn, u32>,
        now: Duration,
    ) -> Result<(), String> {
        let mut next = self.priorities;
        for (arn, number) in to {
            if let Some(added) = self.added.iter_mut().find(|rule| rule.arn == *arn) {
                added.priority = Priority::Number(*number);
                continue;
            }
            let color = Color::ALL.into_iter().find(|color| rule_of(*color) == *arn);
            next[color.ok_or_else(|| format!("RuleNotFound: {arn}"))?] = *number;
        }
        if next.blue == next.green {
            return Err("PriorityInUse".into());
        }
        self.changed = Some((now, std::mem::replace(&mut self.priorities, next)));
        self.priorities = self.overruled.unwrap_or(next);
        Ok(())
    }

    pub(crate) fn health(
        &self,
        group: &TargetGroupArn,
        service: &ServiceModel,
        now: Duration,
    ) -> Vec<TargetHealth> {
        let color = self.groups.find(|of| of == group);
        let foreign = self.foreign.iter().filter(|(of, _)| Some(*of) == color);
        let sets = service.sets.iter().filter(|set| set.group == *group);
        sets.flat_map(|set| targets(set, service.desired, now))
            .chain(foreign.map(|(_, target)| target.clone()))
            .collect()
    }
}

fn targets(set: &Set, desired: u32, now: Duration) -> Vec<TargetHealth> {
    let leaving = set.scaled_down.filter(|_| !set.protected);
    let (count, state) = match leaving {
        Some(at) if now < at + DRAINING => (desired, HealthState::Draining),
        Some(_) => (0, HealthState::Draining),
        None if set.is_healthy(now) => (set.running(desired, now), HealthState::Healthy),
        None if set.behaviour == Behaviour::NeverHealthy => {
            (set.running(desired, now), HealthState::Unhealthy)
        }
        None => (set.running(desired, now), HealthState::Initial),
    };
    let told = |target: TargetHealth| match state {
        HealthState::Unhealthy => TargetHealth {
            reason: Some("Target.FailedHealthChecks".into()),
            description: Some("Health checks failed".into()),
            ..target
        },
        _ => target,
    };
    let addresses = set.addresses(count).into_iter();
    addresses.map(|address| told(target(&address.to_string(), state))).collect()
}

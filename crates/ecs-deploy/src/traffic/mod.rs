//! What the listeners say: which color is live, and how that is changed.
//!
//! A request reaches a color through a *slot*: a forward to the color's target group in any listener of
//! the balancer, default actions included. A deploy exchanges *pairs*: two rules of one listener that
//! are equal in all but the group, of which the one with the lower number is live. Every slot has to be
//! half of a pair, or unreachable behind one earlier rule, or accepted by its name. Then an exchange of
//! all pairs gives each request of the one color to the other, and changes nothing else.
//!
//! What can't be shown unreachable counts as reachable.

mod advice;
mod condition;
mod digest;
mod listener;
mod pattern;
mod reach;
mod refusal;
mod rule;

use std::collections::{BTreeMap, BTreeSet};

pub use advice::Advice;
pub use condition::{Condition, Conditions, Parameter};
pub use pattern::Pattern;
pub use reach::Reach;
pub use refusal::{Problem, RuleRow, TrafficRefusal};
pub use rule::{Action, Forward, Listener, OtherAction, Priority, Rule, RuleArn, WeightedGroup};

use crate::names::{ByColor, Color, ListenerArn, RulesDigest, TargetGroupArn};
use listener::ListenerTraffic;

/// Which rules a deploy moves, as the config names them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The target groups.
    pub groups: ByColor<TargetGroupArn>,
    /// The listeners whose pairs are exchanged, `ListenerARN` first.
    pub listeners: Vec<ListenerArn>,
    /// The listener that is there to try a version out.
    pub test_listener: Option<ListenerArn>,
    /// Rules that are neither moved nor counted as live.
    pub accepted_rules: BTreeSet<RuleArn>,
}

impl Scope {
    /// The listeners that have to be there, each once.
    pub fn named(&self) -> impl Iterator<Item = &ListenerArn> {
        self.listeners.iter().chain(&self.test_listener)
    }

    fn accepts(&self, listener: &ListenerArn, rule: &RuleArn) -> bool {
        self.test_listener.as_ref() == Some(listener) || self.accepted_rules.contains(rule)
    }
}

/// The rules of one listener, in any order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenerRules {
    /// The listener.
    pub listener: ListenerArn,
    /// Its protocol and port, such as `HTTPS:443`; `None` where the listeners could not be listed.
    pub endpoint: Option<String>,
    /// Its rules, the default rule included.
    pub rules: Vec<Rule>,
}

/// Two rules that are equal in all but their group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// Their listener.
    pub listener: ListenerArn,
    /// The rule of each color.
    pub rules: ByColor<PairedRule>,
    /// What takes all of its requests before.
    pub cover: Option<Cover>,
}

/// A rule of a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairedRule {
    /// The rule's ARN.
    pub arn: RuleArn,
    /// Its priority; the lower number of the two is live.
    pub priority: u32,
}

/// What takes all requests that a pair would take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cover {
    /// Another pair, which moves with it.
    Pair,
    /// A redirect or a fixed response, as during maintenance.
    Response(RuleArn),
    /// A forward that is not moved.
    Forward(RuleArn),
}

impl Pair {
    /// The color that is live in it.
    pub fn live(&self) -> Color {
        if self.rules.blue.priority < self.rules.green.priority {
            Color::Blue
        } else {
            Color::Green
        }
    }

    /// Whether it decides for requests of its own: behind another pair it does not.
    pub fn leads(&self) -> bool {
        self.cover != Some(Cover::Pair)
    }

    fn priorities(&self, live: Color) -> [(RuleArn, u32); 2] {
        let ByColor { blue, green } = &self.rules;
        let (low, high) = (blue.priority.min(green.priority), blue.priority.max(green.priority));
        let number = |color| if color == live { low } else { high };
        [(blue.arn.clone(), number(Color::Blue)), (green.arn.clone(), number(Color::Green))]
    }
}

/// A rule through which requests reach a color, and which is neither half of a pair nor named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenRule {
    /// Its listener.
    pub listener: ListenerArn,
    /// The rule.
    pub rule: Rule,
    /// The colors that its requests reach.
    pub colors: BTreeSet<Color>,
    /// Why it is no half of a pair.
    pub reason: OpenReason,
}

/// Why a rule is no half of a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenReason {
    /// It is a listener's default rule, which can't be moved.
    Default,
    /// Its listener is not among those that are moved.
    OtherListener,
    /// It forwards to several groups.
    Several,
    /// No rule for the other color is like it. The nearest one differs in these.
    NoPartner(Option<(RuleArn, Vec<&'static str>)>),
    /// Its last action is none that this program knows.
    UnknownAction,
}

/// What the listeners of a balancer say.
#[derive(Debug, Clone)]
pub struct Traffic {
    groups: ByColor<TargetGroupArn>,
    /// Those that are moved first, in the order of the config.
    listeners: Vec<ListenerTraffic>,
    /// Listeners that the config names and that do not exist.
    missing: Vec<ListenerArn>,
}

impl Traffic {
    /// Reads what the listeners say. `accepted` accepts the open rules of that digest.
    pub fn read(seen: Vec<ListenerRules>, scope: &Scope, accepted: Option<&RulesDigest>) -> Self {
        let place = |arn: &ListenerArn| scope.listeners.iter().position(|it| it == arn);
        let mut seen = seen;
        seen.sort_by_key(|one| (place(&one.listener).unwrap_or(usize::MAX), one.listener.clone()));
        let is_missing = |arn: &&ListenerArn| !seen.iter().any(|one| one.listener == **arn);
        let missing = scope.named().filter(is_missing).cloned().collect();
        let listeners = seen.into_iter().map(|one| ListenerTraffic::read(one, scope)).collect();
        let mut traffic = Self { groups: scope.groups.clone(), listeners, missing };
        if accepted.is_some() && traffic.digest().as_ref() == accepted {
            traffic.listeners.iter_mut().for_each(ListenerTraffic::accept_open);
        }
        traffic
    }

    /// The pairs, `ListenerARN`'s first, and of a listener the one that is asked first.
    pub fn pairs(&self) -> impl Iterator<Item = &Pair> {
        self.listeners.iter().flat_map(|listener| &listener.pairs)
    }

    /// A listener as a person knows it: by protocol and port, where they are known.
    pub fn name_of(&self, listener: &ListenerArn) -> String {
        let listener_traffic = self.listeners.iter().find(|it| it.arn == *listener);
        listener_traffic.map_or_else(|| listener.to_string(), ListenerTraffic::name)
    }

    /// The pairs that decide for requests of their own.
    fn leading(&self) -> impl Iterator<Item = &Pair> {
        self.pairs().filter(|pair| pair.leads())
    }

    /// The rules through which requests reach a color, and which are neither half of a pair nor named.
    pub fn open(&self) -> impl Iterator<Item = &OpenRule> {
        self.listeners.iter().flat_map(|listener| &listener.open)
    }

    /// The color that is live where requests are moved; `None` where some pairs differ, or there is
    /// none.
    pub fn live(&self) -> Option<Color> {
        let mut colors = self.leading().map(Pair::live);
        let first = colors.next()?;
        colors.all(|color| color == first).then_some(first)
    }

    /// Whether one color is live for some requests, and the other for others.
    pub fn is_mixed(&self) -> bool {
        self.live().is_none() && self.pairs().next().is_some()
    }

    /// The color of the pair that is asked first, or without a pair, as the original reads a listener:
    /// the one whose rule has the lowest number.
    pub fn nominal(&self) -> Option<Color> {
        self.leading().next().map(Pair::live).or_else(|| {
            let first = self.listeners.first()?;
            let mut plain = first.rules().iter().filter(|rule| rule.number().is_some());
            plain.find_map(|rule| self.color_of(rule))
        })
    }

    /// The number of a color's rule: in the pair that is asked first, or without a pair the lowest one.
    pub fn number_of(&self, color: Color) -> Option<u32> {
        if let Some(pair) = self.leading().next() {
            return Some(pair.rules[color].priority);
        }
        let mut plain = self.listeners.first()?.rules().iter();
        plain.find(|rule| self.color_of(rule) == Some(color))?.number()
    }

    /// Whether this color is the live one of each pair. A rule that covers a pair, or one that is not
    /// paired, may still lead requests elsewhere: [`Self::check`] finds those.
    pub fn is_live(&self, color: Color) -> bool {
        self.live() == Some(color)
    }

    /// The color whose group is the only one that a rule's requests reach.
    pub fn color_of(&self, rule: &Rule) -> Option<Color> {
        let group = rule.only_group()?;
        self.groups.find(|own| own == group)
    }

    /// The rules of all pairs that forward to a color.
    pub fn rules_of(&self, color: Color) -> BTreeSet<RuleArn> {
        self.pairs().map(|pair| pair.rules[color].arn.clone()).collect()
    }

    /// The priorities of all paired rules as they are.
    pub fn priorities(&self) -> BTreeMap<RuleArn, u32> {
        self.pairs().flat_map(|pair| pair.priorities(pair.live())).collect()
    }

    /// The priorities with which a color is live, for each listener: one call takes rules of one
    /// listener.
    pub fn priorities_for(&self, live: Color) -> Vec<BTreeMap<RuleArn, u32>> {
        let of = |listener: &ListenerTraffic| -> BTreeMap<RuleArn, u32> {
            listener.pairs.iter().flat_map(|pair| pair.priorities(live)).collect()
        };
        self.listeners.iter().map(of).filter(|to| !to.is_empty()).collect()
    }

    /// Whether each of these rules has the priority.
    pub fn has_priorities(&self, to: &BTreeMap<RuleArn, u32>) -> bool {
        to.iter()
            .all(|(arn, number)| self.rule(arn).is_some_and(|rule| rule.number() == Some(*number)))
    }

    /// A rule by its ARN.
    pub fn rule(&self, arn: &RuleArn) -> Option<&Rule> {
        self.listeners.iter().flat_map(ListenerTraffic::rules).find(|rule| rule.arn == *arn)
    }

    /// What the balancer answers itself before a pair is asked, as during maintenance.
    pub fn maintenance(&self) -> Vec<String> {
        self.listeners.iter().flat_map(ListenerTraffic::maintenance).collect()
    }

    /// What a person should know of rules that are asked before a pair.
    pub fn notes(&self) -> Vec<String> {
        let partial = self.listeners.iter().flat_map(ListenerTraffic::partial);
        self.maintenance().into_iter().chain(partial).collect()
    }
}

#[cfg(test)]
mod tests;

//! What a person can do about rules that a deploy can't move.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::Value;

use super::listener::ListenerTraffic;
use super::{Conditions, Cover, OpenReason, OpenRule, Pair, Rule, RuleArn, Traffic};
use crate::names::{Color, ListenerArn, TargetGroupArn};

/// The highest number of a rule.
const LAST: u32 = 50_000;

/// Something to do, as a command of the AWS CLI or a line of the config.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advice {
    /// Create a rule that forwards to a group.
    CreateRule {
        /// Its listener.
        listener: ListenerArn,
        /// Its priority, which is free.
        priority: u32,
        /// Its conditions, as the API takes them.
        conditions: Value,
        /// The group.
        group: TargetGroupArn,
    },
    /// Let a rule forward to one group.
    ForwardTo {
        /// The rule.
        rule: RuleArn,
        /// The group.
        group: TargetGroupArn,
    },
    /// Delete a rule.
    DeleteRule(RuleArn),
    /// Give rules these priorities.
    SetPriorities(BTreeMap<RuleArn, u32>),
    /// Name a listener in `ListenerARNs`: its pairs are moved, too.
    NameListener(ListenerArn),
    /// Name a rule in `AcceptedRules`: it is left alone.
    AcceptRule(RuleArn),
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateRule { listener, priority, conditions, group } => write!(
                f,
                "aws elbv2 create-rule --listener-arn {listener} --priority {priority} --conditions \
                 {} --actions Type=forward,TargetGroupArn={group}",
                quoted(conditions)
            ),
            Self::ForwardTo { rule, group } => write!(
                f,
                "aws elbv2 modify-rule --rule-arn {rule} --actions Type=forward,TargetGroupArn={group}"
            ),
            Self::DeleteRule(rule) => write!(f, "aws elbv2 delete-rule --rule-arn {rule}"),
            Self::SetPriorities(to) => {
                f.write_str("aws elbv2 set-rule-priorities --rule-priorities")?;
                to.iter().try_for_each(|(arn, it)| write!(f, " RuleArn={arn},Priority={it}"))
            }
            Self::NameListener(listener) => {
                write!(f, "in the config: \"ListenerARNs\": [\"{listener}\"]")
            }
            Self::AcceptRule(rule) => write!(f, "in the config: \"AcceptedRules\": [\"{rule}\"]"),
        }
    }
}

/// JSON as one word of a shell.
fn quoted(json: &Value) -> String {
    format!("'{}'", json.to_string().replace('\'', r"'\''"))
}

/// Finds what to do, and gives each new rule a number of its own.
pub(super) struct Adviser<'a> {
    traffic: &'a Traffic,
    /// The color that each resolved rule shall lead to.
    live: Color,
    taken: BTreeMap<ListenerArn, BTreeSet<u32>>,
    named: BTreeSet<ListenerArn>,
}

impl<'a> Adviser<'a> {
    /// Gives advice on `traffic`, with numbers that are free in `there` as well.
    pub(super) fn new(traffic: &'a Traffic, there: &Traffic) -> Self {
        let numbers = |listener: &ListenerTraffic| {
            let numbers = listener.rules().iter().filter_map(Rule::number).collect();
            (listener.arn.clone(), numbers)
        };
        let live = traffic.nominal().unwrap_or_else(|| traffic.heaviest());
        let taken = there.listeners.iter().map(numbers).collect();
        Self { traffic, live, taken, named: BTreeSet::new() }
    }

    /// What lets a rule move with the others; `None` where that takes more than plain forwards.
    pub(super) fn move_along(&mut self, open: &OpenRule) -> Option<Vec<Advice>> {
        let mut steps = match self.traffic.partner(open) {
            Some(_) if self.leads_to_live(open) => Vec::new(),
            Some(partner) => {
                let (own, other) = (open.rule.number()?, partner.number()?);
                let to = [(open.rule.arn.clone(), other), (partner.arn.clone(), own)];
                vec![Advice::SetPriorities(to.into())]
            }
            None => self.pair_for(open)?,
        };
        if open.reason == OpenReason::OtherListener {
            steps.extend(self.name(&open.listener)?);
        }
        Some(steps)
    }

    /// Names a listener, and the first time does what its pairs then need, beside the advice on its open
    /// rules. `None` where a rule that is reached by then can't be moved.
    fn name(&mut self, listener: &ListenerArn) -> Option<Vec<Advice>> {
        let mut steps = vec![Advice::NameListener(listener.clone())];
        if self.named.contains(listener) {
            return Some(steps);
        }
        let (clear, problems) = self.traffic.with_moved(listener).clear();
        steps.extend(problems.into_iter().flat_map(|problem| problem.to_move));
        let is_open = |rule: &RuleArn| self.traffic.open().any(|open| open.rule.arn == *rule);
        let turned =
            |pair: &&Pair| pair.live() != self.live && !is_open(&pair.rules[pair.live()].arn);
        let to = clear.leading().filter(turned).map(|pair| pair.priorities(self.live).into());
        steps.extend(to.map(Advice::SetPriorities));
        for open in clear.open().filter(|open| !is_open(&open.rule.arn)) {
            steps.extend(self.move_along(open)?);
        }
        self.named.insert(listener.clone());
        Some(steps)
    }

    /// What leaves a rule alone; nothing where a deploy would have nothing left to move.
    pub(super) fn leave_alone(&self, open: &OpenRule) -> Vec<Advice> {
        match self.traffic.can_accept(open) {
            true => vec![Advice::AcceptRule(open.rule.arn.clone())],
            false => Vec::new(),
        }
    }

    /// What brings all pairs to one color.
    pub(super) fn bring_to_one_color(&self) -> Vec<Advice> {
        let all = self.traffic.priorities_for(self.live).into_iter();
        all.filter(|to| !self.traffic.has_priorities(to)).map(Advice::SetPriorities).collect()
    }

    /// Two rules for what no other rule takes, where there are none. Nothing where a forward takes
    /// everything: that may be another service's.
    pub(super) fn first_pair(&mut self) -> Vec<Advice> {
        let Some(listener) = self.traffic.listeners.first() else { return Vec::new() };
        let everything = Conditions::default();
        let takes_all = |rule: &Rule| rule.conditions == everything && rule.number().is_some();
        if listener.rules().iter().any(|rule| takes_all(rule) && !rule.responds()) {
            return Vec::new();
        }
        let (arn, last) = (listener.arn.clone(), self.last_of(&listener.arn));
        let everything = everything.to_api().unwrap_or_default();
        self.create_both(&arn, last, &everything).unwrap_or_default()
    }

    /// The highest number of a listener's rules.
    fn last_of(&self, listener: &ListenerArn) -> u32 {
        self.taken.get(listener).and_then(|taken| taken.last().copied()).unwrap_or_default()
    }

    fn leads_to_live(&self, open: &OpenRule) -> bool {
        self.traffic.color_of(&open.rule) == Some(self.live)
    }

    /// The live color's group alone in the rule, and a rule for the other one behind it.
    fn pair_for(&mut self, open: &OpenRule) -> Option<Vec<Advice>> {
        let (rule, listener) = (&open.rule, &open.listener);
        let conditions = rule.conditions.to_api()?;
        let Some(number) = rule.number() else {
            return self.create_both(listener, self.last_of(listener), &conditions);
        };
        if !rule.is_plain() {
            return None;
        }
        let mut steps = Vec::new();
        let forward = rule.forward()?;
        let is_simple = forward.groups.len() == 1 && forward.stickiness.is_none();
        if !self.leads_to_live(open) || !is_simple {
            let group = self.traffic.groups[self.live].clone();
            steps.push(Advice::ForwardTo { rule: rule.arn.clone(), group });
        }
        steps.push(self.create(listener, number, &conditions, self.live.other())?);
        Some(steps)
    }

    fn create_both(
        &mut self,
        listener: &ListenerArn,
        after: u32,
        conditions: &Value,
    ) -> Option<Vec<Advice>> {
        let live = self.create(listener, after, conditions, self.live)?;
        let Advice::CreateRule { priority, .. } = live else { return None };
        let idle = self.create(listener, priority, conditions, self.live.other())?;
        Some(vec![live, idle])
    }

    /// A rule with the next free number.
    fn create(
        &mut self,
        listener: &ListenerArn,
        after: u32,
        conditions: &Value,
        color: Color,
    ) -> Option<Advice> {
        let taken = self.taken.get_mut(listener)?;
        let priority = (after + 1..=LAST).find(|number| !taken.contains(number))?;
        taken.insert(priority);
        Some(Advice::CreateRule {
            listener: listener.clone(),
            priority,
            conditions: conditions.clone(),
            group: self.traffic.groups[color].clone(),
        })
    }
}

impl Traffic {
    /// One listener alone, as if the config named it.
    fn with_moved(&self, listener: &ListenerArn) -> Self {
        let of_name = self.listeners.iter().filter(|it| it.arn == *listener);
        let listeners = of_name.map(|it| it.moved(&self.groups)).collect();
        Self { listeners, ..self.clone() }
    }

    /// The color that the first open rule sends the most to.
    fn heaviest(&self) -> Color {
        let weight = |color: &Color| {
            let forward = self.open().next().and_then(|open| open.rule.forward());
            let of_color = forward.and_then(|forward| {
                forward.groups.iter().find(|weighted| weighted.group == self.groups[*color])
            });
            of_color.map_or(0, |weighted| weighted.weight)
        };
        Color::ALL.into_iter().rev().max_by_key(weight).unwrap_or(Color::Blue)
    }

    /// The rule that an open one would be a pair with, were its listener moved.
    fn partner(&self, open: &OpenRule) -> Option<&Rule> {
        let color = self.color_of(&open.rule)?;
        open.rule.number()?;
        let listener = self.listeners.iter().find(|listener| listener.arn == open.listener)?;
        let mut later = listener.rules().iter().filter(|rule| rule.priority > open.rule.priority);
        later.find(|rule| {
            rule.number().is_some()
                && !listener.accepted.contains(&rule.arn)
                && self.color_of(rule) == Some(color.other())
                && rule.is_like(&open.rule)
        })
    }

    /// Whether a rule can be left alone: there is a pair to move, and this rule does not take all of a
    /// pair's requests.
    pub(super) fn can_accept(&self, open: &OpenRule) -> bool {
        let covers = |pair: &Pair| pair.cover == Some(Cover::Forward(open.rule.arn.clone()));
        self.pairs().next().is_some() && !self.pairs().any(covers)
    }
}

//! Why nothing can be moved, with the rules and what to do.

use std::collections::BTreeSet;
use std::fmt;

use super::advice::Adviser;
use super::listener::{ListenerTraffic, colors};
use super::{Advice, Cover, OpenReason, OpenRule, Pair, Rule, RuleArn, Traffic};
use crate::names::{Color, ListenerArn, RulesDigest};

/// How many rules a deploy exchanges at most: three times of what AWS allows a balancer by default.
const MOST_RULES: usize = 300;

/// Why a deploy would not move what users reach.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TrafficRefusal {
    /// The listener that the config names first.
    pub listener: ListenerArn,
    /// What is in the way; at least one.
    pub problems: Vec<Problem>,
    /// The rules that matter, in the order in which they are asked.
    pub rules: Vec<RuleRow>,
    /// What accepts the rules for one run, where that is enough.
    pub accept: Option<RulesDigest>,
    /// Whether the only problem is that not all pairs have one live color: another deploy may be
    /// moving them.
    pub is_mixed: bool,
}

/// Something that is in the way of a deploy.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// What, in words.
    pub what: String,
    /// What moves the requests with the others, all of it in this order.
    pub to_move: Vec<Advice>,
    /// What leaves them where they go, in place of that.
    pub to_accept: Vec<Advice>,
}

/// A rule for a person to read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleRow {
    /// Its listener, by protocol and port where they are known.
    pub listener: String,
    /// Its number, or `default`.
    pub priority: String,
    /// What it asks of a request.
    pub conditions: String,
    /// What it does.
    pub action: String,
    /// What it is to a deploy.
    pub role: &'static str,
}

impl std::error::Error for TrafficRefusal {}

impl fmt::Display for TrafficRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problems: Vec<&str> = self.problems.iter().map(|problem| &*problem.what).collect();
        f.write_str(&problems.join("; "))
    }
}

impl Traffic {
    /// The color that is live, where an exchange of all pairs moves all that reaches a color.
    ///
    /// # Errors
    /// [`TrafficRefusal`] where some requests would stay behind, or none would be moved.
    pub fn check(&self) -> Result<Color, TrafficRefusal> {
        let (clear, mut problems) = self.clear();
        let mut adviser = Adviser::new(&clear, self);
        problems.extend(clear.open().map(|open| clear.open_problem(open, &mut adviser)));
        problems.extend(self.missing.iter().map(missing_problem));
        let count = 2 * self.pairs().count();
        if count > MOST_RULES {
            let what = format!(
                "{count} rules forward to the colors; a deploy exchanges {MOST_RULES} at most"
            );
            problems.push(Problem { what, to_move: Vec::new(), to_accept: Vec::new() });
        }
        let is_mixed = problems.is_empty() && self.is_mixed();
        match clear.live() {
            Some(live) if problems.is_empty() => return Ok(live),
            Some(_) => {}
            None if clear.is_mixed() => problems.push(clear.mixed_problem(&adviser)),
            None if problems.is_empty() => problems.push(self.no_pair_problem(&mut adviser)),
            None => {}
        }
        Err(TrafficRefusal {
            listener: self.listeners[0].arn.clone(),
            accept: self.digest().filter(|_| {
                self.live().is_some()
                    && problems.len() == self.open().count()
                    && self.open().all(|open| self.can_accept(open))
            }),
            problems,
            rules: self.rows(),
            is_mixed,
        })
    }

    /// The rules as they are once no forward covers a pair, and the problems with those that do: what
    /// they cover beside the pair is then reached, too.
    pub(super) fn clear(&self) -> (Self, Vec<Problem>) {
        let (mut clear, mut problems) = (self.clone(), Vec::new());
        loop {
            let covering: BTreeSet<RuleArn> = clear.covering().cloned().collect();
            if covering.is_empty() {
                return (clear, problems);
            }
            problems.extend(clear.pairs().filter_map(|pair| clear.covered_problem(pair)));
            let listeners = clear.listeners.iter();
            let listeners = listeners.map(|it| it.without(&covering, &self.groups)).collect();
            clear.listeners = listeners;
        }
    }

    /// The rules that cover pairs and are neither moved with them nor have a problem of their own.
    fn covering(&self) -> impl Iterator<Item = &RuleArn> {
        let all = self.pairs().filter_map(|pair| match &pair.cover {
            Some(Cover::Forward(by)) => Some(by),
            _ => None,
        });
        all.filter(|by| !self.open().any(|open| open.rule.arn == **by))
    }

    fn open_problem(&self, open: &OpenRule, adviser: &mut Adviser<'_>) -> Problem {
        Problem {
            what: format!("{} {}", self.words(open), self.reason(open)),
            to_move: adviser.move_along(open).unwrap_or_default(),
            to_accept: adviser.leave_alone(open),
        }
    }

    fn words(&self, open: &OpenRule) -> String {
        let listener = self.listeners.iter().find(|listener| listener.arn == open.listener);
        listener.map_or_else(|| open.rule.arn.to_string(), |listener| listener.words(&open.rule))
    }

    fn reason(&self, open: &OpenRule) -> String {
        let to = list(open.colors.iter().map(|color| format!("{color} ({})", self.groups[*color])));
        match &open.reason {
            OpenReason::Default => format!("forwards to {to}, and a default rule can't be moved"),
            OpenReason::OtherListener => {
                format!("forwards to {to}, and a deploy does not move its listener")
            }
            OpenReason::Several => format!("splits requests between groups, among them {to}"),
            OpenReason::UnknownAction => "has an action that this program does not know".to_owned(),
            OpenReason::NoPartner(nearest) => {
                let other =
                    self.color_of(&open.rule).map_or("the other color", |it| it.other().as_str());
                let near = nearest.as_ref().and_then(|(arn, differences)| {
                    let rule = self.rule(arn)?;
                    let differences = differences.join(" and ");
                    Some(format!(" (rule {} has other {differences})", rule.priority))
                });
                format!(
                    "forwards to {to}, and no rule behind it forwards to {other} with the same \
                     conditions{}",
                    near.unwrap_or_default()
                )
            }
        }
    }

    /// A pair that a forward covers gets no request. Pairs that one rule covers have one problem
    /// together.
    fn covered_problem(&self, pair: &Pair) -> Option<Problem> {
        let Some(Cover::Forward(by)) = &pair.cover else { return None };
        if !self.covering().any(|covering| covering == by) {
            return None;
        }
        let mut covered = self.pairs().filter(|other| other.cover == pair.cover).peekable();
        if covered.peek() != Some(&pair) {
            return None;
        }
        let numbers = covered.map(|it| format!("rule {}", it.rules[it.live()].priority));
        let rule = self.rule(by)?;
        let listener = self.listeners.iter().find(|listener| listener.arn == pair.listener)?;
        Some(Problem {
            what: format!(
                "{} takes all requests of {}, so no request would reach the new version there",
                listener.words(rule),
                list(numbers)
            ),
            to_move: vec![Advice::DeleteRule(by.clone())],
            to_accept: Vec::new(),
        })
    }

    fn mixed_problem(&self, adviser: &Adviser<'_>) -> Problem {
        let of = |color: Color| {
            let pairs = self.leading().filter(|pair| pair.live() == color);
            list(pairs.map(|pair| {
                let (number, listener) = (pair.rules[color].priority, self.name_of(&pair.listener));
                format!("rule {number} of {listener}")
            }))
        };
        Problem {
            what: format!(
                "blue is live for some requests ({}) and green for others ({})",
                of(Color::Blue),
                of(Color::Green)
            ),
            to_move: adviser.bring_to_one_color(),
            to_accept: Vec::new(),
        }
    }

    fn no_pair_problem(&self, adviser: &mut Adviser<'_>) -> Problem {
        Problem {
            what: format!(
                "the listener {} has no rule that forwards to the blue target group {} or the green \
                 target group {} alone; create one for each, with the same conditions",
                self.listeners[0].arn, self.groups.blue, self.groups.green
            ),
            to_move: adviser.first_pair(),
            to_accept: Vec::new(),
        }
    }

    /// The rules that name a color's group or take all requests of a pair.
    fn rows(&self) -> Vec<RuleRow> {
        self.listeners.iter().flat_map(|listener| self.rows_of(listener)).collect()
    }

    fn rows_of(&self, listener: &ListenerTraffic) -> Vec<RuleRow> {
        let is_cover = |rule: &Rule| {
            listener.pairs.iter().any(|pair| match &pair.cover {
                Some(Cover::Forward(by) | Cover::Response(by)) => *by == rule.arn,
                _ => false,
            })
        };
        let row = |(place, rule): (usize, &Rule)| {
            let names_color = !colors(rule, &self.groups).is_empty();
            (names_color || is_cover(rule)).then(|| RuleRow {
                listener: listener.name(),
                priority: rule.priority.to_string(),
                conditions: rule.conditions.to_string(),
                action: self.action(rule),
                role: listener.role(place),
            })
        };
        listener.rules().iter().enumerate().filter_map(row).collect()
    }

    /// What a rule does, in words.
    fn action(&self, rule: &Rule) -> String {
        let Some(forward) = rule.forward() else {
            return rule.actions.last().map_or_else(String::new, super::Action::kind);
        };
        let name = |weighted: &super::WeightedGroup| match self
            .groups
            .find(|group| *group == weighted.group)
        {
            Some(color) => color.to_string(),
            None => weighted.group.arn().resource().to_owned(),
        };
        match &forward.groups[..] {
            [only] => name(only),
            several => list(several.iter().map(|it| format!("{} {}", it.weight, name(it)))),
        }
    }
}

impl ListenerTraffic {
    fn role(&self, place: usize) -> &'static str {
        let rule = &self.rules()[place];
        let is_half = |live: bool| {
            self.pairs.iter().any(|pair| {
                let color = if live { pair.live() } else { pair.live().other() };
                pair.rules[color].arn == rule.arn
            })
        };
        if self.accepted.contains(&rule.arn) {
            "accepted"
        } else if self.open.iter().any(|open| open.rule.arn == rule.arn) {
            "not moved"
        } else if is_half(true) {
            "live"
        } else if is_half(false) {
            "idle"
        } else if self.is_reachable(place) {
            "other"
        } else {
            "unreachable"
        }
    }
}

fn missing_problem(listener: &ListenerArn) -> Problem {
    Problem {
        what: format!(
            "the listener {listener} does not exist; correct `ListenerARNs` or `TestListenerARN`"
        ),
        to_move: Vec::new(),
        to_accept: Vec::new(),
    }
}

fn list(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(" and ")
}

//! Which color serves, and how that is changed.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::cloud::{Action, Condition, Priority, Rule, RuleArn};
use crate::names::{ByColor, Color, TargetGroupArn};

/// The rule of one color.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColorRule {
    /// The rule's ARN.
    pub arn: RuleArn,
    /// Its priority; the lower number serves.
    pub priority: u32,
}

/// The rules of both colors, in pairs: as a rule one, or one for each host or path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// At least one, the one that is asked first before the others; the same color serves in all.
    pairs: Vec<ByColor<ColorRule>>,
}

/// How many rules a deploy exchanges at most: three times of what AWS allows a balancer unasked.
const MOST_RULES: usize = 300;

/// Why the colors can't be read from a listener.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RulesError {
    /// No rule forwards to the color.
    #[error(
        "no rule of it forwards to the {color} target group {group} alone; add one, as the default \
         rule can't be swapped"
    )]
    None {
        /// The color.
        color: Color,
        /// Its target group.
        group: TargetGroupArn,
    },
    /// Several rules forward to the color, and some of them belong to none of the other color's.
    #[error(
        "where several rules forward to the {color} target group, each needs exactly one rule for {} \
         with the same conditions, and these have none, or several: {}",
        color.other(),
        list(rules)
    )]
    Unpaired {
        /// The color.
        color: Color,
        /// The rules' ARNs.
        rules: Vec<RuleArn>,
    },
    /// More rules than one call can be trusted to exchange, and the lock's row to remember.
    #[error(
        "{count} rules of it forward to the colors; {MOST_RULES} are the most that a deploy exchanges"
    )]
    TooMany {
        /// How many.
        count: usize,
    },
    /// One color serves some requests, and the other color others.
    #[error("{} comes before {}, and for other requests {other} serves", served.arn, idle.arn)]
    Mixed {
        /// The rule that serves in the pair that is asked first.
        served: ColorRule,
        /// The other one of that pair.
        idle: ColorRule,
        /// The color that serves in another pair.
        other: Color,
    },
}

fn list(rules: &[RuleArn]) -> String {
    rules.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl Rules {
    /// Reads the colors from a listener's rules, as the original does: a rule belongs to a color
    /// when its last action forwards to that color's group and to no other.
    ///
    /// # Errors
    /// [`RulesError`] where a color has no rule, where several can't be paired, and where the colors
    /// are mixed.
    pub fn read(rules: &[Rule], groups: &ByColor<TargetGroupArn>) -> Result<Self, RulesError> {
        let of = |color: Color| Self::candidates(rules, color, &groups[color]);
        let (blue, green) = (of(Color::Blue)?, of(Color::Green)?);
        let count = blue.len() + green.len();
        if count > MOST_RULES {
            return Err(RulesError::TooMany { count });
        }
        let mut pairs = pairs(blue, green)?;
        pairs.sort_by_key(|pair| pair.blue.priority.min(pair.green.priority));
        let serving = serving(&pairs[0]);
        if pairs.iter().any(|pair| self::serving(pair) != serving) {
            let (served, idle) = (pairs[0][serving].clone(), pairs[0][serving.other()].clone());
            return Err(RulesError::Mixed { served, idle, other: serving.other() });
        }
        Ok(Self { pairs })
    }

    fn candidates<'a>(
        rules: &'a [Rule],
        color: Color,
        group: &TargetGroupArn,
    ) -> Result<Vec<Candidate<'a>>, RulesError> {
        let candidate = |rule: &'a Rule| Some((&rule.conditions, color_rule(rule, group)?));
        let found: Vec<_> = rules.iter().filter_map(candidate).collect();
        if found.is_empty() {
            return Err(RulesError::None { color, group: group.clone() });
        }
        Ok(found)
    }

    /// The color that serves: the one whose rule has the lower number, in every pair.
    pub fn serving(&self) -> Color {
        serving(&self.pairs[0])
    }

    /// The pairs, the one that is asked first before the others.
    pub fn pairs(&self) -> &[ByColor<ColorRule>] {
        &self.pairs
    }

    /// The rule of a color; of several the one in the pair that is asked first.
    pub fn of(&self, color: Color) -> &ColorRule {
        &self.pairs[0][color]
    }

    /// The rules that forward to a color.
    pub fn of_color(&self, color: Color) -> BTreeSet<RuleArn> {
        self.pairs.iter().map(|pair| pair[color].arn.clone()).collect()
    }

    /// The priorities as they are.
    pub fn priorities(&self) -> BTreeMap<RuleArn, u32> {
        let rules = self.pairs.iter().flat_map(|pair| [&pair.blue, &pair.green]);
        rules.map(|rule| (rule.arn.clone(), rule.priority)).collect()
    }

    /// The priorities with which `color` serves.
    pub fn priorities_to_serve(&self, color: Color) -> BTreeMap<RuleArn, u32> {
        if self.serving() == color {
            return self.priorities();
        }
        let exchanged = |ByColor { blue, green }: &ByColor<ColorRule>| {
            [(blue.arn.clone(), green.priority), (green.arn.clone(), blue.priority)]
        };
        self.pairs.iter().flat_map(exchanged).collect()
    }
}

fn serving(pair: &ByColor<ColorRule>) -> Color {
    if pair.blue.priority < pair.green.priority { Color::Blue } else { Color::Green }
}

/// A rule of a color, with its conditions.
type Candidate<'a> = (&'a BTreeSet<Condition>, ColorRule);

/// Pairs the rules of the colors. One of each is a pair whatever its conditions, as in the original;
/// several have to be told apart by theirs.
fn pairs(
    mut blue: Vec<Candidate<'_>>,
    mut green: Vec<Candidate<'_>>,
) -> Result<Vec<ByColor<ColorRule>>, RulesError> {
    if let ([(_, blue)], [(_, green)]) = (&blue[..], &green[..]) {
        return Ok(vec![ByColor { blue: blue.clone(), green: green.clone() }]);
    }
    let lonely = |own: &[Candidate<'_>], others: &[Candidate<'_>]| -> Vec<RuleArn> {
        let alike = |all: &[Candidate<'_>], conditions: &BTreeSet<Condition>| {
            all.iter().filter(|(of, _)| *of == conditions).count()
        };
        let is_lonely = |(of, _): &&Candidate<'_>| (alike(own, of), alike(others, of)) != (1, 1);
        own.iter().filter(is_lonely).map(|(_, rule)| rule.arn.clone()).collect()
    };
    let mut found = [(Color::Blue, lonely(&blue, &green)), (Color::Green, lonely(&green, &blue))];
    found.sort_by_key(|(_, rules)| Reverse(rules.len()));
    let [(color, rules), _] = found;
    if !rules.is_empty() {
        return Err(RulesError::Unpaired { color, rules });
    }
    blue.sort_by_key(|(conditions, _)| *conditions);
    green.sort_by_key(|(conditions, _)| *conditions);
    let both = blue.into_iter().zip(green);
    Ok(both.map(|((_, blue), (_, green))| ByColor { blue, green }).collect())
}

fn color_rule(rule: &Rule, group: &TargetGroupArn) -> Option<ColorRule> {
    let Priority::Number(priority) = rule.priority else { return None };
    match rule.actions.last()? {
        Action::Forward(groups) if groups.len() == 1 && groups[0].group == *group => {
            Some(ColorRule { arn: rule.arn.clone(), priority })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;

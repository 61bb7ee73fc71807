//! Which color serves, and how that is changed.

use std::collections::BTreeMap;

use crate::cloud::{Action, Priority, Rule, RuleArn};
use crate::names::{ByColor, Color, TargetGroupArn};

/// The rule of one color.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColorRule {
    /// The rule's ARN.
    pub arn: RuleArn,
    /// Its priority; the lower number serves.
    pub priority: u32,
}

/// The rules of both colors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    by_color: ByColor<ColorRule>,
}

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
    /// Several rules forward to the color.
    #[error(
        "{} rules forward to the {color} target group, and exactly one must: {}",
        rules.len(),
        list(rules)
    )]
    Several {
        /// The color.
        color: Color,
        /// The rules' ARNs.
        rules: Vec<RuleArn>,
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
    /// [`RulesError`] where a color has no rule, or several.
    pub fn read(rules: &[Rule], groups: &ByColor<TargetGroupArn>) -> Result<Self, RulesError> {
        let of = |color: Color| Self::of_color(rules, color, &groups[color]);
        let by_color = ByColor { blue: of(Color::Blue)?, green: of(Color::Green)? };
        Ok(Self { by_color })
    }

    fn of_color(
        rules: &[Rule],
        color: Color,
        group: &TargetGroupArn,
    ) -> Result<ColorRule, RulesError> {
        let found: Vec<ColorRule> =
            rules.iter().filter_map(|rule| color_rule(rule, group)).collect();
        match <[ColorRule; 1]>::try_from(found) {
            Ok([rule]) => Ok(rule),
            Err(none) if none.is_empty() => Err(RulesError::None { color, group: group.clone() }),
            Err(several) => Err(RulesError::Several {
                color,
                rules: several.into_iter().map(|rule| rule.arn).collect(),
            }),
        }
    }

    /// The color that serves: the one whose rule has the lower number.
    pub fn serving(&self) -> Color {
        let ByColor { blue, green } = &self.by_color;
        if blue.priority < green.priority { Color::Blue } else { Color::Green }
    }

    /// The rule of a color.
    pub fn of(&self, color: Color) -> &ColorRule {
        &self.by_color[color]
    }

    /// The priorities as they are.
    pub fn priorities(&self) -> BTreeMap<RuleArn, u32> {
        let ByColor { blue, green } = &self.by_color;
        [blue, green].into_iter().map(|rule| (rule.arn.clone(), rule.priority)).collect()
    }

    /// The priorities with which `color` serves.
    pub fn priorities_to_serve(&self, color: Color) -> BTreeMap<RuleArn, u32> {
        if self.serving() == color {
            return self.priorities();
        }
        let ByColor { blue, green } = &self.by_color;
        BTreeMap::from([(blue.arn.clone(), green.priority), (green.arn.clone(), blue.priority)])
    }
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

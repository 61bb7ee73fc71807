//! The expression language: conditions, updates, projections, key conditions.
//!
//! A text goes through the [lexer] and a [parser], which resolves placeholders on
//! the way, and becomes a value that can be asked or applied any number of times.

mod condition;
mod eval;
mod key_condition;
mod lexer;
mod parser;
mod path;
mod placeholders;
mod projection;
mod reserved;
mod update;

pub(crate) use condition::Condition;
pub(crate) use key_condition::KeyCondition;
pub(crate) use placeholders::Placeholders;
pub(crate) use projection::Projection;
pub(crate) use update::Update;

#[cfg(test)]
mod tests;

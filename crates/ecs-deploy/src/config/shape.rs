//! The shapes of values, as tables: every member of a structure with its type.
//!
//! One table serves all who ask: what reads a file, what tells a mistyped member's likely name, and
//! what writes the JSON Schema.

mod container_definition;
mod task_definition;
mod task_set;

pub(super) use container_definition::CONTAINER_DEFINITION;
pub(super) use task_definition::TASK_DEFINITION;
pub(super) use task_set::TASK_SET;

/// The type of a value.
pub(super) enum Shape {
    Text,
    Integer,
    Boolean,
    List(&'static Shape),
    Struct(Members),
    /// Values under keys that are the user's own.
    Map(&'static Shape),
    /// A member of the API that something else decides: what that is.
    Elsewhere(&'static str),
}

/// The members of a structure under their names.
pub(super) type Members = &'static [(&'static str, Shape)];

pub(super) const TEXTS: Shape = Shape::List(&Shape::Text);

/// Texts under keys that are the user's own.
const MAP: Shape = Shape::Map(&Shape::Text);

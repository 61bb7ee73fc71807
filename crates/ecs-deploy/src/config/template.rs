//! Templates: Go's field syntax, and nothing else of Go's or of handlebars' language.
//!
//! Literal text is split off first and never passes through handlebars, which would take a
//! backslash before braces for an escape. What is left are names, looked up strictly.

mod action;
mod scan;

use std::fmt;

use handlebars::Handlebars;
use serde_json::json;

use super::error::{ConfigError, Problem};
use super::rendered::TemplateValues;
use super::source::{At, Source, Text};
use super::target::Target;
use action::Name;
use scan::Piece;

/// A string of the config with the names to put in.
#[derive(Clone)]
pub(super) struct Template {
    at: At,
    parts: Vec<Part>,
}

#[derive(Clone)]
enum Part {
    Literal(String),
    /// A name, and where the action that holds it begins, in characters.
    Name(Name, usize),
}

// Literal text may hold passwords that someone wrote into a container's environment.
impl fmt::Debug for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Template").field(&self.at.path).finish()
    }
}

impl Template {
    /// A template that is rendered before anything is changed.
    pub(super) fn before_deploy(text: &Text, source: &Source) -> Result<Self, ConfigError> {
        Self::parse(text, source, Name::BEFORE_DEPLOY)
    }

    /// A template that is rendered when the task definition is known.
    pub(super) fn after_deploy(text: &Text, source: &Source) -> Result<Self, ConfigError> {
        Self::parse(text, source, Name::AFTER_DEPLOY)
    }

    fn parse(text: &Text, source: &Source, known: &[Name]) -> Result<Self, ConfigError> {
        let failed = |index: usize, why: String| {
            let at = source.inside_string(&text.at, index);
            source.error(&at, Problem::Template(why))
        };
        let pieces = scan::split(&text.value).map_err(|e| failed(e.index, e.why))?;
        let parts = pieces.into_iter().map(|piece| match piece {
            Piece::Literal(literal) => Ok(Part::Literal(literal.to_owned())),
            Piece::Action { body, index } => Name::parse(body, known)
                .map(|name| Part::Name(name, index))
                .map_err(|why| failed(index, why)),
        });
        Ok(Self { at: text.at.clone(), parts: parts.collect::<Result<_, _>>()? })
    }

    pub(super) fn at(&self) -> &At {
        &self.at
    }
}

/// Puts the values of one deploy into templates.
pub(super) struct Renderer<'a> {
    source: &'a Source,
    handlebars: Handlebars<'static>,
    data: serde_json::Value,
}

impl<'a> Renderer<'a> {
    /// A renderer for what is known before the deploy.
    pub(super) fn new(source: &'a Source, target: &Target, values: &TemplateValues) -> Self {
        let mut handlebars = Handlebars::new();
        handlebars.set_strict_mode(true);
        handlebars.register_escape_fn(handlebars::no_escape);
        let data = json!({
            "Environment": target.environment,
            "Region": target.region,
            "Account": target.account,
            "Artifact": {
                "Value": values.value,
                "BuildNumber": values.build_number.to_string(),
                "Tags": values.tags,
            },
        });
        Self { source, handlebars, data }
    }

    /// Adds what post-deploy commands may name.
    pub(super) fn with_task_definition(mut self, family_revision: String) -> Self {
        self.data["TaskDefinition"] = family_revision.into();
        self
    }

    pub(super) fn source(&self) -> &Source {
        self.source
    }

    pub(super) fn render(&self, template: &Template) -> Result<String, ConfigError> {
        let mut text = String::new();
        for part in &template.parts {
            match part {
                Part::Literal(literal) => text.push_str(literal),
                Part::Name(name, index) => text.push_str(&self.look_up(name, template, *index)?),
            }
        }
        Ok(text)
    }

    fn look_up(
        &self,
        name: &Name,
        template: &Template,
        index: usize,
    ) -> Result<String, ConfigError> {
        self.handlebars.render_template(&name.expression(), &self.data).map_err(|_| {
            let at = self.source.inside_string(&template.at, index);
            self.source.error(&at, Problem::Template(self.no_value(name)))
        })
    }

    fn no_value(&self, name: &Name) -> String {
        let tags = self.data["Artifact"]["Tags"].as_object();
        let there: Vec<String> =
            tags.into_iter().flat_map(|tags| tags.keys()).map(|tag| format!("`{tag}`")).collect();
        match there[..] {
            [] => format!("`{name}` has no value: the artifact has no tags"),
            _ => format!("`{name}` has no value: the artifact's tags are {}", there.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests;

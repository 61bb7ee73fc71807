//! Templates with values in place.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use super::check::Checker;
use super::error::ConfigError;
use super::file::CommandText;
use super::hidden::Hidden;
use super::source::{At, Source, Text};
use super::template::{Renderer, Template};
use crate::cloud::Artifact;
use crate::command::Command;
use crate::names::{BuildNumber, ContainerName};

/// What templates can say about the artifact; the rest comes from the
/// [`Target`](super::Target).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TemplateValues {
    /// `{{.Artifact.Value}}`.
    pub value: String,
    /// `{{.Artifact.BuildNumber}}`.
    pub build_number: BuildNumber,
    /// `{{.Artifact.Tags.NAME}}`.
    pub tags: BTreeMap<String, String>,
}

impl From<&Artifact> for TemplateValues {
    fn from(artifact: &Artifact) -> Self {
        let Artifact { value, build_number, tags } = artifact.clone();
        Self { value, build_number, tags }
    }
}

/// The templates of a target with values in place, all but those of the post-deploy commands.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct Rendered {
    /// The container definitions, in the shape of the ECS API's JSON; at least one.
    pub containers: Vec<Value>,
    /// The first container, which the load balancer sends requests to.
    pub container_name: ContainerName,
    /// The port of the first container.
    pub container_port: u16,
    /// Further members of `RegisterTaskDefinition`, in the shape of the ECS API's JSON.
    pub task_definition: Map<String, Value>,
    /// Further members of `CreateTaskSet`, in the shape of the ECS API's JSON.
    pub task_set: Map<String, Value>,
    /// Whether tasks get public addresses, in the API's word, where the config says it.
    pub assign_public_ip: Option<String>,
    /// The commands to run before anything is changed.
    pub pre: Vec<Command>,
    pub(super) hidden: Hidden,
}

impl Rendered {
    /// What AWS said, with names in place of the values of the task definition that may be secrets:
    /// environment variables, references to secrets, options of log drivers, labels and commands of
    /// 6 characters or more.
    pub fn hide(&self, said: &str) -> String {
        self.hidden.hide(said)
    }
}

// Container definitions and volumes may hold passwords that someone wrote into their environment.
impl fmt::Debug for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rendered")
            .field("container_name", &self.container_name)
            .field("container_port", &self.container_port)
            .field("pre", &self.pre)
            .finish_non_exhaustive()
    }
}

/// A command whose strings are still templates.
#[derive(Debug, Clone)]
pub(super) struct CommandTemplate {
    program: Template,
    arguments: Vec<Template>,
}

impl CommandTemplate {
    /// Takes the strings of a command as templates, each with `compile`.
    pub(super) fn of(
        text: &CommandText,
        source: &Source,
        compile: impl Fn(&Text, &Source) -> Result<Template, ConfigError>,
    ) -> Result<Self, ConfigError> {
        let checker = Checker::new(source, &text.at);
        let program = checker.there("Program", text.program.as_ref())?;
        let arguments = text.arguments.iter().map(|a| compile(a, source));
        Ok(Self {
            program: compile(program, source)?,
            arguments: arguments.collect::<Result<_, _>>()?,
        })
    }

    /// Where its program is named.
    pub(super) fn at(&self) -> &At {
        self.program.at()
    }

    pub(super) fn render(&self, renderer: &Renderer<'_>) -> Result<Command, ConfigError> {
        let program = renderer.render(&self.program)?;
        if program.is_empty() {
            let why = "the program's name is empty once values are in place";
            return Err(renderer.source().unusable(self.program.at(), why));
        }
        let arguments = self.arguments.iter().map(|a| renderer.render(a));
        Ok(Command { program, arguments: arguments.collect::<Result<_, _>>()? })
    }
}

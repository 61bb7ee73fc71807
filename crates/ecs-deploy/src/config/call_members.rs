//! Members of ECS's calls that the config adds: how they are rendered.

use serde_json::{Map, Value};

use super::error::ConfigError;
use super::file::CallMembers;
use super::node::Node;
use super::source::{Source, Text};
use super::template::{Renderer, Template};

/// The name of the member that the API has elsewhere.
const ASSIGN_PUBLIC_IP: &str = "assignPublicIp";

/// Added members whose strings are templates.
#[derive(Debug, Clone)]
pub(super) struct CallMemberTemplates {
    task_definition: Option<Node<Template>>,
    task_set: Option<Node<Template>>,
}

/// Added members, in the shape of the ECS API's JSON.
pub(super) struct RenderedCallMembers {
    pub(super) task_definition: Map<String, Value>,
    pub(super) task_set: Map<String, Value>,
    pub(super) assign_public_ip: Option<String>,
}

impl CallMemberTemplates {
    /// What an environment adds takes the place of what its app adds to the same call.
    pub(super) fn of(
        app: &CallMembers,
        environment: &CallMembers,
        source: &Source,
    ) -> Result<Self, ConfigError> {
        let compile = |own: Option<&Node<Text>>, common: Option<&Node<Text>>| {
            own.or(common).map(|node| node.compile(source)).transpose()
        };
        Ok(Self {
            task_definition: compile(
                environment.task_definition.as_ref(),
                app.task_definition.as_ref(),
            )?,
            task_set: compile(environment.task_set.as_ref(), app.task_set.as_ref())?,
        })
    }

    pub(super) fn render(
        &self,
        renderer: &Renderer<'_>,
    ) -> Result<RenderedCallMembers, ConfigError> {
        let mut task_set = members(self.task_set.as_ref(), renderer)?;
        let address = task_set.remove(ASSIGN_PUBLIC_IP);
        Ok(RenderedCallMembers {
            task_definition: members(self.task_definition.as_ref(), renderer)?,
            task_set,
            assign_public_ip: address.as_ref().and_then(Value::as_str).map(str::to_owned),
        })
    }
}

fn members(
    node: Option<&Node<Template>>,
    renderer: &Renderer<'_>,
) -> Result<Map<String, Value>, ConfigError> {
    match node.map(|node| node.render(renderer)).transpose()? {
        Some(Value::Object(members)) => Ok(members),
        _ => Ok(Map::new()),
    }
}

#[cfg(test)]
mod tests;

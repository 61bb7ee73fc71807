//! The container definitions of a target: what has to be in them, and how they are rendered.

use serde_json::Value;

use super::error::{ConfigError, Problem};
use super::file::Container;
use super::node::Node;
use super::source::{At, Source, Text};
use super::template::{Renderer, Template};
use crate::names::ContainerName;

/// A container definition whose strings are templates.
#[derive(Debug, Clone)]
pub(super) struct ContainerTemplate {
    definition: Node<Template>,
    name: Template,
    image: Template,
}

impl ContainerTemplate {
    fn of(container: &Container, source: &Source) -> Result<Self, ConfigError> {
        let template = |member: &'static str| {
            let text = container.definition.text_member(member);
            let text = text.filter(|text| !text.value.is_empty());
            let missing = || source.error(&container.at, Problem::Missing { member });
            Template::before_deploy(text.ok_or_else(missing)?, source)
        };
        Ok(Self {
            name: template("name")?,
            image: template("image")?,
            definition: container.definition.compile(source)?,
        })
    }

    fn render(&self, renderer: &Renderer<'_>) -> Result<(ContainerName, Value), ConfigError> {
        let problem =
            |template: &Template, problem| renderer.source().error(template.at(), problem);
        let name = renderer.render(&self.name)?.parse();
        let name = name.map_err(|error| problem(&self.name, Problem::Name(error)))?;
        if renderer.render(&self.image)?.is_empty() {
            let why = String::from("the image is empty once values are in place");
            return Err(problem(&self.image, Problem::Unusable(why)));
        }
        Ok((name, self.definition.render(renderer)?))
    }
}

/// The container definitions of a target; the first has the port behind the load balancer.
#[derive(Debug, Clone)]
pub(super) struct Containers {
    all: Vec<ContainerTemplate>,
    port: u16,
}

impl Containers {
    /// Checks what can be checked without values.
    pub(super) fn of(
        containers: &[Container],
        app: &At,
        source: &Source,
    ) -> Result<Self, ConfigError> {
        let first = containers.first().ok_or_else(|| {
            let member = "ContainerDefinitionTemplates";
            source.error(app, Problem::Missing { member })
        })?;
        let port = only_port(&first.definition, &first.at, source)?;
        let all = containers.iter().map(|c| ContainerTemplate::of(c, source));
        Ok(Self { all: all.collect::<Result<_, _>>()?, port })
    }

    /// The port of the first container.
    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Renders all, with the names by which ECS tells them apart.
    pub(super) fn render(
        &self,
        renderer: &Renderer<'_>,
    ) -> Result<Vec<(ContainerName, Value)>, ConfigError> {
        let mut rendered: Vec<(ContainerName, Value)> = Vec::new();
        for template in &self.all {
            let (name, value) = template.render(renderer)?;
            if rendered.iter().any(|(other, _)| *other == name) {
                let why = format!("two containers are named `{name}`");
                return Err(renderer.source().unusable(template.name.at(), why));
            }
            rendered.push((name, value));
        }
        Ok(rendered)
    }
}

/// The port of the only port mapping, which is where the load balancer sends requests.
fn only_port(definition: &Node<Text>, at: &At, source: &Source) -> Result<u16, ConfigError> {
    let mappings = definition.list_member("portMappings");
    let [mapping] = mappings else {
        let why = format!(
            "the first container has {} port mappings, and needs exactly one: the load balancer's",
            mappings.len()
        );
        return Err(source.unusable(at, why));
    };
    match mapping.member("containerPort") {
        Some(Node::Integer(port)) => {
            u16::try_from(*port).ok().filter(|port| *port > 0).ok_or_else(|| {
                let why = "and ports are 1 to 65535";
                source.unusable(at, format!("`portMappings[0].containerPort` is {port}, {why}"))
            })
        }
        _ => Err(source.error(at, Problem::Missing { member: "portMappings[0].containerPort" })),
    }
}

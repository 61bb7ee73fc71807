//! What AWS is certain to refuse of a deploy: rules of `RegisterTaskDefinition` and `CreateTaskSet`
//! for Fargate and awsvpc, which a deploy always asks for.
//!
//! Each file holds the rules of one theme. What AWS changes into something it takes is left alone, and
//! so is all where its behaviour is doubtful: to refuse what works is worse than to miss a rule. A
//! reason names containers, volumes and variables, and no value that somebody could keep secret.

mod container_size;
mod containers;
mod depends_on;
mod efs;
mod fargate;
mod health_check;
mod lifecycle;
mod logging;
mod network;
mod part;
mod place;
mod platform;
mod ports;
mod required;
mod roles;
mod strategy;
mod task_size;
mod variables;
mod volumes;

use serde_json::{Value, json};

use super::error::{ConfigError, Problem};
use super::rendered::Rendered;
use super::source::Source;
use super::target::Target;
use part::{Finding, Part};
use place::Places;

/// The two calls that a config has a say in, in the shape of the API's JSON.
pub(super) struct Calls {
    register: Value,
    create: Value,
}

/// The rules, in the order in which a config error reports what they find.
const RULES: [fn(&Calls) -> Vec<Finding>; 17] = [
    task_size::check,
    required::check,
    containers::check,
    container_size::check,
    ports::check,
    variables::check,
    depends_on::check,
    health_check::check,
    lifecycle::check,
    logging::check,
    volumes::check,
    efs::check,
    platform::check,
    fargate::check,
    roles::check,
    network::check,
    strategy::check,
];

impl Calls {
    /// The calls of a target, all but what a deploy adds itself.
    pub(super) fn of(target: &Target, rendered: &Rendered) -> Self {
        let mut register = rendered.task_definition.clone();
        let own = [
            ("family", json!(target.family)),
            ("containerDefinitions", json!(rendered.containers)),
            ("cpu", json!(target.cpu)),
            ("memory", json!(target.memory)),
            ("taskRoleArn", json!(target.task_role)),
            ("executionRoleArn", json!(target.execution_role)),
            ("networkMode", json!("awsvpc")),
            ("requiresCompatibilities", json!(["FARGATE"])),
        ];
        register.extend(own.map(|(name, value)| (name.to_owned(), value)));
        let mut create = rendered.task_set.clone();
        let network = json!({"awsvpcConfiguration": {
            "subnets": target.subnets,
            "securityGroups": target.security_groups,
            "assignPublicIp": rendered.assign_public_ip,
        }});
        create.insert("networkConfiguration".into(), network);
        Self { register: register.into(), create: create.into() }
    }

    /// Makes sure that no rule finds anything in calls that come from this file.
    pub(super) fn hold(&self, source: &Source, target: &Target) -> Result<(), ConfigError> {
        let findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(self)).collect();
        let Some((first, others)) = findings.split_first() else {
            return Ok(());
        };
        let places = Places { source, app: &target.app, environment: &target.environment };
        let others: String = others
            .iter()
            .map(|other| format!("; also {}: {}", places.of(&other.spot).path, other.why))
            .collect();
        let problem = Problem::RefusedByAws(format!("{}{others}", first.why));
        Err(source.error(&places.of(&first.spot), problem))
    }

    /// The whole of `RegisterTaskDefinition`.
    fn task(&self) -> Part<'_> {
        Part::of_register(&self.register)
    }

    fn containers(&self) -> Vec<Part<'_>> {
        self.task().elements("containerDefinitions")
    }

    /// The whole of `CreateTaskSet`.
    fn task_set(&self) -> Part<'_> {
        Part::of_create(&self.create)
    }
}

#[cfg(test)]
mod tests;

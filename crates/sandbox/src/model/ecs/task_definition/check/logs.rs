//! Where logs go.

use super::super::Registration;
use super::containers;
use super::given::Given;
use crate::model::ApiError;
use crate::model::ecs::error::client;

/// What a driver can't do without; an option may come from a secret.
const NEEDED: &[(&str, &[&str])] = &[
    ("awslogs", &["awslogs-group", "awslogs-region"]),
    ("splunk", &["splunk-token", "splunk-url"]),
];

/// The option of `awslogs` that Fargate names streams by.
const PREFIX: &str = "awslogs-stream-prefix";

pub(super) fn check(registration: &Registration) -> Result<(), ApiError> {
    for log in logs(registration) {
        let driver = log.text("logDriver").unwrap_or_default();
        let needed = NEEDED.iter().find(|(name, _)| *name == driver);
        options(log, driver, needed.map_or(&[], |(_, options)| options))?;
    }
    routers(registration)
}

/// Fargate takes a few drivers only.
pub(super) fn on_fargate(registration: &Registration) -> Result<(), ApiError> {
    for log in logs(registration) {
        match log.text("logDriver").unwrap_or_default() {
            "awslogs" if !has(log, PREFIX) => {
                return Err(client(format!(
                    "Fargate requires log configuration options to include {PREFIX} to support log \
                     driver awslogs."
                )));
            }
            "awslogs" | "splunk" | "awsfirelens" => {}
            other => {
                return Err(client(format!(
                    "Fargate compatible task definitions do not support log driver {other}."
                )));
            }
        }
    }
    Ok(())
}

/// The log drivers in use.
pub(super) fn drivers(registration: &Registration) -> impl Iterator<Item = &str> {
    logs(registration).filter_map(|log| log.text("logDriver"))
}

fn logs(registration: &Registration) -> impl Iterator<Item = Given<'_>> {
    containers(registration).filter_map(|given| given.inside("logConfiguration"))
}

fn options(log: Given<'_>, driver: &str, needed: &[&str]) -> Result<(), ApiError> {
    let missing: Vec<&str> = needed.iter().copied().filter(|name| !has(log, name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(client(format!("Log driver {driver} requires options: {}.", missing.join(", "))))
}

/// Whether an option is given, plain or as a secret.
fn has(log: Given<'_>, option: &str) -> bool {
    log.inside("options").is_some_and(|options| options.says(option))
        || log.list("secretOptions").any(|secret| secret.text("name") == Some(option))
}

/// Logs go to a log router where there is one, and a log router is there for logs.
fn routers(registration: &Registration) -> Result<(), ApiError> {
    let count =
        containers(registration).filter(|given| given.member("firelensConfiguration").is_some());
    let is_used = drivers(registration).any(|driver| driver == "awsfirelens");
    match (count.count(), is_used) {
        (0, true) => Err(client(
            "When awsfirelens log driver is specified in log configuration, a firelens configuration \
             object must be configured in one of the containers.",
        )),
        (1.., false) => Err(client(
            "When a firelensConfiguration object is specified, at least one container has to be \
             configured with the awsfirelens log driver.",
        )),
        (2.., true) => Err(client(
            "A task definition can have only one container with a firelensConfiguration.",
        )),
        _ => Ok(()),
    }
}

//! Where the tasks of a task set may run.

use super::Template;
use crate::model::ApiError;
use crate::model::ecs::error::{invalid, platform_unknown};
use crate::model::ecs::{AssignPublicIp, CapacityProviderStrategyItem, LaunchType, TaskDefinition};

/// The versions of Fargate's platforms, Linux and Windows.
const PLATFORMS: &[&str] = &["LATEST", "1.4.0", "1.3.0", "1.2.0", "1.1.0", "1.0.0"];

const MOST_PROVIDERS: usize = 20;
const MOST_WEIGHT: u32 = 1000;
const MOST_BASE: u32 = 100_000;

pub(super) fn check(template: &Template, definition: &TaskDefinition) -> Result<(), ApiError> {
    match template.launch_type {
        Some(_) if !template.capacity_provider_strategy.is_empty() => {
            return Err(invalid(
                "Specify either a launch type or a capacity provider strategy, not both.",
            ));
        }
        Some(launch_type) if !definition.compatibilities().contains(&launch_type) => {
            let name = launch_type.as_str();
            return Err(invalid(format!("Task definition does not support launch_type {name}.")));
        }
        _ => {}
    }
    strategy(&template.capacity_provider_strategy)?;
    platform(template)?;
    public_address(template)
}

fn strategy(strategy: &[CapacityProviderStrategyItem]) -> Result<(), ApiError> {
    if strategy.is_empty() {
        return Ok(());
    }
    if strategy.len() > MOST_PROVIDERS {
        return Err(invalid(format!(
            "A capacity provider strategy can have at most {MOST_PROVIDERS} capacity providers."
        )));
    }
    let mut names: Vec<&str> =
        strategy.iter().map(|item| item.capacity_provider.as_str()).collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(invalid(
            "A capacity provider can be in a capacity provider strategy only once.",
        ));
    }
    if strategy.iter().any(|item| item.weight > MOST_WEIGHT || item.base > MOST_BASE) {
        return Err(invalid(format!(
            "A capacity provider has a weight from 0 to {MOST_WEIGHT} and a base from 0 to {MOST_BASE}."
        )));
    }
    if strategy.iter().filter(|item| item.base > 0).count() > 1 {
        return Err(invalid(
            "Only one capacity provider in a capacity provider strategy can have a base defined.",
        ));
    }
    if strategy.iter().all(|item| item.weight == 0) {
        return Err(invalid(
            "At least one capacity provider must have a weight value greater than zero specified.",
        ));
    }
    let of_fargate = |item: &&CapacityProviderStrategyItem| {
        matches!(item.capacity_provider.as_str(), "FARGATE" | "FARGATE_SPOT")
    };
    if !matches!(strategy.iter().filter(of_fargate).count(), count if count == 0 || count == strategy.len())
    {
        return Err(invalid(
            "A capacity provider strategy cannot contain a mix of capacity providers using Auto \
             Scaling groups and Fargate providers.",
        ));
    }
    Ok(())
}

fn platform(template: &Template) -> Result<(), ApiError> {
    let Some(version) = template.platform_version.as_deref().filter(|text| !text.is_empty()) else {
        return Ok(());
    };
    match template.launch_type {
        Some(launch_type @ (LaunchType::Ec2 | LaunchType::External)) => Err(invalid(format!(
            "The platform version must be null when specifying an {} launch type.",
            launch_type.as_str()
        ))),
        _ if PLATFORMS.contains(&version) => Ok(()),
        _ => Err(platform_unknown()),
    }
}

/// Instances have public addresses of their own or none.
fn public_address(template: &Template) -> Result<(), ApiError> {
    let network = template.network.as_ref().map(|network| &network.awsvpc_configuration);
    let is_public = network.is_some_and(|it| it.assign_public_ip == AssignPublicIp::Enabled);
    match template.launch_type {
        Some(LaunchType::Ec2 | LaunchType::External) if is_public => {
            Err(invalid("Assign public IP is not supported for this launch type."))
        }
        _ => Ok(()),
    }
}

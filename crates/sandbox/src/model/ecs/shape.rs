//! Shapes of ECS's API that are kept and shown as they were given.

use serde::{Deserialize, Serialize};

use super::error::invalid;
use crate::model::ApiError;

/// The target group that a task set's tasks are registered in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadBalancer {
    /// The target group.
    pub target_group_arn: String,
    /// The container that is the target.
    pub container_name: String,
    /// The port of that container.
    pub container_port: u16,
}

/// The network of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NetworkConfiguration {
    /// The network interface of each task.
    pub awsvpc_configuration: AwsvpcConfiguration,
}

/// Where the network interface of a task is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AwsvpcConfiguration {
    /// The subnets to choose from.
    pub subnets: Vec<String>,
    /// The security groups of the interface.
    #[serde(default)]
    pub security_groups: Vec<String>,
    /// Whether it has a public address.
    #[serde(default)]
    pub assign_public_ip: AssignPublicIp,
}

/// Whether a task has a public address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum AssignPublicIp {
    /// It has one.
    Enabled,
    /// It has none.
    #[default]
    Disabled,
}

/// How much of the service's desired count a task set runs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// Percent, from 0 to 100.
    #[serde(default)]
    pub value: f64,
    /// What the value counts.
    #[serde(default)]
    pub unit: ScaleUnit,
}

/// What the value of a scale counts: ECS has only this one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum ScaleUnit {
    /// Percent of the service's desired count.
    #[default]
    Percent,
}

impl Default for Scale {
    fn default() -> Self {
        Self { value: 100.0, unit: ScaleUnit::Percent }
    }
}

impl Scale {
    /// Refuses a scale outside 0 to 100.
    pub(super) fn check(self) -> Result<Self, ApiError> {
        if (0.0..=100.0).contains(&self.value) {
            Ok(self)
        } else {
            Err(invalid("Scale value must be between 0 and 100."))
        }
    }

    /// The number of tasks that this is of a desired count, rounded up.
    pub fn of(self, desired: u32) -> u32 {
        // A scale is at most 100 %, so the result fits: the cast can't cut anything off.
        (f64::from(desired) * self.value / 100.0).ceil() as u32
    }
}

/// How tasks are placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum LaunchType {
    /// On container instances.
    Ec2,
    /// On Fargate.
    Fargate,
    /// On machines outside AWS.
    External,
}

impl LaunchType {
    /// AWS's word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ec2 => "EC2",
            Self::Fargate => "FARGATE",
            Self::External => "EXTERNAL",
        }
    }
}

/// One capacity provider of a strategy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CapacityProviderStrategyItem {
    /// The provider's name.
    pub capacity_provider: String,
    /// Its share.
    #[serde(default)]
    pub weight: u32,
    /// The tasks that it has before shares count.
    #[serde(default)]
    pub base: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_is_rounded_up_to_whole_tasks() {
        let of = |value, desired| Scale { value, unit: ScaleUnit::Percent }.of(desired);
        assert_eq!(
            [of(0.0, 4), of(1.0, 4), of(25.0, 4), of(26.0, 4), of(100.0, 4)],
            [0, 1, 1, 2, 4]
        );
        assert_eq!(of(50.0, 0), 0);
    }

    #[test]
    fn a_scale_outside_0_to_100_is_refused() {
        for value in [-1.0, 100.5, f64::NAN] {
            assert!(Scale { value, unit: ScaleUnit::Percent }.check().is_err());
        }
    }
}

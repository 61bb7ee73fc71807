//! The names a deploy works with, as types: behind them no invalid value exists.
//!
//! Each is made with [`str::parse`], shows itself as the text it was made of, and is that text in
//! serialized data.

mod arn;
mod artifact;
mod color;
mod image;
mod resources;
mod text;

pub use arn::{Arn, Partition};
pub use artifact::{ArtifactId, BuildNumber};
pub use color::{ByColor, Color};
pub use image::ImageRef;
pub use resources::{
    CloudTamerRole, ClusterName, ListenerArn, RoleArn, RoleName, TargetGroupArn, TaskDefinitionArn,
    TaskSetArn, TaskSetId,
};
pub use text::{
    AccountId, AppName, ConfigSha, ContainerName, EnvironmentName, InvalidName, PlanDigest,
    ProjectName, Region, RulesDigest, SecurityGroupId, ServiceName, SubnetId,
};

#[cfg(test)]
mod tests;

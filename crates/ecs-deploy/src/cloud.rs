//! The ports: what a deploy needs of a cloud, in the words of the deploy.
//!
//! Reads may page inside. A method that takes a [`Permit`] changes something: it is at most ONE
//! call of AWS, without retries of its own, checks the permit right before it transmits, and ends
//! within [`ATTEMPT_LIMIT`](crate::fence::ATTEMPT_LIMIT). An error of such a method leaves open
//! whether the change took effect, unless [`ErrorClass::is_certain`] says otherwise.
//!
//! Every future may be dropped at any await; a mutating one has then perhaps taken effect.

mod error;
mod load_balancer;
mod tasks;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

pub use error::{CloudError, ErrorClass};
pub use load_balancer::{HealthState, TargetHealth};
pub use tasks::{
    LatestTaskDefinition, NewTaskSet, Service, ServiceRef, StoppedContainer, StoppedTask, Task,
    TaskDefinition, TaskSet, TaskSetStatus,
};

use crate::fence::Permit;
use crate::names::{
    AccountId, BuildNumber, ImageRef, ListenerArn, ProjectName, ServiceName, TargetGroupArn,
    TaskDefinitionArn, TaskSetArn, TaskSetId,
};
use crate::traffic::{Listener, Rule, RuleArn};

/// Everything a deploy talks to. Cheap to clone.
#[derive(Clone)]
pub struct Cloud {
    /// Services, task sets and tasks, in the environment's account and region.
    pub ecs: Arc<dyn Ecs>,
    /// Listener rules and target groups, in the environment's account and region.
    pub load_balancer: Arc<dyn LoadBalancer>,
    /// ArtifactDB, in the config's account and region.
    pub artifacts: Arc<dyn Artifacts>,
    /// Whom the credentials belong to.
    pub identity: Arc<dyn Identity>,
    /// The lock table, in the config's account and region.
    pub locks: Arc<dyn dynamolock::Table>,
}

/// Whom the credentials belong to (STS `GetCallerIdentity`).
#[async_trait]
pub trait Identity: Send + Sync {
    /// The account of the credentials for the lock table and ArtifactDB.
    async fn config_account(&self) -> Result<AccountId, CloudError>;

    /// The account of the credentials for ECS and the load balancer.
    async fn deploy_account(&self) -> Result<AccountId, CloudError>;
}

/// ECS, as a deployer of task sets sees it.
#[async_trait]
pub trait Ecs: Send + Sync {
    /// The service with its task sets; `None` where ECS knows no such service or cluster.
    async fn service(&self, service: &ServiceRef) -> Result<Option<Service>, CloudError>;

    /// A task set's tags, by a call that reads nothing else (`ecs:ListTagsForResource`): roles made
    /// for the original's status program allow that one.
    async fn task_set_tags(&self, set: &TaskSetArn)
    -> Result<BTreeMap<String, String>, CloudError>;

    /// The service's tasks that are meant to run.
    async fn tasks(&self, service: &ServiceRef) -> Result<Vec<Task>, CloudError>;

    /// Those of the tasks, by ARN, that scale-in protection keeps from ending. A call of its own
    /// (`ecs:GetTaskProtection`), which a role may lack.
    async fn protected_tasks(
        &self,
        service: &ServiceRef,
        tasks: &[String],
    ) -> Result<Vec<String>, CloudError>;

    /// The stopped tasks of a set that ECS still lists (an hour at least), newest first.
    async fn stopped_tasks(
        &self,
        service: &ServiceRef,
        set: &TaskSetId,
    ) -> Result<Vec<StoppedTask>, CloudError>;

    /// The newest active revision of a family with its tags; `None` where there is none.
    async fn latest_task_definition(
        &self,
        family: &ServiceName,
    ) -> Result<Option<LatestTaskDefinition>, CloudError>;

    /// Registers a revision.
    async fn register(
        &self,
        permit: &Permit,
        definition: &TaskDefinition,
    ) -> Result<TaskDefinitionArn, CloudError>;

    /// Creates a task set; calls with one token create one set.
    async fn create_task_set(
        &self,
        permit: &Permit,
        service: &ServiceRef,
        set: &NewTaskSet,
    ) -> Result<TaskSet, CloudError>;

    /// Sets a task set's scale, in percent of the service's desired count.
    async fn scale(
        &self,
        permit: &Permit,
        service: &ServiceRef,
        set: &TaskSetId,
        percent: u8,
    ) -> Result<(), CloudError>;

    /// Begins to delete a task set (with `force`): it is DRAINING until its tasks are gone.
    async fn delete(
        &self,
        permit: &Permit,
        service: &ServiceRef,
        set: &TaskSetId,
    ) -> Result<(), CloudError>;

    /// Marks a task set PRIMARY; the one that was becomes ACTIVE.
    async fn make_primary(
        &self,
        permit: &Permit,
        service: &ServiceRef,
        set: &TaskSetId,
    ) -> Result<(), CloudError>;
}

/// An Application Load Balancer's listeners and target groups.
#[async_trait]
pub trait LoadBalancer: Send + Sync {
    /// All listeners of the balancer that this one belongs to, in no order. A call of its own
    /// (`elasticloadbalancing:DescribeListeners`), which a role may lack.
    async fn listeners(&self, of: &ListenerArn) -> Result<Vec<Listener>, CloudError>;

    /// All rules of a listener, in no order.
    async fn rules(&self, listener: &ListenerArn) -> Result<Vec<Rule>, CloudError>;

    /// The members of a target group with their health.
    async fn health(&self, group: &TargetGroupArn) -> Result<Vec<TargetHealth>, CloudError>;

    /// How long a member of the group stays `draining` after it was deregistered.
    async fn deregistration_delay(
        &self,
        group: &TargetGroupArn,
    ) -> Result<std::time::Duration, CloudError>;

    /// Gives rules of one listener new priorities, all or none.
    async fn set_priorities(
        &self,
        permit: &Permit,
        priorities: &BTreeMap<RuleArn, u32>,
    ) -> Result<(), CloudError>;
}

/// What can be deployed: a build as ArtifactDB holds it, or an image that it knows nothing of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Artifact {
    /// Its number within the project.
    pub build_number: BuildNumber,
    /// What is deployed, usually an image reference.
    pub value: String,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
}

impl Artifact {
    /// Whether it has every given tag. One that is asked for with an empty value may also be missing.
    pub fn has_tags(&self, tags: &BTreeMap<String, String>) -> bool {
        tags.iter().all(|(key, value)| self.tags.get(key).map_or("", String::as_str) == value)
    }

    /// An image that ArtifactDB knows nothing of: build 0, without tags.
    pub fn of_image(image: &ImageRef) -> Self {
        Self::unknown(image.to_string())
    }

    /// What is known by another name alone: no build, without tags.
    pub(crate) fn unknown(name: String) -> Self {
        Self { value: name, build_number: BuildNumber(0), tags: BTreeMap::new() }
    }

    /// Whether it is a build of ArtifactDB.
    pub fn is_in_artifact_db(&self) -> bool {
        self.build_number != BuildNumber(0)
    }
}

impl fmt::Display for Artifact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.value)?;
        match self.is_in_artifact_db() {
            true => write!(f, " (build {})", self.build_number),
            false => Ok(()),
        }
    }
}

/// ArtifactDB.
#[async_trait]
pub trait Artifacts: Send + Sync {
    /// The highest build that [has every given tag](Artifact::has_tags).
    async fn latest(
        &self,
        project: &ProjectName,
        tags: &BTreeMap<String, String>,
    ) -> Result<Option<Artifact>, CloudError>;

    /// The newest builds, highest number first, `limit` at most.
    async fn newest(
        &self,
        project: &ProjectName,
        limit: usize,
    ) -> Result<Vec<Artifact>, CloudError>;

    /// One build; `None` where there is none of that number.
    async fn get(
        &self,
        project: &ProjectName,
        build: BuildNumber,
    ) -> Result<Option<Artifact>, CloudError>;

    /// Sets one tag of a build; fails with [`ErrorClass::NotFound`] where the build is missing.
    async fn set_tag(
        &self,
        permit: &Permit,
        project: &ProjectName,
        build: BuildNumber,
        key: &str,
        value: &str,
    ) -> Result<(), CloudError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
    }

    #[test]
    fn every_tag_asked_for_must_fit_and_an_empty_one_may_be_missing() {
        let build_number = BuildNumber(7);
        let held = tags(&[("SHA", "abc"), ("Kind", "a"), ("None", "")]);
        let artifact = Artifact { build_number, value: "shop:abc".to_owned(), tags: held };
        for fitting in [
            &[][..],
            &[("SHA", "abc")],
            &[("SHA", "abc"), ("Kind", "a")],
            &[("SHA", "abc"), ("Absent", "")],
            &[("None", "")],
        ] {
            assert!(artifact.has_tags(&tags(fitting)), "{fitting:?}");
        }
        for other in [
            &[("SHA", "ab")][..],
            &[("SHA", "abc"), ("Kind", "b")],
            &[("Absent", "x")],
            &[("SHA", "")],
        ] {
            assert!(!artifact.has_tags(&tags(other)), "{other:?}");
        }
    }
}

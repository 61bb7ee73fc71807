use git2::{ObjectType, Oid};
use serde_json::json;

use super::Blueprint;
use crate::config::ConfigError;
use crate::names::PlanDigest;

impl Blueprint {
    /// Names the task definition and the task set that a deploy makes, and where. Commands and limits
    /// have no part in it: they may be mended between a failure and a resume.
    ///
    /// # Errors
    /// Where a template can't be rendered; [`prepare`](super::prepare) has made sure that all can.
    pub fn digest(&self) -> Result<PlanDigest, ConfigError> {
        let (target, rendered) = (&self.target, self.rendered()?);
        let made = json!({
            "Service": [target.cluster, target.family],
            "Listener": target.listener,
            "TargetGroups": [target.target_groups.blue, target.target_groups.green],
            "Task": [target.cpu, target.memory, target.task_role, target.execution_role],
            "Containers": rendered.containers,
            "TaskDefinition": rendered.task_definition,
            "Port": [json!(rendered.container_name), json!(rendered.container_port)],
            "Network": [json!(target.subnets), json!(target.security_groups)],
            "PublicIp": rendered.assign_public_ip,
            "TaskSet": rendered.task_set,
        });
        let digest = Oid::hash_object(ObjectType::Blob, made.to_string().as_bytes());
        let digest = digest.expect("bytes in memory have a digest").to_string();
        Ok(digest.parse().expect("git's digests are hexadecimal"))
    }
}

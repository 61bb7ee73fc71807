//! The one command to go on with.

use std::path::Path;

use ecs_deploy::Mode;
use ecs_deploy::config::{self, ShaError};
use ecs_deploy::names::ConfigSha;
use ecs_deploy::status::{LockStatus, NextStep, OnRecord};
use ecs_deploy_aws::LOCK_TABLE;

use crate::args::{Asked, Look};
use crate::report::{Command, quoted};

/// What stands for the version to deploy where only its user knows it.
const ANY: &str = "SHA";

/// The command, with why.
pub(crate) fn next(lock: &LockStatus, environment: &str, look: &Look) -> String {
    let asked = look.asked(environment);
    let on_record = lock.deploy.as_ref().and_then(|deploy| deploy.artifact.tags.get("SHA"));
    let of = |sha: &str| Command::new(&Asked { sha: Some(sha.to_owned()), ..asked.clone() });
    match lock.next {
        NextStep::Deploy => of(ANY).to_string(),
        NextStep::Resume => {
            let sha = Some(on_record.map_or(ANY, String::as_str).to_owned());
            let config_sha = lock.deploy.as_ref().and_then(|deploy| named(deploy, look));
            let failed = Command::new(&Asked { sha, config_sha, ..asked.clone() });
            format!("{}   # or -start-over", failed.with(Mode::Resume))
        }
        NextStep::StartOver => of(ANY).with(Mode::StartOver).to_string(),
        NextStep::DeleteRow => {
            let key = serde_json::json!({"key": {"S": lock.key}}).to_string();
            format!(
                "aws dynamodb delete-item --region {} --table-name {LOCK_TABLE} --key {}   \
                 # once nobody deploys",
                lock.region,
                quoted(&key)
            )
        }
        _ => format!("{}   # to look again", Command::new(&asked).lock_status()),
    }
}

/// The version of the config, where git can't be asked for it: such a deploy was told it, too. Where
/// git can be asked, it also sees whether the config is the same.
fn named(deploy: &OnRecord, look: &Look) -> Option<ConfigSha> {
    match config::config_sha(Path::new(&look.config)) {
        Err(ShaError::NoRepository { .. }) => Some(deploy.config_sha.clone()),
        _ => None,
    }
}

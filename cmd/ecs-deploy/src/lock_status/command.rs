//! The one command to go on with.

use std::path::Path;

use ecs_deploy::Mode;
use ecs_deploy::cloud::Artifact;
use ecs_deploy::config::{self, ShaError};
use ecs_deploy::names::ConfigSha;
use ecs_deploy::plan::Wanted;
use ecs_deploy::status::{LockStatus, NextStep, OnRecord};
use ecs_deploy_aws::LOCK_TABLE;

use crate::args::{Asked, Look};
use crate::report::{Command, quoted};

/// What stands for the commit of a build where only its user knows it.
const ANY: &str = "SHA";

/// A build that only the user knows.
pub(crate) fn any_build() -> Wanted {
    Wanted::Sha(ANY.to_owned())
}

/// An image that only the user knows.
pub(crate) fn any_image() -> Wanted {
    Wanted::Image("REF".parse().expect("letters are an image"))
}

/// The command, with why.
pub(crate) fn next(lock: &LockStatus, environment: &str, look: &Look) -> String {
    let asked = look.asked(environment);
    let on_record = lock.deploy.as_ref().map(|deploy| &deploy.artifact);
    let of = |wanted| Command::new(&Asked { wanted: Some(wanted), ..asked.clone() });
    match lock.next {
        NextStep::Deploy => of(any(on_record)).to_string(),
        NextStep::Resume => {
            let wanted = Some(on_record.map_or_else(|| any(None), same));
            let config_sha = lock.deploy.as_ref().and_then(|deploy| named(deploy, look));
            let failed = Command::new(&Asked { wanted, config_sha, ..asked.clone() });
            format!("{}   # or -start-over", failed.with(Mode::Resume))
        }
        NextStep::RollBack => {
            format!("{}   # or a deploy with -start-over", Command::new(&asked).roll_back())
        }
        NextStep::StartOver => of(any(on_record)).with(Mode::StartOver).to_string(),
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

/// Some other version: of an app whose deploy on record has an image, an image.
fn any(on_record: Option<&Artifact>) -> Wanted {
    match on_record {
        Some(artifact) if !artifact.is_in_artifact_db() => any_image(),
        _ => any_build(),
    }
}

/// The version on record.
fn same(artifact: &Artifact) -> Wanted {
    match (artifact.is_in_artifact_db(), artifact.value.parse()) {
        (false, Ok(image)) => Wanted::Image(image),
        _ => Wanted::Sha(artifact.tags.get("SHA").map_or(ANY, String::as_str).to_owned()),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deploy_of_an_image_is_gone_on_with_by_its_image() {
        let image = Artifact::of_image(&"r/shop:7".parse().unwrap());
        assert_eq!(same(&image), Wanted::Image("r/shop:7".parse().unwrap()));
        assert_eq!(any(Some(&image)), Wanted::Image("REF".parse().unwrap()));
        let tags = [("SHA".to_owned(), "abc".to_owned())].into();
        let build = Artifact { build_number: ecs_deploy::names::BuildNumber(7), tags, ..image };
        assert_eq!(same(&build), Wanted::Sha("abc".to_owned()));
        assert_eq!(any(Some(&build)), Wanted::Sha("SHA".to_owned()));
    }
}

use std::collections::BTreeMap;

use super::{Hands, Look, Outcome};
use crate::cloud::{CloudError, TaskDefinition};
use crate::config::ConfigError;
use crate::plan::Blueprint;

/// The tag of task sets and definitions that names the commit of their config.
pub(crate) const CONFIG_TAG: &str = "config-sha";

/// The tag of task sets and definitions that names their build.
pub(crate) const BUILD_TAG: &str = "artifact-build-number";

/// The tag that names what runs where no build does.
pub(crate) const VALUE_TAG: &str = "artifact-value";

/// The tag by which a revision is found again when the answer to its registration was lost.
const TOKEN_TAG: &str = "ecs-deploy-token";

/// The revision to register.
pub(super) fn specification(
    blueprint: &Blueprint,
    token: &str,
) -> Result<TaskDefinition, ConfigError> {
    let (target, rendered) = (&blueprint.target, blueprint.rendered()?);
    let mut tags = tags(blueprint);
    tags.insert(TOKEN_TAG.into(), token.into());
    Ok(TaskDefinition {
        family: target.family.clone(),
        containers: rendered.containers,
        cpu: target.cpu.clone(),
        memory: target.memory.clone(),
        task_role: target.task_role.clone(),
        execution_role: target.execution_role.clone(),
        members: rendered.task_definition,
        tags,
    })
}

/// The tags of the original: what a task set or a revision was made from. Where that is no build of
/// ArtifactDB, its value as well.
pub(super) fn tags(blueprint: &Blueprint) -> BTreeMap<String, String> {
    let Blueprint { artifact, config_sha, .. } = blueprint;
    let mut tags = BTreeMap::from([
        (CONFIG_TAG.to_owned(), config_sha.to_string()),
        (BUILD_TAG.to_owned(), artifact.build_number.to_string()),
    ]);
    if !artifact.is_in_artifact_db() && is_taken_as_a_tag(&artifact.value) {
        tags.insert(VALUE_TAG.to_owned(), artifact.value.clone());
    }
    tags
}

/// Whether ECS takes it as a tag's value: 256 characters at most, few of them punctuation.
fn is_taken_as_a_tag(value: &str) -> bool {
    value.len() <= 256 && value.chars().all(|c| c.is_ascii_alphanumeric() || "+-=._:/@".contains(c))
}

/// Whether the family's newest revision is the one with our token.
pub(super) async fn look(hands: Hands<'_>, token: &str) -> Result<Look, CloudError> {
    let latest = hands.cloud.ecs.latest_task_definition(&hands.blueprint.target.family).await;
    let latest = hands.reporter.or_skip(latest, "an earlier registration is not looked for")?;
    Ok(match latest.flatten() {
        Some(latest) if latest.tags.get(TOKEN_TAG).is_some_and(|tag| tag == token) => {
            Look::Done(Outcome::Registered(latest.arn))
        }
        _ => Look::NotDone,
    })
}

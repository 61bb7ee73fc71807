use super::{Effect, Hands, Look, Outcome, task_definition};
use crate::cloud::{CloudError, ErrorClass, NewTaskSet, TaskSet, TaskSetStatus};
use crate::config::ConfigError;
use crate::journal::State;
use crate::listeners;
use crate::names::{Color, TaskDefinitionArn, TaskSetId};
use crate::plan::{Blueprint, Reachability};
use crate::traffic::Reach;

/// The task set to create.
pub(super) fn specification(
    blueprint: &Blueprint,
    token: &str,
    task_definition: &TaskDefinitionArn,
    color: Color,
) -> Result<NewTaskSet, ConfigError> {
    let (target, rendered) = (&blueprint.target, blueprint.rendered()?);
    Ok(NewTaskSet {
        token: token.to_owned(),
        task_definition: task_definition.clone(),
        target_group: target.target_groups[color].clone(),
        container_name: rendered.container_name.to_string(),
        container_port: rendered.container_port,
        subnets: target.subnets.clone(),
        security_groups: target.security_groups.clone(),
        assign_public_ip: rendered.assign_public_ip,
        members: rendered.task_set,
        tags: task_definition::tags(blueprint),
    })
}

/// Whether a set with our token lives.
pub(super) async fn look_created(hands: Hands<'_>, token: &str) -> Result<Look, CloudError> {
    let set = sets(hands).await?.into_iter().find(|set| {
        set.external_id.as_deref() == Some(token) && set.status != TaskSetStatus::Draining
    });
    Ok(set.map_or(Look::NotDone, |set| Look::Done(Outcome::Created(set.id))))
}

/// ECS may answer a known token with the set that it made then, even if that is on its way out.
pub(super) fn unless_draining(set: TaskSet) -> Result<TaskSetId, CloudError> {
    if set.status != TaskSetStatus::Draining {
        return Ok(set.id);
    }
    let message = format!("{} is being deleted; -start-over creates another", set.id);
    Err(CloudError::new("ecs:CreateTaskSet", ErrorClass::Conflict, message))
}

/// Whether a set is scaled to nothing; it must neither be PRIMARY nor serve.
pub(super) async fn look_scaled(hands: Hands<'_>, id: &TaskSetId) -> Result<Look, CloudError> {
    match find(hands, id).await? {
        None => Ok(Look::Done(Outcome::Done)),
        Some(set) if set.status == TaskSetStatus::Draining || set.scale == 0.0 => {
            Ok(Look::Done(Outcome::Done))
        }
        Some(set) => unless_in_use(hands, &set).await,
    }
}

/// Whether a set is deleted, or on its way; it must neither be PRIMARY nor serve.
pub(super) async fn look_deleted(hands: Hands<'_>, id: &TaskSetId) -> Result<Look, CloudError> {
    match find(hands, id).await? {
        None => Ok(Look::Done(Outcome::Done)),
        Some(set) if set.status == TaskSetStatus::Draining => Ok(Look::Done(Outcome::Done)),
        Some(set) => unless_in_use(hands, &set).await,
    }
}

/// Answers lag behind: a set that is shown as it was may be on its way out, or gone, which is what
/// was wanted. The call itself tells.
pub(super) fn unless_going(applied: Result<(), CloudError>) -> Result<(), CloudError> {
    match applied {
        Err(error) if error.class == ErrorClass::NotFound => Ok(()),
        // AWS has no code of its own for this.
        Err(error) if error.message.to_uppercase().contains("DRAINING") => Ok(()),
        applied => applied,
    }
}

/// Whether a set is PRIMARY.
pub(super) async fn look_primary(
    hands: Hands<'_>,
    state: &State,
    id: &TaskSetId,
) -> Result<Look, CloudError> {
    Ok(match find(hands, id).await? {
        Some(set) if set.status == TaskSetStatus::Primary && may_be_known(state, id) => {
            Look::Done(Outcome::Done)
        }
        Some(set) if set.status != TaskSetStatus::Draining => Look::NotDone,
        Some(_) => Look::Forbidden(format!("{id} is being deleted")),
        // Answers lag behind: whether it is really gone, the call itself will tell.
        None => Look::NotDone,
    })
}

/// Whether it can be known from an answer that a set is PRIMARY. Answers lag behind: in a rollback, one
/// from before the deploy would show the set from before, too. Until the call was tried it is made; to
/// mark a set twice is to mark it once.
fn may_be_known(state: &State, id: &TaskSetId) -> bool {
    let doing = state.journal.as_ref().and_then(|journal| journal.doing.as_ref());
    let is_tried = matches!(doing, Some(Effect::MarkPrimary { task_set }) if task_set == id);
    state.open_rollback().is_none() || is_tried
}

/// It never touches PRIMARY and what requests reach, also where another program put them there.
async fn unless_in_use(hands: Hands<'_>, set: &TaskSet) -> Result<Look, CloudError> {
    if set.status == TaskSetStatus::Primary {
        return Ok(Look::Forbidden(format!("{} has become PRIMARY", set.id)));
    }
    let Hands { cloud, blueprint, reporter, .. } = hands;
    let accepted = blueprint.allow.rules.as_ref();
    let traffic = listeners::read(cloud, &blueprint.target, accepted, reporter).await?;
    if let Err(refusal) = traffic.check() {
        return Ok(Look::Forbidden(format!("what is live is not clear: {refusal}")));
    }
    let sets = std::slice::from_ref(set);
    let reachability = Reachability::read(cloud, traffic, sets, reporter).await?;
    Ok(match reachability.of(set) {
        Reach::Idle | Reach::AcceptedOnly => Look::NotDone,
        Reach::Live => Look::Forbidden(format!("{} is live", set.id)),
        Reach::Reachable | Reach::Unlisted => {
            Look::Forbidden(format!("requests may reach {} through another rule", set.id))
        }
    })
}

async fn sets(hands: Hands<'_>) -> Result<Vec<TaskSet>, CloudError> {
    let service = hands.cloud.ecs.service(&hands.blueprint.service).await?;
    Ok(service.map(|service| service.task_sets).unwrap_or_default())
}

async fn find(hands: Hands<'_>, id: &TaskSetId) -> Result<Option<TaskSet>, CloudError> {
    Ok(sets(hands).await?.into_iter().find(|set| set.id == *id))
}

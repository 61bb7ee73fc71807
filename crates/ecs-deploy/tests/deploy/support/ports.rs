//! The ports' methods: each one look at the models, or one change of them.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use ecs_deploy::cloud::{
    Artifact, Artifacts, CloudError, Ecs, ErrorClass, LatestTaskDefinition, LoadBalancer,
    NewTaskSet, Service, ServiceRef, StoppedTask, TargetHealth, Task, TaskDefinition, TaskSet,
    TaskSetStatus,
};
use ecs_deploy::fence::Permit;
use ecs_deploy::names::{
    BuildNumber, ListenerArn, ProjectName, ServiceName, TargetGroupArn, TaskDefinitionArn,
    TaskSetArn, TaskSetId,
};
use ecs_deploy::traffic::{Listener, Rule, RuleArn};

use super::cloud::{FakeCloud, Model, Revision, refused};
use super::ecs::{Behaviour, Set};
use super::faults::Call;

/// How many task sets ECS allows a service.
const CAP: usize = 5;

/// The project that has builds; the app has another name.
const PROJECT: &str = "storefront";

pub(crate) fn revision_arn(revision: usize) -> TaskDefinitionArn {
    let arn = format!("arn:aws:ecs:us-east-1:222222222222:task-definition/shop-dev:{revision}");
    arn.parse().unwrap()
}

#[async_trait]
impl Ecs for FakeCloud {
    async fn service(&self, _: &ServiceRef) -> Result<Option<Service>, CloudError> {
        self.read(Call::Service, |model, now| model.service.shown(now)).await
    }

    async fn task_set_tags(
        &self,
        set: &TaskSetArn,
    ) -> Result<BTreeMap<String, String>, CloudError> {
        self.read(Call::TaskSetTags, |model, _| {
            let found = model.service.sets.iter().find(|it| it.arn() == *set);
            found.map(|set| set.tags.clone()).unwrap_or_default()
        })
        .await
    }

    async fn tasks(&self, _: &ServiceRef) -> Result<Vec<Task>, CloudError> {
        self.read(Call::Tasks, |model, now| model.service.tasks(now)).await
    }

    async fn protected_tasks(
        &self,
        _: &ServiceRef,
        tasks: &[String],
    ) -> Result<Vec<String>, CloudError> {
        self.read(Call::ProtectedTasks, |model, now| {
            let protected = model.service.sets.iter().filter(|set| set.protected);
            let of = |set: &Set| set.addresses(set.running(model.service.desired, now));
            let arns = protected.flat_map(of).map(|address| format!("task/{address}"));
            arns.filter(|arn| tasks.contains(arn)).collect()
        })
        .await
    }

    async fn stopped_tasks(
        &self,
        _: &ServiceRef,
        set: &TaskSetId,
    ) -> Result<Vec<StoppedTask>, CloudError> {
        self.read(Call::StoppedTasks, |model, now| model.service.stopped(set, now)).await
    }

    async fn latest_task_definition(
        &self,
        _: &ServiceName,
    ) -> Result<Option<LatestTaskDefinition>, CloudError> {
        self.read(Call::LatestTaskDefinition, |model, _| {
            let latest = model.revisions.last()?;
            let arn = revision_arn(model.revisions.len());
            Some(LatestTaskDefinition { arn, tags: latest.tags.clone() })
        })
        .await
    }

    async fn register(
        &self,
        permit: &Permit,
        definition: &TaskDefinition,
    ) -> Result<TaskDefinitionArn, CloudError> {
        self.change(Call::Register, permit, |model, _| {
            let image = definition.containers[0]["image"].as_str().ok_or("no image")?.to_owned();
            model.revisions.push(Revision { image, tags: definition.tags.clone() });
            Ok(revision_arn(model.revisions.len()))
        })
        .await
    }

    async fn create_task_set(
        &self,
        permit: &Permit,
        _: &ServiceRef,
        set: &NewTaskSet,
    ) -> Result<TaskSet, CloudError> {
        self.change(Call::Create, permit, |model, now| create(model, now, set)).await
    }

    async fn scale(
        &self,
        permit: &Permit,
        _: &ServiceRef,
        set: &TaskSetId,
        percent: u8,
    ) -> Result<(), CloudError> {
        self.change(Call::Scale, permit, |model, now| {
            model.forbid_use("scaled", set);
            let set = model.service.set_mut(set, now).ok_or("TaskSetNotFound")?;
            set.scaled_down = (percent == 0).then_some(now);
            Ok(())
        })
        .await
    }

    async fn delete(
        &self,
        permit: &Permit,
        _: &ServiceRef,
        set: &TaskSetId,
    ) -> Result<(), CloudError> {
        self.change(Call::Delete, permit, |model, now| {
            model.forbid_use("deleted", set);
            let desired = model.service.desired;
            let found = model.service.set_mut(set, now).ok_or("TaskSetNotFound")?;
            let running = found.running(desired, now);
            found.status = TaskSetStatus::Draining;
            found.deleted = Some(now);
            if running > 0 {
                model.violations.push(format!("{set} was deleted with {running} tasks"));
            }
            Ok(())
        })
        .await
    }

    async fn make_primary(
        &self,
        permit: &Permit,
        _: &ServiceRef,
        set: &TaskSetId,
    ) -> Result<(), CloudError> {
        self.change(Call::MakePrimary, permit, |model, now| model.make_primary(set, now)).await
    }
}

impl Model {
    pub(crate) fn make_primary(&mut self, id: &TaskSetId, now: Duration) -> Result<(), String> {
        self.service.set_mut(id, now).ok_or("TaskSetNotFound")?;
        for set in &mut self.service.sets {
            if set.id == *id {
                set.status = TaskSetStatus::Primary;
            } else if set.status == TaskSetStatus::Primary {
                set.status = TaskSetStatus::Active;
            }
        }
        Ok(())
    }

    /// A set that serves, or is PRIMARY, is never stopped.
    fn forbid_use(&mut self, what: &str, id: &TaskSetId) {
        let group = &self.balancer.groups[self.serving()];
        let used = |set: &&Set| {
            set.id == *id && (set.group == *group || set.status == TaskSetStatus::Primary)
        };
        if self.service.sets.iter().any(|set| used(&set)) {
            self.violations.push(format!("{id} was {what} while it was in use"));
        }
    }
}

impl Model {
    fn builds(&self, project: &ProjectName) -> impl DoubleEndedIterator<Item = &Artifact> {
        self.artifacts.iter().filter(move |_| project.as_str() == PROJECT)
    }
}

fn create(model: &mut Model, now: Duration, new: &NewTaskSet) -> Result<TaskSet, String> {
    let living = model.service.living(now);
    let known = living.into_iter().find(|set| set.token.as_ref() == Some(&new.token));
    let id = match known {
        Some(set) => set.id.clone(),
        None => add(model, now, new)?,
    };
    let lag = std::mem::take(&mut model.service.lag);
    let service = model.service.shown(now).expect("it exists");
    model.service.lag = lag;
    Ok(service.task_sets.into_iter().find(|set| set.id == id).expect("just created"))
}

fn add(model: &mut Model, now: Duration, new: &NewTaskSet) -> Result<TaskSetId, String> {
    if model.service.living(now).count() >= CAP {
        return Err("5 deployments exist on the service".into());
    }
    let revision = usize::try_from(new.task_definition.revision()).expect("a small number");
    let image = model.revisions[revision - 1].image.clone();
    model.created_sets += 1;
    let number = model.created_sets;
    let id: TaskSetId = format!("ecs-svc/{number}").parse().unwrap();
    model.service.sets.push(Set {
        id: id.clone(),
        number,
        status: TaskSetStatus::Active,
        token: Some(new.token.clone()),
        definition: new.task_definition.clone(),
        behaviour: model.behaviours.get(&image).copied().unwrap_or(Behaviour::Healthy),
        image,
        group: new.target_group.clone(),
        tags: new.tags.clone(),
        created: now,
        scaled_down: None,
        deleted: None,
        failed_before: 0,
        protected: false,
    });
    Ok(id)
}

#[async_trait]
impl LoadBalancer for FakeCloud {
    async fn listeners(&self, of: &ListenerArn) -> Result<Vec<Listener>, CloudError> {
        let only = Listener { arn: of.clone(), protocol: "HTTP".to_owned(), port: 80 };
        self.read(Call::Listeners, move |_, _| vec![only.clone()]).await
    }

    async fn rules(&self, of: &ListenerArn) -> Result<Vec<Rule>, CloudError> {
        let is_gone = |model: &Model, _| model.balancer.gone.contains(of);
        if self.read(Call::Rules, is_gone).await? {
            return Err(refused(Call::Rules, ErrorClass::NotFound));
        }
        self.read(Call::Rules, |model, now| model.balancer.rules(now)).await
    }

    async fn health(&self, group: &TargetGroupArn) -> Result<Vec<TargetHealth>, CloudError> {
        self.read(Call::Health, |model, now| model.balancer.health(group, &model.service, now))
            .await
    }

    async fn deregistration_delay(&self, _: &TargetGroupArn) -> Result<Duration, CloudError> {
        self.read(Call::DeregistrationDelay, |model, _| model.balancer.delay).await
    }

    async fn set_priorities(
        &self,
        permit: &Permit,
        priorities: &BTreeMap<RuleArn, u32>,
    ) -> Result<(), CloudError> {
        self.change(Call::SetPriorities, permit, |model, now| {
            model.balancer.set_priorities(priorities, now)?;
            // Where no task is desired, none is there to be healthy.
            if model.service.desired == 0 {
                return Ok(());
            }
            if model.healthy(model.serving(), now) == 0 {
                model.violations.push("nothing healthy serves".into());
            }
            if model.running_sets(model.serving(), now) != 1 {
                model.violations.push("a mix of versions serves".into());
            }
            Ok(())
        })
        .await
    }
}

#[async_trait]
impl Artifacts for FakeCloud {
    async fn latest(
        &self,
        project: &ProjectName,
        tags: &BTreeMap<String, String>,
    ) -> Result<Option<Artifact>, CloudError> {
        self.read(Call::LatestArtifact, |model, _| {
            let fits = |artifact: &&Artifact| {
                tags.iter().all(|(key, value)| artifact.tags.get(key) == Some(value))
            };
            model.builds(project).filter(fits).max_by_key(|a| a.build_number).cloned()
        })
        .await
    }

    async fn newest(
        &self,
        project: &ProjectName,
        limit: usize,
    ) -> Result<Vec<Artifact>, CloudError> {
        self.read(Call::NewestArtifacts, |model, _| {
            model.builds(project).rev().take(limit).cloned().collect()
        })
        .await
    }

    async fn get(
        &self,
        project: &ProjectName,
        build: BuildNumber,
    ) -> Result<Option<Artifact>, CloudError> {
        self.read(Call::GetArtifact, |model, _| {
            model.builds(project).find(|artifact| artifact.build_number == build).cloned()
        })
        .await
    }

    async fn set_tag(
        &self,
        permit: &Permit,
        project: &ProjectName,
        build: BuildNumber,
        key: &str,
        value: &str,
    ) -> Result<(), CloudError> {
        self.change(Call::SetTag, permit, |model, _| {
            let mut artifacts = model.artifacts.iter_mut().filter(|_| project.as_str() == PROJECT);
            let artifact =
                artifacts.find(|artifact| artifact.build_number == build).ok_or("no such build")?;
            artifact.tags.insert(key.to_owned(), value.to_owned());
            Ok(())
        })
        .await
    }
}

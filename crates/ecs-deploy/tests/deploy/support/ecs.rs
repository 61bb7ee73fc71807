//! A service with its task sets, as a function of the time.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use ecs_deploy::cloud::{Service, StoppedContainer, StoppedTask, Task, TaskSet, TaskSetStatus};
use ecs_deploy::names::{TargetGroupArn, TaskDefinitionArn, TaskSetArn, TaskSetId};

/// From the creation of a set until its tasks run, and until they are healthy.
const START: Duration = Duration::from_secs(4);
pub(crate) const HEALTHY: Duration = Duration::from_secs(6);

/// From the creation of a set until its desired count is computed.
const COUNTED: Duration = Duration::from_millis(300);

/// From scaling to 0 until no task is left, and from a deletion until the set is gone.
const STOP: Duration = Duration::from_secs(3);
const GONE: Duration = Duration::from_secs(2);

/// How often a failing task is started again.
const RESTART: Duration = Duration::from_secs(3);

/// What becomes of the tasks of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Behaviour {
    Healthy,
    NeverHealthy,
    CrashLoop,
    NoImage,
}

/// A task set as the model keeps it.
#[derive(Clone, Debug)]
pub(crate) struct Set {
    pub(crate) id: TaskSetId,
    pub(crate) number: u8,
    pub(crate) status: TaskSetStatus,
    pub(crate) token: Option<String>,
    pub(crate) definition: TaskDefinitionArn,
    pub(crate) image: String,
    pub(crate) group: TargetGroupArn,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) behaviour: Behaviour,
    pub(crate) created: Duration,
    pub(crate) scaled_down: Option<Duration>,
    pub(crate) deleted: Option<Duration>,
    /// Tasks that failed before its behaviour changed.
    pub(crate) failed_before: u64,
    /// Its tasks can't be stopped, and it can't go.
    pub(crate) protected: bool,
}

impl Set {
    pub(crate) fn is_gone(&self, now: Duration) -> bool {
        self.deleted.is_some_and(|at| now >= at + GONE) && !self.protected
    }

    pub(crate) fn running(&self, desired: u32, now: Duration) -> u32 {
        let age = now - self.created;
        let stopped = self.scaled_down.is_some_and(|at| now >= at + STOP) && !self.protected;
        let up = match self.behaviour {
            Behaviour::Healthy | Behaviour::NeverHealthy => age >= START,
            Behaviour::CrashLoop => age.as_secs() % 3 == 2,
            Behaviour::NoImage => false,
        };
        if up && !stopped { desired } else { 0 }
    }

    pub(crate) fn is_healthy(&self, now: Duration) -> bool {
        self.behaviour == Behaviour::Healthy && now - self.created >= HEALTHY
    }

    pub(crate) fn addresses(&self, count: u32) -> Vec<IpAddr> {
        let address = |task| Ipv4Addr::new(10, 0, self.number, task).into();
        (0..u8::try_from(count).expect("a handful of tasks")).map(address).collect()
    }

    pub(crate) fn arn(&self) -> TaskSetArn {
        let arn = format!("arn:aws:ecs:us-east-1:222222222222:task-set/main/shop-dev/{}", self.id);
        arn.parse().unwrap()
    }

    fn shown(&self, desired: u32, now: Duration) -> TaskSet {
        let is_counted = now - self.created >= COUNTED;
        let wanted = if self.scaled_down.is_some() || !is_counted { 0 } else { desired };
        let running = self.running(desired, now);
        TaskSet {
            id: self.id.clone(),
            arn: self.arn(),
            status: self.status,
            task_definition: self.definition.clone(),
            external_id: self.token.clone(),
            target_groups: vec![self.group.clone()],
            scale: if self.scaled_down.is_some() { 0.0 } else { 100.0 },
            computed_desired: wanted,
            running,
            pending: wanted.saturating_sub(running),
            steady: running == wanted && (wanted == 0 || self.is_healthy(now)),
        }
    }

    fn tasks(&self, desired: u32, now: Duration) -> Vec<Task> {
        let addresses = self.addresses(self.running(desired, now)).into_iter();
        let task = |address: IpAddr| Task {
            arn: format!("task/{address}"),
            started_by: Some(self.id.to_string()),
            addresses: vec![address],
            last_status: "RUNNING".into(),
        };
        addresses.map(task).collect()
    }

    fn stopped(&self, desired: u32, now: Duration) -> Vec<StoppedTask> {
        let (code, exit, reason) = match self.behaviour {
            Behaviour::CrashLoop => ("EssentialContainerExited", Some(3), None),
            _ => ("TaskFailedToStart", None, Some("CannotPullContainerError")),
        };
        let rounds = match self.behaviour {
            Behaviour::Healthy | Behaviour::NeverHealthy => 0,
            _ => (now - self.created).as_secs() / RESTART.as_secs(),
        };
        let count = self.failed_before + rounds * u64::from(desired);
        let task = |n| StoppedTask {
            arn: format!("{}/stopped/{n}", self.id),
            stop_code: Some(code.into()),
            stopped_reason: Some("the task ended".into()),
            containers: vec![StoppedContainer {
                name: "shop".into(),
                exit_code: exit,
                reason: reason.map(str::to_owned),
            }],
        };
        (0..count).rev().map(task).collect()
    }
}

/// The service.
#[derive(Clone, Debug)]
pub(crate) struct ServiceModel {
    pub(crate) exists: bool,
    pub(crate) status: String,
    pub(crate) controller: String,
    pub(crate) desired: u32,
    /// What PRIMARY runs, where the desired count was changed and ECS has not followed yet.
    pub(crate) keeps_running: Option<u32>,
    /// The same of the sets that are not.
    pub(crate) others_keep_running: Option<u32>,
    pub(crate) sets: Vec<Set>,
    /// How late reads show a change.
    pub(crate) lag: Duration,
    history: Vec<(Duration, Vec<Set>)>,
}

impl ServiceModel {
    pub(crate) fn new() -> Self {
        Self {
            exists: true,
            status: "ACTIVE".into(),
            controller: "EXTERNAL".into(),
            desired: 2,
            keeps_running: None,
            others_keep_running: None,
            sets: Vec::new(),
            lag: Duration::ZERO,
            history: Vec::new(),
        }
    }

    /// Keeps what a lagging read still shows.
    pub(crate) fn remember(&mut self, now: Duration) {
        self.history.push((now, self.sets.clone()));
    }

    pub(crate) fn shown(&self, now: Duration) -> Option<Service> {
        let seen = now - self.lag;
        let sets = self.seen(seen).iter().filter(|set| !set.is_gone(seen));
        self.exists.then(|| Service {
            status: self.status.clone(),
            deployment_controller: self.controller.clone(),
            desired_count: self.desired,
            task_sets: sets.map(|set| self.shown_set(set, seen.max(set.created))).collect(),
            health_check_grace_period: Duration::ZERO,
            events: Vec::new(),
        })
    }

    fn shown_set(&self, set: &Set, now: Duration) -> TaskSet {
        let shown = set.shown(self.desired, now);
        let keeps = match set.status {
            TaskSetStatus::Primary => self.keeps_running,
            TaskSetStatus::Active | TaskSetStatus::Draining => self.others_keep_running,
        };
        TaskSet { running: keeps.unwrap_or(shown.running), ..shown }
    }

    /// The sets before the first change that is too young to be seen.
    fn seen(&self, then: Duration) -> &[Set] {
        let hidden = self.history.iter().find(|(at, _)| *at > then);
        hidden.map_or(&self.sets, |(_, before)| before)
    }

    pub(crate) fn living(&self, now: Duration) -> impl Iterator<Item = &Set> {
        self.sets.iter().filter(move |set| !set.is_gone(now))
    }

    pub(crate) fn tasks(&self, now: Duration) -> Vec<Task> {
        self.living(now).flat_map(|set| set.tasks(self.desired, now)).collect()
    }

    pub(crate) fn stopped(&self, id: &TaskSetId, now: Duration) -> Vec<StoppedTask> {
        let set = self.sets.iter().find(|set| set.id == *id);
        set.map(|set| set.stopped(self.desired, now)).unwrap_or_default()
    }

    pub(crate) fn set_mut(&mut self, id: &TaskSetId, now: Duration) -> Option<&mut Set> {
        self.sets.iter_mut().find(|set| set.id == *id && !set.is_gone(now))
    }

    pub(crate) fn primary(&self) -> Option<&Set> {
        self.sets.iter().find(|set| set.status == TaskSetStatus::Primary)
    }
}

//! The ports over the models, with their faults.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use ecs_deploy::cloud::{Artifact, CloudError, ErrorClass, Identity};
use ecs_deploy::fence::{ATTEMPT_LIMIT, Permit};
use ecs_deploy::names::{AccountId, ByColor, Color, TargetGroupArn};
use tokio::time::{Instant, sleep};

use super::ecs::{Behaviour, ServiceModel};
use super::faults::{Call, Fault, Faults, Fuse};
use super::load_balancer::Balancer;

/// How long a request and an answer are under way.
const TRAVEL: Duration = Duration::from_millis(20);

/// The adapters' limit for a read.
const READ_LIMIT: Duration = Duration::from_secs(10);

/// The time at which every world begins; some sets are older than that.
pub(crate) const BEGINNING: Duration = Duration::from_secs(100_000);

/// All that a deploy can see and change but the lock.
pub(crate) struct Model {
    pub(crate) config_account: AccountId,
    pub(crate) deploy_account: AccountId,
    pub(crate) artifacts: Vec<Artifact>,
    pub(crate) service: ServiceModel,
    pub(crate) balancer: Balancer,
    /// By image; every other is healthy.
    pub(crate) behaviours: BTreeMap<String, Behaviour>,
    pub(crate) revisions: Vec<Revision>,
    pub(crate) created_sets: u8,
    /// What was changed when.
    pub(crate) changes: Vec<(Duration, Call)>,
    /// What no deploy may ever do.
    pub(crate) violations: Vec<String>,
}

pub(crate) struct Revision {
    pub(crate) image: String,
    pub(crate) tags: BTreeMap<String, String>,
}

pub(crate) struct FakeCloud {
    model: Mutex<Model>,
    start: Instant,
    pub(crate) faults: Faults,
    pub(crate) fuse: Arc<Fuse>,
}

impl FakeCloud {
    pub(crate) fn new(groups: ByColor<TargetGroupArn>, fuse: Arc<Fuse>) -> Self {
        let model = Model {
            config_account: "111111111111".parse().unwrap(),
            deploy_account: "222222222222".parse().unwrap(),
            artifacts: Vec::new(),
            service: ServiceModel::new(),
            balancer: Balancer::new(groups),
            behaviours: BTreeMap::new(),
            revisions: Vec::new(),
            created_sets: 0,
            changes: Vec::new(),
            violations: Vec::new(),
        };
        let (start, faults) = (Instant::now(), Faults::default());
        Self { model: Mutex::new(model), start, faults, fuse }
    }

    pub(crate) fn model(&self) -> MutexGuard<'_, Model> {
        self.model.lock().unwrap()
    }

    pub(crate) fn now(&self) -> Duration {
        BEGINNING + self.start.elapsed()
    }

    pub(super) async fn read<T>(
        &self,
        call: Call,
        answer: impl FnOnce(&Model, Duration) -> T,
    ) -> Result<T, CloudError> {
        let fault = self.faults.meet(call);
        sleep(TRAVEL).await;
        match fault {
            None => Ok(answer(&self.model(), self.now())),
            Some(Fault::Refuse(class)) => Err(refused(call, class)),
            Some(Fault::LoseAnswer | Fault::Hang) => Err(no_answer(call, READ_LIMIT).await),
        }
    }

    /// One transmission, in the manner of the adapters: fenced, and bounded in time.
    pub(super) async fn change<T>(
        &self,
        call: Call,
        permit: &Permit,
        change: impl FnOnce(&mut Model, Duration) -> Result<T, String>,
    ) -> Result<T, CloudError> {
        check(call, permit)?;
        let fault = self.faults.meet(call);
        self.fuse.burn().await;
        sleep(TRAVEL).await;
        check(call, permit)?;
        match fault {
            Some(Fault::Refuse(class)) => return Err(refused(call, class)),
            Some(Fault::Hang) => return Err(no_answer(call, ATTEMPT_LIMIT).await),
            Some(Fault::LoseAnswer) | None => {}
        }
        let changed = self.apply(call, change);
        self.fuse.burn().await;
        sleep(TRAVEL).await;
        match fault {
            Some(Fault::LoseAnswer) => Err(no_answer(call, ATTEMPT_LIMIT).await),
            _ => changed.map_err(|why| CloudError::new(call.action(), ErrorClass::Unknown, why)),
        }
    }

    fn apply<T>(
        &self,
        call: Call,
        change: impl FnOnce(&mut Model, Duration) -> Result<T, String>,
    ) -> Result<T, String> {
        let now = self.now();
        let mut model = self.model();
        model.service.remember(now);
        let changed = change(&mut model, now)?;
        model.changes.push((now, call));
        Ok(changed)
    }
}

fn check(call: Call, permit: &Permit) -> Result<(), CloudError> {
    let fenced = |expired: ecs_deploy::fence::Expired| {
        CloudError::new(call.action(), ErrorClass::Fenced, expired.to_string())
    };
    permit.check().map_err(fenced)
}

pub(super) fn refused(call: Call, class: ErrorClass) -> CloudError {
    CloudError::new(call.action(), class, "refused by the test")
}

async fn no_answer(call: Call, limit: Duration) -> CloudError {
    sleep(limit).await;
    CloudError::new(call.action(), ErrorClass::Transient, "no answer")
}

impl Model {
    /// How often a change took place.
    pub(crate) fn count(&self, call: Call) -> usize {
        self.changes.iter().filter(|(_, of)| *of == call).count()
    }

    pub(crate) fn serving(&self) -> Color {
        self.balancer.serving()
    }

    /// What lives on a color, oldest first, by image.
    pub(crate) fn images(&self, color: Color, now: Duration) -> Vec<String> {
        let group = &self.balancer.groups[color];
        let sets = self.service.living(now).filter(|set| set.group == *group);
        sets.map(|set| set.image.clone()).collect()
    }

    /// How many sets of a color run tasks.
    pub(crate) fn running_sets(&self, color: Color, now: Duration) -> usize {
        let group = &self.balancer.groups[color];
        let sets = self.service.living(now).filter(|set| set.group == *group);
        sets.filter(|set| set.running(self.service.desired, now) > 0).count()
    }

    /// Healthy targets of a color.
    pub(crate) fn healthy(&self, color: Color, now: Duration) -> usize {
        let targets = self.balancer.health(&self.balancer.groups[color], &self.service, now);
        let healthy = |target: &&_| is_healthy(target);
        targets.iter().filter(healthy).count()
    }
}

fn is_healthy(target: &ecs_deploy::cloud::TargetHealth) -> bool {
    target.state == ecs_deploy::cloud::HealthState::Healthy
}

#[async_trait]
impl Identity for FakeCloud {
    async fn config_account(&self) -> Result<AccountId, CloudError> {
        self.read(Call::ConfigAccount, |model, _| model.config_account.clone()).await
    }

    async fn deploy_account(&self) -> Result<AccountId, CloudError> {
        self.read(Call::DeployAccount, |model, _| model.deploy_account.clone()).await
    }
}

//! What goes wrong: a call at a time, or the whole process.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use ecs_deploy::cloud::ErrorClass;
use tokio_util::sync::CancellationToken;

/// The calls of all ports but the lock table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Call {
    ConfigAccount,
    DeployAccount,
    LatestArtifact,
    NewestArtifacts,
    GetArtifact,
    SetTag,
    Service,
    TaskSetTags,
    Tasks,
    ProtectedTasks,
    StoppedTasks,
    LatestTaskDefinition,
    Register,
    Create,
    Scale,
    Delete,
    MakePrimary,
    Listeners,
    Rules,
    Health,
    DeregistrationDelay,
    SetPriorities,
}

impl Call {
    /// Those that change something.
    pub(crate) const CHANGES: [Self; 7] = [
        Self::Register,
        Self::Create,
        Self::Scale,
        Self::Delete,
        Self::SetPriorities,
        Self::MakePrimary,
        Self::SetTag,
    ];

    /// The IAM action.
    pub(crate) fn action(self) -> &'static str {
        match self {
            Self::ConfigAccount | Self::DeployAccount => "sts:GetCallerIdentity",
            Self::LatestArtifact | Self::NewestArtifacts => "dynamodb:Query",
            Self::GetArtifact => "dynamodb:GetItem",
            Self::SetTag => "dynamodb:UpdateItem",
            Self::Service => "ecs:DescribeServices",
            Self::TaskSetTags => "ecs:ListTagsForResource",
            Self::Tasks => "ecs:ListTasks",
            Self::ProtectedTasks => "ecs:GetTaskProtection",
            Self::StoppedTasks => "ecs:DescribeTasks",
            Self::LatestTaskDefinition => "ecs:DescribeTaskDefinition",
            Self::Register => "ecs:RegisterTaskDefinition",
            Self::Create => "ecs:CreateTaskSet",
            Self::Scale => "ecs:UpdateTaskSet",
            Self::Delete => "ecs:DeleteTaskSet",
            Self::MakePrimary => "ecs:UpdateServicePrimaryTaskSet",
            Self::Listeners => "elasticloadbalancing:DescribeListeners",
            Self::Rules => "elasticloadbalancing:DescribeRules",
            Self::Health => "elasticloadbalancing:DescribeTargetHealth",
            Self::DeregistrationDelay => "elasticloadbalancing:DescribeTargetGroupAttributes",
            Self::SetPriorities => "elasticloadbalancing:SetRulePriorities",
        }
    }
}

/// What goes wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is refused, without effect.
    Refuse(ErrorClass),
    /// It takes effect, and nobody can tell.
    LoseAnswer,
    /// It has no effect and no answer: the port's own limit ends it.
    Hang,
}

/// Which calls go wrong, by their number among the calls of their kind, from 1.
#[derive(Default)]
pub(crate) struct Faults {
    planned: Mutex<Vec<(Call, RangeInclusive<usize>, Fault)>>,
    counts: Mutex<BTreeMap<Call, usize>>,
}

impl Faults {
    pub(crate) fn plan(&self, call: Call, numbers: RangeInclusive<usize>, fault: Fault) {
        self.planned.lock().unwrap().push((call, numbers, fault));
    }

    pub(crate) fn always(&self, call: Call, fault: Fault) {
        self.plan(call, 1..=usize::MAX, fault);
    }

    pub(crate) fn clear(&self) {
        self.planned.lock().unwrap().clear();
    }

    /// How often it was called.
    pub(crate) fn count(&self, call: Call) -> usize {
        self.counts.lock().unwrap().get(&call).copied().unwrap_or(0)
    }

    /// Counts a call; tells what is to go wrong with it.
    pub(crate) fn meet(&self, call: Call) -> Option<Fault> {
        let number = {
            let mut counts = self.counts.lock().unwrap();
            let count = counts.entry(call).or_default();
            *count += 1;
            *count
        };
        let planned = self.planned.lock().unwrap();
        planned.iter().find(|(of, at, _)| *of == call && at.contains(&number)).map(|plan| plan.2)
    }
}

/// Ends the process at a chosen moment: every event and both sides of every change are one.
#[derive(Default)]
pub(crate) struct Fuse {
    ticks: AtomicUsize,
    /// Zero: never.
    at: AtomicUsize,
    /// Asked to stop at this moment, rather than ended.
    stop: Mutex<Option<(usize, CancellationToken)>>,
}

impl Fuse {
    pub(crate) fn set(&self, at: usize) {
        self.ticks.store(0, Ordering::SeqCst);
        self.at.store(at, Ordering::SeqCst);
    }

    /// Asks to stop at a moment, counted from now.
    pub(crate) fn stop_at(&self, at: usize, cancel: CancellationToken) {
        self.set(0);
        *self.stop.lock().unwrap() = Some((at, cancel));
    }

    /// How many moments there were since it was set.
    pub(crate) fn ticks(&self) -> usize {
        self.ticks.load(Ordering::SeqCst)
    }

    pub(crate) fn tick(&self) {
        let ticks = self.ticks.fetch_add(1, Ordering::SeqCst) + 1;
        if let Some((at, cancel)) = &*self.stop.lock().unwrap()
            && *at == ticks
        {
            cancel.cancel();
        }
    }

    pub(crate) fn is_blown(&self) -> bool {
        let at = self.at.load(Ordering::SeqCst);
        at > 0 && self.ticks() >= at
    }

    /// A moment after which a dead process does nothing.
    pub(crate) async fn burn(&self) {
        self.tick();
        if self.is_blown() {
            std::future::pending::<()>().await;
        }
    }
}

//! One writer at a time: whoever changes something wrote the lock's row last.

use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use ecs_deploy_aws::LOCK_TABLE;
use http::{Request, Response};

use super::course::Course;
use crate::World;

/// One run of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Process {
    pub who: &'static str,
    pub run: u32,
}

/// Knows who wrote the lock's row last; clones know the same.
#[derive(Clone)]
pub(super) struct Writers(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    holder: Option<Process>,
    /// Whose write of the row is being answered.
    writes: Option<Process>,
}

/// The operations of ECS and the load balancer that change something which a lock guards.
const CHANGES: [&str; 6] = [
    "RegisterTaskDefinition",
    "CreateTaskSet",
    "UpdateTaskSet",
    "DeleteTaskSet",
    "UpdateServicePrimaryTaskSet",
    "SetRulePriorities",
];

impl Writers {
    /// Hears which writes of the row took effect.
    pub(super) fn of(world: &World) -> Self {
        let writers = Self(Arc::default());
        let heard = writers.clone();
        world.overhear(move |answer| heard.hear(answer));
        writers
    }

    /// Looks at a request that will reach AWS.
    pub(super) fn see(
        &self,
        process: Process,
        operation: &str,
        request: &Request<Bytes>,
        course: &Course,
    ) {
        let mut known = self.known();
        let is_write = matches!(operation, "PutItem" | "UpdateItem" | "DeleteItem");
        if is_write && is_about_locks(request) {
            known.writes = Some(process);
            return;
        }
        known.writes = None;
        if (is_write || CHANGES.contains(&operation)) && known.holder != Some(process) {
            let holder = known.holder;
            course.violation(format_args!("{process:?} calls {operation}, and {holder:?} holds"));
        }
    }

    fn hear(&self, answer: &Response<Bytes>) {
        let mut known = self.known();
        if let Some(process) = known.writes.take()
            && answer.status().is_success()
        {
            known.holder = Some(process);
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().expect("nobody panics while writing")
    }
}

fn is_about_locks(request: &Request<Bytes>) -> bool {
    let body = String::from_utf8_lossy(request.body());
    body.contains(&format!("\"{LOCK_TABLE}\""))
}

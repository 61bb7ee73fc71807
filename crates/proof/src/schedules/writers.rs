//! One writer at a time: whoever changes something holds the lock by its row.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};

use bytes::Bytes;
use dynamolock::names;
use ecs_deploy_aws::LOCK_TABLE;
use ecs_deploy_sandbox::model::dynamo::AttributeValue;
use http::Request;
use serde_json::Value;

use super::stage::Stage;

/// One run of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Process {
    pub who: &'static str,
    pub run: u32,
}

/// Knows the lock client's random name of each process; clones know the same.
#[derive(Clone, Default)]
pub(super) struct Writers(Arc<Mutex<BTreeMap<String, Process>>>);

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
    /// Looks at a request as it leaves, and notes one that may not.
    pub(super) fn see(
        &self,
        process: Process,
        operation: &str,
        request: &Request<Bytes>,
        stage: &Stage,
    ) {
        let is_change = match operation {
            "PutItem" => return self.learn(process, request),
            "UpdateItem" => !is_about_locks(request),
            operation => CHANGES.contains(&operation),
        };
        if !is_change {
            return;
        }
        let holder = self.holder(stage);
        if holder != Some(process) {
            let what = format_args!("{process:?} calls {operation}, and {holder:?} holds the lock");
            stage.course.violation(what);
        }
    }

    /// Only the lock's row is put; it names its new owner.
    fn learn(&self, process: Process, request: &Request<Bytes>) {
        let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        if let Some(owner) = body["Item"][names::OWNER_NAME]["S"].as_str() {
            self.owners().insert(owner.to_owned(), process);
        }
    }

    fn holder(&self, stage: &Stage) -> Option<Process> {
        let row = stage.row().filter(|row| !row.contains_key(names::IS_RELEASED))?;
        let AttributeValue::S(owner) = row.get(names::OWNER_NAME)? else { return None };
        self.owners().get(owner).copied()
    }

    fn owners(&self) -> MutexGuard<'_, BTreeMap<String, Process>> {
        self.0.lock().expect("nobody panics while looking")
    }
}

fn is_about_locks(request: &Request<Bytes>) -> bool {
    let name = format!("\"{LOCK_TABLE}\"");
    request.body().windows(name.len()).any(|window| window == name.as_bytes())
}

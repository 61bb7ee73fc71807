//! Who writes, and who may.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use dynamolock::{GoDuration, names};
use ecs_deploy_aws::LOCK_TABLE;
use ecs_deploy_sandbox::model::dynamo::{AttributeValue, Item};
use ecs_deploy_sandbox::model::{Cloud, Time};
use http::Request;
use serde::Deserialize;

use crate::invariants::Told;
use crate::line::operation;
use crate::world::{Auditor, Call};
use crate::{Line, Shop};

/// What begins the name of an operation that changes nothing.
const READS: [&str; 5] = ["Describe", "Get", "List", "Query", "BatchGet"];

/// Watches that there is one writer at a time: what changes something leaves the program that holds the
/// lock then, and nobody takes the lock while its lease lives. AWS can't be fenced: what has left in time
/// may arrive late.
///
/// A program that was robbed by a stranger who does not heed the lease can't know before it has asked
/// the lock's table again.
pub(crate) struct Writers {
    shop: Shop,
    row: Option<Row>,
    programs: Vec<Program>,
    told: Told,
}

/// The lock's row.
#[derive(Clone, PartialEq)]
struct Row {
    owner: String,
    version: String,
    is_held: bool,
    lease: Duration,
    /// When it was written last, as far as was seen.
    written: Time,
}

/// A program that had the lock once.
struct Program {
    line: Line,
    /// Its name in the row.
    owner: String,
    believes: bool,
}

impl Writers {
    pub(crate) fn new(shop: &Shop, told: Told) -> Self {
        Self { shop: shop.clone(), row: None, programs: Vec::new(), told }
    }

    fn read(&self, cloud: &mut Cloud, now: Time) -> Option<Row> {
        let tables = &cloud.region(&self.shop.config_scope()).dynamo;
        let row = Row::read(tables.table(LOCK_TABLE).ok()?.items().next()?, now)?;
        let is_known = |known: &&Row| Row { written: now, ..(*known).clone() } == row;
        Some(self.row.as_ref().filter(is_known).cloned().unwrap_or(row))
    }

    /// Judges a write of the lock's row that took place.
    fn wrote(&mut self, call: &Call<'_>, before: Option<&Row>, now: Time) {
        let owner = self.row.as_ref().map_or_else(String::new, |row| row.owner.clone());
        let is_own = |row: &Row| self.program(call.by).is_some_and(|it| it.owner == row.owner);
        let is_free = |row: &Row| !row.is_held || now.0 - row.written.0 >= row.lease;
        if before.is_some_and(|row| !is_own(row) && !is_free(row)) {
            self.told.tell(now, format!("{owner} took the lock of a holder whose lease lives"));
        }
        self.programs.retain(|program| program.line != *call.by);
        self.programs.push(Program { line: call.by.clone(), owner, believes: true });
    }

    /// Judges a call that changes something beside the lock.
    fn changes(&self, by: &Line, request: &Request<Bytes>, now: Time) {
        let held = self.row.as_ref().filter(|row| row.is_held);
        let program = self.program(by);
        let is_holder = |program: &Program| held.is_some_and(|row| row.owner == program.owner);
        let is_robbed = |program: &Program| {
            let by = |row: &Row| self.programs.iter().all(|known| known.owner != row.owner);
            program.believes && held.is_some_and(by)
        };
        if !program.is_some_and(|program| is_holder(program) || is_robbed(program)) {
            let what = operation(request);
            self.told.tell(now, format!("{what} came from a program without the lock"));
        }
    }

    fn program(&self, line: &Line) -> Option<&Program> {
        self.programs.iter().find(|program| program.line == *line)
    }

    /// A write that was refused tells a program that the lock is not its own.
    fn refused(&mut self, call: &Call<'_>) {
        let programs = self.programs.iter_mut();
        programs.filter(|program| program.line == *call.by).for_each(|it| it.believes = false);
    }
}

impl Auditor for Writers {
    fn leaves(&mut self, by: &Line, request: &Request<Bytes>, cloud: &mut Cloud, now: Time) {
        if is_change(&operation(request)) && !is_about_the_lock(request) {
            self.row = self.read(cloud, now);
            self.changes(by, request, now);
        }
    }

    fn before(&mut self, cloud: &mut Cloud, now: Time) {
        self.row = self.read(cloud, now);
    }

    fn after(&mut self, call: &Call<'_>, cloud: &mut Cloud, now: Time) {
        if !is_change(&operation(call.request)) || !is_about_the_lock(call.request) {
            return;
        }
        let row = self.read(cloud, now);
        let before = std::mem::replace(&mut self.row, row);
        if call.answer.status().is_success() {
            self.wrote(call, before.as_ref(), now);
        } else {
            self.refused(call);
        }
    }
}

/// Whether an operation changes something.
pub(crate) fn is_change(operation: &str) -> bool {
    !READS.iter().any(|read| operation.starts_with(read))
}

fn is_about_the_lock(request: &Request<Bytes>) -> bool {
    let input: Option<Input> = serde_json::from_slice(request.body()).ok();
    input.is_some_and(|input| input.table == LOCK_TABLE)
}

/// What DynamoDB is asked, as far as it matters here: every call is looked at.
#[derive(Deserialize)]
struct Input<'a> {
    #[serde(rename = "TableName", borrow)]
    table: Cow<'a, str>,
}

impl Row {
    fn read(item: &Item, now: Time) -> Option<Self> {
        let text = |name: &str| match item.get(name) {
            Some(AttributeValue::S(text)) => Some(text.clone()),
            _ => None,
        };
        let lease: GoDuration = text(names::LEASE_DURATION)?.parse().ok()?;
        Some(Self {
            owner: text(names::OWNER_NAME)?,
            version: text(names::RECORD_VERSION_NUMBER)?,
            is_held: !item.contains_key(names::IS_RELEASED),
            lease: lease.to_std(),
            written: now,
        })
    }
}

//! The lock table in memory.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use dynamolock::{Attribute, Held, Item, Outcome, PutCondition, Table, TableError, Update, names};
use ecs_deploy::cloud::{CloudError, ErrorClass};
use tokio::time::{Instant, sleep};

const TRAVEL: Duration = Duration::from_millis(10);

/// What goes wrong with the next write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WriteFault {
    Refuse,
    LoseAnswer,
}

#[derive(Default)]
pub(crate) struct MemoryTable {
    rows: Mutex<BTreeMap<String, Item>>,
    faults: Mutex<VecDeque<WriteFault>>,
    denies_delete: AtomicBool,
    /// Each row as it was written, and when.
    written: Mutex<Vec<(Instant, Item)>>,
}

pub(crate) fn text(text: &str) -> Attribute {
    Attribute::S(text.to_owned())
}

impl MemoryTable {
    pub(crate) fn row(&self, key: &str) -> Option<Item> {
        self.rows.lock().unwrap().get(key).cloned()
    }

    pub(crate) fn put_row(&self, key: &str, item: Item) {
        self.rows.lock().unwrap().insert(key.to_owned(), item);
    }

    /// The rows in the order in which they were written.
    pub(crate) fn written(&self) -> Vec<(Instant, Item)> {
        self.written.lock().unwrap().clone()
    }

    pub(crate) fn fail_next(&self, faults: impl IntoIterator<Item = WriteFault>) {
        self.faults.lock().unwrap().extend(faults);
    }

    /// From now on rows may not be deleted.
    pub(crate) fn deny_delete(&self) {
        self.denies_delete.store(true, Ordering::SeqCst);
    }

    /// Somebody who does not ask takes the lock.
    pub(crate) fn steal(&self, key: &str) {
        let mut rows = self.rows.lock().unwrap();
        let row = rows.get_mut(key).expect("there is a row to steal");
        row.insert(names::OWNER_NAME.into(), text("thief"));
        row.insert(names::RECORD_VERSION_NUMBER.into(), text("stolen"));
    }

    fn apply(
        &self,
        key: &str,
        write: impl FnOnce(&mut BTreeMap<String, Item>) -> Outcome,
    ) -> Result<Outcome, TableError> {
        let mut rows = self.rows.lock().unwrap();
        let before = rows.get(key).cloned();
        let outcome = write(&mut rows);
        if rows.get(key).is_some_and(|row| size(row) > LARGEST_ROW) {
            rows.extend(before.map(|row| (key.to_owned(), row)));
            return Err(TableError::TooLarge("Item size has exceeded the maximum".into()));
        }
        if let (Outcome::Done, Some(row)) = (&outcome, rows.get(key)) {
            self.written.lock().unwrap().push((Instant::now(), row.clone()));
        }
        Ok(outcome)
    }

    async fn write(
        &self,
        key: &str,
        write: impl FnOnce(&mut BTreeMap<String, Item>) -> Outcome,
    ) -> Result<Outcome, TableError> {
        let fault = self.faults.lock().unwrap().pop_front();
        sleep(TRAVEL).await;
        if fault == Some(WriteFault::Refuse) {
            let class = ErrorClass::Throttled;
            return Err(TableError::refused(CloudError::new("dynamodb:PutItem", class, "slowly")));
        }
        let outcome = self.apply(key, write)?;
        sleep(TRAVEL).await;
        match fault {
            Some(WriteFault::LoseAnswer) => Err(TableError::ambiguous("connection reset")),
            _ => Ok(outcome),
        }
    }
}

/// What DynamoDB takes.
const LARGEST_ROW: usize = 400 * 1024;

fn size(row: &Item) -> usize {
    let value = |value: &Attribute| match value {
        Attribute::S(text) => text.len(),
        Attribute::B(bytes) => bytes.len(),
        other => panic!("no test writes {other:?}"),
    };
    row.iter().map(|(name, of)| name.len() + value(of)).sum()
}

fn may_put(row: Option<&Item>, condition: &PutCondition) -> bool {
    let has = |name: &str, value: &str| {
        row.and_then(|row| row.get(name)).is_some_and(|found| *found == text(value))
    };
    match condition {
        PutCondition::Absent => row.is_none(),
        PutCondition::Released(version) => {
            has(names::IS_RELEASED, "1")
                && version.as_ref().is_none_or(|it| has(names::RECORD_VERSION_NUMBER, it))
        }
        PutCondition::Version(version) => has(names::RECORD_VERSION_NUMBER, version),
    }
}

fn holds(row: Option<&Item>, held: &Held) -> bool {
    row.is_some_and(|row| {
        row.get(names::OWNER_NAME) == Some(&text(&held.owner))
            && row.get(names::RECORD_VERSION_NUMBER) == Some(&text(&held.version))
    })
}

#[async_trait]
impl Table for MemoryTable {
    fn name(&self) -> &str {
        "DeployLock"
    }

    async fn get(&self, key: &str) -> Result<Option<Item>, TableError> {
        sleep(TRAVEL).await;
        Ok(self.row(key))
    }

    async fn put(&self, item: Item, condition: PutCondition) -> Result<Outcome, TableError> {
        let key = item[names::KEY].as_s().expect("the key is a string").to_owned();
        self.write(&key, |rows| {
            if !may_put(rows.get(&key), &condition) {
                return Outcome::ConditionFailed;
            }
            rows.insert(key.clone(), item);
            Outcome::Done
        })
        .await
    }

    async fn update(&self, key: &str, update: Update, held: Held) -> Result<Outcome, TableError> {
        self.write(key, |rows| {
            if !holds(rows.get(key), &held) {
                return Outcome::ConditionFailed;
            }
            let row = rows.get_mut(key).expect("it holds");
            row.extend(update.set().clone());
            row.retain(|name, _| !update.remove().contains(&name.as_str()));
            Outcome::Done
        })
        .await
    }

    async fn delete(&self, key: &str, held: Held) -> Result<Outcome, TableError> {
        if self.denies_delete.load(Ordering::SeqCst) {
            let class = ErrorClass::Denied;
            return Err(TableError::refused(CloudError::new("dynamodb:DeleteItem", class, "no")));
        }
        self.write(key, |rows| {
            if !holds(rows.get(key), &held) {
                return Outcome::ConditionFailed;
            }
            rows.remove(key);
            Outcome::Done
        })
        .await
    }
}

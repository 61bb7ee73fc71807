use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use dynamolock::{Held, Item, Outcome, PutCondition, Table, TableError, Update, names};

use super::text;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Call {
    Get,
    Put,
    Update,
    Delete,
}

/// What goes wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is refused, without effect.
    Refuse,
    /// It never arrives, and nobody can tell.
    LoseRequest,
    /// It takes effect, and nobody can tell.
    LoseAnswer,
    /// It takes effect and is never answered.
    HangAfter,
    /// It is not answered, and takes effect only when [`MemoryTable::deliver`] is called.
    Delay,
    /// It takes this long to arrive, and then works.
    Slow(Duration),
}

enum Write {
    Put(Item, PutCondition),
    Update(Update, Held),
    Delete(Held),
}

/// DynamoDB as far as the protocol sees it.
#[derive(Default)]
pub(crate) struct MemoryTable {
    rows: Mutex<BTreeMap<String, Item>>,
    faults: Mutex<VecDeque<(Call, Fault)>>,
    delayed: Mutex<Vec<(String, Write)>>,
    calls: Mutex<Vec<Call>>,
    weather: Mutex<Option<Weather>>,
}

/// Delays and faults at random, the same for the same seed.
struct Weather(u64);

impl Weather {
    /// A number below the limit.
    fn draw(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn fault(&mut self) -> Option<Fault> {
        match self.draw(100) {
            0 => Some(Fault::Refuse),
            1 => Some(Fault::LoseRequest),
            2..5 => Some(Fault::LoseAnswer),
            _ => None,
        }
    }
}

impl MemoryTable {
    pub(crate) fn stormy(seed: u64) -> Self {
        Self { weather: Mutex::new(Some(Weather(seed))), ..Self::default() }
    }

    pub(crate) fn set(&self, key: &str, item: Item) {
        self.rows.lock().unwrap().insert(key.to_owned(), item);
    }

    pub(crate) fn remove(&self, key: &str) {
        self.rows.lock().unwrap().remove(key);
    }

    pub(crate) fn row(&self, key: &str) -> Option<Item> {
        self.rows.lock().unwrap().get(key).cloned()
    }

    /// The next call of this kind that has no fault yet meets this one.
    pub(crate) fn fail(&self, call: Call, fault: Fault) {
        self.faults.lock().unwrap().push_back((call, fault));
    }

    /// What was called since the last time this was asked.
    pub(crate) fn calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }

    /// Lets delayed writes arrive, in order.
    pub(crate) fn deliver(&self) -> Vec<Outcome> {
        let delayed = std::mem::take(&mut *self.delayed.lock().unwrap());
        delayed.into_iter().map(|(key, write)| self.apply(&key, write)).collect()
    }

    fn fault(&self, call: Call) -> Option<Fault> {
        self.calls.lock().unwrap().push(call);
        let mut faults = self.faults.lock().unwrap();
        let position = faults.iter().position(|(kind, _)| *kind == call);
        match position.and_then(|position| faults.remove(position)) {
            Some((_, fault)) => Some(fault),
            None => self.weather.lock().unwrap().as_mut().and_then(Weather::fault),
        }
    }

    /// The way of a request or an answer through the network.
    async fn travel(&self) {
        let millis = self.weather.lock().unwrap().as_mut().map(|weather| weather.draw(300));
        if let Some(millis) = millis {
            tokio::time::sleep(Duration::from_millis(millis)).await;
        }
    }

    async fn write(&self, call: Call, key: &str, write: Write) -> Result<Outcome, TableError> {
        let fault = self.fault(call);
        self.travel().await;
        match fault {
            Some(Fault::Refuse) => return Err(TableError::refused("throttled")),
            Some(Fault::LoseRequest) => return Err(TableError::ambiguous("connection refused")),
            Some(Fault::Slow(time)) => tokio::time::sleep(time).await,
            Some(Fault::Delay) => {
                self.delayed.lock().unwrap().push((key.to_owned(), write));
                return Err(TableError::ambiguous("timed out"));
            }
            Some(Fault::LoseAnswer | Fault::HangAfter) | None => {}
        }
        let outcome = self.apply(key, write);
        self.travel().await;
        match fault {
            Some(Fault::LoseAnswer) => Err(TableError::ambiguous("connection reset")),
            Some(Fault::HangAfter) => std::future::pending().await,
            _ => Ok(outcome),
        }
    }

    fn apply(&self, key: &str, write: Write) -> Outcome {
        let mut rows = self.rows.lock().unwrap();
        let row = rows.get(key);
        let holds = match &write {
            Write::Put(_, condition) => put_condition_holds(row, condition),
            Write::Update(_, held) | Write::Delete(held) => is_held(row, held),
        };
        if !holds {
            return Outcome::ConditionFailed;
        }
        match write {
            Write::Put(item, _) => {
                rows.insert(key.to_owned(), item);
            }
            Write::Delete(_) => {
                rows.remove(key);
            }
            Write::Update(update, _) => {
                let item = rows.entry(key.to_owned()).or_default();
                item.extend(update.set().clone());
                item.retain(|name, _| !update.remove().contains(&name.as_str()));
            }
        }
        Outcome::Done
    }
}

fn put_condition_holds(row: Option<&Item>, condition: &PutCondition) -> bool {
    let Some(row) = row else { return *condition == PutCondition::Absent };
    let version = row.get(names::RECORD_VERSION_NUMBER);
    match condition {
        PutCondition::Absent => false,
        PutCondition::Released(seen) => {
            row.get(names::IS_RELEASED) == Some(&text("1"))
                && seen.as_deref().is_none_or(|seen| version == Some(&text(seen)))
        }
        PutCondition::Version(seen) => version == Some(&text(seen)),
    }
}

fn is_held(row: Option<&Item>, held: &Held) -> bool {
    row.is_some_and(|row| {
        row.get(names::RECORD_VERSION_NUMBER) == Some(&text(&held.version))
            && row.get(names::OWNER_NAME) == Some(&text(&held.owner))
    })
}

#[async_trait]
impl Table for MemoryTable {
    fn name(&self) -> &str {
        "DeployLock"
    }

    async fn get(&self, key: &str) -> Result<Option<Item>, TableError> {
        let fault = self.fault(Call::Get);
        self.travel().await;
        match fault {
            Some(Fault::Refuse) => Err(TableError::refused("denied")),
            Some(Fault::LoseRequest | Fault::LoseAnswer) => {
                Err(TableError::ambiguous("connection reset"))
            }
            Some(Fault::Slow(time)) => {
                tokio::time::sleep(time).await;
                Ok(self.row(key))
            }
            _ => {
                let row = self.row(key);
                self.travel().await;
                Ok(row)
            }
        }
    }

    async fn put(&self, item: Item, condition: PutCondition) -> Result<Outcome, TableError> {
        let key = item[names::KEY].as_s().expect("the key is a string").to_owned();
        self.write(Call::Put, &key, Write::Put(item, condition)).await
    }

    async fn update(&self, key: &str, update: Update, held: Held) -> Result<Outcome, TableError> {
        self.write(Call::Update, key, Write::Update(update, held)).await
    }

    async fn delete(&self, key: &str, held: Held) -> Result<Outcome, TableError> {
        self.write(Call::Delete, key, Write::Delete(held)).await
    }
}

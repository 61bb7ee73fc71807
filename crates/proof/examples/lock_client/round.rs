//! A round: acquire a lock, leave data in it, hold it, release it.

use std::error::Error;
use std::io;
use std::str::FromStr;
use std::time::Duration;

use dynamolock::{Acquire, AcquireError, Data, Lease, LeaseError, LockClient, Mode};
use serde_json::Value;

use crate::diary::{self, Belief};

/// What to do with one lock.
pub(crate) struct Task {
    lock: String,
    hold: Duration,
    data: String,
}

impl FromStr for Task {
    type Err = Box<dyn Error>;

    fn from_str(line: &str) -> Result<Self, Self::Err> {
        let task: Value = serde_json::from_str(line)?;
        let text = |name: &str| task[name].as_str().map(str::to_owned).ok_or("a text is missing");
        let hold = task["HoldMs"].as_u64().ok_or("HoldMs is no number")?;
        Ok(Self { lock: text("Lock")?, hold: Duration::from_millis(hold), data: text("Data")? })
    }
}

/// One client of the locks, and how it waits for them.
pub(crate) struct Rounds {
    pub(crate) client: LockClient,
    pub(crate) mode: Mode,
    pub(crate) refresh: Duration,
}

impl Rounds {
    /// To be refused the lock or to lose it is part of the race; the rest is told as a fault.
    pub(crate) async fn run(&self, task: &Task) -> io::Result<()> {
        let request = Acquire { mode: self.mode, refresh: self.refresh, ..Acquire::default() };
        match self.client.acquire(&task.lock, request, &mut |_| {}).await {
            Ok(lease) => self.hold(lease, task).await?,
            Err(AcquireError::Held { .. }) => {}
            Err(error) => diary::fault(&told(&error))?,
        }
        diary::over()
    }

    async fn hold(&self, mut lease: Lease, task: &Task) -> io::Result<()> {
        let found = lease.found().record().and_then(|record| record.data());
        diary::acquired(&task.lock, &Belief::of(&lease.validity()), found)?;
        let kept = self.keep(&mut lease, task).await?;
        diary::leaving(&task.lock)?;
        tell(kept)?;
        tell(lease.release(Data::Keep).await)
    }

    /// Leaves the data, then sends heartbeats until the time to hold is over.
    async fn keep(&self, lease: &mut Lease, task: &Task) -> io::Result<Result<(), LeaseError>> {
        diary::writing(&task.lock, &task.data)?;
        if let Err(lost) = lease.heartbeat(Data::Replace(task.data.clone().into_bytes())).await {
            return Ok(Err(lost));
        }
        diary::wrote(&task.lock, &task.data)?;
        let end = tokio::time::sleep(task.hold);
        tokio::pin!(end);
        loop {
            diary::held(&task.lock, &Belief::of(&lease.validity()))?;
            tokio::select! {
                () = &mut end => return Ok(Ok(())),
                () = tokio::time::sleep(self.client.options().heartbeat()) => {}
            }
            if let Err(lost) = lease.heartbeat(Data::Keep).await {
                return Ok(Err(lost));
            }
        }
    }
}

fn tell(outcome: Result<(), LeaseError>) -> io::Result<()> {
    match outcome {
        Ok(()) | Err(LeaseError::Lost { .. } | LeaseError::Expired) => Ok(()),
        Err(error) => diary::fault(&told(&error)),
    }
}

fn told(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text += &format!(": {error}");
        source = error.source();
    }
    text
}

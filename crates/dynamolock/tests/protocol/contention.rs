use std::sync::{Arc, Mutex};
use std::time::Duration;

use dynamolock::{Data, LeaseError, LockClient, Options, TokioClock, Validity};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::table::MemoryTable;
use super::{KEY, SECOND, waiting};

const CONTENDERS: usize = 100;
const PATIENCE: Duration = Duration::from_secs(100_000);

/// All leases that were ever granted.
#[derive(Default)]
struct Granted(Mutex<Vec<Validity>>);

impl Granted {
    fn add(&self, validity: Validity) {
        self.0.lock().unwrap().push(validity);
        self.assert_at_most_one_is_valid();
    }

    fn assert_at_most_one_is_valid(&self) {
        let granted = self.0.lock().unwrap();
        let valid = granted.iter().filter(|validity| !validity.remaining().is_zero()).count();
        assert!(valid <= 1, "{valid} leases are valid at once");
    }

    fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

/// Holds the lock for some heartbeats, then leaves it in one of all possible ways.
async fn contend(number: usize, client: LockClient, granted: Arc<Granted>) {
    let mut lease = loop {
        // Refusals are part of the weather.
        if let Ok(lease) = client.acquire(KEY, waiting(PATIENCE), &mut |_| {}).await {
            break lease;
        }
        sleep(SECOND).await;
    };
    granted.add(lease.validity());
    for _ in 0..number % 4 {
        sleep(SECOND).await;
        let beat = lease.heartbeat(Data::Replace(vec![0])).await;
        granted.assert_at_most_one_is_valid();
        if let Err(LeaseError::Lost { .. }) = beat {
            panic!("a lease that was heartbeated in time was lost");
        }
    }
    // What comes of it is seen by the others: a lock that stays held runs out.
    match number % 5 {
        0 => drop(lease),
        1 => drop(lease.give_up(Data::Keep).await),
        2 => drop(lease.delete().await),
        3 => sleep(15 * SECOND).await,
        _ => drop(lease.release(Data::Keep).await),
    }
}

async fn contest(seed: u64) {
    let table = Arc::new(MemoryTable::stormy(seed));
    let clock = Arc::new(TokioClock::new());
    let granted = Arc::new(Granted::default());
    let mut contenders = JoinSet::new();
    for number in 0..CONTENDERS {
        let client = LockClient::new(table.clone(), clock.clone(), Options::default());
        contenders.spawn(contend(number, client, granted.clone()));
    }
    while let Some(ended) = contenders.join_next().await {
        ended.expect("no contender fails");
    }
    assert_eq!(granted.count(), CONTENDERS);
}

#[tokio::test(start_paused = true)]
async fn of_a_hundred_contenders_at_most_one_holds_the_lock_and_each_has_its_turn() {
    for seed in 1..=3 {
        contest(seed).await;
    }
}

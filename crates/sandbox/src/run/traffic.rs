//! Steady traffic, to see from outside what users would see.

use std::collections::BTreeMap;
use std::error::Error;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::HOST;
use http::{Request, Uri};
use http_body_util::{BodyExt, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::http::causes;

/// How many kept connections take turns, at least. A balancer's nodes differ for a while after a
/// change of rules, and a connection stays on one node.
const LANES: usize = 4;

/// How long one request may take.
const TIMEOUT: Duration = Duration::from_secs(10);

type Lane = Client<HttpConnector, Empty<Bytes>>;

/// What came of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// When it was sent.
    pub sent: Instant,
    /// When its answer had been read to the end, or when it failed.
    pub received: Instant,
    /// The whole answer, or why there is none.
    pub outcome: Result<Answer, String>,
}

/// A whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Which version gave it, as its header `x-version` says.
    pub version: Option<String>,
}

impl Sample {
    /// Whether a user would have noticed: anything but a whole answer with status 200.
    pub fn failed(&self) -> bool {
        !self.outcome.as_ref().is_ok_and(|answer| answer.status == 200)
    }
}

/// The requests so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// The answered ones, by version; the empty version when an answer bore none.
    pub answered: BTreeMap<String, u64>,
    /// The failed ones.
    pub failed: u64,
}

/// A cheap handle on the live counts of a traffic.
#[derive(Debug, Clone, Default)]
pub struct Counters(Arc<Mutex<Counts>>);

impl Counters {
    /// The counts at this moment.
    pub fn read(&self) -> Counts {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn count(&self, sample: &Sample) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &sample.outcome {
            Ok(answer) if !sample.failed() => {
                let version = answer.version.clone().unwrap_or_default();
                *counts.answered.entry(version).or_default() += 1;
            }
            _ => counts.failed += 1,
        }
    }
}

/// Steady traffic against one URL, until it is stopped or dropped.
#[derive(Debug)]
pub struct Traffic {
    counters: Counters,
    stop: DropGuard,
    samples: JoinHandle<Vec<Sample>>,
}

impl Traffic {
    /// Sends `rate` GET requests per second to `url`, evenly and whether or not earlier ones were
    /// answered. Needs a tokio runtime.
    pub fn start(url: Uri, rate: NonZeroU32) -> Self {
        Self::start_for(url, None, rate)
    }

    /// The same for a host, where rules tell requests apart by it; by default that of the URL.
    pub fn start_for(url: Uri, host: Option<String>, rate: NonZeroU32) -> Self {
        let (counters, stop) = (Counters::default(), CancellationToken::new());
        let target = Target { url, host };
        let samples = tokio::spawn(generate(target, rate, counters.clone(), stop.clone()));
        Self { counters, stop: stop.drop_guard(), samples }
    }

    /// The live counts.
    pub fn counters(&self) -> Counters {
        self.counters.clone()
    }

    /// Sends no more, waits for what is under way, and gives every request in the order of sending.
    pub async fn stop(self) -> Vec<Sample> {
        drop(self.stop);
        match self.samples.await {
            Ok(samples) => samples,
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
}

/// What is asked.
#[derive(Debug, Clone)]
struct Target {
    url: Uri,
    host: Option<String>,
}

async fn generate(
    target: Target,
    rate: NonZeroU32,
    counters: Counters,
    stop: CancellationToken,
) -> Vec<Sample> {
    let lanes: [Lane; LANES] = std::array::from_fn(|_| lane());
    let mut lanes = lanes.iter().cycle();
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / rate.get());
    let (mut under_way, mut samples) = (JoinSet::new(), Vec::new());
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            Some(sample) = under_way.join_next() => keep(sample, &counters, &mut samples),
            _ = ticks.tick() => {
                under_way.spawn(request(lanes.next().cloned().unwrap_or_else(lane), target.clone()));
            }
        }
    }
    while let Some(sample) = under_way.join_next().await {
        keep(sample, &counters, &mut samples);
    }
    samples.sort_by_key(|sample| sample.sent);
    samples
}

fn keep(
    sample: Result<Sample, tokio::task::JoinError>,
    counters: &Counters,
    samples: &mut Vec<Sample>,
) {
    if let Ok(sample) = sample {
        counters.count(&sample);
        samples.push(sample);
    }
}

fn lane() -> Lane {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    Client::builder(TokioExecutor::new()).build(connector)
}

async fn request(lane: Lane, target: Target) -> Sample {
    let sent = Instant::now();
    let outcome = match tokio::time::timeout(TIMEOUT, answer(lane, target)).await {
        Ok(outcome) => outcome.map_err(|error| describe(&*error)),
        Err(_) => Err("no whole answer in time".to_owned()),
    };
    Sample { sent, received: Instant::now(), outcome }
}

async fn answer(lane: Lane, target: Target) -> Result<Answer, Box<dyn Error + Send + Sync>> {
    let mut request = Request::get(target.url);
    if let Some(host) = target.host {
        request = request.header(HOST, host);
    }
    let response = lane.request(request.body(Empty::new())?).await?;
    let version = response.headers().get("x-version").and_then(|value| value.to_str().ok());
    let answer = Answer { status: response.status().as_u16(), version: version.map(str::to_owned) };
    response.into_body().collect().await?;
    Ok(answer)
}

/// An error with what caused it.
fn describe(error: &(dyn Error + 'static)) -> String {
    causes(error).map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

//! What connects one program with the world.

use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::Mishap;

/// The calls of one program, in the order in which they leave: each can be given a mishap of its
/// own. Clones are the same line.
#[derive(Clone, Default)]
pub struct Line(Arc<Mutex<Calls>>);

#[derive(Default)]
struct Calls {
    left: usize,
    sent: Vec<Request<Bytes>>,
    planned: BTreeMap<usize, Mishap>,
    steer: Option<Steer>,
    is_dead: bool,
    /// Until when the program is not polled.
    halt: Option<CancellationToken>,
    held: CancellationToken,
    woken: CancellationToken,
    stop: CancellationToken,
}

/// Decides what becomes of each call as it leaves.
type Steer = Box<dyn FnMut(&Request<Bytes>) -> Passage + Send>;

/// What becomes of a call.
#[derive(Debug, Clone, Copy, Default)]
pub struct Passage {
    /// What befalls it.
    pub mishap: Option<Mishap>,
    /// How long its answer takes. What it does, it does as it leaves.
    pub takes: Duration,
}

/// Why a program is not polled on.
enum Halt<T> {
    Done(T),
    Died,
    Until(CancellationToken),
}

impl Line {
    /// A line on which somebody hears each call as it leaves and decides what becomes of it. Nothing
    /// is kept of what was sent.
    pub fn steered(steer: impl FnMut(&Request<Bytes>) -> Passage + Send + 'static) -> Self {
        let calls = Calls { steer: Some(Box::new(steer)), ..Calls::default() };
        Self(Arc::new(Mutex::new(calls)))
    }

    /// Lets something befall the call with this number, counted from 0.
    pub fn befall(&self, call: usize, mishap: Mishap) {
        self.calls().planned.insert(call, mishap);
    }

    /// The operations that were called so far, such as `CreateTaskSet`.
    pub fn made(&self) -> Vec<String> {
        self.calls().sent.iter().map(operation).collect()
    }

    /// The requests that left so far, as they were sent.
    pub fn sent(&self) -> Vec<Request<Bytes>> {
        self.calls().sent.clone()
    }

    /// How many calls have left.
    pub(crate) fn count(&self) -> usize {
        self.calls().left
    }

    /// Whether the program has died: whatever it does now, nobody hears of it.
    pub fn is_dead(&self) -> bool {
        self.calls().is_dead
    }

    /// Lets the program do something; nothing comes of it once it has died. While it is held,
    /// it is not polled.
    pub async fn unless_dead<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        loop {
            let halt = poll_fn(|context| match (work.as_mut().poll(context), self.take_halt()) {
                (_, Some(Halt::Died)) => Poll::Ready(Halt::Died),
                (Poll::Ready(done), _) => Poll::Ready(Halt::Done(done)),
                (Poll::Pending, Some(halt)) => Poll::Ready(halt),
                (Poll::Pending, None) => Poll::Pending,
            });
            match halt.await {
                Halt::Done(done) => return Some(done),
                Halt::Died => return None,
                Halt::Until(woken) => woken.cancelled().await,
            }
        }
    }

    /// Ends once the program is held.
    pub async fn until_held(&self) {
        let held = self.calls().held.clone();
        held.cancelled_owned().await;
    }

    /// What lets a held program run on.
    pub fn waker(&self) -> CancellationToken {
        self.calls().woken.clone()
    }

    fn take_halt<T>(&self) -> Option<Halt<T>> {
        let mut calls = self.calls();
        match calls.is_dead {
            true => Some(Halt::Died),
            false => calls.halt.take().map(Halt::Until),
        }
    }

    /// What asks the program to stop.
    pub(crate) fn stop(&self) -> CancellationToken {
        self.calls().stop.clone()
    }

    /// Counts a call; tells what befalls it.
    pub(crate) fn leave(&self, request: &Request<Bytes>) -> Passage {
        let mut calls = self.calls();
        if calls.is_dead {
            return Passage { mishap: Some(Mishap::DiesBefore), ..Passage::default() };
        }
        calls.left += 1;
        if let Some(steer) = &mut calls.steer {
            return steer(request);
        }
        calls.sent.push(request.clone());
        let number = calls.sent.len() - 1;
        Passage { mishap: calls.planned.get(&number).copied(), ..Passage::default() }
    }

    /// The program is held from here on, as one that is stopped by its machine, until it is woken.
    pub(crate) async fn hold(&self) {
        self.hold_until(self.waker()).await;
    }

    /// The same for so long.
    pub(crate) async fn pause(&self, pause: Duration) {
        let woken = CancellationToken::new();
        let alarm = woken.clone();
        tokio::spawn(async move {
            sleep(pause).await;
            alarm.cancel();
        });
        self.hold_until(woken).await;
    }

    async fn hold_until(&self, woken: CancellationToken) {
        let held = {
            let mut calls = self.calls();
            calls.halt = Some(woken.clone());
            calls.held.clone()
        };
        held.cancel();
        woken.cancelled().await;
    }

    /// The program dies here: nothing comes back.
    pub(crate) async fn die<T>(&self) -> T {
        self.calls().is_dead = true;
        std::future::pending().await
    }

    fn calls(&self) -> MutexGuard<'_, Calls> {
        self.0.lock().expect("nobody panics while holding the calls")
    }
}

/// Lines are the same when they are those of one program.
impl PartialEq for Line {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Without the requests, which hold passwords.
impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").field("made", &self.made()).finish_non_exhaustive()
    }
}

/// What is asked for, such as `CreateTaskSet`.
pub fn operation(request: &Request<Bytes>) -> String {
    let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
    let named = match target {
        Some(target) => target.rsplit_once('.').map(|(_, name)| name),
        None => std::str::from_utf8(request.body())
            .ok()
            .and_then(|form| form.split('&').find_map(|member| member.strip_prefix("Action="))),
    };
    named.unwrap_or("unknown").to_owned()
}

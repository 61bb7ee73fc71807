//! What connects one program with the world.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;

use tokio_util::sync::CancellationToken;

use crate::Mishap;

/// The calls of one program, in the order in which they leave: each can be given a mishap of its
/// own. Clones are the same line.
#[derive(Debug, Clone, Default)]
pub struct Line(Arc<Mutex<Calls>>);

/// A call of AWS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// In whose name: the access key.
    pub key: String,
    /// The service, as policies name it, such as `ecs`.
    pub service: String,
    /// What is asked for, such as `CreateTaskSet`.
    pub operation: String,
}

#[derive(Debug, Default)]
struct Calls {
    made: Vec<Call>,
    planned: BTreeMap<usize, Mishap>,
    is_dead: bool,
    stop: CancellationToken,
}

impl Line {
    /// Lets something befall the call with this number, counted from 0.
    pub fn befall(&self, call: usize, mishap: Mishap) {
        self.calls().planned.insert(call, mishap);
    }

    /// The calls so far.
    pub fn made(&self) -> Vec<Call> {
        self.calls().made.clone()
    }

    /// Whether the program has died: whatever it does now, nobody hears of it.
    pub fn is_dead(&self) -> bool {
        self.calls().is_dead
    }

    /// Lets the program do something; nothing comes of it once it has died.
    pub async fn unless_dead<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        poll_fn(|context| match work.as_mut().poll(context) {
            _ if self.is_dead() => Poll::Ready(None),
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending => Poll::Pending,
        })
        .await
    }

    /// What asks the program to stop.
    pub(crate) fn stop(&self) -> CancellationToken {
        self.calls().stop.clone()
    }

    /// Counts a call; tells what befalls it.
    pub(crate) fn leave(&self, call: Call) -> Option<Mishap> {
        let mut calls = self.calls();
        if calls.is_dead {
            return Some(Mishap::DiesBefore);
        }
        calls.made.push(call);
        let number = calls.made.len() - 1;
        calls.planned.get(&number).copied()
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

//! Many runs on all cores.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use tokio::runtime::Builder;

/// A debug build keeps each future once more in every one around it, and several deploys are in a job.
const STACK: usize = 16 << 20;

/// Does jobs on all cores, each in a virtual time of its own; what came of them is in their order.
pub(crate) fn each<J: Sync, T: Send>(jobs: &[J], work: impl AsyncFn(&J) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let toil = || {
        let mut done = Vec::new();
        while let Some((number, job)) = take(jobs, &next) {
            done.push((number, in_virtual_time(work(job))));
        }
        done
    };
    let mut done: Vec<(usize, T)> = thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        let hire = || thread::Builder::new().stack_size(STACK).spawn_scoped(scope, toil);
        let crew: Vec<_> = (0..cores).map(|_| hire().expect("a thread can start")).collect();
        let joined = crew.into_iter().map(|hand| hand.join().expect("no run panics"));
        joined.flatten().collect()
    });
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, done)| done).collect()
}

fn take<'a, J>(jobs: &'a [J], next: &AtomicUsize) -> Option<(usize, &'a J)> {
    let number = next.fetch_add(1, Ordering::Relaxed);
    jobs.get(number).map(|job| (number, job))
}

/// Lets a future end in a time that passes at once.
pub(crate) fn in_virtual_time<T>(work: impl Future<Output = T>) -> T {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime without threads and sockets").block_on(work)
}

//! Ctrl-C and SIGTERM: the first ends a deploy in order, the second at once.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The signals that ask the program to end.
#[derive(Debug)]
pub(crate) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    /// Listens from now on; until then a signal ends the program. Needs a tokio runtime.
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Comes back with the next one.
    pub(crate) async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    /// Does something that a first signal cancels, which `first` is told, and a second one drops:
    /// then there is no result.
    pub(crate) async fn guard<T>(
        &mut self,
        work: impl Future<Output = T>,
        cancel: &CancellationToken,
        first: impl Fn(),
    ) -> Option<T> {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                biased;
                () = self.next() => {
                    if cancel.is_cancelled() {
                        return None;
                    }
                    cancel.cancel();
                    first();
                }
                done = &mut work => return Some(done),
            }
        }
    }
}

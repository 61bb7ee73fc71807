//! Trying again what fetches credentials.

use std::time::Duration;

/// How long is waited before each try.
const WAITS: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_secs(1),
    Duration::from_secs(3),
    Duration::from_secs(7),
    Duration::from_secs(15),
];

/// Asks until there is an answer, or an error that would come again, or five tries have failed.
pub(super) async fn with_tries<T, E, F: Future<Output = Result<T, E>>>(
    ask: impl Fn() -> F,
    may_pass: fn(&E) -> bool,
) -> Result<T, E> {
    let (last, before) = WAITS.split_last().expect("five waits");
    for wait in before {
        tokio::time::sleep(*wait).await;
        match ask().await {
            Err(error) if may_pass(&error) => {}
            answered => return answered,
        }
    }
    tokio::time::sleep(*last).await;
    ask().await
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_may_pass_is_asked_five_times_in_26_seconds() {
        let (begin, asked) = (Instant::now(), Cell::new(0));
        let fails = || {
            asked.set(asked.get() + 1);
            std::future::ready(Err::<(), _>("busy"))
        };
        assert_eq!(with_tries(fails, |_| true).await, Err("busy"));
        assert_eq!((asked.get(), begin.elapsed()), (5, Duration::from_secs(26)));
    }

    #[tokio::test(start_paused = true)]
    async fn what_would_fail_again_is_asked_once() {
        let begin = Instant::now();
        let fails = || std::future::ready(Err::<(), _>("no"));
        assert_eq!(with_tries(fails, |_| false).await, Err("no"));
        assert_eq!(begin.elapsed(), Duration::ZERO);
    }
}

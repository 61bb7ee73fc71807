//! The idle timeout of one exchange: it runs while neither side sends anything.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep};

use crate::run::http::BodyError;

/// When something last went over an exchange, shared by both its directions.
#[derive(Debug, Clone)]
pub(super) struct Exchange {
    last: Arc<Mutex<Instant>>,
    timeout: Duration,
}

impl Exchange {
    pub(super) fn new(timeout: Duration) -> Self {
        Self { last: Arc::new(Mutex::new(Instant::now())), timeout }
    }

    /// Comes back when nothing went either way for the idle timeout.
    pub(super) async fn idle(self) {
        while let until = self.until()
            && until > Instant::now()
        {
            tokio::time::sleep_until(until).await;
        }
    }

    fn touch(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    fn until(&self) -> Instant {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) + self.timeout
    }
}

/// The other side sent nothing for too long.
#[derive(Debug, thiserror::Error)]
#[error("no data within the idle timeout")]
struct Idle;

/// A body that passes through frame by frame, breaking off when its exchange is idle.
pub(super) struct Passing<B> {
    body: B,
    exchange: Exchange,
    timer: Pin<Box<Sleep>>,
}

impl<B> Passing<B> {
    pub(super) fn new(body: B, exchange: &Exchange) -> Self {
        let timer = Box::pin(tokio::time::sleep_until(exchange.until()));
        Self { body, exchange: exchange.clone(), timer }
    }

    fn poll_idle(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while self.timer.as_mut().poll(context).is_ready() {
            let until = self.exchange.until();
            if until <= Instant::now() {
                return Poll::Ready(());
            }
            self.timer.as_mut().reset(until);
        }
        Poll::Pending
    }
}

impl<B: Body<Data = Bytes, Error = hyper::Error> + Unpin> Body for Passing<B> {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(frame) => {
                self.exchange.touch();
                Poll::Ready(frame.map(|frame| frame.map_err(Into::into)))
            }
            Poll::Pending => self.poll_idle(context).map(|()| Some(Err(Idle.into()))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

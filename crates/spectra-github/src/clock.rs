//! The clock that pacing and back-off go by.
//!
//! Injected, so that a run against a simulated GitHub takes no real time.

use std::time::Duration;

use jiff::Timestamp;

use crate::transport::BoxFuture;

/// Tells the time and lets it pass.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Timestamp;

    /// Returns when so much time has passed.
    fn sleep(&self, wait: Duration) -> BoxFuture<'_, ()>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn sleep(&self, wait: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(wait))
    }
}

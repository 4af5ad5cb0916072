//! The sandbox's time.
//!
//! Invariant: a clock never goes back, not even below the last moment of a state that it was started on.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// A clock that all its copies share.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Mutex<Inner>>);

#[derive(Debug)]
struct Inner {
    base: Base,
    offset: SignedDuration,
    latest: Timestamp,
}

#[derive(Debug)]
enum Base {
    Real,
    Fixed(Timestamp),
}

impl Clock {
    /// The machine's time, plus whatever the clock is advanced by.
    pub fn real_with_offset() -> Self {
        Self::new(Base::Real)
    }

    /// Stands still but for being advanced.
    pub fn fixed(start: Timestamp) -> Self {
        Self::new(Base::Fixed(start))
    }

    /// What time it is.
    pub fn now(&self) -> Timestamp {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        inner.read()
    }

    /// Lets time pass in the sandbox.
    pub fn advance(&self, by: Duration) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        inner.offset = inner.offset.saturating_add(by);
    }

    /// Never shows anything earlier than this from now on.
    pub(crate) fn not_before(&self, moment: Timestamp) {
        let mut inner = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let behind = moment.duration_since(inner.read());
        if behind.is_positive() {
            inner.offset = inner.offset.saturating_add(behind);
        }
    }

    fn new(base: Base) -> Self {
        Self(Arc::new(Mutex::new(Inner { base, offset: SignedDuration::ZERO, latest: Timestamp::MIN })))
    }
}

impl Inner {
    fn read(&mut self) -> Timestamp {
        let base = match self.base {
            Base::Real => Timestamp::now(),
            Base::Fixed(start) => start,
        };
        let now = base.checked_add(self.offset).unwrap_or(Timestamp::MAX);
        self.latest = self.latest.max(now);
        self.latest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_when_advanced_and_never_back() {
        let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let clock = Clock::fixed(start);
        assert_eq!(clock.now(), start);
        clock.clone().advance(Duration::from_secs(90));
        assert_eq!(clock.now().to_string(), "2026-01-01T00:01:30Z");
        clock.not_before("2026-02-01T00:00:00Z".parse().unwrap());
        clock.not_before(start);
        assert_eq!(clock.now().to_string(), "2026-02-01T00:00:00Z");
    }
}

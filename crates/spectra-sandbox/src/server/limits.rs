//! GitHub's primary limit, as it is reported.
//!
//! It is counted and not enforced: a window that is used up is followed by a fresh one at once. A test that wants the
//! limit to bite says so with a fault.

use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::graphql::Rate;

/// GitHub: docs "Rate limits and query limits": points an hour for a user.
const POINTS: u32 = 5_000;
const WINDOW: SignedDuration = SignedDuration::from_hours(1);

/// What limits are reported.
#[derive(Debug)]
pub(super) struct Limits(Mutex<Option<Rate>>);

impl Limits {
    pub(super) fn new() -> Self {
        Self(Mutex::new(None))
    }

    /// Spends points; gives the window after it.
    pub(super) fn spend(&self, now: Timestamp, points: u32) -> Rate {
        let mut window = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh =
            Rate { limit: POINTS, used: 0, reset_at: now.checked_add(WINDOW).unwrap_or(Timestamp::MAX) };
        let open = window.filter(|rate| now < rate.reset_at && rate.limit - rate.used > points);
        let mut rate = open.unwrap_or(fresh);
        rate.used = rate.used.saturating_add(points).min(rate.limit);
        *window = Some(rate);
        rate
    }
}

//! The books of what was asked when, and the refusals that follow from them.
//!
//! Guarantees: a client that keeps inside the windows is never refused; what was refused is not counted. The books are
//! of this process: two processes on one state file have one world and two purses.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use crate::graphql::Rate;
use crate::limits::{Limits, Window};

/// GitHub: docs "Rate limits and query limits": points an hour for a user. Reported where no other budget is enforced.
const REPORTED: u32 = 5_000;
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// Which budget pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resource {
    /// GraphQL's points.
    Graphql,
    /// REST's requests.
    Core,
}

impl Resource {
    /// The word in `x-ratelimit-resource`.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Graphql => "graphql",
            Self::Core => "core",
        }
    }
}

/// What a request costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Price {
    /// Of the hour's budget.
    pub(super) primary: u32,
    /// Secondary points.
    pub(super) points: u64,
    /// Content creations.
    pub(super) creations: u64,
}

/// Why a request is not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Denied {
    /// The hour's budget is spent.
    Primary(Rate),
    /// Too many content creations.
    Creations(Wait),
    /// Too many points.
    Points(Wait),
}

/// How long until there is room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Wait {
    pub(super) seconds: u64,
    pub(super) rate: Rate,
}

/// The books.
#[derive(Debug)]
pub(super) struct Books {
    inner: Mutex<Inner>,
    under_way: AtomicU64,
}

#[derive(Debug)]
struct Inner {
    limits: Limits,
    creations: Sent,
    points: [Sent; 2],
    rates: [Option<Rate>; 2],
}

impl Books {
    pub(super) fn new(limits: Limits) -> Self {
        let inner = Inner {
            limits,
            creations: Sent::default(),
            points: [Sent::default(), Sent::default()],
            rates: [None, None],
        };
        Self { inner: Mutex::new(inner), under_way: AtomicU64::new(0) }
    }

    /// What is enforced.
    pub(super) fn limits(&self) -> Limits {
        self.lock().limits.clone()
    }

    /// Other limits from now on, with fresh books.
    pub(super) fn set(&self, limits: Limits) {
        let fresh = Self::new(limits);
        *self.lock() = fresh.inner.into_inner().unwrap_or_else(PoisonError::into_inner);
    }

    /// Counts a request under way until the guard is dropped; `None` when there are too many already.
    pub(super) fn enter(&self) -> Option<UnderWay<'_>> {
        let before = self.under_way.fetch_add(1, Ordering::AcqRel);
        let guard = UnderWay(self);
        let full = self.lock().limits.concurrent.is_some_and(|most| before >= most);
        (!full).then_some(guard)
    }

    /// Enters a request, or says why it is not served.
    pub(super) fn admit(&self, now: Timestamp, resource: Resource, price: Price) -> Result<Rate, Denied> {
        self.lock().admit(now, resource, price)
    }

    /// Gives back what a request had cost of the hour's budget.
    pub(super) fn refund(&self, now: Timestamp, resource: Resource, primary: u32) -> Rate {
        let mut inner = self.lock();
        let mut rate = inner.rate(now, resource);
        rate.used = rate.used.saturating_sub(primary);
        inner.keep(resource, rate);
        rate
    }

    /// The budget as it stands.
    pub(super) fn rate(&self, now: Timestamp, resource: Resource) -> Rate {
        self.lock().rate(now, resource)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request under way.
pub(super) struct UnderWay<'a>(&'a Books);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Inner {
    fn admit(&mut self, now: Timestamp, resource: Resource, price: Price) -> Result<Rate, Denied> {
        let mut rate = self.rate(now, resource);
        let [graphql, core] = &mut self.points;
        let (points, windows, enforced) = match resource {
            Resource::Graphql => (graphql, &self.limits.points, self.limits.hourly.graphql.is_some()),
            Resource::Core => (core, &self.limits.rest_points, self.limits.hourly.core.is_some()),
        };
        // GitHub: `remaining: 0` on a good answer is that of the last allowed call; observed.
        if enforced && price.primary > 0 && rate.used >= rate.limit {
            return Err(Denied::Primary(rate));
        }
        if let Some(seconds) = self.creations.wait(now, &self.limits.creations, price.creations) {
            return Err(Denied::Creations(Wait { seconds, rate }));
        }
        if let Some(seconds) = points.wait(now, windows, price.points) {
            return Err(Denied::Points(Wait { seconds, rate }));
        }
        self.creations.enter(now, &self.limits.creations, price.creations);
        points.enter(now, windows, price.points);
        if !enforced && rate.limit - rate.used <= price.primary {
            // Counted and not enforced: a window that is used up is followed by a fresh one.
            rate = fresh(rate.limit, now);
        }
        rate.used = rate.used.saturating_add(price.primary).min(rate.limit);
        self.keep(resource, rate);
        Ok(rate)
    }

    fn rate(&mut self, now: Timestamp, resource: Resource) -> Rate {
        let [graphql, core] = &self.rates;
        let (kept, limit) = match resource {
            Resource::Graphql => (graphql, self.limits.hourly.graphql),
            Resource::Core => (core, self.limits.hourly.core),
        };
        let rate =
            kept.filter(|rate| now < rate.reset_at).unwrap_or_else(|| fresh(limit.unwrap_or(REPORTED), now));
        self.keep(resource, rate);
        rate
    }

    fn keep(&mut self, resource: Resource, rate: Rate) {
        let [graphql, core] = &mut self.rates;
        match resource {
            Resource::Graphql => *graphql = Some(rate),
            Resource::Core => *core = Some(rate),
        }
    }
}

fn fresh(limit: u32, now: Timestamp) -> Rate {
    Rate { limit, used: 0, reset_at: now.checked_add(HOUR).unwrap_or(Timestamp::MAX) }
}

/// What was sent when, oldest first, as far back as the longest window reaches.
#[derive(Debug, Default)]
struct Sent(VecDeque<(Timestamp, u64)>);

impl Sent {
    /// Seconds until so much more fits all windows; `None` when it fits now. What is larger than a window fits an
    /// empty one (how GitHub treats a single request that is larger than its window is not known).
    fn wait(&self, now: Timestamp, windows: &[Window], amount: u64) -> Option<u64> {
        if amount == 0 {
            return None;
        }
        let opens = windows.iter().filter_map(|window| self.opens(now, *window, amount)).max()?;
        let left = opens.duration_since(now);
        let whole = left.as_secs() + i64::from(left.subsec_nanos() > 0);
        Some(u64::try_from(whole).unwrap_or(0).max(1))
    }

    /// When so much more fits the window; `None` when it fits now.
    fn opens(&self, now: Timestamp, window: Window, amount: u64) -> Option<Timestamp> {
        let room = window.count.saturating_sub(amount);
        let inside = self.0.iter().filter(|(at, _)| end(*at, window) > now);
        let mut total: u64 = inside.clone().map(|(_, sent)| sent).sum();
        let mut opens = None;
        for (at, sent) in inside {
            if total <= room {
                break;
            }
            total = total.saturating_sub(*sent);
            opens = Some(end(*at, window));
        }
        opens
    }

    fn enter(&mut self, now: Timestamp, windows: &[Window], amount: u64) {
        let Some(longest) = windows.iter().max_by_key(|window| window.seconds) else { return };
        while self.0.front().is_some_and(|(at, _)| end(*at, *longest) <= now) {
            self.0.pop_front();
        }
        if amount > 0 {
            self.0.push_back((now, amount));
        }
    }
}

/// When something sent then leaves the window.
fn end(at: Timestamp, window: Window) -> Timestamp {
    let length = SignedDuration::from_secs(i64::try_from(window.seconds).unwrap_or(i64::MAX));
    at.checked_add(length).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CREATE: Price = Price { primary: 1, points: 5, creations: 1 };

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(1_800_000_000_000 + ms).unwrap()
    }

    fn books(change: impl FnOnce(&mut Limits)) -> Books {
        let mut limits = Limits::github();
        change(&mut limits);
        Books::new(limits)
    }

    #[test]
    fn eighty_a_minute_pass_and_the_next_one_when_the_first_is_a_minute_old() {
        let books = books(|_| {});
        for number in 0..80 {
            assert!(books.admit(at(number), Resource::Graphql, CREATE).is_ok(), "{number}");
        }
        let denied = books.admit(at(100), Resource::Graphql, CREATE);
        assert!(matches!(denied, Err(Denied::Creations(Wait { seconds: 60, .. }))), "{denied:?}");
        assert!(books.admit(at(59_999), Resource::Graphql, CREATE).is_err());
        // A refused request is not counted, so exactly one place is free.
        assert!(books.admit(at(60_000), Resource::Graphql, CREATE).is_ok());
        assert!(books.admit(at(60_000), Resource::Graphql, CREATE).is_err());
        // What creates nothing is not held up.
        let query = Price { primary: 1, points: 1, creations: 0 };
        assert!(books.admit(at(60_000), Resource::Graphql, query).is_ok());
    }

    #[test]
    fn the_hour_s_window_binds_after_five_hundred() {
        let books = books(|_| {});
        let mut now = 0;
        for number in 0..500 {
            if number > 0 && number % 80 == 0 {
                now += 60_000;
            }
            assert!(books.admit(at(now), Resource::Graphql, CREATE).is_ok(), "{number}");
        }
        let denied = books.admit(at(now + 60_000), Resource::Core, CREATE);
        assert!(matches!(denied, Err(Denied::Creations(Wait { seconds: 3_180, .. }))), "{denied:?}");
        assert!(books.admit(at(3_600_000), Resource::Graphql, CREATE).is_ok());
    }

    #[test]
    fn points_are_apart_for_graphql_and_rest() {
        let books = books(|limits| limits.creations.clear());
        for _ in 0..180 {
            assert!(books.admit(at(0), Resource::Core, CREATE).is_ok());
        }
        let denied = books.admit(at(0), Resource::Core, CREATE);
        assert!(matches!(denied, Err(Denied::Points(Wait { seconds: 60, .. }))), "{denied:?}");
        for _ in 0..400 {
            assert!(books.admit(at(0), Resource::Graphql, CREATE).is_ok());
        }
        assert!(books.admit(at(0), Resource::Graphql, CREATE).is_err());
    }

    #[test]
    fn the_hour_s_budget_is_refused_at_nothing_left_and_comes_back_at_its_reset() {
        let books = books(|limits| limits.hourly.graphql = Some(2));
        let query = Price { primary: 1, points: 1, creations: 0 };
        assert_eq!(books.admit(at(0), Resource::Graphql, query).unwrap().used, 1);
        let last = books.admit(at(1), Resource::Graphql, query).unwrap();
        assert_eq!((last.used, last.reset_at), (2, at(3_600_000)));
        assert_eq!(books.admit(at(2), Resource::Graphql, query), Err(Denied::Primary(last)));
        assert_eq!(books.admit(at(2), Resource::Core, query).unwrap().limit, 5_000);
        assert_eq!(books.admit(at(3_600_000), Resource::Graphql, query).unwrap().used, 1);
    }

    #[test]
    fn what_is_larger_than_a_window_fits_an_empty_one() {
        let books = books(|_| {});
        let large = Price { primary: 1, points: 5, creations: 100 };
        assert!(books.admit(at(0), Resource::Graphql, large).is_ok());
        assert!(books.admit(at(59_000), Resource::Graphql, CREATE).is_err());
        assert!(books.admit(at(60_000), Resource::Graphql, CREATE).is_ok());
    }

    #[test]
    fn a_hundred_at_once_and_not_one_more() {
        let books = books(|limits| limits.concurrent = Some(2));
        let first = books.enter();
        let second = books.enter();
        assert!(first.is_some() && second.is_some() && books.enter().is_none());
        drop(first);
        assert!(books.enter().is_some());
    }

    #[test]
    fn nothing_is_refused_without_limits() {
        let books = Books::new(Limits::none());
        for number in 0..6_000 {
            let rate = books.admit(at(0), Resource::Graphql, CREATE).unwrap();
            assert!(rate.used > 0 && rate.used < 5_000, "{number}");
        }
    }
}

//! GitHub's windows, kept by waiting.
//!
//! [`Pacer`] is arithmetic on the times it is given; who asks it does the waiting. It provokes no limit to learn of
//! it: what it lets through fits the windows by its own books. It knows nothing of what other programs spend.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use spectra_model::forecast::{Limits, Window};

use crate::failure::Failure;

/// GitHub asks for at least a minute after a secondary limit that names no time, then for exponentially more (GitHub
/// docs, "Rate limits and query limits for the GraphQL API").
const UNNAMED_PAUSE: Duration = Duration::from_mins(1);
/// After so many refusals in a row it is given up: going on while limited may get a client banned.
const REFUSALS: u32 = 5;
/// No refusal is waited for longer than an hour's window lasts.
const PATIENCE: Duration = Duration::from_mins(65);

/// The REST API has a window of points of its own (GitHub docs, "Rate limits for the REST API"): 5 a write, 1 a read.
const REST_POINTS: Window = Window { count: 900, seconds: 60 };

/// Which of GitHub's two interfaces a request goes to. Each has its own hourly budget and its own window of points; the
/// windows of content creations and the secondary limits are shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Api {
    /// GraphQL.
    #[default]
    GraphQl,
    /// REST.
    Rest,
}

/// What a request costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cost {
    /// Content creations: each alias counts.
    pub creations: u64,
    /// Points: 5 with mutations, 1 without.
    pub points: u64,
    /// Whose points.
    pub api: Api,
}

/// The books of what was sent when.
#[derive(Debug, Clone)]
pub struct Pacer {
    creations: Vec<Sliding>,
    points: Vec<Sliding>,
    rest_points: Vec<Sliding>,
    closed: Closed,
}

/// Until when nothing is sent to which of the two.
#[derive(Debug, Clone, Copy, Default)]
struct Closed {
    graphql: Option<Timestamp>,
    rest: Option<Timestamp>,
}

impl Closed {
    fn of(&mut self, api: Api) -> &mut Option<Timestamp> {
        match api {
            Api::GraphQl => &mut self.graphql,
            Api::Rest => &mut self.rest,
        }
    }
}

impl Pacer {
    /// Books for these windows, with nothing sent yet.
    pub fn new(limits: &Limits) -> Self {
        let books = |windows: &[Window]| windows.iter().copied().map(Sliding::new).collect();
        // Whoever switches the one window of points off has no use for the other.
        let rest_points = if limits.points.is_empty() { &[][..] } else { &[REST_POINTS] };
        Self {
            creations: books(&limits.creations),
            points: books(&limits.points),
            rest_points: books(rest_points),
            closed: Closed::default(),
        }
    }

    /// Asks to send now. Zero: it is entered as sent; else ask again after so long.
    pub fn admit(&mut self, now: Timestamp, cost: Cost) -> Duration {
        let mut wait = self.opens_in(cost.api, now);
        for (book, amount) in self.books(cost) {
            wait = wait.max(book.wait(now, amount));
        }
        if wait.is_zero() {
            for (book, amount) in self.books(cost) {
                book.enter(now, amount);
            }
        }
        wait
    }

    /// Moves what was entered at `admitted` to `now`, when its answer is there. GitHub counts a request when it does the
    /// work, which is some time between the two; by the later one the windows are kept in any case.
    pub fn settle(&mut self, admitted: Timestamp, now: Timestamp, cost: Cost) {
        for (book, amount) in self.books(cost) {
            book.settle(admitted, now, amount);
        }
    }

    /// Lets nothing through before `then`.
    pub fn close_until(&mut self, then: Timestamp) {
        for api in [Api::GraphQl, Api::Rest] {
            self.close_one_until(api, then);
        }
    }

    /// Lets nothing through to one of the two before `then`: its hourly budget is spent.
    pub fn close_one_until(&mut self, api: Api, then: Timestamp) {
        let closed = self.closed.of(api);
        *closed = (*closed).max(Some(then));
    }

    /// How long nothing is let through, whatever the windows say.
    pub fn opens_in(&self, api: Api, now: Timestamp) -> Duration {
        let mut closed = self.closed;
        closed.of(api).map_or(Duration::ZERO, |then| until(now, then))
    }

    /// How many content creations may be sent now; None where no window limits them.
    pub fn free_creations(&mut self, now: Timestamp) -> Option<u64> {
        self.creations.iter_mut().map(|book| book.free(now)).min()
    }

    fn books(&mut self, cost: Cost) -> impl Iterator<Item = (&mut Sliding, u64)> {
        let creations = self.creations.iter_mut().map(move |book| (book, cost.creations));
        let points = match cost.api {
            Api::GraphQl => &mut self.points,
            Api::Rest => &mut self.rest_points,
        };
        creations.chain(points.iter_mut().map(move |book| (book, cost.points)))
    }
}

/// One window and what was sent within it, oldest first.
#[derive(Debug, Clone)]
struct Sliding {
    window: Window,
    sent: VecDeque<(Timestamp, u64)>,
}

impl Sliding {
    fn new(window: Window) -> Self {
        Self { window, sent: VecDeque::new() }
    }

    fn wait(&mut self, now: Timestamp, amount: u64) -> Duration {
        if amount == 0 {
            return Duration::ZERO;
        }
        self.forget(now);
        // What is larger than the window goes through when the window is empty.
        let room = self.window.count.saturating_sub(amount);
        let mut total: u64 = self.total();
        let mut wait = Duration::ZERO;
        for (at, sent) in &self.sent {
            if total <= room {
                break;
            }
            total = total.saturating_sub(*sent);
            wait = until(now, self.end_of(*at));
        }
        wait
    }

    fn enter(&mut self, now: Timestamp, amount: u64) {
        if amount > 0 {
            self.sent.push_back((now, amount));
        }
    }

    fn settle(&mut self, admitted: Timestamp, now: Timestamp, amount: u64) {
        if let Some(index) = self.sent.iter().rposition(|entry| *entry == (admitted, amount)) {
            self.sent.remove(index);
            self.sent.push_back((now, amount));
        }
    }

    fn free(&mut self, now: Timestamp) -> u64 {
        self.forget(now);
        self.window.count.saturating_sub(self.total())
    }

    fn total(&self) -> u64 {
        self.sent.iter().map(|(_, amount)| amount).sum()
    }

    fn forget(&mut self, now: Timestamp) {
        while self.sent.front().is_some_and(|(at, _)| self.end_of(*at) <= now) {
            self.sent.pop_front();
        }
    }

    fn end_of(&self, at: Timestamp) -> Timestamp {
        after(at, Duration::from_secs(self.window.seconds))
    }
}

/// How refusals by limits are waited out that come in a row.
#[derive(Debug, Default)]
pub(crate) struct Refusals(u32);

impl Refusals {
    /// How long to wait before it is sent again; None when it is given up.
    pub(crate) fn pause(&mut self, failure: &Failure) -> Option<Duration> {
        if self.0 >= REFUSALS {
            return None;
        }
        let unnamed = UNNAMED_PAUSE.saturating_mul(2_u32.saturating_pow(self.0));
        self.0 = self.0.saturating_add(1);
        let named = match failure {
            Failure::RateLimited { resets_in, .. } => {
                // A second more, since the header is cut to whole seconds.
                resets_in.map(|wait| wait.saturating_add(Duration::from_secs(1)))
            }
            Failure::SecondaryLimit { retry_after, .. } => *retry_after,
            Failure::Unauthorised { .. }
            | Failure::InsufficientScopes { .. }
            | Failure::Forbidden { .. }
            | Failure::NotFound { .. }
            | Failure::Validation { .. }
            | Failure::ResourceLimits { .. }
            | Failure::TemporaryConflict { .. }
            | Failure::AlreadyThere { .. }
            | Failure::Refused { .. }
            | Failure::Ambiguous { .. }
            | Failure::Malformed { .. }
            | Failure::Redirected { .. }
            | Failure::NotGitHub { .. }
            | Failure::Unreachable { .. } => return None,
        };
        named.or(Some(unnamed)).filter(|wait| *wait <= PATIENCE)
    }
}

/// The time so much later.
pub(crate) fn after(at: Timestamp, wait: Duration) -> Timestamp {
    at.checked_add(wait).unwrap_or(Timestamp::MAX)
}

/// How long it is until then; zero where that is past.
pub(crate) fn until(now: Timestamp, then: Timestamp) -> Duration {
    Duration::try_from(then.duration_since(now)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use spectra_model::forecast::least_seconds;

    use super::*;

    const BEGIN: Timestamp = Timestamp::UNIX_EPOCH;

    /// Sends batches of these sizes, each as early as the pacer lets it; when each went.
    fn send(pacer: &mut Pacer, batches: &[u64]) -> Vec<u64> {
        let mut now = BEGIN;
        let mut times = Vec::new();
        for creations in batches {
            loop {
                let wait = pacer.admit(now, Cost { creations: *creations, points: 5, api: Api::GraphQl });
                if wait.is_zero() {
                    break;
                }
                now = after(now, wait);
            }
            times.push(until(BEGIN, now).as_secs());
        }
        times
    }

    #[test]
    fn it_is_the_forecast_s_arithmetic() {
        let limits = Limits::github();
        let times = send(&mut Pacer::new(&limits), &[1; 1_300]);
        for (index, time) in (1_u64..).zip(times) {
            assert_eq!(time, least_seconds(index, &limits.creations), "{index} creations");
        }
    }

    #[test]
    fn points_are_windowed_too() {
        let limits = Limits { creations: Vec::new(), ..Limits::github() };
        let times = send(&mut Pacer::new(&limits), &[0; 401]);
        assert_eq!((times[399], times[400]), (0, 60));
    }

    #[test]
    fn what_is_larger_than_a_window_waits_for_an_empty_one() {
        let times = send(&mut Pacer::new(&Limits::github()), &[1, 81, 1]);
        assert_eq!(times, [0, 60, 120]);
    }

    #[test]
    fn an_answer_that_took_long_counts_from_its_end() {
        let mut pacer = Pacer::new(&Limits::github());
        let cost = Cost { creations: 80, points: 5, api: Api::GraphQl };
        assert_eq!(pacer.admit(BEGIN, cost), Duration::ZERO);
        let answered = after(BEGIN, Duration::from_secs(9));
        pacer.settle(BEGIN, answered, cost);
        assert_eq!(pacer.admit(answered, cost), Duration::from_mins(1));
        assert_eq!(pacer.free_creations(answered), Some(0));
    }

    #[test]
    fn closed_is_closed_for_everything() {
        let mut pacer = Pacer::new(&Limits::none());
        pacer.close_until(after(BEGIN, Duration::from_secs(30)));
        pacer.close_until(after(BEGIN, Duration::from_secs(10)));
        for api in [Api::GraphQl, Api::Rest] {
            assert_eq!(pacer.admit(BEGIN, Cost { creations: 0, points: 1, api }), Duration::from_secs(30));
        }
        assert_eq!(pacer.free_creations(BEGIN), None);
    }

    #[test]
    fn the_two_interfaces_have_windows_and_budgets_of_their_own() {
        let write = |api| Cost { creations: 0, points: 5, api };
        let mut pacer = Pacer::new(&Limits::github());
        for _ in 0..180 {
            assert_eq!(pacer.admit(BEGIN, write(Api::Rest)), Duration::ZERO);
        }
        assert_eq!(pacer.admit(BEGIN, write(Api::Rest)), Duration::from_mins(1));
        assert_eq!(pacer.admit(BEGIN, write(Api::GraphQl)), Duration::ZERO);
        pacer.close_one_until(Api::GraphQl, after(BEGIN, Duration::from_hours(1)));
        assert_eq!(pacer.opens_in(Api::Rest, BEGIN), Duration::ZERO);
        assert_eq!(pacer.opens_in(Api::GraphQl, BEGIN), Duration::from_hours(1));
    }

    proptest! {
        #[test]
        fn no_window_ever_holds_more_than_it_may(batches in proptest::collection::vec(0_u64..=40, 1..150)) {
            let limits = Limits::github();
            let times = send(&mut Pacer::new(&limits), &batches);
            for window in &limits.creations {
                for (end, _) in times.iter().enumerate() {
                    let held: u64 = (0..=end)
                        .filter(|index| times[*index] + window.seconds > times[end])
                        .map(|index| batches[index])
                        .sum();
                    prop_assert!(held <= window.count);
                }
            }
        }
    }

    #[test]
    fn refusals_are_waited_out_as_they_ask_and_not_for_ever() {
        let secondary = |retry_after| Failure::SecondaryLimit { message: String::new(), retry_after };
        let mut refusals = Refusals::default();
        let seven = Some(Duration::from_secs(7));
        assert_eq!(refusals.pause(&secondary(seven)), seven);
        assert_eq!(refusals.pause(&secondary(None)), Some(Duration::from_mins(2)));
        let spent = Failure::RateLimited { message: String::new(), resets_in: seven };
        assert_eq!(refusals.pause(&spent), Some(Duration::from_secs(8)));
        assert_eq!(refusals.pause(&secondary(Some(Duration::from_hours(24)))), None);
        assert!(refusals.pause(&secondary(seven)).is_some());
        assert_eq!(refusals.pause(&secondary(seven)), None);
    }
}

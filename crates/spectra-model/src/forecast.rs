//! GitHub's published pacing windows and the least time in which they let work through.
//!
//! The same numbers pace the applier and make the forecast, so that both are one arithmetic.

use serde::{Deserialize, Serialize};

/// At most `count` things in any `seconds`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// How many.
    pub count: u64,
    /// In how many seconds.
    pub seconds: u64,
}

/// The windows that a run keeps inside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Content creations.
    pub creations: Vec<Window>,
    /// Points: 5 a request with mutations, 1 a query.
    pub points: Vec<Window>,
    /// Requests under way at once.
    pub concurrent: usize,
}

impl Limits {
    /// What GitHub publishes (GitHub docs, "Rate limits and query limits for the GraphQL API"): 80 content creations a
    /// minute and 500 an hour, 2,000 points a minute, 100 requests at once.
    pub fn github() -> Self {
        Self {
            creations: vec![Window { count: 80, seconds: 60 }, Window { count: 500, seconds: 3_600 }],
            points: vec![Window { count: 2_000, seconds: 60 }],
            concurrent: 100,
        }
    }

    /// No windows, for servers on the loopback only.
    pub fn none() -> Self {
        Self { creations: Vec::new(), points: Vec::new(), concurrent: 100 }
    }
}

/// Points of one request that holds mutations (GitHub docs, secondary rate limits).
pub const POINTS_PER_MUTATING_REQUEST: u64 = 5;
/// Points of one query (GitHub docs, secondary rate limits).
pub const POINTS_PER_QUERY: u64 = 1;

/// What a plan costs at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanForecast {
    /// Mutations and REST calls that make content.
    pub content_creations: u64,
    /// The least time in seconds in which the creation windows let them through.
    pub seconds: u64,
}

impl PlanForecast {
    /// The forecast for so many content creations within GitHub's windows.
    pub fn of(content_creations: u64) -> Self {
        Self { content_creations, seconds: least_seconds(content_creations, &Limits::github().creations) }
    }
}

/// What a change set costs at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Forecast {
    /// Requests that carry the mutations at the starting batch sizes.
    pub requests: u64,
    /// Their points.
    pub points: u64,
    /// Mutations and REST calls that make content.
    pub content_creations: u64,
    /// The least time in seconds in which the windows let them through.
    pub seconds: u64,
}

/// The least time in whole seconds after which the last of `count` things may be sent, the first at 0.
///
/// With one window of c in s, thing number n (from 0) waits floor(n / c) · s. With several the time is found by
/// sending each burst as early as all windows allow.
pub fn least_seconds(count: u64, windows: &[Window]) -> u64 {
    let Some(last) = count.checked_sub(1) else { return 0 };
    let narrow =
        windows.iter().filter(|window| window.count > 0).map(|w| (last / w.count, last % w.count, w));
    // The widest window that is exceeded starts the last burst; the narrower ones pace within that burst.
    let mut widest: Option<(u64, u64, &Window)> = None;
    for candidate in narrow {
        if candidate.0 > 0 && widest.is_none_or(|(_, _, w)| candidate.2.seconds > w.seconds) {
            widest = Some(candidate);
        }
    }
    match widest {
        None => 0,
        Some((bursts, within, window)) => {
            let narrower: Vec<Window> =
                windows.iter().copied().filter(|other| other.seconds < window.seconds).collect();
            bursts
                .saturating_mul(window.seconds)
                .saturating_add(least_seconds(within.saturating_add(1), &narrower))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends each thing as early as all windows allow, one after another: the plain meaning of the windows.
    fn simulated(count: u64, windows: &[Window]) -> u64 {
        let mut sent: Vec<u64> = Vec::new();
        for _ in 0..count {
            let earliest = windows
                .iter()
                .filter_map(|w| {
                    let back = usize::try_from(w.count).unwrap();
                    sent.len().checked_sub(back).map(|i| sent[i] + w.seconds)
                })
                .chain(sent.last().copied())
                .max()
                .unwrap_or(0);
            sent.push(earliest);
        }
        sent.last().copied().unwrap_or(0)
    }

    #[test]
    fn the_closed_form_is_the_simulation() {
        let windows = Limits::github().creations;
        for count in 0..2_000 {
            assert_eq!(least_seconds(count, &windows), simulated(count, &windows), "{count}");
        }
    }

    #[test]
    fn without_windows_nothing_waits() {
        assert_eq!(least_seconds(1_000_000, &Limits::none().creations), 0);
    }
}

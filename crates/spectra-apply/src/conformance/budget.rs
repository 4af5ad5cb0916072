//! How long everything may take.
//!
//! Guarantee: the command ends by itself, whatever the server does. Each request is given up, each check has a deadline,
//! and the whole run has one, of which the last quarter is kept for removing what was made. It is the machine's time that
//! counts: a server that hangs doesn't move a simulated clock.

use std::time::Duration;

use tokio::time::Instant;

/// How long a check waits for something to show, by the clock of the server. A third-party client whose live notes are
/// known looks for 31 seconds before it takes another way.
pub(super) const PATIENCE: u64 = 30;
/// How long one request is waited for. GitHub gives up after 10 seconds of work (GitHub docs, "Rate limits and query
/// limits for the GraphQL API").
const ANSWER: Duration = Duration::from_secs(30);

/// What a run may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    begun: Instant,
    check: Duration,
    run: Duration,
}

impl Budget {
    /// A run that begins now.
    pub(super) fn begin(check_seconds: u64, run_seconds: u64) -> Self {
        let (check, run) = (Duration::from_secs(check_seconds), Duration::from_secs(run_seconds));
        Self { begun: Instant::now(), check, run }
    }

    /// How long one request is waited for.
    pub(super) fn answer(&self) -> Duration {
        ANSWER.min(self.check)
    }

    /// How long the next check may take; None where it can't begin any more.
    pub(super) fn next_check(&self) -> Option<Duration> {
        let left = self.left();
        (!left.is_zero()).then(|| left.min(self.check))
    }

    /// How long there are checks.
    pub(super) fn left(&self) -> Duration {
        self.run.saturating_sub(self.cleaning()).saturating_sub(self.begun.elapsed())
    }

    /// How long removing may take.
    pub(super) fn cleaning(&self) -> Duration {
        self.run / 4
    }

    /// Since the run began.
    pub(super) fn taken(&self) -> Duration {
        self.begun.elapsed()
    }

    /// The most the run may take, for people.
    pub(super) fn run_seconds(&self) -> u64 {
        self.run.as_secs()
    }
}

//! One round through the checks: each comes to a verdict within its time, whatever became of the others.

use spectra_github::Failure;
use tokio::time::timeout;

use super::answer::{Trouble, Verdict, short};
use super::bench::Bench;
use super::budget::Budget;
use super::table::{Check, Kind};
use crate::error::Error;
use crate::github::told;

/// How one check ended, and what that means for the run.
#[derive(Debug, Default)]
pub(super) struct Round {
    /// The first thing that the token may not do.
    pub(super) denied: Option<Failure>,
    /// The first check that had no answer.
    pub(super) unanswered: Option<String>,
    /// Why no other check is begun: what is said of them, and how the run ends.
    pub(super) over: Option<(String, Error)>,
}

impl Round {
    /// A check's verdict.
    pub(super) async fn verdict(&mut self, check: &Check, bench: &mut Bench, budget: &Budget) -> Verdict {
        self.wait_for_limits(bench, budget).await;
        if let Some((why, _)) = &self.over {
            return Verdict::Skipped(why.clone());
        }
        let Some(within) = budget.next_check() else {
            return self.time_is_up(budget);
        };
        bench.ready();
        let ended = timeout(within, (check.run)(bench)).await;
        let Ok(ended) = ended else {
            if budget.next_check().is_none() {
                return self.time_is_up(budget);
            }
            let wait = bench.ready_in().as_secs();
            let limits =
                if wait > 0 { format!("; GitHub's limits ask to wait {wait} s more") } else { String::new() };
            let why = format!("no verdict within {} s{limits}", within.as_secs().max(1));
            self.unanswered.get_or_insert_with(|| format!("{}: {why}", check.name));
            // What waits for a limit isn't silence.
            if wait == 0 {
                self.probe(bench, budget).await;
            }
            return Verdict::Skipped(why);
        };
        match ended {
            Ok(verdict) => verdict,
            Err(Trouble::NotModelled(what)) => {
                Verdict::Skipped(format!("the server doesn't have this: {what}"))
            }
            Err(Trouble::Prerequisite(why)) => Verdict::Skipped(why),
            Err(Trouble::Refused { step, answer }) if check.kind == Kind::Question => {
                Verdict::Skipped(format!("no {step}: {answer}"))
            }
            Err(Trouble::Refused { step, answer }) => Verdict::Differs { expected: step, answer },
            Err(Trouble::NoAnswer(why)) => {
                let why = format!("no answer: {why}");
                self.unanswered.get_or_insert_with(|| format!("{}: {why}", check.name));
                self.probe(bench, budget).await;
                Verdict::Skipped(why)
            }
            Err(Trouble::Failure(failure)) => self.failed(failure),
        }
    }

    fn time_is_up(&mut self, budget: &Budget) -> Verdict {
        let why = format!("the run's time of {} s was up before", budget.run_seconds());
        self.over = Some((why.clone(), Error::CutShort(why.clone())));
        Verdict::Skipped(why)
    }

    /// The run was interrupted before the check had its verdict.
    pub(super) fn interrupted(&mut self) -> Verdict {
        let why = "the run was interrupted";
        self.over.get_or_insert_with(|| (why.to_owned(), Error::CutShort(why.to_owned())));
        Verdict::Skipped(why.to_owned())
    }

    fn failed(&mut self, failure: Failure) -> Verdict {
        let why = short(&told(&failure));
        match failure {
            Failure::Forbidden { .. } | Failure::InsufficientScopes { .. } => {
                self.denied.get_or_insert(failure);
                Verdict::Skipped(format!("not allowed: {why}"))
            }
            // Nothing else goes through with this token either.
            Failure::Unauthorised { .. } => {
                self.over = Some((why.clone(), Error::GitHub(failure)));
                Verdict::Skipped(why)
            }
            Failure::NotFound { .. }
            | Failure::Validation { .. }
            | Failure::RateLimited { .. }
            | Failure::SecondaryLimit { .. }
            | Failure::ResourceLimits { .. }
            | Failure::TemporaryConflict { .. }
            | Failure::AlreadyThere { .. }
            | Failure::Refused { .. }
            | Failure::Ambiguous { .. }
            | Failure::Malformed { .. }
            | Failure::Redirected { .. }
            | Failure::NotGitHub { .. }
            | Failure::Unreachable { .. } => {
                self.unanswered.get_or_insert_with(|| why.clone());
                Verdict::Skipped(why)
            }
        }
    }

    /// Whether a server that left a check without an answer answers anything. Where not, no other check is begun.
    async fn probe(&mut self, bench: &mut Bench, budget: &Budget) {
        let Some(within) = budget.next_check() else { return };
        let silence = match timeout(within, bench.probe()).await {
            Ok(Err(Trouble::NoAnswer(why) | Trouble::Refused { answer: why, .. })) => why,
            Ok(Ok(()) | Err(Trouble::NotModelled(_) | Trouble::Prerequisite(_) | Trouble::Failure(_))) => {
                return;
            }
            Err(_) if budget.next_check().is_none() => return,
            Err(_) => "none within the time of a check".to_owned(),
        };
        let why = format!("the server stopped answering: {silence}");
        self.over = Some((why.clone(), Error::GitHub(Failure::Ambiguous { message: silence, source: None })));
    }

    /// Waits for GitHub's limits before a check, so that they don't eat its time.
    async fn wait_for_limits(&mut self, bench: &Bench, budget: &Budget) {
        let wait = bench.ready_in();
        if wait.is_zero() || self.over.is_some() {
            return;
        }
        if wait > budget.left() {
            let message =
                format!("GitHub's limits ask to wait {} s, longer than the run has", wait.as_secs());
            let end = Failure::SecondaryLimit { message: message.clone(), retry_after: Some(wait) };
            self.over = Some((message, Error::GitHub(end)));
            return;
        }
        bench.sleep(wait).await;
    }
}

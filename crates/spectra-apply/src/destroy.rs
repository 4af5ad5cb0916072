//! Taking a board away: confirmed by its slug, under its lock, as far as it has one.
//!
//! It is the same path as an apply's, with another change set. The board goes last; from then on there is no record to
//! keep, and what a later run finds to do it finds by markers.

use crate::cli::{BoardArgs, Format};
use crate::error::Error;
use crate::local_lock::LocalLock;
use crate::lock::{ATTEMPTS, Attempt};
use crate::recorder::Recorder;
use crate::run::{Applying, Run, refuse};
use crate::terminal::Terminal;
use spectra_model::observation::Board;
use spectra_reconciler::{Decision, leftover};

/// Has a person confirm that the board is to go: by `--confirm`, else on the terminal.
///
/// # Errors
/// When nobody does, or somebody names another board.
pub(crate) fn confirm(run: &Run<'_>, args: &BoardArgs, terminal: &mut Terminal<'_>) -> Result<(), Error> {
    let slug = run.plan.plan.slug.as_str();
    let sends_nothing = run.decision.as_ref().is_none_or(|decision| decision.change_set.sends_nothing());
    let typed = match (&args.confirm, args.format) {
        (Some(typed), _) => Some(typed.clone()),
        (None, _) if sends_nothing => return Ok(()),
        (None, Format::Json) => None,
        (None, Format::Text) => {
            terminal.ask(&format!("All of the above is done, and can't be undone. Type {slug} to go on: "))
        }
    };
    match typed {
        Some(typed) if typed.trim() == slug => Ok(()),
        Some(typed) => {
            Err(Error::Unconfirmed(format!("`{}` is not the board's slug", typed.trim()), slug.to_owned()))
        }
        None => Err(Error::Unconfirmed("nobody confirmed it".to_owned(), slug.to_owned())),
    }
}

impl Run<'_> {
    /// Does what was decided, after it was shown and confirmed.
    ///
    /// # Guarantees
    /// Nothing is written before the refusals are known and the board's lock is held, where there is one. Every change
    /// that GitHub took is in the ledger, however this ends.
    ///
    /// # Errors
    /// When the change set is refused, the board is locked, GitHub can't be reached, or the run must be taken up again.
    pub(crate) async fn destroy(&mut self, local: &LocalLock) -> Result<Applying, Error> {
        let decision = self.decision.clone().ok_or_else(|| Error::Usage("nothing was decided".to_owned()))?;
        refuse(&decision)?;
        if decision.change_set.sends_nothing() {
            return Ok(Applying::Nothing);
        }
        self.may_write(&decision)?;
        self.options.since = self.options.since.or(Some(self.server_time()));
        let decision = self.hold(local, decision).await?;
        self.passes(decision).await?;
        Ok(Applying::Written)
    }

    /// Takes the lock on the board; the decision that holds then.
    async fn hold(&mut self, local: &LocalLock, mut decision: Decision) -> Result<Decision, Error> {
        for _ in 0..ATTEMPTS {
            let board = self.observation.as_ref().and_then(|observation| observation.board.clone());
            let attempt = match board {
                Some(board) if board.parts.record.is_some() => self.take(&board, local).await?,
                board => self.hold_nothing(board.as_ref(), local).await?,
            };
            if attempt == Attempt::Held {
                return Ok(decision);
            }
            self.known.read_whole = false;
            decision = self.look().await?;
            refuse(&decision)?;
            if attempt == Attempt::HeldAnew {
                return Ok(decision);
            }
        }
        Err(Error::Locked("the board keeps changing while its lock is taken: run again later".to_owned()))
    }

    /// Where there is no record there is no lock, but for a board's working title: that is its maker's.
    async fn hold_nothing(&mut self, board: Option<&Board>, local: &LocalLock) -> Result<Attempt, Error> {
        let unnamed = board.filter(|board| leftover(&self.plan.plan.slug, &board.summary).is_some());
        if let Some(board) = unnamed
            && !self.is_abandoned(&board.summary, local).await?
        {
            return Ok(Attempt::Moved);
        }
        let since = self.options.since.unwrap_or_else(|| self.server_time());
        self.recorder = Some(Recorder::of_no_board(self.plan, &self.options.run, since));
        Ok(Attempt::Held)
    }
}

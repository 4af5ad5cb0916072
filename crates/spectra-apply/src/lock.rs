//! Taking the board's lock before anything is written, and making the board where there is none.
//!
//! A lock is a dead run's when its run held this machine's lock and lost it, or when it stands still while it is
//! watched. What was decided before a dead run's lock was taken over is not executed: that run may have done more
//! since, so GitHub is read whole again.

use std::time::Duration;

use spectra_github::{Answer, Write, WriteResult};
use spectra_model::board_record::Readme;
use spectra_model::change::{Action, Change, Kind, change_id};
use spectra_model::evidence::Status;
use spectra_model::id::NodeId;
use spectra_model::observation::{Board, BoardSummary};
use spectra_model::step::{ProjectUpdate, Step};
use spectra_reconciler::{Decision, Target, board_to_replace, boards_in_force, leftover, working_title};

use crate::error::Error;
use crate::github::told;
use crate::ledger::Place;
use crate::local_lock::LocalLock;
use crate::recorder::{LOOK, LockFound, Recorder, WATCH, examine};
use crate::run::{Run, refuse};

/// Attempts at the lock before a run stops.
pub(crate) const ATTEMPTS: usize = 12;
/// How long a request of a run that was killed may still be at work.
const LAST_REQUEST: Duration = Duration::from_secs(15);
/// How long a board is waited for whose creation was not answered.
const APPEARS: [Duration; 3] = [Duration::from_secs(10), Duration::from_secs(20), Duration::from_secs(30)];

/// What came of one attempt at the lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// It is held, and what was decided still holds.
    Held,
    /// It is held, and what was decided may be out of date.
    HeldAnew,
    /// Something moved: look and decide again.
    Moved,
}

impl Run<'_> {
    /// Takes the board's lock, making the board if there is none; the decision that holds then.
    pub(crate) async fn lock(
        &mut self,
        local: &LocalLock,
        mut decision: Decision,
    ) -> Result<Decision, Error> {
        for _ in 0..ATTEMPTS {
            let board = self.observation.as_ref().and_then(|observation| observation.board.clone());
            let attempt = match board {
                None => self.make_board(&decision, local).await?,
                Some(board) if leftover(&self.plan.plan.slug, &board.summary).is_some() => {
                    self.take_leftover(&decision, &board.summary, local).await?
                }
                Some(board) => self.take(&board, local).await?,
            };
            if attempt == Attempt::Held {
                return Ok(decision);
            }
            self.known.read_whole = false;
            decision = self.look().await?;
            refuse(&decision)?;
            self.holds_review(&decision)?;
            if attempt == Attempt::HeldAnew || (decision.change_set.sends_nothing() && !self.is_unfinished())
            {
                return Ok(decision);
            }
        }
        Err(Error::Locked("the board keeps changing while its lock is taken: run again later".to_owned()))
    }

    /// Takes the lock on a board that is there.
    pub(crate) async fn take(&mut self, board: &Board, local: &LocalLock) -> Result<Attempt, Error> {
        let (id, record) = (&board.summary.id, board.parts.record.clone());
        let lock = record.as_ref().and_then(|record| record.applying.as_ref());
        let found = examine(&self.reader, &*self.clock, id, lock, local.dead_run()).await?;
        let attempt = match found {
            LockFound::Free => Attempt::Held,
            LockFound::Gone => return Ok(Attempt::Moved),
            LockFound::Dead(dead) => {
                self.notes
                    .push(format!("Takes over from run {}, which ended before its work did.", dead.run));
                Attempt::HeldAnew
            }
        };
        if record.is_none() && !self.adopts_board() {
            self.notes.push(format!(
                "Board {} has no record any more. It is known by its issues; the record is written anew, and nothing \
                 that was made on the board before counts as made by Spectra.",
                board.summary.url
            ));
        }
        let since = self.options.since.unwrap_or_else(|| self.server_time());
        let mut recorder = Recorder::new(self.plan, &self.options.run, id, since, record.clone());
        if let Some(latest) = &self.latest {
            recorder.note(&latest.made);
            recorder.intend(&latest.change_set.changes);
        }
        if recorder.lock(&self.reader, &self.writer, &*self.clock, record.as_ref()).await? == LockFound::Gone
        {
            return Ok(Attempt::Moved);
        }
        self.recorder = Some(recorder);
        if attempt == Attempt::HeldAnew {
            self.clock.sleep(LAST_REQUEST).await;
        }
        Ok(attempt)
    }

    /// Whether the board is people's until this run takes it over.
    fn adopts_board(&self) -> bool {
        let id = change_id(Action::Update, Kind::Project, self.plan.plan.slug.as_str());
        let decided = self.latest.iter().flat_map(|decision| &decision.change_set.changes);
        decided.filter(|change| change.id == id).any(|change| change.reason.as_deref() == Some("adopted"))
    }

    /// Makes the board under its working title, then gives it what is its own. One that is made in place of another only
    /// while that one's lock is held.
    async fn make_board(&mut self, decision: &Decision, local: &LocalLock) -> Result<Attempt, Error> {
        let owner = decision.bindings.owner.clone();
        let owner = owner.ok_or_else(|| Error::NotSeen(vec!["the owner of the board".to_owned()]))?;
        if self.options.target == Target::New {
            let boards = self.boards().await?;
            let replaced = board_to_replace(&self.plan.plan, &boards, &self.options.adoption);
            if let Some(board) = replaced.map_err(Error::Refused)? {
                self.hold_old(&board.id, local).await?;
            }
        }
        let title =
            format!("{}{}", working_title(&self.plan.plan.slug, self.options.target), self.options.run);
        let mut answers =
            self.writer.send_patiently(&[Write::CreateProject { owner, title: title.clone() }]).await;
        match answers.pop() {
            Some(WriteResult::Done(Answer::Project(project))) => {
                let id = project.id.clone();
                self.project = Some(project);
                self.furnish(decision, &id, local).await
            }
            Some(WriteResult::Done(_) | WriteResult::Unknown(_)) | None => {
                // The list of an owner's boards may lag: a board that is not there yet would be made twice.
                for wait in APPEARS {
                    self.clock.sleep(wait).await;
                    let boards = self.boards().await?;
                    if boards.iter().any(|board| board.title == title) {
                        break;
                    }
                }
                Ok(Attempt::Moved)
            }
            Some(
                WriteResult::Refused(failure) | WriteResult::NotRun(failure) | WriteResult::GivenUp(failure),
            ) => {
                let id = change_id(Action::Create, Kind::Project, self.plan.plan.slug.as_str());
                self.ledger.close(&id, Status::Failed, Some(told(&failure)));
                if let Some(mut held) = self.replaced.take() {
                    held.let_go(&self.reader, &self.writer, &*self.clock).await?;
                }
                Err(Error::GitHub(failure))
            }
        }
    }

    async fn boards(&self) -> Result<Vec<BoardSummary>, Error> {
        let owner = self.observation.as_ref().and_then(|observation| observation.owner.as_ref());
        let Some(owner) = owner else { return Ok(Vec::new()) };
        self.reader.boards(&owner.id).await.map_err(Error::GitHub)
    }

    /// Finishes a board that another run made and did not name. Until that run is known to be dead, the working title
    /// is its lock.
    async fn take_leftover(
        &mut self,
        decision: &Decision,
        board: &BoardSummary,
        local: &LocalLock,
    ) -> Result<Attempt, Error> {
        if !self.is_abandoned(board, local).await? {
            return Ok(Attempt::Moved);
        }
        let run = leftover(&self.plan.plan.slug, board).map(|it| it.run).unwrap_or_default();
        if run != self.options.run.as_str() {
            self.notes
                .push(format!("Finishes board {}, which run {run} made and did not name.", board.number));
        }
        self.furnish(decision, &board.id, local).await
    }

    /// Whether a board that a run made and did not name is left to whoever finds it: the run is this one, or dead.
    pub(crate) async fn is_abandoned(
        &mut self,
        board: &BoardSummary,
        local: &LocalLock,
    ) -> Result<bool, Error> {
        let slug = &self.plan.plan.slug;
        let run = leftover(slug, board).map(|it| it.run).unwrap_or_default();
        let is_ours = run == self.options.run.as_str();
        let is_dead = local.dead_run().is_some_and(|dead| dead.as_str() == run);
        let mut watched = if is_ours || is_dead { WATCH } else { Duration::ZERO };
        while watched < WATCH {
            self.clock.sleep(LOOK).await;
            watched = watched.saturating_add(LOOK);
            let now = self.reader.board_summary(&board.id).await.map_err(Error::GitHub)?;
            if leftover(slug, &now).is_none() {
                return Ok(false);
            }
        }
        let now = self.reader.board_summary(&board.id).await.map_err(Error::GitHub)?;
        Ok(leftover(slug, &now).is_some())
    }

    /// Takes the lock on a board that another is to be made in place of.
    async fn hold_old(&mut self, id: &NodeId, local: &LocalLock) -> Result<(), Error> {
        if self.replaced.as_ref().is_some_and(|held| held.project() == id) {
            return Ok(());
        }
        let moves =
            || Error::Locked("the board keeps changing while its lock is taken: run again later".to_owned());
        for _ in 0..ATTEMPTS {
            let summary = self.reader.board_summary(id).await.map_err(Error::GitHub)?;
            let record = Readme::of(id, &summary.readme)
                .map_err(|problem| Error::Locked(format!("{}: {problem}", summary.url)))?;
            let Some(record) = record.record.filter(|record| record.superseded_by.is_none()) else {
                return Err(moves());
            };
            let found =
                examine(&self.reader, &*self.clock, id, record.applying.as_ref(), local.dead_run()).await?;
            if found == LockFound::Gone {
                continue;
            }
            let since = self.options.since.unwrap_or_else(|| self.server_time());
            let mut held = Recorder::new(self.plan, &self.options.run, id, since, Some(record.clone()));
            let locked = held.lock(&self.reader, &self.writer, &*self.clock, Some(&record)).await?;
            if locked != LockFound::Gone {
                self.replaced = Some(held);
                return Ok(());
            }
        }
        Err(moves())
    }

    /// Marks every board that bears the project's record as superseded by a new one, before that gets a record of its own:
    /// at no time there are two. What Spectra made in repositories goes over to the new one.
    async fn supersede(
        &mut self,
        new: &NodeId,
        recorder: &mut Recorder,
        local: &LocalLock,
    ) -> Result<(), Error> {
        let boards = self.boards().await?;
        for board in boards_in_force(&self.plan.plan, &boards).into_iter().filter(|board| board.id != *new) {
            self.hold_old(&board.id, local).await?;
            if let Some(mut held) = self.replaced.take() {
                held.supersede(&self.reader, &self.writer, &*self.clock, new).await?;
                recorder.inherit(held.made());
                self.notes.push(format!("Board {} is superseded; it stays as it is.", board.url));
            }
        }
        for board in &boards {
            let record = Readme::of(&board.id, &board.readme).ok().and_then(|readme| readme.record);
            if let Some(record) = record.filter(|record| record.superseded_by.as_ref() == Some(new)) {
                recorder.inherit(&record.made);
            }
        }
        Ok(())
    }

    /// Gives a new board its title, readme, record and lock in one write.
    async fn furnish(
        &mut self,
        decision: &Decision,
        project: &NodeId,
        local: &LocalLock,
    ) -> Result<Attempt, Error> {
        let plan = &self.plan.plan;
        let id = change_id(Action::Create, Kind::Project, plan.slug.as_str());
        let change = decision.change_set.changes.iter().find(|change| change.id == id);
        let update = change.and_then(board_update).unwrap_or_default();
        self.known.board = Some(project.clone());
        let since = self.options.since.unwrap_or_else(|| self.server_time());
        let mut recorder = Recorder::new(self.plan, &self.options.run, project, since, None);
        recorder.made_board();
        let is_new =
            |board: &BoardSummary| leftover(&plan.slug, board).is_some_and(|it| it.target == Target::New);
        let made = self.reader.board_summary(project).await.map_err(Error::GitHub)?;
        if is_new(&made) {
            self.supersede(project, &mut recorder, local).await?;
        }
        recorder.intend(&decision.change_set.changes);
        let text = update.readme.clone().unwrap_or_default();
        let whole =
            recorder.write(&self.reader, &self.writer, &*self.clock, text.clone(), update.clone()).await;
        if let Err(Error::GitHub(failure)) = whole {
            // An organisation may forbid public boards, say. What is refused is asked for again as a change of its own.
            tracing::warn!(because = %failure, "the board is named first, and changed after that");
            let named = ProjectUpdate { title: update.title, ..ProjectUpdate::default() };
            recorder.write(&self.reader, &self.writer, &*self.clock, text, named).await?;
        } else {
            whole?;
        }
        recorder.own_for_sure(&self.reader, &*self.clock).await?;
        self.recorder = Some(recorder);
        self.give_way(project).await?;
        self.ledger.close(&id, Status::Done, None);
        if let Some(board) = &self.project {
            self.ledger.place(&id, Place::of_board(board));
        }
        Ok(Attempt::HeldAnew)
    }

    /// Of two boards that two runs made for one slug the lower number stays.
    async fn give_way(&mut self, ours: &NodeId) -> Result<(), Error> {
        let mut boards = self.boards().await?;
        for wait in APPEARS {
            if boards.iter().any(|board| board.id == *ours) {
                break;
            }
            self.clock.sleep(wait).await;
            boards = self.boards().await?;
        }
        let Some(number) = boards.iter().find(|board| board.id == *ours).map(|board| board.number) else {
            return Ok(());
        };
        let slug = &self.plan.plan.slug;
        let is_rival = |board: &BoardSummary| {
            let record = Readme::read(&board.readme).ok().and_then(|readme| readme.record);
            let recorded = record.is_some_and(|record| record.slug == *slug && record.stands_on(&board.id));
            recorded || leftover(slug, board).is_some()
        };
        let older = boards.iter().find(|board| board.number < number && is_rival(board));
        let Some(older) = older else { return Ok(()) };
        let deleted =
            self.writer.send_patiently(&[Write::DeleteProject { project: ours.clone() }]).await.pop();
        self.recorder = None;
        let outcome = match deleted {
            Some(WriteResult::Done(_)) => "the board that this run had just made is deleted again".to_owned(),
            _ => format!("delete the empty board number {number} that this run made"),
        };
        Err(Error::Locked(format!(
            "another run made board {} for `{slug}` at the same time; {outcome}: run again",
            older.url
        )))
    }
}

fn board_update(change: &Change) -> Option<ProjectUpdate> {
    change
        .steps
        .iter()
        .find_map(|step| if let Step::UpdateProject(update) = step { Some(update.clone()) } else { None })
}

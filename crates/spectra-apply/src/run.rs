//! One run for one board: look, decide, show, and with `--apply` lock, execute, look again, finish.
//!
//! A run looks at GitHub after every pass. What is left to do then is decided anew by the same function, so a verified
//! end and an interrupted run that goes on are one path: there is no second set of rules for repairs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use spectra_github::{Answer, Client, Clock, Reader, Write, WriteResult, Writer};
use spectra_model::board_record::{Applied, BoardRecord, Readme};
use spectra_model::change::{Change, ChangeSet, Kind, change_id};
use spectra_model::evidence::Status;
use spectra_model::id::{ChangeId, NodeId, RunId};
use spectra_model::observation::Observation;
use spectra_model::step::{ProjectBinding, ProjectUpdate, Step};
use spectra_reconciler::{Decision, Options, reconcile, working_title};

use crate::error::Error;
use crate::execute::{Executor, PassEnd};
use crate::github::told;
use crate::ledger::{Ledger, Place};
use crate::local_lock::LocalLock;
use crate::observe::{Known, observe};
use crate::plan_folder::ReviewedPlan;
use crate::recorder::{LockFound, Recorder, Work, examine};

/// Attempts at the lock before a run stops.
const ATTEMPTS: usize = 12;
/// Passes in a row that may go by without a change done, before a run stops part-way.
const IDLE_PASSES: usize = 4;
/// How often one change is sent: once, and once more where it did not stay.
const TRIES: u32 = 2;
/// How long an answer that was lost is given to show its work.
const SETTLE: Duration = Duration::from_secs(10);
/// How long GitHub's own workflows are given before values are read back.
const WORKFLOWS: Duration = Duration::from_secs(5);

/// What a run works with.
pub(crate) struct Run<'a> {
    pub(crate) plan: &'a ReviewedPlan,
    pub(crate) options: Options,
    pub(crate) client: Arc<Client>,
    pub(crate) reader: Reader,
    pub(crate) writer: Writer,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) known: Known,
    pub(crate) observation: Option<Observation>,
    /// What was decided at first: what is shown, and what the evidence holds.
    pub(crate) decision: Option<Decision>,
    /// What was decided last: what is left.
    pub(crate) latest: Option<Decision>,
    pub(crate) ledger: Ledger,
    pub(crate) recorder: Option<Recorder>,
    /// The board's record as it was before this run.
    pub(crate) record_before: Option<BoardRecord>,
    pub(crate) project: Option<ProjectBinding>,
    pub(crate) notes: Vec<String>,
}

/// How an apply ended that was not refused and not cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Applying {
    /// Nothing was to be sent.
    Nothing,
    /// GitHub was written to.
    Written,
}

impl<'a> Run<'a> {
    pub(crate) fn new(
        plan: &'a ReviewedPlan,
        options: Options,
        client: Client,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let client = Arc::new(client);
        Self {
            plan,
            options,
            reader: Reader::new(Arc::clone(&client)),
            writer: Writer::new(Arc::clone(&client)),
            client,
            clock,
            known: Known::default(),
            observation: None,
            decision: None,
            latest: None,
            ledger: Ledger::default(),
            recorder: None,
            record_before: None,
            project: None,
            notes: Vec::new(),
        }
    }

    /// Looks at GitHub and decides.
    pub(crate) async fn look(&mut self) -> Result<Decision, Error> {
        let plan = &self.plan.plan;
        let observation = observe(&self.reader, plan, self.options.adoption, &mut self.known).await?;
        self.options.actor = observation.viewer.clone();
        if let Some(board) = &observation.board {
            let summary = &board.summary;
            self.project = Some(ProjectBinding {
                id: summary.id.clone(),
                number: summary.number,
                url: summary.url.clone(),
            });
            let owed = board.parts.record.as_ref().and_then(BoardRecord::unfinished_since);
            self.options.since = self.options.since.into_iter().chain(owed).min();
        }
        let decision = reconcile(plan, &observation, &self.options);
        if self.decision.is_none() {
            self.record_before = observation.board.as_ref().and_then(|board| board.parts.record.clone());
            self.decision = Some(decision.clone());
        }
        self.ledger.enter(&decision.change_set);
        self.latest = Some(decision.clone());
        self.observation = Some(observation);
        Ok(decision)
    }

    /// Does what was decided, after it was shown.
    ///
    /// # Guarantees
    /// Nothing is written before the refusals are known and the lock is held. Every change that GitHub took is in the
    /// ledger, however this ends.
    ///
    /// # Errors
    /// When the change set is refused, the board is locked, GitHub can't be reached, or the run must be taken up again.
    pub(crate) async fn apply(&mut self, lock: &LocalLock) -> Result<Applying, Error> {
        let mut decision =
            self.decision.clone().ok_or_else(|| Error::Usage("nothing was decided".to_owned()))?;
        refuse(&decision)?;
        if decision.change_set.sends_nothing() && !self.is_unfinished() {
            return Ok(Applying::Nothing);
        }
        self.options.since = self.options.since.or(Some(self.server_time()));
        decision = self.lock(lock, decision).await?;
        if decision.change_set.sends_nothing() && !self.is_unfinished() && self.recorder.is_none() {
            return Ok(Applying::Nothing);
        }
        self.passes(decision).await?;
        Ok(Applying::Written)
    }

    fn is_unfinished(&self) -> bool {
        self.record_before.as_ref().is_some_and(|record| record.unfinished_since().is_some())
    }

    pub(crate) fn server_time(&self) -> Timestamp {
        self.client.server_time().unwrap_or_else(|| self.clock.now())
    }

    /// Takes the board's lock, making the board if there is none; the decision that holds then.
    async fn lock(&mut self, local: &LocalLock, mut decision: Decision) -> Result<Decision, Error> {
        for _ in 0..ATTEMPTS {
            let board = self.observation.as_ref().and_then(|observation| observation.board.clone());
            let record = board.as_ref().and_then(|board| board.parts.record.clone());
            let (Some(board), Some(record)) = (&board, &record) else {
                if self.make_board(&decision, board.map(|board| board.summary.id)).await? {
                    return self.look().await;
                }
                decision = self.look().await?;
                continue;
            };
            let id = &board.summary.id;
            let clock = Arc::clone(&self.clock);
            let found =
                examine(&self.reader, &*clock, id, record.applying.as_ref(), local.dead_run()).await?;
            if let LockFound::Dead(dead) = &found {
                self.notes
                    .push(format!("Takes over from run {}, which ended before its work did.", dead.run));
            }
            if found != LockFound::Gone {
                let since = self.options.since.unwrap_or_else(|| self.server_time());
                let plan = &self.plan.plan;
                let mut recorder = Recorder::new(plan, &self.options.run, id, since, Some(record.clone()));
                let found = recorder.lock(&self.reader, &self.writer, &*clock, Some(record)).await?;
                if found == LockFound::Free {
                    self.recorder = Some(recorder);
                    return Ok(decision);
                }
            }
            // Somebody else got to the board in between: what was decided may no longer be so.
            decision = self.look().await?;
            refuse(&decision)?;
            if decision.change_set.sends_nothing() && !self.is_unfinished() {
                return Ok(decision);
            }
        }
        Err(Error::Locked("the board keeps changing while its lock is taken: run again later".to_owned()))
    }

    /// Makes the board, or finishes one that an unfinished run made, with record and lock. False: the answer was lost,
    /// look again.
    async fn make_board(&mut self, decision: &Decision, leftover: Option<NodeId>) -> Result<bool, Error> {
        let plan = &self.plan.plan;
        let id = change_id(spectra_model::change::Action::Create, Kind::Project, plan.slug.as_str());
        let change = decision.change_set.changes.iter().find(|change| change.id == id);
        let update = change.and_then(board_update).unwrap_or_default();
        let project = if let Some(project) = leftover {
            project
        } else {
            let owner = decision.bindings.owner.clone();
            let owner = owner.ok_or_else(|| Error::NotSeen(vec!["the owner of the board".to_owned()]))?;
            let title = format!("{}{}", working_title(&plan.slug), self.options.run);
            match self.writer.send(&[Write::CreateProject { owner, title }]).await.pop() {
                Some(WriteResult::Done(Answer::Project(project))) => {
                    self.project = Some(project.clone());
                    project.id
                }
                Some(WriteResult::Done(_) | WriteResult::Unknown(_)) | None => {
                    self.clock.sleep(SETTLE).await;
                    return Ok(false);
                }
                Some(WriteResult::Refused(failure) | WriteResult::NotRun(failure)) => {
                    self.ledger.close(&id, Status::Failed, Some(told(&failure)));
                    return Err(Error::GitHub(failure));
                }
            }
        };
        self.known.board = Some(project.clone());
        let since = self.options.since.unwrap_or_else(|| self.server_time());
        let mut recorder = Recorder::new(plan, &self.options.run, &project, since, None);
        recorder.made_board();
        let text = update.readme.clone().unwrap_or_default();
        recorder.write(&self.writer, &*self.clock, text, update).await?;
        recorder.own(&self.reader).await?;
        self.give_way(&project).await?;
        self.recorder = Some(recorder);
        self.ledger.close(&id, Status::Done, None);
        if let Some(board) = &self.project {
            self.ledger.place(&id, Place::of_board(board));
        }
        Ok(true)
    }

    /// Of two boards that two runs made for one slug the lower number stays.
    async fn give_way(&mut self, ours: &NodeId) -> Result<(), Error> {
        let plan = &self.plan.plan;
        let Some(owner) = self.observation.as_ref().and_then(|observation| observation.owner.as_ref()) else {
            return Ok(());
        };
        let boards = self.reader.boards(&owner.id).await.map_err(Error::GitHub)?;
        let number = boards.iter().find(|board| board.id == *ours).map(|board| board.number);
        let is_rival = |readme: &str, title: &str, id: &NodeId| {
            let record = Readme::read(readme).ok().and_then(|readme| readme.record);
            let recorded = record.is_some_and(|record| record.slug == plan.slug && record.project == *id);
            recorded || title.starts_with(&working_title(&plan.slug))
        };
        let older = boards.iter().find(|board| {
            board.id != *ours
                && number.is_some_and(|number| board.number < number)
                && is_rival(&board.readme, &board.title, &board.id)
        });
        let Some(older) = older else { return Ok(()) };
        let deleted = self.writer.send(&[Write::DeleteProject { project: ours.clone() }]).await.pop();
        let outcome = match deleted {
            Some(WriteResult::Done(_)) => "the board that this run had just made is deleted again".to_owned(),
            _ => format!("delete the empty board number {} that this run made", number.unwrap_or_default()),
        };
        Err(Error::Locked(format!(
            "another run made board {} for `{}` at the same time; {outcome}: run again",
            older.url, plan.slug
        )))
    }

    /// Executes and looks again until nothing is left that can be done.
    async fn passes(&mut self, mut decision: Decision) -> Result<(), Error> {
        let mut tries: BTreeMap<ChangeId, u32> = BTreeMap::new();
        let mut met = BTreeSet::new();
        let mut trouble = None;
        let mut idle = 0;
        while idle < IDLE_PASSES {
            let done = self.ledger.done();
            let open = self.open_changes(&decision.change_set, &mut tries);
            if open.changes.is_empty() {
                return Ok(());
            }
            let Some(recorder) = &mut self.recorder else {
                return Err(Error::Locked("the lock is not held".to_owned()));
            };
            let mut executor = Executor {
                reader: &self.reader,
                writer: &self.writer,
                clock: &*self.clock,
                bindings: decision.bindings.clone(),
                recorder,
                ledger: &mut self.ledger,
                known: &mut self.known,
                met: &mut met,
            };
            match executor.execute(&open).await? {
                PassEnd::Through { sent: 0 } => {
                    self.give_up(&open);
                    return Ok(());
                }
                PassEnd::Through { .. } => {
                    trouble = None;
                    if filed_something(&open) {
                        self.clock.sleep(WORKFLOWS).await;
                    }
                }
                PassEnd::LookAgain(because) => {
                    tracing::info!(because, "looking again");
                    trouble = Some(because);
                    self.known.read_whole = false;
                    self.clock.sleep(SETTLE).await;
                }
            }
            idle = if self.ledger.done() > done { 0 } else { idle.saturating_add(1) };
            decision = self.look().await?;
        }
        let because = trouble.unwrap_or_else(|| "GitHub keeps changing what was written".to_owned());
        Err(Error::Stopped(because))
    }

    /// Closes what can't be sent although it is asked for.
    fn give_up(&mut self, open: &ChangeSet) {
        for change in &open.changes {
            if self.ledger.status(&change.id).is_some() {
                continue;
            }
            let because =
                "something that it names is not on GitHub, and this run could not make it".to_owned();
            self.ledger.close(&change.id, Status::Skipped, Some(because));
        }
    }

    /// The changes that are to be sent in the next pass. One that was sent often enough and is still asked for did not
    /// stay: it is closed as failed.
    fn open_changes(&mut self, set: &ChangeSet, tries: &mut BTreeMap<ChangeId, u32>) -> ChangeSet {
        let mut changes: Vec<Change> = Vec::new();
        for change in set.changes.iter().filter(|change| change.is_done_by_spectra()) {
            if self.ledger.is_lost(&change.id) {
                continue;
            }
            if self.ledger.status(&change.id) == Some(Status::Done) {
                let tried = tries.entry(change.id.clone()).or_insert(1);
                if *tried >= TRIES {
                    let because =
                        "GitHub took it, but it did not stay: something else writes it too".to_owned();
                    self.ledger.close(&change.id, Status::Failed, Some(because));
                    continue;
                }
                *tried = tried.saturating_add(1);
            }
            changes.push(change.clone());
        }
        ChangeSet { changes, ..set.clone() }
    }

    /// Ends the run on the board.
    pub(crate) async fn finish(&mut self, evidence: String, work: Work) -> Result<(), Error> {
        let Some(recorder) = &mut self.recorder else { return Ok(()) };
        let applied = Applied { plan: self.plan.sha256.clone(), evidence };
        recorder.finish(&self.reader, &self.writer, &*self.clock, applied, work).await
    }

    /// The run's id: when it began and what it is about, so that two are never the same on one machine.
    pub(crate) fn id(plan: &ReviewedPlan, started: Timestamp, process: u32) -> RunId {
        let seed = format!("{started}{process}{}", plan.sha256);
        let digest: String = spectra_model::json::sha256(seed.as_bytes()).chars().take(8).collect();
        RunId::new(format!("{}-{digest}", started.strftime("%Y%m%dT%H%M%SZ")))
    }
}

/// Refuses before anything is written.
fn refuse(decision: &Decision) -> Result<(), Error> {
    if decision.refusals.is_empty() { Ok(()) } else { Err(Error::Refused(decision.refusals.clone())) }
}

fn board_update(change: &Change) -> Option<ProjectUpdate> {
    change
        .steps
        .iter()
        .find_map(|step| if let Step::UpdateProject(update) = step { Some(update.clone()) } else { None })
}

fn filed_something(set: &ChangeSet) -> bool {
    set.changes.iter().flat_map(|change| &change.steps).any(|step| matches!(step, Step::AddItem { .. }))
}

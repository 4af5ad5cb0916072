//! One run for one board: look, decide, show, and with `--apply` lock, execute, look again, finish.
//!
//! A run looks at GitHub after every pass. What is left to do then is decided anew by the same function, so a verified
//! end and an interrupted run that goes on are one path: there is no second set of rules for repairs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use spectra_github::{Client, Clock, Reader, Writer};
use spectra_model::board_record::{Applied, BoardRecord};
use spectra_model::change::{Action, Change, ChangeSet, Kind, change_id};
use spectra_model::evidence::{Mode, Status};
use spectra_model::id::{ChangeId, FieldName, IssueKey, RepoSlug, RunId};
use spectra_model::limits;
use spectra_model::observation::Observation;
use spectra_model::step::{ProjectBinding, Step};
use spectra_reconciler::{Decision, Options, destroy, leftover, reconcile, views_awaited};

use crate::error::Error;
use crate::evidence_files::EvidenceFiles;
use crate::execute::{Executor, PassEnd};
use crate::ledger::Ledger;
use crate::local_lock::LocalLock;
use crate::observe::{Known, observe};
use crate::plan_folder::ReviewedPlan;
use crate::progress::{Progress, Shown};
use crate::recorder::{Recorder, Work};
use crate::recovery::recovery;
use crate::review::{Review, Since};

/// Passes in a row that may go by without a change done, before a run stops part-way.
const IDLE_PASSES: usize = 4;
/// How often one change is sent: once, and once more where it did not stay.
const TRIES: u32 = 2;
/// How long lost answers are given to show their work, one look after each. Lists were seen to lag by seconds, once by
/// half a minute.
const SETTLE: [Duration; 3] = [Duration::from_secs(5), Duration::from_secs(10), Duration::from_secs(20)];
/// How much is read again of what a look has seen already: clocks and lists are not exact.
const MARGIN: Duration = Duration::from_mins(10);
/// How long after its creation a draft issue was seen to be missing from its board's list, and some more.
const DRAFTS_APPEAR: Duration = Duration::from_mins(15);
/// How long GitHub's own workflows are given before values are read back.
const WORKFLOWS: Duration = Duration::from_secs(12);

/// What a run works with.
pub(crate) struct Run<'a> {
    pub(crate) plan: &'a ReviewedPlan,
    pub(crate) options: Options,
    pub(crate) mode: Mode,
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
    /// The board that a new one is being made in place of, while its lock is held.
    pub(crate) replaced: Option<Recorder>,
    /// The board's record as it was before this run.
    pub(crate) record_before: Option<BoardRecord>,
    pub(crate) project: Option<ProjectBinding>,
    pub(crate) notes: Vec<String>,
    pub(crate) files: EvidenceFiles,
    /// The review that the apply is bound to.
    pub(crate) reviewed: Option<Review>,
    /// What goes beyond that, and is left.
    pub(crate) unreviewed: BTreeSet<ChangeId>,
    pub(crate) progress: Progress,
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
        (options, mode): (Options, Mode),
        client: Client,
        clock: Arc<dyn Clock>,
        files: EvidenceFiles,
    ) -> Self {
        let client = Arc::new(client);
        Self {
            plan,
            options,
            mode,
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
            replaced: None,
            record_before: None,
            project: None,
            notes: Vec::new(),
            files,
            reviewed: None,
            unreviewed: BTreeSet::new(),
            progress: Progress::new(Shown::Nowhere, plan.plan.slug.as_str()),
        }
    }

    /// Looks at GitHub and decides.
    pub(crate) async fn look(&mut self) -> Result<Decision, Error> {
        let plan = &self.plan.plan;
        let observation =
            observe(&self.reader, plan, (&self.options.adoption, self.options.target), &mut self.known)
                .await?;
        self.options.actor = observation.viewer.clone();
        self.options.now = Some(self.server_time());
        if self.known.since.is_none() {
            // What was there before this look has been seen.
            self.known.since = self.server_time().checked_sub(MARGIN).ok();
        }
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
        let decision = match self.mode {
            Mode::DryRun | Mode::Apply => reconcile(plan, &observation, &self.options),
            Mode::Destroy => destroy(plan, &observation, &self.options),
        };
        if let Some(recorder) = &mut self.recorder
            && observation.board.is_none()
            && self.known.deleting.is_some()
        {
            recorder.deleted_board();
        }
        if self.recorder.is_none() {
            // Until the lock is held, another run may end and leave another record.
            self.record_before = observation.board.as_ref().and_then(|board| board.parts.record.clone());
        }
        if self.decision.is_none() {
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
        self.holds_review(&decision)?;
        if decision.change_set.sends_nothing() && !self.is_unfinished() {
            return Ok(Applying::Nothing);
        }
        self.may_write(&decision)?;
        self.options.since = self.options.since.or(Some(self.server_time()));
        decision = self.lock(lock, decision).await?;
        if self.recorder.is_none() {
            return Ok(Applying::Nothing);
        }
        decision = self.wait_for_the_unseen(decision).await?;
        self.passes(decision).await?;
        Ok(Applying::Written)
    }

    /// Names what the token may not change, before anything is written.
    pub(crate) fn may_write(&self, decision: &Decision) -> Result<(), Error> {
        let Some(observation) = &self.observation else { return Ok(()) };
        let mut closed: Vec<String> = Vec::new();
        if let Some(board) = observation.board.as_ref().filter(|board| !board.summary.writable) {
            closed.push(format!(
                "board {} is shown to {} and may not be changed: give the token write access to the project",
                board.summary.url, observation.viewer
            ));
        }
        let written = written_repositories(decision, observation);
        for (slug, _) in observation.repositories.iter().filter(|(_, repository)| !repository.writable) {
            if written.contains(slug) {
                closed.push(format!(
                    "repository {slug} is shown to {} and may not be changed: give the token write access to its issues",
                    observation.viewer
                ));
            }
        }
        if closed.is_empty() { Ok(()) } else { Err(Error::NotSeen(closed)) }
    }

    /// Refuses what was decided where it isn't what was reviewed.
    ///
    /// # Errors
    /// When it is not.
    pub(crate) fn holds_review(&self, decision: &Decision) -> Result<(), Error> {
        let Some(reviewed) = &self.reviewed else { return Ok(()) };
        // Under its own lock a run may have made the board already.
        let since = if self.recorder.is_some() { Since::CutOff } else { self.since_review() };
        reviewed.holds(&decision.change_set, since)
    }

    /// What was done since the review. The board's record says which plan a run was at that didn't come to its end; a
    /// board that was made and not named yet is all that its run did.
    fn since_review(&self) -> Since {
        let board = self.observation.as_ref().and_then(|observation| observation.board.as_ref());
        let is_leftover = board.is_some_and(|board| leftover(&self.plan.plan.slug, &board.summary).is_some());
        let plan = self.record_before.as_ref().and_then(BoardRecord::unfinished_plan);
        if is_leftover || plan == Some(&self.plan.sha256) { Since::CutOff } else { Since::Review }
    }

    pub(crate) fn is_unfinished(&self) -> bool {
        self.record_before.as_ref().is_some_and(|record| record.unfinished_since().is_some())
    }

    pub(crate) fn server_time(&self) -> Timestamp {
        self.client.server_time().unwrap_or_else(|| self.clock.now())
    }

    /// Executes and looks again until nothing is left that can be done.
    pub(crate) async fn passes(&mut self, mut decision: Decision) -> Result<(), Error> {
        let mut tries: BTreeMap<ChangeId, u32> = BTreeMap::new();
        let mut met = BTreeSet::new();
        let mut trouble = None;
        let mut idle = 0;
        while idle < IDLE_PASSES {
            let done = self.ledger.done();
            self.unreviewed = self.beyond_review(&decision)?;
            let open = self.open_changes(&decision.change_set, &mut tries);
            let Some(recorder) = &mut self.recorder else {
                return Err(Error::Locked("the lock is not held".to_owned()));
            };
            recorder.note(&decision.made);
            recorder.listed(&self.known.unlisted);
            if open.changes.is_empty() {
                return Ok(());
            }
            self.keep_what_is_lost(&decision, &open)?;
            let Some(recorder) = &mut self.recorder else {
                return Err(Error::Locked("the lock is not held".to_owned()));
            };
            if recorder.intend(&open.changes) {
                recorder.beat(&self.reader, &self.writer, &*self.clock, true).await?;
            }
            let mut executor = Executor {
                reader: &self.reader,
                writer: &self.writer,
                clock: &*self.clock,
                plan: &self.plan.plan,
                bindings: decision.bindings.clone(),
                recorder,
                ledger: &mut self.ledger,
                known: &mut self.known,
                progress: &self.progress,
                met: &mut met,
            };
            match executor.execute(&open).await? {
                PassEnd::Through { sent: 0 } => {
                    self.give_up(&open);
                    return Ok(());
                }
                PassEnd::Through { .. } => {
                    trouble = None;
                    if stirs_workflows(&open) {
                        self.clock.sleep(WORKFLOWS).await;
                    }
                    decision = self.look().await?;
                }
                PassEnd::LookAgain(because) => {
                    tracing::info!(because, "looking again");
                    trouble = Some(because);
                    decision = self.look_for_lost().await?;
                }
            }
            idle = if self.ledger.done() > done { 0 } else { idle.saturating_add(1) };
        }
        let because = trouble.unwrap_or_else(|| "GitHub keeps changing what was written".to_owned());
        Err(Error::Stopped(because))
    }

    /// Writes down what the changes are about to lose, before the first of them.
    fn keep_what_is_lost(&mut self, decision: &Decision, open: &ChangeSet) -> Result<(), Error> {
        let Some(observation) = &self.observation else { return Ok(()) };
        if let Some(lost) = recovery(open, &decision.bindings, observation) {
            let path = self.files.keep(&lost)?;
            self.notes
                .push(format!("What this run takes away or puts at risk is kept in {}.", path.display()));
        }
        Ok(())
    }

    /// Looks until what lost answers may have made shows, or has had its time. A draft issue that doesn't show may come
    /// minutes later: the run stops before it could make a second one.
    async fn look_for_lost(&mut self) -> Result<Decision, Error> {
        let mut decision = self.latest.clone();
        for settle in SETTLE {
            self.clock.sleep(settle).await;
            self.known.read_whole = false;
            let latest = self.look().await?;
            let bindings = &latest.bindings;
            let all_found = self.known.lost.iter().all(|key| bindings.issues.contains_key(key))
                && self.known.lost_views.iter().all(|name| bindings.view(name).is_some())
                && self.known.lost_drafts.iter().all(|key| bindings.drafts.contains_key(key));
            decision = Some(latest);
            if all_found {
                break;
            }
        }
        let decision = decision.ok_or_else(|| Error::Stopped("nothing was decided".to_owned()))?;
        self.known.lost.clear();
        self.known.lost_views.clear();
        self.known.lost_drafts.retain(|key| !decision.bindings.drafts.contains_key(key));
        match self.known.lost_drafts.first() {
            Some(draft) => Err(unseen(draft)),
            None => Ok(decision),
        }
    }

    /// Views and drafts that an earlier run set out to make and that don't show: they may be on their way, since the
    /// board's lists lag. Views are given as long as a lost answer is; drafts, which were seen to take minutes, until
    /// [`DRAFTS_APPEAR`] has passed since that run began.
    async fn wait_for_the_unseen(&mut self, mut decision: Decision) -> Result<Decision, Error> {
        let Some(before) = self.record_before.clone().filter(|_| self.is_unfinished()) else {
            return Ok(decision);
        };
        let awaited = |run: &Self| {
            let observation = run.observation.as_ref();
            observation.is_some_and(|it| !views_awaited(&run.plan.plan, it).is_empty())
        };
        for settle in SETTLE {
            if !awaited(self) {
                break;
            }
            self.clock.sleep(settle).await;
            decision = self.look().await?;
        }
        let since = before.unfinished_since();
        let making = before.making.without(&decision.made);
        let to_make = |key: &&IssueKey| {
            let id = change_id(Action::Create, Kind::Draft, key.as_str());
            decision.change_set.changes.iter().any(|change| change.id == id)
        };
        let Some(draft) = making.drafts.iter().find(to_make) else { return Ok(decision) };
        let age = since.map(|since| self.server_time().duration_since(since));
        let is_settled = age.is_none_or(|age| Duration::try_from(age).is_ok_and(|age| age >= DRAFTS_APPEAR));
        if is_settled { Ok(decision) } else { Err(unseen(draft)) }
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

    /// What was decided beyond the review that the apply is bound to.
    fn beyond_review(&mut self, decision: &Decision) -> Result<BTreeSet<ChangeId>, Error> {
        let Some(reviewed) = &self.reviewed else { return Ok(BTreeSet::new()) };
        let beyond: BTreeSet<ChangeId> = reviewed.beyond(&decision.change_set)?.into_iter().collect();
        for change in &beyond {
            if self.ledger.status(change).is_none() {
                self.ledger.close(change, Status::Skipped, Some("it was not reviewed".to_owned()));
            }
        }
        Ok(beyond)
    }

    /// The changes that are to be sent in the next pass. One that was sent often enough and is still asked for did not
    /// stay: it is closed as failed.
    fn open_changes(&mut self, set: &ChangeSet, tries: &mut BTreeMap<ChangeId, u32>) -> ChangeSet {
        let mut changes: Vec<Change> = Vec::new();
        for change in set.changes.iter().filter(|change| change.is_done_by_spectra()) {
            if self.ledger.is_lost(&change.id) || self.unreviewed.contains(&change.id) {
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
        let applied = Applied { plan: self.plan.sha256.clone(), evidence, left: work.left() };
        recorder.finish(&self.reader, &self.writer, &*self.clock, applied, work).await
    }

    /// The run's id: when it began and what it is about, so that two are never the same on one machine.
    pub(crate) fn id(plan: &ReviewedPlan, started: Timestamp, process: u32) -> RunId {
        let seed = format!("{started}{process}{}", plan.sha256);
        let digest: String = spectra_model::json::sha256(seed.as_bytes()).chars().take(8).collect();
        RunId::new(format!("{}-{digest}", started.strftime("%Y%m%dT%H%M%SZ")))
    }
}

/// The repositories that the change set writes to, be it by way of an issue that is there.
fn written_repositories<'o>(decision: &'o Decision, observation: &'o Observation) -> BTreeSet<&'o RepoSlug> {
    let by_id: BTreeMap<_, _> =
        observation.issues.iter().map(|issue| (&issue.id, &issue.repository)).collect();
    let steps = decision.change_set.changes.iter().flat_map(|change| &change.steps);
    let written = steps.filter_map(|step| {
        if let Step::UpdateIssue { issue, .. } | Step::SetState { issue, .. } | Step::DeleteIssue { issue } =
            step
        {
            by_id.get(&decision.bindings.issues.get(issue)?.id).copied()
        } else {
            step.repository()
        }
    });
    written.collect()
}

/// Refuses before anything is written.
pub(crate) fn refuse(decision: &Decision) -> Result<(), Error> {
    if decision.refusals.is_empty() { Ok(()) } else { Err(Error::Refused(decision.refusals.clone())) }
}

fn unseen(draft: &IssueKey) -> Error {
    Error::Stopped(format!(
        "draft `{draft}` may have been made already: GitHub did not say, and its list of the board's items lags by \
         minutes. Run again in a quarter of an hour"
    ))
}

/// Whether GitHub's own workflows may answer what was written with writes of their own: Status for what is filed or
/// closed, the state of an issue for its Status (GitHub docs, "Using the built-in automations").
fn stirs_workflows(set: &ChangeSet) -> bool {
    let status = FieldName::new(limits::STATUS);
    let stirs = |step: &Step| {
        matches!(step, Step::AddItem { .. } | Step::SetState { .. })
            || matches!(step, Step::SetValue { field, .. } if field.same(&status))
    };
    set.changes.iter().flat_map(|change| &change.steps).any(stirs)
}

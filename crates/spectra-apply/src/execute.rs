//! One pass over a change set: its steps are sent in the decided order, as many a request as fit.
//!
//! Nothing is chosen here. A step that GitHub refuses closes its change; what requires that is skipped; what is
//! independent goes on. After an answer that doesn't say what was done the pass ends, and GitHub is looked at again.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use spectra_github::{Answer, Api, Clock, Failure, Reader, Write, WriteResult, Writer};
use spectra_model::change::{Change, ChangeSet, Kind};
use spectra_model::evidence::Status;
use spectra_model::id::{ChangeId, IssueKey, fold};
use spectra_model::observation::Field;
use spectra_model::plan::Plan;
use spectra_model::step::{Bindings, FieldBinding, IssueWrite, Step, ViewRoute, ViewWrite};
use spectra_reconciler::{ScheduledStep, label_key, milestone_key, relies_on, schedule};

use crate::error::Error;
use crate::events;
use crate::github::{ends_the_run, told};
use crate::ledger::{Ledger, Place};
use crate::observe::Known;
use crate::progress::Progress;
use crate::recorder::Recorder;
use crate::resolve::{Unbound, resolve};

/// The most writes that are prepared for one request.
const PREPARED: usize = 64;
/// The longest wait between two looks at whether the lock's beat is due.
const PIECE: Duration = Duration::from_secs(30);

/// How a pass ended.
#[derive(Debug)]
pub(crate) enum PassEnd {
    /// Every step was sent or given up.
    Through {
        /// How many were sent.
        sent: usize,
    },
    /// An answer doesn't say what was done: let it settle and look at GitHub before going on.
    LookAgain(String),
}

/// What a pass works with.
pub(crate) struct Executor<'a> {
    pub(crate) reader: &'a Reader,
    pub(crate) writer: &'a Writer,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) plan: &'a Plan,
    pub(crate) bindings: Bindings,
    pub(crate) recorder: &'a mut Recorder,
    pub(crate) ledger: &'a mut Ledger,
    pub(crate) known: &'a mut Known,
    pub(crate) progress: &'a Progress,
    /// Things that were there already when they were to be made; the second time it is a refusal.
    pub(crate) met: &'a mut BTreeSet<ChangeId>,
}

/// A step that is ready to be sent.
struct Ready<'s> {
    /// Where it stands in what is left of the schedule.
    position: usize,
    scheduled: ScheduledStep<'s>,
    write: Write,
}

/// One pass in progress.
struct Pass<'s> {
    set: &'s ChangeSet,
    /// Issues that don't list their place on the board themselves.
    of_other_owners: BTreeSet<&'s IssueKey>,
    /// Steps left by change.
    left: BTreeMap<usize, usize>,
    /// Changes that are not gone on with in this pass.
    out: BTreeSet<usize>,
    /// Of these the ones that a later pass may go on with.
    put_off: BTreeSet<&'s ChangeId>,
    /// How many of the next steps are sent one at a time, because a request of several was refused as a whole.
    single: usize,
    look_again: Option<String>,
    sent: usize,
}

impl Executor<'_> {
    /// Sends the steps of a change set.
    ///
    /// # Guarantees
    /// Each step is sent at most once. A change is closed as done only when GitHub took all its steps.
    ///
    /// # Errors
    /// When nothing else can go through either: the token, GitHub out of reach, the lock lost.
    pub(crate) async fn execute(&mut self, set: &ChangeSet) -> Result<PassEnd, Error> {
        let steps = schedule(&set.changes);
        self.progress.begin(steps.len());
        let plan = self.plan;
        let of_other_owners = plan.issues.iter().filter(|issue| plan.is_of_another_owner(&issue.repository));
        let mut pass = Pass {
            set,
            of_other_owners: of_other_owners.map(|issue| &issue.key).collect(),
            left: BTreeMap::new(),
            out: BTreeSet::new(),
            put_off: BTreeSet::new(),
            single: 0,
            look_again: None,
            sent: 0,
        };
        for scheduled in &steps {
            let left = pass.left.entry(scheduled.change).or_default();
            *left = left.saturating_add(1);
        }
        let mut rest = steps.as_slice();
        while !rest.is_empty() {
            let (ready, passed) = self.prepare(&mut pass, rest);
            if ready.is_empty() {
                rest = rest.get(passed..).unwrap_or_default();
                continue;
            }
            let consumed = self.send(&mut pass, ready, passed).await?;
            self.progress.advance(consumed);
            rest = rest.get(consumed..).unwrap_or_default();
            if let Some(because) = pass.look_again.take() {
                self.save().await?;
                return Ok(PassEnd::LookAgain(because));
            }
            let issues_next = rest.first().and_then(|next| pass.change(next)).map(|change| change.kind);
            self.recorder
                .beat(self.reader, self.writer, self.clock, issues_next == Some(Kind::Issue))
                .await?;
        }
        self.close_without_steps(set);
        self.save().await?;
        Ok(PassEnd::Through { sent: pass.sent })
    }

    async fn save(&mut self) -> Result<(), Error> {
        self.recorder.beat(self.reader, self.writer, self.clock, true).await
    }

    /// The leading steps whose names are all bound, and how many steps were passed over to get them.
    fn prepare<'s>(&mut self, pass: &mut Pass<'s>, rest: &[ScheduledStep<'s>]) -> (Vec<Ready<'s>>, usize) {
        let mut ready: Vec<Ready<'s>> = Vec::new();
        for (position, scheduled) in rest.iter().enumerate() {
            let Some(change) = pass.change(scheduled) else { continue };
            if self.is_out(pass, scheduled.change, change) {
                continue;
            }
            let alone = goes_alone(scheduled.step);
            let relies = |before: &Ready<'_>| relies_on(&pass.set.changes, *scheduled, before.scheduled);
            if ready.len() >= PREPARED || (alone && !ready.is_empty()) || ready.iter().any(relies) {
                return (ready, position);
            }
            match resolve(scheduled.step, self.plan, &self.bindings) {
                Ok(write) => ready.push(Ready { position, scheduled: *scheduled, write }),
                Err(_) if !ready.is_empty() => return (ready, position),
                // What it names was to come from a step that did not go through in this pass.
                Err(Unbound(what)) => {
                    tracing::debug!(change = %change.id, what, "not bound");
                    pass.put_off(scheduled.change);
                }
            }
            if alone && !ready.is_empty() {
                return (ready, position.saturating_add(1));
            }
        }
        (ready, rest.len())
    }

    /// Whether a change is not to be gone on with, because it or one that it requires ended badly, or not in this pass.
    fn is_out(&mut self, pass: &mut Pass<'_>, index: usize, change: &Change) -> bool {
        if pass.out.contains(&index) {
            return true;
        }
        if change.requires.iter().any(|id| pass.put_off.contains(id)) {
            pass.put_off(index);
            return true;
        }
        let lost = change.requires.iter().find(|id| self.ledger.is_lost(id));
        if let Some(lost) = lost {
            let because = format!("{lost} did not go through");
            self.ledger.close(&change.id, Status::Skipped, Some(because));
        }
        let out = lost.is_some() || self.ledger.is_lost(&change.id);
        if out {
            pass.out.insert(index);
        }
        out
    }

    /// Sends one request of the ready steps; how many of the schedule's steps are behind it.
    async fn send(
        &mut self,
        pass: &mut Pass<'_>,
        mut ready: Vec<Ready<'_>>,
        passed: usize,
    ) -> Result<usize, Error> {
        let writes: Vec<Write> = ready.iter().map(|ready| ready.write.clone()).collect();
        let fitting = if pass.single > 0 { 1 } else { self.writer.batch_len(&writes).max(1) };
        let consumed = ready.get(fitting).map_or(passed, |next| next.position);
        ready.truncate(fitting);
        pass.sent = pass.sent.saturating_add(ready.len());
        for change in ready.iter().filter_map(|ready| pass.change(&ready.scheduled)) {
            self.ledger.sent(&change.id);
        }
        if self.send_of_record(pass, &ready).await? {
            return Ok(consumed);
        }
        let writes = writes.get(..fitting).unwrap_or_default();
        let drafts = ready.iter().filter_map(|ready| {
            if let Step::CreateDraft { draft, .. } = ready.scheduled.step {
                Some(draft.clone())
            } else {
                None
            }
        });
        if self.recorder.intend_drafts(drafts.collect()) {
            self.save().await?;
        }
        if writes.iter().any(cannot_be_made_twice) {
            self.recorder.check(self.reader, self.clock).await?;
        }
        let results = self.send_all(writes).await?;
        let refused_whole = |result: &WriteResult| {
            matches!(
                result,
                WriteResult::Refused(Failure::Validation { .. })
                    | WriteResult::NotRun(Failure::Validation { .. })
            )
        };
        if ready.len() > 1 && results.iter().all(refused_whole) {
            // One of them is invalid and takes the others along: send each by itself.
            pass.single = ready.len();
            return Ok(ready.first().map_or(0, |first| first.position));
        }
        pass.single = pass.single.saturating_sub(1);
        let mut end = None;
        for (index, result) in results.into_iter().enumerate() {
            let Some(Ready { scheduled, .. }) = ready.get(index) else { continue };
            let Some(change) = pass.change(scheduled) else { continue };
            match result {
                WriteResult::Done(answer) => {
                    if let Some(lost) = ids_lost(scheduled.step, &answer) {
                        self.ledger.close(&change.id, Status::Failed, Some(lost));
                        pass.out.insert(scheduled.change);
                    }
                    self.done(pass, &ready, index, answer);
                }
                // The board holds it, and which of its items it is shows later.
                WriteResult::Refused(failure @ Failure::AlreadyThere { .. })
                    if matches!(scheduled.step, Step::AddItem { .. }) =>
                {
                    pass.look_again = Some(told(&failure));
                }
                WriteResult::Refused(failure @ Failure::AlreadyThere { .. })
                    if self.met.insert(change.id.clone()) =>
                {
                    // Whose it is and what is left of the change shows at the next look.
                    tracing::info!(change = %change.id, because = %failure, "there already");
                    pass.put_off(scheduled.change);
                }
                // From the next look on views are made over GraphQL, as far as it goes.
                WriteResult::Refused(failure)
                    if self.is_of_a_missing_route(scheduled.step) && self.met.insert(change.id.clone()) =>
                {
                    pass.look_again = Some(told(&failure));
                }
                // Something else moves the same board: the next pass tries again.
                WriteResult::Refused(failure @ Failure::TemporaryConflict { .. }) => {
                    tracing::info!(change = %change.id, because = %failure, "another time");
                    pass.put_off(scheduled.change);
                }
                WriteResult::Refused(failure) => {
                    self.failed(pass, scheduled, &failure);
                    end = end.or(Some(failure).filter(ends_the_run));
                }
                WriteResult::GivenUp(failure) => end = Some(failure),
                WriteResult::NotRun(failure) if ends_the_run(&failure) => end = Some(failure),
                WriteResult::NotRun(failure) => pass.look_again = Some(told(&failure)),
                WriteResult::Unknown(failure) => {
                    self.known.lose(scheduled.step);
                    pass.look_again = Some(told(&failure));
                    pass.single = 0;
                }
            }
        }
        // What the other answers tell is kept first.
        if let Some(failure) = end {
            return Err(Error::GitHub(failure));
        }
        Ok(consumed)
    }

    /// Sends a step that goes along with the board's record, or takes it out; whether it was one.
    async fn send_of_record(&mut self, pass: &mut Pass<'_>, ready: &[Ready<'_>]) -> Result<bool, Error> {
        let [Ready { scheduled, .. }] = ready else { return Ok(false) };
        let (reader, writer, clock) = (self.reader, self.writer, self.clock);
        let sent = if let Step::UpdateProject(update) = scheduled.step {
            self.recorder.update_board(reader, writer, clock, update.clone()).await
        } else if *scheduled.step == Step::ReleaseProject {
            self.recorder.release_board(reader, writer, clock).await
        } else {
            return Ok(false);
        };
        match sent {
            Ok(()) => self.done(pass, ready, 0, Answer::Nothing),
            Err(Error::GitHub(failure)) if !ends_the_run(&failure) => self.failed(pass, scheduled, &failure),
            Err(error) => return Err(error),
        }
        Ok(true)
    }

    /// Sends the writes, and those again that a limit kept from running, when it lets them through.
    async fn send_all(&mut self, writes: &[Write]) -> Result<Vec<WriteResult>, Error> {
        self.wait_for_windows(writes).await?;
        let mut results = self.writer.send(writes).await;
        loop {
            let is_limited = |(index, result): (usize, &WriteResult)| result.is_limited().then_some(index);
            let limited: Vec<usize> = results.iter().enumerate().filter_map(is_limited).collect();
            if limited.is_empty() {
                return Ok(results);
            }
            let rest: Vec<Write> = limited.iter().filter_map(|index| writes.get(*index)).cloned().collect();
            self.wait_for_windows(&rest).await?;
            for (index, result) in limited.into_iter().zip(self.writer.send(&rest).await) {
                if let Some(place) = results.get_mut(index) {
                    *place = result;
                }
            }
        }
    }

    /// Waits until the windows let the writes through, in pieces, so that the lock's beat goes on meanwhile.
    async fn wait_for_windows(&mut self, writes: &[Write]) -> Result<(), Error> {
        let creations = writes.iter().filter(|write| write.creates_content()).count();
        let creations = u64::try_from(creations).unwrap_or(u64::MAX);
        let api = writes.first().map_or(Api::GraphQl, Write::api);
        loop {
            let client = self.reader.client();
            let wait = client.ready_for(api, creations);
            if wait.is_zero() {
                return Ok(());
            }
            self.progress.wait(wait, "GitHub's limits");
            client.wait_for_windows(wait.min(PIECE)).await;
            self.recorder.beat(self.reader, self.writer, self.clock, false).await?;
        }
    }

    /// Whether a step was to make a view over REST, where that was found to be impossible.
    fn is_of_a_missing_route(&self, step: &Step) -> bool {
        matches!(step, Step::CreateView { route: ViewRoute::Rest, .. })
            && self.reader.client().misses_rest_views()
    }

    fn failed(&mut self, pass: &mut Pass<'_>, scheduled: &ScheduledStep<'_>, failure: &Failure) {
        let Some(change) = pass.change(scheduled) else { return };
        tracing::warn!(change = %change.id, because = %failure, "refused");
        self.ledger.fail(&change.id, failure);
        pass.out.insert(scheduled.change);
    }

    /// Binds what an answer tells, and closes the change if that was its last step.
    fn done(&mut self, pass: &mut Pass<'_>, ready: &[Ready<'_>], index: usize, answer: Answer) {
        let Some(Ready { scheduled, .. }) = ready.get(index) else { return };
        let Some(change) = pass.change(scheduled) else { return };
        if let (Step::AddItem { issue: key }, Answer::Item(item))
        | (Step::ConvertDraft { draft: key, .. }, Answer::Converted { item, .. }) =
            (scheduled.step, &answer)
            && pass.of_other_owners.contains(key)
        {
            self.recorder.filed(item.clone());
            self.known.unlisted.insert(item.clone());
        }
        self.bind(scheduled.step, answer);
        events::done(change, scheduled.step);
        // What stands on GitHub is in the evidence, also when the rest of the change is not reached.
        self.ledger.place(&change.id, self.place(change, scheduled.step));
        let left = pass.left.entry(scheduled.change).or_default();
        *left = left.saturating_sub(1);
        if *left == 0 && !self.ledger.is_lost(&change.id) {
            self.ledger.close(&change.id, Status::Done, None);
        }
    }

    fn bind(&mut self, step: &Step, answer: Answer) {
        match (step, answer) {
            (Step::CreateLabel(label), Answer::Label(id)) => {
                let name = (label.repository.clone(), fold(label.name.as_str()));
                self.bindings.labels.insert(name, id.clone());
                self.recorder.made_label(label_key(&label.repository, &label.name), id);
            }
            (Step::CreateMilestone(milestone), Answer::Milestone(binding)) => {
                let name = (milestone.repository.clone(), fold(milestone.title.as_str()));
                let key = milestone_key(&milestone.repository, &milestone.title);
                self.recorder.made_milestone(key, binding.id.clone());
                self.bindings.milestones.insert(name, binding);
            }
            (Step::CreateView { view, .. }, Answer::View { id, .. }) => {
                self.recorder.made_view(&view.name, id.clone());
                if let Some(fields) = &view.fields {
                    self.recorder.ordered_view(&view.name, fields);
                }
                self.known.views.insert(id.clone());
                self.bindings.views.insert(fold(view.name.as_str()), id);
            }
            (Step::UpdateView { view, fields: Some(fields), .. }, _) => {
                self.recorder.ordered_view(view, fields);
            }
            (Step::DeleteView { id, .. }, _) => self.recorder.deleted_view(id),
            (Step::DeleteProject, _) => {
                self.recorder.deleted_board();
                self.known.lose(step);
            }
            (Step::CreateDraft { draft: key, .. }, Answer::Draft { item, draft }) => {
                self.recorder.made_draft(key, item.clone());
                self.known.drafts.insert(item.clone());
                self.bindings.items.insert(key.clone(), item);
                self.bindings.drafts.insert(key.clone(), draft);
            }
            (Step::ConvertDraft { draft: key, .. }, Answer::Converted { item, issue }) => {
                self.known.drafts.remove(&item);
                self.known.issues.insert(issue.id.clone());
                self.bindings.items.insert(key.clone(), item);
                self.bindings.issues.insert(key.clone(), issue);
            }
            (Step::LinkRepository { repository }, _) => self.recorder.linked_repository(repository),
            (Step::LinkTeam { team }, _) => self.recorder.linked_team(team),
            (Step::CreateField { name, .. }, Answer::Field(field)) => {
                self.recorder.made_field(name, &field);
                self.bindings.fields.insert(fold(name.as_str()), bound(&field));
            }
            (Step::UpdateField { field: name, options, iterations, claims, .. }, Answer::Field(field)) => {
                self.recorder.renamed_field(name, &field.id);
                if options.is_some() || iterations.is_some() {
                    self.recorder.claim(name, &field, claims);
                }
                self.bindings.fields.insert(fold(name.as_str()), bound(&field));
            }
            (
                Step::CreateIssue(IssueWrite { issue, .. }) | Step::TransferIssue { issue, .. },
                Answer::Issue(binding),
            ) => {
                self.known.issues.insert(binding.id.clone());
                self.bindings.issues.insert(issue.clone(), binding);
            }
            (Step::AddItem { issue }, Answer::Item(id)) => {
                self.bindings.items.insert(issue.clone(), id);
            }
            // What is left changes a thing whose ids are known.
            _ => {}
        }
    }

    fn place(&self, change: &Change, step: &Step) -> Place {
        let bindings = &self.bindings;
        match (change.kind, step) {
            (Kind::Draft, _) => {
                Place::of_node(bindings.items.get(&IssueKey::new(change.key.as_str())).cloned())
            }
            (Kind::Milestone, Step::CreateMilestone(it) | Step::UpdateMilestone(it)) => {
                let binding = bindings.milestone(&it.repository, &it.title);
                Place {
                    number: binding.map(|binding| binding.number),
                    ..Place::of_node(binding.map(|binding| binding.id.clone()))
                }
            }
            (
                Kind::View,
                Step::CreateView { view: ViewWrite { name, .. }, .. } | Step::UpdateView { view: name, .. },
            ) => Place::of_node(bindings.view(name).cloned()),
            (Kind::Issue, _) => {
                let issue = bindings.issues.get(&IssueKey::new(change.key.as_str()));
                issue.map(Place::of_issue).unwrap_or_default()
            }
            (Kind::Project, _) => bindings.project.as_ref().map(Place::of_board).unwrap_or_default(),
            (Kind::Label, Step::CreateLabel(label) | Step::UpdateLabel(label)) => {
                Place::of_node(bindings.label(&label.repository, &label.name).cloned())
            }
            (Kind::Field, Step::CreateField { name, .. } | Step::UpdateField { field: name, .. }) => {
                Place::of_node(bindings.field(name).and_then(|field| field.id.clone()))
            }
            (
                Kind::Label
                | Kind::Milestone
                | Kind::Field
                | Kind::View
                | Kind::SubIssue
                | Kind::BlockedBy
                | Kind::Repository
                | Kind::Team,
                _,
            ) => Place::default(),
        }
    }

    /// A parent that is given with its sub-issue has no step of its own: it is done when what it requires is.
    fn close_without_steps(&mut self, set: &ChangeSet) {
        for change in
            set.changes.iter().filter(|change| change.kind == Kind::SubIssue && change.steps.is_empty())
        {
            if self.ledger.status(&change.id).is_some() {
                continue;
            }
            if let Some(lost) = change.requires.iter().find(|id| self.ledger.is_lost(id)) {
                let because = format!("{lost} did not go through");
                self.ledger.close(&change.id, Status::Skipped, Some(because));
            } else if change.requires.iter().all(|id| self.ledger.status(id) == Some(Status::Done)) {
                self.ledger.close(&change.id, Status::Done, None);
            }
        }
    }
}

impl<'s> Pass<'s> {
    fn change(&self, scheduled: &ScheduledStep<'_>) -> Option<&'s Change> {
        self.set.changes.get(scheduled.change)
    }

    /// Leaves a change, and what requires it, to a later pass.
    fn put_off(&mut self, index: usize) {
        self.out.insert(index);
        self.put_off.extend(self.set.changes.get(index).map(|change| &change.id));
    }
}

/// What a rewrite of options or iterations did not keep, by their ids: with an id its values are gone.
fn ids_lost(step: &Step, answer: &Answer) -> Option<String> {
    let (Step::UpdateField { options, iterations, .. }, Answer::Field(field)) = (step, answer) else {
        return None;
    };
    let options = options.iter().flatten().filter(|option| {
        option.id.as_ref().is_some_and(|id| field.options.iter().all(|kept| kept.id != *id))
    });
    let iterations = iterations.iter().flatten().filter(|iteration| {
        iteration.id.as_ref().is_some_and(|id| field.iterations.iter().all(|kept| kept.id != *id))
    });
    let lost: Vec<&str> =
        options.map(|it| it.name.as_str()).chain(iterations.map(|it| it.title.as_str())).collect();
    (!lost.is_empty()).then(|| {
        format!(
            "GitHub gave new ids to {}, so that values in field `{}` are gone: those that the plan manages are put back, \
             the others are in the recovery file where this run wrote one",
            lost.join(", "),
            field.name
        )
    })
}

/// Steps that share no request: each changes what the record says, or all items at once.
fn goes_alone(step: &Step) -> bool {
    matches!(
        step,
        Step::CreateProject { .. }
            | Step::UpdateProject(_)
            | Step::CreateField { .. }
            | Step::UpdateField { .. }
            | Step::DeleteField { .. }
            | Step::CreateView { .. }
            | Step::DeleteView { .. }
            | Step::ReleaseProject
            | Step::DeleteProject
    )
}

/// Writes whose second sending makes a second thing.
fn cannot_be_made_twice(write: &Write) -> bool {
    matches!(
        write,
        Write::CreateIssue { .. }
            | Write::CreateDraft { .. }
            | Write::CreateView { .. }
            | Write::CreateRestView { .. }
    )
}

fn bound(field: &Field) -> FieldBinding {
    // Of two names that differ in case only the first is the plan's: people's own stand behind.
    let options = field.options.iter().rev();
    FieldBinding {
        id: Some(field.id.clone()),
        database_id: field.database_id,
        iterations: field.iterations.iter().map(|it| (fold(it.title.as_str()), it.id.clone())).collect(),
        options: options.map(|it| (fold(it.name.as_str()), it.id.clone())).collect(),
    }
}

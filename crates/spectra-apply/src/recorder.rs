//! The board record while a run changes things: the lock, what was made so far, and the end.
//!
//! Each write reads the readme again first, so that what people wrote into it meanwhile is kept, and so that a run that
//! lost its lock notices before it does more.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use spectra_github::{Clock, Reader, Write, WriteResult, Writer};
use spectra_model::board_record::{Applied, Applying, BoardRecord, Left, Made, Making, Readme};
use spectra_model::change::Change;
use spectra_model::id::{FieldName, IssueKey, NodeId, RepoSlug, RunId, TeamSlug, ViewName};
use spectra_model::observation::Field;
use spectra_model::step::{Claims, ProjectUpdate};
use spectra_reconciler::{field_order, making, unarranged};

use crate::error::Error;
use crate::plan_folder::ReviewedPlan;

/// `beat` moves at least this often while a run lives.
const BEAT: Duration = Duration::from_mins(1);
/// How long a lock is watched before it counts as a dead run's.
pub(crate) const WATCH: Duration = Duration::from_mins(3);
/// How often it is looked at meanwhile.
pub(crate) const LOOK: Duration = Duration::from_secs(20);

/// The record of the board that a run changes.
#[derive(Debug)]
pub(crate) struct Recorder {
    run: RunId,
    project: NodeId,
    record: BoardRecord,
    /// What stands on the board as far as this run knows.
    on_board: Option<BoardRecord>,
    written: Timestamp,
    /// When the lock was last seen to be this run's.
    seen: Timestamp,
    unsaved: bool,
    hold: Hold,
}

/// Whether a run has a board to write to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hold {
    /// Its lock stands in the record.
    Board,
    /// The board is gone, or no longer Spectra's: nothing is written to it.
    Nothing,
}

/// How a run leaves the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// As the plan says.
    Done,
    /// All but what can't be done as GitHub stands. It isn't owed: no later run of the same plan may be able to do it.
    Blocked,
    /// With something that failed.
    Owed,
    /// Before the work was done.
    CutOff,
}

impl Work {
    /// What it leaves undone that isn't owed.
    pub(crate) fn left(self) -> Left {
        match self {
            Self::Blocked => Left::Blocked,
            Self::Done | Self::Owed | Self::CutOff => Left::Nothing,
        }
    }
}

/// How long a look at the lock is good for where duplicates could be made.
const MOMENT: Duration = Duration::from_secs(10);
/// How long a lock is let stand before it is read back a second time: another run's may be on its way.
const CROSSING: Duration = Duration::from_secs(3);
/// The pauses before a write of the record is looked for and sent again, when its answer was lost.
const AGAIN: [Duration; 3] = [Duration::from_secs(2), Duration::from_secs(5), Duration::from_secs(10)];
/// The longest piece of a wait for GitHub's windows.
const PIECE: Duration = Duration::from_secs(30);

/// What a lock on the board turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LockFound {
    /// Nobody's.
    Free,
    /// A dead run's; its lock is taken over.
    Dead(Applying),
    /// It moved on while it was looked at: decide again.
    Gone,
}

/// Finds out whether the lock on a board is alive.
///
/// # Errors
/// When it is, or when GitHub can't be asked.
pub(crate) async fn examine(
    reader: &Reader,
    clock: &dyn Clock,
    project: &NodeId,
    found: Option<&Applying>,
    dead: Option<&RunId>,
) -> Result<LockFound, Error> {
    let Some(lock) = found else { return Ok(LockFound::Free) };
    if dead == Some(&lock.run) {
        return Ok(LockFound::Dead(lock.clone()));
    }
    let mut watched = Duration::ZERO;
    while watched < WATCH {
        clock.sleep(LOOK).await;
        watched = watched.saturating_add(LOOK);
        match read(reader, project).await?.record.and_then(|record| record.applying) {
            Some(now) if now == *lock => {}
            Some(now) => {
                return Err(Error::Locked(format!(
                    "run {} is changing this board (its lock moved while it was watched): wait until it has ended",
                    now.run
                )));
            }
            None => return Ok(LockFound::Gone),
        }
    }
    Ok(LockFound::Dead(lock.clone()))
}

async fn read(reader: &Reader, project: &NodeId) -> Result<Readme, Error> {
    let summary = reader.board_summary(project).await.map_err(Error::GitHub)?;
    Readme::of(project, &summary.readme)
        .map_err(|problem| Error::Locked(format!("{}: {problem}", summary.url)))
}

impl Recorder {
    /// A recorder for a board whose record is not written yet.
    pub(crate) fn new(
        reviewed: &ReviewedPlan,
        run: &RunId,
        project: &NodeId,
        since: Timestamp,
        before: Option<BoardRecord>,
    ) -> Self {
        let plan = &reviewed.plan;
        let on_board = before.clone();
        let mut record = before.unwrap_or_else(|| {
            let label = plan.project.managed_label.clone();
            BoardRecord::new(plan.slug.clone(), plan.manifest.clone(), project.clone(), label)
        });
        // The project may have been renamed, and the board handed over by another manifest.
        record.slug = plan.slug.clone();
        record.manifest = plan.manifest.clone();
        record.managed_label = plan.project.managed_label.clone();
        for repository in plan.repositories() {
            if !record.repositories.contains(repository) {
                record.repositories.push(repository.clone());
            }
        }
        record.repositories.sort();
        record.applying =
            Some(Applying { run: run.clone(), since, beat: 0, plan: Some(reviewed.sha256.clone()) });
        Self {
            run: run.clone(),
            project: project.clone(),
            record,
            on_board,
            written: since,
            seen: since,
            unsaved: true,
            hold: Hold::Board,
        }
    }

    /// A recorder where there is no board with a record: it writes nothing.
    pub(crate) fn of_no_board(plan: &ReviewedPlan, run: &RunId, since: Timestamp) -> Self {
        Self { hold: Hold::Nothing, ..Self::new(plan, run, &NodeId::new(""), since, None) }
    }

    /// Notes that the board is no more.
    pub(crate) fn deleted_board(&mut self) {
        self.hold = Hold::Nothing;
    }

    /// Takes over what Spectra made in repositories for the board that this one was made in place of.
    pub(crate) fn inherit(&mut self, made: &Made) {
        self.record.made.labels.extend(made.labels.clone());
        self.record.made.milestones.extend(made.milestones.clone());
        self.unsaved = true;
    }

    /// What counts as made by Spectra so far.
    pub(crate) fn made(&self) -> &Made {
        &self.record.made
    }

    /// The board whose record it keeps.
    pub(crate) fn project(&self) -> &NodeId {
        &self.project
    }

    /// Notes that Spectra made the board itself.
    pub(crate) fn made_board(&mut self) {
        self.record.made.board = true;
        self.unsaved = true;
    }

    /// Notes what a run is about to make. True when the board must know before it is made. Draft issues are left to
    /// [`Recorder::intend_drafts`].
    pub(crate) fn intend(&mut self, changes: &[Change]) -> bool {
        let Making { labels, milestones, fields, options, iterations, views, drafts: _, linked, teams } =
            making(changes);
        let BoardRecord { making, made, generation, .. } = &mut self.record;
        let before = making.clone();
        let unarranged =
            unarranged(changes).into_iter().filter(|name| made.unarranged.insert(name.clone())).count();
        begin(labels, &mut making.labels, &mut made.labels);
        begin(milestones, &mut making.milestones, &mut made.milestones);
        begin(views, &mut making.views, &mut made.views);
        // On a board that Spectra has just made every field of the plan is its own, and every link.
        if !made.board || *generation > 0 {
            begin(fields, &mut making.fields, &mut made.fields);
            for (field, names) in options {
                making.options.entry(field).or_default().extend(names);
            }
            for (field, titles) in iterations {
                making.iterations.entry(field).or_default().extend(titles);
            }
            making.linked.extend(linked);
            making.teams.extend(teams);
        }
        let is_new = *making != before || unarranged > 0;
        self.unsaved |= is_new;
        is_new
    }

    /// Notes the draft issues of the next request. True when the board must know before they are made.
    ///
    /// Whether one was made by a run that was killed shows only minutes later, and till then it isn't made again: so it
    /// is noted no sooner than it must be.
    pub(crate) fn intend_drafts(&mut self, drafts: BTreeSet<IssueKey>) -> bool {
        let BoardRecord { making, made, .. } = &mut self.record;
        let before = making.drafts.len();
        begin(drafts, &mut making.drafts, &mut made.drafts);
        let is_new = making.drafts.len() > before;
        self.unsaved |= is_new;
        is_new
    }

    /// Takes over what was made of all that, as a look at GitHub shows it.
    pub(crate) fn note(&mut self, made: &Made) {
        let made = Made { board: self.record.made.board, ..made.clone() };
        self.unsaved |= self.record.made != made;
        self.record.made = made;
    }

    /// Notes a label that Spectra made.
    pub(crate) fn made_label(&mut self, key: String, id: NodeId) {
        self.record.made.labels.insert(key, id);
        self.unsaved = true;
    }

    /// Notes a milestone that Spectra made.
    pub(crate) fn made_milestone(&mut self, key: String, id: NodeId) {
        self.record.made.milestones.insert(key, id);
        self.unsaved = true;
    }

    /// Notes a view that Spectra made.
    pub(crate) fn made_view(&mut self, name: &ViewName, id: NodeId) {
        self.record.made.views.retain(|_, made| *made != id);
        self.record.made.views.insert(name.clone(), id);
        self.unsaved = true;
    }

    /// Notes in which order a view was asked to show its fields.
    pub(crate) fn ordered_view(&mut self, name: &ViewName, fields: &[FieldName]) {
        self.record.made.orders.insert(name.clone(), field_order(fields));
        self.unsaved = true;
    }

    /// Notes that a view is no more.
    pub(crate) fn deleted_view(&mut self, id: &NodeId) {
        self.record.made.views.retain(|_, made| made != id);
        self.unsaved = true;
    }

    /// Notes a draft issue that Spectra made.
    pub(crate) fn made_draft(&mut self, key: &IssueKey, item: NodeId) {
        self.record.made.drafts.insert(key.clone(), item);
        self.unsaved = true;
    }

    /// Notes an item that only its id leads to until the board lists it.
    pub(crate) fn filed(&mut self, item: NodeId) {
        self.unsaved |= self.record.unlisted.insert(item);
    }

    /// Forgets those items that the board lists by now, and those that are no more.
    pub(crate) fn listed(&mut self, unlisted: &BTreeSet<NodeId>) {
        let before = self.record.unlisted.len();
        self.record.unlisted.retain(|item| unlisted.contains(item));
        self.unsaved |= self.record.unlisted.len() < before;
    }

    /// Notes a repository that Spectra linked to the board.
    pub(crate) fn linked_repository(&mut self, slug: &RepoSlug) {
        self.unsaved |= self.record.made.linked.insert(slug.clone());
    }

    /// Notes a team that Spectra linked to the board.
    pub(crate) fn linked_team(&mut self, slug: &TeamSlug) {
        self.unsaved |= self.record.made.teams.insert(slug.clone());
    }

    /// Notes a field that Spectra made.
    pub(crate) fn made_field(&mut self, name: &FieldName, field: &Field) {
        self.record.made.fields.retain(|_, id| *id != field.id);
        self.record.made.fields.insert(name.clone(), field.id.clone());
        self.unsaved = true;
        let options = field.options.iter().map(|option| option.name.clone()).collect();
        let iterations = field.iterations.iter().map(|iteration| iteration.title.clone()).collect();
        self.claim(name, field, &Claims { options, iterations });
    }

    /// Notes which options and iterations of a field count as made by Spectra.
    pub(crate) fn claim(&mut self, name: &FieldName, field: &Field, claims: &Claims) {
        let Claims { options, iterations } = claims;
        let made = field.options.iter().filter(|option| options.contains(&option.name));
        let made: BTreeMap<_, _> = made.map(|option| (option.name.clone(), option.id.clone())).collect();
        self.record.made.options.insert(name.clone(), made);
        self.record.made.options.retain(|_, options| !options.is_empty());
        let made = field.iterations.iter().filter(|iteration| iterations.contains(&iteration.title));
        let made: BTreeMap<_, _> = made.map(|it| (it.title.clone(), it.id.clone())).collect();
        self.record.made.iterations.insert(name.clone(), made);
        self.record.made.iterations.retain(|_, iterations| !iterations.is_empty());
        self.unsaved = true;
    }

    /// Notes a field's new name.
    pub(crate) fn renamed_field(&mut self, name: &FieldName, id: &NodeId) {
        let made = &mut self.record.made.fields;
        if made.values().any(|made| made == id) {
            made.retain(|_, made| made != id);
            made.insert(name.clone(), id.clone());
            self.unsaved = true;
        }
    }

    /// Takes the lock on a board that is there, and reads it back.
    ///
    /// # Errors
    /// When another run got there first.
    pub(crate) async fn lock(
        &mut self,
        reader: &Reader,
        writer: &Writer,
        clock: &dyn Clock,
        decided_on: Option<&BoardRecord>,
    ) -> Result<LockFound, Error> {
        let before = read(reader, &self.project).await?;
        if before.record.as_ref() != decided_on {
            return Ok(LockFound::Gone);
        }
        self.write(reader, writer, clock, before.text, ProjectUpdate::default()).await?;
        self.own_for_sure(reader, clock).await?;
        Ok(LockFound::Free)
    }

    /// Reads the lock back twice: a run that read the board before this one wrote may have written after it.
    pub(crate) async fn own_for_sure(&self, reader: &Reader, clock: &dyn Clock) -> Result<(), Error> {
        self.own(reader).await?;
        clock.sleep(CROSSING).await;
        self.own(reader).await.map(drop)
    }

    /// Fails unless the lock on the board is this run's.
    pub(crate) async fn own(&self, reader: &Reader) -> Result<Readme, Error> {
        let readme = read(reader, &self.project).await?;
        let holder = readme.record.as_ref().and_then(|record| record.applying.as_ref()).map(|lock| &lock.run);
        if holder == Some(&self.run) {
            return Ok(readme);
        }
        Err(self.lost_to(readme.record.as_ref()))
    }

    /// The lock is this run's no longer; the record as it stands tells who was there.
    fn lost_to(&self, now: Option<&BoardRecord>) -> Error {
        let was = self.on_board.as_ref();
        let ended = |record: &&BoardRecord| {
            was.is_none_or(|was| was.generation != record.generation || was.applied != record.applied)
        };
        Error::Locked(match now {
            Some(BoardRecord { applying: Some(lock), .. }) => {
                format!("run {} took the lock on this board: this run stops, run it again later", lock.run)
            }
            Some(record) if ended(&record) => {
                "another run took the lock on this board and has ended since: this run stops, run it again"
                    .to_owned()
            }
            Some(_) | None => {
                "the lock on this board is gone: someone edited the readme. This run stops, run it again"
                    .to_owned()
            }
        })
    }

    /// Looks whether the lock is still this run's, if it was not seen so a moment ago: before what can't be made twice.
    pub(crate) async fn check(&mut self, reader: &Reader, clock: &dyn Clock) -> Result<(), Error> {
        if self.hold == Hold::Nothing {
            return Ok(());
        }
        let age = Duration::try_from(clock.now().duration_since(self.seen));
        if age.is_ok_and(|age| age < MOMENT) {
            return Ok(());
        }
        self.own(reader).await?;
        self.seen = clock.now();
        Ok(())
    }

    /// Writes the record if it holds something new, or if the lock's beat is due.
    pub(crate) async fn beat(
        &mut self,
        reader: &Reader,
        writer: &Writer,
        clock: &dyn Clock,
        urgent: bool,
    ) -> Result<(), Error> {
        let age = clock.now().duration_since(self.written);
        let due = Duration::try_from(age).is_ok_and(|age| age >= BEAT);
        let news = urgent && self.unsaved;
        if self.hold == Hold::Nothing || (!due && !news) {
            return Ok(());
        }
        let readme = self.own(reader).await?;
        self.raise_beat();
        self.write(reader, writer, clock, readme.text, ProjectUpdate::default()).await
    }

    /// Ends the run on the board: the lock goes, the generation is raised, the digests stand.
    pub(crate) async fn finish(
        &mut self,
        reader: &Reader,
        writer: &Writer,
        clock: &dyn Clock,
        applied: Applied,
        work: Work,
    ) -> Result<(), Error> {
        if self.hold == Hold::Nothing {
            return Ok(());
        }
        let readme = self.own(reader).await?;
        match work {
            Work::Done | Work::Blocked => {
                self.record.owed_since = None;
                self.record.making = Making::default();
            }
            Work::Owed | Work::CutOff => self.record.owed_since = self.record.unfinished_since(),
        }
        self.record.applying = None;
        self.record.applied = Some(applied);
        // A board on which no run has come to its end is still a new one.
        if work != Work::CutOff || self.record.generation > 0 {
            self.record.generation = self.record.generation.saturating_add(1);
        }
        self.write(reader, writer, clock, readme.text, ProjectUpdate::default()).await
    }

    /// Marks the board as one that another was made in place of, and lets go of its lock with that.
    pub(crate) async fn supersede(
        &mut self,
        reader: &Reader,
        writer: &Writer,
        clock: &dyn Clock,
        by: &NodeId,
    ) -> Result<(), Error> {
        let readme = self.own(reader).await?;
        self.record.applying = None;
        self.record.superseded_by = Some(by.clone());
        self.record.generation = self.record.generation.saturating_add(1);
        self.write(reader, writer, clock, readme.text, ProjectUpdate::default()).await?;
        self.hold = Hold::Nothing;
        Ok(())
    }

    /// Lets go of the lock without anything else.
    pub(crate) async fn let_go(
        &mut self,
        reader: &Reader,
        writer: &Writer,
        clock: &dyn Clock,
    ) -> Result<(), Error> {
        let readme = self.own(reader).await?;
        self.record.applying = None;
        self.write(reader, writer, clock, readme.text, ProjectUpdate::default()).await?;
        self.hold = Hold::Nothing;
        Ok(())
    }

    /// Takes the record out of the readme, and the lock with it; the text stays.
    pub(crate) async fn release_board(
        &mut self,
        reader: &Reader,
        writer: &Writer,
        clock: &dyn Clock,
    ) -> Result<(), Error> {
        let text = self.own(reader).await?.text;
        let update = ProjectUpdate { readme: Some(text), ..ProjectUpdate::default() };
        let write = [Write::UpdateProject { project: self.project.clone(), update }];
        let mut because = String::new();
        for pause in AGAIN {
            wait_for_windows(reader).await;
            match writer.send(&write).await.pop() {
                Some(WriteResult::Done(_)) => {
                    self.hold = Hold::Nothing;
                    return Ok(());
                }
                Some(WriteResult::Refused(failure) | WriteResult::GivenUp(failure)) => {
                    return Err(Error::GitHub(failure));
                }
                Some(WriteResult::NotRun(failure)) if !failure.is_limit() => {
                    return Err(Error::GitHub(failure));
                }
                Some(WriteResult::NotRun(failure)) => because = failure.to_string(),
                Some(WriteResult::Unknown(failure)) => {
                    because = failure.to_string();
                    clock.sleep(pause).await;
                    if read(reader, &self.project).await?.record.is_none() {
                        self.hold = Hold::Nothing;
                        return Ok(());
                    }
                }
                None => {}
            }
        }
        Err(Error::Stopped(format!("the board record could not be taken out: {because}")))
    }

    /// Writes the readme's text with the record behind it, and whatever else changes on the board with it.
    ///
    /// # Guarantees
    /// A write whose answer was lost is looked for before it is sent again; another run's lock is not written over.
    pub(crate) async fn write(
        &mut self,
        reader: &Reader,
        writer: &Writer,
        clock: &dyn Clock,
        text: String,
        update: ProjectUpdate,
    ) -> Result<(), Error> {
        self.record.make_room();
        let readme = Readme { text, record: Some(self.record.clone()) };
        let update = ProjectUpdate { readme: Some(readme.write()), ..update };
        let write = [Write::UpdateProject { project: self.project.clone(), update }];
        let mut because = String::new();
        let mut waited = false;
        for pause in AGAIN {
            waited |= wait_for_windows(reader).await;
            // Whoever watched the lock meanwhile may have taken it over.
            if waited && self.stands(reader).await? {
                self.written_at(clock.now());
                return Ok(());
            }
            match writer.send(&write).await.pop() {
                Some(WriteResult::Done(_)) => {
                    self.written_at(clock.now());
                    return Ok(());
                }
                Some(WriteResult::Refused(failure) | WriteResult::GivenUp(failure)) => {
                    return Err(Error::GitHub(failure));
                }
                Some(WriteResult::NotRun(failure)) if !failure.is_limit() => {
                    return Err(Error::GitHub(failure));
                }
                Some(WriteResult::NotRun(failure)) => because = failure.to_string(),
                Some(WriteResult::Unknown(failure)) => {
                    because = failure.to_string();
                    clock.sleep(pause).await;
                }
                None => {}
            }
            waited = true;
        }
        if self.stands(reader).await? {
            self.written_at(clock.now());
            return Ok(());
        }
        Err(Error::Stopped(format!("the board record could not be written: {because}")))
    }

    /// Whether the record stands on the board as it was to be written.
    ///
    /// # Errors
    /// When another run has been there: it holds the lock, or held it and ended.
    async fn stands(&self, reader: &Reader) -> Result<bool, Error> {
        let now = read(reader, &self.project).await?.record;
        if now.as_ref() == Some(&self.record) {
            return Ok(true);
        }
        let holder = now.as_ref().and_then(|record| record.applying.as_ref()).map(|lock| &lock.run);
        if now == self.on_board || holder == Some(&self.run) {
            return Ok(false);
        }
        Err(self.lost_to(now.as_ref()))
    }

    fn raise_beat(&mut self) {
        if let Some(lock) = &mut self.record.applying {
            lock.beat = lock.beat.saturating_add(1);
        }
    }

    fn written_at(&mut self, now: Timestamp) {
        self.written = now;
        self.seen = now;
        self.unsaved = false;
        self.on_board = Some(self.record.clone());
    }

    /// Writes a change of the board itself together with the record.
    pub(crate) async fn update_board(
        &mut self,
        reader: &Reader,
        writer: &Writer,
        clock: &dyn Clock,
        update: ProjectUpdate,
    ) -> Result<(), Error> {
        let readme = self.own(reader).await?;
        let text = update.readme.clone().unwrap_or(readme.text);
        // By a record that is new it shows whether a write whose answer was lost went through.
        self.raise_beat();
        self.write(reader, writer, clock, text, update).await
    }
}

/// Notes what a run is about to make. What is to be made isn't there: an id that stands for it is of something that was
/// deleted.
fn begin<K: Ord + Clone, V>(names: BTreeSet<K>, making: &mut BTreeSet<K>, made: &mut BTreeMap<K, V>) {
    for name in names {
        if making.insert(name.clone()) {
            made.remove(&name);
        }
    }
}

/// Waits until GitHub's windows let a write through that makes nothing; whether there was anything to wait for.
async fn wait_for_windows(reader: &Reader) -> bool {
    let client = reader.client();
    let mut waited = false;
    loop {
        let wait = client.ready_in(0);
        if wait.is_zero() {
            return waited;
        }
        waited = true;
        client.wait_for_windows(wait.min(PIECE)).await;
    }
}

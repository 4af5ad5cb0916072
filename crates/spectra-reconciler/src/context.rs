//! What every rule looks at, indexed once: the plan's things, what they are on GitHub, and which changes exist so far.

use std::collections::{BTreeMap, BTreeSet};

use spectra_model::board_record::BoardRecord;
use spectra_model::change::{Action, Change, Kind, change_id};
use spectra_model::id::{ChangeId, IssueKey, NodeId, fold};
use spectra_model::marker::Origin;
use spectra_model::observation::{Board, Draft, Issue, Observation};
use spectra_model::plan::{Field, IssueRef, Link, Plan};
use spectra_model::step::{Bindings, IssueBinding, ProjectBinding};

use crate::identity::{self, Drafts, Issues};
use crate::view::Views;
use crate::{Options, Refusal, adoption, ownership, project};

/// One decision in the making.
pub(crate) struct Context<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) observation: &'a Observation,
    pub(crate) options: &'a Options,
    pub(crate) issues: Issues<'a>,
    pub(crate) drafts: Drafts<'a>,
    /// The plan's views that are there.
    pub(crate) views: Views<'a>,
    pub(crate) bindings: Bindings,
    record: Option<BoardRecord>,
    pub(crate) refusals: Vec<Refusal>,
    /// The plan's fields by folded name.
    pub(crate) fields: BTreeMap<String, &'a Field>,
    /// Parents by child.
    pub(crate) parents: BTreeMap<&'a IssueKey, &'a IssueRef>,
    /// Changes that must be done before an issue's marker is rewritten.
    pub(crate) before_marker: BTreeMap<IssueKey, Vec<ChangeId>>,
    /// What each issue is blocked by, in the plan's order.
    pub(crate) blockers: BTreeMap<&'a IssueKey, Vec<&'a IssueRef>>,
    /// Folded names of fields whose options or iterations can't be changed.
    pub(crate) stuck: BTreeSet<String>,
    /// Deletions of views that are replaced in this change set: they come when the new ones are there.
    pub(crate) replaced_views: Vec<Change>,
    by_id: BTreeMap<&'a NodeId, &'a Issue>,
    /// The plan's keys by those that they had before.
    renamed: BTreeMap<&'a IssueKey, &'a IssueKey>,
    /// What the set does to which thing.
    pending: BTreeMap<(Kind, Action), BTreeSet<String>>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(plan: &'a Plan, observation: &'a Observation, options: &'a Options) -> Self {
        let mut issues = identity::issues(plan, observation);
        let drafts = identity::drafts(plan, observation, options, &issues);
        let refusals = adoption::adopt(plan, observation, options, &mut issues, &drafts);
        let bindings = bindings(observation, &issues, &drafts);
        let mut context = Self {
            plan,
            observation,
            options,
            issues,
            drafts,
            views: Views::default(),
            bindings,
            record: observation.board.as_ref().and_then(recorded),
            refusals,
            fields: plan.fields.iter().map(|field| (fold(field.name.as_str()), field)).collect(),
            parents: plan
                .links
                .iter()
                .filter_map(Link::sub_issue)
                .map(|(parent, child)| (child, parent))
                .collect(),
            blockers: blockers(plan),
            before_marker: BTreeMap::new(),
            stuck: BTreeSet::new(),
            replaced_views: Vec::new(),
            by_id: observation.issues.iter().map(|issue| (&issue.id, issue)).collect(),
            renamed: plan
                .issues
                .iter()
                .map(|issue| (&issue.key, &issue.renamed_from))
                .chain(plan.drafts.iter().map(|draft| (&draft.key, &draft.renamed_from)))
                .flat_map(|(key, before)| before.iter().map(move |before| (before, key)))
                .collect(),
            pending: BTreeMap::new(),
        };
        if let Some(board) = context.board() {
            let made = context.record().map(|record| record.made.views.clone()).unwrap_or_default();
            context.views = Views::of(plan, board, context.board_is_spectras(), &made);
        }
        let made = ownership::made(&context);
        if let Some(record) = &mut context.record {
            record.made = made;
        }
        context
    }

    pub(crate) fn board(&self) -> Option<&'a Board> {
        self.observation.board.as_ref()
    }

    /// The board's record, brought up to date by what GitHub holds.
    pub(crate) fn record(&self) -> Option<&BoardRecord> {
        self.record.as_ref()
    }

    /// Whether the board is one that Spectra made and no apply has finished on yet.
    pub(crate) fn board_is_new(&self) -> bool {
        self.board_is_spectras() && self.record().is_none_or(|record| record.generation == 0)
    }

    /// Whether Spectra made the board. One that an interrupted run left behind has no record yet.
    pub(crate) fn board_is_spectras(&self) -> bool {
        self.record().map_or_else(|| self.is_leftover(), |record| record.made.board)
    }

    /// Whether the board is one that a run made and has not named yet.
    pub(crate) fn is_leftover(&self) -> bool {
        self.board().is_some_and(|board| project::is_leftover(self.plan, board))
    }

    /// Whether an issue is being adopted: by this run, or by one that didn't end.
    pub(crate) fn is_being_adopted(&self, key: &IssueKey) -> bool {
        let unfinished = self.record().and_then(|record| record.applying.as_ref()).map(|lock| &lock.run);
        let marker = self.issues.found.get(key).map(|marked| &marked.body.marker);
        marker.is_some_and(|marker| {
            marker.origin == Origin::Adopted
                && (marker.run == self.options.run || Some(&marker.run) == unfinished)
        })
    }

    /// The key that an issue has in the plan now, by one that it has or had.
    pub(crate) fn current_key<'k>(&self, key: &'k IssueKey) -> &'k IssueKey
    where
        'a: 'k,
    {
        self.renamed.get(key).copied().unwrap_or(key)
    }

    /// An edge's other end as the plan names it now.
    pub(crate) fn current_ref(&self, issue: &IssueRef) -> IssueRef {
        match issue {
            IssueRef::Own(key) => IssueRef::Own(self.current_key(key).clone()),
            IssueRef::Foreign(foreign) => IssueRef::Foreign(foreign.clone()),
        }
    }

    /// Binds an issue to a key that isn't the plan's.
    pub(crate) fn bind(&mut self, key: &IssueKey, issue: &Issue) {
        bind_issue(&mut self.bindings, key, issue);
    }

    /// Binds a draft to a key that isn't the plan's.
    pub(crate) fn bind_draft(&mut self, key: &IssueKey, draft: &Draft) {
        bind_draft(&mut self.bindings, key, draft);
    }

    pub(crate) fn issue_by_id(&self, id: &NodeId) -> Option<&'a Issue> {
        self.by_id.get(id).copied()
    }

    /// Notes that a change is in the set, so that later ones can require it.
    pub(crate) fn announce(&mut self, change: &Change) {
        self.pending.entry((change.kind, change.action)).or_default().insert(change.key.clone());
    }

    /// The changes in the set that make or change this thing.
    pub(crate) fn pending(&self, kind: Kind, key: &str) -> Vec<ChangeId> {
        let actions = [Action::Create, Action::Update].into_iter();
        actions
            .filter(|action| self.does(*action, kind, key))
            .map(|action| change_id(action, kind, key))
            .collect()
    }

    /// The changes in the set that make or change this thing, where one of them makes it.
    pub(crate) fn making(&self, kind: Kind, key: &str) -> Vec<ChangeId> {
        let Some(creation) = self.creation(kind, key) else { return Vec::new() };
        let update = self.does(Action::Update, kind, key).then(|| change_id(Action::Update, kind, key));
        std::iter::once(creation).chain(update).collect()
    }

    /// Whether the set does this to this thing.
    pub(crate) fn does(&self, action: Action, kind: Kind, key: &str) -> bool {
        self.pending.get(&(kind, action)).is_some_and(|keys| keys.contains(key))
    }

    /// The change in the set that makes this thing.
    pub(crate) fn creation(&self, kind: Kind, key: &str) -> Option<ChangeId> {
        self.creates(kind, key).then(|| change_id(Action::Create, kind, key))
    }

    /// Whether the set makes this thing.
    pub(crate) fn creates(&self, kind: Kind, key: &str) -> bool {
        self.does(Action::Create, kind, key)
    }

    /// How many things the plan has.
    pub(crate) fn things(&self) -> usize {
        let Plan { labels, milestones, fields, views, issues, drafts, links, .. } = self.plan;
        let lengths = [
            labels.len(),
            milestones.len(),
            fields.len(),
            views.len(),
            issues.len(),
            drafts.len(),
            links.len(),
        ];
        lengths.into_iter().sum::<usize>().saturating_add(1)
    }
}

/// A board's record. One that speaks of another board was copied there, and says nothing of this one.
fn recorded(board: &Board) -> Option<BoardRecord> {
    board.parts.record.clone().filter(|record| record.stands_on(&board.summary.id))
}

fn blockers(plan: &Plan) -> BTreeMap<&IssueKey, Vec<&IssueRef>> {
    let mut blockers: BTreeMap<&IssueKey, Vec<&IssueRef>> = BTreeMap::new();
    for (issue, by) in plan.links.iter().filter_map(Link::blocked_by) {
        blockers.entry(issue).or_default().push(by);
    }
    blockers
}

/// Which node is which thing, as far as it is known before anything is decided.
fn bindings(observation: &Observation, issues: &Issues<'_>, drafts: &Drafts<'_>) -> Bindings {
    let mut bindings = Bindings {
        owner: observation.owner.as_ref().map(|owner| owner.id.clone()),
        project: observation.board.as_ref().map(|board| ProjectBinding {
            id: board.summary.id.clone(),
            number: board.summary.number,
            url: board.summary.url.clone(),
        }),
        ..Bindings::default()
    };
    for (slug, id) in observation.board.iter().flat_map(|board| &board.repositories) {
        bindings.repositories.insert(slug.clone(), id.clone());
    }
    for (slug, repository) in &observation.repositories {
        bindings.repositories.insert(slug.clone(), repository.id.clone());
        for label in &repository.labels {
            bindings.labels.insert((slug.clone(), fold(label.name.as_str())), label.id.clone());
        }
        for (name, id) in &repository.issue_types {
            bindings.issue_types.insert((slug.clone(), fold(name.as_str())), id.clone());
        }
        for (login, id) in &repository.assignable {
            bindings.people.insert(fold(login.as_str()), id.clone());
        }
    }
    for (login, id) in &observation.people {
        bindings.people.insert(fold(login.as_str()), id.clone());
    }
    let of_owner = observation.owner.iter().flat_map(|owner| &owner.teams);
    for (slug, id) in of_owner.chain(observation.board.iter().flat_map(|board| &board.teams)) {
        bindings.teams.insert(fold(slug.as_str()), id.clone());
    }
    for (reference, nodes) in &observation.foreign {
        // Where several issues say that they are this one, nobody knows which of them it is.
        if let [node] = nodes.as_slice() {
            bindings.foreign.insert(reference.clone(), node.clone());
        }
    }
    for (key, marked) in issues.drafted.iter().chain(&issues.found) {
        bind_issue(&mut bindings, key, marked.issue);
    }
    for marked in issues.gone.iter().chain(&issues.moved) {
        bind_issue(&mut bindings, &marked.body.marker.key, marked.issue);
    }
    for (key, marked) in drafts.found.iter().chain(&drafts.becoming) {
        bind_draft(&mut bindings, key, marked.draft);
    }
    for marked in &drafts.gone {
        bind_draft(&mut bindings, &marked.body.marker.key, marked.draft);
    }
    bindings
}

fn bind_issue(bindings: &mut Bindings, key: &IssueKey, issue: &Issue) {
    let binding = IssueBinding { id: issue.id.clone(), number: issue.number, url: issue.url.clone() };
    bindings.issues.insert(key.clone(), binding);
    if let Some(item) = &issue.item {
        bindings.items.insert(key.clone(), item.id.clone());
    }
}

fn bind_draft(bindings: &mut Bindings, key: &IssueKey, draft: &Draft) {
    bindings.drafts.insert(key.clone(), draft.id.clone());
    bindings.items.insert(key.clone(), draft.item.id.clone());
}

//! What every rule looks at, indexed once: the plan's things, what they are on GitHub, and which changes exist so far.

use std::collections::{BTreeMap, BTreeSet};

use spectra_model::board_record::BoardRecord;
use spectra_model::change::{Action, Change, Kind, change_id};
use spectra_model::id::{ChangeId, IssueKey, NodeId, fold};
use spectra_model::observation::{Board, Issue, Observation};
use spectra_model::plan::{Field, Link, Plan};
use spectra_model::step::{Bindings, IssueBinding, ProjectBinding};

use crate::identity::{self, Issues};
use crate::{Options, Refusal, ownership};

/// One decision in the making.
pub(crate) struct Context<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) observation: &'a Observation,
    pub(crate) options: &'a Options,
    pub(crate) issues: Issues<'a>,
    pub(crate) bindings: Bindings,
    record: Option<BoardRecord>,
    pub(crate) refusals: Vec<Refusal>,
    /// The plan's fields by folded name.
    pub(crate) fields: BTreeMap<String, &'a Field>,
    /// Parents by child.
    pub(crate) parents: BTreeMap<&'a IssueKey, &'a IssueKey>,
    /// Changes that must be done before an issue's marker is rewritten.
    pub(crate) before_marker: BTreeMap<IssueKey, Vec<ChangeId>>,
    /// What each issue is blocked by, in the plan's order.
    pub(crate) blockers: BTreeMap<&'a IssueKey, Vec<&'a IssueKey>>,
    by_id: BTreeMap<&'a NodeId, &'a Issue>,
    /// The plan's keys by those that they had before.
    renamed: BTreeMap<&'a IssueKey, &'a IssueKey>,
    pending: BTreeSet<ChangeId>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(plan: &'a Plan, observation: &'a Observation, options: &'a Options) -> Self {
        let issues = identity::issues(plan, observation);
        let mut bindings = Bindings {
            owner: observation.owner.as_ref().map(|owner| owner.id.clone()),
            repositories: observation
                .repositories
                .iter()
                .map(|(slug, it)| (slug.clone(), it.id.clone()))
                .collect(),
            ..Bindings::default()
        };
        for (slug, repository) in &observation.repositories {
            for label in &repository.labels {
                bindings.labels.insert((slug.clone(), fold(label.name.as_str())), label.id.clone());
            }
        }
        bindings.project = observation.board.as_ref().map(|board| ProjectBinding {
            id: board.summary.id.clone(),
            number: board.summary.number,
            url: board.summary.url.clone(),
        });
        for (key, marked) in &issues.found {
            bind_issue(&mut bindings, key, marked.issue);
        }
        for marked in &issues.gone {
            bind_issue(&mut bindings, &marked.body.marker.key, marked.issue);
        }
        let mut context = Self {
            plan,
            observation,
            options,
            issues,
            bindings,
            record: observation.board.as_ref().and_then(|board| board.parts.record.clone()),
            refusals: Vec::new(),
            fields: plan.fields.iter().map(|field| (fold(field.name.as_str()), field)).collect(),
            parents: plan
                .links
                .iter()
                .filter_map(Link::sub_issue)
                .map(|(parent, child)| (child, parent))
                .collect(),
            blockers: blockers(plan),
            before_marker: BTreeMap::new(),
            by_id: observation.issues.iter().map(|issue| (&issue.id, issue)).collect(),
            renamed: plan
                .issues
                .iter()
                .flat_map(|issue| issue.renamed_from.iter().map(move |before| (before, &issue.key)))
                .collect(),
            pending: BTreeSet::new(),
        };
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
        self.record().is_some_and(|record| record.made.board && record.generation == 0)
    }

    /// The key that an issue has in the plan now, by one that it has or had.
    pub(crate) fn current_key<'k>(&self, key: &'k IssueKey) -> &'k IssueKey
    where
        'a: 'k,
    {
        self.renamed.get(key).copied().unwrap_or(key)
    }

    /// Binds an issue to a key that isn't the plan's.
    pub(crate) fn bind(&mut self, key: &IssueKey, issue: &Issue) {
        bind_issue(&mut self.bindings, key, issue);
    }

    pub(crate) fn issue_by_id(&self, id: &NodeId) -> Option<&'a Issue> {
        self.by_id.get(id).copied()
    }

    /// Notes that a change is in the set, so that later ones can require it.
    pub(crate) fn announce(&mut self, change: &Change) {
        self.pending.insert(change.id.clone());
    }

    /// The changes in the set that make or change this thing.
    pub(crate) fn pending(&self, kind: Kind, key: &str) -> Vec<ChangeId> {
        [Action::Create, Action::Update]
            .into_iter()
            .map(|action| change_id(action, kind, key))
            .filter(|id| self.pending.contains(id))
            .collect()
    }

    /// The change in the set that makes this thing.
    pub(crate) fn creation(&self, kind: Kind, key: &str) -> Option<ChangeId> {
        self.creates(kind, key).then(|| change_id(Action::Create, kind, key))
    }

    /// Whether the set makes this thing.
    pub(crate) fn creates(&self, kind: Kind, key: &str) -> bool {
        self.pending.contains(&change_id(Action::Create, kind, key))
    }

    /// How many things the plan has.
    pub(crate) fn things(&self) -> usize {
        let Plan { labels, fields, issues, links, .. } = self.plan;
        [1, labels.len(), fields.len(), issues.len(), links.len()].into_iter().sum()
    }
}

fn blockers(plan: &Plan) -> BTreeMap<&IssueKey, Vec<&IssueKey>> {
    let mut blockers: BTreeMap<&IssueKey, Vec<&IssueKey>> = BTreeMap::new();
    for (issue, by) in plan.links.iter().filter_map(Link::blocked_by) {
        blockers.entry(issue).or_default().push(by);
    }
    blockers
}

fn bind_issue(bindings: &mut Bindings, key: &IssueKey, issue: &Issue) {
    let binding = IssueBinding { id: issue.id.clone(), number: issue.number, url: issue.url.clone() };
    bindings.issues.insert(key.clone(), binding);
    if let Some(item) = &issue.item {
        bindings.items.insert(key.clone(), item.id.clone());
    }
}

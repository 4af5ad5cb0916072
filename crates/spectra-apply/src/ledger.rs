//! The ledger of one run: what became of each change that was decided.
//!
//! A change is entered when it is first decided and closed once. What is still open at the end was either satisfied
//! by another change or never reached.

use std::collections::{BTreeMap, BTreeSet};

use spectra_github::Failure;
use spectra_model::change::{Action, Change, ChangeSet, Kind};
use spectra_model::evidence::{Outcome, OutcomeCounts, Status};
use spectra_model::id::{ChangeId, IssueKey, NodeId};
use spectra_model::step::{IssueBinding, ProjectBinding};
use spectra_reconciler::Decision;

use crate::{error, github};

/// Where a thing is on GitHub.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place {
    pub(crate) node_id: Option<NodeId>,
    pub(crate) number: Option<u64>,
    pub(crate) url: Option<String>,
}

impl Place {
    /// Where an issue is.
    pub(crate) fn of_issue(issue: &IssueBinding) -> Self {
        Self { node_id: Some(issue.id.clone()), number: Some(issue.number), url: Some(issue.url.clone()) }
    }

    /// Where a board is.
    pub(crate) fn of_board(board: &ProjectBinding) -> Self {
        Self { node_id: Some(board.id.clone()), number: Some(board.number), url: Some(board.url.clone()) }
    }

    /// A thing without a page.
    pub(crate) fn of_node(node_id: Option<NodeId>) -> Self {
        Self { node_id, ..Self::default() }
    }
}

#[derive(Debug, Clone)]
enum State {
    Open,
    Closed(Status, Option<String>),
}

#[derive(Debug)]
struct Entry {
    id: ChangeId,
    action: Action,
    kind: Kind,
    key: String,
    state: State,
    place: Place,
    /// Whether this run sent anything of it.
    sent: bool,
    /// Without steps of its own it comes about with these.
    comes_with: Vec<ChangeId>,
}

/// What became of each change.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    entries: Vec<Entry>,
    by_id: BTreeMap<ChangeId, usize>,
    worst: Option<error::Kind>,
}

impl Ledger {
    /// Enters the changes that aren't known yet. What isn't for Spectra to do is closed at once.
    pub(crate) fn enter(&mut self, set: &ChangeSet) {
        for change in &set.changes {
            if self.by_id.contains_key(&change.id) {
                continue;
            }
            self.by_id.insert(change.id.clone(), self.entries.len());
            let state = if change.is_done_by_spectra() {
                State::Open
            } else {
                State::Closed(Status::Unchanged, change.reason.clone())
            };
            let Change { id, action, kind, key, requires, steps, .. } = change.clone();
            let comes_with = if steps.is_empty() { requires } else { Vec::new() };
            let place = Place::default();
            self.entries.push(Entry { id, action, kind, key, state, place, sent: false, comes_with });
        }
    }

    fn entry(&mut self, id: &ChangeId) -> Option<&mut Entry> {
        let index = *self.by_id.get(id)?;
        self.entries.get_mut(index)
    }

    pub(crate) fn status(&self, id: &ChangeId) -> Option<Status> {
        match &self.entries.get(*self.by_id.get(id)?)?.state {
            State::Open => None,
            State::Closed(status, _) => Some(*status),
        }
    }

    /// How many changes are done.
    pub(crate) fn done(&self) -> usize {
        let is_done = |entry: &&Entry| matches!(entry.state, State::Closed(Status::Done, _));
        self.entries.iter().filter(is_done).count()
    }

    /// Whether a change ended badly, so that what requires it can't be done.
    pub(crate) fn is_lost(&self, id: &ChangeId) -> bool {
        matches!(self.status(id), Some(Status::Failed | Status::Skipped))
    }

    /// Notes that something of a change goes over the wire.
    pub(crate) fn sent(&mut self, id: &ChangeId) {
        if let Some(entry) = self.entry(id) {
            entry.sent = true;
        }
    }

    pub(crate) fn close(&mut self, id: &ChangeId, status: Status, because: Option<String>) {
        if let Some(entry) = self.entry(id) {
            entry.state = State::Closed(status, because);
        }
    }

    /// Closes a change that GitHub refused.
    pub(crate) fn fail(&mut self, id: &ChangeId, failure: &Failure) {
        let kind = github::kind(failure);
        self.worst = self.worst.map_or(Some(kind), |worst| Some(worst.min(kind)));
        self.close(id, Status::Failed, Some(github::told(failure)));
    }

    /// The kind of the refusal that counts most for the exit code.
    pub(crate) fn worst(&self) -> Option<error::Kind> {
        self.worst
    }

    pub(crate) fn place(&mut self, id: &ChangeId, place: Place) {
        if let Some(entry) = self.entry(id) {
            entry.place = place;
        }
    }

    /// Closes what is still open, by what was decided last. What that no longer asks for has come about: by this run if
    /// it sent it, a creation whose answer was lost; else by someone else, another run that ended meanwhile. The rest
    /// was not reached.
    pub(crate) fn settle(&mut self, last: Option<&Decision>, because: &str) {
        let asked: BTreeSet<&ChangeId> =
            last.iter().flat_map(|last| &last.change_set.changes).map(|change| &change.id).collect();
        let mut ours: BTreeSet<ChangeId> = BTreeSet::new();
        for entry in &mut self.entries {
            if matches!(entry.state, State::Open) {
                let Some(last) = last.filter(|_| !asked.contains(&entry.id)) else {
                    entry.state = State::Closed(Status::Skipped, Some(because.to_owned()));
                    continue;
                };
                // What a change requires stands before it.
                let came_with =
                    !entry.comes_with.is_empty() && entry.comes_with.iter().all(|id| ours.contains(id));
                let status = if entry.sent || came_with { Status::Done } else { Status::Unchanged };
                entry.state = State::Closed(status, None);
                if let Some(issue) = last.bindings.issues.get(&IssueKey::new(entry.key.as_str())) {
                    entry.place = Place::of_issue(issue);
                }
            }
            if matches!(entry.state, State::Closed(Status::Done, _)) {
                ours.insert(entry.id.clone());
            }
        }
    }

    pub(crate) fn outcomes(&self) -> Vec<Outcome> {
        self.entries
            .iter()
            .map(|entry| {
                let (status, because) = match &entry.state {
                    State::Open => (Status::Skipped, None),
                    State::Closed(status, because) => (*status, because.clone()),
                };
                Outcome {
                    id: entry.id.clone(),
                    action: entry.action,
                    kind: entry.kind,
                    key: entry.key.clone(),
                    status,
                    node_id: entry.place.node_id.clone(),
                    number: entry.place.number,
                    url: entry.place.url.clone(),
                    because,
                }
            })
            .collect()
    }

    pub(crate) fn counts(&self, unchanged: usize) -> OutcomeCounts {
        let mut counts = OutcomeCounts { unchanged, ..OutcomeCounts::default() };
        for outcome in self.outcomes() {
            let counter = match (outcome.status, outcome.action) {
                (Status::Done, Action::Create) => &mut counts.created,
                (Status::Done, Action::Delete) => &mut counts.deleted,
                (Status::Done, Action::Update | Action::Manual | Action::Blocked) => &mut counts.updated,
                (Status::Unchanged, Action::Manual | Action::Blocked) => continue,
                (Status::Unchanged, Action::Create | Action::Update | Action::Delete) => {
                    &mut counts.unchanged
                }
                (Status::Skipped, _) => &mut counts.skipped,
                (Status::Failed, _) => &mut counts.failed,
            };
            *counter = counter.saturating_add(1);
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use spectra_model::step::Step;

    use super::*;

    /// An issue and its place under a parent, which needs no step of its own.
    fn set() -> ChangeSet {
        let mut issue = Change::new(Action::Create, Kind::Issue, "voice/a");
        issue.steps.push(Step::AddItem { issue: IssueKey::new("voice/a") });
        let mut link = Change::new(Action::Create, Kind::SubIssue, "voice>voice/a");
        link.requires.push(issue.id.clone());
        ChangeSet { changes: vec![issue, link], ..ChangeSet::default() }
    }

    fn settled(ledger: &mut Ledger) -> Vec<Status> {
        let nothing_left = Decision {
            change_set: ChangeSet::default(),
            bindings: spectra_model::step::Bindings::default(),
            made: spectra_model::board_record::Made::default(),
            refusals: Vec::new(),
        };
        ledger.settle(Some(&nothing_left), "");
        ledger.outcomes().iter().map(|outcome| outcome.status).collect()
    }

    #[test]
    fn what_came_about_without_this_run_is_not_its_doing() {
        let mut ledger = Ledger::default();
        ledger.enter(&set());
        assert_eq!(settled(&mut ledger), [Status::Unchanged; 2]);
    }

    #[test]
    fn what_was_sent_and_never_answered_is_done_when_it_is_there() {
        let mut ledger = Ledger::default();
        ledger.enter(&set());
        ledger.sent(&set().changes[0].id);
        assert_eq!(settled(&mut ledger), [Status::Done; 2]);
    }
}

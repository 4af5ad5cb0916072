//! Issues, drafts, their places on the board and the edges between them.

use std::collections::BTreeMap;

use spectra_model::id::{IssueKey, Login, NodeId};
use spectra_model::observation::{Draft, Issue, Item, StateReason, Value};
use spectra_model::plan::IssueState;
use spectra_model::step::{Bindings, CloseReason, IssueBinding, IssueWrite, Place, Step};

use super::World;

impl World {
    /// Takes a step that is about issues or drafts; whether it was one.
    #[expect(
        clippy::too_many_lines,
        clippy::wildcard_enum_match_arm,
        reason = "one arm a step, the rest elsewhere"
    )]
    pub(super) fn take_of_issue(&mut self, step: &Step, bindings: &mut Bindings) -> bool {
        match step {
            Step::CreateIssue(write) => self.create_issue(write, bindings),
            Step::UpdateIssue { issue, title, body } => {
                let it = self.bound(bindings, issue);
                if let Some(title) = title {
                    it.title.clone_from(title);
                }
                if let Some(body) = body {
                    it.body.clone_from(body);
                }
            }
            Step::SetState { issue, state, reason } => {
                let it = self.bound(bindings, issue);
                it.state = *state;
                it.state_reason = match (state, reason) {
                    (IssueState::Open, _) => None,
                    (IssueState::Closed, CloseReason::Completed) => Some(StateReason::Completed),
                    (IssueState::Closed, CloseReason::NotPlanned) => Some(StateReason::NotPlanned),
                    (IssueState::Closed, CloseReason::Duplicate { .. }) => Some(StateReason::Duplicate),
                };
            }
            Step::SetMilestone { issue, repository, milestone } => {
                let id = milestone.as_ref().map(|it| bindings.milestone(repository, it).unwrap().id.clone());
                self.bound(bindings, issue).milestone = id;
            }
            Step::SetIssueType { issue, repository, issue_type } => {
                let known = |name| bindings.issue_type(repository, name).is_some();
                assert!(issue_type.as_ref().is_none_or(known));
                self.bound(bindings, issue).issue_type.clone_from(issue_type);
            }
            Step::AddManagedLabel { issue, repository, label } => {
                assert!(bindings.label(repository, label).is_some(), "{label} is not there yet");
                self.bound(bindings, issue).labels.push(label.clone());
            }
            Step::AddLabels { issue, repository, labels } => {
                for label in labels {
                    assert!(bindings.label(repository, label).is_some(), "{label} is not there yet");
                }
                self.bound(bindings, issue).labels.extend(labels.iter().cloned());
            }
            Step::RemoveLabels { issue, repository: _, labels } => {
                self.bound(bindings, issue).labels.retain(|label| !labels.contains(label));
            }
            Step::AddAssignees { issue, repository: _, assignees } => {
                self.bound(bindings, issue).assignees.extend(assignees.iter().cloned());
            }
            Step::RemoveAssignees { issue, repository: _, assignees } => {
                self.bound(bindings, issue).assignees.retain(|login| !assignees.contains(login));
            }
            Step::DeleteIssue { issue } => {
                let gone = bindings.issues[issue].id.clone();
                self.github.issues.retain(|it| it.id != gone);
                for it in &mut self.github.issues {
                    it.sub_issues.retain(|id| *id != gone);
                    it.blocked_by.retain(|id| *id != gone);
                    it.parent.take_if(|id| *id == gone);
                }
            }
            Step::TransferIssue { issue, repository } => {
                let id = NodeId::new(self.id("I"));
                let number = self.next;
                let there = self.repository(repository).labels.clone();
                let it = self.bound(bindings, issue);
                let before = std::mem::replace(&mut it.id, id.clone());
                it.number = number;
                it.url = format!("https://github.test/{id}");
                it.repository = repository.clone();
                it.milestone = None;
                it.labels.retain(|label| there.iter().any(|known| known.name.same(label)));
                let binding = IssueBinding { id: id.clone(), number, url: it.url.clone() };
                bindings.issues.insert(issue.clone(), binding);
                for other in &mut self.github.issues {
                    let named =
                        other.sub_issues.iter_mut().chain(&mut other.blocked_by).chain(&mut other.parent);
                    named.filter(|named| **named == before).for_each(|named| *named = id.clone());
                }
            }
            Step::CreateDraft { draft, title, body, assignees } => {
                let id = NodeId::new(self.id("DI"));
                let item = self.filed();
                bindings.drafts.insert(draft.clone(), id.clone());
                bindings.items.insert(draft.clone(), item.id.clone());
                let made = item.id.clone();
                self.board().drafts.push(Draft {
                    id,
                    title: title.clone(),
                    body: body.clone(),
                    author: Some(Login::new("spectra-bot")),
                    assignees: assignees.clone(),
                    item,
                });
                self.note(|record| {
                    record.made.drafts.insert(draft.clone(), made);
                });
            }
            Step::UpdateDraft { draft, title, body, assignees } => {
                let id = bindings.drafts[draft].clone();
                let it = self.board().drafts.iter_mut().find(|it| it.id == id).unwrap();
                if let Some(title) = title {
                    it.title.clone_from(title);
                }
                if let Some(body) = body {
                    it.body.clone_from(body);
                }
                if let Some(assignees) = assignees {
                    it.assignees.clone_from(assignees);
                }
            }
            Step::ConvertDraft { draft, repository } => {
                let id = bindings.drafts.remove(draft).unwrap();
                let drafts = &mut self.board().drafts;
                let index = drafts.iter().position(|it| it.id == id).unwrap();
                let Draft { title, body, assignees, item, .. } = drafts.remove(index);
                let write = IssueWrite {
                    issue: draft.clone(),
                    repository: repository.clone(),
                    title,
                    body,
                    labels: Vec::new(),
                    assignees,
                    milestone: None,
                    issue_type: None,
                    parent: None,
                };
                self.create_issue(&write, bindings);
                self.bound(bindings, draft).item = Some(item);
                self.note(|record| {
                    record.made.drafts.remove(draft);
                });
            }
            Step::AddItem { issue } => {
                let item = self.filed();
                bindings.items.insert(issue.clone(), item.id.clone());
                self.bound(bindings, issue).item = Some(item);
            }
            Step::ArchiveItem { issue } => self.item(bindings, issue).archived = true,
            Step::UnarchiveItem { issue } => self.item(bindings, issue).archived = false,
            Step::DeleteItem { issue } => {
                let id = bindings.items.remove(issue).unwrap();
                self.board().drafts.retain(|draft| draft.item.id != id);
                for it in &mut self.github.issues {
                    it.item.take_if(|item| item.id == id);
                }
                self.note(|record| record.made.drafts.retain(|_, made| *made != id));
            }
            Step::AddBlockedBy { issue, by } => {
                let by = bindings.issue(by).unwrap().clone();
                let blockers = &mut self.bound(bindings, issue).blocked_by;
                assert!(!blockers.contains(&by), "GitHub refuses an edge that is there");
                blockers.push(by);
            }
            Step::RemoveBlockedBy { issue, by } => {
                let by = bindings.issue(by).unwrap().clone();
                self.bound(bindings, issue).blocked_by.retain(|id| *id != by);
            }
            Step::AddSubIssue { parent, child, from_another_parent } => {
                let parent = bindings.issue(parent).unwrap().clone();
                let it = self.bound(bindings, child);
                assert_eq!(it.parent.is_some(), *from_another_parent, "GitHub refuses a second parent");
                it.parent = Some(parent.clone());
                let child = it.id.clone();
                self.adopt(&parent, child);
            }
            Step::MoveSubIssue { parent, child, place } => {
                let parent = bindings.issue(parent).unwrap().clone();
                let child = bindings.issues[child].id.clone();
                let (other, offset) = match place {
                    Place::Before(other) => (bindings.issues[other].id.clone(), 0),
                    Place::After(other) => (bindings.issues[other].id.clone(), 1),
                };
                if let Some(parent) = self.github.issues.iter_mut().find(|issue| issue.id == parent) {
                    parent.sub_issues.retain(|id| *id != child);
                    let index = parent.sub_issues.iter().position(|id| *id == other).unwrap();
                    parent.sub_issues.insert(index + offset, child);
                }
            }
            _ => return false,
        }
        true
    }

    fn create_issue(&mut self, write: &IssueWrite, bindings: &mut Bindings) {
        let IssueWrite { issue, repository, title, body, labels, assignees, milestone, issue_type, parent } =
            write;
        for label in labels {
            assert!(bindings.label(repository, label).is_some(), "{label} is not there yet");
        }
        let parent = parent.as_ref().map(|parent| bindings.issue(parent).unwrap().clone());
        let milestone = milestone.as_ref().map(|it| bindings.milestone(repository, it).unwrap().id.clone());
        let id = NodeId::new(self.id("I"));
        let binding =
            IssueBinding { id: id.clone(), number: self.next, url: format!("https://github.test/{id}") };
        self.github.issues.push(Issue {
            id: id.clone(),
            number: binding.number,
            url: binding.url.clone(),
            repository: repository.clone(),
            title: title.clone(),
            body: body.clone(),
            state: IssueState::Open,
            state_reason: None,
            author: Some(Login::new("spectra-bot")),
            created_at: jiff::Timestamp::UNIX_EPOCH,
            labels: labels.clone(),
            assignees: assignees.clone(),
            milestone,
            issue_type: issue_type.clone(),
            parent: parent.clone(),
            sub_issues: Vec::new(),
            blocked_by: Vec::new(),
            boards: Vec::new(),
            item: None,
        });
        bindings.issues.insert(issue.clone(), binding);
        if let Some(parent) = parent {
            self.adopt(&parent, id);
        }
    }

    /// Puts a sub-issue last among its parent's.
    fn adopt(&mut self, parent: &NodeId, child: NodeId) {
        for issue in &mut self.github.issues {
            issue.sub_issues.retain(|id| *id != child);
        }
        if let Some(parent) = self.github.issues.iter_mut().find(|issue| issue.id == *parent) {
            parent.sub_issues.push(child);
        }
    }

    /// A new item: GitHub's workflow gives it the first option of Status.
    fn filed(&mut self) -> Item {
        let id = NodeId::new(self.id("PVTI"));
        let status = self.named("Status").clone();
        let first = status.options.first().map(|first| (status.id, Value::SingleSelect(first.id.clone())));
        let values: BTreeMap<_, _> = first.into_iter().collect();
        Item { id, archived: false, created_at: jiff::Timestamp::UNIX_EPOCH, values }
    }

    /// The draft of this title.
    pub(in crate::tests) fn draft(&mut self, title: &str) -> &mut Draft {
        self.board().drafts.iter_mut().find(|draft| draft.title == title).unwrap()
    }

    /// The key's issue by its marker.
    pub(in crate::tests) fn by_key(&self, key: &IssueKey) -> Option<&Issue> {
        let is_it = |issue: &&Issue| {
            let body = spectra_model::marker::MarkedBody::read(&issue.body);
            body.is_some_and(|body| body.marker.key == *key)
        };
        self.github.issues.iter().find(is_it)
    }
}

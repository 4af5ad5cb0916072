//! Issues as they are found, side by side, and their places on the board.
//!
//! It does not know where to look; [`super`] does.

use std::collections::{BTreeMap, BTreeSet};

use spectra_github::{BoardItem, Failure, Reader};
use spectra_model::id::{IssueKey, NodeId, RepoSlug};
use spectra_model::marker::MarkedBody;
use spectra_model::observation::{Board, Issue};
use spectra_model::plan::Plan;

use super::Known;
use crate::error::Error;

/// Issues, each once.
#[derive(Default)]
pub(super) struct Found {
    pub(super) by_id: BTreeMap<NodeId, Issue>,
    /// What the board lists.
    pub(super) items: Vec<BoardItem>,
}

impl Found {
    pub(super) fn add(&mut self, issues: Result<Vec<Issue>, Failure>) -> Result<(), Error> {
        let issues = issues.map_err(Error::GitHub)?;
        self.by_id.extend(issues.into_iter().map(|issue| (issue.id.clone(), issue)));
        Ok(())
    }

    /// How many of the board's items hold neither one of the issues nor a draft.
    pub(super) fn other_items(&self) -> usize {
        let is_known =
            |item: &&BoardItem| item.is_draft() || item.issue().is_some_and(|id| self.by_id.contains_key(id));
        self.items.len().saturating_sub(self.items.iter().filter(is_known).count())
    }

    /// GitHub: an issue was seen not to list its place on a board of another owner than its repository's. There the
    /// items' ids lead to it: those that the board lists, and those that it doesn't list yet.
    pub(super) async fn place_those_of_others(
        &mut self,
        reader: &Reader,
        plan: &Plan,
        board: &Board,
        known: &mut Known,
    ) -> Result<(), Error> {
        let recorded = board.parts.record.iter().flat_map(|record| &record.unlisted);
        known.unlisted.extend(recorded.cloned());
        let listed: BTreeSet<&NodeId> = self.items.iter().map(|item| &item.id).collect();
        known.unlisted.retain(|id| !listed.contains(id));
        let is_unplaced = |id: &NodeId| {
            let issue = self.by_id.get(id);
            issue.is_some_and(|it| it.item.is_none() && plan.is_of_another_owner(&it.repository))
        };
        let listed = self.items.iter().filter(|item| item.issue().is_some_and(is_unplaced));
        let ids: Vec<NodeId> = listed.map(|item| &item.id).chain(&known.unlisted).cloned().collect();
        if ids.is_empty() {
            return Ok(());
        }
        let places = reader.places(&ids).await.map_err(Error::GitHub)?;
        let there: BTreeSet<&NodeId> = places.values().map(|item| &item.id).collect();
        known.unlisted.retain(|id| there.contains(id));
        let unseen: Vec<NodeId> = places.keys().filter(|id| !self.by_id.contains_key(id)).cloned().collect();
        if !unseen.is_empty() {
            self.add(reader.issues_by_id(&unseen, Some(&board.summary.id)).await)?;
        }
        for (id, item) in places {
            if let Some(issue) = self.by_id.get_mut(&id) {
                issue.item = Some(item);
            }
        }
        Ok(())
    }

    pub(super) fn sorted(self) -> Vec<Issue> {
        let mut issues: Vec<Issue> = self.by_id.into_values().collect();
        issues.sort_by(|one, other| (&one.repository, one.number).cmp(&(&other.repository, other.number)));
        issues
    }

    /// The board's own issues by key.
    pub(super) fn marked<'a>(&'a self, plan: &'a Plan) -> impl Iterator<Item = (IssueKey, &'a Issue)> {
        self.by_id.values().filter_map(|issue| {
            let marker = MarkedBody::read(&issue.body)?.marker;
            plan.has_slug(&marker.slug).then_some((marker.key, issue))
        })
    }

    /// Issues of the plan that stand on another board of the project so far.
    pub(super) fn coming_over(&self, plan: &Plan) -> Vec<NodeId> {
        let keys: BTreeSet<&IssueKey> = plan
            .issues
            .iter()
            .flat_map(|issue| std::iter::once(&issue.key).chain(&issue.renamed_from))
            .collect();
        let issues = self.by_id.values().filter(|issue| {
            let body = MarkedBody::read(&issue.body);
            body.is_some_and(|it| keys.contains(&it.marker.key) && plan.may_come_over(&it.marker))
        });
        issues.map(|issue| issue.id.clone()).collect()
    }

    /// Children of these issues that are not among them.
    pub(super) fn unseen_children(&self) -> Vec<NodeId> {
        let children: BTreeSet<&NodeId> = self.by_id.values().flat_map(|issue| &issue.sub_issues).collect();
        children.into_iter().filter(|id| !self.by_id.contains_key(*id)).cloned().collect()
    }

    /// Whether an issue of the plan that belongs into this repository is not among them.
    pub(super) fn lacks(&self, plan: &Plan, repository: &RepoSlug) -> bool {
        let keys: BTreeSet<IssueKey> = self.marked(plan).map(|(key, _)| key).collect();
        plan.issues.iter().filter(|issue| issue.repository == *repository).any(|issue| {
            !std::iter::once(&issue.key).chain(&issue.renamed_from).any(|key| keys.contains(key))
        })
    }
}

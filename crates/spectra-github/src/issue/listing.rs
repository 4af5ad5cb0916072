//! Issues as lists have them, and what is missing of them.

use std::collections::BTreeMap;

use jiff::Timestamp;
use spectra_model::id::{IssueTypeName, LabelName, Login, NodeId, RepoSlug};
use spectra_model::observation::{Issue, Item, StateReason};
use spectra_model::plan::IssueState;

use crate::assignee::Assignee;
use crate::blocked_by::Blocker;
use crate::bulk::{Sizes, complete, seen};
use crate::failure::Failure;
use crate::item::ListedItem;
use crate::label::texts;
use crate::operations::{
    IssueAssignees, IssueBlockers, IssueLabels, IssueSubIssues, issue_assignees, issue_blockers,
    issue_labels, issue_sub_issues, issues_by_id, repository_issues,
};
use crate::page::{LARGEST, Page, page};
use crate::reader::{Reader, number};
use crate::sub_issue::SubIssue;

/// 5,050 nodes and one point.
const SIZES: Sizes = Sizes { nodes: 50, page: LARGEST };

/// An issue as a list has it, its connections perhaps not all there yet.
#[derive(Debug)]
pub(super) struct ListedIssue {
    id: NodeId,
    number: i64,
    url: String,
    repository: String,
    title: String,
    body: String,
    state: IssueState,
    state_reason: Option<StateReason>,
    author: Option<Login>,
    pub(super) created_at: Timestamp,
    milestone: Option<NodeId>,
    issue_type: Option<IssueTypeName>,
    parent: Option<NodeId>,
    labels: Page<LabelName>,
    assignees: Page<Assignee>,
    sub_issues: Page<SubIssue>,
    blockers: Page<Blocker>,
    items: Page<ListedItem>,
}

macro_rules! issue_of {
    ($module:ident) => {
        impl From<$module::IssueSel> for ListedIssue {
            fn from(issue: $module::IssueSel) -> Self {
                use $module::IssueStateReason as Reason;
                // A state that is newer than this program is not closed as far as it knows.
                let closed = matches!(issue.state, $module::IssueState::CLOSED);
                let reason = match issue.state_reason {
                    Some(Reason::COMPLETED) => Some(StateReason::Completed),
                    Some(Reason::NOT_PLANNED) => Some(StateReason::NotPlanned),
                    Some(Reason::DUPLICATE) => Some(StateReason::Duplicate),
                    Some(Reason::REOPENED | Reason::Other(_)) | None => None,
                };
                Self {
                    id: NodeId::new(issue.id),
                    number: issue.number,
                    url: issue.url,
                    repository: issue.repository.name_with_owner,
                    title: issue.title,
                    body: issue.body,
                    state: if closed { IssueState::Closed } else { IssueState::Open },
                    state_reason: reason.filter(|_| closed),
                    author: issue.author.map(|author| Login::new(author.login)),
                    created_at: issue.created_at,
                    milestone: issue.milestone.map(|milestone| NodeId::new(milestone.id)),
                    issue_type: issue.issue_type.map(|it| IssueTypeName::new(it.name)),
                    parent: issue.parent.map(|parent| NodeId::new(parent.id)),
                    labels: issue.labels.map_or_else(Page::empty, |page| page!(page)),
                    assignees: page!(issue.assignees),
                    sub_issues: page!(issue.sub_issues),
                    blockers: page!(issue.blocked_by),
                    items: issue.project_items.map_or_else(Page::empty, |page| page!(page)),
                }
            }
        }

        impl From<$module::IssueSelLabelsNodes> for LabelName {
            fn from(label: $module::IssueSelLabelsNodes) -> Self {
                Self::new(label.name)
            }
        }

        impl From<$module::IssueSelAssigneesNodes> for Assignee {
            fn from(user: $module::IssueSelAssigneesNodes) -> Self {
                Self(Login::new(user.login))
            }
        }

        impl From<$module::IssueSelSubIssuesNodes> for SubIssue {
            fn from(issue: $module::IssueSelSubIssuesNodes) -> Self {
                Self(NodeId::new(issue.id))
            }
        }

        impl From<$module::IssueSelBlockedByNodes> for Blocker {
            fn from(issue: $module::IssueSelBlockedByNodes) -> Self {
                Self(NodeId::new(issue.id))
            }
        }
    };
}

issue_of!(issues_by_id);
issue_of!(repository_issues);

impl From<issue_labels::IssueLabelsNodesOnIssueLabelsNodes> for LabelName {
    fn from(label: issue_labels::IssueLabelsNodesOnIssueLabelsNodes) -> Self {
        Self::new(label.name)
    }
}

impl From<issue_assignees::IssueAssigneesNodesOnIssueAssigneesNodes> for Assignee {
    fn from(user: issue_assignees::IssueAssigneesNodesOnIssueAssigneesNodes) -> Self {
        Self(Login::new(user.login))
    }
}

impl From<issue_sub_issues::IssueSubIssuesNodesOnIssueSubIssuesNodes> for SubIssue {
    fn from(issue: issue_sub_issues::IssueSubIssuesNodesOnIssueSubIssuesNodes) -> Self {
        Self(NodeId::new(issue.id))
    }
}

impl From<issue_blockers::IssueBlockersNodesOnIssueBlockedByNodes> for Blocker {
    fn from(issue: issue_blockers::IssueBlockersNodesOnIssueBlockedByNodes) -> Self {
        Self(NodeId::new(issue.id))
    }
}

/// The whole of a connection of many issues, by `nodes(ids:)`.
macro_rules! rest_of {
    ($reader:expr, $what:literal, $listed:expr, $operation:ident, $module:ident, $nodes:ident, $page:expr) => {
        complete($what, $listed, SIZES, |ids, first, after| async move {
            let variables = $module::Variables { ids: texts(&ids), first, after };
            let data = seen($reader.client().query::<$operation>(variables).await?)?;
            let issues = data.nodes.into_iter().flatten().filter_map(|node| {
                let $module::$nodes::Issue(it) = node else { return None };
                Some((NodeId::new(it.id.clone()), $page(it)))
            });
            Ok(issues.collect())
        })
    };
}

/// What of an issue stands in connections, by issue.
struct Connections {
    labels: BTreeMap<NodeId, Vec<LabelName>>,
    assignees: BTreeMap<NodeId, Vec<Assignee>>,
    sub_issues: BTreeMap<NodeId, Vec<SubIssue>>,
    blockers: BTreeMap<NodeId, Vec<Blocker>>,
    boards: BTreeMap<NodeId, Vec<NodeId>>,
    items: BTreeMap<NodeId, Item>,
}

impl Reader {
    /// The issues with all that belongs to them, by repository and number; with each its place on `project`.
    pub(super) async fn completed(
        &self,
        listed: Vec<ListedIssue>,
        project: Option<&NodeId>,
    ) -> Result<Vec<Issue>, Failure> {
        // A list that grows while it is paged may show an issue twice.
        let mut plain: BTreeMap<NodeId, ListedIssue> = BTreeMap::new();
        for issue in listed {
            plain.insert(issue.id.clone(), issue);
        }
        let mut connections = self.connections(&mut plain, project).await?;
        let mut issues = Vec::with_capacity(plain.len());
        for issue in plain.into_values() {
            issues.push(assembled(issue, &mut connections)?);
        }
        issues.sort_by(|one, other| {
            (&one.repository, one.number, &one.id).cmp(&(&other.repository, other.number, &other.id))
        });
        Ok(issues)
    }

    async fn connections(
        &self,
        issues: &mut BTreeMap<NodeId, ListedIssue>,
        project: Option<&NodeId>,
    ) -> Result<Connections, Failure> {
        let (mut labels, mut assignees, mut sub_issues) = (Vec::new(), Vec::new(), Vec::new());
        let (mut blockers, mut items) = (Vec::new(), Vec::new());
        for (id, issue) in issues {
            labels.push((id.clone(), std::mem::replace(&mut issue.labels, Page::empty())));
            assignees.push((id.clone(), std::mem::replace(&mut issue.assignees, Page::empty())));
            sub_issues.push((id.clone(), std::mem::replace(&mut issue.sub_issues, Page::empty())));
            blockers.push((id.clone(), std::mem::replace(&mut issue.blockers, Page::empty())));
            items.push((id.clone(), std::mem::replace(&mut issue.items, Page::empty())));
        }
        let of_labels = |it: issue_labels::IssueLabelsNodesOnIssue| {
            it.labels.map_or_else(Page::empty, |page| page!(page))
        };
        let of_assignees = |it: issue_assignees::IssueAssigneesNodesOnIssue| page!(it.assignees);
        let of_sub_issues = |it: issue_sub_issues::IssueSubIssuesNodesOnIssue| page!(it.sub_issues);
        let of_blockers = |it: issue_blockers::IssueBlockersNodesOnIssue| page!(it.blocked_by);
        let labels =
            rest_of!(self, "labels", labels, IssueLabels, issue_labels, IssueLabelsNodes, of_labels).await?;
        let assignees = rest_of!(
            self,
            "assignees",
            assignees,
            IssueAssignees,
            issue_assignees,
            IssueAssigneesNodes,
            of_assignees
        )
        .await?;
        let sub_issues = rest_of!(
            self,
            "sub-issues",
            sub_issues,
            IssueSubIssues,
            issue_sub_issues,
            IssueSubIssuesNodes,
            of_sub_issues
        )
        .await?;
        let blockers = rest_of!(
            self,
            "blockers",
            blockers,
            IssueBlockers,
            issue_blockers,
            IssueBlockersNodes,
            of_blockers
        )
        .await?;
        let places = self.all_places(items).await?;
        let (boards, items) = self.on_board(places, project).await?;
        Ok(Connections { labels, assignees, sub_issues, blockers, boards, items })
    }

    /// The boards that each issue is on, and its place on `project`.
    async fn on_board(
        &self,
        places: BTreeMap<NodeId, Vec<ListedItem>>,
        project: Option<&NodeId>,
    ) -> Result<(BTreeMap<NodeId, Vec<NodeId>>, BTreeMap<NodeId, Item>), Failure> {
        let mut boards = BTreeMap::new();
        let mut ours = Vec::new();
        let mut issues = Vec::new();
        for (issue, items) in places {
            let mut on: Vec<NodeId> = items.iter().map(|item| item.project.clone()).collect();
            on.sort();
            on.dedup();
            boards.insert(issue.clone(), on);
            if let Some(item) = items.into_iter().find(|item| project == Some(&item.project)) {
                ours.push(item);
                issues.push(issue);
            }
        }
        let items = issues.into_iter().zip(self.whole(ours).await?).collect();
        Ok((boards, items))
    }
}

fn assembled(issue: ListedIssue, connections: &mut Connections) -> Result<Issue, Failure> {
    let Connections { labels, assignees, sub_issues, blockers, boards, items } = connections;
    let ListedIssue { id, number: given, url, repository, title, body, state, state_reason, .. } = issue;
    let ListedIssue { author, created_at, milestone, issue_type, parent, .. } = issue;
    let mut labels = labels.remove(&id).unwrap_or_default();
    labels.sort();
    labels.dedup();
    let assignees = assignees.remove(&id).unwrap_or_default();
    let mut assignees: Vec<Login> = assignees.into_iter().map(|assignee| assignee.0).collect();
    assignees.sort();
    assignees.dedup();
    let mut ordered: Vec<NodeId> = Vec::new();
    for SubIssue(child) in sub_issues.remove(&id).unwrap_or_default() {
        if !ordered.contains(&child) {
            ordered.push(child);
        }
    }
    let blockers = blockers.remove(&id).unwrap_or_default();
    let mut blocked_by: Vec<NodeId> = blockers.into_iter().map(|blocker| blocker.0).collect();
    blocked_by.sort();
    blocked_by.dedup();
    let repository = RepoSlug::parse(&repository).map_err(|error| Failure::malformed(error.to_string()))?;
    Ok(Issue {
        number: number(given)?,
        url,
        repository,
        title,
        body,
        state,
        state_reason,
        author,
        created_at,
        labels,
        assignees,
        milestone,
        issue_type,
        parent,
        sub_issues: ordered,
        blocked_by,
        boards: boards.remove(&id).unwrap_or_default(),
        item: items.remove(&id),
        id,
    })
}

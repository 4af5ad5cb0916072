//! Issues.
//!
//! One fragment serves the listing by label, the listing of the newest and the reading by id. A page of 100 issues comes
//! with 20 labels, 10 assignees, 20 sub-issues, 10 blockers and 3 places of 30 values each: 15,400 of GitHub's 500,000
//! nodes, and 8 points. What doesn't fit is read on for many issues at once. So 1,818 issues are 19 pages and, as a rule,
//! fewer than 10 further requests.

mod listing;

use jiff::Timestamp;
use spectra_model::id::{LabelName, NodeId, RepoSlug};
use spectra_model::observation::Issue;
use spectra_model::plan::IssueState;
use spectra_model::step::IssueBinding;

use self::listing::ListedIssue;
use crate::batch::batch_op;
use crate::bulk::{in_portions, seen};
use crate::failure::Failure;
use crate::label::texts;
use crate::operations::{
    CreateIssue, DeleteIssue, IssuesById, MarkedBodies, RepositoryIssues, TransferIssue, UpdateIssue,
    create_issue, delete_issue, issues_by_id, marked_bodies, repository_issues, transfer_issue, update_issue,
};
use crate::page::{LARGEST, Page, all, page, through};
use crate::reader::{Reader, number};
use crate::repository::gone;
use crate::writer::CloseAs;

/// As many nodes as half the widest page of a list.
const IDS_A_REQUEST: i64 = 50;

batch_op!(CreateIssue, create_issue, "createIssue", CreateIssueInput, CreateIssueSel);
batch_op!(UpdateIssue, update_issue, "updateIssue", UpdateIssueInput, UpdateIssueSel);
batch_op!(DeleteIssue, delete_issue, "deleteIssue", DeleteIssueInput, DeleteIssueSel);
batch_op!(TransferIssue, transfer_issue, "transferIssue", TransferIssueInput, TransferIssueSel);

/// An issue's id and body.
struct MarkedBody(NodeId, String);

impl From<marked_bodies::MarkedBodiesRepositoryIssuesNodes> for MarkedBody {
    fn from(issue: marked_bodies::MarkedBodiesRepositoryIssuesNodes) -> Self {
        Self(NodeId::new(issue.id), issue.body)
    }
}

impl Reader {
    /// The issues of a repository that carry a label, open and closed, by number; with each its place on `project`.
    ///
    /// # Errors
    /// When the repository isn't there, or GitHub doesn't say.
    pub async fn labelled_issues(
        &self,
        repository: &RepoSlug,
        label: &LabelName,
        project: Option<&NodeId>,
    ) -> Result<Vec<Issue>, Failure> {
        let page = |first, after| {
            let labels = Some(vec![label.as_str().to_owned()]);
            let direction = repository_issues::OrderDirection::ASC;
            self.issues_page(repository, labels, direction, first, after)
        };
        let listed = all("issues", None, LARGEST, page).await?;
        self.completed(listed, project).await
    }

    /// The issues of a repository that were made at `since` or later, all of them without it, by number.
    ///
    /// # Errors
    /// When the repository isn't there, or GitHub doesn't say.
    pub async fn newest_issues(
        &self,
        repository: &RepoSlug,
        since: Option<Timestamp>,
        project: Option<&NodeId>,
    ) -> Result<Vec<Issue>, Failure> {
        let older = |issue: &ListedIssue| since.is_some_and(|since| issue.created_at < since);
        let page = |first, after| {
            let direction = repository_issues::OrderDirection::DESC;
            self.issues_page(repository, None, direction, first, after)
        };
        let mut listed = through("issues", None, LARGEST, older, page).await?;
        listed.retain(|issue| !older(issue));
        self.completed(listed, project).await
    }

    /// The issues of these ids, by repository and number. Ids that lead nowhere, or to something else, are left out.
    ///
    /// # Errors
    /// When GitHub doesn't say.
    pub async fn issues_by_id(
        &self,
        ids: &[NodeId],
        project: Option<&NodeId>,
    ) -> Result<Vec<Issue>, Failure> {
        let listed = in_portions(ids, IDS_A_REQUEST, |ids| self.issues_chunk(ids)).await?;
        self.completed(listed, project).await
    }

    /// The bodies of the issues of a repository that carry a label, by issue: to find the issues of another board by
    /// their markers. One point a hundred.
    ///
    /// # Errors
    /// When the repository isn't there, or GitHub doesn't say.
    pub async fn labelled_bodies(
        &self,
        repository: &RepoSlug,
        label: &LabelName,
    ) -> Result<Vec<(NodeId, String)>, Failure> {
        let found = all("issues", None, LARGEST, |first, after| async move {
            let variables = marked_bodies::Variables {
                owner: repository.owner().to_owned(),
                name: repository.name().to_owned(),
                label: label.as_str().to_owned(),
                first,
                after,
            };
            let data = self.client().whole::<MarkedBodies>(variables).await?;
            let page = data.repository.ok_or_else(|| gone(repository))?.issues;
            Ok(page!(page))
        })
        .await?;
        let mut found: Vec<_> = found.into_iter().map(|MarkedBody(id, body)| (id, body)).collect();
        found.sort();
        found.dedup_by(|one, other| one.0 == other.0);
        Ok(found)
    }

    async fn issues_chunk(&self, ids: Vec<NodeId>) -> Result<Vec<ListedIssue>, Failure> {
        use issues_by_id::IssuesByIdNodes as Node;
        let data =
            seen(self.client().query::<IssuesById>(issues_by_id::Variables { ids: texts(&ids) }).await?)?;
        let issues = data.nodes.into_iter().flatten().filter_map(|node| {
            let Node::Issue(issue) = node else { return None };
            Some(ListedIssue::from(issue))
        });
        Ok(issues.collect())
    }

    async fn issues_page(
        &self,
        repository: &RepoSlug,
        labels: Option<Vec<String>>,
        direction: repository_issues::OrderDirection,
        first: i64,
        after: Option<String>,
    ) -> Result<Page<ListedIssue>, Failure> {
        let (owner, name) = (repository.owner().to_owned(), repository.name().to_owned());
        let variables = repository_issues::Variables { owner, name, labels, direction, first, after };
        let data = self.client().whole::<RepositoryIssues>(variables).await?;
        let page = data.repository.ok_or_else(|| gone(repository))?.issues;
        Ok(page!(page))
    }
}

/// An issue as it is made, its ids resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewIssue {
    /// The repository.
    pub repository: NodeId,
    /// The title.
    pub title: String,
    /// The body.
    pub body: String,
    /// Its labels.
    pub labels: Vec<NodeId>,
    /// Whom it is assigned to.
    pub assignees: Vec<NodeId>,
    /// Its milestone.
    pub milestone: Option<NodeId>,
    /// Its issue type.
    pub issue_type: Option<NodeId>,
    /// Its parent.
    pub parent: Option<NodeId>,
}

pub(crate) fn create(issue: &NewIssue) -> create_issue::CreateIssueInput {
    let NewIssue { repository, title, body, labels, assignees, milestone, issue_type, parent } = issue;
    let text = |id: &Option<NodeId>| id.as_ref().map(|id| id.as_str().to_owned());
    create_issue::CreateIssueInput {
        repository_id: repository.as_str().to_owned(),
        title: title.clone(),
        body: Some(body.clone()),
        label_ids: Some(texts(labels)),
        assignee_ids: (!assignees.is_empty()).then(|| texts(assignees)),
        milestone_id: text(milestone),
        issue_type_id: text(issue_type),
        parent_issue_id: text(parent),
        ..Default::default()
    }
}

pub(crate) fn update(
    issue: &NodeId,
    title: Option<&str>,
    body: Option<&str>,
) -> update_issue::UpdateIssueInput {
    update_issue::UpdateIssueInput {
        title: title.map(str::to_owned),
        body: body.map(str::to_owned),
        ..untouched(issue)
    }
}

pub(crate) fn set_state(
    issue: &NodeId,
    state: IssueState,
    reason: &CloseAs,
) -> update_issue::UpdateIssueInput {
    use update_issue::IssueClosedStateReason as Reason;
    let plain = update_issue::IssueStateUpdateInput {
        confidence: None,
        duplicate_issue_id: None,
        rationale: None,
        state_reason: None,
        suggest: None,
        value: update_issue::IssueState::OPEN,
    };
    let state_input = match state {
        IssueState::Open => plain,
        IssueState::Closed => {
            let (state_reason, of) = match reason {
                CloseAs::Completed => (Reason::COMPLETED, None),
                CloseAs::NotPlanned => (Reason::NOT_PLANNED, None),
                CloseAs::DuplicateOf(issue) => (Reason::DUPLICATE, Some(issue.as_str().to_owned())),
            };
            update_issue::IssueStateUpdateInput {
                duplicate_issue_id: of,
                state_reason: Some(state_reason),
                value: update_issue::IssueState::CLOSED,
                ..plain
            }
        }
    };
    update_issue::UpdateIssueInput { state_input: Some(state_input), ..untouched(issue) }
}

/// A milestone of None is to be sent as null.
pub(crate) fn set_milestone(issue: &NodeId, milestone: Option<&NodeId>) -> update_issue::UpdateIssueInput {
    let milestone_id = milestone.map(|milestone| milestone.as_str().to_owned());
    update_issue::UpdateIssueInput { milestone_id, ..untouched(issue) }
}

/// A type of None is to be sent as null, inside (GitHub's schema, `UpdateIssueInput.issueType`).
pub(crate) fn set_issue_type(issue: &NodeId, issue_type: Option<&NodeId>) -> update_issue::UpdateIssueInput {
    let issue_type = update_issue::IssueTypeUpdateInput {
        confidence: None,
        issue_type_id: issue_type.map(|it| it.as_str().to_owned()),
        rationale: None,
        suggest: None,
    };
    update_issue::UpdateIssueInput { issue_type: Some(issue_type), ..untouched(issue) }
}

pub(crate) fn delete(issue: &NodeId) -> delete_issue::DeleteIssueInput {
    delete_issue::DeleteIssueInput { issue_id: issue.as_str().to_owned(), ..Default::default() }
}

/// Labels that the other repository lacks are not made there: it gets those that the plan has.
pub(crate) fn transfer(issue: &NodeId, repository: &NodeId) -> transfer_issue::TransferIssueInput {
    transfer_issue::TransferIssueInput {
        issue_id: issue.as_str().to_owned(),
        repository_id: repository.as_str().to_owned(),
        ..Default::default()
    }
}

/// A write that changes nothing yet: what is None is left as it is.
fn untouched(issue: &NodeId) -> update_issue::UpdateIssueInput {
    update_issue::UpdateIssueInput {
        agent_assignment: None,
        assignee_ids: None,
        assignees: None,
        body: None,
        client_mutation_id: None,
        id: issue.as_str().to_owned(),
        issue_field_updates: None,
        issue_type: None,
        issue_type_id: None,
        label_ids: None,
        labels: None,
        milestone_id: None,
        project_ids: None,
        state: None,
        state_input: None,
        title: None,
    }
}

pub(crate) fn created(payload: create_issue::CreateIssueSel) -> Option<IssueBinding> {
    let issue = payload.issue?;
    Some(IssueBinding { id: NodeId::new(issue.id), number: number(issue.number).ok()?, url: issue.url })
}

pub(crate) fn updated(payload: update_issue::UpdateIssueSel) -> Option<IssueBinding> {
    let issue = payload.issue?;
    Some(IssueBinding { id: NodeId::new(issue.id), number: number(issue.number).ok()?, url: issue.url })
}

pub(crate) fn transferred(payload: transfer_issue::TransferIssueSel) -> Option<IssueBinding> {
    let issue = payload.issue?;
    Some(IssueBinding { id: NodeId::new(issue.id), number: number(issue.number).ok()?, url: issue.url })
}

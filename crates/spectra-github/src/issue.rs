//! Issues.
//!
//! One fragment serves the listing by label, the listing of the newest and the reading by id; connections inside it
//! that don't end on their first page are read on by the issue's id. The widest query asks for 100 issues with 20
//! labels and 5 items of 50 values each, 27,600 nodes of GitHub's 500,000.

use jiff::Timestamp;
use spectra_model::id::{LabelName, Login, NodeId, RepoSlug};
use spectra_model::observation::Issue;
use spectra_model::plan::IssueState;
use spectra_model::step::IssueBinding;

use crate::batch::batch_op;
use crate::blocked_by::Blocker;
use crate::failure::Failure;
use crate::item::ListedItem;
use crate::label::{gone, texts};
use crate::operations::{
    CreateIssue, IssueLabels, IssuesById, RepositoryIssues, UpdateIssue, create_issue, issue_labels,
    issues_by_id, repository_issues, update_issue,
};
use crate::page::{LARGEST, Page, Portion, all, page, through};
use crate::reader::{Reader, another_type, number};
use crate::writer::CloseAs;

/// As many nodes as half the widest page of a list.
const IDS_A_REQUEST: i64 = 50;

batch_op!(CreateIssue, create_issue, "createIssue", CreateIssueInput, CreateIssueSel);
batch_op!(UpdateIssue, update_issue, "updateIssue", UpdateIssueInput, UpdateIssueSel);

/// An issue as a list has it, its labels and items perhaps not all there yet.
#[derive(Debug)]
struct ListedIssue {
    id: NodeId,
    number: i64,
    url: String,
    repository: String,
    title: String,
    body: String,
    state: IssueState,
    author: Option<Login>,
    created_at: Timestamp,
    parent: Option<NodeId>,
    labels: Page<LabelName>,
    blockers: Page<Blocker>,
    items: Page<ListedItem>,
}

macro_rules! issue_of {
    ($module:ident) => {
        impl From<$module::IssueSel> for ListedIssue {
            fn from(issue: $module::IssueSel) -> Self {
                Self {
                    id: NodeId::new(issue.id),
                    number: issue.number,
                    url: issue.url,
                    repository: issue.repository.name_with_owner,
                    title: issue.title,
                    body: issue.body,
                    // A state that is newer than this program is not closed as far as it knows.
                    state: if matches!(issue.state, $module::IssueState::CLOSED) {
                        IssueState::Closed
                    } else {
                        IssueState::Open
                    },
                    author: issue.author.map(|author| Login::new(author.login)),
                    created_at: issue.created_at,
                    parent: issue.parent.map(|parent| NodeId::new(parent.id)),
                    labels: issue.labels.map_or_else(Page::empty, |page| page!(page)),
                    blockers: {
                        let page = issue.blocked_by;
                        page!(page)
                    },
                    items: issue.project_items.map_or_else(Page::empty, |page| page!(page)),
                }
            }
        }

        impl From<$module::IssueSelLabelsNodes> for LabelName {
            fn from(label: $module::IssueSelLabelsNodes) -> Self {
                Self::new(label.name)
            }
        }
    };
}

issue_of!(issues_by_id);
issue_of!(repository_issues);

impl From<issue_labels::IssueLabelsNodeOnIssueLabelsNodes> for LabelName {
    fn from(label: issue_labels::IssueLabelsNodeOnIssueLabelsNodes) -> Self {
        Self::new(label.name)
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
        let mut listed = Vec::new();
        let mut portion = Portion::of(IDS_A_REQUEST);
        let mut rest = ids;
        while !rest.is_empty() {
            let size = usize::try_from(portion.size).unwrap_or(1);
            let (chunk, behind) = rest.split_at(rest.len().min(size));
            match self.issues_chunk(chunk).await {
                Err(failure) if portion.shrink(&failure) => {}
                answer => {
                    listed.extend(answer?);
                    rest = behind;
                }
            }
        }
        self.completed(listed, project).await
    }

    async fn issues_chunk(&self, ids: &[NodeId]) -> Result<Vec<ListedIssue>, Failure> {
        use issues_by_id::IssuesByIdNodes as Node;
        let response = self.client().query::<IssuesById>(issues_by_id::Variables { ids: texts(ids) }).await?;
        // An id that leads nowhere is an error at its own place of the list; anything else leaves the list unknown.
        for error in &response.errors {
            let failure = Failure::of_error(error);
            if error.path.len() != 2 || !matches!(failure, Failure::NotFound { .. }) {
                return Err(failure);
            }
        }
        let data = response.data.ok_or_else(|| Failure::malformed("nodes without data"))?;
        let mut issues = Vec::with_capacity(ids.len());
        for node in data.nodes {
            if let Some(Node::Issue(issue)) = node {
                issues.push(ListedIssue::from(issue));
            }
        }
        Ok(issues)
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

    async fn completed(
        &self,
        listed: Vec<ListedIssue>,
        project: Option<&NodeId>,
    ) -> Result<Vec<Issue>, Failure> {
        let mut issues = Vec::with_capacity(listed.len());
        for issue in listed {
            issues.push(self.complete(issue, project).await?);
        }
        issues.sort_by(|one, other| {
            (&one.repository, one.number, &one.id).cmp(&(&other.repository, other.number, &other.id))
        });
        // A list that grows while it is paged may show an issue twice.
        issues.dedup_by(|one, other| one.id == other.id);
        Ok(issues)
    }

    async fn complete(&self, issue: ListedIssue, project: Option<&NodeId>) -> Result<Issue, Failure> {
        let ListedIssue { id, number: given, url, repository, title, body, .. } = issue;
        let ListedIssue { state, author, created_at, parent, labels, blockers, items, .. } = issue;
        let page = |first, after| self.issue_labels_page(&id, first, after);
        let mut labels = all("labels of an issue", Some(labels), LARGEST, page).await?;
        labels.sort();
        labels.dedup();
        let page = |first, after| self.blockers_page(&id, first, after);
        let mut blockers = all("blockers of an issue", Some(blockers), LARGEST, page).await?;
        blockers.sort();
        blockers.dedup();
        let (boards, item) = self.places(&id, project, items).await?;
        let repository =
            RepoSlug::parse(&repository).map_err(|error| Failure::malformed(error.to_string()))?;
        let number = number(given)?;
        Ok(Issue {
            id,
            number,
            url,
            repository,
            title,
            body,
            state,
            author,
            created_at,
            labels,
            parent,
            blocked_by: blockers.into_iter().map(|blocker| blocker.0).collect(),
            boards,
            item,
        })
    }

    async fn issue_labels_page(
        &self,
        issue: &NodeId,
        first: i64,
        after: Option<String>,
    ) -> Result<Page<LabelName>, Failure> {
        let variables = issue_labels::Variables { issue: issue.as_str().to_owned(), first, after };
        match self.client().whole::<IssueLabels>(variables).await?.node {
            Some(issue_labels::IssueLabelsNode::Issue(it)) => {
                Ok(it.labels.map_or_else(Page::empty, |page| page!(page)))
            }
            Some(_) | None => Err(another_type(issue, "an issue")),
        }
    }
}

pub(crate) fn create(
    repository: &NodeId,
    title: &str,
    body: &str,
    labels: &[NodeId],
    parent: Option<&NodeId>,
) -> create_issue::CreateIssueInput {
    create_issue::CreateIssueInput {
        repository_id: repository.as_str().to_owned(),
        title: title.to_owned(),
        body: Some(body.to_owned()),
        label_ids: Some(texts(labels)),
        parent_issue_id: parent.map(|parent| parent.as_str().to_owned()),
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

//! Issues.
//!
//! Invariant: an issue's items, labels, parent and sub-issues name rows that exist and name it back.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::World;
use super::event::Action;
use super::ids::{Kind, NodeId};
use super::label::LabelRef;
use super::refusal::{Refusal, RefusalKind};
use super::repository::Permission;

/// GitHub: message and limit observed in reports.
const TITLE_LIMIT: usize = 256;
/// GitHub: message and limit observed in reports.
const BODY_LIMIT: usize = 65_536;
/// GitHub: docs state ten assignees.
const ASSIGNEE_LIMIT: usize = 10;

/// Why an issue was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CloseReason {
    /// Done.
    Completed,
    /// Another issue stands for it.
    Duplicate,
    /// Will not be done.
    NotPlanned,
}

/// Whether work on an issue is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub enum State {
    /// It is not.
    Open {
        /// It was over once.
        reopened: bool,
    },
    /// It is.
    Closed {
        /// Why.
        reason: CloseReason,
        /// Since when.
        at: Timestamp,
    },
}

/// `IssueState`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StateName {
    /// Open.
    Open,
    /// Closed.
    Closed,
}

/// An issue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Issue {
    /// Node id.
    pub id: NodeId,
    /// REST's numeric id.
    pub database_id: u32,
    /// The repository.
    pub repository: NodeId,
    /// Its number within the repository.
    pub number: u32,
    /// Its title.
    pub title: String,
    /// Its text, empty when none was given.
    pub body: String,
    /// Open or closed.
    pub state: State,
    /// Who opened it.
    pub author: NodeId,
    /// When.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Who last edited its text.
    pub editor: Option<NodeId>,
    /// When the text was last edited.
    pub last_edited_at: Option<Timestamp>,
    /// Labels, in the order they were put on.
    pub labels: Vec<NodeId>,
    /// Assigned users.
    pub assignees: Vec<NodeId>,
    /// Its milestone.
    pub milestone: Option<NodeId>,
    /// Its type.
    pub issue_type: Option<NodeId>,
    /// The issue it is a part of.
    pub parent: Option<NodeId>,
    /// Its parts, by priority.
    pub sub_issues: Vec<NodeId>,
    /// Its places on boards, oldest first.
    pub items: Vec<NodeId>,
    /// Its comments, oldest first.
    pub comments: Vec<NodeId>,
    /// The issue that it repeats.
    pub duplicate_of: Option<NodeId>,
}

impl Issue {
    /// Whether it is open.
    pub fn is_open(&self) -> bool {
        matches!(self.state, State::Open { .. })
    }

    /// When it was closed.
    pub fn closed_at(&self) -> Option<Timestamp> {
        match self.state {
            State::Open { .. } => None,
            State::Closed { at, .. } => Some(at),
        }
    }

    /// `IssueStateReason`.
    pub fn state_reason(&self) -> Option<&'static str> {
        match self.state {
            State::Open { reopened: false } => None,
            State::Open { reopened: true } => Some("REOPENED"),
            State::Closed { reason: CloseReason::Completed, .. } => Some("COMPLETED"),
            State::Closed { reason: CloseReason::Duplicate, .. } => Some("DUPLICATE"),
            State::Closed { reason: CloseReason::NotPlanned, .. } => Some("NOT_PLANNED"),
        }
    }
}

/// `CreateIssueInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateIssue {
    /// Where.
    pub repository_id: NodeId,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: Option<String>,
    /// Users.
    pub assignee_ids: Option<Vec<NodeId>>,
    /// Labels.
    pub label_ids: Option<Vec<NodeId>>,
    /// A milestone.
    pub milestone_id: Option<NodeId>,
    /// A type.
    pub issue_type_id: Option<NodeId>,
    /// The issue it is a part of.
    pub parent_issue_id: Option<NodeId>,
    /// Boards to file it on, after the answer.
    pub project_v2_ids: Option<Vec<NodeId>>,
}

/// `UpdateIssueInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateIssue {
    /// Which.
    pub id: NodeId,
    /// A new title.
    pub title: Option<String>,
    /// A new text.
    pub body: Option<String>,
    /// The whole new set of users.
    pub assignee_ids: Option<Vec<NodeId>>,
    /// The same, the newer way.
    pub assignees: Option<Vec<AssigneeRef>>,
    /// The whole new set of labels.
    pub label_ids: Option<Vec<NodeId>>,
    /// The same, the newer way.
    pub labels: Option<Vec<LabelRef>>,
    /// A milestone; null takes it away.
    #[serde(default, deserialize_with = "present")]
    pub milestone_id: Option<Option<NodeId>>,
    /// A type; null takes it away.
    #[serde(default, deserialize_with = "present")]
    pub issue_type_id: Option<Option<NodeId>>,
    /// The same, the newer way.
    pub issue_type: Option<IssueTypeRef>,
    /// A new state.
    pub state: Option<StateName>,
    /// The same with a reason.
    pub state_input: Option<StateInput>,
}

/// `AssigneeUpdateInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssigneeRef {
    /// Who.
    pub actor_id: NodeId,
}

/// `IssueTypeUpdateInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IssueTypeRef {
    /// Which; null for none.
    pub issue_type_id: Option<NodeId>,
}

/// `IssueStateUpdateInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StateInput {
    /// The state.
    pub value: StateName,
    /// Why, for a closed one.
    pub state_reason: Option<CloseReason>,
    /// The issue it repeats.
    pub duplicate_issue_id: Option<NodeId>,
}

/// `CloseIssueInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Close {
    /// Which.
    pub issue_id: NodeId,
    /// Why; completed when not said.
    pub state_reason: Option<CloseReason>,
    /// The issue it repeats.
    pub duplicate_issue_id: Option<NodeId>,
}

/// `ReopenIssueInput` and `DeleteIssueInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IssueRef {
    /// Which.
    pub issue_id: NodeId,
}

impl World {
    /// `createIssue`. Boards get the issue later. GitHub: payloads of creations were observed without items, which
    /// appeared 0.45 to 1.84 s later.
    pub fn create_issue(&mut self, now: Timestamp, input: CreateIssue) -> Result<NodeId, Refusal> {
        let CreateIssue {
            repository_id,
            title,
            body,
            assignee_ids,
            label_ids,
            milestone_id,
            issue_type_id,
            parent_issue_id,
            project_v2_ids,
        } = input;
        let repository = self.writable(&repository_id)?;
        if !repository.has_issues_enabled {
            return Err(Refusal::unprocessable("Issues has been disabled in this repository."));
        }
        let (number, owner) = (repository.next_issue, repository.owner.clone());
        // GitHub: OpenAPI: labels, assignees, milestone and type are silently dropped without push access.
        let may_push = repository.viewer_permission >= Permission::Triage;
        let label_ids = label_ids.filter(|_| may_push);
        let assignee_ids = assignee_ids.filter(|_| may_push);
        let milestone_id = milestone_id.filter(|_| may_push);
        let issue_type_id = issue_type_id.filter(|_| may_push);
        check_title(&title)?;
        let body = body.unwrap_or_default();
        check_body(&body)?;
        let mut labels = label_ids.unwrap_or_default();
        drop_repeats(&mut labels);
        self.check_labels(&repository_id, &labels)?;
        let mut assignees = assignee_ids.unwrap_or_default();
        drop_repeats(&mut assignees);
        self.check_assignees(&assignees)?;
        self.check_milestone(&repository_id, milestone_id.as_ref())?;
        self.check_issue_type(&owner, issue_type_id.as_ref())?;
        let boards = project_v2_ids.unwrap_or_default();
        for board in &boards {
            self.projects.find(board)?;
        }
        if let Some(parent) = &parent_issue_id {
            if self.owner_of_issue(parent)? != owner {
                return Err(Refusal::no_node(parent));
            }
            self.check_room(parent, 0)?;
        }

        let (id, database_id) = self.ids.mint(Kind::Issue);
        let issue = Issue {
            id: id.clone(),
            database_id,
            repository: repository_id.clone(),
            number,
            title,
            body,
            state: State::Open { reopened: false },
            author: self.viewer.clone(),
            created_at: now,
            updated_at: now,
            editor: None,
            last_edited_at: None,
            labels,
            assignees,
            milestone: milestone_id,
            issue_type: issue_type_id,
            parent: None,
            sub_issues: Vec::new(),
            items: Vec::new(),
            comments: Vec::new(),
            duplicate_of: None,
        };
        self.issues.insert(id.clone(), issue);
        let repository = self.repositories.find_mut(&repository_id)?;
        repository.issues.insert(number, id.clone());
        repository.next_issue = number.saturating_add(1);
        if let Some(parent) = parent_issue_id {
            self.attach(now, &parent, &id)?;
        }
        for project in boards {
            self.defer(now, 450, 1_390, Action::FileIssue { issue: id.clone(), project });
        }
        Ok(id)
    }

    /// `updateIssue`: sets replace, absent arguments leave alone.
    pub fn update_issue(&mut self, now: Timestamp, input: UpdateIssue) -> Result<NodeId, Refusal> {
        let UpdateIssue {
            id,
            title,
            body,
            assignee_ids,
            assignees,
            label_ids,
            labels,
            milestone_id,
            issue_type_id,
            issue_type,
            state,
            state_input,
        } = input;
        let repository_id = self.issues.find(&id)?.repository.clone();
        let owner = self.editable(&id, "UpdateIssue")?.owner.clone();
        if let Some(title) = &title {
            check_title(title)?;
        }
        if let Some(body) = &body {
            check_body(body)?;
        }
        let labels = one_of(("labelIds", label_ids), ("labels", labels), |refs| {
            refs.into_iter().map(|entry| entry.label_id).collect()
        })?;
        let assignees = one_of(("assigneeIds", assignee_ids), ("assignees", assignees), |refs| {
            refs.into_iter().map(|entry| entry.actor_id).collect()
        })?;
        let kind =
            one_of(("issueTypeId", issue_type_id), ("issueType", issue_type), |entry: IssueTypeRef| {
                entry.issue_type_id
            })?;
        let state = one_of(("stateInput", state_input), ("state", state), |value| StateInput {
            value,
            state_reason: None,
            duplicate_issue_id: None,
        })?;
        if let Some(labels) = &labels {
            self.check_labels(&repository_id, labels)?;
        }
        if let Some(assignees) = &assignees {
            self.check_assignees(assignees)?;
        }
        self.check_milestone(&repository_id, milestone_id.as_ref().and_then(Option::as_ref))?;
        self.check_issue_type(&owner, kind.as_ref().and_then(Option::as_ref))?;
        if let Some(duplicate) = state.as_ref().and_then(|state| state.duplicate_issue_id.as_ref()) {
            self.issues.find(duplicate)?;
        }

        let viewer = self.viewer.clone();
        let issue = self.issues.find_mut(&id)?;
        if let Some(title) = title {
            issue.title = title;
        }
        if let Some(body) = body
            && body != issue.body
        {
            issue.body = body;
            issue.editor = Some(viewer);
            issue.last_edited_at = Some(now);
        }
        if let Some(mut labels) = labels {
            drop_repeats(&mut labels);
            issue.labels = labels;
        }
        if let Some(mut assignees) = assignees {
            drop_repeats(&mut assignees);
            issue.assignees = assignees;
        }
        if let Some(milestone) = milestone_id {
            issue.milestone = milestone;
        }
        if let Some(kind) = kind {
            issue.issue_type = kind;
        }
        issue.updated_at = now;
        if let Some(StateInput { value, state_reason, duplicate_issue_id }) = state {
            match value {
                StateName::Open => self.reopen_issue(now, IssueRef { issue_id: id.clone() })?,
                StateName::Closed => {
                    self.close_issue(now, Close { issue_id: id.clone(), state_reason, duplicate_issue_id })?
                }
            };
        }
        Ok(id)
    }

    /// `closeIssue`. The items follow through the `Item closed` workflow, later.
    pub fn close_issue(&mut self, now: Timestamp, input: Close) -> Result<NodeId, Refusal> {
        let Close { issue_id, state_reason, duplicate_issue_id } = input;
        self.editable(&issue_id, "CloseIssue")?;
        if let Some(duplicate) = &duplicate_issue_id {
            self.issues.find(duplicate)?;
        }
        let issue = self.issues.find_mut(&issue_id)?;
        let was_open = issue.is_open();
        let reason = state_reason.unwrap_or(CloseReason::Completed);
        let at = issue.closed_at().unwrap_or(now);
        issue.state = State::Closed { reason, at };
        issue.duplicate_of = duplicate_issue_id.filter(|_| reason == CloseReason::Duplicate);
        issue.updated_at = now;
        if was_open {
            self.defer(now, 200, 800, Action::IssueClosed { issue: issue_id.clone() });
        }
        Ok(issue_id)
    }

    /// `reopenIssue`.
    pub fn reopen_issue(&mut self, now: Timestamp, input: IssueRef) -> Result<NodeId, Refusal> {
        self.editable(&input.issue_id, "ReopenIssue")?;
        let issue = self.issues.find_mut(&input.issue_id)?;
        if !issue.is_open() {
            issue.state = State::Open { reopened: true };
            issue.duplicate_of = None;
            issue.updated_at = now;
        }
        Ok(input.issue_id)
    }

    /// `deleteIssue`: it leaves boards, parent and parts. Gives the repository.
    pub fn delete_issue(&mut self, now: Timestamp, input: &IssueRef) -> Result<NodeId, Refusal> {
        let issue = self.issues.find(&input.issue_id)?.clone();
        self.allowed(&issue.repository, Permission::Admin, "DeleteIssue")?;
        for item in &issue.items {
            self.drop_item(now, item);
        }
        if let Some(parent) = &issue.parent
            && let Some(parent) = self.issues.get_mut(parent)
        {
            parent.sub_issues.retain(|part| *part != issue.id);
        }
        for part in &issue.sub_issues {
            if let Some(part) = self.issues.get_mut(part) {
                part.parent = None;
            }
        }
        for comment in &issue.comments {
            self.comments.remove(comment);
        }
        self.repositories.find_mut(&issue.repository)?.issues.remove(&issue.number);
        self.issues.remove(&issue.id);
        Ok(issue.repository)
    }

    /// The repository's issue of this number. GitHub: message observed in recorded responses of its siblings.
    pub fn issue_by_number(
        &self,
        repository: &super::repository::Repository,
        number: i64,
    ) -> Result<NodeId, Refusal> {
        u32::try_from(number).ok().and_then(|number| repository.issues.get(&number)).cloned().ok_or_else(
            || {
                let message = format!("Could not resolve to an Issue with the number of {number}.");
                Refusal::new(RefusalKind::NotFound, message)
            },
        )
    }

    /// The address of an issue, after the host.
    pub fn issue_path(&self, issue: &Issue) -> String {
        let repository = self.repositories.get(&issue.repository);
        let name = repository.map_or_else(String::new, |repository| self.name_with_owner(repository));
        format!("/{name}/issues/{}", issue.number)
    }

    /// The viewer's login.
    pub fn viewer_login(&self) -> &str {
        self.owners.get(&self.viewer).map_or("ghost", |viewer| viewer.login.as_str())
    }

    /// The issue's repository, if the viewer may change the issue: its author may, and whoever triages.
    fn editable(&self, issue: &NodeId, mutation: &str) -> Result<&super::repository::Repository, Refusal> {
        let issue = self.issues.find(issue)?;
        let is_author = issue.author == self.viewer;
        let least = if is_author { Permission::Read } else { Permission::Triage };
        self.allowed(&issue.repository, least, mutation)
    }

    pub(super) fn check_assignees(&self, assignees: &[NodeId]) -> Result<(), Refusal> {
        if assignees.len() > ASSIGNEE_LIMIT {
            return Err(Refusal::unprocessable("Issues can have up to 10 assignees"));
        }
        for id in assignees {
            if self.owners.find(id)?.kind != super::owner::OwnerKind::User {
                return Err(Refusal::no_node(id));
            }
        }
        Ok(())
    }

    fn check_milestone(&self, repository: &NodeId, milestone: Option<&NodeId>) -> Result<(), Refusal> {
        match milestone {
            Some(id) if self.milestones.find(id)?.repository != *repository => Err(Refusal::no_node(id)),
            Some(_) | None => Ok(()),
        }
    }

    fn check_issue_type(&self, owner: &NodeId, kind: Option<&NodeId>) -> Result<(), Refusal> {
        match kind {
            Some(id) if self.issue_types.find(id)?.organization != *owner => Err(Refusal::no_node(id)),
            Some(_) | None => Ok(()),
        }
    }
}

/// Tells an argument that was given as null from one that was not given.
#[expect(clippy::option_option, reason = "absent, null and a value are three things here")]
fn present<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

/// Two ways of saying one thing. GitHub's schema: the newer and the older argument are mutually exclusive.
fn one_of<A, B>(
    (left_name, left): (&str, Option<A>),
    (right_name, right): (&str, Option<B>),
    convert: impl FnOnce(B) -> A,
) -> Result<Option<A>, Refusal> {
    match (left, right) {
        (Some(_), Some(_)) => {
            Err(Refusal::validation(format!("{left_name} and {right_name} are mutually exclusive.")))
        }
        (left, right) => Ok(left.or(right.map(convert))),
    }
}

/// GitHub: message observed in reports.
fn check_title(title: &str) -> Result<(), Refusal> {
    if title.trim().is_empty() {
        return Err(Refusal::unprocessable("Title can't be blank"));
    }
    if title.chars().count() > TITLE_LIMIT {
        return Err(Refusal::unprocessable("title is too long (maximum is 256 characters)"));
    }
    Ok(())
}

/// GitHub: message observed in reports.
pub(super) fn check_body(body: &str) -> Result<(), Refusal> {
    if body.chars().count() > BODY_LIMIT {
        return Err(Refusal::unprocessable("Body is too long (maximum is 65536 characters)"));
    }
    Ok(())
}

fn drop_repeats(ids: &mut Vec<NodeId>) {
    let mut seen = std::collections::BTreeSet::new();
    ids.retain(|id| seen.insert(id.clone()));
}

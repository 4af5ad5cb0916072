//! Issues.
//!
//! Invariant: an issue's items, labels, parent, sub-issues and links name rows that exist and name it back.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::World;
use super::assignee::drop_repeats;
use super::event::Action;
use super::ids::{Kind, NodeId};
use super::issue_input::{Close, CreateIssue, IssueRef, IssueTypeRef, StateInput, UpdateIssue};
use super::issue_state::{State, StateName};
use super::lock::Lock;
use super::refusal::{Refusal, RefusalKind};
use super::repository::{Permission, Repository};
use super::timeline::What;

/// GitHub: message and limit observed in reports.
const TITLE_LIMIT: usize = 256;
/// GitHub: message and limit observed in reports.
const BODY_LIMIT: usize = 65_536;

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
    /// Former and present texts, oldest first; none when it was never edited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
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
    /// Issues that it waits for, in the order in which the links were made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocked_by: Vec<NodeId>,
    /// Issues that wait for it, in the order in which the links were made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocking: Vec<NodeId>,
    /// Issues that it is related to, in the order in which the links were made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub relates_to: Vec<NodeId>,
    /// Its places on boards, oldest first.
    pub items: Vec<NodeId>,
    /// Its comments, oldest first.
    pub comments: Vec<NodeId>,
    /// Comments and what else happened, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub timeline: Vec<NodeId>,
    /// Whether its conversation is locked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lock: Option<Lock>,
    /// The issue that it repeats.
    pub duplicate_of: Option<NodeId>,
}

/// A version of an issue's text. GitHub: the first edit shows the text before it as well.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Edit {
    /// Node id.
    pub id: NodeId,
    /// Who wrote it.
    pub editor: NodeId,
    /// When.
    pub at: Timestamp,
    /// The whole text.
    pub text: String,
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
        let repository = self.allowed(&repository_id, Permission::Read, "CreateIssue")?;
        if !repository.has_issues_enabled {
            return Err(Refusal::unprocessable("Issues has been disabled in this repository."));
        }
        let (number, owner) = (repository.next_issue, repository.owner.clone());
        // GitHub: OpenAPI: labels, assignees, milestone and type are silently dropped without push access.
        let may_push = self.permission(repository) >= Some(Permission::Triage);
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
        self.check_assignable(&repository_id, &assignees)?;
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
            edits: Vec::new(),
            labels: Vec::new(),
            assignees: Vec::new(),
            milestone: None,
            issue_type: None,
            parent: None,
            sub_issues: Vec::new(),
            blocked_by: Vec::new(),
            blocking: Vec::new(),
            relates_to: Vec::new(),
            items: Vec::new(),
            comments: Vec::new(),
            timeline: Vec::new(),
            lock: None,
            duplicate_of: None,
        };
        self.issues.insert(id.clone(), issue);
        self.outdate(now, &id, None);
        let repository = self.repositories.find_mut(&repository_id)?;
        repository.issues.insert(number, id.clone());
        repository.next_issue = number.saturating_add(1);
        self.set_labels(now, &id, &labels)?;
        self.set_assignees(now, &id, &assignees)?;
        self.set_milestone(now, &id, milestone_id)?;
        self.set_issue_type(now, &id, issue_type_id)?;
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
        let labels: Option<Vec<NodeId>> = labels;
        if let Some(labels) = &labels {
            self.check_labels(&repository_id, labels)?;
        }
        let assignees: Option<Vec<NodeId>> = assignees;
        if let Some(assignees) = &assignees {
            self.check_assignable(&repository_id, assignees)?;
        }
        self.check_milestone(&repository_id, milestone_id.as_ref().and_then(Option::as_ref))?;
        self.check_issue_type(&owner, kind.as_ref().and_then(Option::as_ref))?;
        if let Some(duplicate) = state.as_ref().and_then(|state| state.duplicate_issue_id.as_ref()) {
            self.check_duplicate(&id, duplicate)?;
        }

        self.change_issue(now, &id)?;
        if let Some(title) = title {
            self.rename(now, &id, title)?;
        }
        if let Some(body) = body {
            self.rewrite(now, &id, body)?;
        }
        if let Some(mut labels) = labels {
            drop_repeats(&mut labels);
            self.set_labels(now, &id, &labels)?;
        }
        if let Some(mut assignees) = assignees {
            drop_repeats(&mut assignees);
            self.set_assignees(now, &id, &assignees)?;
        }
        if let Some(milestone) = milestone_id {
            self.set_milestone(now, &id, milestone)?;
        }
        if let Some(kind) = kind {
            self.set_issue_type(now, &id, kind)?;
        }
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

    /// `deleteIssue`: it leaves boards, parent, parts, links and the index. Gives the repository.
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
        self.drop_links(&issue);
        for comment in &issue.comments {
            self.comments.remove(comment);
        }
        let timeline = self.issues.get(&issue.id).map(|row| row.timeline.clone()).unwrap_or_default();
        for entry in &timeline {
            self.happenings.remove(entry);
        }
        self.unindexed.remove(&issue.id);
        let repository = self.repositories.find_mut(&issue.repository)?;
        repository.issues.remove(&issue.number);
        repository.pins.retain(|pin| pin.issue != issue.id);
        self.issues.remove(&issue.id);
        Ok(issue.repository)
    }

    /// The repository's issue of this number. GitHub: message observed in recorded responses of its siblings.
    pub fn issue_by_number(&self, repository: &Repository, number: i64) -> Result<NodeId, Refusal> {
        u32::try_from(number).ok().and_then(|number| repository.issues.get(&number)).cloned().ok_or_else(
            || {
                let message = format!("Could not resolve to an Issue with the number of {number}.");
                Refusal::new(RefusalKind::NotFound, message)
            },
        )
    }

    /// The same where a pull request would do too, of which the world has none. GitHub: message observed in cli/cli's
    /// recorded answers.
    pub fn issue_or_pull_request_by_number(
        &self,
        repository: &Repository,
        number: i64,
    ) -> Result<NodeId, Refusal> {
        self.issue_by_number(repository, number).map_err(|refusal| Refusal {
            message: format!("Could not resolve to an issue or pull request with the number of {number}."),
            ..refusal
        })
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

    /// The edit of this id, with its issue.
    pub fn edit_of_issue(&self, issue: &NodeId, edit: &NodeId) -> Option<&Edit> {
        self.issues.get(issue)?.edits.iter().find(|row| row.id == *edit)
    }

    /// The issue's repository, if the viewer may change the issue: its author may, and whoever triages.
    pub(super) fn editable(&self, issue: &NodeId, mutation: &str) -> Result<&Repository, Refusal> {
        let issue = self.issues.find(issue)?;
        let is_author = issue.author == self.viewer;
        let least = if is_author { Permission::Read } else { Permission::Triage };
        self.allowed(&issue.repository, least, mutation)
    }

    fn rename(&mut self, now: Timestamp, id: &NodeId, title: String) -> Result<(), Refusal> {
        let issue = self.issues.find_mut(id)?;
        if issue.title != title {
            let from = std::mem::replace(&mut issue.title, title.clone());
            self.happened(now, id, What::Renamed { from, to: title });
        }
        Ok(())
    }

    fn rewrite(&mut self, now: Timestamp, id: &NodeId, body: String) -> Result<(), Refusal> {
        let (viewer, (first, _), (second, _)) =
            (self.viewer.clone(), self.ids.mint(Kind::Edit), self.ids.mint(Kind::Edit));
        let issue = self.issues.find_mut(id)?;
        if issue.body == body {
            return Ok(());
        }
        if issue.edits.is_empty() {
            let (editor, at, text) = (issue.author.clone(), issue.created_at, issue.body.clone());
            issue.edits.push(Edit { id: first, editor, at, text });
        }
        issue.edits.push(Edit { id: second, editor: viewer.clone(), at: now, text: body.clone() });
        issue.body = body;
        issue.editor = Some(viewer);
        issue.last_edited_at = Some(now);
        Ok(())
    }

    fn check_milestone(&self, repository: &NodeId, milestone: Option<&NodeId>) -> Result<(), Refusal> {
        match milestone {
            Some(id) if self.milestones.find(id)?.repository != *repository => Err(Refusal::no_node(id)),
            Some(_) | None => Ok(()),
        }
    }
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

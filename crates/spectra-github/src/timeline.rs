//! Timelines of issues and versions of their bodies: who changed what, and when.
//!
//! Only what tells about a member that a plan can hold is asked for. An issue about which GitHub doesn't say everything
//! is left out of the answer: the entry that is missing may be the one that counts. For the same reason nothing is read
//! on: what the newest entries don't tell stays untold.
//!
//! Knows no plan; who is to blame for a difference is decided by whoever asks.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use spectra_model::id::{IssueTypeName, LabelName, Login, MilestoneTitle, NodeId};
use spectra_model::observation::StateReason;

use crate::failure::Failure;
use crate::graphql::{GraphQlError, PathSegment};
use crate::label::texts;
use crate::operations::{IssueEdits, IssueTimelines, issue_edits, issue_timelines};
use crate::reader::Reader;

/// 2,550 nodes and one point.
const ISSUES_A_REQUEST: usize = 50;

/// The events that some servers lack, in groups that came to GitHub together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the server's schema")]
pub(crate) struct Events {
    /// Board membership and status.
    pub(crate) boards: bool,
    /// "Blocked by".
    pub(crate) dependencies: bool,
    /// Issue types.
    pub(crate) issue_types: bool,
    /// Parents.
    pub(crate) parents: bool,
}

const OF_BOARDS: &[&str] =
    &["AddedToProjectV2Event", "ProjectV2ItemStatusChangedEvent", "RemovedFromProjectV2Event"];
const OF_DEPENDENCIES: &[&str] = &["BlockedByAddedEvent", "BlockedByRemovedEvent"];
const OF_ISSUE_TYPES: &[&str] = &["IssueTypeAddedEvent", "IssueTypeChangedEvent", "IssueTypeRemovedEvent"];
const OF_PARENTS: &[&str] = &["ParentIssueAddedEvent", "ParentIssueRemovedEvent"];

impl Events {
    /// Today's github.com.
    pub(crate) const ALL: Self = Self { boards: true, dependencies: true, issue_types: true, parents: true };

    /// Those of a server whose timelines have entries of these types.
    pub(crate) fn of(has: impl Fn(&[&str]) -> bool) -> Self {
        Self {
            boards: has(OF_BOARDS),
            dependencies: has(OF_DEPENDENCIES),
            issue_types: has(OF_ISSUE_TYPES),
            parents: has(OF_PARENTS),
        }
    }

    /// The types that are not asked for.
    pub(crate) fn lacking(self) -> impl Iterator<Item = &'static str> {
        let Self { boards, dependencies, issue_types, parents } = self;
        let groups = [
            (boards, OF_BOARDS),
            (dependencies, OF_DEPENDENCIES),
            (issue_types, OF_ISSUE_TYPES),
            (parents, OF_PARENTS),
        ];
        groups.into_iter().filter(|(has, _)| !has).flat_map(|(_, types)| types.iter().copied())
    }

    /// The types that are asked for, as the enumeration has them.
    fn asked(self) -> Vec<issue_timelines::IssueTimelineItemsItemType> {
        use issue_timelines::IssueTimelineItemsItemType as Type;
        let mut asked = vec![
            Type::ASSIGNED_EVENT,
            Type::CLOSED_EVENT,
            Type::DEMILESTONED_EVENT,
            Type::LABELED_EVENT,
            Type::MILESTONED_EVENT,
            Type::RENAMED_TITLE_EVENT,
            Type::REOPENED_EVENT,
            Type::UNASSIGNED_EVENT,
            Type::UNLABELED_EVENT,
        ];
        let Self { boards, dependencies, issue_types, parents } = self;
        if boards {
            asked.extend([
                Type::ADDED_TO_PROJECT_V2_EVENT,
                Type::PROJECT_V2_ITEM_STATUS_CHANGED_EVENT,
                Type::REMOVED_FROM_PROJECT_V2_EVENT,
            ]);
        }
        if dependencies {
            asked.extend([Type::BLOCKED_BY_ADDED_EVENT, Type::BLOCKED_BY_REMOVED_EVENT]);
        }
        if issue_types {
            asked.extend([
                Type::ISSUE_TYPE_ADDED_EVENT,
                Type::ISSUE_TYPE_CHANGED_EVENT,
                Type::ISSUE_TYPE_REMOVED_EVENT,
            ]);
        }
        if parents {
            asked.extend([Type::PARENT_ISSUE_ADDED_EVENT, Type::PARENT_ISSUE_REMOVED_EVENT]);
        }
        asked
    }
}

/// An entry of an issue's timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When it happened.
    pub at: Timestamp,
    /// Who did it; None where the account is gone or GitHub doesn't say.
    pub actor: Option<Login>,
    /// What happened.
    pub what: Happening,
}

/// What happened to an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// It got another title.
    Retitled {
        /// The old one.
        from: String,
        /// The new one.
        to: String,
    },
    /// A label was put on.
    Labelled(LabelName),
    /// A label was taken off.
    Unlabelled(LabelName),
    /// Somebody was assigned.
    Assigned(Login),
    /// Somebody was unassigned.
    Unassigned(Login),
    /// It was put into a milestone, by its title then.
    Milestoned(MilestoneTitle),
    /// It was taken out of a milestone, by its title then.
    Demilestoned(MilestoneTitle),
    /// It was closed; None where GitHub gives no reason or one that is newer than this program.
    Closed(Option<StateReason>),
    /// It was opened again.
    Reopened,
    /// It got another type. A type that is gone by now shows as none.
    Retyped {
        /// The old one.
        from: Option<IssueTypeName>,
        /// The new one.
        to: Option<IssueTypeName>,
    },
    /// It became a sub-issue of another issue.
    ParentAdded(NodeId),
    /// It is no longer a sub-issue of another issue.
    ParentRemoved(NodeId),
    /// It became blocked by another issue.
    BlockerAdded(NodeId),
    /// It is no longer blocked by another issue.
    BlockerRemoved(NodeId),
    /// It was put on a board.
    Filed(NodeId),
    /// It was taken off a board.
    TakenOff(NodeId),
    /// Its status on a board became another one.
    StatusChanged {
        /// The board.
        board: NodeId,
        /// The old status; empty for none.
        from: String,
        /// The new status; empty for none.
        to: String,
    },
}

/// A version of an issue's body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyEdit {
    /// When it was written.
    pub at: Timestamp,
    /// Who wrote it; None where the account is gone.
    pub editor: Option<Login>,
    /// What GitHub calls the diff, and what was seen to be the whole text; None where somebody deleted the version.
    pub text: Option<String>,
}

impl Reader {
    /// The newest entries of the timelines of these issues, the oldest of them first; one request for fifty issues.
    /// Entries that tell nothing about what a plan can hold are left out, and so are issues that GitHub doesn't say
    /// everything about.
    ///
    /// # Errors
    /// When GitHub doesn't say.
    pub async fn timelines(&self, issues: &[NodeId]) -> Result<BTreeMap<NodeId, Vec<Event>>, Failure> {
        use issue_timelines::IssueTimelinesNodes as Node;
        let Some(events) = self.client().learnt().map_or(Some(Events::ALL), |dialect| dialect.timeline)
        else {
            return Ok(BTreeMap::new());
        };
        let mut timelines = BTreeMap::new();
        for chunk in issues.chunks(ISSUES_A_REQUEST) {
            let variables = issue_timelines::Variables { ids: texts(chunk), types: events.asked() };
            let response = self.client().query::<IssueTimelines>(variables).await?;
            let unknown = unknown(&response.errors)?;
            let data = response.data.ok_or_else(|| Failure::malformed("timelines without data"))?;
            for (_, node) in data.nodes.into_iter().enumerate().filter(|(place, _)| !unknown.contains(place))
            {
                let Some(Node::Issue(issue)) = node else { continue };
                let entries: Option<Vec<_>> =
                    issue.timeline_items.nodes.unwrap_or_default().into_iter().collect();
                if let Some(entries) = entries {
                    let mut events: Vec<Event> = entries.into_iter().filter_map(event).collect();
                    events.sort_by_key(|event| event.at);
                    timelines.insert(NodeId::new(issue.id), events);
                }
            }
        }
        Ok(timelines)
    }

    /// The newest versions of the bodies of these issues, the newest first; one request for fifty issues. An issue whose
    /// body was never edited has none. Issues that GitHub doesn't say everything about are left out.
    ///
    /// # Errors
    /// When GitHub doesn't say.
    pub async fn body_edits(&self, issues: &[NodeId]) -> Result<BTreeMap<NodeId, BodyEdits>, Failure> {
        use issue_edits::IssueEditsNodes as Node;
        let mut bodies = BTreeMap::new();
        for chunk in issues.chunks(ISSUES_A_REQUEST) {
            let variables = issue_edits::Variables { ids: texts(chunk) };
            let response = self.client().query::<IssueEdits>(variables).await?;
            let unknown = unknown(&response.errors)?;
            let data = response.data.ok_or_else(|| Failure::malformed("edits without data"))?;
            for (_, node) in data.nodes.into_iter().enumerate().filter(|(place, _)| !unknown.contains(place))
            {
                let Some(Node::Issue(issue)) = node else { continue };
                let connection = issue.user_content_edits;
                let has_more = connection.as_ref().is_some_and(|edits| edits.page_info.has_next_page);
                let begins = issue.includes_created_edit || issue.last_edited_at.is_none();
                let edits = connection.and_then(|edits| edits.nodes).unwrap_or_default();
                let edits: Option<Vec<_>> = edits.into_iter().collect();
                if let Some(edits) = edits {
                    let mut edits: Vec<BodyEdit> = edits.into_iter().map(BodyEdit::from).collect();
                    edits.sort_by_key(|edit| std::cmp::Reverse(edit.at));
                    let is_told = edits.iter().all(|edit| edit.text.is_some());
                    let is_whole = begins && !has_more && is_told;
                    bodies.insert(NodeId::new(issue.id), BodyEdits { edits, is_whole });
                }
            }
        }
        Ok(bodies)
    }
}

/// The versions of a body.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BodyEdits {
    /// The newest of them, the newest first. None of a body that was never edited.
    pub edits: Vec<BodyEdit>,
    /// Whether these are all that the body ever had, and GitHub gives the text of each.
    pub is_whole: bool,
}

/// The places of an answer to `nodes(ids:)` that something is unknown of. An answer that was cut short is unknown as a
/// whole, and so is one whose errors don't say where they belong.
fn unknown(errors: &[GraphQlError]) -> Result<BTreeSet<usize>, Failure> {
    let mut places = BTreeSet::new();
    for error in errors {
        let failure = Failure::of_error(error);
        match error.path.as_slice() {
            [PathSegment::Key(_), PathSegment::Index(place), ..]
                if !matches!(failure, Failure::ResourceLimits { .. }) =>
            {
                places.extend(usize::try_from(*place));
            }
            _ => return Err(failure),
        }
    }
    Ok(places)
}

impl From<issue_edits::IssueEditsNodesOnIssueUserContentEditsNodes> for BodyEdit {
    fn from(edit: issue_edits::IssueEditsNodesOnIssueUserContentEditsNodes) -> Self {
        Self {
            at: edit.edited_at,
            editor: edit.editor.map(|editor| Login::new(editor.login)),
            text: edit.diff,
        }
    }
}

/// None for an entry that isn't asked for, and for one whose subject is gone or out of sight: it can be none that a plan's
/// member is bound to.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the derive names every entry that GitHub has, asked for or not"
)]
fn event(entry: issue_timelines::IssueTimelinesNodesOnIssueTimelineItemsNodes) -> Option<Event> {
    use issue_timelines::IssueTimelinesNodesOnIssueTimelineItemsNodes as Entry;
    let (at, actor, what) = match entry {
        Entry::AddedToProjectV2Event(it) => {
            (it.created_at, it.actor, Happening::Filed(NodeId::new(it.project?.id)))
        }
        Entry::AssignedEvent(it) => {
            use issue_timelines::IssueTimelinesNodesOnIssueTimelineItemsNodesOnAssignedEventAssignee as Assignee;
            let login = match it.assignee? {
                Assignee::Bot(it) => it.login,
                Assignee::Mannequin(it) => it.login,
                Assignee::Organization(it) => it.login,
                Assignee::User(it) => it.login,
                Assignee::Unknown => return None,
            };
            (it.created_at, it.actor, Happening::Assigned(Login::new(login)))
        }
        Entry::BlockedByAddedEvent(it) => {
            (it.created_at, it.actor, Happening::BlockerAdded(NodeId::new(it.blocking_issue?.id)))
        }
        Entry::BlockedByRemovedEvent(it) => {
            (it.created_at, it.actor, Happening::BlockerRemoved(NodeId::new(it.blocking_issue?.id)))
        }
        Entry::ClosedEvent(it) => {
            (it.created_at, it.actor, Happening::Closed(it.state_reason.as_ref().and_then(reason)))
        }
        Entry::DemilestonedEvent(it) => {
            (it.created_at, it.actor, Happening::Demilestoned(MilestoneTitle::new(it.milestone_title)))
        }
        Entry::IssueTypeAddedEvent(it) => {
            let to = it.issue_type.map(|it| IssueTypeName::new(it.name));
            (it.created_at, it.actor, Happening::Retyped { from: None, to })
        }
        Entry::IssueTypeChangedEvent(it) => {
            let from = it.prev_issue_type.map(|it| IssueTypeName::new(it.name));
            let to = it.issue_type.map(|it| IssueTypeName::new(it.name));
            (it.created_at, it.actor, Happening::Retyped { from, to })
        }
        Entry::IssueTypeRemovedEvent(it) => {
            let from = it.issue_type.map(|it| IssueTypeName::new(it.name));
            (it.created_at, it.actor, Happening::Retyped { from, to: None })
        }
        Entry::LabeledEvent(it) => {
            (it.created_at, it.actor, Happening::Labelled(LabelName::new(it.label.name)))
        }
        Entry::MilestonedEvent(it) => {
            (it.created_at, it.actor, Happening::Milestoned(MilestoneTitle::new(it.milestone_title)))
        }
        Entry::ParentIssueAddedEvent(it) => {
            (it.created_at, it.actor, Happening::ParentAdded(NodeId::new(it.parent?.id)))
        }
        Entry::ParentIssueRemovedEvent(it) => {
            (it.created_at, it.actor, Happening::ParentRemoved(NodeId::new(it.parent?.id)))
        }
        Entry::ProjectV2ItemStatusChangedEvent(it) => {
            let board = NodeId::new(it.project?.id);
            (
                it.created_at,
                it.actor,
                Happening::StatusChanged { board, from: it.previous_status, to: it.status },
            )
        }
        Entry::RemovedFromProjectV2Event(it) => {
            (it.created_at, it.actor, Happening::TakenOff(NodeId::new(it.project?.id)))
        }
        Entry::RenamedTitleEvent(it) => {
            (it.created_at, it.actor, Happening::Retitled { from: it.previous_title, to: it.current_title })
        }
        Entry::ReopenedEvent(it) => (it.created_at, it.actor, Happening::Reopened),
        Entry::UnassignedEvent(it) => {
            use issue_timelines::IssueTimelinesNodesOnIssueTimelineItemsNodesOnUnassignedEventAssignee as Assignee;
            let login = match it.assignee? {
                Assignee::Bot(it) => it.login,
                Assignee::Mannequin(it) => it.login,
                Assignee::Organization(it) => it.login,
                Assignee::User(it) => it.login,
                Assignee::Unknown => return None,
            };
            (it.created_at, it.actor, Happening::Unassigned(Login::new(login)))
        }
        Entry::UnlabeledEvent(it) => {
            (it.created_at, it.actor, Happening::Unlabelled(LabelName::new(it.label.name)))
        }
        _ => return None,
    };
    Some(Event { at, actor: actor.map(|actor| Login::new(actor.login)), what })
}

fn reason(reason: &issue_timelines::IssueStateReason) -> Option<StateReason> {
    use issue_timelines::IssueStateReason as Reason;
    match reason {
        Reason::COMPLETED => Some(StateReason::Completed),
        Reason::NOT_PLANNED => Some(StateReason::NotPlanned),
        Reason::DUPLICATE => Some(StateReason::Duplicate),
        Reason::REOPENED | Reason::Other(_) => None,
    }
}

#[cfg(test)]
mod tests;

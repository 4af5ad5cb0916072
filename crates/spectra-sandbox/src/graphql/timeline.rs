//! The members of `IssueTimelineItems` that are no comments, and `UserContentEdit`.

use apollo_compiler::resolvers::ResolveInfo;

use super::args;
use super::connection::{More, connection_with};
use super::context::{Context, Resolved};
use super::object::{
    Handle, Out, Record, leaf, maybe, maybe_leaf, not_modelled, null, object, record, time, timestamp, web,
};
use crate::world::ids::NodeId;
use crate::world::issue::Issue;
use crate::world::timeline::{Happening, What};
use crate::world::{Refusal, World};

/// The event's object type.
pub(super) fn type_name(what: &What) -> &'static str {
    match what {
        What::AddedToProject { .. } => "AddedToProjectV2Event",
        What::Assigned { .. } => "AssignedEvent",
        What::BlockedByAdded { .. } => "BlockedByAddedEvent",
        What::BlockedByRemoved { .. } => "BlockedByRemovedEvent",
        What::BlockingAdded { .. } => "BlockingAddedEvent",
        What::BlockingRemoved { .. } => "BlockingRemovedEvent",
        What::Closed { .. } => "ClosedEvent",
        What::CommentDeleted { .. } => "CommentDeletedEvent",
        What::ConvertedFromDraft { .. } => "ConvertedFromDraftEvent",
        What::Demilestoned { .. } => "DemilestonedEvent",
        What::Labeled { .. } => "LabeledEvent",
        What::Locked { .. } => "LockedEvent",
        What::MarkedAsDuplicate { .. } => "MarkedAsDuplicateEvent",
        What::Milestoned { .. } => "MilestonedEvent",
        What::ParentAdded { .. } => "ParentIssueAddedEvent",
        What::ParentRemoved { .. } => "ParentIssueRemovedEvent",
        What::Pinned => "PinnedEvent",
        What::RemovedFromProject { .. } => "RemovedFromProjectV2Event",
        What::Renamed { .. } => "RenamedTitleEvent",
        What::Reopened => "ReopenedEvent",
        What::StatusChanged { .. } => "ProjectV2ItemStatusChangedEvent",
        What::SubIssueAdded { .. } => "SubIssueAddedEvent",
        What::SubIssueRemoved { .. } => "SubIssueRemovedEvent",
        What::Transferred { .. } => "TransferredEvent",
        What::TypeAdded { .. } => "IssueTypeAddedEvent",
        What::TypeChanged { .. } => "IssueTypeChangedEvent",
        What::TypeRemoved { .. } => "IssueTypeRemovedEvent",
        What::Unassigned { .. } => "UnassignedEvent",
        What::Unlabeled { .. } => "UnlabeledEvent",
        What::Unlocked => "UnlockedEvent",
        What::UnmarkedAsDuplicate { .. } => "UnmarkedAsDuplicateEvent",
        What::Unpinned => "UnpinnedEvent",
    }
}

/// `Issue.timelineItems`.
pub(super) fn items<'w>(ctx: &Context<'w>, issue: &Issue, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let wanted = args::texts(args::get(info, "itemTypes"));
    let since = args::text(info, "since").and_then(|text| text.parse::<jiff::Timestamp>().ok());
    let skip = args::int(info, "skip").and_then(|count| usize::try_from(count).ok()).unwrap_or(0);
    let mut all = Vec::new();
    for id in &issue.timeline {
        let (handle, at, kind) = match (world.comments.get(id), world.happenings.get(id)) {
            (Some(comment), _) => (Handle::Comment(id.clone()), comment.created_at, "IssueComment"),
            (None, Some(entry)) if world.is_whole(entry) => {
                (Handle::Happening(id.clone()), entry.at, type_name(&entry.what))
            }
            (None, _) => continue,
        };
        let asked = wanted.as_ref().is_none_or(|names| names.iter().any(|name| is_called(kind, name)));
        if asked && since.is_none_or(|since| at >= since) {
            all.push(handle);
        }
    }
    let total = all.len();
    let all: Vec<Handle> = all.into_iter().skip(skip).collect();
    let fields = vec![
        ("totalCount", total.into()),
        ("filteredCount", all.len().into()),
        ("updatedAt", timestamp(issue.updated_at).into()),
    ];
    connection_with(ctx, info, all, More { fields, edges: None })
}

/// Whether a type is the one that the enumeration's word names: `LABELED_EVENT` is `LabeledEvent`.
fn is_called(type_name: &str, word: &str) -> bool {
    word.chars()
        .filter(|letter| *letter != '_')
        .eq(type_name.chars().map(|letter| letter.to_ascii_uppercase()))
}

pub(super) fn resolve<'w>(ctx: &Context<'w>, id: &NodeId, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let entry = world.happenings.find(id)?;
    match info.field_name() {
        "id" => return leaf(entry.id.as_str()),
        "createdAt" => return time(entry.at),
        "actor" => {
            return match &entry.actor {
                Some(actor) => object(ctx, Handle::Owner(actor.clone())),
                None => record(ctx, workflow_bot()),
            };
        }
        "wasAutomated" => return leaf(entry.actor.is_none()),
        // Nobody here states why, so there is nothing to tell.
        "intent" => return null(),
        "assignable" | "closable" | "labelable" | "lockable" | "subject" => {
            return object(ctx, Handle::Issue(entry.issue.clone()));
        }
        _ => {}
    }
    match &entry.what {
        What::AddedToProject { .. }
        | What::RemovedFromProject { .. }
        | What::ConvertedFromDraft { .. }
        | What::StatusChanged { .. } => of_project(ctx, &world, &entry.what, info),
        What::Assigned { user } | What::Unassigned { user } => match info.field_name() {
            "assignee" | "user" => object(ctx, Handle::Owner(user.clone())),
            _ => unknown(&entry.what, info),
        },
        What::Labeled { label } | What::Unlabeled { label } => match info.field_name() {
            "label" => object(ctx, Handle::Label(label.clone())),
            _ => unknown(&entry.what, info),
        },
        What::Milestoned { title } | What::Demilestoned { title } => match info.field_name() {
            "milestoneTitle" => leaf(title.as_str()),
            _ => unknown(&entry.what, info),
        },
        What::TypeAdded { .. } | What::TypeChanged { .. } | What::TypeRemoved { .. } => {
            of_type(ctx, &world, &entry.what, info)
        }
        What::BlockedByAdded { issue }
        | What::BlockedByRemoved { issue }
        | What::BlockingAdded { issue }
        | What::BlockingRemoved { issue }
        | What::ParentAdded { issue }
        | What::ParentRemoved { issue }
        | What::SubIssueAdded { issue }
        | What::SubIssueRemoved { issue } => match info.field_name() {
            "blockingIssue" | "blockedIssue" | "parent" | "subIssue" => maybe(ctx, there(&world, issue)),
            _ => unknown(&entry.what, info),
        },
        What::Closed { .. }
        | What::CommentDeleted { .. }
        | What::Locked { .. }
        | What::MarkedAsDuplicate { .. }
        | What::Pinned
        | What::Renamed { .. }
        | What::Reopened
        | What::Transferred { .. }
        | What::Unlocked
        | What::UnmarkedAsDuplicate { .. }
        | What::Unpinned => of_issue(ctx, &world, entry, info),
    }
}

fn of_issue<'w>(ctx: &Context<'w>, world: &World, entry: &Happening, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let path = || {
        let issue = world.issues.get(&entry.issue);
        issue.map_or_else(String::new, |issue| format!("{}#event-{}", world.issue_path(issue), entry.id))
    };
    match (&entry.what, info.field_name()) {
        (What::Closed { reason, .. }, "stateReason") => leaf(reason.as_str()),
        (What::Closed { duplicate_of, .. }, "duplicateOf") => {
            maybe(ctx, duplicate_of.as_ref().and_then(|id| there(world, id)))
        }
        (What::Closed { closer, .. }, "closer") => {
            let board = closer.clone().filter(|id| world.projects.contains(id));
            maybe(ctx, board.map(Handle::Project))
        }
        (What::Closed { .. }, "url") => leaf(web(&path())),
        (What::Closed { .. }, "resourcePath") => leaf(path()),
        (What::Reopened, "stateReason") => leaf("REOPENED"),
        (What::Renamed { from, .. }, "previousTitle") => leaf(from.as_str()),
        (What::Renamed { to, .. }, "currentTitle") => leaf(to.as_str()),
        (What::Locked { reason }, "lockReason") => maybe_leaf(reason.as_deref()),
        (What::CommentDeleted { author, .. }, "deletedCommentAuthor") => {
            object(ctx, Handle::Owner(author.clone()))
        }
        (What::CommentDeleted { database_id, .. }, "databaseId") => leaf(*database_id),
        (What::Pinned | What::Unpinned | What::Transferred { .. }, "issue") => {
            object(ctx, Handle::Issue(entry.issue.clone()))
        }
        (What::Transferred { from }, "fromRepository") => object(ctx, Handle::Repository(from.clone())),
        (What::MarkedAsDuplicate { canonical } | What::UnmarkedAsDuplicate { canonical }, name) => match name
        {
            "canonical" => maybe(ctx, there(world, canonical)),
            "duplicate" => object(ctx, Handle::Issue(entry.issue.clone())),
            "isCrossRepository" => {
                let home = |id: &NodeId| world.issues.get(id).map(|row| &row.repository);
                leaf(home(canonical) != home(&entry.issue))
            }
            _ => unknown(&entry.what, info),
        },
        _ => unknown(&entry.what, info),
    }
}

fn of_project<'w>(ctx: &Context<'w>, world: &World, what: &What, info: &ResolveInfo<'_>) -> Resolved<'w> {
    match (what, info.field_name()) {
        (
            What::AddedToProject { project }
            | What::RemovedFromProject { project }
            | What::ConvertedFromDraft { project }
            | What::StatusChanged { project, .. },
            "project",
        ) => maybe(ctx, Some(project.clone()).filter(|id| world.projects.contains(id)).map(Handle::Project)),
        (What::StatusChanged { from, .. }, "previousStatus") => leaf(from.as_str()),
        (What::StatusChanged { to, .. }, "status") => leaf(to.as_str()),
        _ => unknown(what, info),
    }
}

fn of_type<'w>(ctx: &Context<'w>, world: &World, what: &What, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let kind = match (what, info.field_name()) {
        (What::TypeAdded { to } | What::TypeChanged { to, .. }, "issueType") => to,
        (What::TypeRemoved { from }, "issueType") | (What::TypeChanged { from, .. }, "prevIssueType") => from,
        _ => return unknown(what, info),
    };
    maybe(ctx, Some(kind.clone()).filter(|id| world.issue_types.contains(id)).map(Handle::IssueType))
}

pub(super) fn resolve_edit<'w>(
    ctx: &Context<'w>,
    issue: &NodeId,
    edit: &NodeId,
    info: &ResolveInfo<'_>,
) -> Resolved<'w> {
    let world = ctx.world();
    let row = world.edit_of_issue(issue, edit).ok_or_else(|| Refusal::no_node(edit))?;
    match info.field_name() {
        "id" => leaf(row.id.as_str()),
        "createdAt" | "editedAt" | "updatedAt" => time(row.at),
        "editor" => object(ctx, Handle::Owner(row.editor.clone())),
        // GitHub calls it a diff and gives the whole text of the version.
        "diff" => leaf(row.text.as_str()),
        "deletedAt" | "deletedBy" => null(),
        _ => not_modelled("UserContentEdit", info),
    }
}

/// The issue, if it is still there.
fn there(world: &World, issue: &NodeId) -> Option<Handle> {
    let issue = world.current_id(issue);
    world.issues.contains(issue).then(|| Handle::Issue(issue.clone()))
}

fn unknown<'w>(what: &What, info: &ResolveInfo<'_>) -> Resolved<'w> {
    not_modelled(type_name(what), info)
}

/// Who stands behind a project's workflows. GitHub: `github-project-automation[bot]` shows in timelines.
fn workflow_bot() -> Record {
    let login = "github-project-automation";
    let fields = vec![
        ("id", Out::leaf("BOT_kgDOAAAAAQ")),
        ("databaseId", Out::leaf(1)),
        ("login", Out::leaf(login)),
        ("avatarUrl", Out::leaf("https://avatars.githubusercontent.com/in/235829?v=4")),
        ("url", Out::leaf(web(&format!("/apps/{login}")))),
        ("resourcePath", Out::leaf(format!("/apps/{login}"))),
        ("createdAt", Out::leaf("2022-09-08T00:00:00Z")),
        ("updatedAt", Out::leaf("2022-09-08T00:00:00Z")),
    ];
    Record::new("Bot", fields)
}

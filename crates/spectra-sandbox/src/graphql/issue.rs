//! `Issue`.

use apollo_compiler::resolvers::{ResolveInfo, ResolvedValue};
use apollo_compiler::response::JsonValue;

use super::connection::connection;
use super::context::{Context, Resolved};
use super::object::{
    Handle, Out, Record, html, leaf, maybe, maybe_leaf, maybe_time, not_modelled, null, object, record,
    records, time, web,
};
use super::{args, issue_list, label, project, timeline};
use crate::world::ids::NodeId;
use crate::world::issue::{Edit, Issue};
use crate::world::item::Item;
use crate::world::repository::{Permission, Repository};
use crate::world::{Refusal, RefusalKind, World};

pub(super) fn resolve<'w>(ctx: &Context<'w>, id: &NodeId, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let issue = world.issues.find(id)?;
    match info.field_name() {
        "id" => leaf(issue.id.as_str()),
        "databaseId" => leaf(issue.database_id),
        "fullDatabaseId" => leaf(issue.database_id.to_string()),
        "number" => leaf(issue.number),
        "title" => leaf(issue.title.as_str()),
        "titleHTML" => leaf(html(&issue.title)),
        "body" | "bodyText" => leaf(issue.body.as_str()),
        "bodyHTML" => leaf(html(&issue.body)),
        "state" => leaf(if issue.is_open() { "OPEN" } else { "CLOSED" }),
        "stateReason" => maybe_leaf(issue.state_reason()),
        "closed" => leaf(!issue.is_open()),
        "closedAt" => maybe_time(issue.closed_at()),
        "createdAt" | "publishedAt" => time(issue.created_at),
        "updatedAt" => time(issue.updated_at),
        "lastEditedAt" => maybe_time(issue.last_edited_at),
        "author" => object(ctx, Handle::Owner(issue.author.clone())),
        "authorAssociation" => leaf(association(&world, &issue.repository, &issue.author)),
        "editor" => maybe(ctx, issue.editor.clone().map(Handle::Owner)),
        "url" => leaf(web(&world.issue_path(issue))),
        "resourcePath" => leaf(world.issue_path(issue)),
        "bodyUrl" => leaf(web(&format!("{}#issue-{}", world.issue_path(issue), issue.database_id))),
        "bodyResourcePath" => leaf(format!("{}#issue-{}", world.issue_path(issue), issue.database_id)),
        "repository" => object(ctx, Handle::Repository(issue.repository.clone())),
        "labels" => {
            let all = label::sorted(&world, info, &issue.labels)?;
            connection(ctx, info, all)
        }
        "assignees" | "assignedActors" => connection(ctx, info, owners(&issue.assignees)),
        "participants" => connection(ctx, info, owners(&participants(&world, issue))),
        "milestone" => maybe(ctx, issue.milestone.clone().map(Handle::Milestone)),
        "issueType" => maybe(ctx, issue.issue_type.clone().map(Handle::IssueType)),
        "parent" => maybe(ctx, issue.parent.clone().map(Handle::Issue)),
        "duplicateOf" => maybe(ctx, issue.duplicate_of.clone().map(Handle::Issue)),
        "subIssues" => connection(ctx, info, issue.sub_issues.iter().cloned().map(Handle::Issue).collect()),
        "subIssuesSummary" => record(ctx, summary(&world, issue)),
        "blockedBy" => connection(ctx, info, issue_list::linked(&world, info, &issue.blocked_by)),
        "blocking" => connection(ctx, info, issue_list::linked(&world, info, &issue.blocking)),
        "relatesTo" => connection(ctx, info, issue_list::linked(&world, info, &issue.relates_to)),
        "issueDependenciesSummary" => record(ctx, dependencies(&world, issue)),
        "timelineItems" => timeline::items(ctx, issue, info),
        "userContentEdits" => {
            let edits = issue.edits.iter().rev();
            let handle = |edit: &Edit| Handle::Edit { issue: id.clone(), edit: edit.id.clone() };
            connection(ctx, info, edits.map(handle).collect())
        }
        "projectItems" => {
            let archived = args::get(info, "includeArchived").and_then(JsonValue::as_bool).unwrap_or(true);
            let owner = |repository: &NodeId| world.repositories.get(repository).map(|row| &row.owner);
            // GitHub: no item of a board of another owner, although that board lists the issue (observed).
            let same_owner = |item: &&Item| {
                world.projects.get(&item.project).map(|project| &project.owner) == owner(&issue.repository)
            };
            let rows = issue.items.iter().filter_map(|id| world.items.get(id));
            let shown = rows.filter(|item| archived || !item.archived).filter(same_owner);
            connection(ctx, info, shown.map(|item| Handle::Item(item.id.clone())).collect())
        }
        "projectV2" => {
            let number = args::int(info, "number").unwrap_or_default();
            let found = boards(&world, issue)
                .into_iter()
                .find(|id| world.projects.get(id).is_some_and(|project| i64::from(project.number) == number));
            let missing = || {
                let message = format!("Could not resolve to a ProjectV2 with the number {number}.");
                Refusal::new(RefusalKind::NotFound, message)
            };
            object(ctx, Handle::Project(found.ok_or_else(missing)?))
        }
        "projectsV2" => {
            let all = project::sorted(&world, info, &boards(&world, issue))?;
            connection(ctx, info, all)
        }
        "comments" => {
            let mut rows: Vec<_> = issue.comments.iter().filter_map(|id| world.comments.get(id)).collect();
            if let Some((_, descending)) = args::order(info) {
                args::sort_by(&mut rows, descending, |row| (row.updated_at, row.database_id));
            }
            connection(ctx, info, rows.into_iter().map(|row| Handle::Comment(row.id.clone())).collect())
        }
        "reactionGroups" => reactions(ctx),
        "suggestedActors" => {
            let repository = world.repositories.find(&issue.repository)?;
            connection(ctx, info, assignable(&world, repository, info))
        }
        // None of these can exist here, so an empty list is the truth.
        "trackedInIssues"
        | "trackedIssues"
        | "linkedBranches"
        | "closedByPullRequestsReferences"
        | "reactions"
        | "projectCards"
        | "issueFieldValues" => connection(ctx, info, Vec::new()),
        _ => resolve_viewer(&world, issue, info),
    }
}

/// What an issue is to the viewer, and what nothing here can change.
fn resolve_viewer<'w>(world: &World, issue: &Issue, info: &ResolveInfo<'_>) -> Resolved<'w> {
    match info.field_name() {
        "trackedIssuesCount" => leaf(0),
        "locked" => leaf(issue.lock.is_some()),
        "activeLockReason" => maybe_leaf(issue.lock.as_ref().and_then(|lock| lock.reason.as_deref())),
        "isPinned" => {
            let repository = world.repositories.find(&issue.repository)?;
            leaf(repository.pins.iter().any(|pin| pin.issue == issue.id))
        }
        "createdViaEmail" => leaf(false),
        "includesCreatedEdit" => leaf(issue.last_edited_at.is_some()),
        "isReadByViewer" => leaf(true),
        "pinnedIssueComment" | "pendingSuggestions" => null(),
        "viewerDidAuthor" => leaf(issue.author == world.viewer),
        "viewerSubscription" => leaf("SUBSCRIBED"),
        "viewerThreadSubscriptionFormAction" => leaf("UNSUBSCRIBE"),
        "viewerThreadSubscriptionStatus" => leaf("SUBSCRIBED_TO_THREAD"),
        "viewerCannotUpdateReasons" => Ok(ResolvedValue::list([])),
        "viewerCanClose" => leaf(may(world, issue, Permission::Triage) && issue.is_open()),
        "viewerCanReopen" => leaf(may(world, issue, Permission::Triage) && !issue.is_open()),
        "viewerCanDelete" => leaf(may(world, issue, Permission::Admin)),
        "viewerCanAssign"
        | "viewerCanLabel"
        | "viewerCanSetMilestone"
        | "viewerCanType"
        | "viewerCanSetFields"
        | "viewerCanUpdate"
        | "viewerCanUpdateMetadata" => leaf(may(world, issue, Permission::Triage)),
        "viewerCanReact" | "viewerCanSubscribe" => leaf(true),
        _ => not_modelled("Issue", info),
    }
}

fn boards(world: &World, issue: &Issue) -> Vec<NodeId> {
    issue.items.iter().filter_map(|id| world.items.get(id)).map(|item| item.project.clone()).collect()
}

fn owners(ids: &[NodeId]) -> Vec<Handle> {
    ids.iter().cloned().map(Handle::Owner).collect()
}

/// The eight kinds of reactions, none of them used.
pub(super) fn reactions<'w>(ctx: &Context<'w>) -> Resolved<'w> {
    let kinds = ["THUMBS_UP", "THUMBS_DOWN", "LAUGH", "HOORAY", "CONFUSED", "HEART", "ROCKET", "EYES"];
    let groups = kinds.into_iter().map(|kind| {
        let fields = vec![
            ("content", Out::leaf(kind)),
            ("createdAt", Out::null()),
            ("viewerHasReacted", Out::leaf(false)),
            ("users", Out::Page(Vec::new())),
            ("reactors", Out::Page(Vec::new())),
        ];
        Record::new("ReactionGroup", fields)
    });
    records(ctx, groups.collect())
}

/// Who may be assigned in a repository and fits the argument `query`.
pub(super) fn assignable(world: &World, repository: &Repository, info: &ResolveInfo<'_>) -> Vec<Handle> {
    let query = args::text(info, "query").unwrap_or_default();
    let users = world.assignable(repository).filter(|user| user.fits(query));
    users.map(|user| Handle::Owner(user.id.clone())).collect()
}

/// Who has had a part in the issue, in the order of their coming.
fn participants(world: &World, issue: &Issue) -> Vec<NodeId> {
    let mut all = vec![issue.author.clone()];
    let commenters = issue.comments.iter().filter_map(|id| world.comments.get(id)).map(|row| &row.author);
    for user in issue.assignees.iter().chain(commenters) {
        if !all.contains(user) {
            all.push(user.clone());
        }
    }
    all
}

/// What a writer is to a repository.
pub(super) fn association(world: &World, repository: &NodeId, author: &NodeId) -> &'static str {
    let Some(repository) = world.repositories.get(repository) else { return "NONE" };
    let owner = world.owners.get(&repository.owner);
    match &repository.collaborators {
        _ if repository.owner == *author => "OWNER",
        // GitHub calls members of the organisation so before it looks at anything else.
        _ if owner.is_some_and(|owner| owner.members.iter().any(|member| member.user == *author)) => "MEMBER",
        Some(named) if named.contains_key(author) => "COLLABORATOR",
        Some(_) => "NONE",
        None => "OWNER",
    }
}

fn may(world: &World, issue: &Issue, least: Permission) -> bool {
    world
        .repositories
        .get(&issue.repository)
        .is_some_and(|row| world.permission(row) >= Some(least) && !row.is_archived)
}

fn summary(world: &World, issue: &Issue) -> Record {
    let total = issue.sub_issues.len();
    let parts = issue.sub_issues.iter().filter_map(|id| world.issues.get(id));
    let completed = parts.filter(|part| !part.is_open()).count();
    let percent = (completed * 100).checked_div(total).unwrap_or(0);
    let fields = vec![
        ("total", Out::leaf(total)),
        ("completed", Out::leaf(completed)),
        ("percentCompleted", Out::leaf(percent)),
    ];
    Record::new("SubIssuesSummary", fields)
}

/// GitHub's schema: the short counts are of open issues, the totals of all.
fn dependencies(world: &World, issue: &Issue) -> Record {
    let open =
        |ids: &[NodeId]| ids.iter().filter(|id| world.issues.get(id).is_some_and(Issue::is_open)).count();
    let fields = vec![
        ("blockedBy", Out::leaf(open(&issue.blocked_by))),
        ("blocking", Out::leaf(open(&issue.blocking))),
        ("totalBlockedBy", Out::leaf(issue.blocked_by.len())),
        ("totalBlocking", Out::leaf(issue.blocking.len())),
    ];
    Record::new("IssueDependenciesSummary", fields)
}

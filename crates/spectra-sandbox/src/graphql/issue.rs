//! `Issue`.

use apollo_compiler::resolvers::{ResolveInfo, ResolvedValue};
use apollo_compiler::response::JsonValue;

use super::connection::connection;
use super::context::{Context, Resolved};
use super::object::{
    Handle, Out, Record, html, leaf, maybe, maybe_leaf, maybe_time, not_modelled, null, object, record,
    records, time, web,
};
use super::owner::refuse_filters;
use super::{args, label, project};
use crate::world::ids::NodeId;
use crate::world::issue::Issue;
use crate::world::item::Item;
use crate::world::owner::OwnerKind;
use crate::world::repository::Permission;
use crate::world::{Refusal, RefusalKind, World, same_name};

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
        "authorAssociation" => leaf("OWNER"),
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
        "participants" => {
            let mut all = vec![issue.author.clone()];
            all.extend(issue.assignees.iter().filter(|user| **user != issue.author).cloned());
            connection(ctx, info, owners(&all))
        }
        "milestone" => maybe(ctx, issue.milestone.clone().map(Handle::Milestone)),
        "issueType" => maybe(ctx, issue.issue_type.clone().map(Handle::IssueType)),
        "parent" => maybe(ctx, issue.parent.clone().map(Handle::Issue)),
        "duplicateOf" => maybe(ctx, issue.duplicate_of.clone().map(Handle::Issue)),
        "subIssues" => connection(ctx, info, issue.sub_issues.iter().cloned().map(Handle::Issue).collect()),
        "subIssuesSummary" => record(ctx, summary(&world, issue)),
        "issueDependenciesSummary" => {
            let none = ["blockedBy", "blocking", "totalBlockedBy", "totalBlocking"];
            let fields = none.into_iter().map(|name| (name, Out::leaf(0))).collect();
            record(ctx, Record::new("IssueDependenciesSummary", fields))
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
            refuse_filters(info, "Issue.suggestedActors", &["query"])?;
            connection(ctx, info, users(&world))
        }
        // None of these can exist here, so an empty list is the truth.
        "blockedBy"
        | "blocking"
        | "relatesTo"
        | "trackedInIssues"
        | "trackedIssues"
        | "linkedBranches"
        | "closedByPullRequestsReferences"
        | "reactions"
        | "projectCards"
        | "issueFieldValues"
        | "userContentEdits" => connection(ctx, info, Vec::new()),
        _ => resolve_viewer(&world, issue, info),
    }
}

/// What an issue is to the viewer, and what nothing here can change.
fn resolve_viewer<'w>(world: &World, issue: &Issue, info: &ResolveInfo<'_>) -> Resolved<'w> {
    match info.field_name() {
        "trackedIssuesCount" => leaf(0),
        "locked" | "createdViaEmail" | "isPinned" => leaf(false),
        "includesCreatedEdit" => leaf(issue.last_edited_at.is_some()),
        "isReadByViewer" => leaf(true),
        "activeLockReason" | "pinnedIssueComment" => null(),
        "viewerDidAuthor" => leaf(issue.author == world.viewer),
        "viewerSubscription" => leaf("SUBSCRIBED"),
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

/// Issues that the arguments ask for, in their order.
pub(super) fn selected(
    world: &World,
    info: &ResolveInfo<'_>,
    ids: &[NodeId],
) -> Result<Vec<Handle>, Refusal> {
    let mut rows: Vec<&Issue> = ids.iter().filter_map(|id| world.issues.get(id)).collect();
    keep_states(&mut rows, args::texts(args::get(info, "states")));
    if let Some(names) = args::texts(args::get(info, "labels")) {
        // GitHub: any of the names is enough.
        rows.retain(|issue| names.iter().any(|name| has_label(world, issue, name)));
    }
    if let Some(filter) = args::get(info, "filterBy").and_then(JsonValue::as_object) {
        for (name, value) in filter.iter().filter(|(_, value)| !value.is_null()) {
            narrow(world, &mut rows, name.as_str(), value)?;
        }
    }
    match args::order(info) {
        Some(("UPDATED_AT", descending)) => {
            args::sort_by(&mut rows, descending, |issue| (issue.updated_at, issue.database_id));
        }
        Some(("COMMENTS", descending)) => {
            args::sort_by(&mut rows, descending, |issue| (issue.comments.len(), issue.database_id));
        }
        Some((_, descending)) => {
            args::sort_by(&mut rows, descending, |issue| (issue.created_at, issue.database_id));
        }
        None => args::sort_by(&mut rows, false, |issue| (issue.created_at, issue.database_id)),
    }
    Ok(rows.into_iter().map(|issue| Handle::Issue(issue.id.clone())).collect())
}

/// One condition of `IssueFilters`.
fn narrow(world: &World, rows: &mut Vec<&Issue>, name: &str, value: &JsonValue) -> Result<(), Refusal> {
    let text = value.as_str().unwrap_or_default();
    let login = |id: &NodeId| world.owners.get(id).is_some_and(|owner| same_name(&owner.login, text));
    match name {
        "states" => keep_states(rows, args::texts(Some(value))),
        "labels" => {
            let names = args::texts(Some(value)).unwrap_or_default();
            rows.retain(|issue| names.iter().all(|name| has_label(world, issue, name)));
        }
        "assignee" if text == "*" => rows.retain(|issue| !issue.assignees.is_empty()),
        "assignee" => rows.retain(|issue| issue.assignees.iter().any(login)),
        "createdBy" => rows.retain(|issue| login(&issue.author)),
        "since" => {
            let since: Option<jiff::Timestamp> = text.parse().ok();
            let since = since.ok_or_else(|| Refusal::validation("since is not a DateTime"))?;
            rows.retain(|issue| issue.updated_at >= since);
        }
        "type" => rows.retain(|issue| {
            let kind = issue.issue_type.as_ref().and_then(|id| world.issue_types.get(id));
            kind.is_some_and(|kind| same_name(&kind.name, text))
        }),
        "viewerSubscribed" if value.as_bool() == Some(false) => {}
        other => return Err(Refusal::not_modelled(format!("IssueFilters.{other}"))),
    }
    Ok(())
}

fn keep_states(rows: &mut Vec<&Issue>, states: Option<Vec<String>>) {
    if let Some(states) = states.filter(|states| !states.is_empty()) {
        rows.retain(|issue| {
            let state = if issue.is_open() { "OPEN" } else { "CLOSED" };
            states.iter().any(|wanted| wanted == state)
        });
    }
}

fn has_label(world: &World, issue: &Issue, name: &str) -> bool {
    let mut labels = issue.labels.iter().filter_map(|id| world.labels.get(id));
    labels.any(|label| same_name(&label.name, name))
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

/// Everyone who may be assigned.
pub(super) fn users(world: &World) -> Vec<Handle> {
    let users = world.owners.values().filter(|owner| owner.kind == OwnerKind::User);
    users.map(|user| Handle::Owner(user.id.clone())).collect()
}

fn may(world: &World, issue: &Issue, least: Permission) -> bool {
    world
        .repositories
        .get(&issue.repository)
        .is_some_and(|row| row.viewer_permission >= least && !row.is_archived)
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

//! `Repository`, `PinnedIssue`.

use std::collections::BTreeMap;
use std::rc::Rc;

use apollo_compiler::resolvers::{ResolveInfo, ResolvedValue};

use super::connection::{EdgeFields, More, connection, connection_with};
use super::context::{Context, Resolved};
use super::object::{Handle, html, leaf, maybe, maybe_leaf, not_modelled, null, object, time, web};
use super::owner::refuse_filters;
use super::{args, issue, issue_list, issue_type, label, milestone, project};
use crate::world::ids::NodeId;
use crate::world::owner::{Owner, OwnerKind};
use crate::world::repository::{Permission, Repository, Visibility};
use crate::world::{Refusal, World, same_name};

pub(super) fn resolve<'w>(ctx: &Context<'w>, id: &NodeId, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let row = world.repositories.find(id)?;
    let slug = world.name_with_owner(row);
    match info.field_name() {
        "id" => leaf(row.id.as_str()),
        "databaseId" => leaf(row.database_id),
        "fullDatabaseId" => leaf(row.database_id.to_string()),
        "name" => leaf(row.name.as_str()),
        "nameWithOwner" => leaf(slug),
        "owner" => object(ctx, Handle::Owner(row.owner.clone())),
        "description" => maybe_leaf(row.description.as_deref()),
        "descriptionHTML" | "shortDescriptionHTML" => {
            leaf(html(row.description.as_deref().unwrap_or_default()))
        }
        "url" => leaf(web(&format!("/{slug}"))),
        "resourcePath" => leaf(format!("/{slug}")),
        "sshUrl" => leaf(format!("git@github.com:{slug}.git")),
        "projectsUrl" => leaf(web(&format!("/{slug}/projects"))),
        "projectsResourcePath" => leaf(format!("/{slug}/projects")),
        "openGraphImageUrl" => leaf(format!("https://opengraph.githubassets.com/1/{slug}")),
        "createdAt" => time(row.created_at),
        "updatedAt" => time(row.updated_at),
        "visibility" => leaf(row.visibility.as_str()),
        "isPrivate" => leaf(row.visibility != Visibility::Public),
        "hasIssuesEnabled" => leaf(row.has_issues_enabled),
        "isArchived" => leaf(row.is_archived),
        "isInOrganization" => {
            leaf(world.owners.get(&row.owner).is_some_and(|owner| owner.kind == OwnerKind::Organization))
        }
        "viewerPermission" => maybe_leaf(world.permission(row).map(Permission::as_str)),
        "viewerCanAdminister" => leaf(world.permission(row) == Some(Permission::Admin)),
        "viewerCanCreateIssues" => leaf(row.has_issues_enabled),
        "viewerCanCreateProjects" | "viewerCanUpdateTopics" => {
            leaf(world.permission(row) >= Some(Permission::Write))
        }
        "viewerCanSeeIssueFields" => leaf(true),
        "hasProjectsEnabled"
        | "hasPullRequestsEnabled"
        | "isEmpty"
        | "isBlankIssuesEnabled"
        | "forkingAllowed"
        | "mergeCommitAllowed"
        | "squashMergeAllowed"
        | "rebaseMergeAllowed"
        | "viewerCanSubscribe" => leaf(true),
        "hasDiscussionsEnabled"
        | "hasWikiEnabled"
        | "hasSponsorshipsEnabled"
        | "hasVulnerabilityAlertsEnabled"
        | "isDisabled"
        | "isFork"
        | "isLocked"
        | "isMirror"
        | "isTemplate"
        | "isUserConfigurationRepository"
        | "usesCustomOpenGraphImage"
        | "viewerHasStarred"
        | "webCommitSignoffRequired"
        | "autoMergeAllowed"
        | "deleteBranchOnMerge"
        | "allowUpdateBranch" => leaf(false),
        "archivedAt" | "homepageUrl" | "mirrorUrl" | "parent" | "templateRepository" | "pushedAt"
        | "primaryLanguage" | "licenseInfo" | "lockReason" | "defaultBranchRef" | "latestRelease" => null(),
        "forkCount" | "stargazerCount" | "diskUsage" => leaf(0),
        _ => resolve_contents(ctx, id, info),
    }
}

/// What a repository holds.
fn resolve_contents<'w>(ctx: &Context<'w>, id: &NodeId, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let row = world.repositories.find(id)?;
    match info.field_name() {
        "label" => {
            let name = args::text(info, "name").unwrap_or_default();
            let found = world.label_by_name(id, name).map(|label| Handle::Label(label.id.clone()));
            maybe(ctx, found)
        }
        "labels" => {
            let query = args::text(info, "query").map(str::to_lowercase);
            let named = |label: &NodeId| {
                query.as_ref().is_none_or(|query| {
                    world.labels.get(label).is_some_and(|label| label.name.to_lowercase().contains(query))
                })
            };
            let found: Vec<NodeId> = row.labels.iter().filter(|label| named(label)).cloned().collect();
            let all = label::sorted(&world, info, &found)?;
            connection(ctx, info, all)
        }
        "issue" => {
            let found = world.issue_by_number(row, args::int(info, "number").unwrap_or_default())?;
            object(ctx, Handle::Issue(found))
        }
        "issueOrPullRequest" => {
            let number = args::int(info, "number").unwrap_or_default();
            object(ctx, Handle::Issue(world.issue_or_pull_request_by_number(row, number)?))
        }
        "issues" => {
            let all = issue_list::selected(&world, info, &row.issues.values().cloned().collect::<Vec<_>>())?;
            connection(ctx, info, all)
        }
        "issueType" => {
            let name = args::text(info, "name").unwrap_or_default();
            let types = world.owners.find(&row.owner)?.issue_types.iter();
            let mut rows = types.filter_map(|id| world.issue_types.get(id)).filter(|kind| kind.is_enabled);
            let found =
                rows.find(|kind| same_name(&kind.name, name)).map(|kind| Handle::IssueType(kind.id.clone()));
            maybe(ctx, found)
        }
        "issueTypes" => {
            let owner = world.owners.find(&row.owner)?;
            match owner.kind {
                // GitHub: null was observed on a repository of a user.
                OwnerKind::User => null(),
                OwnerKind::Organization => {
                    let enabled =
                        |id: &&NodeId| world.issue_types.get(id).is_some_and(|kind| kind.is_enabled);
                    let types: Vec<NodeId> = owner.issue_types.iter().filter(enabled).cloned().collect();
                    connection(ctx, info, issue_type::sorted(&world, info, &types))
                }
            }
        }
        _ => resolve_surroundings(ctx, id, info),
    }
}

/// What a repository is connected with, and what it never has here.
fn resolve_surroundings<'w>(ctx: &Context<'w>, id: &NodeId, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let row = world.repositories.find(id)?;
    match info.field_name() {
        "milestone" => {
            let number = args::int(info, "number").unwrap_or_default();
            let mut rows = row.milestones.iter().filter_map(|id| world.milestones.get(id));
            let found = rows.find(|milestone| i64::from(milestone.number) == number);
            let found = found.map(|milestone| Handle::Milestone(milestone.id.clone()));
            maybe(ctx, found)
        }
        "milestones" => connection(ctx, info, milestone::selected(&world, info, &row.milestones)),
        "projectV2" => {
            let owner = world.owners.find(&row.owner)?;
            let number = args::int(info, "number").unwrap_or_default();
            let found = world.project_by_number(owner, number)?;
            maybe(ctx, Some(found).filter(|id| row.projects.contains(id)).map(Handle::Project))
        }
        "projectsV2" => {
            let all = project::sorted(&world, info, &row.projects)?;
            connection(ctx, info, all)
        }
        "recentProjects" => {
            connection(ctx, info, row.projects.iter().rev().cloned().map(Handle::Project).collect())
        }
        "suggestedActors" => {
            let logins = args::text(info, "loginNames").unwrap_or_default();
            let named = |user: &Owner| {
                logins.is_empty() || logins.split(',').any(|login| same_name(login.trim(), &user.login))
            };
            let query = args::text(info, "query").unwrap_or_default();
            let users = world.assignable(row).filter(|user| user.fits(query) && named(user));
            connection(ctx, info, users.map(|user| Handle::Owner(user.id.clone())).collect())
        }
        "issueTemplates" | "pullRequestTemplates" | "contactLinks" | "fundingLinks" => {
            Ok(ResolvedValue::list([]))
        }
        "viewerDefaultMergeMethod" => leaf("MERGE"),
        "viewerSubscription" => leaf("SUBSCRIBED"),
        "assignableUsers" | "mentionableUsers" => connection(ctx, info, issue::assignable(&world, row, info)),
        "pinnedIssues" => {
            connection(ctx, info, row.pins.iter().map(|pin| Handle::Pin(pin.id.clone())).collect())
        }
        "collaborators" => collaborators(ctx, row, info),
        // Nothing here makes an issue field or a pull request, so an empty list is the truth; GitHub's own clients ask
        // for both beside the issues.
        "pullRequests" | "issueFields" => connection(ctx, info, Vec::new()),
        _ => not_modelled("Repository", info),
    }
}

/// `Repository.collaborators`. GitHub: only those who may push are told; others get null (inferred).
fn collaborators<'w>(ctx: &Context<'w>, row: &Repository, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    if world.permission(row) < Some(Permission::Write) {
        return null();
    }
    let query = args::text(info, "query").unwrap_or_default();
    let login = args::text(info, "login").unwrap_or_default();
    let mut levels = BTreeMap::new();
    for user in world.owners.values().filter(|owner| owner.kind == OwnerKind::User && owner.fits(query)) {
        let named = row.collaborators.as_ref().is_none_or(|named| named.contains_key(&user.id));
        let asked = login.is_empty() || same_name(&user.login, login);
        if let Some(level) = world.permission_of(row, &user.id)
            && (named || row.owner == user.id)
            && asked
        {
            levels.insert(user.id.clone(), level);
        }
    }
    let all = levels.keys().cloned().map(Handle::Owner).collect();
    let edges: Rc<EdgeFields> = Rc::new(move |handle, name| match (handle, name) {
        (Handle::Owner(id), "permission") => levels.get(id).map(|level| level.as_str().into()),
        _ => None,
    });
    connection_with(ctx, info, all, More { edges: Some(edges), ..More::default() })
}

pub(super) fn resolve_pin<'w>(ctx: &Context<'w>, id: &NodeId, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let (repository, pin) = world.pin(id).ok_or_else(|| Refusal::no_node(id))?;
    match info.field_name() {
        "id" => leaf(pin.id.as_str()),
        "databaseId" => leaf(pin.database_id),
        "fullDatabaseId" => leaf(pin.database_id.to_string()),
        "issue" => object(ctx, Handle::Issue(pin.issue.clone())),
        "pinnedBy" => object(ctx, Handle::Owner(pin.pinned_by.clone())),
        "repository" => object(ctx, Handle::Repository(repository.id.clone())),
        _ => not_modelled("PinnedIssue", info),
    }
}

/// Repositories in the order and of the kinds that the arguments ask for.
pub(super) fn sorted(world: &World, info: &ResolveInfo<'_>, ids: &[NodeId]) -> Result<Vec<Handle>, Refusal> {
    refuse_filters(info, "repositories", &["affiliations", "isFork", "isLocked"])?;
    let mut rows: Vec<_> = ids.iter().filter_map(|id| world.repositories.get(id)).collect();
    rows.retain(|row| world.permission(row).is_some());
    if let Some(privacy) = args::text(info, "privacy") {
        rows.retain(|row| (row.visibility == Visibility::Public) == (privacy == "PUBLIC"));
    }
    if let Some(visibility) = args::text(info, "visibility") {
        rows.retain(|row| row.visibility.as_str() == visibility);
    }
    let wanted = |name: &str| args::get(info, name).and_then(apollo_compiler::response::JsonValue::as_bool);
    if let Some(archived) = wanted("isArchived") {
        rows.retain(|row| row.is_archived == archived);
    }
    if let Some(enabled) = wanted("hasIssuesEnabled") {
        rows.retain(|row| row.has_issues_enabled == enabled);
    }
    match args::order(info) {
        Some(("NAME", descending)) => args::sort_by(&mut rows, descending, |row| row.name.to_lowercase()),
        Some(("UPDATED_AT", descending)) => args::sort_by(&mut rows, descending, |row| row.updated_at),
        Some(("CREATED_AT", descending)) => {
            args::sort_by(&mut rows, descending, |row| (row.created_at, row.database_id));
        }
        // Nothing is pushed and nothing is starred here.
        Some(_) | None => {}
    }
    Ok(rows.into_iter().map(|row| Handle::Repository(row.id.clone())).collect())
}

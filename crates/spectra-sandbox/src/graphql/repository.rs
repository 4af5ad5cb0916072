//! `Repository`, `IssueType`.

use apollo_compiler::resolvers::{ResolveInfo, ResolvedValue};

use super::args;
use super::connection::connection;
use super::context::{Context, Resolved};
use super::object::{Handle, html, leaf, maybe, maybe_leaf, not_modelled, null, object, time, web};
use super::owner::refuse_filters;
use super::{issue, label, project};
use crate::world::ids::NodeId;
use crate::world::owner::OwnerKind;
use crate::world::repository::{Permission, Visibility};
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
        "viewerPermission" => leaf(row.viewer_permission.as_str()),
        "viewerCanAdminister" => leaf(row.viewer_permission == Permission::Admin),
        "viewerCanCreateIssues" => leaf(row.has_issues_enabled),
        "viewerCanCreateProjects" => leaf(row.viewer_permission >= Permission::Write),
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
            let found = world.issue_by_number(row, args::int(info, "number").unwrap_or_default())?;
            object(ctx, Handle::Issue(found))
        }
        "issues" => {
            let all = issue::selected(&world, info, &row.issues.values().cloned().collect::<Vec<_>>())?;
            connection(ctx, info, all)
        }
        "issueType" => {
            let name = args::text(info, "name").unwrap_or_default();
            let types = world.owners.find(&row.owner)?.issue_types.iter();
            let mut rows = types.filter_map(|id| world.issue_types.get(id));
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
                    connection(ctx, info, owner.issue_types.iter().cloned().map(Handle::IssueType).collect())
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
        "milestones" => {
            let states = args::texts(args::get(info, "states"));
            refuse_filters(info, "Repository.milestones", &["query", "orderBy"])?;
            let mut rows =
                row.milestones.iter().filter_map(|id| world.milestones.get(id)).collect::<Vec<_>>();
            rows.retain(|row| {
                let state = if row.closed_at.is_some() { "CLOSED" } else { "OPEN" };
                states.as_ref().is_none_or(|states| states.iter().any(|wanted| wanted == state))
            });
            connection(ctx, info, rows.into_iter().map(|row| Handle::Milestone(row.id.clone())).collect())
        }
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
            refuse_filters(info, "Repository.suggestedActors", &["query", "loginNames"])?;
            connection(ctx, info, issue::users(&world))
        }
        "issueTemplates" | "pullRequestTemplates" | "contactLinks" | "fundingLinks" => {
            Ok(ResolvedValue::list([]))
        }
        "viewerDefaultMergeMethod" => leaf("MERGE"),
        "viewerSubscription" => leaf("SUBSCRIBED"),
        "assignableUsers" | "mentionableUsers" => {
            refuse_filters(info, "Repository.assignableUsers", &["query"])?;
            connection(ctx, info, issue::users(&world))
        }
        "pullRequests"
        | "discussions"
        | "releases"
        | "forks"
        | "stargazers"
        | "watchers"
        | "languages"
        | "repositoryTopics"
        | "rulesets"
        | "pinnedIssues"
        | "packages"
        | "deployments"
        | "environments"
        | "issueFields"
        | "discussionCategories"
        | "submodules"
        | "commitComments"
        | "deployKeys"
        | "branchProtectionRules" => connection(ctx, info, Vec::new()),
        _ => not_modelled("Repository", info),
    }
}

pub(super) fn resolve_issue_type<'w>(ctx: &Context<'w>, id: &NodeId, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let kind = world.issue_types.find(id)?;
    match info.field_name() {
        "id" => leaf(kind.id.as_str()),
        "name" => leaf(kind.name.as_str()),
        "description" => maybe_leaf(kind.description.as_deref()),
        "color" => leaf(kind.color.as_str()),
        "isEnabled" => leaf(true),
        "isPrivate" => leaf(false),
        // Fields of the organisation are not modelled, so none is pinned.
        "pinnedFields" => null(),
        "issues" => {
            let repository = args::get(info, "repositoryId").map(args::id);
            let mine = world.issues.values().filter(|issue| {
                issue.issue_type.as_ref() == Some(id) && Some(&issue.repository) == repository.as_ref()
            });
            let all = issue::selected(&world, info, &mine.map(|issue| issue.id.clone()).collect::<Vec<_>>())?;
            connection(ctx, info, all)
        }
        _ => not_modelled("IssueType", info),
    }
}

/// Repositories in the order and of the kinds that the arguments ask for.
pub(super) fn sorted(world: &World, info: &ResolveInfo<'_>, ids: &[NodeId]) -> Result<Vec<Handle>, Refusal> {
    refuse_filters(info, "repositories", &["affiliations", "isFork", "isLocked"])?;
    let mut rows: Vec<_> = ids.iter().filter_map(|id| world.repositories.get(id)).collect();
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

//! `User`, `Organization`, `Team`.

use apollo_compiler::resolvers::ResolveInfo;

use super::connection::connection;
use super::context::{Context, Resolved};
use super::object::{Handle, html, leaf, maybe, maybe_leaf, not_modelled, null, object, time, web};
use super::query::{avatar, url};
use super::{args, issue, project, repository};
use crate::world::ids::NodeId;
use crate::world::owner::{Owner, OwnerKind};
use crate::world::{Refusal, same_name};

pub(super) fn resolve<'w>(ctx: &Context<'w>, id: &NodeId, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let owner = world.owners.find(id)?;
    match info.field_name() {
        "id" => leaf(owner.id.as_str()),
        "databaseId" => leaf(owner.database_id),
        "login" => leaf(owner.login.as_str()),
        "name" => maybe_leaf(owner.name.as_deref()),
        "createdAt" | "updatedAt" => time(owner.created_at),
        "url" => leaf(owner.url()),
        "resourcePath" => leaf(format!("/{}", owner.login)),
        "avatarUrl" => leaf(avatar(owner.database_id)),
        "projectsUrl" => leaf(web(&owner.projects_path())),
        "projectsResourcePath" => leaf(owner.projects_path()),
        "projectV2" => {
            let number = args::int(info, "number").unwrap_or_default();
            let found = world.project_by_number(owner, number)?;
            drop(world);
            object(ctx, Handle::Project(found))
        }
        "projectsV2" => {
            let all = project::sorted(&world, info, &owner.projects.values().cloned().collect::<Vec<_>>())?;
            connection(ctx, info, all)
        }
        "recentProjects" => {
            let all = owner.projects.values().rev().cloned().map(Handle::Project).collect();
            connection(ctx, info, all)
        }
        "repository" => {
            let name = args::text(info, "name").unwrap_or_default();
            let mut rows = owner.repositories.iter().filter_map(|id| world.repositories.get(id));
            let found =
                rows.find(|row| same_name(&row.name, name)).map(|row| Handle::Repository(row.id.clone()));
            maybe(ctx, found)
        }
        "repositories" => {
            let all = repository::sorted(&world, info, &owner.repositories)?;
            connection(ctx, info, all)
        }
        "websiteUrl" | "location" | "twitterUsername" | "archivedAt" => null(),
        "isVerified" | "hasSponsorsListing" | "isSponsoringViewer" | "viewerIsSponsoring"
        | "viewerCanSponsor" | "viewerIsFollowing" => leaf(false),
        "pinnedItemsRemaining" => leaf(6),
        _ => match owner.kind {
            OwnerKind::User => user(ctx, owner, info),
            OwnerKind::Organization => organization(ctx, owner, info),
        },
    }
}

fn user<'w>(ctx: &Context<'w>, owner: &Owner, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let is_viewer = world.viewer == owner.id;
    match info.field_name() {
        // GitHub answers an empty string when the address is not public.
        "email" => leaf(""),
        "isViewer" | "viewerCanCreateProjects" | "viewerCanChangePinnedItems" => leaf(is_viewer),
        "isSiteAdmin"
        | "isEmployee"
        | "isBountyHunter"
        | "isCampusExpert"
        | "isDeveloperProgramMember"
        | "isFollowingViewer"
        | "isGitHubStar"
        | "isHireable" => leaf(false),
        "viewerCanFollow" => leaf(!is_viewer),
        "bio" | "company" | "pronouns" | "status" => null(),
        "bioHTML" | "companyHTML" => leaf(""),
        "organizations" => {
            let all =
                world.owners.values().filter(|other| is_viewer && other.kind == OwnerKind::Organization);
            connection(ctx, info, all.map(|other| Handle::Owner(other.id.clone())).collect())
        }
        "organization" => {
            let login = args::text(info, "login").unwrap_or_default();
            let found = world
                .owner_by_login(login)
                .filter(|other| is_viewer && other.kind == OwnerKind::Organization)
                .map(|other| Handle::Owner(other.id.clone()));
            maybe(ctx, found)
        }
        "issues" => {
            let mine = world.issues.values().filter(|issue| issue.author == owner.id);
            let all = issue::selected(&world, info, &mine.map(|issue| issue.id.clone()).collect::<Vec<_>>())?;
            connection(ctx, info, all)
        }
        "followers"
        | "following"
        | "gists"
        | "starredRepositories"
        | "watching"
        | "publicKeys"
        | "packages"
        | "pullRequests"
        | "socialAccounts" => connection(ctx, info, Vec::new()),
        _ => not_modelled("User", info),
    }
}

fn organization<'w>(ctx: &Context<'w>, owner: &Owner, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    match info.field_name() {
        "description" | "email" => null(),
        "descriptionHTML" => leaf(html("")),
        "viewerCanAdminister"
        | "viewerCanCreateProjects"
        | "viewerCanCreateRepositories"
        | "viewerCanCreateTeams"
        | "viewerIsAMember"
        | "viewerCanChangePinnedItems" => leaf(true),
        "membersCanForkPrivateRepositories" | "webCommitSignoffRequired" => leaf(false),
        "requiresTwoFactorAuthentication" => leaf(false),
        "teamsUrl" => url(&format!("/orgs/{}/teams", owner.login)),
        "teamsResourcePath" => leaf(format!("/orgs/{}/teams", owner.login)),
        "newTeamUrl" => url(&format!("/orgs/{}/new-team", owner.login)),
        "newTeamResourcePath" => leaf(format!("/orgs/{}/new-team", owner.login)),
        "team" => {
            let slug = args::text(info, "slug").unwrap_or_default();
            let mut teams = owner.teams.iter().filter_map(|id| world.teams.get(id));
            let found = teams.find(|team| team.slug == slug).map(|team| Handle::Team(team.id.clone()));
            maybe(ctx, found)
        }
        "teams" => {
            refuse_filters(
                info,
                "Organization.teams",
                &["ldapMapped", "privacy", "query", "role", "userLogins"],
            )?;
            let mut rows: Vec<_> = owner.teams.iter().filter_map(|id| world.teams.get(id)).collect();
            let descending = args::order(info).is_some_and(|(_, descending)| descending);
            args::sort_by(&mut rows, descending, |team| team.name.to_lowercase());
            connection(ctx, info, rows.into_iter().map(|team| Handle::Team(team.id.clone())).collect())
        }
        "issueTypes" => {
            connection(ctx, info, owner.issue_types.iter().cloned().map(Handle::IssueType).collect())
        }
        "membersWithRole" => connection(ctx, info, vec![Handle::Owner(world.viewer.clone())]),
        "issueFields" | "pinnedIssueFields" | "mannequins" | "rulesets" | "packages" | "domains" => {
            connection(ctx, info, Vec::new())
        }
        _ => not_modelled("Organization", info),
    }
}

pub(super) fn resolve_team<'w>(ctx: &Context<'w>, id: &NodeId, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let team = world.teams.find(id)?;
    let login = world.owners.find(&team.organization)?.login.clone();
    match info.field_name() {
        "id" => leaf(team.id.as_str()),
        "databaseId" => leaf(team.database_id),
        "name" => leaf(team.name.as_str()),
        "slug" => leaf(team.slug.as_str()),
        "combinedSlug" => leaf(format!("{login}/{}", team.slug)),
        "description" | "parentTeam" => null(),
        "privacy" => leaf("VISIBLE"),
        "createdAt" | "updatedAt" => time(team.created_at),
        "url" => url(&format!("/orgs/{login}/teams/{}", team.slug)),
        "resourcePath" => leaf(format!("/orgs/{login}/teams/{}", team.slug)),
        "organization" => object(ctx, Handle::Owner(team.organization.clone())),
        "projectsV2" => {
            let mine = world.projects.values().filter(|project| project.teams.contains(id));
            let all =
                project::sorted(&world, info, &mine.map(|project| project.id.clone()).collect::<Vec<_>>())?;
            connection(ctx, info, all)
        }
        "viewerCanAdminister" => leaf(true),
        _ => not_modelled("Team", info),
    }
}

/// An argument that narrows a list and is not understood may not be ignored.
pub(super) fn refuse_filters(info: &ResolveInfo<'_>, place: &str, names: &[&str]) -> Result<(), Refusal> {
    let used = names.iter().find(|name| {
        args::get(info, name).is_some_and(|value| match value.as_str() {
            Some(text) => !text.is_empty(),
            None => value.as_bool() != Some(false),
        })
    });
    match used {
        Some(name) => Err(Refusal::not_modelled(format!("{place}({name}:)"))),
        None => Ok(()),
    }
}

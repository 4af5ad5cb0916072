//! `User`, `Organization`, `Team`.

use std::rc::Rc;

use apollo_compiler::resolvers::ResolveInfo;

use super::connection::{EdgeFields, More, connection, connection_with};
use super::context::{Context, Resolved};
use super::object::{Handle, html, leaf, maybe, maybe_leaf, not_modelled, null, object, time, web};
use super::query::{avatar, url};
use super::{args, issue_list, issue_type, project, repository};
use crate::world::ids::NodeId;
use crate::world::owner::{Owner, OwnerKind};
use crate::world::team::Team;
use crate::world::{Refusal, World, same_name};

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
            world.reach_boards(owner)?;
            let number = args::int(info, "number").unwrap_or_default();
            let found = world.project_by_number(owner, number)?;
            drop(world);
            object(ctx, Handle::Project(found))
        }
        "projectsV2" => {
            world.reach_boards(owner)?;
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
            let found = rows.find(|row| same_name(&row.name, name) && world.permission(row).is_some());
            maybe(ctx, found.map(|row| Handle::Repository(row.id.clone())))
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
            let mine = world.owners.values().filter(|other| belongs(&world, owner, other));
            connection(ctx, info, mine.map(|other| Handle::Owner(other.id.clone())).collect())
        }
        "organization" => {
            let login = args::text(info, "login").unwrap_or_default();
            let found = world
                .owner_by_login(login)
                .filter(|other| belongs(&world, owner, other))
                .map(|other| Handle::Owner(other.id.clone()));
            maybe(ctx, found)
        }
        "issueComments" => {
            let mine = world.comments.values().filter(|row| row.author == owner.id);
            connection(ctx, info, mine.map(|row| Handle::Comment(row.id.clone())).collect())
        }
        "issues" => {
            let mine = world.issues.values().filter(|issue| issue.author == owner.id);
            let all =
                issue_list::selected(&world, info, &mine.map(|issue| issue.id.clone()).collect::<Vec<_>>())?;
            connection(ctx, info, all)
        }
        _ => not_modelled("User", info),
    }
}

/// Whether the user is a member of the other owner, as far as the viewer may know.
fn belongs(world: &World, user: &Owner, other: &Owner) -> bool {
    let is_viewer = user.id == world.viewer;
    other.kind == OwnerKind::Organization
        && other.has_member(&user.id)
        && (is_viewer || other.members.iter().any(|member| member.user == world.viewer))
}

fn organization<'w>(ctx: &Context<'w>, owner: &Owner, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    match info.field_name() {
        "description" | "email" => null(),
        "descriptionHTML" => leaf(html("")),
        "viewerCanAdminister" | "viewerCanChangePinnedItems" => leaf(owner.is_administered_by(&world.viewer)),
        "viewerCanCreateProjects"
        | "viewerCanCreateRepositories"
        | "viewerCanCreateTeams"
        | "viewerIsAMember" => leaf(owner.has_member(&world.viewer)),
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
        "teams" => connection(ctx, info, teams(&world, owner, info)?),
        "issueTypes" => connection(ctx, info, issue_type::sorted(&world, info, &owner.issue_types)),
        "membersWithRole" => members(ctx, owner, info),
        // Nothing here makes an issue field, so an empty list is the truth.
        "issueFields" | "pinnedIssueFields" => connection(ctx, info, Vec::new()),
        _ => not_modelled("Organization", info),
    }
}

/// Teams that the arguments ask for, in their order.
fn teams(world: &World, owner: &Owner, info: &ResolveInfo<'_>) -> Result<Vec<Handle>, Refusal> {
    refuse_filters(info, "Organization.teams", &["ldapMapped", "notificationSetting", "role"])?;
    let mut rows: Vec<_> = owner.teams.iter().filter_map(|id| world.teams.get(id)).collect();
    if let Some(query) = args::text(info, "query").map(str::to_lowercase) {
        rows.retain(|team| team.name.to_lowercase().contains(&query) || team.slug.contains(&query));
    }
    if let Some(logins) = args::texts(args::get(info, "userLogins")) {
        let known = |id: &NodeId| {
            world.owners.get(id).is_some_and(|user| logins.iter().any(|login| same_name(login, &user.login)))
        };
        rows.retain(|team| team.members.iter().any(known));
    }
    // No team here is secret.
    if args::text(info, "privacy") == Some("SECRET") {
        rows.clear();
    }
    let descending = args::order(info).is_some_and(|(_, descending)| descending);
    args::sort_by(&mut rows, descending, |team| team.name.to_lowercase());
    Ok(rows.into_iter().map(|team| Handle::Team(team.id.clone())).collect())
}

/// `Organization.membersWithRole`. An organisation that names no members has the viewer for its owner.
fn members<'w>(ctx: &Context<'w>, owner: &Owner, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let viewer = ctx.world().viewer.clone();
    let admins: Vec<NodeId> = match owner.members.as_slice() {
        [] => vec![viewer.clone()],
        some => some.iter().filter(|member| member.admin).map(|member| member.user.clone()).collect(),
    };
    let all: Vec<NodeId> = match owner.members.as_slice() {
        [] => vec![viewer],
        some => some.iter().map(|member| member.user.clone()).collect(),
    };
    let edges: Rc<EdgeFields> = Rc::new(move |handle, name| match (handle, name) {
        (Handle::Owner(id), "role") => Some(if admins.contains(id) { "ADMIN" } else { "MEMBER" }.into()),
        (Handle::Owner(_), "hasTwoFactorEnabled") => Some(true.into()),
        _ => None,
    });
    let all = all.into_iter().map(Handle::Owner).collect();
    connection_with(ctx, info, all, More { edges: Some(edges), ..More::default() })
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
        "projectV2" => {
            let owner = world.owners.find(&team.organization)?;
            let found = world.project_by_number(owner, args::int(info, "number").unwrap_or_default())?;
            let mine = world.projects.get(&found).is_some_and(|project| project.teams.contains(id));
            maybe(ctx, mine.then_some(Handle::Project(found)))
        }
        "members" => team_members(ctx, team, info),
        // No team here is given a repository, and nobody has a status.
        "ancestors" | "childTeams" | "invitations" | "repositories" | "memberStatuses" => {
            connection(ctx, info, Vec::new())
        }
        "avatarUrl" => {
            leaf(format!("https://avatars.githubusercontent.com/t/{}?s=400&v=4", team.database_id))
        }
        "editTeamUrl" => url(&format!("/orgs/{login}/teams/{}/edit", team.slug)),
        "editTeamResourcePath" => leaf(format!("/orgs/{login}/teams/{}/edit", team.slug)),
        "membersUrl" => url(&format!("/orgs/{login}/teams/{}/members", team.slug)),
        "membersResourcePath" => leaf(format!("/orgs/{login}/teams/{}/members", team.slug)),
        "teamsUrl" => url(&format!("/orgs/{login}/teams/{}/teams", team.slug)),
        "teamsResourcePath" => leaf(format!("/orgs/{login}/teams/{}/teams", team.slug)),
        "repositoriesUrl" => url(&format!("/orgs/{login}/teams/{}/repositories", team.slug)),
        "repositoriesResourcePath" => leaf(format!("/orgs/{login}/teams/{}/repositories", team.slug)),
        "newTeamUrl" => url(&format!("/orgs/{login}/new-team")),
        "newTeamResourcePath" => leaf(format!("/orgs/{login}/new-team")),
        "viewerCanSubscribe" => leaf(false),
        "viewerSubscription" => leaf("UNSUBSCRIBED"),
        "notificationSetting" => leaf("NOTIFICATIONS_ENABLED"),
        "reviewRequestDelegationEnabled" | "reviewRequestDelegationNotifyTeam" => leaf(false),
        "reviewRequestDelegationAlgorithm" | "reviewRequestDelegationMemberCount" => null(),
        "viewerCanAdminister" => {
            leaf(world.owners.find(&team.organization)?.is_administered_by(&world.viewer))
        }
        _ => not_modelled("Team", info),
    }
}

fn team_members<'w>(ctx: &Context<'w>, team: &Team, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let query = args::text(info, "query").unwrap_or_default();
    let mut rows: Vec<&Owner> = team.members.iter().filter_map(|id| world.owners.get(id)).collect();
    rows.retain(|user| user.fits(query));
    // Everyone here is a plain member.
    if args::text(info, "role") == Some("MAINTAINER") {
        rows.clear();
    }
    if let Some(("LOGIN", descending)) = args::order(info) {
        args::sort_by(&mut rows, descending, |user| user.login.to_lowercase());
    }
    let edges: Rc<EdgeFields> = Rc::new(|_, name| (name == "role").then(|| "MEMBER".into()));
    let all = rows.into_iter().map(|user| Handle::Owner(user.id.clone())).collect();
    connection_with(ctx, info, all, More { edges: Some(edges), ..More::default() })
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

//! The top of the tree: the root, `/versions`, `/zen`, `/meta`; paths by numeric ids; which scopes a path takes.

use axum::http::Method;
use serde_json::{Value, json};

use super::call::Call;
use super::failure::Failure;
use super::pages::Reply;
use super::{Routed, version};
use crate::world::World;

/// The addresses that the root gives, in GitHub's order (recorded).
const ADDRESSES: [(&str, &str); 32] = [
    ("current_user_url", "/user"),
    ("authorizations_url", "/authorizations"),
    ("code_search_url", "/search/code?q={query}{&page,per_page,sort,order}"),
    ("commit_search_url", "/search/commits?q={query}{&page,per_page,sort,order}"),
    ("emails_url", "/user/emails"),
    ("emojis_url", "/emojis"),
    ("events_url", "/events"),
    ("feeds_url", "/feeds"),
    ("followers_url", "/user/followers"),
    ("following_url", "/user/following{/target}"),
    ("gists_url", "/gists{/gist_id}"),
    ("hub_url", "/hub"),
    ("issue_search_url", "/search/issues?q={query}{&page,per_page,sort,order}"),
    ("issues_url", "/issues"),
    ("keys_url", "/user/keys"),
    ("label_search_url", "/search/labels?q={query}&repository_id={repository_id}{&page,per_page}"),
    ("notifications_url", "/notifications"),
    ("organization_url", "/orgs/{org}"),
    ("organization_repositories_url", "/orgs/{org}/repos{?type,page,per_page,sort}"),
    ("organization_teams_url", "/orgs/{org}/teams"),
    ("public_gists_url", "/gists/public"),
    ("rate_limit_url", "/rate_limit"),
    ("repository_url", "/repos/{owner}/{repo}"),
    ("repository_search_url", "/search/repositories?q={query}{&page,per_page,sort,order}"),
    ("current_user_repositories_url", "/user/repos{?type,page,per_page,sort}"),
    ("starred_url", "/user/starred{/owner}{/repo}"),
    ("starred_gists_url", "/gists/starred"),
    ("topic_search_url", "/search/topics?q={query}{&page,per_page}"),
    ("user_url", "/users/{user}"),
    ("user_organizations_url", "/user/orgs"),
    ("user_repositories_url", "/users/{user}/repos{?type,page,per_page,sort}"),
    ("user_search_url", "/search/users?q={query}{&page,per_page,sort,order}"),
];

pub(super) fn route(call: &Call<'_>, parts: &[&str]) -> Routed {
    if call.method != Method::GET {
        return Err(Failure::NotFound);
    }
    Ok(Reply::ok(match parts {
        [""] => {
            let known = ADDRESSES.iter();
            let mut all: serde_json::Map<String, Value> =
                known.map(|(name, path)| ((*name).to_owned(), json!(call.url(path)))).collect();
            let page = "https://github.com/settings/connections/applications{/client_id}";
            all.insert("current_user_authorizations_html_url".to_owned(), json!(page));
            Value::Object(all)
        }
        ["meta"] => json!({ "verifiable_password_authentication": false }),
        ["versions"] => version::ALL.iter().map(|version| version.as_str()).collect(),
        _ => return Err(Failure::NotFound),
    }))
}

/// The path by names: what GitHub answers at `/repositories/{id}`, `/organizations/{id}`, `/user/{id}` and `/teams/{id}`,
/// which its links lead to, is answered at the names' paths. GitHub: observed in recorded answers; OpenAPI.
pub(super) fn by_names(world: &World, parts: &[&str]) -> Result<Vec<String>, Failure> {
    let number = |id: &str| id.parse::<u32>().ok();
    let (head, rest): (Vec<String>, &[&str]) = match parts {
        ["repositories", id, rest @ ..] => {
            let id = number(id).ok_or(Failure::NotFound)?;
            let row = world.repositories.values().find(|row| row.database_id == id);
            let row = row.filter(|row| world.permission(row).is_some()).ok_or(Failure::NotFound)?;
            let owner = world.owners.find(&row.owner)?.login.clone();
            (vec!["repos".to_owned(), owner, row.name.clone()], rest)
        }
        ["organizations", id, "team", team, rest @ ..] => {
            (team_path(world, number(team), number(id)).ok_or(Failure::NotFound)?, rest)
        }
        ["teams", team, rest @ ..] => (team_path(world, number(team), None).ok_or(Failure::NotFound)?, rest),
        ["organizations", id, rest @ ..] => {
            (vec!["orgs".to_owned(), login(world, number(id)).ok_or(Failure::NotFound)?], rest)
        }
        ["user", id, rest @ ..] if number(id).is_some() => {
            (vec!["users".to_owned(), login(world, number(id)).ok_or(Failure::NotFound)?], rest)
        }
        _ => (Vec::new(), parts),
    };
    Ok(head.into_iter().chain(rest.iter().map(|part| (*part).to_owned())).collect())
}

fn login(world: &World, id: Option<u32>) -> Option<String> {
    let id = id?;
    world.owners.values().find(|owner| owner.database_id == id).map(|owner| owner.login.clone())
}

fn team_path(world: &World, team: Option<u32>, organization: Option<u32>) -> Option<Vec<String>> {
    let team = world.teams.values().find(|row| Some(row.database_id) == team)?;
    let owner = world.owners.get(&team.organization)?;
    let fits = organization.is_none_or(|id| owner.database_id == id);
    fits.then(|| vec!["orgs".to_owned(), owner.login.clone(), "teams".to_owned(), team.slug.clone()])
}

/// `x-accepted-oauth-scopes`. GitHub: observed in recorded answers for repositories, labels, issues, locks, organisations,
/// searches and the root; the others are what the docs name for them.
pub(super) fn accepted_scopes(is_read: bool, parts: &[&str]) -> &'static str {
    match parts {
        [_, _, "projectsV2", ..] if is_read => "project, read:project",
        [_, _, "projectsV2", ..] => "project",
        ["orgs", _, "issue-types", ..] if !is_read => "admin:org",
        ["orgs" | "organizations", _, ..] => "admin:org, read:org, repo, user, write:org",
        [.., "issues", _, "lock"] => "public_repo, repo",
        ["repos" | "repositories", ..] if is_read => "repo",
        _ => "",
    }
}

//! `/repos/{owner}/{repo}`, and the shape of a repository.

use axum::http::Method;
use serde_json::{Value, json};

use super::call::Call;
use super::failure::Failure;
use super::pages::{Reply, page};
use super::shapes::{Shapes, issue_type, merge, time};
use super::{Routed, issue, label, milestone};
use crate::world::World;
use crate::world::issue::Issue;
use crate::world::repository::{Permission, Repository, Visibility};

/// Addresses below a repository's. GitHub: OpenAPI `full-repository`.
const REPOSITORY_URLS: [(&str, &str); 36] = [
    ("archive_url", "/{archive_format}{/ref}"),
    ("assignees_url", "/assignees{/user}"),
    ("blobs_url", "/git/blobs{/sha}"),
    ("branches_url", "/branches{/branch}"),
    ("collaborators_url", "/collaborators{/collaborator}"),
    ("comments_url", "/comments{/number}"),
    ("commits_url", "/commits{/sha}"),
    ("compare_url", "/compare/{base}...{head}"),
    ("contents_url", "/contents/{+path}"),
    ("contributors_url", "/contributors"),
    ("deployments_url", "/deployments"),
    ("downloads_url", "/downloads"),
    ("events_url", "/events"),
    ("forks_url", "/forks"),
    ("git_commits_url", "/git/commits{/sha}"),
    ("git_refs_url", "/git/refs{/sha}"),
    ("git_tags_url", "/git/tags{/sha}"),
    ("hooks_url", "/hooks"),
    ("issue_comment_url", "/issues/comments{/number}"),
    ("issue_events_url", "/issues/events{/number}"),
    ("issues_url", "/issues{/number}"),
    ("keys_url", "/keys{/key_id}"),
    ("labels_url", "/labels{/name}"),
    ("languages_url", "/languages"),
    ("merges_url", "/merges"),
    ("milestones_url", "/milestones{/number}"),
    ("notifications_url", "/notifications{?since,all,participating}"),
    ("pulls_url", "/pulls{/number}"),
    ("releases_url", "/releases{/id}"),
    ("stargazers_url", "/stargazers"),
    ("statuses_url", "/statuses/{sha}"),
    ("subscribers_url", "/subscribers"),
    ("subscription_url", "/subscription"),
    ("tags_url", "/tags"),
    ("teams_url", "/teams"),
    ("trees_url", "/git/trees{/sha}"),
];

pub(super) fn route(
    world: &mut World,
    call: &Call<'_>,
    (owner, name): (&str, &str),
    rest: &[&str],
) -> Routed {
    let row = world.repository_by_name(owner, name)?;
    let id = row.id.clone();
    world.reach(&id)?;
    match (&call.method, rest) {
        (&Method::GET, []) => {
            let row = world.repositories.find(&id)?;
            Ok(Reply::ok(Shapes::new(world, call).repository(row)))
        }
        (_, ["milestones", rest @ ..]) => milestone::route(world, call, &id, rest),
        (_, ["labels", rest @ ..]) => label::route(world, call, &id, rest),
        (&Method::GET, ["issues", "comments"]) => Err(Failure::NotModelled),
        (_, ["issues", rest @ ..]) => issue::route(world, call, &id, rest),
        (&Method::GET, ["issue-types"]) => {
            let owner = &world.repositories.find(&id)?.owner;
            let kinds = &world.owners.find(owner)?.issue_types;
            let rows: Vec<_> = kinds.iter().filter_map(|id| world.issue_types.get(id)).collect();
            page(call, &rows, |row| issue_type(row))
        }
        _ => Err(Failure::NotModelled),
    }
}

impl Shapes<'_> {
    /// `full-repository`, which is every shape of a repository. What isn't modelled is empty: no code, no stars.
    pub(super) fn repository(&self, row: &Repository) -> Value {
        let name = self.world.name_with_owner(row);
        let url = self.url(&format!("/repos/{name}"));
        let may = |least: Permission| row.viewer_permission >= least;
        let open = row.issues.values().filter(|id| self.world.issues.get(id).is_some_and(Issue::is_open));
        let open = open.count();
        let mut shown = json!({
            "id": row.database_id,
            "node_id": row.id,
            "name": row.name,
            "full_name": name,
            "private": row.visibility != Visibility::Public,
            "visibility": row.visibility.as_str().to_lowercase(),
            "owner": self.user(&row.owner),
            "html_url": format!("https://github.com/{name}"),
            "description": row.description,
            "url": url,
            "git_url": format!("git://github.com/{name}.git"),
            "ssh_url": format!("git@github.com:{name}.git"),
            "clone_url": format!("https://github.com/{name}.git"),
            "svn_url": format!("https://github.com/{name}"),
            "created_at": time(row.created_at),
            "updated_at": time(row.updated_at),
            "pushed_at": time(row.created_at),
            "has_issues": row.has_issues_enabled,
            "archived": row.is_archived,
            "open_issues_count": open,
            "open_issues": open,
            "permissions": {
                "admin": may(Permission::Admin),
                "maintain": may(Permission::Maintain),
                "push": may(Permission::Write),
                "triage": may(Permission::Triage),
                "pull": true,
            },
        });
        merge(
            &mut shown,
            json!({
                "fork": false, "homepage": null, "language": null, "license": null, "mirror_url": null, "size": 0,
                "disabled": false, "default_branch": "main", "has_projects": true, "has_wiki": false,
                "has_pages": false, "has_discussions": false, "has_downloads": false, "forks": 0, "forks_count": 0,
                "stargazers_count": 0, "watchers": 0, "watchers_count": 0, "network_count": 0,
                "subscribers_count": 0,
            }),
        );
        let places =
            REPOSITORY_URLS.iter().map(|(name, path)| ((*name).to_owned(), json!(format!("{url}{path}"))));
        merge(&mut shown, Value::Object(places.collect()));
        shown
    }
}

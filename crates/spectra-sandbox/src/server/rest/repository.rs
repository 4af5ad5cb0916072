//! `/repos/{owner}/{repo}`, lists of repositories, and the shapes of a repository.

use axum::http::Method;
use serde_json::{Value, json};

use super::call::{Body, Call};
use super::failure::Failure;
use super::pages::{Reply, page};
use super::shapes::{Shapes, issue_type, merge, time};
use super::{CREATED, Routed, assignee, by_id, collaborator, issue, label, milestone};
use crate::world::ids::NodeId;
use crate::world::issue::Issue;
use crate::world::owner::{Owner, OwnerKind};
use crate::world::repository::{CreateRepository, Permission, Repository, UpdateRepository, Visibility};
use crate::world::{World, same_name};

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
    let place = by_id("/repositories", row.database_id, rest);
    if !same_name(&row.name, name) {
        return Err(Failure::Moved(place));
    }
    call.known_as(place);
    match (&call.method, rest) {
        (&Method::GET, []) => {
            let row = world.repositories.find(&id)?;
            Ok(Reply::ok(Shapes::new(world, call).full_repository(row)))
        }
        (&Method::PATCH, []) => update(world, call, &id),
        // GitHub: OpenAPI: a repository without such a file is answered with 404; here none has any.
        (&Method::GET, ["readme", ..]) => Err(Failure::NotFound),
        (_, ["assignees", rest @ ..]) => assignee::of_repository(world, call, &id, rest),
        (_, ["collaborators", rest @ ..]) => collaborator::route(world, call, &id, rest),
        (_, ["milestones", rest @ ..]) => milestone::route(world, call, &id, rest),
        (_, ["labels", rest @ ..]) => label::route(world, call, &id, rest),
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

/// The repositories of an owner, or of the viewer.
pub(super) enum Whose<'a> {
    Owner(&'a Owner),
    Viewer,
}

/// `/orgs/{org}/repos`, `/users/{username}/repos`, `/user/repos`. GitHub: OpenAPI: an organisation's newest first, those of
/// users by name, unless asked otherwise; `/user/repos` has all that the viewer has to do with.
pub(super) fn list(world: &World, call: &Call<'_>, whose: &Whose<'_>) -> Routed {
    let usual = match whose {
        Whose::Owner(owner) if owner.kind == OwnerKind::Organization => "created",
        Whose::Owner(_) | Whose::Viewer => "full_name",
    };
    let sort = call.choice("sort", &[usual, "created", "updated", "pushed", "full_name"])?;
    let usual_direction = if sort == "full_name" { ["asc", "desc"] } else { ["desc", "asc"] };
    let descending = call.choice("direction", &usual_direction)? == "desc";
    let kind = call
        .choice("type", &["all", "owner", "public", "private", "member", "forks", "sources", "internal"])?;
    let visibility = call.choice("visibility", &["all", "public", "private"])?;
    let affiliation = call.parameter("affiliation").unwrap_or("owner,collaborator,organization_member");
    let affiliated = |word: &str| affiliation.split(',').any(|given| given.trim() == word);
    let belongs = |row: &Repository| match whose {
        Whose::Owner(owner) => row.owner == owner.id && (kind != "forks" && (kind != "member")),
        Whose::Viewer => {
            let mine = row.owner == world.viewer;
            let named = row.collaborators.as_ref().is_some_and(|named| named.contains_key(&world.viewer));
            let owner = world.owners.get(&row.owner);
            let organization = owner.filter(|owner| owner.kind == OwnerKind::Organization);
            let member = organization.is_some_and(|owner| owner.has_member(&world.viewer));
            let by_kind = match kind {
                "owner" => mine,
                "member" => !mine,
                _ => true,
            };
            let by_affiliation = (mine && affiliated("owner"))
                || (named && !mine && affiliated("collaborator"))
                || (member && affiliated("organization_member"));
            by_kind && by_affiliation
        }
    };
    let fits = |row: &&Repository| {
        let public = row.visibility == Visibility::Public;
        let shown = [kind, visibility].iter().all(|word| match *word {
            "public" => public,
            "private" => !public,
            "internal" => row.visibility == Visibility::Internal,
            _ => true,
        });
        shown && belongs(row) && world.reach(&row.id).is_ok()
    };
    let mut rows: Vec<&Repository> = world.repositories.values().filter(fits).collect();
    match sort {
        "full_name" => rows.sort_by_key(|row| world.name_with_owner(row).to_lowercase()),
        "updated" => rows.sort_by_key(|row| (row.updated_at, row.database_id)),
        _ => rows.sort_by_key(|row| (row.created_at, row.database_id)),
    }
    if descending {
        rows.reverse();
    }
    let shapes = Shapes::new(world, call);
    page(call, &rows, |row| shapes.repository(row))
}

/// `POST /user/repos`, `POST /orgs/{org}/repos`. GitHub: OpenAPI: public unless asked otherwise.
pub(super) fn create(world: &mut World, call: &Call<'_>, owner: &NodeId) -> Routed {
    let body = call.body()?;
    let input = CreateRepository {
        owner_id: Some(owner.clone()),
        name: body.needed("name")?.to_owned(),
        description: body.text("description")?.map(str::to_owned),
        visibility: visibility(&body)?.unwrap_or(Visibility::Public),
        has_issues_enabled: body.flag("has_issues")?,
        has_wiki_enabled: None,
        homepage_url: None,
        template: None,
    };
    let id = world.create_repository(call.now, input)?;
    let shown = Shapes::new(world, call).full_repository(world.repositories.find(&id)?);
    let place = shown.get("url").and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(Reply::with_status(CREATED, shown).at(place))
}

fn update(world: &mut World, call: &Call<'_>, id: &NodeId) -> Routed {
    let body = call.body()?;
    let input = UpdateRepository {
        repository_id: id.clone(),
        name: body.text("name")?.map(str::to_owned),
        description: body.nullable("description")?.map(|text| text.unwrap_or_default().to_owned()),
        has_issues_enabled: body.flag("has_issues")?,
        visibility: visibility(&body)?,
        archived: body.flag("archived")?,
    };
    world.update_repository(call.now, input)?;
    Ok(Reply::ok(Shapes::new(world, call).full_repository(world.repositories.find(id)?)))
}

/// GitHub: OpenAPI: `visibility` counts for more than `private`.
fn visibility(body: &Body) -> Result<Option<Visibility>, Failure> {
    let private = body.flag("private")?;
    Ok(match body.text("visibility")? {
        Some("public") => Some(Visibility::Public),
        Some("private") => Some(Visibility::Private),
        Some("internal") => Some(Visibility::Internal),
        Some(_) => return Err(Failure::invalid("visibility", "invalid")),
        None => private.map(|private| if private { Visibility::Private } else { Visibility::Public }),
    })
}

impl Shapes<'_> {
    /// `simple-repository`.
    pub(super) fn simple_repository(&self, row: &Repository) -> Value {
        let name = self.world.name_with_owner(row);
        let url = self.url(&format!("/repos/{name}"));
        let mut shown = json!({
            "id": row.database_id,
            "node_id": row.id,
            "name": row.name,
            "full_name": name,
            "private": row.visibility != Visibility::Public,
            "owner": self.user(&row.owner),
            "html_url": format!("https://github.com/{name}"),
            "description": row.description,
            "fork": false,
            "url": url,
        });
        let places =
            REPOSITORY_URLS.iter().map(|(name, path)| ((*name).to_owned(), json!(format!("{url}{path}"))));
        merge(&mut shown, Value::Object(places.collect()));
        shown
    }

    /// `repository` and `minimal-repository`: one of a list. What isn't modelled is empty: no code, no stars.
    pub(super) fn repository(&self, row: &Repository) -> Value {
        let name = self.world.name_with_owner(row);
        let mut shown = self.simple_repository(row);
        let granted = self.world.permission(row);
        let may = |least: Permission| granted >= Some(least);
        let open = row.issues.values().filter(|id| self.world.issues.get(id).is_some_and(Issue::is_open));
        let open = open.count();
        let more = json!({
            "visibility": row.visibility.as_str().to_lowercase(),
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
        merge(&mut shown, more);
        merge(
            &mut shown,
            json!({
                "homepage": null, "language": null, "license": null, "mirror_url": null, "size": 0,
                "disabled": false, "default_branch": "main", "has_projects": true, "has_wiki": false,
                "has_pages": false, "has_discussions": false, "has_downloads": false, "has_pull_requests": true,
                "forks": 0, "forks_count": 0, "stargazers_count": 0, "watchers": 0, "watchers_count": 0,
                "is_template": false, "topics": [], "allow_forking": true, "web_commit_signoff_required": false,
            }),
        );
        shown
    }

    /// `full-repository`: one that was asked for by its name.
    pub(super) fn full_repository(&self, row: &Repository) -> Value {
        let mut shown = self.repository(row);
        merge(
            &mut shown,
            json!({
                "network_count": 0, "subscribers_count": 0, "temp_clone_token": "",
                "allow_squash_merge": true, "allow_merge_commit": true, "allow_rebase_merge": true,
                "allow_auto_merge": false, "delete_branch_on_merge": false, "allow_update_branch": false,
                "use_squash_pr_title_as_default": false, "squash_merge_commit_title": "COMMIT_OR_PR_TITLE",
                "squash_merge_commit_message": "COMMIT_MESSAGES", "merge_commit_title": "MERGE_MESSAGE",
                "merge_commit_message": "PR_TITLE",
            }),
        );
        let owner = self.world.owners.get(&row.owner);
        if let Some(owner) = owner.filter(|owner| owner.kind == OwnerKind::Organization) {
            merge(&mut shown, json!({ "organization": self.account(owner) }));
        }
        shown
    }
}

//! `/users/{username}`, `/user`, `/users`, `/organizations`, and the projects of users by way of `project`.

use axum::http::Method;
use serde_json::json;

use super::call::Call;
use super::failure::Failure;
use super::pages::{Reply, page};
use super::repository::Whose;
use super::shapes::{Shapes, merge};
use super::{Routed, by_id, issue, member, project, repository, team, view};
use crate::world::World;
use crate::world::owner::{Owner, OwnerKind};

pub(super) fn route(world: &mut World, call: &Call<'_>, login: &str, rest: &[&str]) -> Routed {
    match (&call.method, rest) {
        (&Method::GET, []) => {
            // GitHub: OpenAPI: organisations are found here too.
            let owner = world.owner_by_login(login).ok_or(Failure::NotFound)?;
            Ok(Reply::ok(Shapes::new(world, call).full_user(owner)))
        }
        // GitHub: OpenAPI: this one route takes the user's numeric id.
        (&Method::POST, ["projectsV2", number, "views"]) => {
            let owner = by_number(world, login)?.id.clone();
            let id = project::find(world, &owner, number)?;
            project::permitted(world, call, &id)?;
            view::create(world, call, &id)
        }
        (_, ["projectsV2", rest @ ..]) => {
            let id = world.owner_of_kind(OwnerKind::User, login)?.id.clone();
            project::route(world, call, &id, rest)
        }
        (&Method::GET, ["repos"]) => {
            let owner = world.owner_by_login(login).ok_or(Failure::NotFound)?;
            let root = match owner.kind {
                OwnerKind::User => "/user",
                OwnerKind::Organization => "/organizations",
            };
            call.known_as(by_id(root, owner.database_id, rest));
            repository::list(world, call, &Whose::Owner(owner))
        }
        (&Method::GET, ["orgs"]) => {
            let user = &world.owner_of_kind(OwnerKind::User, login)?.id;
            let organizations = world.owners.values().filter(|owner| owner.kind == OwnerKind::Organization);
            let rows: Vec<&Owner> = organizations.filter(|owner| owner.has_member(user)).collect();
            let shapes = Shapes::new(world, call);
            page(call, &rows, |owner| shapes.simple_organization(owner))
        }
        _ if world.owner_by_login(login).is_none() => Err(Failure::NotFound),
        _ => Err(Failure::NotModelled),
    }
}

/// `/user`: whoever asks.
pub(super) fn own(world: &mut World, call: &Call<'_>, rest: &[&str]) -> Routed {
    match (&call.method, rest) {
        (&Method::GET, []) => {
            let viewer = world.owners.find(&world.viewer)?;
            let shapes = Shapes::new(world, call);
            let mut user = shapes.full_user(viewer);
            merge(
                &mut user,
                json!({
                    "private_gists": 0,
                    "total_private_repos": viewer.repositories.len(),
                    "owned_private_repos": viewer.repositories.len(),
                    "disk_usage": 0,
                    "collaborators": 0,
                    "two_factor_authentication": true,
                    "plan": { "name": "pro", "space": 0, "collaborators": 0, "private_repos": 9999 },
                }),
            );
            Ok(Reply::ok(user))
        }
        (&Method::GET, ["orgs"]) => {
            let shapes = Shapes::new(world, call);
            page(call, &member::of_viewer(world), |owner| shapes.simple_organization(owner))
        }
        (&Method::GET, ["repos"]) => repository::list(world, call, &Whose::Viewer),
        (&Method::POST, ["repos"]) => {
            let viewer = world.viewer.clone();
            repository::create(world, call, &viewer)
        }
        (&Method::GET, ["issues"]) => issue::of_viewer(world, call, None),
        (&Method::GET, ["teams"]) => team::own(world, call),
        (_, ["memberships", "orgs", rest @ ..]) => member::own(world, call, rest),
        _ => Err(Failure::NotModelled),
    }
}

/// `/users` and `/organizations`: all accounts of a kind. GitHub: OpenAPI: by id, those behind `since`; the `Link` leads on
/// by `since`, which is not made here: the pages are numbered.
pub(super) fn all(world: &World, call: &Call<'_>, kind: OwnerKind) -> Routed {
    let since = call.parameter("since").and_then(|id| id.parse::<u32>().ok()).unwrap_or(0);
    let fits = |owner: &&Owner| {
        owner.database_id > since && (kind == OwnerKind::User || owner.kind == OwnerKind::Organization)
    };
    let mut rows: Vec<&Owner> = world.owners.values().filter(fits).collect();
    rows.sort_by_key(|owner| owner.database_id);
    let shapes = Shapes::new(world, call);
    page(call, &rows, |owner| match kind {
        OwnerKind::User => shapes.account(owner),
        OwnerKind::Organization => shapes.simple_organization(owner),
    })
}

/// The user with this numeric id.
fn by_number<'w>(world: &'w World, id: &str) -> Result<&'w Owner, Failure> {
    let id: u32 = id.parse().ok().ok_or(Failure::NotFound)?;
    let mut users = world.owners.values().filter(|owner| owner.kind == OwnerKind::User);
    users.find(|owner| owner.database_id == id).ok_or(Failure::NotFound)
}

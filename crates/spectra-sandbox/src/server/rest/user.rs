//! `/users/{username}` and `/user`, and the projects of users by way of `project`.

use axum::http::Method;
use serde_json::json;

use super::call::Call;
use super::failure::Failure;
use super::pages::{Reply, page};
use super::shapes::{Shapes, merge};
use super::{Routed, project, view};
use crate::world::World;
use crate::world::ids::NodeId;
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
            view::create(world, call, &id)
        }
        (_, ["projectsV2", rest @ ..]) => {
            let id = world.owner_of_kind(OwnerKind::User, login)?.id.clone();
            project::route(world, call, &id, rest)
        }
        (&Method::GET, ["repos"]) => {
            let ids = &world.owner_by_login(login).ok_or(Failure::NotFound)?.repositories;
            let visible = |id: &&NodeId| world.reach(id).is_ok();
            let rows: Vec<_> =
                ids.iter().filter(visible).filter_map(|id| world.repositories.get(id)).collect();
            let shapes = Shapes::new(world, call);
            page(call, &rows, |row| shapes.repository(row))
        }
        _ if world.owner_by_login(login).is_none() => Err(Failure::NotFound),
        _ => Err(Failure::NotModelled),
    }
}

/// `/user`, and `/user/{user_id}/…`, the odd place of one route of projects.
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
            let rows: Vec<&Owner> =
                world.owners.values().filter(|owner| owner.kind == OwnerKind::Organization).collect();
            let shapes = Shapes::new(world, call);
            page(call, &rows, |owner| shapes.organization(owner))
        }
        (&Method::POST, [id, "projectsV2", number, "drafts"]) => {
            let owner = by_number(world, id)?.id.clone();
            project::route(world, call, &owner, &[number, "drafts"])
        }
        _ => Err(Failure::NotModelled),
    }
}

/// The user with this numeric id.
fn by_number<'w>(world: &'w World, id: &str) -> Result<&'w Owner, Failure> {
    let id: u32 = id.parse().ok().ok_or(Failure::NotFound)?;
    let mut users = world.owners.values().filter(|owner| owner.kind == OwnerKind::User);
    users.find(|owner| owner.database_id == id).ok_or(Failure::NotFound)
}

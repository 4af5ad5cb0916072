//! `/orgs/{org}`: the organisation and its issue types; its projects, teams, members and repositories by way of theirs.

use axum::http::Method;
use serde_json::{Value, json};

use super::call::{Body, Call};
use super::failure::Failure;
use super::pages::{Reply, page};
use super::repository::Whose;
use super::shapes::{Shapes, issue_type, merge};
use super::{Routed, by_id, issue, member, project, repository, team};
use crate::world::World;
use crate::world::ids::NodeId;
use crate::world::owner::OwnerKind;

pub(super) fn route(world: &mut World, call: &Call<'_>, login: &str, rest: &[&str]) -> Routed {
    let row = world.owner_of_kind(OwnerKind::Organization, login)?;
    let id = row.id.clone();
    call.known_as(by_id("/organizations", row.database_id, rest));
    match (&call.method, rest) {
        (&Method::GET, []) => {
            let owner = world.owners.find(&id)?;
            Ok(Reply::ok(Shapes::new(world, call).organization(owner)))
        }
        (&Method::GET, ["repos"]) => repository::list(world, call, &Whose::Owner(world.owners.find(&id)?)),
        (&Method::POST, ["repos"]) => repository::create(world, call, &id),
        (&Method::GET, ["issues"]) => issue::of_viewer(world, call, Some(&id)),
        (_, ["members" | "public_members" | "memberships", ..]) => member::route(world, call, &id, rest),
        (_, ["teams", rest @ ..]) => team::route(world, call, &id, rest),
        (_, ["issue-types", rest @ ..]) => issue_types(world, call, &id, rest),
        (_, ["projectsV2", rest @ ..]) => project::route(world, call, &id, rest),
        _ => Err(Failure::NotModelled),
    }
}

fn issue_types(world: &mut World, call: &Call<'_>, owner: &NodeId, rest: &[&str]) -> Routed {
    match (&call.method, rest) {
        (&Method::GET, []) => {
            let kinds = &world.owners.find(owner)?.issue_types;
            let rows: Vec<_> = kinds.iter().filter_map(|id| world.issue_types.get(id)).collect();
            page(call, &rows, |row| issue_type(row))
        }
        (&Method::POST, []) => {
            let mut input = described(&call.body()?)?;
            merge(&mut input, json!({ "ownerId": owner }));
            let id = world.create_issue_type(call.now, Call::input(input)?)?;
            // GitHub: OpenAPI: 200, not 201.
            show(world, &id)
        }
        (method, [id]) => {
            let wanted: u32 = id.parse().ok().ok_or(Failure::NotFound)?;
            let found = world
                .issue_types
                .values()
                .find(|kind| kind.organization == *owner && kind.database_id == wanted)
                .map(|kind| kind.id.clone());
            let id = found.ok_or(Failure::NotFound)?;
            match *method {
                Method::PUT => {
                    let mut input = described(&call.body()?)?;
                    merge(&mut input, json!({ "issueTypeId": id }));
                    let id = world.update_issue_type(call.now, Call::input(input)?)?;
                    show(world, &id)
                }
                Method::DELETE => {
                    world.delete_issue_type(call.now, Call::input(json!({ "issueTypeId": id }))?)?;
                    Ok(Reply::nothing())
                }
                _ => Err(Failure::NotModelled),
            }
        }
        _ => Err(Failure::NotModelled),
    }
}

/// GitHub: OpenAPI: `name` and `is_enabled` have to be there.
fn described(body: &Body) -> Result<Value, Failure> {
    let enabled = body.flag("is_enabled")?.ok_or_else(|| Failure::invalid("is_enabled", "missing_field"))?;
    let color = body.text("color")?;
    let known = ["gray", "blue", "green", "yellow", "orange", "red", "pink", "purple"];
    if color.is_some_and(|color| !known.contains(&color)) {
        return Err(Failure::invalid("color", "invalid"));
    }
    Ok(json!({
        "name": body.needed("name")?,
        "description": body.text("description")?,
        "color": color.map(str::to_uppercase),
        "isEnabled": enabled,
    }))
}

fn show(world: &World, id: &NodeId) -> Routed {
    Ok(Reply::ok(issue_type(world.issue_types.find(id)?)))
}

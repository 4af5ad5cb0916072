//! `/orgs/{org}/projectsV2` and `/users/{username}/projectsV2`.

use axum::http::Method;
use serde_json::{Value, json};

use super::call::Call;
use super::failure::Failure;
use super::pages::{Reply, cursored};
use super::shapes::{Shapes, time};
use super::{CREATED, Routed, field, item, view};
use crate::world::World;
use crate::world::ids::NodeId;
use crate::world::owner::OwnerKind;
use crate::world::project::Project;
use crate::world::project_query::ProjectQuery;

pub(super) fn route(world: &mut World, call: &Call<'_>, owner: &NodeId, rest: &[&str]) -> Routed {
    world
        .reach_boards(world.owners.find(owner)?)
        .map_err(|refusal| Failure::status(axum::http::StatusCode::FORBIDDEN, &refusal.message))?;
    match (&call.method, rest) {
        (&Method::GET, []) => list(world, call, owner),
        (_, []) => Err(Failure::NotModelled),
        (method, [number, rest @ ..]) => {
            let id = find(world, owner, number)?;
            permitted(world, call, &id)?;
            match (method, rest) {
                (&Method::GET, []) => {
                    Ok(Reply::ok(shape(&Shapes::new(world, call), world.projects.find(&id)?)))
                }
                (_, ["fields", rest @ ..]) => field::route(world, call, &id, rest),
                (_, ["items", rest @ ..]) => item::route(world, call, &id, rest),
                (&Method::POST, ["drafts"]) => {
                    let body = call.body()?;
                    let input = json!({
                        "projectId": id,
                        "title": body.needed("title")?,
                        "body": body.text("body")?,
                    });
                    let made = world.add_draft(call.now, Call::input(input)?)?;
                    let shown = item::simple(&Shapes::new(world, call), world.items.find(&made)?);
                    Ok(Reply::with_status(CREATED, shown))
                }
                (&Method::POST, ["views"]) => view::create(world, call, &id),
                (&Method::GET, ["views", number, "items"]) => view::items(world, call, &id, number),
                _ => Err(Failure::NotModelled),
            }
        }
    }
}

/// The viewer may do this with the project: the same decision as over GraphQL. GitHub: OpenAPI names 403 for all of these
/// routes; what a viewer may not see is not found.
pub(super) fn permitted(world: &World, call: &Call<'_>, id: &NodeId) -> Result<(), Failure> {
    world.reach(id)?;
    if call.is_read() {
        return Ok(());
    }
    let refused = |_| Failure::status(axum::http::StatusCode::FORBIDDEN, "Forbidden");
    world.may_change(id, "updateProjectV2").map_err(refused)
}

fn list(world: &World, call: &Call<'_>, owner: &NodeId) -> Routed {
    let query = ProjectQuery::read(call.parameter("q").unwrap_or_default())?;
    let rows = world.owners.find(owner)?.projects.values().filter_map(|id| world.projects.get(id));
    let rows: Vec<&Project> =
        rows.filter(|row| world.reach(&row.id).is_ok() && query.passes(world, row)).collect();
    let shapes = Shapes::new(world, call);
    cursored(call, &rows, |row| row.id.to_string(), |row| shape(&shapes, row))
}

/// The owner's project of this number.
pub(super) fn find(world: &World, owner: &NodeId, number: &str) -> Result<NodeId, Failure> {
    let number: u32 = number.parse().ok().ok_or(Failure::NotFound)?;
    world.owners.find(owner)?.projects.get(&number).cloned().ok_or(Failure::NotFound)
}

/// The project's address on this API.
pub(super) fn url(shapes: &Shapes<'_>, project: &NodeId) -> String {
    let world = shapes.world;
    let Some(row) = world.projects.get(project) else { return String::new() };
    let (root, login) = world.owners.get(&row.owner).map_or(("users", "ghost"), |owner| match owner.kind {
        OwnerKind::User => ("users", owner.login.as_str()),
        OwnerKind::Organization => ("orgs", owner.login.as_str()),
    });
    shapes.url(&format!("/{root}/{login}/projectsV2/{}", row.number))
}

/// `projects-v2`.
fn shape(shapes: &Shapes<'_>, row: &Project) -> Value {
    json!({
        "id": row.database_id,
        "node_id": row.id,
        "owner": shapes.user(&row.owner),
        "creator": shapes.user(&row.creator),
        "title": row.title,
        // GitHub's OpenAPI names two texts; the longer is taken for the readme, which is a guess.
        "description": row.readme,
        "public": row.public,
        "closed_at": row.closed_at.map(time),
        "created_at": time(row.created_at),
        "updated_at": time(row.updated_at),
        "number": row.number,
        "short_description": row.short_description,
        "deleted_at": null,
        "deleted_by": null,
        "state": if row.closed_at.is_some() { "closed" } else { "open" },
        "latest_status_update": null,
        "is_template": row.template,
    })
}

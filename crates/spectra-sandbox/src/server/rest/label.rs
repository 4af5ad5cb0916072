//! `/repos/{owner}/{repo}/labels` and the labels of one issue.

use axum::http::Method;
use serde_json::{Value, json};

use super::call::{Call, ids};
use super::failure::Failure;
use super::pages::{Reply, page};
use super::shapes::Shapes;
use super::{CREATED, Routed};
use crate::world::World;
use crate::world::ids::NodeId;
use crate::world::label::DeleteLabel;

/// GitHub: a label that comes into being by its use is grey.
const GREY: &str = "ededed";

pub(super) fn route(world: &mut World, call: &Call<'_>, repository: &NodeId, rest: &[&str]) -> Routed {
    match (&call.method, rest) {
        (&Method::GET, []) => {
            let mut rows: Vec<_> = world
                .repositories
                .find(repository)?
                .labels
                .iter()
                .filter_map(|id| world.labels.get(id))
                .collect();
            rows.sort_by_key(|row| row.name.to_lowercase());
            let shapes = Shapes::new(world, call);
            page(call, &rows, |row| shapes.label(row))
        }
        (&Method::POST, []) => {
            let body = call.body()?;
            let input = json!({
                "repositoryId": repository,
                "name": body.needed("name")?,
                // GitHub picks a colour when none is given; which one is not documented.
                "color": body.text("color")?.unwrap_or(GREY),
                "description": body.text("description")?,
            });
            let id = world.create_label(call.now, Call::input(input)?)?;
            Ok(Reply::with_status(CREATED, show(world, call, &id)?))
        }
        (method, [name]) => {
            let found = world.label_by_name(repository, name).map(|row| row.id.clone());
            let id = found.ok_or(Failure::NotFound)?;
            match *method {
                Method::GET => Ok(Reply::ok(show(world, call, &id)?)),
                Method::PATCH => {
                    let body = call.body()?;
                    let new_name = body.text("new_name")?.or(body.text("name")?);
                    let input = json!({
                        "id": id,
                        "name": new_name,
                        "color": body.text("color")?,
                        "description": body.text("description")?,
                    });
                    let id = world.update_label(call.now, Call::input(input)?)?;
                    Ok(Reply::ok(show(world, call, &id)?))
                }
                Method::DELETE => {
                    world.delete_label(call.now, &DeleteLabel { id })?;
                    Ok(Reply::nothing())
                }
                _ => Err(Failure::NotModelled),
            }
        }
        _ => Err(Failure::NotModelled),
    }
}

/// The labels of one issue.
pub(super) fn of_issue(world: &mut World, call: &Call<'_>, issue: &NodeId, rest: &[&str]) -> Routed {
    match (&call.method, rest) {
        (&Method::GET, []) => {}
        (&Method::POST, []) => {
            let wanted = wanted(world, call, issue)?;
            world.add_labels(
                call.now,
                Call::input(json!({ "labelableId": issue, "labelIds": ids(&wanted) }))?,
            )?;
        }
        (&Method::PUT, []) => {
            let wanted = wanted(world, call, issue)?;
            world.update_issue(call.now, Call::input(json!({ "id": issue, "labelIds": ids(&wanted) }))?)?;
        }
        (&Method::DELETE, []) => {
            world.clear_labels(call.now, Call::input(json!({ "labelableId": issue }))?)?;
            return Ok(Reply::nothing());
        }
        (&Method::DELETE, [name]) => {
            let row = world.issues.find(issue)?;
            let label = world.label_by_name(&row.repository, name).map(|label| label.id.clone());
            let label = label.filter(|label| row.labels.contains(label));
            // GitHub: OpenAPI: "This endpoint returns a 404 Not Found status if the label does not exist."
            let label = label
                .ok_or_else(|| Failure::status(axum::http::StatusCode::NOT_FOUND, "Label does not exist"))?;
            let input = json!({ "labelableId": issue, "labelIds": ids(&[label]) });
            world.remove_labels(call.now, Call::input(input)?)?;
        }
        _ => return Err(Failure::NotModelled),
    }
    let row = world.issues.find(issue)?;
    let shapes = Shapes::new(world, call);
    if call.is_read() {
        let rows: Vec<_> = row.labels.iter().filter_map(|id| world.labels.get(id)).collect();
        return page(call, &rows, |row| shapes.label(row));
    }
    Ok(Reply::ok(Value::Array(shapes.labels(&row.labels))))
}

/// The labels that the body names: `{"labels": […]}` or the list alone, of names or of objects with a name.
fn wanted(world: &mut World, call: &Call<'_>, issue: &NodeId) -> Result<Vec<NodeId>, Failure> {
    let body = call.any_body()?;
    let list = match &body {
        Value::Array(list) => list.as_slice(),
        Value::Object(object) => match object.get("labels") {
            Some(Value::Array(list)) => list.as_slice(),
            Some(_) => return Err(Failure::invalid("labels", "invalid")),
            None => &[],
        },
        Value::Null => &[],
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return Err(Failure::invalid("labels", "invalid"));
        }
    };
    let repository = world.issues.find(issue)?.repository.clone();
    named(world, call, &repository, list)
}

/// Labels by name. GitHub: a name that the repository does not know becomes a label, as common use shows.
pub(super) fn named(
    world: &mut World,
    call: &Call<'_>,
    repository: &NodeId,
    list: &[Value],
) -> Result<Vec<NodeId>, Failure> {
    let mut found = Vec::new();
    for value in list {
        let name = value.as_str().or_else(|| value.get("name").and_then(Value::as_str));
        let name = name.ok_or_else(|| Failure::unknown("labels", value))?;
        let known = world.label_by_name(repository, name).map(|label| label.id.clone());
        found.push(if let Some(id) = known {
            id
        } else {
            let input = json!({ "repositoryId": repository, "name": name, "color": GREY });
            world.create_label(call.now, Call::input(input)?)?
        });
    }
    Ok(found)
}

fn show(world: &World, call: &Call<'_>, id: &NodeId) -> Result<Value, Failure> {
    Ok(Shapes::new(world, call).label(world.labels.find(id)?))
}

//! Comments of issues: `…/issues/{number}/comments` and `…/issues/comments[/{id}]`.

use axum::http::Method;
use serde_json::{Value, json};

use super::call::Call;
use super::failure::Failure;
use super::pages::{Reply, page};
use super::shapes::{Shapes, reactions, time};
use super::{CREATED, Routed};
use crate::world::World;
use crate::world::comment::{Comment, DeleteComment};
use crate::world::ids::NodeId;

/// Those of one issue, oldest first.
pub(super) fn of_issue(world: &mut World, call: &Call<'_>, issue: &NodeId, rest: &[&str]) -> Routed {
    match (&call.method, rest) {
        (&Method::GET, []) => {
            let since = call.moment("since")?;
            let rows = world.issues.find(issue)?.comments.iter().filter_map(|id| world.comments.get(id));
            let rows: Vec<&Comment> =
                rows.filter(|row| since.is_none_or(|since| row.updated_at >= since)).collect();
            let shapes = Shapes::new(world, call);
            page(call, &rows, |row| shape(&shapes, &row.id))
        }
        (&Method::POST, []) => {
            let body = call.body()?;
            let input = json!({ "subjectId": issue, "body": body.needed("body")? });
            let made = world.add_comment(call.now, Call::input(input)?)?;
            let shown = shape(&Shapes::new(world, call), &made);
            let place = shown.get("url").and_then(Value::as_str).unwrap_or_default().to_owned();
            Ok(Reply::with_status(CREATED, shown).at(place))
        }
        _ => Err(Failure::NotModelled),
    }
}

/// Those of a repository. GitHub: OpenAPI: by id, oldest first, unless asked otherwise.
pub(super) fn of_repository(
    world: &mut World,
    call: &Call<'_>,
    repository: &NodeId,
    rest: &[&str],
) -> Routed {
    let issues = world.repositories.find(repository)?.issues.values();
    let all = issues.filter_map(|id| world.issues.get(id)).flat_map(|issue| &issue.comments);
    let mut rows: Vec<&Comment> = all.filter_map(|id| world.comments.get(id)).collect();
    let (method, [id]) = (&call.method, rest) else {
        if !rest.is_empty() || call.method != Method::GET {
            return Err(Failure::NotModelled);
        }
        let since = call.moment("since")?;
        rows.retain(|row| since.is_none_or(|since| row.updated_at >= since));
        match call.choice("sort", &["", "created", "updated"])? {
            "" | "created" => rows.sort_by_key(|row| (row.created_at, row.database_id)),
            _ => rows.sort_by_key(|row| (row.updated_at, row.database_id)),
        }
        // GitHub: OpenAPI: ignored without `sort`.
        if call.parameter("sort").is_some() && call.choice("direction", &["desc", "asc"])? == "desc" {
            rows.reverse();
        }
        let shapes = Shapes::new(world, call);
        return page(call, &rows, |row| shape(&shapes, &row.id));
    };
    let wanted: u32 = id.parse().ok().ok_or(Failure::NotFound)?;
    let found = rows.into_iter().find(|row| row.database_id == wanted).ok_or(Failure::NotFound)?;
    let id = found.id.clone();
    match *method {
        Method::GET => {}
        Method::PATCH => {
            let input = json!({ "id": id, "body": call.body()?.needed("body")? });
            world.update_comment(call.now, Call::input(input)?)?;
        }
        Method::DELETE => {
            world.delete_comment(call.now, &DeleteComment { id })?;
            return Ok(Reply::nothing());
        }
        _ => return Err(Failure::NotModelled),
    }
    Ok(Reply::ok(shape(&Shapes::new(world, call), &id)))
}

/// `issue-comment`.
pub(super) fn shape(shapes: &Shapes<'_>, id: &NodeId) -> Value {
    let world = shapes.world;
    let Some(row) = world.comments.get(id) else { return Value::Null };
    let Some(issue) = world.issues.get(&row.issue) else { return Value::Null };
    let repository = shapes.repository_url(&issue.repository);
    let path = world.issue_path(issue);
    let url = format!("{repository}/issues/comments/{}", row.database_id);
    json!({
        "url": url,
        "html_url": format!("https://github.com{path}#issuecomment-{}", row.database_id),
        "issue_url": format!("{repository}/issues/{}", issue.number),
        "id": row.database_id,
        "node_id": row.id,
        "user": shapes.user(&row.author),
        "created_at": time(row.created_at),
        "updated_at": time(row.updated_at),
        "body": row.body,
        "author_association": shapes.association(&issue.repository, &row.author),
        "reactions": reactions(&url),
        "performed_via_github_app": null,
        "pin": null,
        "minimized": null,
    })
}

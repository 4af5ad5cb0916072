//! Who may be assigned, and who is: `…/assignees[/{login}]`, `…/issues/{number}/assignees[/{login}]`.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::call::{Call, ids};
use super::failure::Failure;
use super::pages::{Reply, page};
use super::shapes::Shapes;
use super::{CREATED, Routed};
use crate::world::World;
use crate::world::ids::NodeId;

/// Those of a repository. GitHub: OpenAPI: 204 for one who may be assigned, otherwise 404.
pub(super) fn of_repository(world: &World, call: &Call<'_>, repository: &NodeId, rest: &[&str]) -> Routed {
    let row = world.repositories.find(repository)?;
    let all: Vec<_> = world.assignable(row).collect();
    match (&call.method, rest) {
        (&Method::GET, []) => {
            let shapes = Shapes::new(world, call);
            page(call, &all, |owner| shapes.account(owner))
        }
        (&Method::GET, [login]) => found(all.iter().any(|owner| owner.login.eq_ignore_ascii_case(login))),
        _ => Err(Failure::NotModelled),
    }
}

/// Those of one issue.
pub(super) fn of_issue(world: &mut World, call: &Call<'_>, issue: &NodeId, rest: &[&str]) -> Routed {
    if let (&Method::GET, [login]) = (&call.method, rest) {
        let repository = world.issues.find(issue)?.repository.clone();
        return of_repository(world, call, &repository, &[login]);
    }
    if !rest.is_empty() {
        return Err(Failure::NotModelled);
    }
    let body = call.body()?;
    let named = users(world, body.list("assignees")?.unwrap_or_default(), "assignees")?;
    let mut all = world.issues.find(issue)?.assignees.clone();
    match call.method {
        Method::POST => all.extend(named),
        Method::DELETE => all.retain(|id| !named.contains(id)),
        _ => return Err(Failure::NotModelled),
    }
    world.update_issue(call.now, Call::input(json!({ "id": issue, "assigneeIds": ids(&all) }))?)?;
    let shown = Shapes::new(world, call).issue(world.issues.find(issue)?);
    let status = if call.method == Method::POST { CREATED } else { StatusCode::OK };
    Ok(Reply::with_status(status, shown))
}

/// Users by login.
pub(super) fn users(world: &World, logins: &[Value], field: &str) -> Result<Vec<NodeId>, Failure> {
    let find = |login: &Value| {
        let owner = login.as_str().and_then(|login| world.owner_by_login(login));
        owner.map(|owner| owner.id.clone()).ok_or_else(|| Failure::unknown(field, login))
    };
    logins.iter().map(find).collect()
}

/// 204 for yes and 404 for no, as GitHub answers such questions.
pub(super) fn found(yes: bool) -> Routed {
    if yes { Ok(Reply::nothing()) } else { Err(Failure::NotFound) }
}

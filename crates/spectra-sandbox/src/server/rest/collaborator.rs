//! `/repos/{owner}/{repo}/collaborators[/{login}[/permission]]`.
//!
//! They come from the seed: nobody is invited here.

use axum::http::Method;
use serde_json::{Value, json};

use super::Routed;
use super::assignee::found;
use super::call::Call;
use super::failure::Failure;
use super::pages::{Reply, page};
use super::shapes::{Shapes, merge};
use crate::world::World;
use crate::world::ids::NodeId;
use crate::world::owner::{Owner, OwnerKind};
use crate::world::repository::Permission;

/// GitHub: OpenAPI: 204 for a collaborator, otherwise 404; the permission of anybody can be asked for.
pub(super) fn route(world: &World, call: &Call<'_>, repository: &NodeId, rest: &[&str]) -> Routed {
    let row = world.repositories.find(repository)?;
    // The visible ones of a public repository are not all its collaborators.
    let collaborates = |user: &&Owner| {
        row.owner == user.id || row.collaborators.as_ref().is_none_or(|named| named.contains_key(&user.id))
    };
    let mut users = world.owners.values().filter(|user| user.kind == OwnerKind::User);
    let named = |user: &&Owner, login: &str| user.login.eq_ignore_ascii_case(login);
    let shapes = Shapes::new(world, call);
    match (&call.method, rest) {
        (&Method::GET, []) => {
            let rows: Vec<&Owner> = users.filter(collaborates).collect();
            page(call, &rows, |user| shape(&shapes, user, world.permission_of(row, &user.id)))
        }
        (&Method::GET, [login]) => found(users.filter(collaborates).any(|user| named(&user, login))),
        (&Method::GET, [login, "permission"]) => {
            let user = users.find(|user| named(user, login)).ok_or(Failure::NotFound)?;
            let permission = world.permission_of(row, &user.id);
            // GitHub: OpenAPI: the older four words; `role_name` is finer.
            let word = match permission {
                None => "none",
                Some(Permission::Read | Permission::Triage) => "read",
                Some(Permission::Write | Permission::Maintain) => "write",
                Some(Permission::Admin) => "admin",
            };
            Ok(Reply::ok(json!({
                "permission": word,
                "role_name": role(permission),
                "user": shape(&shapes, user, permission),
            })))
        }
        _ => Err(Failure::NotModelled),
    }
}

/// `collaborator`.
fn shape(shapes: &Shapes<'_>, user: &Owner, permission: Option<Permission>) -> Value {
    let may = |least: Permission| permission >= Some(least);
    let mut shown = shapes.account(user);
    merge(
        &mut shown,
        json!({
            "permissions": {
                "pull": may(Permission::Read),
                "triage": may(Permission::Triage),
                "push": may(Permission::Write),
                "maintain": may(Permission::Maintain),
                "admin": may(Permission::Admin),
            },
            "role_name": role(permission),
        }),
    );
    shown
}

fn role(permission: Option<Permission>) -> String {
    permission.map_or_else(|| "none".to_owned(), |permission| permission.as_str().to_lowercase())
}

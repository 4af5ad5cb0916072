//! Members: `/orgs/{org}/members`, `…/public_members`, `…/memberships`, `/user/memberships/orgs`.
//!
//! Every membership is public here, as the schema's `Organization` has no word for the others.

use axum::http::Method;
use serde_json::{Value, json};

use super::Routed;
use super::assignee::found;
use super::call::Call;
use super::failure::Failure;
use super::pages::{Reply, page};
use super::shapes::Shapes;
use crate::world::World;
use crate::world::ids::NodeId;
use crate::world::owner::{Owner, OwnerKind};

/// Those of an organisation. GitHub: OpenAPI: 204 for a member, otherwise 404.
pub(super) fn route(world: &World, call: &Call<'_>, organization: &NodeId, rest: &[&str]) -> Routed {
    let owner = world.owners.find(organization)?;
    let shapes = Shapes::new(world, call);
    match (&call.method, rest) {
        (&Method::GET, ["members" | "public_members"]) => {
            let role = call.choice("role", &["all", "admin", "member"])?;
            let has_role = |user: &&Owner| match role {
                "admin" => owner.is_administered_by(&user.id),
                "member" => !owner.is_administered_by(&user.id),
                _ => true,
            };
            let rows: Vec<&Owner> = members(world, owner).filter(has_role).collect();
            page(call, &rows, |user| shapes.account(user))
        }
        (&Method::GET, ["members" | "public_members", login]) => {
            found(members(world, owner).any(|user| user.login.eq_ignore_ascii_case(login)))
        }
        (&Method::GET, ["memberships", login]) => {
            let user = members(world, owner).find(|user| user.login.eq_ignore_ascii_case(login));
            Ok(Reply::ok(membership(&shapes, owner, user.ok_or(Failure::NotFound)?)))
        }
        _ => Err(Failure::NotModelled),
    }
}

/// The viewer's own: `/user/memberships/orgs[/{org}]`.
pub(super) fn own(world: &World, call: &Call<'_>, rest: &[&str]) -> Routed {
    let viewer = world.owners.find(&world.viewer)?;
    let shapes = Shapes::new(world, call);
    match (&call.method, rest) {
        (&Method::GET, []) => {
            let rows = of_viewer(world);
            page(call, &rows, |owner| membership(&shapes, owner, viewer))
        }
        (&Method::GET, [login]) => {
            let owner = world.owner_of_kind(OwnerKind::Organization, login)?;
            if !owner.has_member(&viewer.id) {
                return Err(Failure::NotFound);
            }
            Ok(Reply::ok(membership(&shapes, owner, viewer)))
        }
        _ => Err(Failure::NotModelled),
    }
}

/// The organisations that the viewer belongs to.
pub(super) fn of_viewer(world: &World) -> Vec<&Owner> {
    let organizations = world.owners.values().filter(|owner| owner.kind == OwnerKind::Organization);
    organizations.filter(|owner| owner.has_member(&world.viewer)).collect()
}

fn members<'w>(world: &'w World, owner: &'w Owner) -> impl Iterator<Item = &'w Owner> {
    let users = world.owners.values().filter(|user| user.kind == OwnerKind::User);
    users.filter(|user| owner.has_member(&user.id))
}

/// `org-membership`.
fn membership(shapes: &Shapes<'_>, owner: &Owner, user: &Owner) -> Value {
    let organization = shapes.url(&format!("/orgs/{}", owner.login));
    json!({
        "url": format!("{organization}/memberships/{}", user.login),
        "state": "active",
        "role": if owner.is_administered_by(&user.id) { "admin" } else { "member" },
        "organization_url": organization,
        "organization": shapes.simple_organization(owner),
        "user": shapes.account(user),
        "direct_membership": true,
        "enterprise_teams_providing_indirect_membership": [],
    })
}

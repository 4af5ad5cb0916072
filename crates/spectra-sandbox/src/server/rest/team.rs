//! Teams: `/orgs/{org}/teams[/{slug}[/members]]`, and the shapes of a team.

use axum::http::Method;
use serde_json::{Value, json};

use super::Routed;
use super::call::Call;
use super::failure::Failure;
use super::pages::{Reply, page};
use super::shapes::{Shapes, merge, time};
use crate::world::World;
use crate::world::ids::NodeId;
use crate::world::team::Team;

pub(super) fn route(world: &World, call: &Call<'_>, organization: &NodeId, rest: &[&str]) -> Routed {
    let all = &world.owners.find(organization)?.teams;
    let mut teams = all.iter().filter_map(|id| world.teams.get(id));
    let shapes = Shapes::new(world, call);
    match (&call.method, rest) {
        (&Method::GET, []) => {
            let rows: Vec<_> = teams.collect();
            page(call, &rows, |row| shapes.team(row))
        }
        (&Method::GET, [slug]) => {
            let team = teams.find(|team| team.slug == *slug).ok_or(Failure::NotFound)?;
            Ok(Reply::ok(shapes.full_team(team)))
        }
        (&Method::GET, [slug, "members"]) => {
            let team = teams.find(|team| team.slug == *slug).ok_or(Failure::NotFound)?;
            let rows: Vec<_> = team.members.iter().filter_map(|id| world.owners.get(id)).collect();
            page(call, &rows, |row| shapes.account(row))
        }
        (_, [slug, ..]) if teams.all(|team| team.slug != *slug) => Err(Failure::NotFound),
        _ => Err(Failure::NotModelled),
    }
}

/// The viewer's own: `/user/teams`.
pub(super) fn own(world: &World, call: &Call<'_>) -> Routed {
    let rows: Vec<_> = world.teams.values().filter(|team| team.members.contains(&world.viewer)).collect();
    let shapes = Shapes::new(world, call);
    page(call, &rows, |row| shapes.full_team(row))
}

impl Shapes<'_> {
    /// `team`.
    pub(super) fn team(&self, team: &Team) -> Value {
        let organization = self.world.owners.get(&team.organization);
        let login = organization.map_or("ghost", |owner| owner.login.as_str());
        let id = organization.map(|owner| owner.database_id);
        let url = self.url(&format!("/organizations/{}/team/{}", id.unwrap_or_default(), team.database_id));
        json!({
            "id": team.database_id,
            "node_id": team.id,
            "name": team.name,
            "slug": team.slug,
            "description": null,
            "privacy": "closed",
            "notification_setting": "notifications_enabled",
            "permission": "pull",
            "type": "organization",
            "organization_id": id,
            "url": url,
            "html_url": format!("https://github.com/orgs/{login}/teams/{}", team.slug),
            "members_url": format!("{url}/members{{/member}}"),
            "repositories_url": format!("{url}/repos"),
            "parent": null,
        })
    }

    /// `team-full`: a team that was asked for by its name.
    pub(super) fn full_team(&self, team: &Team) -> Value {
        let mut shown = self.team(team);
        let organization = self.world.owners.get(&team.organization);
        merge(
            &mut shown,
            json!({
                "created_at": time(team.created_at),
                "updated_at": time(team.created_at),
                "members_count": team.members.len(),
                "repos_count": 0,
                "organization": organization.map(|owner| self.organization(owner)),
            }),
        );
        shown
    }
}

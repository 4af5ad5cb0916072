//! `ProjectV2StatusUpdate`.

use apollo_compiler::resolvers::ResolveInfo;

use super::args;
use super::context::{Context, Resolved};
use super::object::{Handle, html, leaf, maybe_leaf, not_modelled, object, time};
use crate::world::World;
use crate::world::ids::NodeId;
use crate::world::status_update::Status;

pub(super) fn resolve<'w>(ctx: &Context<'w>, id: &NodeId, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let row = world.status_updates.find(id)?;
    match info.field_name() {
        "id" => leaf(row.id.as_str()),
        "databaseId" => leaf(row.database_id),
        "fullDatabaseId" => leaf(row.database_id.to_string()),
        "body" => maybe_leaf(row.body.as_deref()),
        "bodyHTML" => maybe_leaf(row.body.as_deref().map(html)),
        "status" => maybe_leaf(row.status.map(Status::as_str)),
        "startDate" => maybe_leaf(row.start_date.map(|date| date.to_string())),
        "targetDate" => maybe_leaf(row.target_date.map(|date| date.to_string())),
        "creator" => object(ctx, Handle::Owner(row.creator.clone())),
        "createdAt" => time(row.created_at),
        "updatedAt" => time(row.updated_at),
        "project" => object(ctx, Handle::Project(row.project.clone())),
        _ => not_modelled("ProjectV2StatusUpdate", info),
    }
}

/// Status updates in the order that the arguments ask for.
pub(super) fn sorted(world: &World, info: &ResolveInfo<'_>, ids: &[NodeId]) -> Vec<Handle> {
    let mut rows: Vec<_> = ids.iter().filter_map(|id| world.status_updates.get(id)).collect();
    let descending = args::order(info).is_some_and(|(_, descending)| descending);
    args::sort_by(&mut rows, descending, |row| (row.created_at, row.database_id));
    rows.into_iter().map(|row| Handle::StatusUpdate(row.id.clone())).collect()
}

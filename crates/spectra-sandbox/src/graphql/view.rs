//! `ProjectV2View`, `ProjectV2Workflow`.

use apollo_compiler::resolvers::ResolveInfo;

use super::connection::connection;
use super::context::{Context, Resolved};
use super::object::{Handle, Out, Record, leaf, maybe_leaf, not_modelled, object, record, time};
use super::{args, field};
use crate::world::ids::NodeId;
use crate::world::view::{Sort, View};
use crate::world::{Refusal, World};

pub(super) fn resolve<'w>(ctx: &Context<'w>, id: &NodeId, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let view = world.views.find(id)?;
    match info.field_name() {
        "id" => leaf(view.id.as_str()),
        "databaseId" => leaf(view.database_id),
        "fullDatabaseId" => leaf(view.database_id.to_string()),
        "number" => leaf(view.number),
        "name" => leaf(view.name.as_str()),
        "layout" => leaf(view.layout.as_str()),
        "filter" => maybe_leaf(view.filter.as_deref()),
        "createdAt" => time(view.created_at),
        "updatedAt" => time(view.updated_at),
        "project" => object(ctx, Handle::Project(view.project.clone())),
        // GitHub: observed: these come by the fields' positions, whatever order was configured.
        "fields" => fields(ctx, &world, info, view, &view.visible_fields),
        "visibleFields" => plain_fields(ctx, &world, info, view, &view.visible_fields),
        "configuration" => {
            let configured = view.visible_fields.iter().cloned().map(Handle::Field).collect();
            let shown = vec![("visibleFields", Out::Page(configured))];
            record(ctx, Record::new("ProjectV2ViewConfiguration", shown))
        }
        "groupByFields" => fields(ctx, &world, info, view, &view.group_by),
        "groupBy" => plain_fields(ctx, &world, info, view, &view.group_by),
        "verticalGroupByFields" => fields(ctx, &world, info, view, &view.vertical_group_by),
        "verticalGroupBy" => plain_fields(ctx, &world, info, view, &view.vertical_group_by),
        "sortByFields" => connection(ctx, info, sorts(view, "ProjectV2SortByField", |_| true)),
        "sortBy" => {
            connection(ctx, info, sorts(view, "ProjectV2SortBy", |sort| is_plain(&world, &sort.field)))
        }
        _ => not_modelled("ProjectV2View", info),
    }
}

pub(super) fn resolve_sort<'w>(
    ctx: &Context<'w>,
    view: &NodeId,
    place: usize,
    info: &ResolveInfo<'_>,
) -> Resolved<'w> {
    let world = ctx.world();
    let sort = world.views.find(view)?.sort_by.get(place).ok_or_else(|| Refusal::no_node(view))?;
    match info.field_name() {
        "direction" => leaf(sort.direction.as_str()),
        "field" => object(ctx, Handle::Field(sort.field.clone())),
        _ => not_modelled("ProjectV2SortByField", info),
    }
}

fn fields<'w>(
    ctx: &Context<'w>,
    world: &World,
    info: &ResolveInfo<'_>,
    view: &View,
    ids: &[NodeId],
) -> Resolved<'w> {
    let all = field::sorted(world, info, &world.by_position(&view.project, ids));
    connection(ctx, info, all)
}

/// The older connections hold fields of the type `ProjectV2Field` and no others.
fn plain_fields<'w>(
    ctx: &Context<'w>,
    world: &World,
    info: &ResolveInfo<'_>,
    view: &View,
    ids: &[NodeId],
) -> Resolved<'w> {
    let plain: Vec<NodeId> = ids.iter().filter(|id| is_plain(world, id)).cloned().collect();
    fields(ctx, world, info, view, &plain)
}

fn is_plain(world: &World, field: &NodeId) -> bool {
    Handle::Field(field.clone()).type_name(world) == Some("ProjectV2Field")
}

fn sorts(view: &View, type_name: &'static str, shows: impl Fn(&Sort) -> bool) -> Vec<Handle> {
    let shown = view.sort_by.iter().enumerate().filter(|(_, sort)| shows(sort));
    shown.map(|(place, _)| Handle::Sort { view: view.id.clone(), place, type_name }).collect()
}

pub(super) fn resolve_workflow<'w>(ctx: &Context<'w>, id: &NodeId, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let row = world.workflows.find(id)?;
    match info.field_name() {
        "id" => leaf(row.id.as_str()),
        "databaseId" => leaf(row.database_id),
        "fullDatabaseId" => leaf(row.database_id.to_string()),
        "number" => leaf(row.number),
        "name" => leaf(row.name.as_str()),
        "enabled" => leaf(row.enabled),
        "createdAt" => time(row.created_at),
        "updatedAt" => time(row.updated_at),
        "project" => object(ctx, Handle::Project(row.project.clone())),
        _ => not_modelled("ProjectV2Workflow", info),
    }
}

/// Views in the order that the arguments ask for.
pub(super) fn sorted(world: &World, info: &ResolveInfo<'_>, ids: &[NodeId]) -> Vec<Handle> {
    let mut rows: Vec<_> = ids.iter().filter_map(|id| world.views.get(id)).collect();
    match args::order(info) {
        Some(("NAME", descending)) => args::sort_by(&mut rows, descending, |row| row.name.to_lowercase()),
        Some(("CREATED_AT", descending)) => args::sort_by(&mut rows, descending, |row| row.database_id),
        Some((_, true)) => rows.reverse(),
        Some((_, false)) | None => {}
    }
    rows.into_iter().map(|row| Handle::View(row.id.clone())).collect()
}

/// Workflows in the order that the arguments ask for.
pub(super) fn sorted_workflows(world: &World, info: &ResolveInfo<'_>, ids: &[NodeId]) -> Vec<Handle> {
    let mut rows: Vec<_> = ids.iter().filter_map(|id| world.workflows.get(id)).collect();
    match args::order(info) {
        Some(("NAME", descending)) => args::sort_by(&mut rows, descending, |row| row.name.to_lowercase()),
        Some(("UPDATED_AT", descending)) => {
            args::sort_by(&mut rows, descending, |row| (row.updated_at, row.number));
        }
        Some(("CREATED_AT", descending)) => args::sort_by(&mut rows, descending, |row| row.database_id),
        Some((_, descending)) => args::sort_by(&mut rows, descending, |row| row.number),
        None => {}
    }
    rows.into_iter().map(|row| Handle::Workflow(row.id.clone())).collect()
}

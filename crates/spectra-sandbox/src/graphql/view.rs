//! `ProjectV2View`, `ProjectV2Workflow`.

use apollo_compiler::resolvers::ResolveInfo;

use super::args;
use super::connection::connection;
use super::context::{Context, Resolved};
use super::object::{Handle, leaf, maybe_leaf, not_modelled, object, time};
use crate::world::World;
use crate::world::ids::NodeId;

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
        "fields" | "visibleFields" => {
            connection(ctx, info, view.visible_fields.iter().cloned().map(Handle::Field).collect())
        }
        "configuration" => Ok(apollo_compiler::resolvers::ResolvedValue::object(
            configuration::Configuration::new(ctx, view),
        )),
        // Neither grouping nor sorting can be set over GraphQL.
        "groupBy"
        | "groupByFields"
        | "verticalGroupBy"
        | "verticalGroupByFields"
        | "sortBy"
        | "sortByFields" => connection(ctx, info, Vec::new()),
        _ => not_modelled("ProjectV2View", info),
    }
}

mod configuration {
    use std::rc::Rc;

    use apollo_compiler::resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue};

    use super::super::connection::connection;
    use super::super::context::Context;
    use super::super::object::{Handle, not_modelled};
    use crate::world::view::View;

    /// `ProjectV2ViewConfiguration`.
    pub(super) struct Configuration<'w> {
        ctx: Context<'w>,
        visible: Vec<Handle>,
    }

    impl<'w> Configuration<'w> {
        pub(super) fn new(ctx: &Context<'w>, view: &View) -> Self {
            let visible = view.visible_fields.iter().cloned().map(Handle::Field).collect();
            Self { ctx: Rc::clone(ctx), visible }
        }
    }

    impl ObjectValue for Configuration<'_> {
        fn type_name(&self) -> &'static str {
            "ProjectV2ViewConfiguration"
        }

        fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
            let resolved = match info.field_name() {
                "visibleFields" => connection(&self.ctx, info, self.visible.clone()),
                _ => not_modelled("ProjectV2ViewConfiguration", info),
            };
            resolved.map_err(|refusal| self.ctx.refuse(refusal))
        }
    }
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
        Some((_, descending)) => args::sort_by(&mut rows, descending, |row| row.number),
        None => {}
    }
    rows.into_iter().map(|row| Handle::Workflow(row.id.clone())).collect()
}

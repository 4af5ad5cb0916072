//! `ProjectV2`.

use apollo_compiler::resolvers::ResolveInfo;

use super::connection::connection;
use super::context::{Context, Resolved};
use super::object::{Handle, leaf, maybe, maybe_leaf, maybe_time, not_modelled, object, time, web};
use super::{args, field, repository, status_update, view};
use crate::world::collaborator::Level;
use crate::world::filter::Filter;
use crate::world::ids::NodeId;
use crate::world::project::Project;
use crate::world::project_query::ProjectQuery;
use crate::world::{Refusal, World};

pub(super) fn resolve<'w>(ctx: &Context<'w>, id: &NodeId, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let project = world.projects.find(id)?;
    match info.field_name() {
        "id" => leaf(project.id.as_str()),
        "databaseId" => leaf(project.database_id),
        "fullDatabaseId" => leaf(project.database_id.to_string()),
        "number" => leaf(project.number),
        "title" => leaf(project.title.as_str()),
        "shortDescription" => maybe_leaf(project.short_description.as_deref()),
        "readme" => maybe_leaf(project.readme.as_deref()),
        "public" => leaf(project.public),
        "closed" => leaf(project.closed_at.is_some()),
        "closedAt" => maybe_time(project.closed_at),
        "template" => leaf(project.template),
        "createdAt" => time(project.created_at),
        "updatedAt" => time(project.updated_at),
        "creator" => object(ctx, Handle::Owner(project.creator.clone())),
        "owner" => object(ctx, Handle::Owner(project.owner.clone())),
        "url" => leaf(web(&world.project_path(project))),
        "resourcePath" => leaf(world.project_path(project)),
        "viewerCanUpdate" => leaf(may_write(&world, project)),
        "viewerCanClose" => leaf(may_write(&world, project) && project.closed_at.is_none()),
        "viewerCanReopen" => leaf(may_write(&world, project) && project.closed_at.is_some()),
        "field" => {
            let name = args::text(info, "name").unwrap_or_default();
            let found = world.field_by_name(id, name).map(|field| Handle::Field(field.id.clone()));
            maybe(ctx, found)
        }
        "fields" => {
            let all = field::sorted(&world, info, &project.fields);
            connection(ctx, info, all)
        }
        "items" => {
            let all = items(ctx, &world, info, &project.items)?;
            connection(ctx, info, all)
        }
        "view" => {
            let number = args::int(info, "number").unwrap_or_default();
            let mut rows = project.views.iter().filter_map(|id| world.views.get(id));
            let found =
                rows.find(|row| i64::from(row.number) == number).map(|row| Handle::View(row.id.clone()));
            maybe(ctx, found)
        }
        "views" => {
            let all = view::sorted(&world, info, &project.views);
            connection(ctx, info, all)
        }
        "workflow" => {
            let number = args::int(info, "number").unwrap_or_default();
            let mut rows = project.workflows.iter().filter_map(|id| world.workflows.get(id));
            let found = rows.find(|row| i64::from(row.number) == number);
            let found = found.map(|row| Handle::Workflow(row.id.clone()));
            maybe(ctx, found)
        }
        "workflows" => {
            let all = view::sorted_workflows(&world, info, &project.workflows);
            connection(ctx, info, all)
        }
        "repositories" => {
            let all = repository::sorted(&world, info, &project.repositories)?;
            connection(ctx, info, all)
        }
        "teams" => {
            let mut rows: Vec<_> = project.teams.iter().filter_map(|id| world.teams.get(id)).collect();
            let descending = args::order(info).is_some_and(|(_, descending)| descending);
            args::sort_by(&mut rows, descending, |team| team.name.to_lowercase());
            connection(ctx, info, rows.into_iter().map(|team| Handle::Team(team.id.clone())).collect())
        }
        "statusUpdates" => {
            let all = status_update::sorted(&world, info, &project.status_updates);
            connection(ctx, info, all)
        }
        _ => not_modelled("ProjectV2", info),
    }
}

fn may_write(world: &World, project: &Project) -> bool {
    world.viewer_level(project) >= Some(Level::Write)
}

/// Projects in the order that the arguments ask for.
pub(super) fn sorted(world: &World, info: &ResolveInfo<'_>, ids: &[NodeId]) -> Result<Vec<Handle>, Refusal> {
    let mut rows: Vec<_> = ids.iter().filter_map(|id| world.projects.get(id)).collect();
    let least = args::text(info, "minPermissionLevel").and_then(Level::from_word).unwrap_or(Level::Read);
    rows.retain(|row| world.viewer_level(row) >= Some(least));
    let query = ProjectQuery::read(args::text(info, "query").unwrap_or_default())?;
    rows.retain(|row| query.passes(world, row));
    match args::order(info) {
        Some(("TITLE", descending)) => args::sort_by(&mut rows, descending, |row| row.title.to_lowercase()),
        Some(("CREATED_AT", descending)) => args::sort_by(&mut rows, descending, |row| row.database_id),
        Some(("UPDATED_AT", descending)) => {
            args::sort_by(&mut rows, descending, |row| (row.updated_at, row.database_id));
        }
        Some((_, descending)) => args::sort_by(&mut rows, descending, |row| row.number),
        None => {}
    }
    Ok(rows.into_iter().map(|row| Handle::Project(row.id.clone())).collect())
}

/// Items that the list shows: those of the wanted archived states, once they are listed at all.
fn items(
    ctx: &Context<'_>,
    world: &World,
    info: &ResolveInfo<'_>,
    ids: &[NodeId],
) -> Result<Vec<Handle>, Refusal> {
    let filter = Filter::read(args::text(info, "query").unwrap_or_default())?;
    let states = args::texts(args::get(info, "archivedStates"));
    let states = states.unwrap_or_else(|| vec!["NOT_ARCHIVED".to_owned()]);
    let wanted = |archived: bool| {
        let state = if archived { "ARCHIVED" } else { "NOT_ARCHIVED" };
        states.iter().any(|wanted| wanted == state)
    };
    let rows = ids.iter().filter_map(|id| world.items.get(id));
    let shown = rows.filter(|item| item.listed_at <= ctx.now && wanted(item.archived));
    let shown = shown.filter(|item| filter.passes(world, item, ctx.now));
    let mut all: Vec<Handle> = shown.map(|item| Handle::Item(item.id.clone())).collect();
    if args::order(info).is_some_and(|(_, descending)| descending) {
        all.reverse();
    }
    Ok(all)
}

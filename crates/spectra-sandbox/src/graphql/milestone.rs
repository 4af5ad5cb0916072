//! `Milestone`.

use apollo_compiler::resolvers::ResolveInfo;

use super::connection::connection;
use super::context::{Context, Resolved};
use super::object::{Handle, html, leaf, maybe_leaf, maybe_time, not_modelled, object, time, web};
use super::{args, issue_list};
use crate::world::World;
use crate::world::ids::NodeId;
use crate::world::repository::Permission;

pub(super) fn resolve<'w>(ctx: &Context<'w>, id: &NodeId, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let row = world.milestones.find(id)?;
    let repository = world.repositories.find(&row.repository)?;
    let path = || format!("/{}/milestone/{}", world.name_with_owner(repository), row.number);
    let (open_count, closed_count) = world.milestone_counts(row);
    let mine = || {
        repository
            .issues
            .values()
            .filter_map(|id| world.issues.get(id))
            .filter(|issue| issue.milestone.as_ref() == Some(id))
    };
    let open = row.closed_at.is_none();
    match info.field_name() {
        "id" => leaf(row.id.as_str()),
        "number" => leaf(row.number),
        "title" => leaf(row.title.as_str()),
        "description" => maybe_leaf(row.description.as_deref()),
        "descriptionHTML" => maybe_leaf(row.description.as_deref().map(html)),
        "dueOn" => maybe_time(row.due_on),
        "closed" => leaf(!open),
        "closedAt" => maybe_time(row.closed_at),
        "state" => leaf(if open { "OPEN" } else { "CLOSED" }),
        "creator" => object(ctx, Handle::Owner(row.creator.clone())),
        "createdAt" => time(row.created_at),
        "updatedAt" => time(row.updated_at),
        "url" => leaf(web(&path())),
        "resourcePath" => leaf(path()),
        "repository" => object(ctx, Handle::Repository(row.repository.clone())),
        "issues" => {
            let all = issue_list::selected(
                &world,
                info,
                &mine().map(|issue| issue.id.clone()).collect::<Vec<_>>(),
            )?;
            connection(ctx, info, all)
        }
        "openIssueCount" => leaf(open_count),
        "closedIssueCount" => leaf(closed_count),
        "progressPercentage" => leaf(progress(open_count, closed_count)),
        "pullRequests" => connection(ctx, info, Vec::new()),
        "viewerCanClose" => leaf(open && world.permission(repository) >= Some(Permission::Write)),
        "viewerCanReopen" => leaf(!open && world.permission(repository) >= Some(Permission::Write)),
        _ => not_modelled("Milestone", info),
    }
}

/// Milestones that the arguments ask for, in their order.
pub(super) fn selected(world: &World, info: &ResolveInfo<'_>, ids: &[NodeId]) -> Vec<Handle> {
    let mut rows: Vec<_> = ids.iter().filter_map(|id| world.milestones.get(id)).collect();
    if let Some(states) = args::texts(args::get(info, "states")).filter(|states| !states.is_empty()) {
        rows.retain(|row| {
            let state = if row.closed_at.is_some() { "CLOSED" } else { "OPEN" };
            states.iter().any(|wanted| wanted == state)
        });
    }
    // GitHub's schema: "filters milestones with a query on the title".
    if let Some(query) = args::text(info, "query").map(str::to_lowercase) {
        rows.retain(|row| row.title.to_lowercase().contains(&query));
    }
    match args::order(info) {
        // A milestone without a date comes last (a guess).
        Some(("DUE_DATE", descending)) => {
            args::sort_by(&mut rows, descending, |row| row.due_on);
            rows.sort_by_key(|row| row.due_on.is_none());
        }
        Some(("UPDATED_AT", descending)) => {
            args::sort_by(&mut rows, descending, |row| (row.updated_at, row.number));
        }
        Some((_, descending)) => args::sort_by(&mut rows, descending, |row| row.number),
        None => {}
    }
    rows.into_iter().map(|row| Handle::Milestone(row.id.clone())).collect()
}

/// How much of it is closed, in percent.
fn progress(open: usize, closed: usize) -> f64 {
    let count = |number: usize| u32::try_from(number).map_or(f64::MAX, f64::from);
    if open + closed == 0 { 0.0 } else { count(closed) * 100.0 / count(open + closed) }
}

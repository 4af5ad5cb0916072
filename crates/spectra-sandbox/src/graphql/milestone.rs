//! `Milestone`.

use apollo_compiler::resolvers::ResolveInfo;

use super::connection::connection;
use super::context::{Context, Resolved};
use super::issue;
use super::object::{Handle, html, leaf, maybe_leaf, maybe_time, not_modelled, object, time, web};
use crate::world::ids::NodeId;

pub(super) fn resolve<'w>(ctx: &Context<'w>, id: &NodeId, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let row = world.milestones.find(id)?;
    let repository = world.repositories.find(&row.repository)?;
    let path = || format!("/{}/milestone/{}", world.name_with_owner(repository), row.number);
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
            let all =
                issue::selected(&world, info, &mine().map(|issue| issue.id.clone()).collect::<Vec<_>>())?;
            connection(ctx, info, all)
        }
        "openIssueCount" => leaf(mine().filter(|issue| issue.is_open()).count()),
        "closedIssueCount" => leaf(mine().filter(|issue| !issue.is_open()).count()),
        "pullRequests" => connection(ctx, info, Vec::new()),
        "viewerCanClose" => leaf(open),
        "viewerCanReopen" => leaf(!open),
        _ => not_modelled("Milestone", info),
    }
}

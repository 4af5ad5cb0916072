//! `IssueType`.

use apollo_compiler::resolvers::ResolveInfo;

use super::connection::connection;
use super::context::{Context, Resolved};
use super::object::{Handle, leaf, maybe_leaf, not_modelled, null};
use super::{args, issue_list};
use crate::world::World;
use crate::world::ids::NodeId;

pub(super) fn resolve<'w>(ctx: &Context<'w>, id: &NodeId, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let kind = world.issue_types.find(id)?;
    match info.field_name() {
        "id" => leaf(kind.id.as_str()),
        "name" => leaf(kind.name.as_str()),
        "description" => maybe_leaf(kind.description.as_deref()),
        "color" => leaf(kind.color.as_str()),
        "isEnabled" => leaf(kind.is_enabled),
        "isPrivate" => leaf(false),
        // Fields of the organisation are not modelled, so none is pinned.
        "pinnedFields" => null(),
        "issues" => {
            let repository = args::get(info, "repositoryId").map(args::id);
            let mine = world.issues.values().filter(|issue| {
                issue.issue_type.as_ref() == Some(id) && Some(&issue.repository) == repository.as_ref()
            });
            let all =
                issue_list::selected(&world, info, &mine.map(|issue| issue.id.clone()).collect::<Vec<_>>())?;
            connection(ctx, info, all)
        }
        _ => not_modelled("IssueType", info),
    }
}

/// Types in the order that the arguments ask for.
pub(super) fn sorted(world: &World, info: &ResolveInfo<'_>, ids: &[NodeId]) -> Vec<Handle> {
    let mut rows: Vec<_> = ids.iter().filter_map(|id| world.issue_types.get(id)).collect();
    match args::order(info) {
        Some(("NAME", descending)) => args::sort_by(&mut rows, descending, |row| row.name.to_lowercase()),
        Some((_, true)) => rows.reverse(),
        Some((_, false)) | None => {}
    }
    rows.into_iter().map(|row| Handle::IssueType(row.id.clone())).collect()
}

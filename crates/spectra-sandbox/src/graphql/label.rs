//! `Label`.

use apollo_compiler::resolvers::ResolveInfo;

use super::connection::connection;
use super::context::{Context, Resolved};
use super::object::{Handle, leaf, maybe_leaf, not_modelled, object, time, web};
use super::{args, issue_list};
use crate::world::ids::NodeId;
use crate::world::{Refusal, World};

pub(super) fn resolve<'w>(ctx: &Context<'w>, id: &NodeId, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let label = world.labels.find(id)?;
    let path = || {
        let repository = world.repositories.get(&label.repository);
        let slug = repository.map_or_else(String::new, |row| world.name_with_owner(row));
        format!("/{slug}/labels/{}", label.name.replace(' ', "%20"))
    };
    match info.field_name() {
        "id" => leaf(label.id.as_str()),
        "name" => leaf(label.name.as_str()),
        "color" => leaf(label.color.as_str()),
        "description" => maybe_leaf(label.description.as_deref()),
        "isDefault" => leaf(label.is_default),
        "createdAt" => time(label.created_at),
        "updatedAt" => time(label.updated_at),
        "url" => leaf(web(&path())),
        "resourcePath" => leaf(path()),
        "repository" => object(ctx, Handle::Repository(label.repository.clone())),
        "issues" => {
            let repository = world.repositories.find(&label.repository)?;
            let mine = repository.issues.values();
            let mine =
                mine.filter(|issue| world.issues.get(issue).is_some_and(|row| row.labels.contains(id)));
            let all = issue_list::selected(&world, info, &mine.cloned().collect::<Vec<_>>())?;
            connection(ctx, info, all)
        }
        "pullRequests" => connection(ctx, info, Vec::new()),
        _ => not_modelled("Label", info),
    }
}

/// Labels in the order that the arguments ask for.
pub(super) fn sorted(world: &World, info: &ResolveInfo<'_>, ids: &[NodeId]) -> Result<Vec<Handle>, Refusal> {
    let mut rows: Vec<_> = ids.iter().filter_map(|id| world.labels.get(id)).collect();
    match args::order(info) {
        Some(("NAME", descending)) => args::sort_by(&mut rows, descending, |row| row.name.to_lowercase()),
        Some(("CREATED_AT", descending)) => {
            args::sort_by(&mut rows, descending, |row| (row.created_at, row.database_id));
        }
        Some((other, _)) => return Err(Refusal::not_modelled(format!("LabelOrderField.{other}"))),
        None => {}
    }
    Ok(rows.into_iter().map(|row| Handle::Label(row.id.clone())).collect())
}

//! `ProjectV2Item`, `DraftIssue`.

use apollo_compiler::resolvers::ResolveInfo;

use super::connection::connection;
use super::context::{Context, Resolved};
use super::object::{Handle, html, leaf, maybe, not_modelled, null, object, time};
use super::{args, value};
use crate::world::ids::NodeId;
use crate::world::item::Content;

pub(super) fn resolve<'w>(ctx: &Context<'w>, id: &NodeId, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let item = world.items.find(id)?;
    // GitHub: docs "Using the API to manage Projects": content that the viewer may not see makes the item REDACTED.
    let redacted = match &item.content {
        Content::Issue(issue) => world.reach(issue).is_err(),
        Content::Draft(_) => false,
    };
    match info.field_name() {
        "type" if redacted => return leaf("REDACTED"),
        "content" | "fieldValueByName" if redacted => return null(),
        "fieldValues" if redacted => return connection(ctx, info, Vec::new()),
        _ => {}
    }
    match info.field_name() {
        "id" => leaf(item.id.as_str()),
        "databaseId" => leaf(item.database_id),
        "fullDatabaseId" => leaf(item.database_id.to_string()),
        "type" => leaf(match item.content {
            Content::Issue(_) => "ISSUE",
            Content::Draft(_) => "DRAFT_ISSUE",
        }),
        "content" => object(
            ctx,
            match item.content.clone() {
                Content::Issue(issue) => Handle::Issue(issue),
                Content::Draft(draft) => Handle::Draft(draft),
            },
        ),
        "isArchived" => leaf(item.archived),
        "creator" => object(ctx, Handle::Owner(item.creator.clone())),
        "createdAt" => time(item.created_at),
        "updatedAt" => time(item.updated_at),
        "project" => object(ctx, Handle::Project(item.project.clone())),
        "fieldValues" => {
            let mut all = value::all(&world, item);
            if args::order(info).is_some_and(|(_, descending)| descending) {
                all.reverse();
            }
            connection(ctx, info, all)
        }
        "fieldValueByName" => {
            let name = args::text(info, "name").unwrap_or_default();
            let found = world.field_by_name(&item.project, name).map(|field| field.id.clone());
            let found = found.and_then(|field| value::of(&world, item, &field));
            maybe(ctx, found)
        }
        _ => not_modelled("ProjectV2Item", info),
    }
}

pub(super) fn resolve_draft<'w>(ctx: &Context<'w>, id: &NodeId, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let draft = world.drafts.find(id)?;
    match info.field_name() {
        "id" => leaf(draft.id.as_str()),
        "title" => leaf(draft.title.as_str()),
        "body" | "bodyText" => leaf(draft.body.as_str()),
        "bodyHTML" => leaf(html(&draft.body)),
        "creator" => object(ctx, Handle::Owner(draft.creator.clone())),
        "createdAt" => time(draft.created_at),
        "updatedAt" => time(draft.updated_at),
        "assignees" => connection(ctx, info, draft.assignees.iter().cloned().map(Handle::Owner).collect()),
        "projectV2Items" => connection(ctx, info, vec![Handle::Item(draft.item.clone())]),
        "projectsV2" => {
            let project = world.items.find(&draft.item)?.project.clone();
            connection(ctx, info, vec![Handle::Project(project)])
        }
        _ => not_modelled("DraftIssue", info),
    }
}

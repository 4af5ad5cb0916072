//! `IssueComment`.

use apollo_compiler::resolvers::{ResolveInfo, ResolvedValue};

use super::connection::connection;
use super::context::{Context, Resolved};
use super::issue;
use super::object::{Handle, html, leaf, maybe, maybe_time, not_modelled, null, object, time, web};
use crate::world::ids::NodeId;

pub(super) fn resolve<'w>(ctx: &Context<'w>, id: &NodeId, info: &ResolveInfo<'_>) -> Resolved<'w> {
    let world = ctx.world();
    let row = world.comments.find(id)?;
    let subject = world.issues.find(&row.issue)?;
    let path = || format!("{}#issuecomment-{}", world.issue_path(subject), row.database_id);
    match info.field_name() {
        "id" => leaf(row.id.as_str()),
        "databaseId" => leaf(row.database_id),
        "fullDatabaseId" => leaf(row.database_id.to_string()),
        "author" => object(ctx, Handle::Owner(row.author.clone())),
        "authorAssociation" => leaf(issue::association(&world, &subject.repository, &row.author)),
        "body" | "bodyText" => leaf(row.body.as_str()),
        "bodyHTML" => leaf(html(&row.body)),
        "createdAt" | "publishedAt" => time(row.created_at),
        "updatedAt" => time(row.updated_at),
        "issue" => object(ctx, Handle::Issue(row.issue.clone())),
        "repository" => object(ctx, Handle::Repository(subject.repository.clone())),
        "url" => leaf(web(&path())),
        "resourcePath" => leaf(path()),
        "createdViaEmail" | "isMinimized" | "isPinned" => leaf(false),
        "includesCreatedEdit" => leaf(row.last_edited_at.is_some()),
        "editor" => maybe(ctx, row.editor.clone().map(Handle::Owner)),
        "lastEditedAt" => maybe_time(row.last_edited_at),
        "minimizedReason" | "pullRequest" | "pinnedAt" | "pinnedBy" => null(),
        "viewerDidAuthor" => leaf(row.author == world.viewer),
        "viewerCanDelete" | "viewerCanUpdate" | "viewerCanReact" | "viewerCanMinimize" => leaf(true),
        "reactionGroups" => issue::reactions(ctx),
        "reactions" | "userContentEdits" => connection(ctx, info, Vec::new()),
        "viewerCannotUpdateReasons" => Ok(ResolvedValue::list([])),
        "viewerCanPin" | "viewerCanUnpin" | "viewerCanUnminimize" => leaf(false),
        _ => not_modelled("IssueComment", info),
    }
}

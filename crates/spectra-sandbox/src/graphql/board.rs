//! Mutations of views, status updates, collaborators, team links, copies and drafts of projects. What each does is the
//! world's business.

use apollo_compiler::resolvers::ResolveInfo;

use super::context::Resolved;
use super::mutation::Mutation;
use super::object::{Handle, Out};
use crate::world::World;
use crate::world::collaborator::UpdateCollaborators;
use crate::world::status_update::DeleteStatusUpdate;
use crate::world::view::CreateViewInput;

/// The payload, if the field is one of these.
pub(super) fn resolve<'w>(mutation: &Mutation<'w>, info: &ResolveInfo<'_>) -> Option<Resolved<'w>> {
    Some(match info.field_name() {
        "createProjectV2View" => {
            mutation.one(info, "projectV2View", Handle::View, |world, now, input: CreateViewInput| {
                world.create_view(now, input.into())
            })
        }
        "updateProjectV2View" => mutation.one(info, "projectV2View", Handle::View, World::update_view),
        "deleteProjectV2View" => mutation.gone(info, "projectV2View", |world, now, input| {
            world.delete_view(now, &input).map(|view| Handle::View(view.id))
        }),
        "createProjectV2StatusUpdate" => {
            mutation.one(info, "statusUpdate", Handle::StatusUpdate, World::create_status_update)
        }
        "updateProjectV2StatusUpdate" => {
            mutation.one(info, "statusUpdate", Handle::StatusUpdate, World::update_status_update)
        }
        "deleteProjectV2StatusUpdate" => mutation.many(info, |world, now, input: DeleteStatusUpdate| {
            let project = world.delete_status_update(now, &input)?;
            Ok(vec![
                ("deletedStatusUpdateId", Out::leaf(input.status_update_id.as_str())),
                ("projectV2", Out::Object(Handle::Project(project))),
            ])
        }),
        "updateProjectV2Collaborators" => mutation.many(info, |world, now, input: UpdateCollaborators| {
            let all = world.update_collaborators(now, input)?;
            let actor = |id| if world.teams.contains(&id) { Handle::Team(id) } else { Handle::Owner(id) };
            Ok(vec![("collaborators", Out::Page(all.into_iter().map(actor).collect()))])
        }),
        "linkProjectV2ToTeam" => mutation.one(info, "team", Handle::Team, World::link_team),
        "unlinkProjectV2FromTeam" => mutation.one(info, "team", Handle::Team, World::unlink_team),
        "copyProjectV2" => mutation.one(info, "projectV2", Handle::Project, World::copy_project),
        "convertProjectV2DraftIssueItemToIssue" => {
            mutation.one(info, "item", Handle::Item, World::convert_draft)
        }
        _ => return None,
    })
}

//! The root of mutations: input in, payload out. What a mutation does is the world's business.

use std::rc::Rc;

use apollo_compiler::resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use apollo_compiler::response::{JsonMap, JsonValue};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::context::{Context, Resolved};
use super::object::{Handle, Out, Record, record_with_past};
use super::{args, board, issue_mutation};
use crate::world::ids::NodeId;
use crate::world::{Refusal, World};

/// Inputs whose null says something else than their absence. GitHub's schema has more nullable inputs; for those not
/// named here a null is read as "not given".
const MEANT_NULLS: [&str; 5] = ["milestoneId", "issueTypeId", "status", "startDate", "targetDate"];

/// The root object of a mutation.
pub(super) struct Mutation<'w> {
    ctx: Context<'w>,
}

impl ObjectValue for Mutation<'_> {
    fn type_name(&self) -> &'static str {
        "Mutation"
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        let passed = self.ctx.shared.gate.pass(info);
        passed.and_then(|()| self.resolve(info)).map_err(|refusal| self.ctx.refuse(refusal))
    }
}

impl<'w> Mutation<'w> {
    pub(super) fn new(ctx: &Context<'w>) -> Self {
        Self { ctx: Rc::clone(ctx) }
    }

    fn resolve(&self, info: &ResolveInfo<'_>) -> Resolved<'w> {
        if let Some(resolved) = board::resolve(self, info) {
            return resolved;
        }
        match info.field_name() {
            "createProjectV2" => self.one(info, "projectV2", Handle::Project, World::create_project),
            "updateProjectV2" => self.one(info, "projectV2", Handle::Project, World::update_project),
            "deleteProjectV2" => self.gone(info, "projectV2", |world, now, input| {
                world.delete_project(now, &input).map(|project| Handle::Project(project.id))
            }),
            "markProjectV2AsTemplate" => self.one(info, "projectV2", Handle::Project, |world, now, input| {
                world.mark_template(now, input, true)
            }),
            "unmarkProjectV2AsTemplate" => {
                self.one(info, "projectV2", Handle::Project, |world, now, input| {
                    world.mark_template(now, input, false)
                })
            }
            "linkProjectV2ToRepository" => {
                self.one(info, "repository", Handle::Repository, World::link_project)
            }
            "unlinkProjectV2FromRepository" => {
                self.one(info, "repository", Handle::Repository, World::unlink_project)
            }
            "createProjectV2Field" => self.one(info, "projectV2Field", Handle::Field, World::create_field),
            "updateProjectV2Field" => self.one(info, "projectV2Field", Handle::Field, World::update_field),
            "deleteProjectV2Field" => self.gone(info, "projectV2Field", |world, now, input| {
                world.delete_field(now, &input).map(|field| Handle::Field(field.id))
            }),
            "deleteProjectV2Workflow" => self.delete_workflow(info),
            "addProjectV2ItemById" => self.one(info, "item", Handle::Item, World::add_item_by_id),
            "addProjectV2DraftIssue" => self.one(info, "projectItem", Handle::Item, World::add_draft),
            "updateProjectV2DraftIssue" => self.one(info, "draftIssue", Handle::Draft, World::update_draft),
            "deleteProjectV2Item" => self.many(info, |world, now, input| {
                let id = world.delete_item(now, input)?;
                Ok(vec![("deletedItemId", Out::leaf(id.as_str()))])
            }),
            "archiveProjectV2Item" => {
                self.one(info, "item", Handle::Item, |world, now, input| world.archive_item(now, input, true))
            }
            "unarchiveProjectV2Item" => self
                .one(info, "item", Handle::Item, |world, now, input| world.archive_item(now, input, false)),
            "updateProjectV2ItemPosition" => self.many(info, |world, now, input| {
                let project = world.move_item(now, &input)?;
                let items = world.projects.find(&project)?.items.iter();
                let shown = items.filter(|id| world.items.get(id).is_some_and(|item| !item.archived));
                Ok(vec![("items", Out::Page(shown.cloned().map(Handle::Item).collect()))])
            }),
            "updateProjectV2ItemFieldValue" => {
                self.one(info, "projectV2Item", Handle::Item, World::set_value)
            }
            "clearProjectV2ItemFieldValue" => {
                self.one(info, "projectV2Item", Handle::Item, World::clear_value)
            }
            "createRepository" => self.one(info, "repository", Handle::Repository, World::create_repository),
            "updateRepository" => self.one(info, "repository", Handle::Repository, World::update_repository),
            _ => issue_mutation::resolve(self, info),
        }
    }

    /// A mutation with one object in its payload.
    pub(super) fn one<I: DeserializeOwned>(
        &self,
        info: &ResolveInfo<'_>,
        field: &'static str,
        handle: impl FnOnce(NodeId) -> Handle,
        run: impl FnOnce(&mut World, Timestamp, I) -> Result<NodeId, Refusal>,
    ) -> Resolved<'w> {
        self.many(info, |world, now, input| {
            let id = run(world, now, input)?;
            Ok(vec![(field, Out::Object(handle(id)))])
        })
    }

    /// A mutation with any payload.
    pub(super) fn many<I: DeserializeOwned>(
        &self,
        info: &ResolveInfo<'_>,
        run: impl FnOnce(&mut World, Timestamp, I) -> Result<Vec<(&'static str, Out)>, Refusal>,
    ) -> Resolved<'w> {
        let (input, client_id) = read(&self.ctx.world(), info)?;
        let fields = run(&mut self.ctx.world_mut(), self.ctx.now, input)?;
        self.payload(info, fields, client_id, None)
    }

    /// A mutation whose payload shows what it has deleted.
    pub(super) fn gone<I: DeserializeOwned>(
        &self,
        info: &ResolveInfo<'_>,
        field: &'static str,
        run: impl FnOnce(&mut World, Timestamp, I) -> Result<Handle, Refusal>,
    ) -> Resolved<'w> {
        let (input, client_id) = read(&self.ctx.world(), info)?;
        let past = self.ctx.snapshot();
        let handle = run(&mut self.ctx.world_mut(), self.ctx.now, input)?;
        self.payload(info, vec![(field, Out::Past(handle))], client_id, Some(past))
    }

    fn delete_workflow(&self, info: &ResolveInfo<'_>) -> Resolved<'w> {
        self.many(info, |world, now, input: crate::world::workflow::DeleteWorkflow| {
            let project = world.delete_workflow(now, &input)?;
            Ok(vec![
                ("deletedWorkflowId", Out::leaf(input.workflow_id.as_str())),
                ("projectV2", Out::Object(Handle::Project(project))),
            ])
        })
    }

    fn payload(
        &self,
        info: &ResolveInfo<'_>,
        mut fields: Vec<(&'static str, Out)>,
        client_id: Option<JsonValue>,
        past: Option<Context<'w>>,
    ) -> Resolved<'w> {
        fields.push(("clientMutationId", client_id.map_or_else(Out::null, Out::Leaf)));
        let type_name = info.field_definition().ty.inner_named_type().to_string();
        record_with_past(&self.ctx, past, Record::new(type_name, fields))
    }
}

/// The input and the client's id. What the world's input type does not know is not modelled.
fn read<I: DeserializeOwned>(
    world: &World,
    info: &ResolveInfo<'_>,
) -> Result<(I, Option<JsonValue>), Refusal> {
    let mut input = info.arguments().get("input").and_then(JsonValue::as_object).cloned().unwrap_or_default();
    let client_id = input.remove("clientMutationId");
    reach(world, info.field_name(), &mut input)?;
    let given =
        input.into_iter().filter(|(name, value)| !value.is_null() || MEANT_NULLS.contains(&name.as_str()));
    let given: JsonMap = given.collect();
    let type_name = || {
        let argument = info.field_definition().argument_by_name("input");
        argument.map_or_else(|| "input".to_owned(), |argument| argument.ty.inner_named_type().to_string())
    };
    let input = serde_json::to_value(given).and_then(serde_json::from_value).map_err(|error| {
        let text = error.to_string();
        match text.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`')) {
            Some((field, _)) => Refusal::not_modelled(format!("{}.{field}", type_name())),
            None => Refusal::validation(text),
        }
    })?;
    Ok((input, client_id))
}

/// Everything that the input names by id is within the token's reach and, in projects, the viewer's to change; and it
/// is named as it is called now.
fn reach(world: &World, mutation: &str, input: &mut JsonMap) -> Result<(), Refusal> {
    for (name, value) in input.iter_mut() {
        let is_id = ["id", "Id", "Ids"].iter().any(|ending| name.as_str().ends_with(ending));
        match value {
            JsonValue::String(_) if is_id => {
                let id = args::id(value);
                let id = world.current_id(&id);
                world.reach(id)?;
                world.may_change(id, mutation)?;
                let of_projects = mutation.contains("ProjectV2") && name.as_str() == "ownerId";
                if let Some(owner) = world.owners.get(id).filter(|_| of_projects) {
                    world.reach_boards(owner)?;
                }
                *value = id.as_str().into();
            }
            JsonValue::Array(entries) => {
                for entry in entries {
                    match entry {
                        JsonValue::String(_) if is_id => {
                            world.reach(&args::id(entry))?;
                            world.may_change(&args::id(entry), mutation)?;
                        }
                        JsonValue::Object(inner) => reach(world, mutation, inner)?,
                        JsonValue::Null
                        | JsonValue::Bool(_)
                        | JsonValue::Number(_)
                        | JsonValue::String(_)
                        | JsonValue::Array(_) => {}
                    }
                }
            }
            JsonValue::Object(inner) => reach(world, mutation, inner)?,
            JsonValue::Null | JsonValue::Bool(_) | JsonValue::Number(_) | JsonValue::String(_) => {}
        }
    }
    Ok(())
}

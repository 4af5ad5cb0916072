//! The root of mutations: input in, payload out. What a mutation does is the world's business.

use std::rc::Rc;

use apollo_compiler::resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use apollo_compiler::response::{JsonMap, JsonValue};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::connection::cursor;
use super::context::{Context, Resolved};
use super::object::{Handle, Out, Record, record_with_past};
use crate::world::ids::NodeId;
use crate::world::{Refusal, World};

/// Inputs whose null says something else than their absence. GitHub's schema has more nullable inputs; for those not
/// named here a null is read as "not given".
const MEANT_NULLS: [&str; 2] = ["milestoneId", "issueTypeId"];

/// The root object of a mutation.
pub(super) struct Mutation<'w> {
    ctx: Context<'w>,
}

impl ObjectValue for Mutation<'_> {
    fn type_name(&self) -> &'static str {
        "Mutation"
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        self.resolve(info).map_err(|refusal| self.ctx.refuse(refusal))
    }
}

impl<'w> Mutation<'w> {
    pub(super) fn new(ctx: &Context<'w>) -> Self {
        Self { ctx: Rc::clone(ctx) }
    }

    fn resolve(&self, info: &ResolveInfo<'_>) -> Resolved<'w> {
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
            _ => self.resolve_issues(info),
        }
    }

    fn resolve_issues(&self, info: &ResolveInfo<'_>) -> Resolved<'w> {
        match info.field_name() {
            "createIssue" => self.one(info, "issue", Handle::Issue, World::create_issue),
            "updateIssue" => self.many(info, |world, now, input| {
                let issue = world.update_issue(now, input)?;
                let actor = Out::Object(Handle::Owner(world.viewer.clone()));
                Ok(vec![("issue", Out::Object(Handle::Issue(issue))), ("actor", actor)])
            }),
            "closeIssue" => self.one(info, "issue", Handle::Issue, World::close_issue),
            "reopenIssue" => self.one(info, "issue", Handle::Issue, World::reopen_issue),
            "deleteIssue" => self.one(info, "repository", Handle::Repository, |world, now, input| {
                world.delete_issue(now, &input)
            }),
            "addComment" => self.add_comment(info),
            "addSubIssue" => self.hierarchy(info, World::add_sub_issue),
            "removeSubIssue" => {
                self.many(info, |world, now, input: crate::world::sub_issue::RemoveSubIssue| {
                    let parent = input.issue_id.clone();
                    let part = world.remove_sub_issue(now, input)?;
                    Ok(vec![
                        ("issue", Out::Object(Handle::Issue(parent))),
                        ("subIssue", Out::Object(Handle::Issue(part))),
                    ])
                })
            }
            "reprioritizeSubIssue" => self.one(info, "issue", Handle::Issue, World::reprioritize_sub_issue),
            "createLabel" => self.one(info, "label", Handle::Label, World::create_label),
            "updateLabel" => self.one(info, "label", Handle::Label, World::update_label),
            "deleteLabel" => self.many(info, |world, now, input| {
                world.delete_label(now, &input)?;
                Ok(Vec::new())
            }),
            "addLabelsToLabelable" => self.one(info, "labelable", Handle::Issue, World::add_labels),
            "removeLabelsFromLabelable" => self.one(info, "labelable", Handle::Issue, World::remove_labels),
            "clearLabelsFromLabelable" => self.one(info, "labelable", Handle::Issue, World::clear_labels),
            other => Err(Refusal::not_modelled(format!("Mutation.{other}"))),
        }
    }

    /// A mutation with one object in its payload.
    fn one<I: DeserializeOwned>(
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
    fn many<I: DeserializeOwned>(
        &self,
        info: &ResolveInfo<'_>,
        run: impl FnOnce(&mut World, Timestamp, I) -> Result<Vec<(&'static str, Out)>, Refusal>,
    ) -> Resolved<'w> {
        let (input, client_id) = read(info)?;
        let fields = run(&mut self.ctx.world_mut(), self.ctx.now, input)?;
        self.payload(info, fields, client_id, None)
    }

    /// A mutation whose payload shows what it has deleted.
    fn gone<I: DeserializeOwned>(
        &self,
        info: &ResolveInfo<'_>,
        field: &'static str,
        run: impl FnOnce(&mut World, Timestamp, I) -> Result<Handle, Refusal>,
    ) -> Resolved<'w> {
        let (input, client_id) = read(info)?;
        let past = self.ctx.snapshot();
        let handle = run(&mut self.ctx.world_mut(), self.ctx.now, input)?;
        self.payload(info, vec![(field, Out::Past(handle))], client_id, Some(past))
    }

    fn hierarchy(
        &self,
        info: &ResolveInfo<'_>,
        run: impl FnOnce(&mut World, Timestamp, crate::world::sub_issue::AddSubIssue) -> Result<NodeId, Refusal>,
    ) -> Resolved<'w> {
        self.many(info, |world, now, input: crate::world::sub_issue::AddSubIssue| {
            let parent = input.issue_id.clone();
            let part = run(world, now, input)?;
            Ok(vec![
                ("issue", Out::Object(Handle::Issue(parent))),
                ("subIssue", Out::Object(Handle::Issue(part))),
            ])
        })
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

    fn add_comment(&self, info: &ResolveInfo<'_>) -> Resolved<'w> {
        self.many(info, |world, now, input: crate::world::comment::AddComment| {
            let subject = input.subject_id.clone();
            let comment = Handle::Comment(world.add_comment(now, input)?);
            let place = world.issues.find(&subject)?.comments.len().saturating_sub(1);
            let edge = Record::new(
                "IssueCommentEdge",
                vec![("cursor", Out::leaf(cursor(place, &comment))), ("node", Out::Object(comment))],
            );
            Ok(vec![("commentEdge", Out::record(edge)), ("subject", Out::Object(Handle::Issue(subject)))])
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
fn read<I: DeserializeOwned>(info: &ResolveInfo<'_>) -> Result<(I, Option<JsonValue>), Refusal> {
    let mut input = info.arguments().get("input").and_then(JsonValue::as_object).cloned().unwrap_or_default();
    let client_id = input.remove("clientMutationId");
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

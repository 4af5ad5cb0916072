//! Objects that the engine walks over.
//!
//! A [`Handle`] names something of the world and is cheap to keep; a [`Record`] is a small object made on the spot
//! (payloads, options, page info).

#![expect(clippy::unnecessary_wraps, reason = "resolvers end in these, and a resolver gives a Result")]

use std::rc::Rc;

use apollo_compiler::resolvers::{FieldError, ObjectValue, ResolveInfo, ResolvedValue};
use apollo_compiler::response::JsonValue;
use jiff::Timestamp;

use super::connection::connection;
use super::context::{Context, Resolved};
use super::{
    comment, field, issue, issue_type, item, label, milestone, owner, project, repository, status_update,
    timeline, value, view,
};
use crate::world::field::FieldType;
use crate::world::ids::NodeId;
use crate::world::owner::OwnerKind;
use crate::world::{Refusal, RefusalKind, World};

/// Names something of the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Handle {
    Owner(NodeId),
    Team(NodeId),
    IssueType(NodeId),
    Repository(NodeId),
    Label(NodeId),
    Milestone(NodeId),
    Issue(NodeId),
    Comment(NodeId),
    /// An entry of an issue's timeline that is no comment.
    Happening(NodeId),
    /// A version of an issue's text.
    Edit {
        issue: NodeId,
        edit: NodeId,
    },
    Pin(NodeId),
    Draft(NodeId),
    Project(NodeId),
    Field(NodeId),
    View(NodeId),
    Workflow(NodeId),
    StatusUpdate(NodeId),
    /// One of the fields that a view sorts by; GitHub has an older and a newer type for it.
    Sort {
        view: NodeId,
        place: usize,
        type_name: &'static str,
    },
    Item(NodeId),
    Value {
        item: NodeId,
        field: NodeId,
    },
}

impl Handle {
    /// What a node id names, if it names anything.
    pub(super) fn of_node(world: &World, id: &NodeId) -> Option<Self> {
        let handle = match id.prefix()? {
            "U" | "O" => Self::Owner(id.clone()),
            "T" => Self::Team(id.clone()),
            "IT" => Self::IssueType(id.clone()),
            "R" => Self::Repository(id.clone()),
            "LA" => Self::Label(id.clone()),
            "MI" => Self::Milestone(id.clone()),
            "I" => Self::Issue(world.current_id(id).clone()),
            "IC" => Self::Comment(id.clone()),
            "EVT" => Self::Happening(id.clone()),
            "PIS" => Self::Pin(id.clone()),
            "DI" => Self::Draft(id.clone()),
            "PVT" => Self::Project(id.clone()),
            "PVTF" | "PVTSSF" | "PVTMSF" | "PVTIF" => Self::Field(id.clone()),
            "PVTV" => Self::View(id.clone()),
            "PWF" => Self::Workflow(id.clone()),
            "PVTSU" => Self::StatusUpdate(id.clone()),
            "PVTI" => Self::Item(id.clone()),
            "PVTFV" => world.items.values().find_map(|item| {
                let (field, _) = item.values.iter().find(|(_, value)| value.id == *id)?;
                Some(Self::Value { item: item.id.clone(), field: field.clone() })
            })?,
            _ => return None,
        };
        handle.type_name(world).map(|_| handle)
    }

    /// The name of its object type; nothing when what it named is gone.
    pub(super) fn type_name(&self, world: &World) -> Option<&'static str> {
        let named = |there: bool, name: &'static str| there.then_some(name);
        match self {
            Self::Owner(id) => world.owners.get(id).map(|owner| match owner.kind {
                OwnerKind::User => "User",
                OwnerKind::Organization => "Organization",
            }),
            Self::Team(id) => named(world.teams.contains(id), "Team"),
            Self::IssueType(id) => named(world.issue_types.contains(id), "IssueType"),
            Self::Repository(id) => named(world.repositories.contains(id), "Repository"),
            Self::Label(id) => named(world.labels.contains(id), "Label"),
            Self::Milestone(id) => named(world.milestones.contains(id), "Milestone"),
            Self::Issue(id) => named(world.issues.contains(id), "Issue"),
            Self::Comment(id) => named(world.comments.contains(id), "IssueComment"),
            Self::Happening(id) => world.happenings.get(id).map(|entry| timeline::type_name(&entry.what)),
            Self::Edit { issue, edit } => {
                named(world.edit_of_issue(issue, edit).is_some(), "UserContentEdit")
            }
            Self::Pin(id) => named(world.pin(id).is_some(), "PinnedIssue"),
            Self::Draft(id) => named(world.drafts.contains(id), "DraftIssue"),
            Self::Project(id) => named(world.projects.contains(id), "ProjectV2"),
            Self::Field(id) => world.fields.get(id).map(|field| field_type_name(field.data_type)),
            Self::View(id) => named(world.views.contains(id), "ProjectV2View"),
            Self::Workflow(id) => named(world.workflows.contains(id), "ProjectV2Workflow"),
            Self::StatusUpdate(id) => named(world.status_updates.contains(id), "ProjectV2StatusUpdate"),
            Self::Sort { view, place, type_name } => {
                world.views.get(view).filter(|view| *place < view.sort_by.len()).map(|_| *type_name)
            }
            Self::Item(id) => named(world.items.contains(id), "ProjectV2Item"),
            Self::Value { field, .. } => {
                world.fields.get(field).and_then(|field| value::type_name(field.data_type))
            }
        }
    }

    /// What tells it from its neighbours in a list.
    pub(super) fn key(&self) -> String {
        match self {
            Self::Owner(id)
            | Self::Team(id)
            | Self::IssueType(id)
            | Self::Repository(id)
            | Self::Label(id)
            | Self::Milestone(id)
            | Self::Issue(id)
            | Self::Comment(id)
            | Self::Happening(id)
            | Self::Edit { edit: id, .. }
            | Self::Pin(id)
            | Self::Draft(id)
            | Self::Project(id)
            | Self::Field(id)
            | Self::View(id)
            | Self::Workflow(id)
            | Self::StatusUpdate(id)
            | Self::Item(id)
            | Self::Value { field: id, .. } => id.to_string(),
            Self::Sort { view, place, .. } => format!("{view}:{place}"),
        }
    }
}

fn field_type_name(data_type: FieldType) -> &'static str {
    match data_type {
        FieldType::SingleSelect => "ProjectV2SingleSelectField",
        FieldType::MultiSelect => "ProjectV2MultiSelectField",
        FieldType::Iteration => "ProjectV2IterationField",
        FieldType::Title
        | FieldType::Assignees
        | FieldType::Labels
        | FieldType::LinkedPullRequests
        | FieldType::Milestone
        | FieldType::Repository
        | FieldType::Reviewers
        | FieldType::ParentIssue
        | FieldType::SubIssuesProgress
        | FieldType::Created
        | FieldType::Updated
        | FieldType::Closed
        | FieldType::Text
        | FieldType::Number
        | FieldType::Date => "ProjectV2Field",
    }
}

/// Something of the world, for the engine.
struct Object<'w> {
    ctx: Context<'w>,
    handle: Handle,
    type_name: &'static str,
}

impl ObjectValue for Object<'_> {
    fn type_name(&self) -> &str {
        self.type_name
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        let ctx = &self.ctx;
        let resolved = match &self.handle {
            Handle::Owner(id) => owner::resolve(ctx, id, info),
            Handle::Team(id) => owner::resolve_team(ctx, id, info),
            Handle::IssueType(id) => issue_type::resolve(ctx, id, info),
            Handle::Repository(id) => repository::resolve(ctx, id, info),
            Handle::Label(id) => label::resolve(ctx, id, info),
            Handle::Milestone(id) => milestone::resolve(ctx, id, info),
            Handle::Issue(id) => issue::resolve(ctx, id, info),
            Handle::Comment(id) => comment::resolve(ctx, id, info),
            Handle::Happening(id) => timeline::resolve(ctx, id, info),
            Handle::Edit { issue, edit } => timeline::resolve_edit(ctx, issue, edit, info),
            Handle::Pin(id) => repository::resolve_pin(ctx, id, info),
            Handle::Draft(id) => item::resolve_draft(ctx, id, info),
            Handle::Project(id) => project::resolve(ctx, id, info),
            Handle::Field(id) => field::resolve(ctx, id, info),
            Handle::View(id) => view::resolve(ctx, id, info),
            Handle::Workflow(id) => view::resolve_workflow(ctx, id, info),
            Handle::StatusUpdate(id) => status_update::resolve(ctx, id, info),
            Handle::Sort { view, place, .. } => view::resolve_sort(ctx, view, *place, info),
            Handle::Item(id) => item::resolve(ctx, id, info),
            Handle::Value { item, field } => value::resolve(ctx, item, field, info),
        };
        resolved.map_err(|refusal| ctx.refuse(refusal))
    }
}

/// The object that a handle names.
pub(super) fn object<'w>(ctx: &Context<'w>, handle: Handle) -> Resolved<'w> {
    let type_name = handle.type_name(&ctx.world()).ok_or_else(|| {
        Refusal::new(RefusalKind::Internal, format!("the world names what it does not hold: {handle:?}"))
    })?;
    Ok(ResolvedValue::object(Object { ctx: Rc::clone(ctx), handle, type_name }))
}

/// The object that a handle names, or null for no handle.
pub(super) fn maybe<'w>(ctx: &Context<'w>, handle: Option<Handle>) -> Resolved<'w> {
    handle.map_or_else(null, |handle| object(ctx, handle))
}

/// A list of objects.
pub(super) fn list<'w>(ctx: &Context<'w>, handles: Vec<Handle>) -> Resolved<'w> {
    let ctx = Rc::clone(ctx);
    Ok(ResolvedValue::list(handles.into_iter().map(move |handle| element(&ctx, object(&ctx, handle)))))
}

/// An element of a list. A refused one is null and has an error of its own, while the list goes on: the engine gives
/// up the whole list over an `Err`, but only the element over an object of no known type.
pub(super) fn element<'w>(ctx: &Context<'w>, resolved: Resolved<'w>) -> ResolvedValue<'w> {
    resolved.unwrap_or_else(|refusal| ResolvedValue::object(Refused(ctx.refuse(refusal).message)))
}

/// An object of no known type; the type's name is the refusal's mark.
struct Refused(String);

impl ObjectValue for Refused {
    fn type_name(&self) -> &str {
        &self.0
    }

    fn resolve_field<'a>(&'a self, _: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        Err(FieldError { message: self.0.clone() })
    }
}

/// What a record's field holds.
pub(super) enum Out {
    Leaf(JsonValue),
    Object(Handle),
    /// Something that was deleted, as it was before.
    Past(Handle),
    Record(Rc<Record>),
    Records(Vec<Rc<Record>>),
    /// The elements of a connection.
    Page(Vec<Handle>),
}

impl Out {
    pub(super) fn leaf(value: impl Into<JsonValue>) -> Self {
        Self::Leaf(value.into())
    }

    pub(super) fn null() -> Self {
        Self::Leaf(JsonValue::Null)
    }

    pub(super) fn record(record: Record) -> Self {
        Self::Record(Rc::new(record))
    }
}

/// A small object made on the spot.
pub(super) struct Record {
    type_name: String,
    fields: Vec<(&'static str, Out)>,
}

impl Record {
    pub(super) fn new(type_name: impl Into<String>, fields: Vec<(&'static str, Out)>) -> Self {
        Self { type_name: type_name.into(), fields }
    }
}

struct RecordObject<'w> {
    ctx: Context<'w>,
    /// Where [`Out::Past`] is read from.
    past: Option<Context<'w>>,
    record: Rc<Record>,
}

impl<'w> RecordObject<'w> {
    fn inner(&self, record: &Rc<Record>) -> ResolvedValue<'w> {
        let (ctx, past) = (Rc::clone(&self.ctx), self.past.clone());
        ResolvedValue::object(RecordObject { ctx, past, record: Rc::clone(record) })
    }
}

impl ObjectValue for RecordObject<'_> {
    fn type_name(&self) -> &str {
        &self.record.type_name
    }

    fn resolve_field<'a>(&'a self, info: &'a ResolveInfo<'a>) -> Result<ResolvedValue<'a>, FieldError> {
        let name = info.field_name();
        let found = self.record.fields.iter().find(|(field, _)| *field == name).map(|(_, out)| out);
        let resolved = match found {
            Some(Out::Leaf(value)) => Ok(ResolvedValue::Leaf(value.clone())),
            Some(Out::Object(handle)) => object(&self.ctx, handle.clone()),
            Some(Out::Past(handle)) => object(self.past.as_ref().unwrap_or(&self.ctx), handle.clone()),
            Some(Out::Record(record)) => Ok(self.inner(record)),
            Some(Out::Records(records)) => {
                Ok(ResolvedValue::list(records.iter().map(|record| self.inner(record))))
            }
            Some(Out::Page(handles)) => connection(&self.ctx, info, handles.clone()),
            None => Err(Refusal::not_modelled(format!("{}.{name}", self.record.type_name))),
        };
        resolved.map_err(|refusal| self.ctx.refuse(refusal))
    }
}

/// A record as a value.
pub(super) fn record<'w>(ctx: &Context<'w>, record: Record) -> Resolved<'w> {
    record_with_past(ctx, None, record)
}

/// A record with fields that are read from an earlier world.
pub(super) fn record_with_past<'w>(
    ctx: &Context<'w>,
    past: Option<Context<'w>>,
    record: Record,
) -> Resolved<'w> {
    Ok(ResolvedValue::object(RecordObject { ctx: Rc::clone(ctx), past, record: Rc::new(record) }))
}

/// A list of records.
pub(super) fn records<'w>(ctx: &Context<'w>, records: Vec<Record>) -> Resolved<'w> {
    let ctx = Rc::clone(ctx);
    Ok(ResolvedValue::list(records.into_iter().map(move |record| {
        ResolvedValue::object(RecordObject { ctx: Rc::clone(&ctx), past: None, record: Rc::new(record) })
    })))
}

/// A leaf.
pub(super) fn leaf<'w>(value: impl Into<JsonValue>) -> Resolved<'w> {
    Ok(ResolvedValue::leaf(value))
}

/// A leaf, or null for nothing.
pub(super) fn maybe_leaf<'w, T: Into<JsonValue>>(value: Option<T>) -> Resolved<'w> {
    Ok(value.map_or_else(ResolvedValue::null, ResolvedValue::leaf))
}

/// A moment.
pub(super) fn time<'w>(value: Timestamp) -> Resolved<'w> {
    leaf(timestamp(value))
}

/// A moment, or null for none.
pub(super) fn maybe_time<'w>(value: Option<Timestamp>) -> Resolved<'w> {
    maybe_leaf(value.map(timestamp))
}

/// Null.
pub(super) fn null<'w>() -> Resolved<'w> {
    Ok(ResolvedValue::null())
}

/// The schema has it and the sandbox does not.
pub(super) fn not_modelled<'w>(type_name: &str, info: &ResolveInfo<'_>) -> Resolved<'w> {
    Err(Refusal::not_modelled(format!("{type_name}.{}", info.field_name())))
}

/// GitHub writes whole seconds in UTC.
pub(super) fn timestamp(value: Timestamp) -> String {
    value.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Text as HTML. GitHub renders Markdown here; the sandbox only makes the text safe.
pub(super) fn html(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// An address on the web.
pub(super) fn web(path: &str) -> String {
    format!("https://github.com{path}")
}

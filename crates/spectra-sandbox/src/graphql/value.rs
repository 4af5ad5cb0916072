//! The members of `ProjectV2ItemFieldValue`.
//!
//! Values of custom fields and of Status are the item's; the others are read from its content. A field without a value
//! has no entry.

use apollo_compiler::resolvers::ResolveInfo;

use super::connection::connection;
use super::context::{Context, Resolved};
use super::field;
use super::object::{Handle, html, leaf, maybe_leaf, not_modelled, null, object, records, time};
use crate::base64;
use crate::world::field::{Field, FieldType};
use crate::world::ids::NodeId;
use crate::world::item::{Content, Item};
use crate::world::value::{Data, Value};
use crate::world::{Refusal, World};

/// The object type of a field's values; nothing when the union has no member for them.
pub(super) fn type_name(data_type: FieldType) -> Option<&'static str> {
    match data_type {
        FieldType::Title | FieldType::Text => Some("ProjectV2ItemFieldTextValue"),
        FieldType::Number => Some("ProjectV2ItemFieldNumberValue"),
        FieldType::Date => Some("ProjectV2ItemFieldDateValue"),
        FieldType::SingleSelect => Some("ProjectV2ItemFieldSingleSelectValue"),
        FieldType::MultiSelect => Some("ProjectV2ItemFieldMultiSelectValue"),
        FieldType::Iteration => Some("ProjectV2ItemFieldIterationValue"),
        FieldType::Assignees => Some("ProjectV2ItemFieldUserValue"),
        FieldType::Labels => Some("ProjectV2ItemFieldLabelValue"),
        FieldType::Milestone => Some("ProjectV2ItemFieldMilestoneValue"),
        FieldType::Repository => Some("ProjectV2ItemFieldRepositoryValue"),
        FieldType::LinkedPullRequests
        | FieldType::Reviewers
        | FieldType::ParentIssue
        | FieldType::SubIssuesProgress
        | FieldType::Created
        | FieldType::Updated
        | FieldType::Closed => None,
    }
}

/// All values of an item, by position of their fields.
pub(super) fn all(world: &World, item: &Item) -> Vec<Handle> {
    let fields = world.projects.get(&item.project).map_or(&[][..], |project| project.fields.as_slice());
    fields.iter().filter_map(|field| of(world, item, field)).collect()
}

/// An item's value in a field, if it has one.
pub(super) fn of(world: &World, item: &Item, field: &NodeId) -> Option<Handle> {
    let row = world.fields.get(field)?;
    let issue = match &item.content {
        Content::Issue(issue) => world.issues.get(issue),
        Content::Draft(_) => None,
    };
    let draft = match &item.content {
        Content::Draft(draft) => world.drafts.get(draft),
        Content::Issue(_) => None,
    };
    let there = match row.data_type {
        FieldType::Title => true,
        FieldType::Assignees => issue
            .map(|issue| &issue.assignees)
            .or(draft.map(|draft| &draft.assignees))
            .is_some_and(|all| !all.is_empty()),
        FieldType::Labels => issue.is_some_and(|issue| !issue.labels.is_empty()),
        FieldType::Milestone => issue.is_some_and(|issue| issue.milestone.is_some()),
        FieldType::Repository => issue.is_some(),
        FieldType::Text
        | FieldType::Number
        | FieldType::Date
        | FieldType::SingleSelect
        | FieldType::MultiSelect
        | FieldType::Iteration => item.values.contains_key(field),
        FieldType::LinkedPullRequests
        | FieldType::Reviewers
        | FieldType::ParentIssue
        | FieldType::SubIssuesProgress
        | FieldType::Created
        | FieldType::Updated
        | FieldType::Closed => false,
    };
    there.then(|| Handle::Value { item: item.id.clone(), field: field.clone() })
}

pub(super) fn resolve<'w>(
    ctx: &Context<'w>,
    item: &NodeId,
    field: &NodeId,
    info: &ResolveInfo<'_>,
) -> Resolved<'w> {
    let world = ctx.world();
    let row = world.items.find(item)?;
    let column = world.fields.find(field)?;
    match info.field_name() {
        "field" => return object(ctx, Handle::Field(field.clone())),
        "item" => return object(ctx, Handle::Item(item.clone())),
        _ => {}
    }
    match row.values.get(field) {
        Some(value) => stored(ctx, column, value, info),
        None => derived(ctx, &world, row, column, info),
    }
}

fn stored<'w>(ctx: &Context<'w>, field: &Field, value: &Value, info: &ResolveInfo<'_>) -> Resolved<'w> {
    match info.field_name() {
        "id" => return leaf(value.id.as_str()),
        "databaseId" => return leaf(value.database_id),
        "creator" => return object(ctx, Handle::Owner(value.creator.clone())),
        "createdAt" => return time(value.created_at),
        "updatedAt" => return time(value.updated_at),
        _ => {}
    }
    let chosen = |id: &String| field.options.iter().find(|option| option.id == *id);
    match (&value.data, info.field_name()) {
        (Data::Text(text), "text") => leaf(text.as_str()),
        (Data::Number(number), "number") => leaf(*number),
        (Data::Date(date), "date") => leaf(date.to_string()),
        (Data::SingleSelect(id), "optionId") => leaf(id.as_str()),
        (Data::SingleSelect(id), "name") => maybe_leaf(chosen(id).map(|option| option.name.as_str())),
        (Data::SingleSelect(id), "nameHTML") => maybe_leaf(chosen(id).map(|option| html(&option.name))),
        (Data::SingleSelect(id), "color") => maybe_leaf(chosen(id).map(|option| option.color.as_str())),
        (Data::SingleSelect(id), "description") => {
            maybe_leaf(chosen(id).map(|option| option.description.as_str()))
        }
        (Data::SingleSelect(id), "descriptionHTML") => {
            maybe_leaf(chosen(id).map(|option| html(&option.description)))
        }
        (Data::MultiSelect(ids), "value") => {
            let names: Vec<&str> = ids.iter().filter_map(chosen).map(|option| option.name.as_str()).collect();
            leaf(names.join(", "))
        }
        (Data::MultiSelect(ids), "options") => {
            let rows = ids.iter().filter_map(chosen);
            records(ctx, rows.map(|row| field::option("ProjectV2MultiSelectFieldOption", row)).collect())
        }
        (Data::Iteration(id), name) => {
            let mut all = field.iterations.iter().flat_map(|setup| &setup.all);
            let found = all.find(|iteration| iteration.id == *id);
            match name {
                "iterationId" => leaf(id.as_str()),
                "title" => maybe_leaf(found.map(|iteration| iteration.title.as_str())),
                "titleHTML" => maybe_leaf(found.map(|iteration| html(&iteration.title))),
                "startDate" => maybe_leaf(found.map(|iteration| iteration.start_date.to_string())),
                "duration" => maybe_leaf(found.map(|iteration| iteration.duration)),
                _ => not_modelled("ProjectV2ItemFieldIterationValue", info),
            }
        }
        _ => not_modelled("ProjectV2ItemFieldValue", info),
    }
}

fn derived<'w>(
    ctx: &Context<'w>,
    world: &World,
    item: &Item,
    field: &Field,
    info: &ResolveInfo<'_>,
) -> Resolved<'w> {
    let (title, labels, assignees, milestone, repository) = match &item.content {
        Content::Issue(id) => {
            let issue = world.issues.find(id)?;
            (
                issue.title.clone(),
                issue.labels.clone(),
                issue.assignees.clone(),
                issue.milestone.clone(),
                Some(issue.repository.clone()),
            )
        }
        Content::Draft(id) => {
            let draft = world.drafts.find(id)?;
            (draft.title.clone(), Vec::new(), draft.assignees.clone(), None, None)
        }
    };
    match (field.data_type, info.field_name()) {
        (FieldType::Title, "text") => leaf(title),
        (FieldType::Title, "id") => {
            let text = format!("{}:{}", item.database_id, field.database_id);
            leaf(format!("PVTFTV_{}", base64::encode(text.as_bytes())))
        }
        (FieldType::Title, "databaseId") => leaf(item.database_id),
        (FieldType::Title, "creator") => object(ctx, Handle::Owner(item.creator.clone())),
        (FieldType::Title, "createdAt") => time(item.created_at),
        (FieldType::Title, "updatedAt") => time(item.updated_at),
        (FieldType::Labels, "labels") => {
            connection(ctx, info, labels.into_iter().map(Handle::Label).collect())
        }
        (FieldType::Assignees, "users") => {
            connection(ctx, info, assignees.into_iter().map(Handle::Owner).collect())
        }
        (FieldType::Milestone, "milestone") => match milestone {
            Some(id) => object(ctx, Handle::Milestone(id)),
            None => null(),
        },
        (FieldType::Repository, "repository") => match repository {
            Some(id) => object(ctx, Handle::Repository(id)),
            None => null(),
        },
        _ => Err(Refusal::not_modelled(format!("ProjectV2ItemFieldValue.{}", info.field_name()))),
    }
}

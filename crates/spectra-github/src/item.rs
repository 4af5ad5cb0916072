//! Items of boards and the values in their fields.
//!
//! Values are read from the issue's side, since the board's side lags by minutes. GitHub: `Issue.projectItems` was seen
//! empty for a board under another owner than the repository's; for such a board the item is found from the board's side
//! and read by its own id, as drafts are.

use std::collections::BTreeMap;

use jiff::Timestamp;
use spectra_model::id::{IterationId, NodeId, OptionId};
use spectra_model::observation::{Item, Value};

use crate::batch::batch_op;
use crate::bulk::{Sizes, complete, in_portions, seen};
use crate::failure::Failure;
use crate::label::texts;
use crate::operations::{
    AddItem, ArchiveItem, ClearValue, DeleteItem, IssueItems, ItemValues, ItemsById, SetValue, UnarchiveItem,
    add_item, archive_item, clear_value, delete_item, issue_items, issues_by_id, item_values, items_by_id,
    repository_issues, set_value, unarchive_item,
};
use crate::page::{LARGEST, Page, page};
use crate::reader::Reader;

/// An item comes with 30 values, so little of it is asked for at once: 25 issues with 10 items are 7,775 nodes and 3
/// points.
const PLACES: Sizes = Sizes { nodes: 25, page: 10 };
/// 5,050 nodes and one point.
const VALUES: Sizes = Sizes { nodes: 50, page: LARGEST };
/// 50 items with 30 values and the assignees of drafts are 2,550 nodes and one point.
const IDS_A_REQUEST: i64 = 50;

batch_op!(AddItem, add_item, "addProjectV2ItemById", AddProjectV2ItemByIdInput, AddItemSel);
batch_op!(
    SetValue,
    set_value,
    "updateProjectV2ItemFieldValue",
    UpdateProjectV2ItemFieldValueInput,
    SetValueSel
);
batch_op!(
    ClearValue,
    clear_value,
    "clearProjectV2ItemFieldValue",
    ClearProjectV2ItemFieldValueInput,
    ClearValueSel
);

batch_op!(ArchiveItem, archive_item, "archiveProjectV2Item", ArchiveProjectV2ItemInput, ArchiveItemSel);
batch_op!(
    UnarchiveItem,
    unarchive_item,
    "unarchiveProjectV2Item",
    UnarchiveProjectV2ItemInput,
    UnarchiveItemSel
);
batch_op!(DeleteItem, delete_item, "deleteProjectV2Item", DeleteProjectV2ItemInput, DeleteItemSel);

/// An item as an issue lists it, its values perhaps not all there yet.
#[derive(Debug)]
pub(crate) struct ListedItem {
    pub(crate) id: NodeId,
    archived: bool,
    created_at: Timestamp,
    pub(crate) project: NodeId,
    values: Page<ListedValue>,
}

/// An item as it is found by its id.
pub(crate) struct HeldItem {
    pub(crate) item: ListedItem,
    pub(crate) content: Option<items_by_id::ItemsByIdNodesOnProjectV2ItemContent>,
}

/// A value with its field; None for the kinds that a plan has no word for.
#[derive(Debug)]
pub(crate) struct ListedValue(Option<(NodeId, Value)>);

macro_rules! value_of {
    ($module:ident) => {
        impl From<$module::ValueSel> for ListedValue {
            fn from(value: $module::ValueSel) -> Self {
                use $module::ValueSel as Kind;
                let (field, value) = match value {
                    Kind::ProjectV2ItemFieldTextValue(it) => (it.field, it.text.map(Value::Text)),
                    Kind::ProjectV2ItemFieldNumberValue(it) => (it.field, it.number.map(Value::Number)),
                    Kind::ProjectV2ItemFieldDateValue(it) => (it.field, it.date.map(Value::Date)),
                    Kind::ProjectV2ItemFieldSingleSelectValue(it) => {
                        (it.field, it.option_id.map(|id| Value::SingleSelect(OptionId::new(id))))
                    }
                    Kind::ProjectV2ItemFieldMultiSelectValue(it) => {
                        let options = it.options.into_iter().flatten();
                        let options: Vec<_> = options.map(|option| OptionId::new(option.id)).collect();
                        (it.field, (!options.is_empty()).then_some(Value::MultiSelect(options)))
                    }
                    Kind::ProjectV2ItemFieldIterationValue(it) => {
                        (it.field, Some(Value::Iteration(IterationId::new(it.iteration_id))))
                    }
                    _ => return Self(None),
                };
                let field: Option<NodeId> = field.into();
                Self(field.zip(value))
            }
        }

        impl From<$module::ValueFieldSel> for Option<NodeId> {
            /// None for built-in fields: a title is a text value too.
            fn from(field: $module::ValueFieldSel) -> Self {
                use $module::{ProjectV2FieldType as Type, ValueFieldSel as Kind};
                match field {
                    Kind::ProjectV2Field(it) => {
                        let custom = matches!(it.data_type, Type::TEXT | Type::NUMBER | Type::DATE);
                        custom.then(|| NodeId::new(it.id))
                    }
                    Kind::ProjectV2SingleSelectField(it) => Some(NodeId::new(it.id)),
                    Kind::ProjectV2MultiSelectField(it) => Some(NodeId::new(it.id)),
                    Kind::ProjectV2IterationField(it) => Some(NodeId::new(it.id)),
                    _ => None,
                }
            }
        }
    };
}

macro_rules! item_of {
    ($module:ident) => {
        impl From<$module::ItemSel> for ListedItem {
            fn from(item: $module::ItemSel) -> Self {
                Self {
                    id: NodeId::new(item.id),
                    archived: item.is_archived,
                    created_at: item.created_at,
                    project: NodeId::new(item.project.id),
                    values: page!(item.field_values),
                }
            }
        }
    };
}

value_of!(item_values);
value_of!(issue_items);
value_of!(issues_by_id);
value_of!(items_by_id);
value_of!(repository_issues);
item_of!(issue_items);
item_of!(issues_by_id);
item_of!(items_by_id);
item_of!(repository_issues);

impl Reader {
    /// The places of these items, by the issue that each holds: for a board whose issues don't list it. Ids that lead
    /// nowhere, and items that hold no issue, are left out.
    ///
    /// # Errors
    /// When GitHub doesn't say.
    pub async fn places(&self, items: &[NodeId]) -> Result<BTreeMap<NodeId, Item>, Failure> {
        use items_by_id::ItemsByIdNodesOnProjectV2ItemContent as Held;
        let mut issues = BTreeMap::new();
        let mut listed = Vec::new();
        for HeldItem { item, content } in self.held(items).await? {
            if let Some(Held::Issue(issue)) = content {
                issues.insert(item.id.clone(), NodeId::new(issue.id));
                listed.push(item);
            }
        }
        let whole = self.whole(listed).await?;
        Ok(whole.into_iter().filter_map(|item| Some((issues.remove(&item.id)?, item))).collect())
    }

    /// These items with what they hold, their values perhaps not all there yet. Read by id, so as they are now.
    pub(crate) async fn held(&self, items: &[NodeId]) -> Result<Vec<HeldItem>, Failure> {
        use items_by_id::ItemsByIdNodes as Node;
        in_portions(items, IDS_A_REQUEST, |ids| async move {
            let variables = items_by_id::Variables { ids: texts(&ids) };
            let data = seen(self.client().query::<ItemsById>(variables).await?)?;
            let items = data.nodes.into_iter().flatten().filter_map(|node| {
                let Node::ProjectV2Item(it) = node else { return None };
                Some(HeldItem { item: it.item_sel.into(), content: it.content })
            });
            Ok(items.collect())
        })
        .await
    }

    /// The places of issues on boards, read to their end.
    pub(crate) async fn all_places(
        &self,
        listed: Vec<(NodeId, Page<ListedItem>)>,
    ) -> Result<BTreeMap<NodeId, Vec<ListedItem>>, Failure> {
        use issue_items::IssueItemsNodes as Node;
        complete("items of issues", listed, PLACES, |ids, first, after| async move {
            let variables = issue_items::Variables { ids: texts(&ids), first, after };
            let data = seen(self.client().query::<IssueItems>(variables).await?)?;
            let issues = data.nodes.into_iter().flatten().filter_map(|node| {
                let Node::Issue(it) = node else { return None };
                Some((NodeId::new(it.id), it.project_items.map_or_else(Page::empty, |page| page!(page))))
            });
            Ok(issues.collect())
        })
        .await
    }

    /// These items with all their values.
    pub(crate) async fn whole(&self, listed: Vec<ListedItem>) -> Result<Vec<Item>, Failure> {
        use item_values::ItemValuesNodes as Node;
        let mut pages = Vec::with_capacity(listed.len());
        let mut items = Vec::with_capacity(listed.len());
        for ListedItem { id, archived, created_at, project: _, values } in listed {
            pages.push((id.clone(), values));
            items.push(Item { id, archived, created_at, values: BTreeMap::new() });
        }
        let mut values = complete("values of items", pages, VALUES, |ids, first, after| async move {
            let variables = item_values::Variables { ids: texts(&ids), first, after };
            let data = seen(self.client().query::<ItemValues>(variables).await?)?;
            let items = data.nodes.into_iter().flatten().filter_map(|node| {
                let Node::ProjectV2Item(it) = node else { return None };
                Some((NodeId::new(it.id), page!(it.field_values)))
            });
            Ok(items.collect())
        })
        .await?;
        for item in &mut items {
            let values = values.remove(&item.id).unwrap_or_default();
            item.values = values.into_iter().filter_map(|value| value.0).collect();
        }
        Ok(items)
    }
}

pub(crate) fn add(project: &NodeId, content: &NodeId) -> add_item::AddProjectV2ItemByIdInput {
    add_item::AddProjectV2ItemByIdInput {
        project_id: project.as_str().to_owned(),
        content_id: content.as_str().to_owned(),
        ..Default::default()
    }
}

pub(crate) fn set(
    project: &NodeId,
    item: &NodeId,
    field: &NodeId,
    value: &Value,
) -> set_value::UpdateProjectV2ItemFieldValueInput {
    let mut wire = set_value::ProjectV2FieldValue::default();
    match value {
        Value::Text(text) => wire.text = Some(text.clone()),
        Value::Number(number) => wire.number = Some(*number),
        Value::Date(date) => wire.date = Some(date.clone()),
        Value::SingleSelect(option) => wire.single_select_option_id = Some(option.as_str().to_owned()),
        Value::MultiSelect(options) => {
            let options = options.iter().map(|option| option.as_str().to_owned());
            wire.multi_select_option_ids = Some(options.collect());
        }
        Value::Iteration(iteration) => wire.iteration_id = Some(iteration.as_str().to_owned()),
    }
    set_value::UpdateProjectV2ItemFieldValueInput {
        project_id: project.as_str().to_owned(),
        item_id: item.as_str().to_owned(),
        field_id: field.as_str().to_owned(),
        value: wire,
        ..Default::default()
    }
}

pub(crate) fn clear(
    project: &NodeId,
    item: &NodeId,
    field: &NodeId,
) -> clear_value::ClearProjectV2ItemFieldValueInput {
    clear_value::ClearProjectV2ItemFieldValueInput {
        project_id: project.as_str().to_owned(),
        item_id: item.as_str().to_owned(),
        field_id: field.as_str().to_owned(),
        ..Default::default()
    }
}

macro_rules! item_input {
    ($function:ident, $module:ident, $input:ident) => {
        pub(crate) fn $function(project: &NodeId, item: &NodeId) -> $module::$input {
            $module::$input {
                project_id: project.as_str().to_owned(),
                item_id: item.as_str().to_owned(),
                ..Default::default()
            }
        }
    };
}

item_input!(archive, archive_item, ArchiveProjectV2ItemInput);
item_input!(unarchive, unarchive_item, UnarchiveProjectV2ItemInput);
item_input!(delete, delete_item, DeleteProjectV2ItemInput);

//! Items of boards and the values in their fields.
//!
//! Values are read from the issue's side, since the board's side lags by minutes. GitHub: `Issue.projectItems` was seen
//! empty for a board under another owner than the repository's; for such a board the item must be found from the
//! board's side.

use std::collections::BTreeMap;

use jiff::Timestamp;
use spectra_model::id::{NodeId, OptionId};
use spectra_model::observation::{Item, Value};

use crate::batch::batch_op;
use crate::failure::Failure;
use crate::graphql::{GraphQlError, PathSegment};
use crate::operations::{
    AddItem, BoardItems, ClearValue, IssueItems, ItemValues, SetValue, add_item, board_items, clear_value,
    issue_items, issues_by_id, item_values, repository_issues, set_value,
};
use crate::page::{LARGEST, Page, all, page};
use crate::reader::{Reader, another_type};

/// An item comes with 50 values, so a page of them is kept short.
const ITEMS_A_PAGE: i64 = 20;

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

/// An item as a board lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardItem {
    /// Node id.
    pub id: NodeId,
    /// Whether it was put aside.
    pub archived: bool,
    /// When it was filed.
    pub created_at: Timestamp,
    /// The issue that it holds; None for drafts, pull requests and what the token can't see.
    pub issue: Option<NodeId>,
}

/// An item as an issue lists it, its values perhaps not all there yet.
#[derive(Debug)]
pub(crate) struct ListedItem {
    id: NodeId,
    archived: bool,
    created_at: Timestamp,
    project: NodeId,
    values: Page<ListedValue>,
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
                let (id, data_type) = match field {
                    Kind::ProjectV2Field(it) => (it.id, it.data_type),
                    Kind::ProjectV2SingleSelectField(it) => (it.id, it.data_type),
                    _ => return None,
                };
                let custom =
                    matches!(data_type, Type::TEXT | Type::NUMBER | Type::DATE | Type::SINGLE_SELECT);
                custom.then(|| NodeId::new(id))
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
value_of!(repository_issues);
item_of!(issue_items);
item_of!(issues_by_id);
item_of!(repository_issues);

impl Reader {
    /// The items of a board, archived ones too, by id. GitHub: this list lags behind writes by seconds to minutes, so it
    /// never says that something isn't there.
    ///
    /// # Errors
    /// When the board isn't there, or GitHub doesn't say.
    pub async fn board_items(&self, project: &NodeId) -> Result<Vec<BoardItem>, Failure> {
        let page = |first, after| self.board_items_page(project, first, after);
        let mut items = all("items of a board", None, LARGEST, page).await?;
        items.sort_by(|one, other| one.id.cmp(&other.id));
        items.dedup_by(|one, other| one.id == other.id);
        Ok(items)
    }

    async fn board_items_page(
        &self,
        project: &NodeId,
        first: i64,
        after: Option<String>,
    ) -> Result<Page<BoardItem>, Failure> {
        let variables = board_items::Variables { project: project.as_str().to_owned(), first, after };
        let response = self.client().query::<BoardItems>(variables).await?;
        for error in &response.errors {
            let failure = Failure::of_error(error);
            if !hides_content(error, &failure) {
                return Err(failure);
            }
        }
        let data = response.data.ok_or_else(|| Failure::malformed("items of a board without data"))?;
        match data.node {
            Some(board_items::BoardItemsNode::ProjectV2(it)) => Ok(page!(it.items)),
            Some(_) | None => Err(another_type(project, "a board")),
        }
    }

    /// The boards that an issue is on and its place on `project`, from the first page of its places.
    pub(crate) async fn places(
        &self,
        issue: &NodeId,
        project: Option<&NodeId>,
        first: Page<ListedItem>,
    ) -> Result<(Vec<NodeId>, Option<Item>), Failure> {
        let page = |first, after| self.issue_items_page(issue, first, after);
        let items = all("items of an issue", Some(first), ITEMS_A_PAGE, page).await?;
        let mut boards: Vec<NodeId> = items.iter().map(|item| item.project.clone()).collect();
        boards.sort();
        boards.dedup();
        let ours = items.into_iter().find(|item| project == Some(&item.project));
        let item = match ours {
            Some(item) => Some(self.whole_item(item).await?),
            None => None,
        };
        Ok((boards, item))
    }

    async fn whole_item(&self, item: ListedItem) -> Result<Item, Failure> {
        let ListedItem { id, archived, created_at, project: _, values } = item;
        let page = |first, after| self.values_page(&id, first, after);
        let values = all("values of an item", Some(values), LARGEST, page).await?;
        let values: BTreeMap<NodeId, Value> = values.into_iter().filter_map(|value| value.0).collect();
        Ok(Item { id, archived, created_at, values })
    }

    async fn issue_items_page(
        &self,
        issue: &NodeId,
        first: i64,
        after: Option<String>,
    ) -> Result<Page<ListedItem>, Failure> {
        let variables = issue_items::Variables { issue: issue.as_str().to_owned(), first, after };
        match self.client().whole::<IssueItems>(variables).await?.node {
            Some(issue_items::IssueItemsNode::Issue(it)) => {
                Ok(it.project_items.map_or_else(Page::empty, |page| page!(page)))
            }
            Some(_) | None => Err(another_type(issue, "an issue")),
        }
    }

    async fn values_page(
        &self,
        item: &NodeId,
        first: i64,
        after: Option<String>,
    ) -> Result<Page<ListedValue>, Failure> {
        let variables = item_values::Variables { item: item.as_str().to_owned(), first, after };
        match self.client().whole::<ItemValues>(variables).await?.node {
            Some(item_values::ItemValuesNode::ProjectV2Item(it)) => Ok(page!(it.field_values)),
            Some(_) | None => Err(another_type(item, "an item")),
        }
    }
}

impl From<board_items::BoardItemsNodeOnProjectV2ItemsNodes> for BoardItem {
    fn from(item: board_items::BoardItemsNodeOnProjectV2ItemsNodes) -> Self {
        use board_items::BoardItemsNodeOnProjectV2ItemsNodesContent as Content;
        let issue = match item.content {
            Some(Content::Issue(it)) => Some(NodeId::new(it.id)),
            Some(_) | None => None,
        };
        Self { id: NodeId::new(item.id), archived: item.is_archived, created_at: item.created_at, issue }
    }
}

/// Whether all that an error of a page of items says is that the token can't see what one of them holds.
fn hides_content(error: &GraphQlError, failure: &Failure) -> bool {
    let content = PathSegment::Key("content".to_owned());
    error.path.get(4) == Some(&content)
        && matches!(failure, Failure::Forbidden { .. } | Failure::NotFound { .. } | Failure::Refused { .. })
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

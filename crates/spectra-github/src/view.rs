//! Views of boards.
//!
//! GraphQL makes, changes and deletes them, without grouping, sorting and columns; REST only makes them, with all of
//! that.

use serde::Deserialize;
use serde_json::{Map, Value, json};
use spectra_model::id::{Login, NodeId, ViewName};
use spectra_model::observation::{Sort, View};
use spectra_model::plan::{Direction, Layout};

use crate::batch::batch_op;
use crate::failure::Failure;
use crate::label::texts;
use crate::operations::{
    CreateView, DeleteView, UpdateView, Views, create_view, delete_view, update_view, views,
};
use crate::page::{Page, all, page};
use crate::reader::{Reader, another_type, number};
use crate::rest::{Call, segment};
use crate::transport::Method;

/// 20 views with their columns twice, groups and sorting are 3,220 nodes and one point.
const VIEWS_A_PAGE: i64 = 20;

batch_op!(CreateView, create_view, "createProjectV2View", CreateProjectV2ViewInput, CreateViewSel);
batch_op!(UpdateView, update_view, "updateProjectV2View", UpdateProjectV2ViewInput, UpdateViewSel);
batch_op!(DeleteView, delete_view, "deleteProjectV2View", DeleteProjectV2ViewInput, DeleteViewSel);

/// A view as it is made over REST, fields by their numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestView {
    /// Its name.
    pub name: ViewName,
    /// Its layout.
    pub layout: Layout,
    /// Its filter.
    pub filter: Option<String>,
    /// The fields that it shows, in order; None is GitHub's choice. A roadmap takes none.
    pub fields: Option<Vec<u64>>,
    /// The field that rows are grouped by.
    pub group_by: Option<u64>,
    /// The field whose options are its columns.
    pub column_by: Option<u64>,
    /// What items are sorted by, the weightiest first.
    pub sort_by: Vec<(u64, Direction)>,
}

/// Whose board a view is made on, as the REST API's path says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Holder {
    Org(Login),
    User(u64),
}

/// The id of a field; None for a kind that is newer than this program.
struct FieldId(Option<NodeId>);

impl From<views::FieldIdSel> for FieldId {
    fn from(field: views::FieldIdSel) -> Self {
        use views::FieldIdSel as Kind;
        Self(match field {
            Kind::ProjectV2Field(it) => Some(NodeId::new(it.id)),
            Kind::ProjectV2IterationField(it) => Some(NodeId::new(it.id)),
            Kind::ProjectV2MultiSelectField(it) => Some(NodeId::new(it.id)),
            Kind::ProjectV2SingleSelectField(it) => Some(NodeId::new(it.id)),
            Kind::Unknown => None,
        })
    }
}

/// The fields of a page that has all of them: a board has no more than 50 (GitHub docs, "Managing issue fields").
fn ids(page: Page<FieldId>) -> Result<Vec<NodeId>, Failure> {
    if page.has_next {
        return Err(Failure::malformed("a view with more fields than a board can have"));
    }
    Ok(page.nodes.into_iter().filter_map(|field| field.0).collect())
}

/// A field and a direction; None where either is newer than this program.
struct SortedBy(Option<Sort>);

impl From<views::ViewsNodeOnProjectV2ViewsNodesSortByFieldsNodes> for SortedBy {
    fn from(sort: views::ViewsNodeOnProjectV2ViewsNodesSortByFieldsNodes) -> Self {
        let direction = match sort.direction {
            views::OrderDirection::ASC => Some(Direction::Asc),
            views::OrderDirection::DESC => Some(Direction::Desc),
            views::OrderDirection::Other(_) => None,
        };
        let field = FieldId::from(sort.field).0;
        Self(field.zip(direction).map(|(field, direction)| Sort { field, direction }))
    }
}

impl TryFrom<views::ViewsNodeOnProjectV2ViewsNodes> for View {
    type Error = Failure;

    fn try_from(view: views::ViewsNodeOnProjectV2ViewsNodes) -> Result<Self, Failure> {
        let shown = ids(page!(view.shown.visible_fields))?;
        let unordered = view.fields.map_or_else(|| Ok(Vec::new()), |page| ids(page!(page)))?;
        let sort_by: Page<SortedBy> = view.sort_by_fields.map_or_else(Page::empty, |page| page!(page));
        if sort_by.has_next {
            return Err(Failure::malformed("a view that is sorted by more fields than a board can have"));
        }
        Ok(Self {
            id: NodeId::new(view.id),
            number: number(view.number)?,
            name: ViewName::new(view.name),
            layout: match view.layout {
                views::ProjectV2ViewLayout::TABLE_LAYOUT => Some(Layout::Table),
                views::ProjectV2ViewLayout::BOARD_LAYOUT => Some(Layout::Board),
                views::ProjectV2ViewLayout::ROADMAP_LAYOUT => Some(Layout::Roadmap),
                views::ProjectV2ViewLayout::Other(_) => None,
            },
            filter: view.filter.unwrap_or_default(),
            // The one is in the order of the columns (GitHub's schema); a server may have the other only.
            fields: if shown.is_empty() { unordered } else { shown },
            group_by: view.group_by_fields.map_or_else(|| Ok(Vec::new()), |page| ids(page!(page)))?,
            column_by: view
                .vertical_group_by_fields
                .map_or_else(|| Ok(Vec::new()), |page| ids(page!(page)))?,
            sort_by: sort_by.nodes.into_iter().filter_map(|sort| sort.0).collect(),
        })
    }
}

impl Reader {
    /// The views of a board, in its order.
    ///
    /// # Errors
    /// When the board isn't there, or GitHub doesn't say.
    pub async fn views(&self, project: &NodeId) -> Result<Vec<View>, Failure> {
        let page = |first, after| self.views_page(project, first, after);
        let found = all("views", None, VIEWS_A_PAGE, page).await?;
        found.into_iter().map(View::try_from).collect()
    }

    async fn views_page(
        &self,
        project: &NodeId,
        first: i64,
        after: Option<String>,
    ) -> Result<Page<views::ViewsNodeOnProjectV2ViewsNodes>, Failure> {
        let variables = views::Variables { project: project.as_str().to_owned(), first, after };
        match self.client().whole::<Views>(variables).await?.node {
            Some(views::ViewsNode::ProjectV2(it)) => Ok(page!(it.views)),
            Some(_) | None => Err(another_type(project, "a board")),
        }
    }
}

macro_rules! layout_for {
    ($module:ident) => {
        impl From<Layout> for $module::ProjectV2ViewLayout {
            fn from(layout: Layout) -> Self {
                match layout {
                    Layout::Table => Self::TABLE_LAYOUT,
                    Layout::Board => Self::BOARD_LAYOUT,
                    Layout::Roadmap => Self::ROADMAP_LAYOUT,
                }
            }
        }
    };
}

layout_for!(create_view);
layout_for!(update_view);

pub(crate) fn create(
    project: &NodeId,
    name: &ViewName,
    layout: Layout,
    fields: Option<&[NodeId]>,
) -> create_view::CreateProjectV2ViewInput {
    create_view::CreateProjectV2ViewInput {
        client_mutation_id: None,
        configuration: fields.map(|fields| create_view::ProjectV2ViewConfigurationInput {
            visible_field_ids: Some(texts(fields)),
        }),
        layout: layout.into(),
        name: name.as_str().to_owned(),
        project_id: project.as_str().to_owned(),
    }
}

pub(crate) fn update(
    view: &NodeId,
    name: Option<&ViewName>,
    layout: Option<Layout>,
    filter: Option<&str>,
    fields: Option<&[NodeId]>,
) -> update_view::UpdateProjectV2ViewInput {
    update_view::UpdateProjectV2ViewInput {
        client_mutation_id: None,
        configuration: fields.map(|fields| update_view::ProjectV2ViewConfigurationInput {
            visible_field_ids: Some(texts(fields)),
        }),
        filter: filter.map(str::to_owned),
        layout: layout.map(Into::into),
        name: name.map(|name| name.as_str().to_owned()),
        view_id: view.as_str().to_owned(),
    }
}

pub(crate) fn delete(view: &NodeId) -> delete_view::DeleteProjectV2ViewInput {
    delete_view::DeleteProjectV2ViewInput { view_id: view.as_str().to_owned(), ..Default::default() }
}

/// Its id and number.
pub(crate) fn created(payload: create_view::CreateViewSel) -> Option<(NodeId, u64)> {
    let view = payload.project_v2_view?;
    Some((NodeId::new(view.id), number(view.number).ok()?))
}

/// Its id and number.
pub(crate) fn updated(payload: update_view::UpdateViewSel) -> Option<(NodeId, u64)> {
    let view = payload.project_v2_view?;
    Some((NodeId::new(view.id), number(view.number).ok()?))
}

/// GitHub: the OpenAPI description of `POST …/projectsV2/{number}/views`.
pub(crate) fn create_over_rest(holder: &Holder, number: u64, view: &RestView) -> Call {
    let RestView { name, layout, filter, fields, group_by, column_by, sort_by } = view;
    let layout = match layout {
        Layout::Table => "table",
        Layout::Board => "board",
        Layout::Roadmap => "roadmap",
    };
    let mut body = Map::new();
    body.insert("name".to_owned(), json!(name.as_str()));
    body.insert("layout".to_owned(), json!(layout));
    let mut put = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            body.insert(key.to_owned(), value);
        }
    };
    put("filter", filter.as_ref().map(|filter| json!(filter)));
    put("visible_fields", fields.as_ref().map(|fields| json!(fields)));
    put("group_by", group_by.map(|field| json!([field])));
    put("vertical_group_by", column_by.map(|field| json!([field])));
    let sorts: Vec<Value> = sort_by
        .iter()
        .map(|(field, direction)| match direction {
            Direction::Asc => json!([field, "asc"]),
            Direction::Desc => json!([field, "desc"]),
        })
        .collect();
    put("sort_by", (!sorts.is_empty()).then(|| json!(sorts)));
    let holder = match holder {
        Holder::Org(login) => format!("orgs/{}", segment(login.as_str())),
        Holder::User(id) => format!("users/{id}"),
    };
    Call {
        name: "create view",
        method: Method::Post,
        path: format!("/{holder}/projectsV2/{number}/views"),
        body: Some(Value::Object(body)),
        creates: true,
    }
}

/// Its id and number.
pub(crate) fn created_over_rest(answer: Value) -> Result<(NodeId, u64), Failure> {
    #[derive(Deserialize)]
    struct Wire {
        node_id: String,
        number: u64,
    }
    let wire: Wire =
        serde_json::from_value(answer).map_err(|error| Failure::malformed(format!("a view: {error}")))?;
    Ok((NodeId::new(wire.node_id), wire.number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_over_rest_says_fields_by_number_and_leaves_out_what_is_not_said() {
        let plain = RestView {
            name: ViewName::new("Plan"),
            layout: Layout::Roadmap,
            filter: None,
            fields: None,
            group_by: None,
            column_by: None,
            sort_by: Vec::new(),
        };
        let call = create_over_rest(&Holder::User(7), 3, &plain);
        assert_eq!(call.path, "/users/7/projectsV2/3/views");
        assert_eq!(call.body, Some(json!({ "name": "Plan", "layout": "roadmap" })));
        let full = RestView {
            layout: Layout::Board,
            filter: Some("is:open".to_owned()),
            fields: Some(vec![1, 2]),
            group_by: Some(3),
            column_by: Some(4),
            sort_by: vec![(5, Direction::Desc), (6, Direction::Asc)],
            ..plain
        };
        let call = create_over_rest(&Holder::Org(Login::new("o/x")), 3, &full);
        assert_eq!((call.path.as_str(), call.creates), ("/orgs/o%2Fx/projectsV2/3/views", true));
        let expected = json!({
            "name": "Plan", "layout": "board", "filter": "is:open", "visible_fields": [1, 2], "group_by": [3],
            "vertical_group_by": [4], "sort_by": [[5, "desc"], [6, "asc"]],
        });
        assert_eq!(call.body, Some(expected));
    }
}

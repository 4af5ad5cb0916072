//! `…/projectsV2/{number}/views`. GitHub: OpenAPI: views are made over REST and neither listed, changed nor deleted.

use axum::http::Method;
use serde_json::{Value, json};

use super::call::{Body, Call, number};
use super::failure::Failure;
use super::pages::Reply;
use super::shapes::{Shapes, time};
use super::{CREATED, Routed, field, item, project};
use crate::world::World;
use crate::world::ids::NodeId;
use crate::world::view::{CreateView, Direction, Layout, Sort, View};

pub(super) fn create(world: &mut World, call: &Call<'_>, id: &NodeId) -> Routed {
    debug_assert_eq!(call.method, Method::POST);
    let body = call.body()?;
    let layout = match body.needed("layout")? {
        "table" => Layout::TableLayout,
        "board" => Layout::BoardLayout,
        "roadmap" => Layout::RoadmapLayout,
        _ => return Err(Failure::invalid("layout", "invalid")),
    };
    let input = CreateView {
        project: id.clone(),
        name: body.needed("name")?.to_owned(),
        layout,
        filter: body.text("filter")?.map(str::to_owned),
        visible_fields: match body.list("visible_fields")? {
            Some(list) => Some(fields(world, id, list, "visible_fields")?),
            None => None,
        },
        sort_by: sorts(world, id, &body)?,
        group_by: one(world, id, &body, "group_by")?,
        vertical_group_by: one(world, id, &body, "vertical_group_by")?,
    };
    let made = world.create_view(call.now, input)?;
    let shapes = Shapes::new(world, call);
    Ok(Reply::with_status(CREATED, shape(&shapes, world.views.find(&made)?)))
}

/// The items that a view's filter lets through.
pub(super) fn items(world: &World, call: &Call<'_>, id: &NodeId, number: &str) -> Routed {
    let number: u32 = number.parse().ok().ok_or(Failure::NotFound)?;
    let mut views = world.projects.find(id)?.views.iter().filter_map(|id| world.views.get(id));
    let view = views.find(|view| view.number == number).ok_or(Failure::NotFound)?;
    item::list(world, call, id, view.filter.as_deref().unwrap_or_default())
}

/// GitHub: OpenAPI: at most one field.
fn one(world: &World, project: &NodeId, body: &Body, name: &str) -> Result<Vec<NodeId>, Failure> {
    let list = body.list(name)?.unwrap_or_default();
    if list.len() > 1 {
        return Err(Failure::invalid(name, "invalid"));
    }
    fields(world, project, list, name)
}

/// `[[field id, "asc" or "desc"], …]`.
fn sorts(world: &World, project: &NodeId, body: &Body) -> Result<Vec<Sort>, Failure> {
    let sort = |entry: &Value| {
        let (number, word) = match entry.as_array().map(Vec::as_slice) {
            Some([number, Value::String(word)]) => (number, word.as_str()),
            Some(_) | None => return Err(Failure::unknown("sort_by", entry)),
        };
        let direction = match word {
            "asc" => Direction::Asc,
            "desc" => Direction::Desc,
            _ => return Err(Failure::unknown("sort_by", entry)),
        };
        Ok(Sort { field: named(world, project, number, "sort_by")?, direction })
    };
    body.list("sort_by")?.unwrap_or_default().iter().map(sort).collect()
}

fn fields(world: &World, project: &NodeId, list: &[Value], name: &str) -> Result<Vec<NodeId>, Failure> {
    list.iter().map(|value| named(world, project, value, name)).collect()
}

fn named(world: &World, project: &NodeId, value: &Value, name: &str) -> Result<NodeId, Failure> {
    let found = number(value).and_then(|number| field::by_number(world, project, number));
    found.map(|field| field.id.clone()).ok_or_else(|| Failure::unknown(name, value))
}

/// `projects-v2-view`.
fn shape(shapes: &Shapes<'_>, row: &View) -> Value {
    let world = shapes.world;
    let number = |id: &NodeId| world.fields.get(id).map(|field| field.database_id);
    let numbers = |ids: &[NodeId]| ids.iter().filter_map(number).collect::<Vec<_>>();
    let project = world.projects.get(&row.project);
    let sorts = row.sort_by.iter();
    let sorts = sorts.map(|sort| json!([number(&sort.field), sort.direction.as_str().to_lowercase()]));
    json!({
        "id": row.database_id,
        "number": row.number,
        "name": row.name,
        "layout": match row.layout {
            Layout::TableLayout => "table",
            Layout::BoardLayout => "board",
            Layout::RoadmapLayout => "roadmap",
        },
        "node_id": row.id,
        "project_url": project::url(shapes, &row.project),
        "html_url": project.map(|project| {
            format!("https://github.com{}/views/{}", world.project_path(project), row.number)
        }),
        // Who made a view isn't kept; nearly always it is who made the project.
        "creator": project.map_or(Value::Null, |project| shapes.user(&project.creator)),
        "created_at": time(row.created_at),
        "updated_at": time(row.updated_at),
        "filter": row.filter,
        "visible_fields": numbers(&row.visible_fields),
        "sort_by": sorts.collect::<Vec<_>>(),
        "group_by": numbers(&row.group_by),
        "vertical_group_by": numbers(&row.vertical_group_by),
    })
}

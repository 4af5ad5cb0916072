//! `…/projectsV2/{number}/fields`.

use axum::http::Method;
use serde_json::{Value, json};

use super::call::{Body, Call};
use super::failure::Failure;
use super::pages::{Reply, cursored};
use super::shapes::{Shapes, merge, time};
use super::{CREATED, Routed, project};
use crate::world::World;
use crate::world::field::{Field, FieldType};
use crate::world::ids::NodeId;
use crate::world::option::SelectOption;

pub(super) fn route(world: &mut World, call: &Call<'_>, id: &NodeId, rest: &[&str]) -> Routed {
    match (&call.method, rest) {
        (&Method::GET, []) => {
            let fields = &world.projects.find(id)?.fields;
            let rows: Vec<_> =
                fields.iter().filter_map(|id| world.fields.get(id)).filter(|row| is_listed(row)).collect();
            let shapes = Shapes::new(world, call);
            cursored(call, &rows, |row| row.id.to_string(), |row| shape(&shapes, row, call))
        }
        (&Method::POST, []) => {
            let body = call.body()?;
            if body.get("issue_field_id").is_some() {
                return Err(Failure::NotModelled);
            }
            let made = world.create_field(call.now, Call::input(input(&body, id)?)?)?;
            let shapes = Shapes::new(world, call);
            Ok(Reply::with_status(CREATED, shape(&shapes, world.fields.find(&made)?, call)))
        }
        (&Method::GET, [number]) => {
            let found = number.parse().ok().and_then(|number| by_number(world, id, number));
            let row = found.ok_or(Failure::NotFound)?;
            Ok(Reply::ok(shape(&Shapes::new(world, call), row, call)))
        }
        _ => Err(Failure::NotModelled),
    }
}

/// The project's field with this numeric id.
pub(super) fn by_number<'w>(world: &'w World, project: &NodeId, number: u64) -> Option<&'w Field> {
    let mut fields = world.projects.get(project)?.fields.iter().filter_map(|id| world.fields.get(id));
    fields.find(|field| u64::from(field.database_id) == number)
}

/// REST's body as the schema's input. GitHub: OpenAPI: an option's colour and description may be left out.
fn input(body: &Body, project: &NodeId) -> Result<Value, Failure> {
    let kind = body.needed("data_type")?;
    if !["text", "number", "date", "single_select", "iteration"].contains(&kind) {
        return Err(Failure::invalid("data_type", "invalid"));
    }
    let mut input = json!({
        "projectId": project,
        "name": body.needed("name")?,
        "dataType": kind.to_uppercase(),
    });
    if let Some(options) = body.list("single_select_options")? {
        let option = |option: &Value| {
            let text = |name: &str| option.get(name).and_then(Value::as_str);
            json!({
                "name": text("name").unwrap_or_default(),
                "color": text("color").unwrap_or("GRAY"),
                "description": text("description").unwrap_or_default(),
            })
        };
        let options: Vec<Value> = options.iter().map(option).collect();
        merge(&mut input, json!({ "singleSelectOptions": options }));
    }
    if let Some(setup) = body.get("iteration_configuration") {
        let of = |value: &Value, name: &str| value.get(name).cloned().unwrap_or_default();
        let iterations = setup.get("iterations").and_then(Value::as_array).cloned().unwrap_or_default();
        let iteration = |row: &Value| {
            json!({
                "title": of(row, "title"),
                "startDate": of(row, "start_date"),
                "duration": of(row, "duration"),
            })
        };
        merge(
            &mut input,
            json!({ "iterationConfiguration": {
                "startDate": of(setup, "start_date"),
                "duration": of(setup, "duration"),
                "iterations": iterations.iter().map(iteration).collect::<Vec<_>>(),
            } }),
        );
    }
    Ok(input)
}

/// Whether lists show a field. GitHub: OpenAPI: the data types that they know lack these. That such fields are left out is
/// inferred: clients made from the description refuse a word that is not in it. Asked for by its id such a field is
/// shown, by GraphQL's word (a guess).
fn is_listed(row: &Field) -> bool {
    !matches!(
        row.data_type,
        FieldType::Created | FieldType::Updated | FieldType::Closed | FieldType::MultiSelect
    )
}

/// `projects-v2-field`.
fn shape(shapes: &Shapes<'_>, row: &Field, call: &Call<'_>) -> Value {
    let mut field = json!({
        "id": row.database_id,
        "node_id": row.id,
        "project_url": project::url(shapes, &row.project),
        "name": row.name,
        "data_type": row.data_type.as_str().to_lowercase(),
        "created_at": time(row.created_at),
        "updated_at": time(row.updated_at),
    });
    if !row.options.is_empty() {
        merge(&mut field, json!({ "options": row.options.iter().map(option).collect::<Vec<_>>() }));
    }
    if let Some(setup) = &row.iterations {
        let start = setup.start_date.weekday().to_monday_one_offset();
        let iterations = setup.all.iter().map(|one| iteration(one, call));
        merge(
            &mut field,
            json!({ "configuration": {
                "start_day": start,
                "duration": setup.duration,
                "iterations": iterations.collect::<Vec<_>>(),
            } }),
        );
    }
    field
}

/// `projects-v2-single-select-options`.
pub(super) fn option(option: &SelectOption) -> Value {
    json!({
        "id": option.id,
        "name": text(&option.name),
        "color": option.color.as_str(),
        "description": text(&option.description),
    })
}

/// `projects-v2-iteration-settings`.
pub(super) fn iteration(row: &crate::world::iteration::Iteration, call: &Call<'_>) -> Value {
    let today = call.now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let end = row.start_date.saturating_add(jiff::Span::new().days(i64::from(row.duration)));
    json!({
        "id": row.id,
        "title": text(&row.title),
        "start_date": row.start_date,
        "duration": row.duration,
        "completed": end <= today,
    })
}

/// GitHub: OpenAPI: texts of projects come raw and as HTML.
pub(super) fn text(raw: &str) -> Value {
    let html = raw.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    json!({ "raw": raw, "html": html })
}

//! `…/projectsV2/{number}/items`.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::call::Call;
use super::failure::Failure;
use super::pages::{Reply, cursored};
use super::shapes::{Shapes, merge, time};
use super::{CREATED, Routed, field, project};
use crate::world::World;
use crate::world::field::{Field, FieldType};
use crate::world::filter::Filter;
use crate::world::ids::NodeId;
use crate::world::issue::Issue;
use crate::world::item::{Content, Item};
use crate::world::value::Data;

pub(super) fn route(world: &mut World, call: &Call<'_>, project: &NodeId, rest: &[&str]) -> Routed {
    match (&call.method, rest) {
        (&Method::GET, []) => {
            let filter = call.parameter("q").unwrap_or_default().to_owned();
            list(world, call, project, &filter)
        }
        (&Method::POST, []) => add(world, call, project),
        (method, [number]) => {
            let id = find(world, project, number)?;
            match *method {
                Method::GET => {
                    let shapes = Shapes::new(world, call);
                    Ok(Reply::ok(full(&shapes, world.items.find(&id)?, &chosen(world, call, project), call)))
                }
                Method::PATCH => update(world, call, project, &id),
                Method::DELETE => {
                    world
                        .delete_item(call.now, Call::input(json!({ "projectId": project, "itemId": id }))?)?;
                    Ok(Reply::nothing())
                }
                _ => Err(Failure::NotModelled),
            }
        }
        _ => Err(Failure::NotModelled),
    }
}

/// The items that a filter lets through, archived ones and those not listed yet left out.
pub(super) fn list(world: &World, call: &Call<'_>, project: &NodeId, filter: &str) -> Routed {
    let filter = Filter::read(filter)?;
    let items = world.projects.find(project)?.items.iter().filter_map(|id| world.items.get(id));
    let shown =
        |item: &&Item| !item.archived && item.listed_at <= call.now && filter.passes(world, item, call.now);
    let rows: Vec<&Item> = items.filter(shown).collect();
    let shapes = Shapes::new(world, call);
    let fields = chosen(world, call, project);
    cursored(call, &rows, |row| row.id.to_string(), |row| full(&shapes, row, &fields, call))
}

fn add(world: &mut World, call: &Call<'_>, project: &NodeId) -> Routed {
    let body = call.body()?;
    match body.needed("type")? {
        "Issue" => {}
        "PullRequest" => return Err(Failure::NotModelled),
        _ => return Err(Failure::invalid("type", "invalid")),
    }
    let issue = if let Some(id) = body.number("id")? {
        super::issue::by_database_id(world, id).ok_or(Failure::NotFound)?
    } else {
        let repository = world.repository_by_name(body.needed("owner")?, body.needed("repo")?)?;
        let number = i64::try_from(body.needed_number("number")?).unwrap_or(i64::MAX);
        world.issue_by_number(repository, number)?
    };
    let input = json!({ "projectId": project, "contentId": issue });
    let id = world.add_item_by_id(call.now, Call::input(input)?)?;
    Ok(Reply::with_status(CREATED, simple(&Shapes::new(world, call), world.items.find(&id)?)))
}

fn update(world: &mut World, call: &Call<'_>, project: &NodeId, item: &NodeId) -> Routed {
    let body = call.body()?;
    let changes = body.list("fields")?.ok_or_else(|| Failure::invalid("fields", "missing_field"))?;
    for change in changes {
        let number = change.get("id").and_then(super::call::number);
        let row = number.and_then(|number| field::by_number(world, project, number));
        let row = row.ok_or_else(|| Failure::unknown("id", change.get("id").unwrap_or(&Value::Null)))?;
        let mut input = json!({ "projectId": project, "itemId": item, "fieldId": row.id });
        match change.get("value") {
            None => return Err(Failure::invalid("value", "missing_field")),
            Some(Value::Null) => {
                world.clear_value(call.now, Call::input(input)?)?;
            }
            Some(value) => {
                merge(&mut input, json!({ "value": { member(row.data_type): value } }));
                let input = Call::input(input).ok().ok_or_else(|| Failure::unknown("value", value))?;
                world.set_value(call.now, input)?;
            }
        }
    }
    let shapes = Shapes::new(world, call);
    let shown = full(&shapes, world.items.find(item)?, &chosen(world, call, project), call);
    Ok(Reply::with_status(StatusCode::OK, shown))
}

/// The member of the schema's `ProjectV2FieldValue` that is meant for a field.
fn member(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Number => "number",
        FieldType::Date => "date",
        FieldType::SingleSelect => "singleSelectOptionId",
        FieldType::MultiSelect => "multiSelectOptionIds",
        FieldType::Iteration => "iterationId",
        FieldType::Text
        | FieldType::Title
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
        | FieldType::Closed => "text",
    }
}

fn find(world: &World, project: &NodeId, number: &str) -> Result<NodeId, Failure> {
    let number: u32 = number.parse().ok().ok_or(Failure::NotFound)?;
    let mut items = world.projects.find(project)?.items.iter();
    let wanted = |id: &&NodeId| world.items.get(id).is_some_and(|item| item.database_id == number);
    items.find(wanted).cloned().ok_or(Failure::NotFound)
}

/// The fields that an answer shows. GitHub: OpenAPI: the title alone unless `fields` names others by numeric id.
fn chosen<'w>(world: &'w World, call: &Call<'_>, project: &NodeId) -> Vec<&'w Field> {
    let named: Vec<u64> = call
        .query
        .iter()
        .filter(|(name, _)| name == "fields" || name == "fields[]")
        .flat_map(|(_, value)| value.split(',').filter_map(|id| id.trim().parse().ok()).collect::<Vec<_>>())
        .collect();
    let fields = world.projects.get(project).map(|row| row.fields.as_slice()).unwrap_or_default();
    let rows = fields.iter().filter_map(|id| world.fields.get(id));
    if named.is_empty() {
        return rows.filter(|field| field.data_type == FieldType::Title).collect();
    }
    rows.filter(|field| named.contains(&u64::from(field.database_id))).collect()
}

/// `projects-v2-item-simple`.
pub(super) fn simple(shapes: &Shapes<'_>, row: &Item) -> Value {
    let url = project::url(shapes, &row.project);
    let (kind, content) = content(shapes, &row.content);
    json!({
        "id": row.database_id,
        "node_id": row.id,
        "content": content,
        "content_type": kind,
        "creator": shapes.user(&row.creator),
        "created_at": time(row.created_at),
        "updated_at": time(row.updated_at),
        // When it was archived isn't kept.
        "archived_at": row.archived.then(|| time(row.updated_at)),
        "project_url": url,
        "item_url": format!("{url}/items/{}", row.database_id),
    })
}

/// `projects-v2-item-with-content`.
fn full(shapes: &Shapes<'_>, row: &Item, fields: &[&Field], call: &Call<'_>) -> Value {
    let mut item = simple(shapes, row);
    let values = fields.iter().map(|field| {
        json!({
            "id": field.database_id,
            "name": field.name,
            "data_type": field.data_type.as_str().to_lowercase(),
            "value": value(shapes, row, field, call),
        })
    });
    merge(&mut item, json!({ "fields": values.collect::<Vec<_>>() }));
    item
}

fn content(shapes: &Shapes<'_>, content: &Content) -> (&'static str, Value) {
    match content {
        Content::Issue(id) => {
            let issue = shapes.world.issues.get(id);
            ("Issue", issue.map_or(Value::Null, |issue| shapes.issue(issue)))
        }
        Content::Draft(id) => {
            let draft = shapes.world.drafts.get(id);
            let shown = draft.map_or(Value::Null, |draft| {
                json!({
                    "id": shapes.world.items.get(&draft.item).map(|item| item.database_id),
                    "node_id": draft.id,
                    "title": draft.title,
                    "body": draft.body,
                    "user": shapes.user(&draft.creator),
                    "created_at": time(draft.created_at),
                    "updated_at": time(draft.updated_at),
                })
            });
            ("DraftIssue", shown)
        }
    }
}

/// A field's value, in the shape that GitHub's examples have for its type; null for none.
fn value(shapes: &Shapes<'_>, row: &Item, field: &Field, call: &Call<'_>) -> Value {
    if let Some(value) = row.values.get(&field.id) {
        let option = |id: &String| {
            let known = field.options.iter().find(|option| option.id == *id);
            known.map_or(Value::Null, field::option)
        };
        return match &value.data {
            Data::Text(text) => field::text(text),
            Data::Number(number) => json!(number),
            Data::Date(date) => json!(date),
            Data::SingleSelect(id) => option(id),
            Data::MultiSelect(ids) => Value::Array(ids.iter().map(option).collect()),
            Data::Iteration(id) => {
                let mut all = field.iterations.iter().flat_map(|setup| &setup.all);
                all.find(|one| one.id == *id).map_or(Value::Null, |one| field::iteration(one, call))
            }
        };
    }
    match &row.content {
        Content::Issue(id) => {
            shapes.world.issues.get(id).map_or(Value::Null, |issue| of_issue(shapes, issue, field))
        }
        Content::Draft(id) => {
            let Some(draft) = shapes.world.drafts.get(id) else { return Value::Null };
            match field.data_type {
                FieldType::Title => field::text(&draft.title),
                FieldType::Assignees => draft.assignees.iter().map(|id| shapes.user(id)).collect(),
                FieldType::Labels
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
                | FieldType::Date
                | FieldType::SingleSelect
                | FieldType::MultiSelect
                | FieldType::Iteration => Value::Null,
            }
        }
    }
}

fn of_issue(shapes: &Shapes<'_>, issue: &Issue, field: &Field) -> Value {
    match field.data_type {
        FieldType::Title => {
            let mut title = field::text(&issue.title);
            merge(
                &mut title,
                json!({
                    "number": issue.number,
                    "url": format!("https://github.com{}", shapes.world.issue_path(issue)),
                    "issue_id": issue.database_id,
                    "state": if issue.is_open() { "open" } else { "closed" },
                    "state_reason": issue.state_reason().map(str::to_lowercase),
                    "is_draft": false,
                }),
            );
            title
        }
        FieldType::Assignees => issue.assignees.iter().map(|id| shapes.user(id)).collect(),
        FieldType::Labels => Value::Array(shapes.labels(&issue.labels)),
        FieldType::LinkedPullRequests | FieldType::Reviewers => json!([]),
        FieldType::Milestone => shapes.one_milestone(issue.milestone.as_ref()),
        FieldType::Repository => {
            let repository = shapes.world.repositories.get(&issue.repository);
            repository.map_or(Value::Null, |repository| shapes.repository(repository))
        }
        FieldType::ParentIssue => {
            let parent = issue.parent.as_ref().and_then(|id| shapes.world.issues.get(id));
            parent.map_or(Value::Null, |parent| shapes.issue(parent))
        }
        FieldType::Created => json!(time(issue.created_at)),
        FieldType::Updated => json!(time(issue.updated_at)),
        FieldType::Closed => json!(issue.closed_at().map(time)),
        FieldType::SubIssuesProgress => {
            shapes.issue(issue).get("sub_issues_summary").cloned().unwrap_or_default()
        }
        // The item's own, and it holds none.
        FieldType::Text
        | FieldType::Number
        | FieldType::Date
        | FieldType::SingleSelect
        | FieldType::MultiSelect
        | FieldType::Iteration => Value::Null,
    }
}

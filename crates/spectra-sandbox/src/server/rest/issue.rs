//! `/repos/{owner}/{repo}/issues`.

use axum::http::Method;
use serde_json::{Value, json};

use super::call::{Body, Call, ids};
use super::failure::Failure;
use super::pages::{Reply, page};
use super::shapes::{Shapes, merge, time};
use super::{CREATED, Routed, label, milestone, sub_issue};
use crate::world::World;
use crate::world::ids::NodeId;
use crate::world::issue::Issue;
use crate::world::repository::Permission;

pub(super) fn route(world: &mut World, call: &Call<'_>, repository: &NodeId, rest: &[&str]) -> Routed {
    match (&call.method, rest) {
        (&Method::GET, []) => list(world, call, repository),
        (&Method::POST, []) => create(world, call, repository),
        (method, [number, rest @ ..]) => {
            let row = world.repositories.find(repository)?;
            let number = number.parse().ok().ok_or(Failure::NotFound)?;
            let id = world.issue_by_number(row, number)?;
            match (method, rest) {
                (&Method::GET, []) => show(world, call, &id),
                (&Method::PATCH, []) => update(world, call, &id),
                (_, ["labels", rest @ ..]) => label::of_issue(world, call, &id, rest),
                (_, ["comments", rest @ ..]) => comments(world, call, &id, rest),
                (_, ["assignees"]) => assignees(world, call, &id),
                (_, ["sub_issues" | "sub_issue" | "parent" | "dependencies", ..]) => {
                    sub_issue::route(world, call, &id, rest)
                }
                _ => Err(Failure::NotModelled),
            }
        }
        _ => Err(Failure::NotModelled),
    }
}

/// GitHub: OpenAPI: open ones unless asked otherwise, newest first.
fn list(world: &World, call: &Call<'_>, repository: &NodeId) -> Routed {
    let state = call.choice("state", &["open", "closed", "all"])?;
    let sort = call.choice("sort", &["created", "updated", "comments"])?;
    let ascending = call.choice("direction", &["desc", "asc"])? == "asc";
    let since = match call.parameter("since") {
        Some(text) => {
            let since: Option<jiff::Timestamp> = text.parse().ok();
            Some(since.ok_or_else(|| Failure::invalid("since", "invalid"))?)
        }
        None => None,
    };
    let row = world.repositories.find(repository)?;
    let labels = call.parameter("labels").map(|names| {
        let found = names.split(',').map(|name| world.label_by_name(repository, name.trim()));
        found.map(|label| label.map(|label| label.id.clone())).collect::<Vec<_>>()
    });
    let milestone = call.parameter("milestone");
    let wanted_milestone = match milestone {
        None | Some("*" | "none") => None,
        Some(number) => {
            let found = milestone::find(world, repository, number).ok();
            Some(found.ok_or_else(|| Failure::unknown("milestone", &json!(number)))?)
        }
    };
    let login = |id: &NodeId| world.owners.get(id).map(|owner| owner.login.as_str());
    let fits = |issue: &&Issue| {
        let by_state = state == "all" || (state == "open") == issue.is_open();
        let by_milestone = match milestone {
            None => true,
            Some("none") => issue.milestone.is_none(),
            Some("*") => issue.milestone.is_some(),
            Some(_) => issue.milestone == wanted_milestone,
        };
        let by_assignee = match call.parameter("assignee") {
            None => true,
            Some("none") => issue.assignees.is_empty(),
            Some("*") => !issue.assignees.is_empty(),
            Some(name) => issue.assignees.iter().any(|id| login(id) == Some(name)),
        };
        let kind = issue.issue_type.as_ref().and_then(|id| world.issue_types.get(id));
        let by_type = match call.parameter("type") {
            None => true,
            Some("none") => kind.is_none(),
            Some("*") => kind.is_some(),
            Some(name) => kind.is_some_and(|kind| kind.name.eq_ignore_ascii_case(name)),
        };
        let by_labels = labels.as_ref().is_none_or(|labels| {
            labels.iter().all(|label| label.as_ref().is_some_and(|label| issue.labels.contains(label)))
        });
        let by_creator = call.parameter("creator").is_none_or(|name| login(&issue.author) == Some(name));
        let by_time = since.is_none_or(|since| issue.updated_at >= since);
        by_state && by_milestone && by_assignee && by_type && by_labels && by_creator && by_time
    };
    let mut rows: Vec<&Issue> =
        row.issues.values().filter_map(|id| world.issues.get(id)).filter(fits).collect();
    match sort {
        "updated" => rows.sort_by_key(|row| (row.updated_at, row.number)),
        "comments" => rows.sort_by_key(|row| (row.comments.len(), row.number)),
        _ => {}
    }
    if !ascending {
        rows.reverse();
    }
    let shapes = Shapes::new(world, call);
    page(call, &rows, |row| shapes.issue(row))
}

fn create(world: &mut World, call: &Call<'_>, repository: &NodeId) -> Routed {
    let body = call.body()?;
    let row = world.repositories.find(repository)?;
    if !row.has_issues_enabled {
        // GitHub: OpenAPI: 410 where issues are disabled.
        return Err(Failure::status(
            axum::http::StatusCode::GONE,
            "Issues has been disabled in this repository.",
        ));
    }
    let mut input = json!({
        "repositoryId": repository,
        "title": title(&body)?.ok_or_else(|| Failure::invalid("title", "missing_field"))?,
        "body": body.text("body")?,
    });
    // GitHub: OpenAPI: silently dropped without push access.
    if row.viewer_permission >= Permission::Write {
        let sets = Sets::read(world, call, repository, &body)?;
        merge(
            &mut input,
            json!({
                "labelIds": sets.labels.map(|labels| ids(&labels)),
                "assigneeIds": sets.assignees.map(|assignees| ids(&assignees)),
                "milestoneId": sets.milestone,
                "issueTypeId": sets.kind,
            }),
        );
    }
    let id = world.create_issue(call.now, Call::input(input)?)?;
    let shown = Shapes::new(world, call).issue(world.issues.find(&id)?);
    let place = shown.get("url").and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(Reply::with_status(CREATED, shown).at(place))
}

fn update(world: &mut World, call: &Call<'_>, id: &NodeId) -> Routed {
    let body = call.body()?;
    let repository = world.issues.find(id)?.repository.clone();
    let mut input = json!({ "id": id });
    if let Some(title) = title(&body)? {
        merge(&mut input, json!({ "title": title }));
    }
    if let Some(text) = body.nullable("body")? {
        merge(&mut input, json!({ "body": text.unwrap_or_default() }));
    }
    if world.repositories.find(&repository)?.viewer_permission >= Permission::Write {
        let sets = Sets::read(world, call, &repository, &body)?;
        if let Some(labels) = sets.labels {
            merge(&mut input, json!({ "labelIds": ids(&labels) }));
        }
        if let Some(assignees) = sets.assignees {
            merge(&mut input, json!({ "assigneeIds": ids(&assignees) }));
        }
        if let Some(milestone) = sets.milestone {
            merge(&mut input, json!({ "milestoneId": milestone }));
        }
        if let Some(kind) = sets.kind {
            merge(&mut input, json!({ "issueTypeId": kind }));
        }
    }
    if let Some(state) = state(world, &body)? {
        merge(&mut input, json!({ "stateInput": state }));
    }
    world.update_issue(call.now, Call::input(input)?)?;
    show(world, call, id)
}

/// `state` with its reason, as the schema's `IssueStateUpdateInput`.
fn state(world: &World, body: &Body) -> Result<Option<Value>, Failure> {
    let value = match body.text("state")? {
        None => return Ok(None),
        Some("open") => return Ok(Some(json!({ "value": "OPEN" }))),
        Some("closed") => "CLOSED",
        Some(_) => return Err(Failure::invalid("state", "invalid")),
    };
    let mut state = json!({ "value": value });
    match body.text("state_reason")? {
        None | Some("completed") => merge(&mut state, json!({ "stateReason": "COMPLETED" })),
        Some("not_planned") => merge(&mut state, json!({ "stateReason": "NOT_PLANNED" })),
        Some("duplicate") => {
            merge(&mut state, json!({ "stateReason": "DUPLICATE" }));
            if let Some(number) = body.number("duplicate_issue_id")? {
                let original = by_database_id(world, number)
                    .ok_or_else(|| Failure::unknown("duplicate_issue_id", &json!(number)))?;
                merge(&mut state, json!({ "duplicateIssueId": original }));
            }
        }
        Some(_) => return Err(Failure::invalid("state_reason", "invalid")),
    }
    Ok(Some(state))
}

/// What only those with push access set.
struct Sets {
    labels: Option<Vec<NodeId>>,
    assignees: Option<Vec<NodeId>>,
    milestone: Change,
    kind: Change,
}

/// A new value, null for none; nothing when it stays.
type Change = Option<Value>;

impl Sets {
    fn read(world: &mut World, call: &Call<'_>, repository: &NodeId, body: &Body) -> Result<Self, Failure> {
        let assignees = match (body.list("assignees")?, body.text("assignee")?) {
            (Some(list), _) => Some(users(world, list, "assignees")?),
            (None, Some(login)) => Some(users(world, &[json!(login)], "assignee")?),
            (None, None) => None,
        };
        let milestone = match body.get("milestone") {
            None => None,
            Some(Value::Null) => Some(Value::Null),
            Some(value) => {
                let number = super::call::number(value).map(|number| number.to_string());
                let found = number.and_then(|number| milestone::find(world, repository, &number).ok());
                Some(json!(found.ok_or_else(|| Failure::unknown("milestone", value))?))
            }
        };
        let kind = match body.nullable("type")? {
            None => None,
            Some(None) => Some(Value::Null),
            Some(Some(name)) => {
                let owner = &world.repositories.find(repository)?.owner;
                let mut kinds = world.issue_types.values().filter(|kind| kind.organization == *owner);
                let found = kinds.find(|kind| kind.name.eq_ignore_ascii_case(name));
                let found = found.ok_or_else(|| Failure::unknown("type", &json!(name)))?;
                Some(json!(found.id))
            }
        };
        let labels = match body.list("labels")? {
            Some(list) => Some(label::named(world, call, repository, list)?),
            None => None,
        };
        Ok(Self { labels, assignees, milestone, kind })
    }
}

fn users(world: &World, logins: &[Value], field: &str) -> Result<Vec<NodeId>, Failure> {
    let find = |login: &Value| {
        let owner = login.as_str().and_then(|login| world.owner_by_login(login));
        owner.map(|owner| owner.id.clone()).ok_or_else(|| Failure::unknown(field, login))
    };
    logins.iter().map(find).collect()
}

/// GitHub takes a number for a title too.
fn title(body: &Body) -> Result<Option<String>, Failure> {
    match body.get("title") {
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(_) | None => Ok(body.text("title")?.map(str::to_owned)),
    }
}

fn assignees(world: &mut World, call: &Call<'_>, id: &NodeId) -> Routed {
    let body = call.body()?;
    let named = users(world, body.list("assignees")?.unwrap_or_default(), "assignees")?;
    let mut all = world.issues.find(id)?.assignees.clone();
    match call.method {
        Method::POST => all.extend(named),
        Method::DELETE => all.retain(|id| !named.contains(id)),
        _ => return Err(Failure::NotModelled),
    }
    world.update_issue(call.now, Call::input(json!({ "id": id, "assigneeIds": ids(&all) }))?)?;
    let shown = Shapes::new(world, call).issue(world.issues.find(id)?);
    let status = if call.method == Method::POST { CREATED } else { axum::http::StatusCode::OK };
    Ok(Reply::with_status(status, shown))
}

fn comments(world: &mut World, call: &Call<'_>, id: &NodeId, rest: &[&str]) -> Routed {
    match (&call.method, rest) {
        (&Method::GET, []) => {
            let ids = world.issues.find(id)?.comments.clone();
            page(call, &ids, |id| comment(world, call, id))
        }
        (&Method::POST, []) => {
            let body = call.body()?;
            let input = json!({ "subjectId": id, "body": body.needed("body")? });
            let made = world.add_comment(call.now, Call::input(input)?)?;
            Ok(Reply::with_status(CREATED, comment(world, call, &made)))
        }
        _ => Err(Failure::NotModelled),
    }
}

fn comment(world: &World, call: &Call<'_>, id: &NodeId) -> Value {
    let Some(row) = world.comments.get(id) else { return Value::Null };
    let Some(issue) = world.issues.get(&row.issue) else { return Value::Null };
    let shapes = Shapes::new(world, call);
    let repository = shapes.repository_url(&issue.repository);
    let path = world.issue_path(issue);
    json!({
        "url": format!("{repository}/issues/comments/{}", row.database_id),
        "html_url": format!("https://github.com{path}#issuecomment-{}", row.database_id),
        "issue_url": format!("{repository}/issues/{}", issue.number),
        "id": row.database_id,
        "node_id": row.id,
        "user": shapes.user(&row.author),
        "created_at": time(row.created_at),
        "updated_at": time(row.updated_at),
        "author_association": "MEMBER",
        "body": row.body,
        "performed_via_github_app": null,
    })
}

fn show(world: &World, call: &Call<'_>, id: &NodeId) -> Routed {
    Ok(Reply::ok(Shapes::new(world, call).issue(world.issues.find(id)?)))
}

/// REST's numeric id leads to an issue of any repository.
pub(super) fn by_database_id(world: &World, id: u64) -> Option<NodeId> {
    world.issues.values().find(|row| u64::from(row.database_id) == id).map(|row| row.id.clone())
}

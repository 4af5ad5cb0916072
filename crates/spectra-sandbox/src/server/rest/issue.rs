//! `/repos/{owner}/{repo}/issues`.

use axum::http::Method;
use serde_json::{Value, json};

use super::assignee::users;
use super::call::{Body, Call, encode, ids};
use super::failure::Failure;
use super::pages::{Reply, page};
use super::shapes::{Shapes, merge};
use super::{CREATED, Routed, assignee, comment, event, label, milestone, sub_issue};
use crate::world::World;
use crate::world::ids::NodeId;
use crate::world::issue::Issue;
use crate::world::repository::Permission;

pub(super) fn route(world: &mut World, call: &Call<'_>, repository: &NodeId, rest: &[&str]) -> Routed {
    match (&call.method, rest) {
        (&Method::GET, []) => list(world, call, repository),
        (&Method::POST, []) => create(world, call, repository),
        (_, ["comments", rest @ ..]) => comment::of_repository(world, call, repository, rest),
        (_, ["events", rest @ ..]) => event::of_repository(world, call, repository, rest),
        (method, [number, rest @ ..]) => {
            let id = find(world, repository, number, rest)?;
            match (method, rest) {
                (&Method::GET, []) => show(world, call, &id),
                (&Method::PATCH, []) => update(world, call, &id),
                (_, ["labels", rest @ ..]) => label::of_issue(world, call, &id, rest),
                (_, ["comments", rest @ ..]) => comment::of_issue(world, call, &id, rest),
                (_, ["assignees", rest @ ..]) => assignee::of_issue(world, call, &id, rest),
                (_, ["events" | "timeline"]) => event::of_issue(world, call, &id, rest),
                (_, ["lock"]) => lock(world, call, &id),
                (_, ["sub_issues" | "sub_issue" | "parent" | "dependencies", ..]) => {
                    sub_issue::route(world, call, &id, rest)
                }
                _ => Err(Failure::NotModelled),
            }
        }
        _ => Err(Failure::NotModelled),
    }
}

/// The repository's issue of this number. GitHub: OpenAPI: 301 to where it was transferred, 410 for one that was deleted;
/// the wording of the latter is as reported. Numbers are given out one by one, so what is missing below the next one was
/// deleted.
fn find(world: &World, repository: &NodeId, number: &str, rest: &[&str]) -> Result<NodeId, Failure> {
    let row = world.repositories.find(repository)?;
    let number: u32 = number.parse().ok().ok_or(Failure::NotFound)?;
    if let Some(id) = row.issues.get(&number) {
        return Ok(id.clone());
    }
    if let Some(moved) = row.transferred.get(&number) {
        let issue = world.issues.find(world.current_id(moved))?;
        world.reach(&issue.id)?;
        let place = world.repositories.find(&issue.repository)?;
        let mut path = format!("/repositories/{}/issues/{}", place.database_id, issue.number);
        for part in rest {
            path.push('/');
            path.push_str(&encode(part));
        }
        return Err(Failure::Moved(path));
    }
    if (1..row.next_issue).contains(&number) {
        return Err(Failure::status(axum::http::StatusCode::GONE, "This issue was deleted"));
    }
    Err(Failure::NotFound)
}

/// The viewer's: `/issues`, `/user/issues`, `/orgs/{org}/issues`. GitHub: OpenAPI: those that are assigned to them and open
/// unless asked otherwise, each with its repository.
pub(super) fn of_viewer(world: &World, call: &Call<'_>, owner: Option<&NodeId>) -> Routed {
    let state = call.choice("state", &["open", "closed", "all"])?;
    let filter =
        call.choice("filter", &["assigned", "created", "mentioned", "subscribed", "repos", "all"])?;
    let viewer = &world.viewer;
    let fits = |issue: &&Issue| {
        let by_state = state == "all" || (state == "open") == issue.is_open();
        let by_filter = match filter {
            "assigned" => issue.assignees.contains(viewer),
            "created" => issue.author == *viewer,
            // Nobody is mentioned here, and those who take part are subscribed.
            "mentioned" => false,
            "subscribed" => issue.author == *viewer || issue.assignees.contains(viewer),
            _ => true,
        };
        let repository = world.repositories.get(&issue.repository);
        let by_owner = owner.is_none_or(|owner| repository.is_some_and(|row| row.owner == *owner));
        by_state && by_filter && by_owner && world.reach(&issue.id).is_ok()
    };
    let mut rows: Vec<&Issue> = world.issues.values().filter(fits).collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.created_at, row.database_id)));
    let shapes = Shapes::new(world, call);
    page(call, &rows, |row| {
        let mut shown = shapes.issue(row);
        let repository = world.repositories.get(&row.repository);
        merge(&mut shown, json!({ "repository": repository.map(|row| shapes.repository(row)) }));
        shown
    })
}

/// GitHub: OpenAPI: open ones unless asked otherwise, newest first.
fn list(world: &World, call: &Call<'_>, repository: &NodeId) -> Routed {
    let state = call.choice("state", &["open", "closed", "all"])?;
    let sort = call.choice("sort", &["created", "updated", "comments"])?;
    let ascending = call.choice("direction", &["desc", "asc"])? == "asc";
    let since = call.moment("since")?;
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

/// GitHub takes a number for a title too.
fn title(body: &Body) -> Result<Option<String>, Failure> {
    match body.get("title") {
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(_) | None => Ok(body.text("title")?.map(str::to_owned)),
    }
}

/// `PUT` and `DELETE …/lock`. GitHub: OpenAPI: 204, and a reason out of four.
fn lock(world: &mut World, call: &Call<'_>, id: &NodeId) -> Routed {
    match call.method {
        Method::PUT => {
            let body = call.body()?;
            let reason = match body.text("lock_reason")? {
                None => None,
                Some("off-topic") => Some("OFF_TOPIC"),
                Some("too heated") => Some("TOO_HEATED"),
                Some("resolved") => Some("RESOLVED"),
                Some("spam") => Some("SPAM"),
                Some(other) => return Err(Failure::unknown("lock_reason", &json!(other))),
            };
            world.lock_issue(call.now, Call::input(json!({ "lockableId": id, "lockReason": reason }))?)?;
        }
        Method::DELETE => {
            world.unlock_issue(call.now, Call::input(json!({ "lockableId": id }))?)?;
        }
        _ => return Err(Failure::NotModelled),
    }
    Ok(Reply::nothing())
}

/// A `LockReason` as REST writes it.
pub(super) fn lock_reason(reason: &str) -> &'static str {
    match reason {
        "OFF_TOPIC" => "off-topic",
        "TOO_HEATED" => "too heated",
        "RESOLVED" => "resolved",
        _ => "spam",
    }
}

fn show(world: &World, call: &Call<'_>, id: &NodeId) -> Routed {
    Ok(Reply::ok(Shapes::new(world, call).issue(world.issues.find(id)?)))
}

/// REST's numeric id leads to an issue of any repository that the viewer may see.
pub(super) fn by_database_id(world: &World, id: u64) -> Option<NodeId> {
    let found = world.issues.values().find(|row| u64::from(row.database_id) == id)?;
    world.reach(&found.id).ok().map(|()| found.id.clone())
}

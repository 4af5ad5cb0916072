//! `/repos/{owner}/{repo}/milestones`.

use axum::http::Method;

use super::call::{Body, Call};
use super::failure::Failure;
use super::pages::{Reply, page};
use super::shapes::Shapes;
use super::{CREATED, Routed};
use crate::world::World;
use crate::world::ids::NodeId;
use crate::world::issue_state::StateName;
use crate::world::milestone::{CreateMilestone, Milestone, UpdateMilestone};

pub(super) fn route(world: &mut World, call: &Call<'_>, repository: &NodeId, rest: &[&str]) -> Routed {
    match (&call.method, rest) {
        (&Method::GET, []) => list(world, call, repository),
        (&Method::POST, []) => {
            let body = call.body()?;
            let input = CreateMilestone {
                repository: repository.clone(),
                title: body.needed("title")?.to_owned(),
                description: body.text("description")?.map(str::to_owned),
                due_on: body.moment("due_on")?,
                state: state(&body)?,
            };
            let id = world.create_milestone(call.now, input)?;
            let made = show(world, call, &id)?;
            let place = made.get("url").and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
            Ok(Reply::with_status(CREATED, made).at(place))
        }
        (method, [number, rest @ ..]) => {
            let id = find(world, repository, number)?;
            match (method, rest) {
                (&Method::GET, []) => Ok(Reply::ok(show(world, call, &id)?)),
                (&Method::PATCH, []) => update(world, call, &id),
                (&Method::DELETE, []) => {
                    world.delete_milestone(call.now, &id)?;
                    Ok(Reply::nothing())
                }
                (&Method::GET, ["labels"]) => labels(world, call, &id),
                _ => Err(Failure::NotModelled),
            }
        }
        _ => Err(Failure::NotModelled),
    }
}

/// GitHub: OpenAPI: only open ones unless asked otherwise, by their date, those without one last.
fn list(world: &World, call: &Call<'_>, repository: &NodeId) -> Routed {
    let wanted = call.choice("state", &["open", "closed", "all"])?;
    let sort = call.choice("sort", &["due_on", "completeness"])?;
    let descending = call.choice("direction", &["asc", "desc"])? == "desc";
    let rows = world.repositories.find(repository)?.milestones.iter();
    let mut rows: Vec<&Milestone> = rows
        .filter_map(|id| world.milestones.get(id))
        .filter(|row| wanted == "all" || (wanted == "closed") == row.closed_at.is_some())
        .collect();
    if sort == "completeness" {
        rows.sort_by_key(|row| {
            let (open, closed) = world.milestone_counts(row);
            ((closed * 1_000).checked_div(open + closed).unwrap_or(0), row.number)
        });
    } else {
        rows.sort_by_key(|row| (row.due_on.is_none(), row.due_on, row.number));
    }
    if descending {
        rows.reverse();
    }
    let shapes = Shapes::new(world, call);
    page(call, &rows, |row| shapes.milestone(row))
}

fn update(world: &mut World, call: &Call<'_>, id: &NodeId) -> Routed {
    let body = call.body()?;
    let due_on = match body.nullable("due_on")? {
        Some(None) => Some(None),
        Some(Some(_)) => Some(body.moment("due_on")?),
        None => None,
    };
    let input = UpdateMilestone {
        milestone: id.clone(),
        title: body.text("title")?.map(str::to_owned),
        description: body.nullable("description")?.map(|text| text.map(str::to_owned)),
        due_on,
        state: state(&body)?,
    };
    world.update_milestone(call.now, input)?;
    Ok(Reply::ok(show(world, call, id)?))
}

/// The labels of its issues, each once.
fn labels(world: &World, call: &Call<'_>, id: &NodeId) -> Routed {
    let repository = world.repositories.find(&world.milestones.find(id)?.repository)?;
    let is_used = |label: &&NodeId| {
        let mut issues = repository.issues.values().filter_map(|issue| world.issues.get(issue));
        issues.any(|issue| issue.milestone.as_ref() == Some(id) && issue.labels.contains(label))
    };
    let rows: Vec<_> =
        repository.labels.iter().filter(is_used).filter_map(|id| world.labels.get(id)).collect();
    let shapes = Shapes::new(world, call);
    page(call, &rows, |row| shapes.label(row))
}

fn show(world: &World, call: &Call<'_>, id: &NodeId) -> Result<serde_json::Value, Failure> {
    Ok(Shapes::new(world, call).milestone(world.milestones.find(id)?))
}

fn state(body: &Body) -> Result<Option<StateName>, Failure> {
    match body.text("state")? {
        None => Ok(None),
        Some("open") => Ok(Some(StateName::Open)),
        Some("closed") => Ok(Some(StateName::Closed)),
        Some(_) => Err(Failure::invalid("state", "invalid")),
    }
}

/// The repository's milestone of this number.
pub(super) fn find(world: &World, repository: &NodeId, number: &str) -> Result<NodeId, Failure> {
    let number: u32 = number.parse().ok().ok_or(Failure::NotFound)?;
    let mut rows = world.repositories.find(repository)?.milestones.iter();
    let wanted = |id: &&NodeId| world.milestones.get(id).is_some_and(|row| row.number == number);
    rows.find(wanted).cloned().ok_or(Failure::NotFound)
}

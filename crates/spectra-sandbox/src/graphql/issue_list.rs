//! Lists of issues: which ones, and in what order.

use apollo_compiler::resolvers::ResolveInfo;
use apollo_compiler::response::JsonValue;

use super::args;
use super::object::Handle;
use crate::world::ids::NodeId;
use crate::world::issue::Issue;
use crate::world::{Refusal, World, same_name};

/// Linked issues. GitHub's schema: the newest link first unless `orderBy` says otherwise.
pub(super) fn linked(world: &World, info: &ResolveInfo<'_>, ids: &[NodeId]) -> Vec<Handle> {
    let mut rows: Vec<&Issue> = ids.iter().filter_map(|id| world.issues.get(id)).collect();
    match args::order(info) {
        Some(("CREATED_AT", descending)) => {
            args::sort_by(&mut rows, descending, |issue| (issue.created_at, issue.database_id));
        }
        Some((_, false)) => {}
        Some((_, true)) | None => rows.reverse(),
    }
    rows.into_iter().map(|issue| Handle::Issue(issue.id.clone())).collect()
}

/// Issues that the arguments ask for, in their order.
pub(super) fn selected(
    world: &World,
    info: &ResolveInfo<'_>,
    ids: &[NodeId],
) -> Result<Vec<Handle>, Refusal> {
    let mut rows: Vec<&Issue> = ids.iter().filter_map(|id| world.issues.get(id)).collect();
    keep_states(&mut rows, args::texts(args::get(info, "states")));
    if let Some(names) = args::texts(args::get(info, "labels")) {
        // GitHub: any of the names is enough.
        rows.retain(|issue| names.iter().any(|name| has_label(world, issue, name)));
    }
    if let Some(filter) = args::get(info, "filterBy").and_then(JsonValue::as_object) {
        for (name, value) in filter {
            narrow(world, &mut rows, name.as_str(), value)?;
        }
    }
    match args::order(info) {
        Some(("UPDATED_AT", descending)) => {
            args::sort_by(&mut rows, descending, |issue| (issue.updated_at, issue.database_id));
        }
        Some(("COMMENTS", descending)) => {
            args::sort_by(&mut rows, descending, |issue| (issue.comments.len(), issue.database_id));
        }
        Some((_, descending)) => {
            args::sort_by(&mut rows, descending, |issue| (issue.created_at, issue.database_id));
        }
        None => args::sort_by(&mut rows, false, |issue| (issue.created_at, issue.database_id)),
    }
    Ok(rows.into_iter().map(|issue| Handle::Issue(issue.id.clone())).collect())
}

/// One condition of `IssueFilters`.
fn narrow(world: &World, rows: &mut Vec<&Issue>, name: &str, value: &JsonValue) -> Result<(), Refusal> {
    let text = value.as_str().unwrap_or_default();
    let none = value.is_null();
    let any = text == "*";
    let login = |id: &NodeId| world.owners.get(id).is_some_and(|owner| same_name(&owner.login, text));
    match name {
        "states" => keep_states(rows, args::texts(Some(value))),
        "labels" => {
            let names = args::texts(Some(value)).unwrap_or_default();
            rows.retain(|issue| names.iter().all(|name| has_label(world, issue, name)));
        }
        // GitHub's schema: null asks for issues without, `*` for issues with any.
        "assignee" if none => rows.retain(|issue| issue.assignees.is_empty()),
        "assignee" if any => rows.retain(|issue| !issue.assignees.is_empty()),
        "assignee" => rows.retain(|issue| issue.assignees.iter().any(login)),
        "milestone" | "milestoneNumber" if none => rows.retain(|issue| issue.milestone.is_none()),
        "milestone" | "milestoneNumber" if any => rows.retain(|issue| issue.milestone.is_some()),
        // GitHub's schema: the one is the database id, the other the number.
        "milestone" | "milestoneNumber" => rows.retain(|issue| {
            let milestone = issue.milestone.as_ref().and_then(|id| world.milestones.get(id));
            milestone.is_some_and(|row| {
                let known = if name == "milestone" { row.database_id } else { row.number };
                known.to_string() == text
            })
        }),
        _ if none => {}
        "mentioned" => rows.retain(|issue| world.mentions_login(issue, text)),
        "createdBy" => rows.retain(|issue| login(&issue.author)),
        "since" => {
            let since: Option<jiff::Timestamp> = text.parse().ok();
            let since = since.ok_or_else(|| Refusal::validation("since is not a DateTime"))?;
            rows.retain(|issue| issue.updated_at >= since);
        }
        "type" => rows.retain(|issue| {
            let kind = issue.issue_type.as_ref().and_then(|id| world.issue_types.get(id));
            kind.is_some_and(|kind| same_name(&kind.name, text))
        }),
        // Whoever looks is subscribed to everything here.
        "viewerSubscribed" => {}
        other => return Err(Refusal::not_modelled(format!("IssueFilters.{other}"))),
    }
    Ok(())
}

fn keep_states(rows: &mut Vec<&Issue>, states: Option<Vec<String>>) {
    if let Some(states) = states.filter(|states| !states.is_empty()) {
        rows.retain(|issue| {
            let state = if issue.is_open() { "OPEN" } else { "CLOSED" };
            states.iter().any(|wanted| wanted == state)
        });
    }
}

fn has_label(world: &World, issue: &Issue, name: &str) -> bool {
    let mut labels = issue.labels.iter().filter_map(|id| world.labels.get(id));
    labels.any(|label| same_name(&label.name, name))
}

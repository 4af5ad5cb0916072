//! Parts and dependencies of one issue. GitHub: OpenAPI: other issues are named by their database id, not by number. That
//! a write answers with the issue of its path, not with the other one, is a guess.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::call::Call;
use super::failure::Failure;
use super::issue::by_database_id;
use super::pages::{Reply, page};
use super::shapes::Shapes;
use super::{CREATED, Routed};
use crate::world::World;
use crate::world::ids::NodeId;

pub(super) fn route(world: &mut World, call: &Call<'_>, issue: &NodeId, rest: &[&str]) -> Routed {
    match (&call.method, rest) {
        (&Method::GET, ["sub_issues"]) => {
            let parts = world.issues.find(issue)?.sub_issues.clone();
            list(world, call, &parts)
        }
        (&Method::POST, ["sub_issues"]) => {
            let body = call.body()?;
            let part = named(world, body.needed_number("sub_issue_id")?)?;
            let input = json!({
                "issueId": issue,
                "subIssueId": part,
                "replaceParent": body.flag("replace_parent")?,
            });
            world.add_sub_issue(call.now, Call::input(input)?)?;
            show(world, call, issue, CREATED)
        }
        (&Method::DELETE, ["sub_issue"]) => {
            let body = call.body()?;
            let part = named(world, body.needed_number("sub_issue_id")?)?;
            world
                .remove_sub_issue(call.now, Call::input(json!({ "issueId": issue, "subIssueId": part }))?)?;
            show(world, call, issue, StatusCode::OK)
        }
        (&Method::PATCH, ["sub_issues", "priority"]) => {
            let body = call.body()?;
            let part = named(world, body.needed_number("sub_issue_id")?)?;
            let beside = |name| -> Result<Option<NodeId>, Failure> {
                body.number(name)?.map(|id| named(world, id)).transpose()
            };
            let input = json!({
                "issueId": issue,
                "subIssueId": part,
                "afterId": beside("after_id")?,
                "beforeId": beside("before_id")?,
            });
            world.reprioritize_sub_issue(call.now, Call::input(input)?)?;
            show(world, call, issue, StatusCode::OK)
        }
        (&Method::GET, ["parent"]) => {
            let parent = world.issues.find(issue)?.parent.clone().ok_or(Failure::NotFound)?;
            show(world, call, &parent, StatusCode::OK)
        }
        (&Method::GET, ["dependencies", "blocked_by"]) => {
            let blockers = world.issues.find(issue)?.blocked_by.clone();
            list(world, call, &blockers)
        }
        (&Method::GET, ["dependencies", "blocking"]) => {
            let blocked = world.issues.find(issue)?.blocking.clone();
            list(world, call, &blocked)
        }
        (&Method::POST, ["dependencies", "blocked_by"]) => {
            let blocker = named(world, call.body()?.needed_number("issue_id")?)?;
            let input = json!({ "issueId": issue, "blockingIssueId": blocker });
            world.add_blocked_by(call.now, Call::input(input)?)?;
            show(world, call, issue, CREATED)
        }
        (&Method::DELETE, ["dependencies", "blocked_by", id]) => {
            let blocker = named(world, id.parse().ok().ok_or(Failure::NotFound)?)?;
            let input = json!({ "issueId": issue, "blockingIssueId": blocker });
            world.remove_blocked_by(call.now, Call::input(input)?)?;
            show(world, call, issue, StatusCode::OK)
        }
        _ => Err(Failure::NotModelled),
    }
}

fn named(world: &World, id: u64) -> Result<NodeId, Failure> {
    by_database_id(world, id).ok_or(Failure::NotFound)
}

fn list(world: &World, call: &Call<'_>, issues: &[NodeId]) -> Routed {
    let shapes = Shapes::new(world, call);
    page(call, issues, |id| world.issues.get(id).map_or(Value::Null, |row| shapes.issue(row)))
}

fn show(world: &World, call: &Call<'_>, id: &NodeId, status: StatusCode) -> Routed {
    Ok(Reply::with_status(status, Shapes::new(world, call).issue(world.issues.find(id)?)))
}

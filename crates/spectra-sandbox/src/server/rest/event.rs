//! What happened to issues: `…/issues/{number}/events`, `…/issues/{number}/timeline`, `…/issues/events[/{id}]`.
//!
//! GitHub: OpenAPI: an issue's events come oldest first, a repository's newest first and each with its issue; the
//! timeline has the comments too. Names of events: docs "Issue event types".

use axum::http::Method;
use serde_json::{Value, json};

use super::Routed;
use super::call::Call;
use super::comment;
use super::failure::Failure;
use super::pages::{Reply, page};
use super::shapes::{Shapes, kind_of_issue, merge, time};
use crate::world::World;
use crate::world::ids::NodeId;
use crate::world::timeline::{Happening, What};

/// `events` and `timeline` of one issue.
pub(super) fn of_issue(world: &World, call: &Call<'_>, issue: &NodeId, rest: &[&str]) -> Routed {
    let with_comments = match (&call.method, rest) {
        (&Method::GET, ["events"]) => false,
        (&Method::GET, ["timeline"]) => true,
        _ => return Err(Failure::NotModelled),
    };
    let shapes = Shapes::new(world, call);
    let shown = |id: &&NodeId| match world.happenings.get(id) {
        Some(entry) => world.is_whole(entry),
        None => with_comments && world.comments.contains(id),
    };
    let rows: Vec<&NodeId> = world.issues.find(issue)?.timeline.iter().filter(shown).collect();
    page(call, &rows, |id| match world.happenings.get(id) {
        Some(entry) => shapes.event(entry, with_comments),
        None => commented(&shapes, id),
    })
}

/// Those of a repository.
pub(super) fn of_repository(world: &World, call: &Call<'_>, repository: &NodeId, rest: &[&str]) -> Routed {
    let shapes = Shapes::new(world, call);
    let row = world.repositories.find(repository)?;
    let all = row.issues.values().filter_map(|id| world.issues.get(id)).flat_map(|issue| &issue.timeline);
    let mut rows: Vec<&Happening> =
        all.filter_map(|id| world.happenings.get(id)).filter(|entry| world.is_whole(entry)).collect();
    let whole = |entry: &Happening| {
        let mut shown = shapes.event(entry, false);
        let issue = world.issues.get(&entry.issue).map(|issue| shapes.issue(issue));
        merge(&mut shown, json!({ "issue": issue }));
        shown
    };
    match (&call.method, rest) {
        (&Method::GET, []) => {
            rows.sort_by_key(|entry| (entry.at, entry.database_id));
            rows.reverse();
            page(call, &rows, |entry| whole(entry))
        }
        (&Method::GET, [id]) => {
            let wanted: u32 = id.parse().ok().ok_or(Failure::NotFound)?;
            let found =
                rows.into_iter().find(|entry| entry.database_id == wanted).ok_or(Failure::NotFound)?;
            Ok(Reply::ok(whole(found)))
        }
        _ => Err(Failure::NotModelled),
    }
}

/// `timeline-comment-event`.
fn commented(shapes: &Shapes<'_>, id: &NodeId) -> Value {
    let mut shown = comment::shape(shapes, id);
    let author = shown.get("user").cloned().unwrap_or_default();
    merge(&mut shown, json!({ "event": "commented", "actor": author }));
    shown
}

impl Shapes<'_> {
    /// `issue-event-for-issue`, and `timeline-issue-events`, which names no assigner.
    fn event(&self, entry: &Happening, in_timeline: bool) -> Value {
        let issue = self.world.issues.get(&entry.issue);
        let repository = issue.map_or_else(String::new, |issue| self.repository_url(&issue.repository));
        // What a workflow does is done in the name of GitHub's bot, which has no row here.
        let actor = entry.actor.as_ref().map_or_else(|| self.bot(), |id| self.user(id));
        let (name, more) = self.said(&entry.what, &actor, in_timeline);
        let mut shown = json!({
            "id": entry.database_id,
            "node_id": entry.id,
            "url": format!("{repository}/issues/events/{}", entry.database_id),
            "actor": actor,
            "event": name,
            "commit_id": null,
            "commit_url": null,
            "created_at": time(entry.at),
        });
        merge(&mut shown, more);
        merge(&mut shown, json!({ "performed_via_github_app": null }));
        shown
    }

    /// The event's name and what only it has.
    fn said(&self, what: &What, actor: &Value, in_timeline: bool) -> (&'static str, Value) {
        let person = |user: &NodeId| {
            let mut person = json!({ "assignee": self.user(user) });
            if !in_timeline {
                merge(&mut person, json!({ "assigner": actor }));
            }
            person
        };
        let label = |id: &NodeId| {
            let row = self.world.labels.get(id);
            json!({ "label": row.map(|row| json!({ "name": row.name, "color": row.color })) })
        };
        let kind = |id: &NodeId| kind_of_issue(self.world.issue_types.get(id));
        let other = |member: &str, id: &NodeId| json!({ member: self.reference(id) });
        let nothing = || json!({});
        match what {
            What::AddedToProject { .. } => ("added_to_project_v2", nothing()),
            What::Assigned { user } => ("assigned", person(user)),
            What::BlockedByAdded { issue } => ("blocked_by_added", other("blocked_by", issue)),
            What::BlockedByRemoved { issue } => ("blocked_by_removed", other("blocked_by", issue)),
            What::BlockingAdded { issue } => ("blocking_added", other("blocking", issue)),
            What::BlockingRemoved { issue } => ("blocking_removed", other("blocking", issue)),
            What::Closed { reason, .. } => {
                ("closed", json!({ "state_reason": reason.as_str().to_lowercase() }))
            }
            What::ConvertedFromDraft { .. } => ("converted_from_draft", nothing()),
            What::CommentDeleted { .. } => ("comment_deleted", nothing()),
            What::Demilestoned { title } => ("demilestoned", json!({ "milestone": { "title": title } })),
            What::Labeled { label: id } => ("labeled", label(id)),
            What::Locked { reason } => {
                ("locked", json!({ "lock_reason": reason.as_deref().map(super::issue::lock_reason) }))
            }
            What::MarkedAsDuplicate { .. } => ("marked_as_duplicate", nothing()),
            What::Milestoned { title } => ("milestoned", json!({ "milestone": { "title": title } })),
            What::ParentAdded { issue } => ("parent_issue_added", other("parent_issue", issue)),
            What::ParentRemoved { issue } => ("parent_issue_removed", other("parent_issue", issue)),
            What::Pinned => ("pinned", nothing()),
            What::RemovedFromProject { .. } => ("removed_from_project_v2", nothing()),
            What::Renamed { from, to } => ("renamed", json!({ "rename": { "from": from, "to": to } })),
            What::Reopened => ("reopened", json!({ "state_reason": null })),
            What::StatusChanged { .. } => ("project_v2_item_status_changed", nothing()),
            What::SubIssueAdded { issue } => ("sub_issue_added", other("sub_issue", issue)),
            What::SubIssueRemoved { issue } => ("sub_issue_removed", other("sub_issue", issue)),
            What::Transferred { .. } => ("transferred", nothing()),
            What::TypeAdded { to } => ("issue_type_added", json!({ "issue_type": kind(to) })),
            What::TypeChanged { from, to } => {
                ("issue_type_changed", json!({ "issue_type": kind(to), "prev_issue_type": kind(from) }))
            }
            What::TypeRemoved { from } => ("issue_type_removed", json!({ "prev_issue_type": kind(from) })),
            What::Unassigned { user } => ("unassigned", person(user)),
            What::Unlabeled { label: id } => ("unlabeled", label(id)),
            What::Unlocked => ("unlocked", json!({ "lock_reason": null })),
            What::UnmarkedAsDuplicate { .. } => ("unmarked_as_duplicate", nothing()),
            What::Unpinned => ("unpinned", nothing()),
        }
    }

    /// `issue-reference`; null for an issue that is gone.
    fn reference(&self, id: &NodeId) -> Value {
        let Some(row) = self.world.issues.get(self.world.current_id(id)) else { return Value::Null };
        let repository = self.world.repositories.get(&row.repository);
        let kind = row.issue_type.as_ref().and_then(|id| self.world.issue_types.get(id)).map(|kind| {
            let mut shown = kind_of_issue(Some(kind));
            merge(&mut shown, json!({ "node_id": kind.id }));
            shown
        });
        json!({
            "number": row.number,
            "title": row.title,
            "state": if row.is_open() { "open" } else { "closed" },
            "state_reason": row.state_reason().map(str::to_lowercase),
            "repository": repository.map(|repository| self.simple_repository(repository)),
            "issue_type": kind,
        })
    }
}

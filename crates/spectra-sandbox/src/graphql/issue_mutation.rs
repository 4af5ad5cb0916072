//! Mutations of issues, their labels, types, links and comments.

use apollo_compiler::resolvers::ResolveInfo;

use super::connection::cursor;
use super::context::Resolved;
use super::mutation::Mutation;
use super::object::{Handle, Out, Record};
use crate::world::blocked_by::{BlockedBy, RelatesTo};
use crate::world::comment::{AddComment, DeleteComment};
use crate::world::ids::NodeId;
use crate::world::issue_input::IssueRef;
use crate::world::sub_issue::{AddSubIssue, RemoveSubIssue};
use crate::world::{Refusal, World};

pub(super) fn resolve<'w>(root: &Mutation<'w>, info: &ResolveInfo<'_>) -> Resolved<'w> {
    match info.field_name() {
        "createIssue" => root.one(info, "issue", Handle::Issue, World::create_issue),
        "updateIssue" => root.many(info, |world, now, input| {
            let issue = world.update_issue(now, input)?;
            Ok(vec![("issue", Out::Object(Handle::Issue(issue))), ("actor", actor(world))])
        }),
        "closeIssue" => root.one(info, "issue", Handle::Issue, World::close_issue),
        "reopenIssue" => root.one(info, "issue", Handle::Issue, World::reopen_issue),
        "deleteIssue" => root
            .one(info, "repository", Handle::Repository, |world, now, input| world.delete_issue(now, &input)),
        "transferIssue" => {
            root.one(info, "issue", Handle::Issue, |world, now, input| world.transfer_issue(now, &input))
        }
        "addAssigneesToAssignable" => root.one(info, "assignable", Handle::Issue, World::add_assignees),
        "removeAssigneesFromAssignable" => {
            root.one(info, "assignable", Handle::Issue, |world, now, input| {
                world.remove_assignees(now, &input)
            })
        }
        "replaceActorsForAssignable" => root.one(info, "assignable", Handle::Issue, World::replace_actors),
        "lockLockable" => root.many(info, |world, now, input| {
            let issue = world.lock_issue(now, input)?;
            Ok(vec![("lockedRecord", Out::Object(Handle::Issue(issue))), ("actor", actor(world))])
        }),
        "unlockLockable" => root.many(info, |world, now, input| {
            let issue = world.unlock_issue(now, input)?;
            Ok(vec![("unlockedRecord", Out::Object(Handle::Issue(issue))), ("actor", actor(world))])
        }),
        "pinIssue" => root.one(info, "issue", Handle::Issue, World::pin_issue),
        "unpinIssue" => root.many(info, |world, now, input: IssueRef| {
            let pin = world.unpin_issue(now, &input)?;
            let id = pin.map_or_else(Out::null, |pin| Out::leaf(pin.as_str()));
            Ok(vec![("issue", Out::Object(Handle::Issue(input.issue_id))), ("id", id)])
        }),
        _ => links(root, info),
    }
}

fn links<'w>(root: &Mutation<'w>, info: &ResolveInfo<'_>) -> Resolved<'w> {
    match info.field_name() {
        "addSubIssue" => root.many(info, |world, now, input: AddSubIssue| {
            let parent = input.issue_id.clone();
            Ok(pair(parent, "subIssue", world.add_sub_issue(now, input)?))
        }),
        "removeSubIssue" => root.many(info, |world, now, input: RemoveSubIssue| {
            let parent = input.issue_id.clone();
            Ok(pair(parent, "subIssue", world.remove_sub_issue(now, input)?))
        }),
        "reprioritizeSubIssue" => root.one(info, "issue", Handle::Issue, World::reprioritize_sub_issue),
        "addBlockedBy" => root.many(info, |world, now, input: BlockedBy| {
            let issue = input.issue_id.clone();
            Ok(pair(issue, "blockingIssue", world.add_blocked_by(now, input)?))
        }),
        "removeBlockedBy" => root.many(info, |world, now, input: BlockedBy| {
            let issue = input.issue_id.clone();
            Ok(pair(issue, "blockingIssue", world.remove_blocked_by(now, input)?))
        }),
        "addRelatesTo" => root.many(info, |world, now, input: RelatesTo| {
            let issue = input.issue_id.clone();
            Ok(pair(issue, "relatedIssue", world.add_relates_to(now, input)?))
        }),
        "removeRelatesTo" => root.many(info, |world, now, input: RelatesTo| {
            let issue = input.issue_id.clone();
            Ok(pair(issue, "relatedIssue", world.remove_relates_to(now, input)?))
        }),
        _ => labels_and_types(root, info),
    }
}

fn labels_and_types<'w>(root: &Mutation<'w>, info: &ResolveInfo<'_>) -> Resolved<'w> {
    match info.field_name() {
        "createLabel" => root.one(info, "label", Handle::Label, World::create_label),
        "updateLabel" => root.one(info, "label", Handle::Label, World::update_label),
        "deleteLabel" => root.many(info, |world, now, input| {
            world.delete_label(now, &input)?;
            Ok(Vec::new())
        }),
        "addLabelsToLabelable" => root.one(info, "labelable", Handle::Issue, World::add_labels),
        "removeLabelsFromLabelable" => root.one(info, "labelable", Handle::Issue, World::remove_labels),
        "clearLabelsFromLabelable" => root.one(info, "labelable", Handle::Issue, World::clear_labels),
        "createIssueType" => root.one(info, "issueType", Handle::IssueType, World::create_issue_type),
        "updateIssueType" => root.one(info, "issueType", Handle::IssueType, World::update_issue_type),
        "deleteIssueType" => root.many(info, |world, now, input| {
            let id = world.delete_issue_type(now, input)?;
            Ok(vec![("deletedIssueTypeId", Out::leaf(id.as_str()))])
        }),
        "updateIssueIssueType" => root.one(info, "issue", Handle::Issue, World::change_issue_type),
        "addComment" => add_comment(root, info),
        "updateIssueComment" => root.one(info, "issueComment", Handle::Comment, World::update_comment),
        "deleteIssueComment" => root.many(info, |world, now, input: DeleteComment| {
            world.delete_comment(now, &input)?;
            Ok(Vec::new())
        }),
        other => Err(Refusal::not_modelled(format!("Mutation.{other}"))),
    }
}

fn add_comment<'w>(root: &Mutation<'w>, info: &ResolveInfo<'_>) -> Resolved<'w> {
    root.many(info, |world, now, input: AddComment| {
        let subject = input.subject_id.clone();
        let comment = Handle::Comment(world.add_comment(now, input)?);
        let issue = world.issues.find(&subject)?;
        let edge = |name: &str, place: usize| {
            let fields =
                vec![("cursor", Out::leaf(cursor(place, &comment))), ("node", Out::Object(comment.clone()))];
            Out::record(Record::new(name, fields))
        };
        Ok(vec![
            ("commentEdge", edge("IssueCommentEdge", issue.comments.len().saturating_sub(1))),
            ("timelineEdge", edge("IssueTimelineItemEdge", issue.timeline.len().saturating_sub(1))),
            ("subject", Out::Object(Handle::Issue(subject))),
        ])
    })
}

/// An issue and what it was linked with.
fn pair(issue: NodeId, name: &'static str, other: NodeId) -> Vec<(&'static str, Out)> {
    vec![("issue", Out::Object(Handle::Issue(issue))), (name, Out::Object(Handle::Issue(other)))]
}

fn actor(world: &World) -> Out {
    Out::Object(Handle::Owner(world.viewer.clone()))
}

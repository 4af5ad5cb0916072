//! The hierarchy: each edge from a parent to its sub-issue, and the order of a parent's sub-issues.
//!
//! The plan's children of one parent stand in the manifest's order among themselves; as few as possible are moved, and
//! children that people added stay where they are. GitHub puts a new child behind the others, so a first apply moves
//! none.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use spectra_model::change::{Action, Change, Kind, Member};
use spectra_model::id::{ChangeId, IssueKey};
use spectra_model::plan::{IssueRef, Link};
use spectra_model::step::{Place, Step};

use crate::context::Context;
use crate::foreign::{edge_end, out_of_reach};

pub(crate) fn changes(context: &mut Context<'_>) -> Vec<Change> {
    let links = &context.plan.links;
    let mut changes: Vec<Change> = links
        .iter()
        .filter_map(Link::sub_issue)
        .filter_map(|(parent, child)| edge(context, parent, child))
        .collect();
    for change in &changes {
        context.announce(change);
    }
    changes.extend(moves(context));
    changes
}

/// The parent that an issue is made under; None where it has none, or where that one is out of reach.
pub(crate) fn parent_at_creation<'a>(context: &Context<'a>, child: &IssueKey) -> Option<&'a IssueRef> {
    let parent = context.parents.get(child).copied()?;
    (context.observation.features.sub_issues && out_of_reach(context, parent).is_none()).then_some(parent)
}

fn edge(context: &Context<'_>, parent: &IssueRef, child: &IssueKey) -> Option<Change> {
    let observed = context.issues.found.get(child).and_then(|marked| marked.issue.parent.as_ref());
    let wanted = context.bindings.issue(parent);
    if observed.is_some() && observed == wanted {
        return None;
    }
    let blocked = if context.observation.features.sub_issues {
        out_of_reach(context, parent).or_else(|| stands_below(context, parent, child))
    } else {
        Some("this GitHub has no sub-issues".to_owned())
    };
    if let Some(reason) = blocked {
        let mut change = Change::new(Action::Blocked, Kind::SubIssue, key(parent, child));
        change.reason = Some(reason);
        return Some(change);
    }
    let mut change = Change::new(Action::Create, Kind::SubIssue, key(parent, child));
    change
        .requires
        .extend(parent.own().into_iter().flat_map(|parent| context.making(Kind::Issue, parent.as_str())));
    let made = context.making(Kind::Issue, child.as_str());
    let is_made_there = !made.is_empty() && !context.drafts.becoming.contains_key(child);
    change.requires.extend(made);
    if let Some(other) = observed {
        let old = context.issue_by_id(other).map_or(Value::from(other.as_str()), |issue| json!(issue.url));
        change.members.push(Member { name: "parent".to_owned(), old, new: json!(edge_end(parent)) });
    }
    // One that is made gets its parent in `createIssue`; one that a draft is turned into doesn't.
    if !is_made_there {
        change.steps.push(Step::AddSubIssue {
            parent: parent.clone(),
            child: child.clone(),
            from_another_parent: observed.is_some(),
        });
    }
    Some(change)
}

/// Why a parent can't have this child: on GitHub it stands below it, and nothing of the plan takes it out from there. The
/// parent of an issue that has none in the plan is people's, and GitHub makes no circle.
fn stands_below(context: &Context<'_>, parent: &IssueRef, child: &IssueKey) -> Option<String> {
    let found = &context.issues.found;
    let child = found.get(child)?.issue;
    let parent = found.get(parent.own()?)?.issue;
    if child.parent.as_ref() == Some(&parent.id) {
        return None;
    }
    let mut at = parent;
    let mut seen = BTreeSet::new();
    while seen.insert(&at.id) {
        let above = at.parent.as_ref()?;
        let key = found.iter().find(|(_, marked)| marked.issue.id == at.id).map(|(key, _)| key);
        let wanted = key.and_then(|key| context.parents.get(key));
        if wanted.is_some_and(|wanted| context.bindings.issue(wanted) != Some(above)) {
            return None;
        }
        if *above == child.id {
            let (parent, child) = (&parent.url, &child.url);
            return Some(format!(
                "someone put {parent} below {child}, and GitHub makes no circles: take it out from there by hand"
            ));
        }
        at = context.issue_by_id(above)?;
    }
    None
}

/// Whether the issue gets its parent in `createIssue`. One that a draft is turned into doesn't.
fn is_made_under_its_parent(context: &Context<'_>, child: &IssueKey) -> bool {
    context.creates(Kind::Issue, child.as_str()) && !context.drafts.becoming.contains_key(child)
}

fn key(parent: &IssueRef, child: &IssueKey) -> String {
    [&edge_end(parent), ">", child.as_str()].concat()
}

fn moves(context: &Context<'_>) -> Vec<Change> {
    if !context.observation.features.sub_issues {
        return Vec::new();
    }
    let mut families: BTreeMap<&IssueRef, Vec<&IssueKey>> = BTreeMap::new();
    for issue in &context.plan.issues {
        let parent = parent_at_creation(context, &issue.key);
        if let Some(parent) = parent.filter(|parent| stands_below(context, parent, &issue.key).is_none()) {
            families.entry(parent).or_default().push(&issue.key);
        }
    }
    families.into_iter().flat_map(|(parent, children)| family(context, parent, &children)).collect()
}

/// What brings a parent's children into the manifest's order.
fn family(context: &Context<'_>, parent: &IssueRef, wanted: &[&IssueKey]) -> Vec<Change> {
    let Some(expected) = expected(context, parent, wanted) else { return Vec::new() };
    if expected.iter().zip(wanted).all(|(is, wanted)| std::ptr::eq(*is, *wanted)) {
        // The usual case: each of them stands where it shall.
        return Vec::new();
    }
    let places: BTreeMap<&IssueKey, usize> = wanted.iter().copied().zip(0..).collect();
    let ranks: Vec<usize> = expected.iter().filter_map(|child| places.get(child).copied()).collect();
    let staying = longest_increasing(&ranks);
    if staying.len() == wanted.len() {
        return Vec::new();
    }
    let mut changes = Vec::new();
    let mut previous: Option<&IssueKey> = None;
    for (rank, child) in wanted.iter().enumerate() {
        if !staying.contains(&rank) {
            let first = staying.first().and_then(|rank| wanted.get(*rank));
            let anchor = match (previous, first) {
                (Some(previous), _) => Place::After(previous.clone()),
                (None, Some(first)) => Place::Before((*first).clone()),
                (None, None) => break,
            };
            let before = ranks.iter().position(|other| *other == rank);
            changes.push(moved(context, parent, child, anchor, before.unwrap_or(rank), rank));
        }
        previous = Some(child);
    }
    changes
}

fn moved(
    context: &Context<'_>,
    parent: &IssueRef,
    child: &IssueKey,
    place: Place,
    before: usize,
    after: usize,
) -> Change {
    let (Place::Before(anchor) | Place::After(anchor)) = &place;
    let edges = [child, anchor].map(|it| context.creation(Kind::SubIssue, &key(parent, it)));
    let mut change = Change::new(Action::Update, Kind::SubIssue, key(parent, child));
    change.requires = edges.into_iter().flatten().collect::<Vec<ChangeId>>();
    let position = |rank: usize| json!(rank.saturating_add(1));
    if before == after {
        // It has its place when those around it have changed theirs.
        change.reason = Some("put in order among its siblings".to_owned());
    } else {
        change.members.push(Member {
            name: "position".to_owned(),
            old: position(before),
            new: position(after),
        });
    }
    change.steps.push(Step::MoveSubIssue { parent: parent.clone(), child: child.clone(), place });
    change
}

/// The plan's children in the order in which they stand once the edges are made: those that are there, those that are
/// made under the parent, those that are put there. None where it can't be known: an issue of another board that isn't
/// observed, or a list that doesn't show a child that says it is there.
fn expected<'k>(
    context: &Context<'_>,
    parent: &IssueRef,
    wanted: &[&'k IssueKey],
) -> Option<Vec<&'k IssueKey>> {
    let id = context.bindings.issue(parent);
    let observed = id.and_then(|id| context.issue_by_id(id));
    if observed.is_none() && parent.own().is_none() {
        return None;
    }
    let listed = observed.map(|issue| issue.sub_issues.as_slice()).unwrap_or_default();
    let mut there = Vec::new();
    let mut made = Vec::new();
    let mut put = Vec::new();
    for child in wanted {
        let found = context.issues.found.get(*child);
        if let Some(marked) = found.filter(|marked| id.is_some() && marked.issue.parent.as_ref() == id) {
            let place = listed.iter().position(|it| *it == marked.issue.id)?;
            there.push((place, *child));
        } else if is_made_under_its_parent(context, child) {
            made.push(*child);
        } else {
            put.push(*child);
        }
    }
    there.sort_unstable();
    Some(there.into_iter().map(|(_, child)| child).chain(made).chain(put).collect())
}

/// The longest run of numbers, not necessarily neighbours, each greater than the one before; of several the first.
fn longest_increasing(numbers: &[usize]) -> Vec<usize> {
    if numbers.is_sorted() {
        // The usual case: nothing is to be moved.
        return numbers.to_vec();
    }
    let mut best: Vec<Vec<usize>> = Vec::with_capacity(numbers.len());
    for number in numbers {
        let ends_below = |run: &&Vec<usize>| run.last().is_some_and(|last| last < number);
        // Of several of one length the first.
        let before = best.iter().rev().filter(ends_below).max_by_key(|run| run.len());
        let mut longest = before.cloned().unwrap_or_default();
        longest.push(*number);
        best.push(longest);
    }
    let longest = best.iter().map(Vec::len).max().unwrap_or_default();
    best.into_iter().find(|run| run.len() == longest).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_few_as_possible_are_moved() {
        assert_eq!(longest_increasing(&[]), Vec::<usize>::new());
        assert_eq!(longest_increasing(&[0, 1, 2]), [0, 1, 2]);
        assert_eq!(longest_increasing(&[2, 0, 1, 3]), [0, 1, 3]);
        assert_eq!(longest_increasing(&[3, 2, 1, 0]).len(), 1);
    }
}

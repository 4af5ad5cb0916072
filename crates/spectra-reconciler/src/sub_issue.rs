//! The hierarchy: each edge from a parent to its sub-issue.

use serde_json::{Value, json};
use spectra_model::change::{Action, Change, Kind, Member};
use spectra_model::id::IssueKey;
use spectra_model::plan::Link;
use spectra_model::step::Step;

use crate::context::Context;

pub(crate) fn changes(context: &mut Context<'_>) -> Vec<Change> {
    let links = &context.plan.links;
    links
        .iter()
        .filter_map(Link::sub_issue)
        .filter_map(|(parent, child)| edge(context, parent, child))
        .collect()
}

fn edge(context: &Context<'_>, parent: &IssueKey, child: &IssueKey) -> Option<Change> {
    let is_made = context.creates(Kind::Issue, child.as_str());
    let observed = context.issues.found.get(child).and_then(|marked| marked.issue.parent.as_ref());
    let wanted = context.bindings.issues.get(parent).map(|binding| &binding.id);
    if observed.is_some() && observed == wanted {
        return None;
    }
    let mut change = Change::new(Action::Create, Kind::SubIssue, format!("{parent}>{child}"));
    for key in [parent, child] {
        if context.creates(Kind::Issue, key.as_str()) {
            change.requires.extend(context.pending(Kind::Issue, key.as_str()));
        }
    }
    if let Some(other) = observed {
        let old = context.issue_by_id(other).map_or(Value::from(other.as_str()), |issue| json!(issue.url));
        change.members.push(Member { name: "parent".to_owned(), old, new: json!(parent) });
    }
    // An issue that is made in this change set gets its parent in `createIssue`.
    if !is_made {
        change.steps.push(Step::AddSubIssue {
            parent: parent.clone(),
            child: child.clone(),
            from_another_parent: observed.is_some(),
        });
    }
    Some(change)
}

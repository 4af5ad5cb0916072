//! Draft issues: title, body, assignees and values. They live on the board alone.
//!
//! A draft is known by the marker in its body, else by the item that the record names. One that the plan has as an issue
//! is turned into it by `issue`; the way back doesn't exist on GitHub.

use serde_json::{Value, json};
use spectra_model::board_record::Made;
use spectra_model::change::{Action, Change, Kind, Member};
use spectra_model::id::{ChangeId, Login, fold};
use spectra_model::marker::Marker;
use spectra_model::plan::Draft;
use spectra_model::step::Step;

use crate::assignee::Assignees;
use crate::context::Context;
use crate::identity::{Marked, MarkedDraft};
use crate::issue::Blocked;
use crate::text::{self, TextChange, Texts};
use crate::{copies, field, value};

pub(crate) fn changes(context: &mut Context<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for draft in &context.plan.drafts {
        let found = context.drafts.found.get(&draft.key);
        let of_draft = match (found, context.issues.drafted.get(&draft.key)) {
            (Some(marked), None) => update(context, draft, marked),
            (Some(marked), Some(issue)) => {
                let mut changes = update(context, draft, marked);
                changes.push(copies::reported(Kind::Issue, &issue.issue.url, &issue.body.marker));
                changes
            }
            (None, Some(issue)) => vec![turned(draft, issue)],
            (None, None) => create(context, draft),
        };
        for change in of_draft {
            context.announce(&change);
            changes.push(change);
        }
    }
    changes.extend(copies::drafts(context));
    changes
}

/// The items of the drafts that are there, by the plan's keys.
pub(crate) fn made(context: &Context<'_>, made: &mut Made) {
    let Some(board) = context.board() else { return };
    let found = || context.drafts.found.iter().map(|(key, marked)| (key, &marked.draft.item.id));
    made.drafts.retain(|_, item| board.drafts.iter().any(|draft| draft.item.id == *item));
    made.drafts.retain(|_, item| found().all(|(_, other)| other != item));
    made.drafts.extend(found().map(|(key, item)| (key.clone(), item.clone())));
}

fn create(context: &Context<'_>, draft: &Draft) -> Vec<Change> {
    let plan = context.plan;
    let mut blocked = Blocked::default();
    let assignees = assignees(context, draft, &[], &[]);
    block_assignees(&mut blocked, draft, &[], &assignees);
    let (run, actor) = (context.options.run.clone(), context.options.actor.clone());
    let marker = Marker {
        assignees: assignees.set_by_spectra,
        ..Marker::created(plan.slug.clone(), draft.key.clone(), run, actor, draft.body.text(), Vec::new())
    };
    let mut change = Change::new(Action::Create, Kind::Draft, draft.key.as_str());
    let mut member = |name: &str, new: Value| {
        change.members.push(Member { name: name.to_owned(), old: Value::Null, new });
    };
    member("title", json!(draft.title));
    if !draft.body.text().is_empty() {
        member("body", json!(draft.body));
    }
    if !assignees.add.is_empty() {
        member("assignees", json!(assignees.add));
    }
    change.steps.push(Step::CreateDraft {
        draft: draft.key.clone(),
        title: draft.title.clone(),
        body: marker.around(draft.body.text()),
        assignees: assignees.add,
    });
    for (member, step) in value::diff(context, &draft.key, &draft.fields, None) {
        change.members.push(member);
        change.steps.push(step);
    }
    change.requires = requires(context, draft);
    std::iter::once(change).chain(blocked.into_change(Kind::Draft, &draft.key)).collect()
}

/// A draft that a person archived is left as it is: title and text are the item's own.
fn update(context: &Context<'_>, draft: &Draft, marked: &MarkedDraft<'_>) -> Vec<Change> {
    let observed = marked.draft;
    let old = &marked.body.marker;
    if observed.item.archived && !old.archived {
        return Vec::new();
    }
    let mut blocked = Blocked::default();
    let assignees = assignees(context, draft, &observed.assignees, &old.assignees);
    block_assignees(&mut blocked, draft, &observed.assignees, &assignees);
    let after = assignees.differs().then(|| assignees.after(&observed.assignees));
    // The write replaces the whole set, so a person whose node isn't known would be lost by it.
    let unknown = after.iter().flatten().find(|login| context.bindings.person(login).is_none());
    let (after, set_by_spectra) = match unknown {
        None => (after, assignees.set_by_spectra),
        Some(login) => {
            let reason = format!("`{login}` is assigned and isn't seen, and would be lost by the change");
            blocked.add("assignees", json!(observed.assignees), json!(draft.assignees), reason);
            (None, old.assignees.clone())
        }
    };
    let marker = Marker {
        slug: context.plan.slug.clone(),
        key: draft.key.clone(),
        assignees: set_by_spectra,
        closed: false,
        archived: false,
        ..old.clone()
    };
    let place = format!("draft `{}`", observed.title);
    let texts = Texts {
        kind: Kind::Draft,
        key: &draft.key,
        title: &draft.title,
        body: &draft.body,
        observed_title: &observed.title,
        found: &marked.body,
        place: &place,
    };
    let TextChange { members, title, body, conflict } = text::decide(context, &texts, &marker);
    let mut change = Change::new(Action::Update, Kind::Draft, draft.key.as_str());
    change.members = members;
    if let Some(after) = &after {
        change.members.push(Member {
            name: "assignees".to_owned(),
            old: json!(observed.assignees),
            new: json!(after),
        });
    }
    if observed.item.archived {
        change.members.push(Member { name: "archived".to_owned(), old: json!(true), new: json!(false) });
        change.steps.push(Step::UnarchiveItem { issue: draft.key.clone() });
    }
    if title.is_some() || body.is_some() || after.is_some() {
        let draft = draft.key.clone();
        change.steps.push(Step::UpdateDraft { draft, title, body, assignees: after });
    }
    for (member, step) in value::diff(context, &draft.key, &draft.fields, Some(&observed.item)) {
        change.members.push(member);
        change.steps.push(step);
    }
    change.requires = requires(context, draft);
    let write = (!change.steps.is_empty()).then(|| text::explained(change));
    write.into_iter().chain(conflict).chain(blocked.into_change(Kind::Draft, &draft.key)).collect()
}

/// An issue that the plan has as a draft.
fn turned(draft: &Draft, issue: &Marked<'_>) -> Change {
    let mut change = Change::new(Action::Blocked, Kind::Draft, draft.key.as_str());
    change.members.push(Member { name: "draft".to_owned(), old: json!(false), new: json!(true) });
    change.reason = Some(format!(
        "it is an issue on GitHub ({}), and an issue can't become a draft: take `draft` out of the manifest",
        issue.issue.url
    ));
    change
}

fn assignees(context: &Context<'_>, draft: &Draft, observed: &[Login], mine: &[Login]) -> Assignees {
    // A draft is in no repository: whoever has an account can be assigned.
    let is_known = |login: &Login| context.bindings.person(login).is_some();
    Assignees::of(&draft.assignees, observed, mine, is_known, is_known)
}

fn block_assignees(blocked: &mut Blocked, draft: &Draft, observed: &[Login], assignees: &Assignees) {
    if !assignees.blocked.is_empty() {
        let reason = assignees.blocked.join("; ");
        blocked.add("assignees", json!(observed), json!(draft.assignees), reason);
    }
}

fn requires(context: &Context<'_>, draft: &Draft) -> Vec<ChangeId> {
    let mut requires: Vec<ChangeId> =
        context.creation(Kind::Project, context.plan.slug.as_str()).into_iter().collect();
    for name in draft.fields.keys() {
        let declared = context.fields.get(&fold(name.as_str())).map_or(name, |field| &field.name);
        requires.extend(context.pending(Kind::Field, &field::key(declared)));
    }
    requires
}

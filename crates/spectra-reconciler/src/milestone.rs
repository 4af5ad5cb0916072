//! Milestones of the repositories that the plan's issues are in: title, description, the day on which they are due.
//! Whether one is open or closed is people's.
//!
//! One that Spectra made and the plan dropped is deleted only if no issue or pull request is in it.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use spectra_model::Setting;
use spectra_model::board_record::{BoardRecord, Made};
use spectra_model::change::{Action, Change, Kind, Member, encode};
use spectra_model::id::{ChangeId, IssueKey, MilestoneTitle, NodeId, RepoSlug, fold};
use spectra_model::observation;
use spectra_model::plan::{Issue, Milestone};
use spectra_model::step::{MilestoneBinding, MilestoneWrite, Step};

use crate::context::Context;

/// A milestone's key, `o/r#title`; it is also its name in the board record.
pub fn key(repository: &RepoSlug, title: &MilestoneTitle) -> String {
    [repository.as_str(), "#", &encode(title.as_str())].concat()
}

pub(crate) fn changes(context: &mut Context<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for milestone in &context.plan.milestones {
        let change = match find(context, milestone) {
            None => Some(create(milestone)),
            Some(found) => {
                let title = (milestone.repository.clone(), fold(milestone.title.as_str()));
                let binding = MilestoneBinding { id: found.id.clone(), number: found.number };
                context.bindings.milestones.insert(title, binding);
                update(milestone, found)
            }
        };
        if let Some(change) = change {
            context.announce(&change);
            changes.push(change);
        }
    }
    changes
}

/// By recorded id, else by a title that it had before, else by title without regard to case. Where a milestone of the
/// plan's title is there, it is that one: GitHub lets no other take the title.
pub(crate) fn find<'a>(context: &Context<'a>, milestone: &Milestone) -> Option<&'a observation::Milestone> {
    let milestones = &context.observation.repositories.get(&milestone.repository)?.milestones;
    let by_title = |title: &MilestoneTitle| milestones.iter().find(|candidate| candidate.title.same(title));
    let made = context.record().map(|record| &record.made.milestones);
    let by_record = |title: &MilestoneTitle| {
        let id = made?.get(&key(&milestone.repository, title))?;
        milestones.iter().find(|candidate| candidate.id == *id)
    };
    let titles = || std::iter::once(&milestone.title).chain(&milestone.renamed_from);
    let is_another_of_the_plan = |candidate: &observation::Milestone| {
        let all = context.plan.milestones.iter();
        let mut others = all.filter(|other| other.repository == milestone.repository);
        others.any(|other| other.title.same(&candidate.title))
    };
    by_title(&milestone.title).or_else(|| {
        let before =
            titles().find_map(by_record).or_else(|| milestone.renamed_from.iter().find_map(by_title));
        before.filter(|candidate| !is_another_of_the_plan(candidate))
    })
}

/// What of the milestones that are there counts as made by Spectra.
pub(crate) fn made(context: &Context<'_>, record: &BoardRecord, made: &mut Made) {
    for milestone in &context.plan.milestones {
        let Some(found) = find(context, milestone) else { continue };
        let key = key(&milestone.repository, &milestone.title);
        let is_ours = record.made.milestones.values().any(|id| *id == found.id)
            || record.making.milestones.contains(&key);
        made.milestones.retain(|_, id| *id != found.id);
        made.milestones.remove(&key);
        if is_ours {
            made.milestones.insert(key, found.id.clone());
        }
    }
}

/// Milestones that Spectra made and the plan no longer has: deleted if nothing is in them once the changes are done,
/// else kept and reported.
pub(crate) fn dropped(context: &Context<'_>, changes: &[Change]) -> Vec<Change> {
    let Some(record) = context.record() else { return Vec::new() };
    let milestones = context.plan.milestones.iter();
    let kept: BTreeSet<&NodeId> =
        milestones.filter_map(|milestone| find(context, milestone)).map(|milestone| &milestone.id).collect();
    let mut dropped = Vec::new();
    for (slug, repository) in &context.observation.repositories {
        for milestone in &repository.milestones {
            let is_ours = record.made.milestones.values().any(|id| *id == milestone.id);
            if is_ours && !kept.contains(&milestone.id) {
                let leaving = leaving(context, changes, &milestone.id);
                dropped.push(drop(slug, milestone, leaving));
            }
        }
    }
    dropped
}

fn drop(slug: &RepoSlug, milestone: &observation::Milestone, leaving: Vec<ChangeId>) -> Change {
    let left = milestone.issues.saturating_sub(leaving.len());
    let key = key(slug, &milestone.title);
    if left > 0 {
        let mut change = Change::new(Action::Manual, Kind::Milestone, key);
        let (number, them) = if left == 1 {
            ("1 issue or pull request is".to_owned(), "it")
        } else {
            (format!("{left} issues or pull requests are"), "them")
        };
        change.reason = Some(format!(
            "no longer in the plan, yet kept because {number} in it, closed ones counted: move {them} and apply again, or \
             delete the milestone by hand"
        ));
        return change;
    }
    let mut change = Change::new(Action::Delete, Kind::Milestone, key);
    change.reason = Some("no longer in the plan, and nothing is in it".to_owned());
    change.requires = leaving;
    change.steps = vec![Step::DeleteMilestone {
        repository: slug.clone(),
        number: milestone.number,
        title: milestone.title.clone(),
    }];
    change
}

/// The changes that take an issue out of a milestone.
fn leaving(context: &Context<'_>, changes: &[Change], milestone: &NodeId) -> Vec<ChangeId> {
    let is_in_it = |issue: &IssueKey| {
        let found = context.issues.found.get(issue);
        found.is_some_and(|marked| marked.issue.milestone.as_ref() == Some(milestone))
    };
    let leaves = |step: &Step| matches!(step, Step::SetMilestone { issue, .. } if is_in_it(issue));
    changes.iter().filter(|change| change.steps.iter().any(leaves)).map(|change| change.id.clone()).collect()
}

fn create(milestone: &Milestone) -> Change {
    let mut change =
        Change::new(Action::Create, Kind::Milestone, key(&milestone.repository, &milestone.title));
    let mut member = |name: &str, new| {
        change.members.push(Member { name: name.to_owned(), old: Value::Null, new });
    };
    member("title", json!(milestone.title));
    if let Setting::Set(description) = &milestone.description {
        member("description", json!(description));
    }
    if let Setting::Set(due_on) = &milestone.due_on {
        member("dueOn", json!(due_on));
    }
    change.steps = vec![Step::CreateMilestone(write(milestone))];
    change
}

fn update(milestone: &Milestone, found: &observation::Milestone) -> Option<Change> {
    let mut members = Vec::new();
    let mut member = |name: &str, old: Value, new: Value| {
        if old != new {
            members.push(Member { name: name.to_owned(), old, new });
        }
    };
    member("title", json!(found.title), json!(milestone.title));
    match &milestone.description {
        Setting::Unmanaged => {}
        Setting::Clear => member("description", json!(lines(&found.description)), json!("")),
        Setting::Set(description) => {
            member("description", json!(lines(&found.description)), json!(lines(description)));
        }
    }
    match &milestone.due_on {
        Setting::Unmanaged => {}
        Setting::Clear => member("dueOn", json!(found.due_on), Value::Null),
        Setting::Set(due_on) => member("dueOn", json!(found.due_on), json!(due_on)),
    }
    if members.is_empty() {
        return None;
    }
    let mut change =
        Change::new(Action::Update, Kind::Milestone, key(&milestone.repository, &milestone.title));
    change.members = members;
    change.steps = vec![Step::UpdateMilestone(write(milestone))];
    Some(change)
}

fn write(milestone: &Milestone) -> MilestoneWrite {
    MilestoneWrite {
        repository: milestone.repository.clone(),
        title: milestone.title.clone(),
        description: milestone.description.clone(),
        due_on: milestone.due_on.clone(),
    }
}

/// A description without what editing in the browser changes by itself: line ends, and space at the end.
fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end().to_owned()
}

/// What becomes of the milestone that an issue is in.
pub(crate) struct Assigned {
    /// The member and the step that puts it right; None where nothing differs.
    pub(crate) change: Option<(Member, Step)>,
    /// The change that makes the milestone, where the set does.
    pub(crate) requires: Option<ChangeId>,
}

/// The milestone of an issue that is there.
pub(crate) fn assigned(context: &Context<'_>, issue: &Issue, observed: &observation::Issue) -> Assigned {
    let nothing = Assigned { change: None, requires: None };
    let wanted = match &issue.milestone {
        Setting::Set(title) => Some(title),
        Setting::Clear => None,
        Setting::Unmanaged => return nothing,
    };
    let bound = wanted.and_then(|title| context.bindings.milestone(&issue.repository, title));
    let is_there = match wanted {
        Some(_) => bound.is_some_and(|bound| observed.milestone.as_ref() == Some(&bound.id)),
        None => observed.milestone.is_none(),
    };
    if is_there {
        return nothing;
    }
    let title = observed.milestone.as_ref().map(|id| {
        let milestones = context.observation.repositories.get(&issue.repository).map(|it| &it.milestones);
        let found = milestones.into_iter().flatten().find(|candidate| candidate.id == *id);
        found.map_or(id.as_str(), |milestone| milestone.title.as_str())
    });
    let member = Member { name: "milestone".to_owned(), old: json!(title), new: json!(wanted) };
    let step = Step::SetMilestone {
        issue: issue.key.clone(),
        repository: issue.repository.clone(),
        milestone: wanted.cloned(),
    };
    Assigned {
        change: Some((member, step)),
        requires: wanted.and_then(|title| creation(context, issue, title)),
    }
}

/// The change that makes a milestone of the issue's repository.
pub(crate) fn creation(context: &Context<'_>, issue: &Issue, title: &MilestoneTitle) -> Option<ChangeId> {
    let mut milestones = context.plan.milestones.iter();
    let declared = milestones
        .find(|milestone| milestone.repository == issue.repository && milestone.title.same(title))?;
    context.creation(Kind::Milestone, &key(&declared.repository, &declared.title))
}

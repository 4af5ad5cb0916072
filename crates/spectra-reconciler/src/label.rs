//! Labels of the repositories that the plan's issues are in. The managed label is one of them.
//!
//! A label that Spectra made and the plan dropped is deleted only if GitHub says that nothing carries it: issues and
//! pull requests outside the board aren't observed, and each would lose it.

use std::collections::BTreeSet;

use serde_json::json;
use spectra_model::Setting;
use spectra_model::board_record::{BoardRecord, Made};
use spectra_model::change::{Action, Change, Kind, Member, encode};
use spectra_model::id::{ChangeId, LabelName, NodeId, RepoSlug, fold};
use spectra_model::observation;
use spectra_model::plan::{Issue, Label};
use spectra_model::step::{LabelWrite, Step};

use crate::claim::{Standing, claims};
use crate::context::Context;
use crate::identity::Marked;

/// A label's key, `o/r#name`; it is also its name in the board record.
pub fn key(repository: &RepoSlug, name: &LabelName) -> String {
    [repository.as_str(), "#", &encode(name.as_str())].concat()
}

pub(crate) fn changes(context: &mut Context<'_>) -> Vec<Change> {
    let mut changes = Vec::new();
    for label in &context.plan.labels {
        let change = match find(context, label) {
            None => Some(create(label)),
            Some(found) => {
                // A label that people renamed is bound under the plan's name too.
                let name = (label.repository.clone(), fold(label.name.as_str()));
                context.bindings.labels.insert(name, found.id.clone());
                update(label, found)
            }
        };
        if let Some(change) = change {
            context.announce(&change);
            changes.push(change);
        }
    }
    changes
}

/// By recorded id, else by a name that it had before, else by name without regard to case. Where a label of the plan's
/// name is there, it is that one: GitHub lets no other take the name.
pub(crate) fn find<'a>(context: &Context<'a>, label: &Label) -> Option<&'a observation::Label> {
    let labels = &context.observation.repositories.get(&label.repository)?.labels;
    let by_name = |name: &LabelName| labels.iter().find(|candidate| candidate.name.same(name));
    let made = context.record().map(|record| &record.made.labels);
    let by_record = |name: &LabelName| {
        let id = made?.get(&key(&label.repository, name))?;
        labels.iter().find(|candidate| candidate.id == *id)
    };
    let names = || std::iter::once(&label.name).chain(&label.renamed_from);
    let is_another_of_the_plan = |candidate: &observation::Label| {
        let mut others = context.plan.labels.iter().filter(|other| other.repository == label.repository);
        others.any(|other| other.name.same(&candidate.name))
    };
    by_name(&label.name).or_else(|| {
        let before = names().find_map(by_record).or_else(|| label.renamed_from.iter().find_map(by_name));
        before.filter(|candidate| !is_another_of_the_plan(candidate))
    })
}

/// What of the labels that are there counts as made by Spectra.
pub(crate) fn made(context: &Context<'_>, record: &BoardRecord, made: &mut Made) {
    for label in &context.plan.labels {
        let Some(found) = find(context, label) else { continue };
        let key = key(&label.repository, &label.name);
        let is_ours =
            record.made.labels.values().any(|id| *id == found.id) || record.making.labels.contains(&key);
        made.labels.retain(|_, id| *id != found.id);
        made.labels.remove(&key);
        if is_ours {
            made.labels.insert(key, found.id.clone());
        }
    }
}

/// Labels that Spectra made, that the plan no longer has, and that nothing carries once the changes are done.
pub(crate) fn dropped(context: &Context<'_>, changes: &[Change]) -> Vec<Change> {
    let Some(record) = context.record() else { return Vec::new() };
    let kept: BTreeSet<&NodeId> =
        context.plan.labels.iter().filter_map(|label| find(context, label)).map(|label| &label.id).collect();
    let mut dropped = Vec::new();
    for (slug, repository) in &context.observation.repositories {
        for label in &repository.labels {
            let is_ours = record.made.labels.values().any(|id| *id == label.id);
            if !is_ours || kept.contains(&label.id) {
                continue;
            }
            let leaving = leaving(changes, slug, &label.name);
            if label.used_by.is_none_or(|used_by| used_by > leaving.len()) {
                continue;
            }
            let mut change = Change::new(Action::Delete, Kind::Label, key(slug, &label.name));
            change.reason = Some("no longer in the plan, and nothing carries it".to_owned());
            change.requires = leaving;
            change.steps = vec![Step::DeleteLabel {
                repository: slug.clone(),
                id: label.id.clone(),
                name: label.name.clone(),
            }];
            dropped.push(change);
        }
    }
    dropped
}

/// The changes that take a label off an issue.
fn leaving(changes: &[Change], slug: &RepoSlug, name: &LabelName) -> Vec<ChangeId> {
    let takes_it_off = |step: &Step| {
        matches!(step, Step::RemoveLabels { repository, labels, .. }
            if fold(repository.as_str()) == fold(slug.as_str()) && labels.iter().any(|label| label.same(name)))
    };
    changes
        .iter()
        .filter(|change| change.steps.iter().any(takes_it_off))
        .map(|change| change.id.clone())
        .collect()
}

fn create(label: &Label) -> Change {
    let mut change = Change::new(Action::Create, Kind::Label, key(&label.repository, &label.name));
    let mut member = |name: &str, new| {
        change.members.push(Member { name: name.to_owned(), old: json!(null), new });
    };
    member("name", json!(label.name));
    member("color", json!(label.color));
    if let Setting::Set(description) = &label.description {
        member("description", json!(description));
    }
    change.steps = vec![Step::CreateLabel(write(label))];
    change
}

fn update(label: &Label, found: &observation::Label) -> Option<Change> {
    let mut members = Vec::new();
    let mut member = |name: &str, old: &str, new: &str| {
        if old != new {
            members.push(Member { name: name.to_owned(), old: json!(old), new: json!(new) });
        }
    };
    member("name", found.name.as_str(), label.name.as_str());
    member("color", &found.color.to_ascii_lowercase(), &label.color);
    match &label.description {
        Setting::Unmanaged => {}
        Setting::Clear => member("description", &found.description, ""),
        Setting::Set(description) => member("description", &found.description, description),
    }
    if members.is_empty() {
        return None;
    }
    let mut change = Change::new(Action::Update, Kind::Label, key(&label.repository, &label.name));
    change.members = members;
    change.steps = vec![Step::UpdateLabel(write(label))];
    Some(change)
}

fn write(label: &Label) -> LabelWrite {
    let description = match &label.description {
        Setting::Unmanaged => None,
        Setting::Clear => Some(String::new()),
        Setting::Set(description) => Some(description.clone()),
    };
    LabelWrite {
        repository: label.repository.clone(),
        name: label.name.clone(),
        colour: label.color.clone(),
        description,
    }
}

/// An issue's labels as they are called once those that people renamed have their names back.
fn as_planned(context: &Context<'_>, issue: &Issue, observed: &[LabelName]) -> Vec<LabelName> {
    let repository = fold(issue.repository.as_str());
    let planned = |name: &LabelName| {
        let id = context.bindings.label(&issue.repository, name)?;
        let mut of_plan =
            context.plan.labels.iter().filter(|label| fold(label.repository.as_str()) == repository);
        let is_it = |label: &&Label| context.bindings.label(&issue.repository, &label.name) == Some(id);
        of_plan.find(is_it).map(|label| label.name.clone())
    };
    observed.iter().map(|name| planned(name).unwrap_or_else(|| name.clone())).collect()
}

/// Names of labels that a marker may still have from before the plan renamed them.
fn renamed(context: &Context<'_>, issue: &Issue, names: Vec<LabelName>) -> Vec<LabelName> {
    let repository = fold(issue.repository.as_str());
    let of_plan = || context.plan.labels.iter().filter(|label| fold(label.repository.as_str()) == repository);
    let now = |name: &LabelName| {
        let mut successors =
            of_plan().filter(|label| label.renamed_from.iter().any(|before| before.same(name)));
        let is_of_plan = of_plan().any(|label| label.name.same(name));
        successors.next().filter(|_| !is_of_plan).map(|label| label.name.clone())
    };
    names.into_iter().map(|name| now(&name).unwrap_or(name)).collect()
}

/// What becomes of the labels of one issue: they are added; taken away only if Spectra put them there.
pub(crate) struct LabelDiff {
    /// The issue's labels once those are renamed that the change set renames: each stays on its issues.
    pub(crate) there: Vec<LabelName>,
    pub(crate) add: Vec<LabelName>,
    pub(crate) remove: Vec<LabelName>,
    /// What the marker shall name.
    pub(crate) set_by_spectra: Vec<LabelName>,
}

impl LabelDiff {
    /// Leaves them as they are.
    pub(crate) fn none(marked: &Marked<'_>) -> Self {
        Self {
            there: marked.issue.labels.clone(),
            add: Vec::new(),
            remove: Vec::new(),
            set_by_spectra: marked.body.marker.labels.clone(),
        }
    }

    pub(crate) fn of(context: &Context<'_>, issue: &Issue, marked: &Marked<'_>) -> Self {
        let has = |labels: &[LabelName], name: &LabelName| labels.iter().any(|label| label.same(name));
        let there = as_planned(context, issue, &marked.issue.labels);
        let mine = renamed(context, issue, as_planned(context, issue, &marked.body.marker.labels));
        let wanted = &issue.labels;
        let managed = &context.plan.project.managed_label;
        let standing = |name: &LabelName| if has(&there, name) { Standing::There } else { Standing::ToBeSet };
        Self {
            add: wanted.iter().filter(|name| !has(&there, name)).cloned().collect(),
            remove: there.iter().filter(|name| has(&mine, name) && !has(wanted, name)).cloned().collect(),
            set_by_spectra: wanted
                .iter()
                .filter(|name| name.same(managed) || claims(standing(name), has(&mine, name)))
                .cloned()
                .collect(),
            there,
        }
    }
}

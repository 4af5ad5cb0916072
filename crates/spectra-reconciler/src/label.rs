//! Labels of the repositories that the plan's issues are in. The managed label is one of them.

use serde_json::json;
use spectra_model::Setting;
use spectra_model::change::{Action, Change, Kind, Member, encode};
use spectra_model::id::{LabelName, RepoSlug, fold};
use spectra_model::observation;
use spectra_model::plan::Label;
use spectra_model::step::{LabelWrite, Step};

use crate::context::Context;

/// A label's key, `o/r#name`; it is also its name in the board record.
pub fn key(repository: &RepoSlug, name: &LabelName) -> String {
    format!("{repository}#{}", encode(name.as_str()))
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

/// By recorded id, else by name without regard to case.
pub(crate) fn find<'a>(context: &Context<'a>, label: &Label) -> Option<&'a observation::Label> {
    let labels = &context.observation.repositories.get(&label.repository)?.labels;
    let recorded =
        context.record().and_then(|record| record.made.labels.get(&key(&label.repository, &label.name)));
    recorded
        .and_then(|id| labels.iter().find(|candidate| candidate.id == *id))
        .or_else(|| labels.iter().find(|candidate| candidate.name.same(&label.name)))
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

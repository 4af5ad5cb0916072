//! Labels: declared once in a manifest, planned for every repository that an issue uses.

use std::collections::BTreeMap;

use spectra_model::Setting;
use spectra_model::id::{LabelName, fold};
use spectra_model::limits::{LABEL_DESCRIPTION_CHARACTERS, LABEL_NAME_CHARACTERS};
use spectra_model::plan::{self, Plan};

use super::name::{old_names, repeated};
use super::project::{managed_by_default, without_end};
use crate::code::Code;
use crate::manifest::{Label, Manifest, Text};
use crate::report::{Report, Scope, Unknown};
use crate::text;

/// The colour of a managed label that the manifest doesn't declare: GitHub's default for labels.
const MANAGED_COLOUR: &str = "ededed";

/// Where labels are looked up: a manifest has one list of them.
const SCOPE: Scope = (Code::UnknownLabel, None);

/// The manifest's labels by folded name: GitHub does not tell names apart by case.
pub(crate) struct Labels<'m> {
    in_order: Vec<&'m Label>,
    by_name: BTreeMap<String, &'m Label>,
    complete: bool,
}

impl<'m> Labels<'m> {
    /// Checks the labels.
    pub(crate) fn of(manifest: &'m Manifest, report: &mut Report) -> Self {
        let mut labels =
            Self { in_order: Vec::new(), by_name: BTreeMap::new(), complete: manifest.labels.complete };
        for label in &manifest.labels.items {
            let name = &label.name;
            text::one_line(name, "a label's name", report);
            text::at_most(LABEL_NAME_CHARACTERS, name, "a label's name", report);
            if let Some(description) = label.description.value() {
                let what = format!("the description of label `{}`", name.value);
                text::no_marker(description, &what, report);
                text::at_most(LABEL_DESCRIPTION_CHARACTERS, description, &what, report);
            }
            labels.complete &= !name.value.trim().is_empty();
            if let Some(first) = labels.by_name.get(&fold(name.value.trim())) {
                repeated("label", name, &first.name, report);
                // What names the label that one of the two should be is no mistake of its own.
                labels.complete = false;
                continue;
            }
            labels.in_order.push(label);
            // What names the label as it should be called is no mistake of its own.
            labels.complete &= text::can_be_meant(&name.value);
            labels.by_name.insert(fold(name.value.trim()), label);
        }
        let names: Vec<_> =
            labels.in_order.iter().map(|label| (&label.name, label.renamed_from.as_slice())).collect();
        old_names("label", &names, report);
        labels
    }

    /// The label of a name as it was declared; reports one that wasn't.
    pub(super) fn find(&self, name: &str, written: &Text, report: &mut Report) -> Option<LabelName> {
        if let Some(label) = self.by_name.get(&fold(name)) {
            report.refers(SCOPE, name);
            return Some(LabelName::new(label.name.value.clone()));
        }
        if self.complete {
            let from =
                if name == written.value { String::new() } else { format!(" from `{}`", written.value) };
            let none = self.in_order.is_empty();
            let why = if none { ", and the manifest declares no labels" } else { "" };
            let unknown = Unknown {
                scope: SCOPE,
                // Without any it is one mistake, whichever is named.
                name: if none { "" } else { name },
                span: written.span,
                message: format!("unknown label `{name}`{from}{why}"),
                otherwise: "declare it under `labels` of the manifest",
            };
            let names = self.in_order.iter().map(|label| &label.name);
            report.unknown(unknown, names.map(|name| (name.value.as_str(), Some(name.span))));
        }
        None
    }

    /// The labels of a plan: in each repository the managed one, then the manifest's.
    pub(super) fn planned(&self, plan: &Plan) -> Vec<plan::Label> {
        let managed = &plan.project.managed_label;
        let own = self.by_name.get(&fold(managed.as_str()));
        let first = own.map_or_else(|| self.undeclared(plan), |label| declared(label));
        let others = self.in_order.iter().filter(|label| fold(&label.name.value) != fold(managed.as_str()));
        let all: Vec<Described> = std::iter::once(first).chain(others.map(|label| declared(label))).collect();
        plan.repositories()
            .into_iter()
            .flat_map(|repository| {
                all.iter().map(|label| plan::Label {
                    repository: repository.clone(),
                    name: label.name.clone(),
                    color: label.color.clone(),
                    description: label.description.clone(),
                    renamed_from: label.renamed_from.clone(),
                })
            })
            .collect()
    }

    /// A managed label that the manifest doesn't declare. One that is named after the board's id is renamed with it.
    fn undeclared(&self, plan: &Plan) -> Described {
        let name = plan.project.managed_label.clone();
        let follows = name == managed_by_default(plan.slug.as_str());
        let old = plan.renamed_from.iter().filter(|_| follows).map(|old| managed_by_default(old.as_str()));
        Described {
            color: MANAGED_COLOUR.to_owned(),
            description: Setting::Set(format!("Managed by Spectra: {}", plan.slug)),
            renamed_from: old.filter(|old| !self.by_name.contains_key(&fold(old.as_str()))).collect(),
            name,
        }
    }
}

/// A label, whatever its repository.
struct Described {
    name: LabelName,
    color: String,
    description: Setting<String>,
    renamed_from: Vec<LabelName>,
}

fn declared(label: &Label) -> Described {
    Described {
        name: LabelName::new(label.name.value.clone()),
        color: label.color.as_ref().map(|color| color.value.to_lowercase()).unwrap_or_default(),
        description: without_end(&label.description),
        renamed_from: label.renamed_from.iter().map(|old| LabelName::new(old.value.clone())).collect(),
    }
}

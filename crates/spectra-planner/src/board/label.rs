//! Labels: declared once in a manifest, planned for every repository that an issue uses.

use std::collections::BTreeMap;

use spectra_model::Setting;
use spectra_model::id::{LabelName, fold};
use spectra_model::limits::{LABEL_DESCRIPTION_CHARACTERS, LABEL_NAME_CHARACTERS};
use spectra_model::plan::{self, Plan};

use super::project::without_end;
use crate::code::Code;
use crate::manifest::{Label, Manifest, Text};
use crate::report::Report;
use crate::text;

/// The colour of a managed label that the manifest doesn't declare: GitHub's default for labels.
const MANAGED_COLOUR: &str = "ededed";

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
            if let Some(first) = labels.by_name.get(&fold(&name.value)) {
                report.say(
                    Code::RepeatedName,
                    name.span,
                    format!("label `{}` is declared twice", name.value),
                    format!(
                        "`{}` stands in {}; GitHub does not tell names apart by case",
                        first.name.value,
                        report.line(first.name.span, name.span)
                    ),
                );
                // What names the label that one of the two should be is no mistake of its own.
                labels.complete = false;
                continue;
            }
            labels.in_order.push(label);
            labels.by_name.insert(fold(&name.value), label);
        }
        labels
    }

    /// The label of a name as it was declared; reports one that wasn't.
    pub(super) fn find(&self, name: &str, written: &Text, report: &mut Report) -> Option<LabelName> {
        if let Some(label) = self.by_name.get(&fold(name)) {
            return Some(LabelName::new(label.name.value.clone()));
        }
        if self.complete {
            let help = report.did_you_mean(
                name,
                self.in_order.iter().map(|label| label.name.value.as_str()),
                "declare it under `labels` of the manifest",
            );
            let from =
                if name == written.value { String::new() } else { format!(" from `{}`", written.value) };
            report.say(Code::UnknownLabel, written.span, format!("unknown label `{name}`{from}"), help);
        }
        None
    }

    /// The labels of a plan: in each repository the managed one, then the manifest's.
    pub(super) fn planned(&self, plan: &Plan) -> Vec<plan::Label> {
        let managed = &plan.project.managed_label;
        let own = self.by_name.get(&fold(managed.as_str()));
        let first = own.map_or_else(
            || {
                (
                    managed.clone(),
                    MANAGED_COLOUR.to_owned(),
                    Setting::Set(format!("Managed by Spectra: {}", plan.slug)),
                )
            },
            |label| described(label),
        );
        let others = self.in_order.iter().filter(|label| fold(&label.name.value) != fold(managed.as_str()));
        let all: Vec<_> = std::iter::once(first).chain(others.map(|label| described(label))).collect();
        plan.repositories()
            .into_iter()
            .flat_map(|repository| {
                all.iter().map(|(name, color, description)| plan::Label {
                    repository: repository.clone(),
                    name: name.clone(),
                    color: color.clone(),
                    description: description.clone(),
                })
            })
            .collect()
    }
}

fn described(label: &Label) -> (LabelName, String, Setting<String>) {
    let color = label.color.as_ref().map(|color| color.value.to_lowercase()).unwrap_or_default();
    (LabelName::new(label.name.value.clone()), color, without_end(&label.description))
}

//! Milestones: declared once in a manifest, planned for every repository that an issue uses.

use std::collections::BTreeMap;

use jiff::civil::Date;
use spectra_model::Setting;
use spectra_model::id::{MilestoneTitle, fold};
use spectra_model::plan::{self, Plan};

use super::name::{old_names, repeated};
use super::project::without_end;
use crate::code::Code;
use crate::manifest::{Manifest, Milestone, Text};
use crate::report::{Report, Scope, Unknown};
use crate::text;

/// Where milestones are looked up: a manifest has one list of them.
const SCOPE: Scope = (Code::UnknownMilestone, None);

/// The manifest's milestones by folded title.
pub(crate) struct Milestones<'m> {
    in_order: Vec<(&'m Milestone, Setting<Date>)>,
    by_title: BTreeMap<String, &'m Milestone>,
    complete: bool,
}

impl<'m> Milestones<'m> {
    /// Checks the milestones.
    pub(crate) fn of(manifest: &'m Manifest, report: &mut Report) -> Self {
        let mut milestones =
            Self { in_order: Vec::new(), by_title: BTreeMap::new(), complete: manifest.milestones.complete };
        for milestone in &manifest.milestones.items {
            let title = &milestone.title;
            text::one_line(title, "a milestone's title", report);
            if let Some(description) = milestone.description.value() {
                text::no_marker(
                    description,
                    &format!("the description of milestone `{}`", title.value),
                    report,
                );
            }
            let due_on = match &milestone.due_on {
                Setting::Unmanaged => Setting::Unmanaged,
                Setting::Clear => Setting::Clear,
                Setting::Set(day) => {
                    text::day(day, "`dueOn`", report).map_or(Setting::Unmanaged, Setting::Set)
                }
            };
            if let Some(first) = milestones.by_title.get(&fold(title.value.trim())) {
                repeated("milestone", title, &first.title, report);
                continue;
            }
            milestones.in_order.push((milestone, due_on));
            // What names the milestone as it should be called is no mistake of its own.
            milestones.complete &= text::can_be_meant(&title.value);
            milestones.by_title.insert(fold(title.value.trim()), milestone);
        }
        let names: Vec<_> = milestones
            .in_order
            .iter()
            .map(|(milestone, _)| (&milestone.title, milestone.renamed_from.as_slice()))
            .collect();
        old_names("milestone", &names, report);
        milestones
    }

    /// The milestone of a title as it was declared; reports one that wasn't.
    pub(super) fn find(&self, title: &str, written: &Text, report: &mut Report) -> Option<MilestoneTitle> {
        if let Some(milestone) = self.by_title.get(&fold(title)) {
            report.refers(SCOPE, title);
            return Some(MilestoneTitle::new(milestone.title.value.clone()));
        }
        if self.complete {
            let none = self.in_order.is_empty();
            let why = if none { ", and the manifest declares no milestones" } else { "" };
            let unknown = Unknown {
                scope: SCOPE,
                // Without any it is one mistake, whichever is named.
                name: if none { "" } else { title },
                span: written.span,
                message: format!("unknown milestone `{title}`{why}"),
                otherwise: "declare it under `milestones` of the manifest",
            };
            let titles = self.in_order.iter().map(|(milestone, _)| &milestone.title);
            report.unknown(unknown, titles.map(|title| (title.value.as_str(), Some(title.span))));
        }
        None
    }

    /// The milestones of a plan: in each repository all of them, in the manifest's order.
    pub(super) fn planned(&self, plan: &Plan) -> Vec<plan::Milestone> {
        let repositories = plan.repositories().into_iter();
        repositories
            .flat_map(|repository| {
                self.in_order.iter().map(|(milestone, due_on)| plan::Milestone {
                    repository: repository.clone(),
                    title: MilestoneTitle::new(milestone.title.value.clone()),
                    due_on: due_on.clone(),
                    description: without_end(&milestone.description),
                    renamed_from: milestone
                        .renamed_from
                        .iter()
                        .map(|old| MilestoneTitle::new(old.value.clone()))
                        .collect(),
                })
            })
            .collect()
    }
}

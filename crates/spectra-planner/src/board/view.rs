//! Views: layout, filter, the fields that they show, group, sort by and have as columns.

use spectra_model::Setting;
use spectra_model::id::{FieldName, ViewName, fold};
use spectra_model::limits::{NOT_GROUPED_BY, STATUS};
use spectra_model::plan::{self, FieldType, Layout};

use super::field::{Fields, Shown, a_field};
use super::name::{old_names, unique};
use crate::code::Code;
use crate::manifest::{Provisioning, Text, View};
use crate::report::{Report, one_of};
use crate::text;

/// Checks the views; those of the plan, as far as nothing was refused.
pub(super) fn views(board: &Provisioning, fields: &Fields<'_>, report: &mut Report) -> Vec<plan::View> {
    unique("view", board.views.iter().map(|view| &view.name), report);
    let names: Vec<_> = board.views.iter().map(|view| (&view.name, view.renamed_from.as_slice())).collect();
    old_names("view", &names, report);
    board.views.iter().filter_map(|view| planned(view, fields, report)).collect()
}

fn planned(view: &View, fields: &Fields<'_>, report: &mut Report) -> Option<plan::View> {
    text::one_line(&view.name, "a view's name", report);
    if let Some(filter) = view.filter.value() {
        text::one_line(filter, "a view's filter", report);
    }
    let layout = view.layout?;
    fits_layout(view, layout, report);
    let shown = view.fields.as_ref().map(|(names, _)| {
        unique("a view's field", names, report);
        names.iter().filter_map(|name| Some(fields.shown(name, report)?.name)).collect()
    });
    let sort_by = match &view.sort_by {
        Setting::Unmanaged => Setting::Unmanaged,
        Setting::Clear => Setting::Clear,
        Setting::Set(sorts) => {
            unique("a field to sort by", sorts.iter().map(|(field, _)| field), report);
            let sorts = sorts.iter().filter_map(|(field, direction)| {
                Some(plan::Sort { field: fields.shown(field, report)?.name, direction: *direction })
            });
            let sorts: Vec<_> = sorts.collect();
            if sorts.is_empty() { Setting::Clear } else { Setting::Set(sorts) }
        }
    };
    Some(plan::View {
        name: ViewName::new(view.name.value.clone()),
        layout,
        filter: match &view.filter {
            Setting::Unmanaged => Setting::Unmanaged,
            Setting::Clear => Setting::Clear,
            Setting::Set(filter) => Setting::Set(filter.value.clone()),
        },
        fields: shown,
        group_by: arranged(&view.group_by, fields, report, can_group),
        sort_by,
        column_by: arranged(&view.column_by, fields, report, can_be_columns),
        renamed_from: view.renamed_from.iter().map(|old| ViewName::new(old.value.clone())).collect(),
    })
}

/// Reports what a view of this layout doesn't have. GitHub: "Roadmap views do not support visible fields" (seen in an
/// answer); columns are a board's (GitHub docs, "Customizing the board layout").
fn fits_layout(view: &View, layout: Layout, report: &mut Report) {
    if let Some((names, span)) = &view.fields {
        if layout == Layout::Roadmap {
            report.say(
                Code::BadView,
                *span,
                format!(
                    "view `{}` is a roadmap, and GitHub doesn't let a roadmap choose its fields",
                    view.name.value
                ),
                "leave `fields` out, or choose another layout",
            );
        } else if names.is_empty() {
            let message = format!("view `{}` has an empty list of fields", view.name.value);
            report.say(Code::BadView, *span, message, "name a field, or leave `fields` out");
        }
    }
    if let Some(span) = view.column_by_key.filter(|_| layout != Layout::Board) {
        let word = match layout {
            Layout::Table => "table",
            Layout::Board => "board",
            Layout::Roadmap => "roadmap",
        };
        report.say(
            Code::BadView,
            span,
            format!("view `{}` is a {word}, and only a board has columns", view.name.value),
            "write `layout: board`, or leave `columnBy` out",
        );
    }
}

/// A field that a view is arranged by, where there is nothing against it.
fn arranged(
    written: &Setting<Text>,
    fields: &Fields<'_>,
    report: &mut Report,
    against: fn(&Shown) -> Option<(String, String)>,
) -> Setting<FieldName> {
    match written {
        Setting::Unmanaged => Setting::Unmanaged,
        Setting::Clear => Setting::Clear,
        Setting::Set(name) => {
            // Some of them are no field of a new board, and are refused for what they are all the same.
            let known = NOT_GROUPED_BY
                .iter()
                .find(|own| fold(own) == fold(&name.value) && fields.declared(&name.value).is_none());
            let shown = match known {
                Some(own) => Some(Shown { name: FieldName::new(*own), is_declared: false, kind: None }),
                None => fields.shown(name, report),
            };
            let Some(shown) = shown else { return Setting::Unmanaged };
            if let Some((message, help)) = against(&shown) {
                report.say(Code::BadGrouping, name.span, message, help);
            }
            Setting::Set(shown.name)
        }
    }
}

fn can_group(field: &Shown) -> Option<(String, String)> {
    let refused = !field.is_declared && NOT_GROUPED_BY.contains(&field.name.as_str());
    refused.then(|| {
        let message = format!("GitHub can't group a view by `{}`", field.name);
        (message, format!("choose another field; it groups by none of {}", one_of(NOT_GROUPED_BY)))
    })
}

/// GitHub docs, "Customizing the board layout": columns are the options of a single select field or iterations.
fn can_be_columns(field: &Shown) -> Option<(String, String)> {
    let what = match (field.is_declared, field.kind) {
        _ if fold(field.name.as_str()) == fold(STATUS) => return None,
        (true, None | Some(FieldType::SingleSelect | FieldType::Iteration)) => return None,
        (true, Some(kind)) => a_field(kind),
        (false, _) => "a field of GitHub's own",
    };
    let message = format!("`{}` is {what}, and can't be the columns of a board", field.name);
    Some((message, "name a single select or an iteration field, such as Status".to_owned()))
}

//! Options of single and multi select fields.

use spectra_model::id::OptionName;
use spectra_model::limits::OPTIONS_PER_FIELD;
use spectra_model::plan::{self, FieldType};

use super::field::a_field;
use super::name::{old_names, unique};
use crate::code::Code;
use crate::manifest::{Declared, Field, SelectOption};
use crate::report::Report;
use crate::text;

/// Reports options that a field can't have, and a select field that has none.
pub(super) fn check(field: &Field, kind: FieldType, report: &mut Report) {
    let name = &field.name;
    match (&field.options, kind.has_options()) {
        (Some(options), true) => check_options(field, kind, options, report),
        // Iterations stand in their place, and that is reported.
        (None, true) if field.iterations.key.is_some() => {}
        (None, true) => report.say(
            Code::BadOptions,
            name.span,
            format!("field `{}` is {} and has no options", name.value, a_field(kind)),
            "list them under `options`",
        ),
        (Some(_), false) => report.say(
            Code::BadOptions,
            field.options_at,
            format!("field `{}` has options, and is {}", name.value, a_field(kind)),
            "write `type: singleSelect` or `type: multiSelect`, or leave the options out",
        ),
        (None, false) => {}
    }
}

fn check_options(field: &Field, kind: FieldType, options: &Declared<SelectOption>, report: &mut Report) {
    let name = &field.name;
    if options.items.is_empty() && options.complete {
        let message = format!("field `{}` is {} and has no options", name.value, a_field(kind));
        report.say(Code::BadOptions, field.options_at, message, "GitHub wants at least one");
    }
    if let Some(first_too_many) = options.items.get(OPTIONS_PER_FIELD) {
        report.say(
            Code::TooMany,
            first_too_many.name.span,
            format!(
                "field `{}` has {} options, and GitHub allows {OPTIONS_PER_FIELD}",
                name.value,
                options.items.len()
            ),
            "leave some out",
        );
    }
    for option in &options.items {
        text::one_line(&option.name, "an option's name", report);
        if let Some(description) = &option.description {
            text::no_marker(description, "an option's description", report);
        }
    }
    unique("option", options.items.iter().map(|option| &option.name), report);
    let names: Vec<_> =
        options.items.iter().map(|option| (&option.name, option.renamed_from.as_slice())).collect();
    old_names("option", &names, report);
}

/// The options of a plan's field.
pub(super) fn planned(field: &Field) -> Vec<plan::SelectOption> {
    let options = field.options.iter().flat_map(|options| &options.items);
    options
        .filter_map(|option| {
            Some(plan::SelectOption {
                name: OptionName::new(option.name.value.clone()),
                color: option.color?,
                description: option.description.as_ref().map(|text| text.value.trim_end().to_owned()),
                renamed_from: option
                    .renamed_from
                    .iter()
                    .map(|old| OptionName::new(old.value.clone()))
                    .collect(),
            })
        })
        .collect()
}

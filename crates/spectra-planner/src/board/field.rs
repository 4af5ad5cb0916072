//! Fields and their options.

use std::collections::{BTreeMap, BTreeSet};

use spectra_model::id::{FieldName, OptionName, fold};
use spectra_model::limits::{
    BUILT_IN_FIELDS, FIELDS_PER_PROJECT, OPTIONS_PER_FIELD, RESERVED_FIELD_NAMES, STATUS,
};
use spectra_model::plan::{self, FieldType, Manage};

use crate::code::Code;
use crate::manifest::{Declared, Field, Project, SelectOption, Text};
use crate::report::{Report, one_of};
use crate::span::Span;
use crate::text;

/// A board's fields by folded name: GitHub does not tell names apart by case.
pub(super) struct Fields<'m> {
    in_order: Vec<&'m Field>,
    by_name: BTreeMap<String, &'m Field>,
    complete: bool,
}

impl<'m> Fields<'m> {
    /// Checks the fields.
    pub(super) fn of(project: &'m Project, report: &mut Report) -> Self {
        let mut fields =
            Self { in_order: Vec::new(), by_name: BTreeMap::new(), complete: project.fields.complete };
        for field in &project.fields.items {
            if let Some(first) = fields.by_name.get(&fold(&field.name.value)) {
                repeated("field", &field.name, &first.name, report);
                // What names the field that one of the two should be is no mistake of its own.
                fields.complete = false;
                continue;
            }
            fields.complete &= !field.name.value.trim().is_empty();
            fields.in_order.push(field);
            fields.by_name.insert(fold(&field.name.value), field);
            check(field, report);
        }
        old_names(
            "field",
            &fields
                .in_order
                .iter()
                .map(|field| (&field.name, field.renamed_from.as_slice()))
                .collect::<Vec<_>>(),
            report,
        );
        let own = fields.in_order.iter().filter(|field| !is_status(&field.name)).count();
        if own + BUILT_IN_FIELDS > FIELDS_PER_PROJECT {
            report.say(
                Code::TooMany,
                project.fields.items.get(FIELDS_PER_PROJECT - BUILT_IN_FIELDS).map_or(project.span, |f| f.name.span),
                format!(
                    "{own} fields and GitHub's {BUILT_IN_FIELDS} are more than the {FIELDS_PER_PROJECT} that a board has"
                ),
                format!("declare at most {} besides Status", FIELDS_PER_PROJECT - BUILT_IN_FIELDS),
            );
        }
        fields
    }

    /// The field of a name; reports one that isn't declared.
    pub(super) fn find(&self, name: &Text, report: &mut Report) -> Option<&'m Field> {
        if let Some(field) = self.by_name.get(&fold(&name.value)) {
            return Some(field);
        }
        if reserved(&name.value) {
            let help = "an issue's own keys and GitHub itself fill it";
            let message = format!("`{}` is a field of GitHub's own that takes no value here", name.value);
            report.say(Code::UnknownField, name.span, message, help);
        } else if self.complete {
            let help = report.did_you_mean(
                &name.value,
                self.in_order.iter().map(|field| field.name.value.as_str()),
                "declare it under `fields` of `projectProvisioning`",
            );
            report.say(Code::UnknownField, name.span, format!("unknown field `{}`", name.value), help);
        }
        None
    }

    /// The fields of a plan.
    pub(super) fn planned(&self) -> Vec<plan::Field> {
        self.in_order.iter().filter_map(|field| planned(field)).collect()
    }
}

fn planned(field: &Field) -> Option<plan::Field> {
    let default = if is_status(&field.name) { Manage::OnCreate } else { Manage::Always };
    let options = field.options.as_ref().map(|options| options.items.as_slice()).unwrap_or_default();
    Some(plan::Field {
        name: FieldName::new(field.name.value.clone()),
        r#type: field.kind?,
        manage: field.manage.unwrap_or(default),
        options: options.iter().filter_map(planned_option).collect(),
        renamed_from: field.renamed_from.iter().map(|old| FieldName::new(old.value.clone())).collect(),
    })
}

fn planned_option(option: &SelectOption) -> Option<plan::SelectOption> {
    Some(plan::SelectOption {
        name: OptionName::new(option.name.value.clone()),
        color: option.color?,
        description: option.description.as_ref().map(|text| text.value.trim_end().to_owned()),
        renamed_from: option.renamed_from.iter().map(|old| OptionName::new(old.value.clone())).collect(),
    })
}

fn check(field: &Field, report: &mut Report) {
    let name = &field.name;
    text::one_line(name, "a field's name", report);
    if reserved(&name.value) {
        report.say(
            Code::ReservedField,
            name.span,
            format!("`{}` is a name that GitHub keeps for itself", name.value),
            format!("choose another; reserved are {}", one_of(RESERVED_FIELD_NAMES)),
        );
    }
    let Some(kind) = field.kind else { return };
    if is_status(name) && kind != FieldType::SingleSelect {
        report.say(
            Code::BadOptions,
            name.span,
            "Status is a single select field, and GitHub can't change that",
            "write `type: singleSelect`, or choose another name",
        );
        return;
    }
    match (&field.options, kind) {
        (Some(options), FieldType::SingleSelect) => check_options(name, options, report),
        (None, FieldType::SingleSelect) => report.say(
            Code::BadOptions,
            name.span,
            format!("single select field `{}` has no options", name.value),
            "list them under `options`",
        ),
        (Some(_), FieldType::Text | FieldType::Number | FieldType::Date) => report.say(
            Code::BadOptions,
            name.span,
            format!("field `{}` has options and is not a single select field", name.value),
            "write `type: singleSelect`, or leave the options out",
        ),
        (None, FieldType::Text | FieldType::Number | FieldType::Date) => {}
    }
}

fn check_options(field: &Text, options: &Declared<SelectOption>, report: &mut Report) {
    if options.items.is_empty() && options.complete {
        let message = format!("single select field `{}` has no options", field.value);
        report.say(Code::BadOptions, field.span, message, "GitHub wants at least one");
    }
    if let Some(first_too_many) = options.items.get(OPTIONS_PER_FIELD) {
        report.say(
            Code::TooMany,
            first_too_many.name.span,
            format!(
                "field `{}` has {} options, and GitHub allows {OPTIONS_PER_FIELD}",
                field.value,
                options.items.len()
            ),
            "leave some out",
        );
    }
    let mut seen: BTreeMap<String, &Text> = BTreeMap::new();
    for option in &options.items {
        text::one_line(&option.name, "an option's name", report);
        if let Some(description) = &option.description {
            text::no_marker(description, "an option's description", report);
        }
        if let Some(first) = seen.get(&fold(&option.name.value)) {
            repeated("option", &option.name, first, report);
        } else {
            seen.insert(fold(&option.name.value), &option.name);
        }
    }
    let names: Vec<_> =
        options.items.iter().map(|option| (&option.name, option.renamed_from.as_slice())).collect();
    old_names("option", &names, report);
}

fn repeated(what: &str, name: &Text, first: &Text, report: &mut Report) {
    report.say(
        Code::RepeatedName,
        name.span,
        format!("{what} `{}` is declared twice", name.value),
        format!(
            "`{}` stands in {}; GitHub does not tell names apart by case",
            first.value,
            report.line(first.span, name.span)
        ),
    );
}

/// Reports old names that are still in use or that two claim.
fn old_names(what: &str, names: &[(&Text, &[Text])], report: &mut Report) {
    let current: BTreeSet<String> = names.iter().map(|(name, _)| fold(&name.value)).collect();
    let mut claimed: BTreeMap<String, Span> = BTreeMap::new();
    for (name, old_names) in names {
        for old in *old_names {
            let folded = fold(&old.value);
            if folded == fold(&name.value) {
                // GitHub sees one name in both; nothing moves.
                continue;
            }
            if current.contains(&folded) {
                report.say(
                    Code::BadRename,
                    old.span,
                    format!("`{}` can't be an old name: a {what} is still called so", old.value),
                    "leave it out, or rename the other one",
                );
            } else if let Some(first) = claimed.insert(folded, old.span) {
                report.say(
                    Code::BadRename,
                    old.span,
                    format!("`{}` is claimed as an old name twice", old.value),
                    format!("it is claimed in {} already", report.line(first, old.span)),
                );
            }
        }
    }
}

fn is_status(name: &Text) -> bool {
    fold(&name.value) == fold(STATUS)
}

fn reserved(name: &str) -> bool {
    RESERVED_FIELD_NAMES.iter().any(|taken| fold(taken) == fold(name))
}

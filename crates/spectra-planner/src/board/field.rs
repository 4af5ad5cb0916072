//! Fields.

use std::collections::{BTreeMap, BTreeSet};

use spectra_model::id::{FieldName, fold};
use spectra_model::limits::{
    BUILT_IN_FIELD_NAMES, BUILT_IN_FIELDS, FIELDS_PER_PROJECT, OTHER_FIELD_NAMES, RESERVED_FIELD_NAMES,
    STATUS,
};
use spectra_model::plan::{self, FieldType, Manage};

use super::name::{old_names, repeated};
use super::{iteration, option};
use crate::code::Code;
use crate::manifest::{Declared, Field, Text};
use crate::report::{Report, Scope, Unknown, one_of};
use crate::span::Span;
use crate::text;

/// A board's fields by folded name: GitHub does not tell names apart by case.
#[derive(Default)]
pub(super) struct Fields<'m> {
    in_order: Vec<Known<'m>>,
    by_name: BTreeMap<String, usize>,
    complete: bool,
}

/// A field as it was written, with its iterations reckoned.
pub(super) struct Known<'m> {
    pub(super) field: &'m Field,
    /// Its type; None where it can't be told: then nothing more is said about what it holds.
    pub(super) kind: Option<FieldType>,
    /// The names of its options, for quick look-ups.
    pub(super) options: BTreeSet<&'m str>,
    /// None where they were refused.
    pub(super) iterations: Option<Vec<plan::Iteration>>,
    /// The titles of its iterations, for quick look-ups.
    pub(super) titles: BTreeSet<String>,
}

/// A field that a view names.
pub(super) struct Shown {
    /// Its name as it was declared, or as GitHub writes it.
    pub(super) name: FieldName,
    /// Whether it is one of the manifest's.
    pub(super) is_declared: bool,
    /// Its type; None of GitHub's own fields, and where it can't be told.
    pub(super) kind: Option<FieldType>,
}

impl<'m> Fields<'m> {
    /// Checks the fields.
    pub(super) fn of(written: &'m Declared<Field>, report: &mut Report) -> Self {
        let mut fields = Self { in_order: Vec::new(), by_name: BTreeMap::new(), complete: written.complete };
        for field in &written.items {
            if let Some(first) = fields.declared(field.name.value.trim()) {
                repeated("field", &field.name, &first.field.name, report);
                // What names the field that one of the two should be is no mistake of its own.
                fields.complete = false;
                continue;
            }
            // What names the field by the name that it may get in place of one it can't have is no mistake of its own.
            fields.complete &= text::can_be_meant(&field.name.value) && !reserved(&field.name.value);
            fields.by_name.insert(fold(field.name.value.trim()), fields.in_order.len());
            check(field, report);
            let iterations = field.kind.and_then(|kind| iteration::check(field, kind, report));
            let titles =
                iterations.iter().flatten().map(|one| one.title.as_str().trim().to_owned()).collect();
            let options = field.options.iter().flat_map(|options| &options.items);
            let options = options.map(|option| option.name.value.trim()).collect();
            fields.in_order.push(Known { field, kind: kind(field), options, iterations, titles });
        }
        let names: Vec<_> = fields
            .in_order
            .iter()
            .map(|known| (&known.field.name, known.field.renamed_from.as_slice()))
            .collect();
        old_names("field", &names, report);
        let own: Vec<&Text> =
            fields.in_order.iter().map(|known| &known.field.name).filter(|name| !is_status(name)).collect();
        let room = FIELDS_PER_PROJECT - BUILT_IN_FIELDS;
        if let Some(first_too_many) = own.get(room) {
            report.say(
                Code::TooMany,
                first_too_many.span,
                format!(
                    "{} fields and GitHub's {BUILT_IN_FIELDS} are more than the {FIELDS_PER_PROJECT} that a board has",
                    own.len()
                ),
                format!("declare at most {room} besides Status"),
            );
        }
        fields
    }

    /// The field of a name; reports one that isn't declared.
    pub(super) fn find(&self, name: &Text, report: &mut Report) -> Option<&Known<'m>> {
        let found = self.declared(&name.value);
        if found.is_some() {
            report.refers(self.scope(), &name.value);
            return found;
        }
        if reserved(&name.value) {
            let help = "an issue's own keys and GitHub itself fill it";
            let message = format!("`{}` is a field of GitHub's own that takes no value here", name.value);
            report.of_several_places(self.scope(), &name.value, name.span, message, |_| {
                (help.to_owned(), Vec::new())
            });
        } else if self.complete {
            let otherwise = "declare it under `fields` of `projectProvisioning`";
            report.unknown(self.unknown(name, self.in_order.is_empty(), otherwise), self.names());
        }
        None
    }

    /// The field that a view names, one of GitHub's own too; reports one that there is not.
    pub(super) fn shown(&self, name: &Text, report: &mut Report) -> Option<Shown> {
        if let Some(Known { field, kind, .. }) = self.declared(&name.value) {
            report.refers(self.scope(), &name.value);
            let name = FieldName::new(field.name.value.clone());
            return Some(Shown { name, is_declared: true, kind: *kind });
        }
        let githubs = || BUILT_IN_FIELD_NAMES.into_iter().chain(OTHER_FIELD_NAMES);
        if let Some(own) = githubs().find(|own| fold(own) == fold(&name.value)) {
            return Some(Shown { name: FieldName::new(own), is_declared: false, kind: None });
        }
        if self.complete {
            let names = self.names().chain(githubs().map(|own| (own, None)));
            let otherwise = "name a field of the board, or one of GitHub's own such as Title or Assignees";
            // The words that a value of such a field gets too: it is one mistake.
            let none = self.in_order.is_empty() && report.nearest(&name.value, githubs()).is_none();
            report.unknown(self.unknown(name, none, otherwise), names);
        }
        None
    }

    /// Whether it has a field of this name, as far as it can be told.
    pub(super) fn may_have(&self, name: &str) -> bool {
        !self.complete || self.declared(name).is_some()
    }

    pub(super) fn declared(&self, name: &str) -> Option<&Known<'m>> {
        self.in_order.get(*self.by_name.get(&fold(name))?)
    }

    /// The names with their places.
    fn names(&self) -> impl Iterator<Item = (&'m str, Option<Span>)> {
        self.in_order.iter().map(|known| (known.field.name.value.as_str(), Some(known.field.name.span)))
    }

    /// Where fields of this board are looked up: a board is known by its first field.
    fn scope(&self) -> Scope {
        (Code::UnknownField, self.in_order.first().map(|known| known.field.name.span))
    }

    /// Without any field it is one mistake, whichever is named.
    fn unknown<'n>(&self, name: &'n Text, none: bool, otherwise: &'n str) -> Unknown<'n> {
        let why = if none { ", and the board declares no fields" } else { "" };
        Unknown {
            scope: self.scope(),
            name: if none { "" } else { &name.value },
            span: name.span,
            message: format!("unknown field `{}`{why}", name.value),
            otherwise,
        }
    }

    /// The fields of a plan.
    pub(super) fn planned(&self) -> Vec<plan::Field> {
        self.in_order.iter().filter_map(planned).collect()
    }
}

fn planned(known: &Known<'_>) -> Option<plan::Field> {
    let field = known.field;
    let default = if is_status(&field.name) { Manage::OnCreate } else { Manage::Always };
    Some(plan::Field {
        name: FieldName::new(field.name.value.clone()),
        r#type: field.kind?,
        manage: field.manage.unwrap_or(default),
        options: option::planned(field),
        iterations: known.iterations.clone().unwrap_or_default(),
        renamed_from: field.renamed_from.iter().map(|old| FieldName::new(old.value.clone())).collect(),
    })
}

/// The type of a field, unless other keys of it belong to another type: that was reported.
fn kind(field: &Field) -> Option<FieldType> {
    let kind = field.kind?;
    let fits = field.options.as_ref().is_none_or(|_| kind.has_options())
        && field.iterations.key.as_ref().is_none_or(|_| kind == FieldType::Iteration)
        && (!is_status(&field.name) || kind == FieldType::SingleSelect);
    fits.then_some(kind)
}

/// The word for a field of a type in messages.
pub(super) fn a_field(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text => "a text field",
        FieldType::Number => "a number field",
        FieldType::Date => "a date field",
        FieldType::SingleSelect => "a single select field",
        FieldType::MultiSelect => "a multi select field",
        FieldType::Iteration => "an iteration field",
    }
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
            field.kind_at,
            "Status is a single select field, and GitHub can't change that",
            "write `type: singleSelect`, or choose another name",
        );
        return;
    }
    option::check(field, kind, report);
}

fn is_status(name: &Text) -> bool {
    fold(&name.value) == fold(STATUS)
}

fn reserved(name: &str) -> bool {
    RESERVED_FIELD_NAMES.iter().any(|taken| fold(taken) == fold(name))
}

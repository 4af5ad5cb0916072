//! Values: what an author wrote, as what the field holds.

use std::collections::BTreeSet;

use jiff::civil::Date;
use spectra_model::Setting;
use spectra_model::limits::{OPTIONS_PER_FIELD, TEXT_VALUE_BYTES};
use spectra_model::marker;
use spectra_model::plan::{FieldInput, FieldType};

use super::field::{Known, a_field};
use crate::code::Code;
use crate::manifest::{Input, Text};
use crate::report::{Report, Scope, Unknown, one_of};
use crate::span::Span;
use crate::text::WITHOUT_MARKER;
use crate::yaml::{Kind, Scalar};

/// The largest whole number that no other is read as: beyond it a double holds only every second one.
const MAX_EXACT: f64 = 9_007_199_254_740_991.0;

/// What an author wrote, placeholders filled in.
pub(super) enum Filled<'i> {
    /// A single value: what YAML takes it for, and its text.
    One(&'i Scalar, String),
    /// Several.
    Several(Vec<Text>),
}

/// The value for the plan. Unmanaged where it was refused or its field was: then there is no plan.
pub(super) fn value(
    known: &Known<'_>,
    input: &Input,
    filled: &Filled<'_>,
    report: &mut Report,
) -> Setting<FieldInput> {
    let name = &known.field.name.value;
    let Some(kind) = known.kind else { return Setting::Unmanaged };
    match (filled, kind) {
        (Filled::One(scalar, _), _) if scalar.kind == Kind::Null => Setting::Clear,
        (Filled::One(scalar, text), _) if kind != FieldType::MultiSelect => {
            single(known, kind, scalar, text, input, report)
        }
        (Filled::Several(names), FieldType::MultiSelect) => several(known, names, input, report),
        (Filled::One(..), _) => {
            let message = format!("field `{name}` is a multi select field and takes a list");
            let help = "write the options between brackets, such as [one, two]";
            unfit(known, "", input.span, message, help, report);
            Setting::Unmanaged
        }
        (Filled::Several(_), _) => {
            let message = format!("field `{name}` is {} and takes a single value", a_field(kind));
            unfit(known, "", input.span, message, "write one value, without brackets", report);
            Setting::Unmanaged
        }
    }
}

fn several(known: &Known<'_>, names: &[Text], input: &Input, report: &mut Report) -> Setting<FieldInput> {
    let field = &known.field.name.value;
    fits(known, report);
    if names.is_empty() {
        let message = format!("the list for `{field}` is empty");
        report.say(Code::WrongValue, input.span, message, "write null to empty the value");
        return Setting::Unmanaged;
    }
    let mut chosen: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut sound = true;
    for name in names {
        if !is_option(known, &name.value, name.span, report) {
            sound = false;
        } else if !seen.insert(name.value.as_str()) {
            sound = false;
            let message = format!("option `{}` stands in the list for `{field}` twice", name.value);
            report.say(Code::WrongValue, name.span, message, "keep one of them");
        } else {
            chosen.push(name.value.clone());
        }
    }
    if sound { Setting::Set(FieldInput::List(chosen)) } else { Setting::Unmanaged }
}

/// Whether a field has such an option; reports one that it hasn't.
fn is_option(known: &Known<'_>, text: &str, span: Span, report: &mut Report) -> bool {
    let scope = (Code::UnknownOption, Some(known.field.name.span));
    if known.options.contains(text) {
        report.refers(scope, text);
        return true;
    }
    // What is wrong with the list was told.
    let Some(options) =
        known.field.options.as_ref().filter(|options| options.complete && !options.items.is_empty())
    else {
        return false;
    };
    let names = || options.items.iter().map(|option| &option.name);
    let listed = one_of(names().map(|name| name.value.as_str()).take(OPTIONS_PER_FIELD));
    let unknown = Unknown {
        scope,
        name: text,
        span,
        message: format!("field `{}` has no option {}", known.field.name.value, shown(text)),
        otherwise: &format!("the options are {listed}"),
    };
    report.unknown(unknown, names().map(|name| (name.value.as_str(), Some(name.span))));
    false
}

/// Whether a field has such an iteration; reports one that it hasn't.
fn is_iteration(known: &Known<'_>, text: &str, span: Span, report: &mut Report) -> bool {
    let scope = (Code::UnknownIteration, Some(known.field.name.span));
    if known.titles.contains(text) {
        report.refers(scope, text);
        return true;
    }
    // What is wrong with them was told.
    let Some(iterations) = &known.iterations else { return false };
    let titles = || iterations.iter().map(|iteration| iteration.title.as_str());
    let listed = match (titles().next(), titles().next_back()) {
        (Some(first), Some(last)) if iterations.len() > 2 => format!("they go from `{first}` to `{last}`"),
        _ => format!("the iterations are {}", one_of(titles())),
    };
    let message = format!("field `{}` has no iteration {}", known.field.name.value, shown(text));
    match &known.field.iterations.list {
        Some(list) => {
            let unknown = Unknown { scope, name: text, span, message, otherwise: &listed };
            let titles = list.items.iter().map(|item| (item.title.value.as_str(), Some(item.title.span)));
            report.unknown(unknown, titles);
        }
        // Beyond their count they are missing for one reason.
        None if is_numbered(&known.field.name.value, text) => {
            let unknown = Unknown { scope, name: "", span, message, otherwise: &listed };
            report.unknown(unknown, []);
        }
        None => {
            let unknown = Unknown { scope, name: text, span, message, otherwise: &listed };
            report.unknown(unknown, titles().map(|title| (title, None)));
        }
    }
    false
}

/// Whether a title is one that a field's iterations could have if there were more.
fn is_numbered(field: &str, title: &str) -> bool {
    let number = title.strip_prefix(field).and_then(|rest| rest.strip_prefix(' '));
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Where the values of a field are of its type or not.
fn scope_of(known: &Known<'_>) -> Scope {
    (Code::WrongValue, Some(known.field.name.span))
}

/// Notes that a value is of its field's type: then it isn't the type that is wrong.
fn fits(known: &Known<'_>, report: &mut Report) {
    report.refers(scope_of(known), "");
}

/// Reports a value that isn't of its field's type. Where none of its values is, that is one mistake.
fn unfit(known: &Known<'_>, text: &str, span: Span, message: String, help: &str, report: &mut Report) {
    report.of_several_places(scope_of(known), text, span, message, |_| (help.to_owned(), Vec::new()));
}

fn single(
    known: &Known<'_>,
    kind: FieldType,
    scalar: &Scalar,
    text: &str,
    input: &Input,
    report: &mut Report,
) -> Setting<FieldInput> {
    let name = &known.field.name.value;
    let refused = match kind {
        FieldType::Number => {
            if let Some(number) = number(scalar) {
                fits(known, report);
                return Setting::Set(number);
            }
            let message = format!("field `{name}` is a number, and this is {}", shown(text));
            let help = format!("write a number without quotes, between -{MAX_EXACT} and {MAX_EXACT}");
            unfit(known, text, input.span, message, &help, report);
            return Setting::Unmanaged;
        }
        FieldType::Text if text.len() > TEXT_VALUE_BYTES => Some((
            Code::TooLong,
            format!("the text for `{name}` has {} bytes, and GitHub allows {TEXT_VALUE_BYTES}", text.len()),
            "cut it".to_owned(),
        )),
        FieldType::Text if text.trim().is_empty() => Some((
            Code::WrongValue,
            format!("the text for `{name}` is blank"),
            "write null to empty the value".to_owned(),
        )),
        FieldType::Text if marker::holds_a_marker(text) => Some((
            Code::HoldsMarker,
            format!("the text for `{name}` holds a marker of Spectra"),
            WITHOUT_MARKER.to_owned(),
        )),
        FieldType::Text => {
            ill_formed(name, text).map(|(message, help)| (Code::WrongValue, message, help.to_owned()))
        }
        FieldType::Date if !is_date(text) => {
            let message = format!("field `{name}` is a date, and {} is none", shown(text));
            let help = "write a day that there is, as YYYY-MM-DD";
            unfit(known, text, input.span, message, help, report);
            return Setting::Unmanaged;
        }
        FieldType::Date => None,
        FieldType::SingleSelect | FieldType::MultiSelect if is_option(known, text, input.span, report) => {
            None
        }
        FieldType::Iteration if is_iteration(known, text, input.span, report) => None,
        FieldType::SingleSelect | FieldType::MultiSelect | FieldType::Iteration => return Setting::Unmanaged,
    };
    match refused {
        None => {
            fits(known, report);
            Setting::Set(FieldInput::Text(text.to_owned()))
        }
        Some((code, message, help)) => {
            report.say(code, input.span, message, help);
            Setting::Unmanaged
        }
    }
}

fn number(scalar: &Scalar) -> Option<FieldInput> {
    match scalar.kind {
        Kind::Number(number) if number.abs() <= MAX_EXACT => Some(FieldInput::Number(number)),
        Kind::Number(_) | Kind::Null | Kind::Bool(_) | Kind::Text => None,
    }
}

/// What GitHub would not keep of a text as it is: a text field has one line, without spaces around it.
fn ill_formed(name: &str, text: &str) -> Option<(String, &'static str)> {
    if text.chars().any(char::is_control) {
        let message = format!("the text for `{name}` holds a line break or another control character");
        return Some((message, "write it on one line"));
    }
    let is_padded = text.trim() != text;
    is_padded.then(|| (format!("the text for `{name}` begins or ends with a space"), "leave the space out"))
}

/// Whether there is such a day. The calendar begins with year 1.
fn is_date(text: &str) -> bool {
    let date = text.parse::<Date>().ok().filter(|date| date.year() >= 1);
    text.len() == 10 && date.is_some_and(|date| date.to_string() == text)
}

fn shown(text: &str) -> String {
    if text.is_empty() { "empty".to_owned() } else { format!("`{text}`") }
}

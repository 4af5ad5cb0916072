//! Values: what an author wrote, as what the field holds.

use std::collections::BTreeSet;

use jiff::civil::Date;
use spectra_model::Setting;
use spectra_model::limits::{OPTIONS_PER_FIELD, TEXT_VALUE_BYTES};
use spectra_model::plan::{FieldInput, FieldType};

use super::field::{Known, a_field};
use crate::code::Code;
use crate::manifest::{Input, Text};
use crate::report::{Report, one_of};
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
            report.say(
                Code::WrongValue,
                input.span,
                format!("field `{name}` is a multi select field and takes a list"),
                "write the options between brackets, such as [one, two]",
            );
            Setting::Unmanaged
        }
        (Filled::Several(_), _) => {
            report.say(
                Code::WrongValue,
                input.span,
                format!("field `{name}` is {} and takes a single value", a_field(kind)),
                "write one value, without brackets",
            );
            Setting::Unmanaged
        }
    }
}

fn several(known: &Known<'_>, names: &[Text], input: &Input, report: &mut Report) -> Setting<FieldInput> {
    let field = &known.field.name.value;
    if names.is_empty() {
        let message = format!("the list for `{field}` is empty");
        report.say(Code::WrongValue, input.span, message, "write null to empty the value");
        return Setting::Unmanaged;
    }
    let mut chosen: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut sound = true;
    for name in names {
        if let Some(refused) = no_option(known, &name.value, report) {
            sound = false;
            if let Some((code, message, help)) = refused {
                report.say(code, name.span, message, help);
            }
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

/// What is wrong, in the words of a diagnostic; None where it was told elsewhere.
type Refused = Option<(Code, String, String)>;

/// Why a field has no such option; None where it has.
fn no_option(known: &Known<'_>, text: &str, report: &mut Report) -> Option<Refused> {
    let Some(options) = &known.field.options else { return Some(None) };
    let names = || options.items.iter().map(|option| option.name.value.as_str());
    if known.options.contains(text) {
        return None;
    }
    if !options.complete {
        return Some(None);
    }
    let listed = format!("the options are {}", one_of(names().take(OPTIONS_PER_FIELD)));
    let help = report.did_you_mean(text, names(), &listed);
    let message = format!("field `{}` has no option {}", known.field.name.value, shown(text));
    Some(Some((Code::UnknownOption, message, help)))
}

/// Why a field has no such iteration; None where it has.
fn no_iteration(known: &Known<'_>, text: &str, report: &mut Report) -> Option<Refused> {
    let Some(iterations) = &known.iterations else { return Some(None) };
    let titles = || iterations.iter().map(|iteration| iteration.title.as_str());
    if known.titles.contains(text) {
        return None;
    }
    let listed = match (titles().next(), titles().next_back()) {
        (Some(first), Some(last)) if iterations.len() > 2 => format!("they go from `{first}` to `{last}`"),
        _ => format!("the iterations are {}", one_of(titles())),
    };
    let help = report.did_you_mean(text, titles(), &listed);
    let message = format!("field `{}` has no iteration {}", known.field.name.value, shown(text));
    Some(Some((Code::UnknownIteration, message, help)))
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
    let as_written = || Setting::Set(FieldInput::Text(text.to_owned()));
    let refused = match kind {
        FieldType::Number => match number(scalar) {
            Some(number) => return Setting::Set(number),
            None => Some((
                Code::WrongValue,
                format!("field `{name}` is a number, and this is {}", shown(text)),
                format!("write a number without quotes, between -{MAX_EXACT} and {MAX_EXACT}"),
            )),
        },
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
        FieldType::Text if let Some((message, help)) = ill_formed(name, text) => {
            Some((Code::WrongValue, message, help.to_owned()))
        }
        FieldType::Date if !is_date(text) => Some((
            Code::WrongValue,
            format!("field `{name}` is a date, and {} is none", shown(text)),
            "write a day that there is, as YYYY-MM-DD".to_owned(),
        )),
        FieldType::SingleSelect | FieldType::MultiSelect => match no_option(known, text, report) {
            None => return as_written(),
            Some(refused) => refused,
        },
        FieldType::Iteration => match no_iteration(known, text, report) {
            None => return as_written(),
            Some(refused) => refused,
        },
        FieldType::Text | FieldType::Date => return as_written(),
    };
    if let Some((code, message, help)) = refused {
        report.say(code, input.span, message, help);
    }
    Setting::Unmanaged
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

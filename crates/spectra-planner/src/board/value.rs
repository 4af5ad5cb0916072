//! Values: what an author wrote, as what the field holds.

use jiff::civil::Date;
use spectra_model::Setting;
use spectra_model::limits::TEXT_VALUE_BYTES;
use spectra_model::plan::{FieldInput, FieldType};

use crate::code::Code;
use crate::manifest::{Field, Input};
use crate::report::{Report, one_of};
use crate::yaml::Kind;

/// The largest whole number that no other is read as: beyond it a double holds only every second one.
const MAX_EXACT: f64 = 9_007_199_254_740_991.0;

/// The value for the plan. Unmanaged where it was refused or its field was: then there is no plan.
pub(super) fn value(field: &Field, input: &Input, text: &str, report: &mut Report) -> Setting<FieldInput> {
    if input.scalar.kind == Kind::Null {
        return Setting::Clear;
    }
    let name = &field.name.value;
    let Some(kind) = field.kind else { return Setting::Unmanaged };
    if field.options.is_some() && kind != FieldType::SingleSelect {
        // Options and type don't fit, and it isn't known which of them is meant.
        return Setting::Unmanaged;
    }
    let (code, message, help) = match kind {
        FieldType::Number => match number(input) {
            Some(number) => return Setting::Set(number),
            None => (
                Code::WrongValue,
                format!("field `{name}` is a number, and this is {}", shown(text)),
                format!("write a number without quotes, between -{MAX_EXACT} and {MAX_EXACT}"),
            ),
        },
        FieldType::Text if text.len() > TEXT_VALUE_BYTES => (
            Code::TooLong,
            format!("the text for `{name}` has {} bytes, and GitHub allows {TEXT_VALUE_BYTES}", text.len()),
            "cut it".to_owned(),
        ),
        FieldType::Text if text.trim().is_empty() => (
            Code::WrongValue,
            format!("the text for `{name}` is blank"),
            "write null to empty the value".to_owned(),
        ),
        FieldType::Text if let Some((message, help)) = ill_formed(name, text) => {
            (Code::WrongValue, message, help.to_owned())
        }
        FieldType::Date if !is_date(text) => (
            Code::WrongValue,
            format!("field `{name}` is a date, and {} is none", shown(text)),
            "write a day that there is, as YYYY-MM-DD".to_owned(),
        ),
        FieldType::SingleSelect => {
            let Some(options) = &field.options else { return Setting::Unmanaged };
            let names = || options.items.iter().map(|option| option.name.value.as_str());
            if names().any(|known| known == text) {
                return Setting::Set(FieldInput::Text(text.to_owned()));
            }
            if !options.complete {
                return Setting::Unmanaged;
            }
            let known = format!("the options are {}", one_of(names()));
            let help = report.did_you_mean(text, names(), &known);
            (Code::UnknownOption, format!("field `{name}` has no option {}", shown(text)), help)
        }
        FieldType::Text | FieldType::Date => return Setting::Set(FieldInput::Text(text.to_owned())),
    };
    report.say(code, input.span, message, help);
    Setting::Unmanaged
}

fn number(input: &Input) -> Option<FieldInput> {
    match input.scalar.kind {
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

//! What GitHub and Spectra ask of texts: lengths, one line, no marker.

use jiff::civil::Date;
use spectra_model::marker;

use crate::code::Code;
use crate::manifest::Text;
use crate::report::Report;

/// What to do about a marker.
pub(crate) const WITHOUT_MARKER: &str = "leave out the comment that begins with `<!-- spectra:`";

/// How many characters of a text a message shows.
const SHOWN: usize = 60;

/// Reports a title or a name that is blank, padded or broken over lines. GitHub would store another text, and each
/// later run would see a difference.
pub(crate) fn one_line(text: &Text, what: &str, report: &mut Report) {
    let value = &text.value;
    let (message, help) = if value.trim().is_empty() {
        (format!("{what} is blank"), "write some text")
    } else if value.chars().any(char::is_control) {
        let message = format!("{what} {} holds a line break or another control character", beginning(value));
        (message, "write it on one line")
    } else if value.trim() != value {
        (format!("{what} {} begins or ends with a space", beginning(value)), "GitHub cuts it; leave it out")
    } else {
        no_marker(text, what, report);
        return;
    };
    report.say(Code::BadText, text.span, message, help);
}

/// Whether a name, padded or not, is one that others can refer to.
pub(crate) fn can_be_meant(name: &str) -> bool {
    !name.trim().is_empty() && !name.chars().any(char::is_control)
}

/// The beginning of a text, as it can stand in a message.
fn beginning(text: &str) -> String {
    let shown: String = text.chars().take(SHOWN).map(|c| if c.is_control() { '…' } else { c }).collect();
    let more = if text.chars().nth(SHOWN).is_some() { "…" } else { "" };
    format!("`{shown}{more}`")
}

/// Reports a text that holds what only Spectra may write.
pub(crate) fn no_marker(text: &Text, what: &str, report: &mut Report) {
    if marker::holds_a_marker(&text.value) {
        report.say(Code::HoldsMarker, text.span, format!("{what} holds a marker of Spectra"), WITHOUT_MARKER);
    }
}

/// The day that a text names; reports one that there is not. Its shape was checked.
pub(crate) fn day(text: &Text, what: &str, report: &mut Report) -> Option<Date> {
    let day = text.value.parse::<Date>().ok().filter(|day| day.year() > 0 && day.to_string() == text.value);
    if day.is_none() {
        report.say(
            Code::BadDate,
            text.span,
            format!("{what} is `{}`, and there is no such day", text.value),
            "write a day that there is, as YYYY-MM-DD",
        );
    }
    day
}

/// Reports a text that is longer than GitHub allows.
pub(crate) fn at_most(limit: usize, text: &Text, what: &str, report: &mut Report) {
    let length = text.value.trim_end().chars().count();
    if length > limit {
        report.say(
            Code::TooLong,
            text.span,
            format!("{what} has {length} characters, and GitHub allows {limit}"),
            format!("cut {} characters", length - limit),
        );
    }
}

//! Iterations of iteration fields: a list, or as many of one length as are asked for.
//!
//! GitHub's iterations follow each other: breaks between them are allowed, overlaps are not (GitHub docs, "About
//! iteration fields").

use jiff::ToSpan;
use jiff::civil::Date;
use spectra_model::id::IterationTitle;
use spectra_model::plan::{self, FieldType};

use super::field::a_field;
use super::name::{old_names, unique};
use crate::code::Code;
use crate::manifest::{Declared, Field, Iteration, Text};
use crate::report::Report;
use crate::text;

/// The most iterations that a count may ask for. GitHub's own limit is not published; more would not fit into the
/// board's record.
const MOST: u32 = 500;

/// Reports iterations that can't be; those of the plan's field, or None where not all of them could be read.
pub(super) fn check(field: &Field, kind: FieldType, report: &mut Report) -> Option<Vec<plan::Iteration>> {
    let written = &field.iterations;
    if kind != FieldType::Iteration {
        if let Some(key) = &written.key {
            report.say(
                Code::BadIterations,
                key.span,
                format!("field `{}` has `{}`, and is {}", field.name.value, key.value, a_field(kind)),
                "write `type: iteration`, or leave it out",
            );
        }
        return None;
    }
    // Options in their place were reported.
    if !written.readable || (written.key.is_none() && field.options.is_some()) {
        return None;
    }
    let alone = [&written.start, &written.duration, &written.count];
    match (&written.list, alone.into_iter().flatten().next()) {
        (Some(_), Some(both)) => {
            let message =
                format!("field `{}` has both a list of iterations and a rule for them", field.name.value);
            let help = "keep `iterations`, or `start`, `duration` and `count`";
            report.say(Code::BadIterations, both.span, message, help);
            None
        }
        (Some(list), None) => listed(field, list, report),
        (None, _) => generated(field, report),
    }
}

fn generated(field: &Field, report: &mut Report) -> Option<Vec<plan::Iteration>> {
    let written = &field.iterations;
    let parts = [("start", &written.start), ("duration", &written.duration), ("count", &written.count)];
    let missing: Vec<&str> = parts.iter().filter(|(_, part)| part.is_none()).map(|(key, _)| *key).collect();
    if let Some(first) = missing.first() {
        let (message, help) = if missing.len() == parts.len() {
            (
                format!("iteration field `{}` has no iterations", field.name.value),
                "write `start`, `duration` and `count`, or list them under `iterations`".to_owned(),
            )
        } else {
            (
                format!("iteration field `{}` has no `{first}`", field.name.value),
                "`start`, `duration` and `count` belong together".to_owned(),
            )
        };
        report.say(Code::BadIterations, field.name.span, message, help);
        return None;
    }
    let (Some(start), Some(duration), Some(count)) = (&written.start, &written.duration, &written.count)
    else {
        return None;
    };
    let (Some(first), Some(days)) = (text::day(start, "`start`", report), days(duration, report)) else {
        return None;
    };
    let Some(many) = whole(count).filter(|many| (1..=MOST).contains(many)) else {
        report.say(
            Code::BadIterations,
            count.span,
            format!("`count` is {}, and at most {MOST} iterations are allowed", count.value),
            "ask for fewer",
        );
        return None;
    };
    let mut iterations = Vec::new();
    let mut begins = first;
    for number in 1..=many {
        if number > 1 {
            let Some(next) = after(begins, days) else {
                out_of_time(duration, report);
                return None;
            };
            begins = next;
        }
        iterations.push(plan::Iteration {
            title: IterationTitle::new(format!("{} {number}", field.name.value)),
            start: begins,
            duration: days,
            renamed_from: named(&field.renamed_from, number),
        });
    }
    if after(begins, days).is_none() {
        out_of_time(duration, report);
        return None;
    }
    Some(iterations)
}

/// What the iteration of that number was called while the field had its old names: a field that gets another name takes
/// its generated iterations along, and the values in them.
fn named(before: &[Text], number: u32) -> Vec<IterationTitle> {
    before.iter().map(|name| IterationTitle::new(format!("{} {number}", name.value))).collect()
}

fn listed(field: &Field, list: &Declared<Iteration>, report: &mut Report) -> Option<Vec<plan::Iteration>> {
    if list.items.is_empty() && list.complete {
        let message = format!("iteration field `{}` has no iterations", field.name.value);
        report.say(Code::BadIterations, field.name.span, message, "list at least one");
        return None;
    }
    let mut iterations: Vec<plan::Iteration> = Vec::new();
    // The iteration before, and the first day after it.
    let mut before: Option<(&Text, Date)> = None;
    for item in &list.items {
        text::one_line(&item.title, "an iteration's title", report);
        let start =
            item.start.as_ref().and_then(|start| text::day(start, "`start`", report).zip(Some(start)));
        let duration = item.duration.as_ref().and_then(|duration| days(duration, report).zip(Some(duration)));
        let (Some((begins, start)), Some((days, duration))) = (start, duration) else { continue };
        if let Some((earlier, free)) = before
            && begins < free
        {
            report.say(
                Code::BadIterations,
                start.span,
                format!(
                    "iteration `{}` begins on {begins}, and `{}` before it lasts until {}",
                    item.title.value,
                    earlier.value,
                    free.yesterday().unwrap_or(free)
                ),
                "GitHub's iterations don't overlap: list them by start, each after the end of the one before",
            );
            continue;
        }
        let Some(free) = after(begins, days) else {
            out_of_time(duration, report);
            continue;
        };
        before = Some((&item.title, free));
        iterations.push(plan::Iteration {
            title: IterationTitle::new(item.title.value.clone()),
            start: begins,
            duration: days,
            renamed_from: item
                .renamed_from
                .iter()
                .map(|old| IterationTitle::new(old.value.clone()))
                .collect(),
        });
    }
    unique("iteration", list.items.iter().map(|item| &item.title), report);
    let names: Vec<_> = list.items.iter().map(|item| (&item.title, item.renamed_from.as_slice())).collect();
    old_names("iteration", &names, report);
    (list.complete && iterations.len() == list.items.len()).then_some(iterations)
}

/// The first day after an iteration; None where the calendar ends before.
fn after(begins: Date, days: u32) -> Option<Date> {
    begins.checked_add(i64::from(days).days()).ok()
}

fn out_of_time(duration: &Text, report: &mut Report) {
    report.say(
        Code::BadIterations,
        duration.span,
        "the iterations reach beyond the year 9999",
        "make them shorter, or fewer",
    );
}

fn days(duration: &Text, report: &mut Report) -> Option<u32> {
    let days = whole(duration).filter(|days| (1..=MOST_DAYS).contains(days));
    if days.is_none() {
        report.say(
            Code::BadIterations,
            duration.span,
            format!("`duration` is {} days, and at most {MOST_DAYS} are allowed", duration.value),
            "write a number of days",
        );
    }
    days
}

/// The most days of an iteration: the calendar's own ten thousand years. GitHub's limit is not published.
const MOST_DAYS: u32 = 3_652_059;

/// A whole number, however YAML spells it.
fn whole(text: &Text) -> Option<u32> {
    let written = text.value.as_str();
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = written.strip_prefix(prefix) {
            return u32::from_str_radix(digits, radix).ok();
        }
    }
    written.parse().ok().or_else(|| {
        let number: f64 = written.parse().ok()?;
        format!("{number:.0}").parse().ok()
    })
}

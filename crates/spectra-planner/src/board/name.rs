//! Names: unique in any case, and old names that nothing else has.

use std::collections::{BTreeMap, BTreeSet};

use spectra_model::id::fold;

use crate::code::Code;
use crate::manifest::Text;
use crate::report::Report;
use crate::span::Span;
use crate::text;

/// Reports a name that stands there a second time.
pub(super) fn repeated(what: &str, name: &Text, first: &Text, report: &mut Report) {
    report.say(
        Code::RepeatedName,
        name.span,
        format!("{what} `{}` is declared twice", name.value),
        format!(
            "`{}` stands in {}; names are not told apart by case",
            first.value,
            report.line(first.span, name.span)
        ),
    );
}

/// Reports every name that a list holds a second time.
pub(super) fn unique<'m>(what: &str, names: impl IntoIterator<Item = &'m Text>, report: &mut Report) {
    let mut seen: BTreeMap<String, &Text> = BTreeMap::new();
    for name in names {
        if let Some(first) = seen.get(&fold(&name.value)) {
            repeated(what, name, first, report);
        } else {
            seen.insert(fold(&name.value), name);
        }
    }
}

/// Reports old names that are still in use or that two claim.
pub(super) fn old_names(what: &str, names: &[(&Text, &[Text])], report: &mut Report) {
    let current: BTreeSet<String> = names.iter().map(|(name, _)| fold(&name.value)).collect();
    let mut claimed: BTreeMap<String, Span> = BTreeMap::new();
    for (name, old_names) in names {
        for old in *old_names {
            let folded = fold(&old.value);
            text::one_line(old, &format!("an old name of a {what}"), report);
            if old.value == name.value {
                report.say(
                    Code::BadRename,
                    old.span,
                    format!("`{}` is the {what}'s own name", old.value),
                    "name what it was called before, or leave it out",
                );
            } else if folded == fold(&name.value) {
                // GitHub sees one name in both; nothing moves.
            } else if current.contains(&folded) {
                report.say(
                    Code::BadRename,
                    old.span,
                    format!("`{}` can't be an old name: another {what} is still called so", old.value),
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

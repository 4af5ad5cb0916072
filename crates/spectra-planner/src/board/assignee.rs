//! Assignees: those of the issue's level and its own, joined.

use std::collections::BTreeSet;

use spectra_model::id::{Login, fold};
use spectra_model::limits::ASSIGNEES_PER_ISSUE;

use crate::code::Code;
use crate::manifest::Text;
use crate::report::Report;

/// The most characters of a login (GitHub's sign-up form).
const LOGIN_CHARACTERS: usize = 39;

/// Everybody whom an issue is assigned to, by several lists in turn. GitHub does not tell logins apart by case.
pub(super) fn assignees<'m>(lists: impl IntoIterator<Item = &'m [Text]>, report: &mut Report) -> Vec<Login> {
    let mut seen = BTreeSet::new();
    let mut logins = Vec::new();
    for list in lists {
        let mut here = BTreeSet::new();
        for login in list {
            let folded = fold(&login.value);
            if login.value.chars().count() > LOGIN_CHARACTERS {
                report.say(
                    Code::BadAssignee,
                    login.span,
                    format!("`{}` is too long for a login", login.value),
                    format!("logins have at most {LOGIN_CHARACTERS} characters"),
                );
            } else if !here.insert(folded.clone()) {
                report.say(
                    Code::BadAssignee,
                    login.span,
                    format!("`{}` is named twice", login.value),
                    "keep one of them; logins are not told apart by case",
                );
            } else if seen.insert(folded) {
                if logins.len() == ASSIGNEES_PER_ISSUE {
                    report.say(
                        Code::TooMany,
                        login.span,
                        format!("more than {ASSIGNEES_PER_ISSUE} people are assigned here, and GitHub allows no more"),
                        "leave some out",
                    );
                }
                logins.push(Login::new(login.value.clone()));
            }
        }
    }
    logins
}

//! The table of checks.
//!
//! Invariants, held by tests: names are unique and say their subject; a check holds or differs, a question is answered.

use spectra_github::BoxFuture;

use super::answer::Checked;
use super::bench::Bench;
use super::{
    dependency, errors, field, issue, item, iteration, label, lag, milestone, option, project, reading,
    sub_issue, view,
};

/// What a check is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The applier relies on it: it holds or it differs.
    Claim,
    /// Nobody knows: whatever is found is the answer, and the applier must do with any.
    Question,
}

/// One behaviour of GitHub's.
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// What we take it to be, or what we would like to know.
    pub(super) claim: &'static str,
    /// Where that comes from.
    pub(super) source: &'static str,
    pub(super) run: for<'a> fn(&'a mut Bench) -> BoxFuture<'a, Checked>,
}

macro_rules! check {
    ($name:literal, $claim:literal, $source:literal, $run:ident $(,)?) => {
        Check {
            name: $name,
            kind: super::table::Kind::Claim,
            claim: $claim,
            source: $source,
            run: |bench| Box::pin($run(bench)),
        }
    };
}

macro_rules! question {
    ($name:literal, $claim:literal, $source:literal, $run:ident $(,)?) => {
        Check {
            name: $name,
            kind: super::table::Kind::Question,
            claim: $claim,
            source: $source,
            run: |bench| Box::pin($run(bench)),
        }
    };
}

pub(super) use {check, question};

/// All checks in the order in which they run. The last one sums up what the others met.
pub(super) fn checks() -> impl Iterator<Item = &'static Check> {
    [
        project::CHECKS,
        field::CHECKS,
        option::CHECKS,
        iteration::CHECKS,
        item::CHECKS,
        issue::CHECKS,
        label::CHECKS,
        sub_issue::CHECKS,
        dependency::CHECKS,
        milestone::CHECKS,
        view::CHECKS,
        lag::CHECKS,
        reading::CHECKS,
        errors::CHECKS,
    ]
    .into_iter()
    .flatten()
}

/// The checks of these names; a name without a part after the slash is a subject.
pub(super) fn named(names: &[String]) -> Result<Vec<&'static Check>, String> {
    for name in names {
        if !checks().any(|check| is_named(check, name)) {
            return Err(format!("there is no check `{name}`: `spectra-apply conformance --list` shows them"));
        }
    }
    let chosen = |check: &&Check| names.is_empty() || names.iter().any(|name| is_named(check, name));
    Ok(checks().filter(chosen).collect())
}

fn is_named(check: &Check, name: &str) -> bool {
    check.name == name || check.name.split_once('/').is_some_and(|(subject, _)| subject == name)
}

/// The table as it stands in the documents.
#[cfg(test)]
pub(super) fn markdown() -> String {
    let mut lines = vec!["| check | what | source |".to_owned(), "| --- | --- | --- |".to_owned()];
    for check in checks() {
        let mark = if check.kind == Kind::Question { "? " } else { "" };
        lines.push(format!("| `{}` | {mark}{} | {} |", check.name, check.claim, check.source));
    }
    lines.join("\n") + "\n"
}

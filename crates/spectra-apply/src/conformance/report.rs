//! What is printed: for people, and for programs.

use serde::Serialize;
use serde_json::{Value, json};

use super::answer::{Verdict, short};
use super::bench::Bench;
use super::cleanup::Removed;
use super::table::{Check, Kind};

/// How a check ended.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Line {
    pub(super) name: &'static str,
    pub(super) claim: &'static str,
    pub(super) source: &'static str,
    pub(super) result: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expected: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) answer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) because: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<String>,
}

/// In a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Outcome {
    Holds,
    Differs,
    Answer,
    NotRun,
}

impl Line {
    pub(super) fn new(check: &'static Check, verdict: Verdict, bench: &Bench) -> Self {
        let clean = |text: String| Some(bench.without_token(&text)).filter(|text| !text.is_empty());
        let line = |result| Self {
            name: check.name,
            claim: check.claim,
            source: check.source,
            result,
            expected: None,
            answer: None,
            because: None,
            note: None,
        };
        match verdict {
            Verdict::Holds(note) => Self { note: clean(short(&note)), ..line(Outcome::Holds) },
            Verdict::Differs { expected, answer } => {
                Self { expected: clean(expected), answer: clean(answer), ..line(Outcome::Differs) }
            }
            // Answers are what a maintainer runs this for: they aren't shortened.
            Verdict::Answer(answer) => Self { answer: clean(answer), ..line(Outcome::Answer) },
            Verdict::Skipped(because) => Self { because: clean(short(&because)), ..line(Outcome::NotRun) },
        }
    }

    /// For people.
    pub(super) fn text(&self) -> String {
        let word = match self.result {
            Outcome::Holds => "holds  ",
            Outcome::Differs => "DIFFERS",
            Outcome::Answer => "answer ",
            Outcome::NotRun => "not run",
        };
        let source = (self.result == Outcome::Differs).then(|| self.source.to_owned());
        let members = [
            ("expected", &self.expected),
            ("answer", &self.answer),
            ("because", &self.because),
            ("note", &self.note),
            ("source", &source),
        ];
        let mut lines = vec![format!("{word}  {}: {}", self.name, self.claim)];
        lines.extend(members.into_iter().filter_map(|(label, member)| {
            let member = member.as_ref()?;
            Some(format!("         {label}: {member}"))
        }));
        lines.join("\n") + "\n"
    }
}

/// How many of each.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(super) struct Counts {
    holds: usize,
    pub(super) differs: usize,
    answers: usize,
    #[serde(rename = "notRun")]
    not_run: usize,
}

impl Counts {
    pub(super) fn of(lines: &[Line]) -> Self {
        let count = |outcome| lines.iter().filter(|line| line.result == outcome).count();
        Self {
            holds: count(Outcome::Holds),
            differs: count(Outcome::Differs),
            answers: count(Outcome::Answer),
            not_run: count(Outcome::NotRun),
        }
    }

    pub(super) fn text(self) -> String {
        let Self { holds, differs, answers, not_run } = self;
        format!("{holds} hold, {differs} differ, {answers} answers, {not_run} not run")
    }

    /// How many came to a finding.
    pub(super) fn looked_at(self) -> usize {
        self.holds.saturating_add(self.differs).saturating_add(self.answers)
    }
}

/// What the run took.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Took {
    pub(super) seconds: u64,
    pub(super) requests: u64,
}

impl Took {
    pub(super) fn text(self) -> String {
        format!("{} requests in {} s", self.requests, self.seconds)
    }
}

/// The whole run for programs.
pub(super) fn document(
    server: &str,
    bench: &Bench,
    lines: &[Line],
    removed: &Removed,
    took: Took,
    ended: Option<&str>,
) -> Value {
    json!({
        "schemaVersion": 1,
        "server": server,
        "owner": bench.owner.login,
        "repository": bench.repository.slug,
        "viewer": bench.viewer,
        "counts": Counts::of(lines),
        "checks": lines,
        "removed": removed,
        "took": took,
        "ended": ended,
    })
}

/// What was removed, in a sentence.
pub(super) fn removed(removed: &Removed) -> String {
    let Removed { projects, issues, closed, labels, milestones, left } = removed;
    let mut lines = vec![format!(
        "removed {projects} projects, {issues} issues, {labels} labels, {milestones} milestones"
    )];
    if *closed > 0 {
        lines.push(format!("closed {closed} issues, which the token may not delete"));
    }
    lines.extend(left.iter().map(|left| format!("left behind: {left}")));
    lines.join("\n")
}

/// The table for people.
pub(super) fn list(checks: &[&'static Check]) -> String {
    let lines = checks.iter().map(|check| {
        let mark = if check.kind == Kind::Question { "?" } else { " " };
        format!("{mark} {}: {}\n    {}\n", check.name, check.claim, check.source)
    });
    lines.collect()
}

/// The table for programs.
pub(super) fn list_document(checks: &[&'static Check]) -> Value {
    let rows = checks.iter().map(|check| {
        let kind = if check.kind == Kind::Question { "question" } else { "check" };
        json!({ "name": check.name, "kind": kind, "claim": check.claim, "source": check.source })
    });
    json!({ "schemaVersion": 1, "checks": rows.collect::<Vec<_>>() })
}

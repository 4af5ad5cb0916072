//! Issues: defaults of their level and what they say themselves, joined.

use std::collections::{BTreeMap, BTreeSet};

use spectra_model::Setting;
use spectra_model::id::{FieldName, IssueKey, LabelName, Login, ProjectSlug, RepoSlug, RunId, fold};
use spectra_model::limits::{ISSUE_BODY_CHARACTERS, ISSUE_TITLE_CHARACTERS};
use spectra_model::marker::Marker;
use spectra_model::plan::{self, FieldInput};

use super::field::Fields;
use super::label::Labels;
use super::{placeholder, value};
use crate::backlog::{Backlog, Entry, Stage};
use crate::code::Code;
use crate::manifest::{Input, Project, Text};
use crate::report::Report;
use crate::text;

/// Labels of one issue. GitHub's own limit is not published; this is the page size at which they are read back.
const LABELS_PER_ISSUE: usize = 100;
/// Bodies shorter than this leave room for the longest marker there is.
const SURELY_SHORT_BODY: usize = 20_000;

/// What the issues of a board refer to.
pub(super) struct Board<'b, 'm> {
    pub(super) project: &'m Project,
    pub(super) slug: Option<&'b ProjectSlug>,
    pub(super) managed: &'b LabelName,
    pub(super) labels: &'b Labels<'m>,
    pub(super) fields: &'b Fields<'m>,
}

/// The issues of the plan, in the backlog's order. Where something was refused they aren't all there.
pub(super) fn issues(
    board: &Board<'_, '_>,
    backlog: &Backlog<'_>,
    renames: Vec<Vec<IssueKey>>,
    report: &mut Report,
) -> Vec<plan::Issue> {
    let issues = backlog.entries.iter().zip(renames);
    issues.filter_map(|(entry, renamed_from)| board.issue(entry, renamed_from, report)).collect()
}

impl Board<'_, '_> {
    fn issue(
        &self,
        entry: &Entry<'_>,
        renamed_from: Vec<IssueKey>,
        report: &mut Report,
    ) -> Option<plan::Issue> {
        let issue = entry.issue;
        if let Some(title) = &issue.title {
            text::one_line(title, "an issue's title", report);
            text::at_most(ISSUE_TITLE_CHARACTERS, title, "an issue's title", report);
        }
        if let Some(body) = &issue.body {
            text::no_marker(body, "an issue's body", report);
        }
        let labels = self.labels(entry, report);
        let fields = self.fields(entry, report);
        let planned = plan::Issue {
            key: IssueKey::new(format!("{}/{}", self.slug?, entry.path)),
            level: issue.level,
            title: issue.title.as_ref()?.value.clone(),
            repository: RepoSlug::clone(entry.repository.as_ref()?),
            body: issue.body.as_ref().map(|body| body.value.trim_end().to_owned()).unwrap_or_default(),
            labels,
            state: issue.state,
            fields,
            stage: match entry.stage {
                Stage::Known(_, name) => Some(name.to_owned()),
                Stage::Absent | Stage::Broken => None,
            },
            renamed_from,
        };
        if let Some(body) = &issue.body {
            self.body_fits(&planned, body, report);
        }
        Some(planned)
    }

    /// The managed label, then the level's, then the issue's own.
    fn labels(&self, entry: &Entry<'_>, report: &mut Report) -> Vec<LabelName> {
        let mut seen = BTreeSet::from([fold(self.managed.as_str())]);
        let mut labels = vec![self.managed.clone()];
        let derived = self.project.derive.of(entry.issue.level).labels.iter().map(|label| (label, true));
        for (written, is_template) in derived.chain(entry.issue.labels.iter().map(|label| (label, false))) {
            let name = if is_template {
                placeholder::fill(written, &written.value, self.project, entry, report)
            } else {
                Some(written.value.clone())
            };
            let Some(name) = name else { continue };
            if seen.contains(&fold(&name)) {
                continue;
            }
            if let Some(label) = self.labels.find(&name, written, report) {
                seen.insert(fold(&name));
                labels.push(label);
            }
        }
        if labels.len() > LABELS_PER_ISSUE {
            let message =
                format!("this issue has {} labels, and at most {LABELS_PER_ISSUE} are allowed", labels.len());
            report.say(Code::TooMany, entry.issue.place(), message, "leave some out");
        }
        labels
    }

    /// The level's values with the issue's own over them.
    fn fields(&self, entry: &Entry<'_>, report: &mut Report) -> BTreeMap<FieldName, Option<FieldInput>> {
        let mut values = BTreeMap::new();
        for input in &self.project.derive.of(entry.issue.level).fields {
            let text = input.scalar.text.as_str();
            let template = Text { value: text.to_owned(), span: input.span };
            if let Some(text) = placeholder::fill(&template, text, self.project, entry, report) {
                self.value(input, &text, &mut values, report);
            }
        }
        let mut own: BTreeMap<String, &Text> = BTreeMap::new();
        for input in &entry.issue.fields {
            if let Some(first) = own.insert(fold(&input.field.value), &input.field) {
                report.say(
                    Code::RepeatedName,
                    input.field.span,
                    format!("field `{}` has two values here", input.field.value),
                    format!(
                        "`{}` stands in {} already",
                        first.value,
                        report.line(first.span, input.field.span)
                    ),
                );
                continue;
            }
            self.value(input, &input.scalar.text, &mut values, report);
        }
        values
    }

    fn value(
        &self,
        input: &Input,
        text: &str,
        values: &mut BTreeMap<FieldName, Option<FieldInput>>,
        report: &mut Report,
    ) {
        let Some(field) = self.fields.find(&input.field, report) else { return };
        let name = FieldName::new(field.name.value.clone());
        match value::value(field, input, text, report) {
            Setting::Unmanaged => {}
            Setting::Clear => {
                values.insert(name, None);
            }
            Setting::Set(value) => {
                values.insert(name, Some(value));
            }
        }
    }

    /// Reports a body that is too long with the marker around it, reckoned with the longest run id and login.
    fn body_fits(&self, issue: &plan::Issue, body: &Text, report: &mut Report) {
        if issue.body.len() < SURELY_SHORT_BODY {
            return;
        }
        let Some(slug) = self.slug else { return };
        let marker = Marker::created(
            slug.clone(),
            issue.key.clone(),
            RunId::new("x".repeat(40)),
            Login::new("x".repeat(39)),
            &issue.body,
            issue.labels.clone(),
        );
        let length = marker.around(&issue.body).chars().count();
        if length > ISSUE_BODY_CHARACTERS {
            report.say(
                Code::TooLong,
                body.span,
                format!("the body has {length} characters with its marker, and GitHub allows {ISSUE_BODY_CHARACTERS}"),
                format!("cut {} characters", length - ISSUE_BODY_CHARACTERS),
            );
        }
    }
}

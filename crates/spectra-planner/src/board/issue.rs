//! Issues and drafts: defaults of their level and what they say themselves, joined.

use std::collections::{BTreeMap, BTreeSet};

use spectra_model::Setting;
use spectra_model::id::{
    FieldName, IssueKey, IssueTypeName, LabelName, Login, MilestoneTitle, ProjectSlug, RepoSlug, RunId, fold,
};
use spectra_model::limits::{ISSUE_BODY_CHARACTERS, ISSUE_TITLE_CHARACTERS};
use spectra_model::marker::Marker;
use spectra_model::plan::{self, FieldInput, IssueRef, IssueState, StateReason};

use super::blocked_by::Edges;
use super::boards::Keys;
use super::field::Fields;
use super::issue_type::IssueTypes;
use super::label::Labels;
use super::milestone::Milestones;
use super::project::without_end;
use super::value::Filled;
use super::{assignee, blocked_by, draft, placeholder, value};
use crate::backlog::{Backlog, Entry};
use crate::code::Code;
use crate::manifest::{Defaults, Input, Issue, Project, Text, Written};
use crate::report::Report;
use crate::text;

/// Labels of one issue. GitHub's own limit is not published; this is the page size at which they are read back.
const LABELS_PER_ISSUE: usize = 100;
/// What a marker holds besides names and keys, reckoned generously.
const MARKER_BYTES: usize = 2_000;
/// A marker escapes a byte of a name with at most this many.
const ESCAPED: usize = 6;

/// What the issues of a board refer to.
pub(super) struct Board<'b, 'm> {
    pub(super) project: &'m Project,
    /// Its number among the project's boards.
    pub(super) number: usize,
    pub(super) slug: Option<&'b ProjectSlug>,
    pub(super) managed: &'b LabelName,
    pub(super) labels: &'b Labels<'m>,
    pub(super) milestones: &'b Milestones<'m>,
    pub(super) fields: &'b Fields<'m>,
    /// The project's fields.
    pub(super) of_project: &'b Fields<'m>,
}

/// The backlog, with what each of its entries waits for, its key and those that it had before.
pub(super) struct Parts<'b, 'm> {
    pub(super) project: Option<&'b ProjectSlug>,
    pub(super) backlog: &'b Backlog<'m>,
    pub(super) dependencies: &'b Edges<'m>,
    pub(super) keys: &'b Keys<'b>,
    pub(super) renames: &'b [Vec<IssueKey>],
}

/// The issues and drafts of a plan.
#[derive(Default)]
pub(super) struct Items {
    pub(super) issues: Vec<plan::Issue>,
    pub(super) drafts: Vec<plan::Draft>,
}

/// What issues and drafts have alike.
pub(super) struct Common {
    pub(super) title: Option<String>,
    pub(super) body: Setting<String>,
    pub(super) assignees: Vec<Login>,
    pub(super) fields: BTreeMap<FieldName, Option<FieldInput>>,
}

/// The issues and drafts of a board, in the backlog's order. Where something was refused they aren't all there.
pub(super) fn items(
    board: &Board<'_, '_>,
    parts: &Parts<'_, '_>,
    types: &mut IssueTypes<'_>,
    report: &mut Report,
) -> Items {
    let mut items = Items::default();
    for at in parts.keys.places(board.number) {
        let (Some(entry), Some(outgoing), Some(renamed_from)) =
            (parts.backlog.entries.get(*at), parts.dependencies.get(*at), parts.renames.get(*at))
        else {
            continue;
        };
        let common = board.common(entry, report);
        let Some(project) = parts.project else { continue };
        if entry.issue.draft {
            let draft = draft::planned(entry, project, common, renamed_from.clone());
            if let Some(draft) = &draft {
                board.fits(entry, &draft.key, draft.body.text(), &[], (&draft.assignees, Vec::new()), report);
            }
            items.drafts.extend(draft);
            continue;
        }
        let identity = (entry.key(project), renamed_from.clone());
        let Some(issue) = board.issue(entry, common, identity, types, report) else { continue };
        let waits = blocked_by::targets(outgoing, parts.keys, board.number).collect();
        board.fits(entry, &issue.key, issue.body.text(), &issue.labels, (&issue.assignees, waits), report);
        items.issues.push(issue);
    }
    items
}

impl<'m> Board<'_, 'm> {
    /// The defaults of an issue's level: the project's, then those of its activity.
    fn derived<'e>(&'e self, entry: &'e Entry<'m>) -> impl DoubleEndedIterator<Item = &'m Defaults> + 'e {
        let of_activity = entry.refinement.map(|says| says.derive.of(entry.issue.level));
        std::iter::once(self.project.board.derive.of(entry.issue.level)).chain(of_activity)
    }

    fn common(&self, entry: &Entry<'m>, report: &mut Report) -> Common {
        let issue = entry.issue;
        let what = if issue.draft { "a draft" } else { "an issue" };
        if let Some(title) = &issue.title {
            text::one_line(title, &format!("{what}'s title"), report);
            text::at_most(ISSUE_TITLE_CHARACTERS, title, &format!("{what}'s title"), report);
        }
        if let Some(body) = issue.body.value() {
            text::no_marker(body, &format!("{what}'s body"), report);
        }
        Common {
            title: issue.title.as_ref().map(|title| title.value.clone()),
            body: without_end(&issue.body),
            assignees: assignee::assignees(
                self.derived(entry)
                    .map(|defaults| defaults.assignees.as_slice())
                    .chain([issue.assignees.as_slice()]),
                report,
            ),
            fields: self.fields(entry, report),
        }
    }

    fn issue(
        &self,
        entry: &Entry<'m>,
        common: Common,
        (key, renamed_from): (IssueKey, Vec<IssueKey>),
        types: &mut IssueTypes<'_>,
        report: &mut Report,
    ) -> Option<plan::Issue> {
        let issue = entry.issue;
        let Common { title, body, assignees, fields } = common;
        let labels = self.labels(entry, report);
        let milestone = self.milestone(entry, report);
        let issue_type = self.issue_type(entry, types, report);
        let state_reason = state_reason(issue, report);
        Some(plan::Issue {
            key,
            level: issue.level,
            title: title?,
            repository: RepoSlug::clone(entry.repository.as_ref()?),
            body,
            labels,
            assignees,
            milestone,
            issue_type,
            state: issue.state,
            state_reason,
            fields,
            stage: entry.stage_name().map(str::to_owned),
            renamed_from,
        })
    }

    /// The managed label, then the level's, then the issue's own.
    fn labels(&self, entry: &Entry<'m>, report: &mut Report) -> Vec<LabelName> {
        let mut seen = BTreeSet::from([fold(self.managed.as_str())]);
        let mut labels = vec![self.managed.clone()];
        let derived = self.derived(entry).flat_map(|defaults| &defaults.labels).map(|label| (label, true));
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

    /// What the activity says for an issue's level, else the project.
    fn default(&self, entry: &Entry<'m>, of: fn(&Defaults) -> &Setting<Text>) -> &'m Setting<Text> {
        let says = self.derived(entry).map(of).rfind(|setting| !setting.is_unmanaged());
        says.unwrap_or(&Setting::Unmanaged)
    }

    /// The issue's own milestone, else its level's.
    fn milestone(&self, entry: &Entry<'m>, report: &mut Report) -> Setting<MilestoneTitle> {
        let find = |title: String, written: &Text, report: &mut Report| {
            self.milestones.find(&title, written, report).map_or(Setting::Unmanaged, Setting::Set)
        };
        match (&entry.issue.milestone, self.default(entry, |defaults| &defaults.milestone)) {
            (Setting::Clear, _) | (Setting::Unmanaged, Setting::Clear) => Setting::Clear,
            (Setting::Unmanaged, Setting::Unmanaged) => Setting::Unmanaged,
            (Setting::Set(own), _) => find(own.value.clone(), own, report),
            (Setting::Unmanaged, Setting::Set(template)) => {
                match placeholder::fill(template, &template.value, self.project, entry, report) {
                    Some(title) => find(title, template, report),
                    None => Setting::Unmanaged,
                }
            }
        }
    }

    /// The issue's own type, else its level's.
    fn issue_type(
        &self,
        entry: &Entry<'m>,
        types: &mut IssueTypes<'_>,
        report: &mut Report,
    ) -> Setting<IssueTypeName> {
        match (&entry.issue.type_name, self.default(entry, |defaults| &defaults.issue_type)) {
            (Setting::Clear, _) | (Setting::Unmanaged, Setting::Clear) => Setting::Clear,
            (Setting::Unmanaged, Setting::Unmanaged) => Setting::Unmanaged,
            (Setting::Set(own), _) => {
                Setting::Set(types.named(own.value.clone(), own, entry.repository.as_ref(), report))
            }
            (Setting::Unmanaged, Setting::Set(template)) => {
                match placeholder::fill(template, &template.value, self.project, entry, report) {
                    Some(name) => {
                        Setting::Set(types.named(name, template, entry.repository.as_ref(), report))
                    }
                    None => Setting::Unmanaged,
                }
            }
        }
    }

    /// The level's values with the issue's own over them. Of the project's those are left out that the activity gives
    /// itself, and those of fields that the project's board has and the activity's doesn't.
    fn fields(&self, entry: &Entry<'m>, report: &mut Report) -> BTreeMap<FieldName, Option<FieldInput>> {
        let mut values = BTreeMap::new();
        let level = entry.issue.level;
        let of_activity =
            entry.refinement.map(|says| says.derive.of(level).fields.as_slice()).unwrap_or_default();
        let is_left = |input: &&Input| {
            let name = &input.field.value;
            !of_activity.iter().any(|other| fold(&other.field.value) == fold(name))
                && (self.fields.may_have(name) || !self.of_project.may_have(name))
        };
        let of_project = self.project.board.derive.of(level).fields.iter().filter(is_left);
        for input in of_project.chain(of_activity) {
            if let Some(filled) = self.filled(input, entry, report) {
                self.value(input, &filled, &mut values, report);
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
            let filled = match &input.value {
                Written::One(scalar) => Filled::One(scalar, scalar.text.clone()),
                Written::Several(names) => Filled::Several(names.clone()),
            };
            self.value(input, &filled, &mut values, report);
        }
        values
    }

    /// A level's value with its placeholders filled in. None where one stands for nothing.
    fn filled<'i>(&self, input: &'i Input, entry: &Entry<'_>, report: &mut Report) -> Option<Filled<'i>> {
        let mut fill =
            |template: &Text| placeholder::fill(template, &template.value, self.project, entry, report);
        match &input.value {
            Written::One(scalar) => {
                let template = Text { value: scalar.text.clone(), span: input.span };
                Some(Filled::One(scalar, fill(&template)?))
            }
            Written::Several(names) => {
                let filled = names.iter().map(|name| Some(Text { value: fill(name)?, span: name.span }));
                Some(Filled::Several(filled.collect::<Option<Vec<_>>>()?))
            }
        }
    }

    fn value(
        &self,
        input: &Input,
        filled: &Filled<'_>,
        values: &mut BTreeMap<FieldName, Option<FieldInput>>,
        report: &mut Report,
    ) {
        let Some(known) = self.fields.find(&input.field, report) else { return };
        let name = FieldName::new(known.field.name.value.clone());
        match value::value(known, input, filled, report) {
            Setting::Unmanaged => {}
            Setting::Clear => {
                values.insert(name, None);
            }
            Setting::Set(value) => {
                values.insert(name, Some(value));
            }
        }
    }

    /// Reports a body that is too long with the marker around it, reckoned with the longest run id, login and repository. A draft's
    /// body is held to the same, so that an issue can be made of it.
    fn fits(
        &self,
        entry: &Entry<'_>,
        key: &IssueKey,
        region: &str,
        labels: &[LabelName],
        (assignees, blocked_by): (&[Login], Vec<IssueRef>),
        report: &mut Report,
    ) {
        let names = labels.iter().map(|label| label.as_str().len());
        let people = assignees.iter().map(|login| login.as_str().len());
        let keys = blocked_by.iter().map(|by| by.key().as_str().len()).chain([key.as_str().len()]);
        let rough: usize = names.chain(people).chain(keys).map(|length| (length + 3) * ESCAPED).sum();
        if region.len() + rough + MARKER_BYTES < ISSUE_BODY_CHARACTERS {
            return;
        }
        let Some(slug) = self.slug else { return };
        let marker = Marker {
            assignees: assignees.to_vec(),
            blocked_by,
            repository: RepoSlug::parse(&format!("{}/{}", "x".repeat(39), "x".repeat(100))).ok(),
            came_from: [(slug.clone(), jiff::Timestamp::UNIX_EPOCH)].into(),
            closed: true,
            archived: true,
            ..Marker::created(
                slug.clone(),
                key.clone(),
                RunId::new("x".repeat(40)),
                Login::new("x".repeat(39)),
                region,
                labels.to_vec(),
            )
        };
        let length = marker.around(region).chars().count();
        if length > ISSUE_BODY_CHARACTERS {
            report.say(
                Code::TooLong,
                entry.issue.body.value().map_or(entry.issue.place(), |body| body.span),
                format!("the body has {length} characters with its marker, and GitHub allows {ISSUE_BODY_CHARACTERS}"),
                format!("cut {} characters", length - ISSUE_BODY_CHARACTERS),
            );
        }
    }
}

/// Why the issue is closed; reports a reason on one that isn't.
fn state_reason(issue: &Issue, report: &mut Report) -> Option<StateReason> {
    let (reason, span) = issue.state_reason?;
    if issue.state != Some(IssueState::Closed) {
        report.say(
            Code::BadStateReason,
            span,
            "`stateReason` says why an issue is closed, and this one isn't",
            "write `state: closed` beside it, or leave it out",
        );
    }
    Some(reason)
}

//! The backlog in tables: one for each activity, with as many rows as fit.

use std::collections::BTreeMap;

use spectra_model::Setting;
use spectra_model::id::{FieldName, IssueKey, Login};
use spectra_model::plan::{
    FieldInput, ForeignIssue, Issue, IssueRef, IssueState, Level, Link, Plan, StateReason,
};

use super::{Table, escape, push, shorten};

/// How many rows of an activity are shown, tried one after another until the page fits.
const ROWS: [usize; 8] = [usize::MAX, 64, 32, 16, 8, 4, 2, 0];
/// The fewest characters of a row: what can't fit isn't tried.
const LEAST_ROW: usize = 20;
/// Titles are cut here.
const TITLE_CHARACTERS: usize = 120;
/// Values and names are cut here.
const VALUE_CHARACTERS: usize = 60;
/// How many options or dependencies are named in a cell.
const NAMES: usize = 6;

/// The tables of initiative and activities, with as many rows as fit.
pub(super) fn tables(plan: &Plan, room: usize) -> String {
    let groups = groups(plan);
    let waits = waits(plan);
    for rows in ROWS {
        let least: usize = groups.iter().map(|group| group.tasks.len().min(rows) * LEAST_ROW).sum();
        if least > room {
            continue;
        }
        let mut rendered: Vec<String> = Vec::with_capacity(groups.len());
        let mut total = 0;
        for group in &groups {
            let text = group.render(plan, &waits, rows);
            total += text.chars().count();
            rendered.push(text);
            // With fewer rows it is tried again. The last time all are needed, to leave out what is in the middle.
            if total > room && rows > 0 {
                break;
            }
        }
        if total <= room {
            return widened(plan, &groups, &waits, rows, rendered, room - total);
        }
        if rows == 0 {
            return shorten(&rendered, room, |missing| {
                format!("\n_{missing} entries are left out here._\n\n")
            });
        }
    }
    String::new()
}

/// The tables with more rows in those at both ends, as far as room is left: what is shortened is the middle.
fn widened(
    plan: &Plan,
    groups: &[Group<'_>],
    waits: &Waits<'_>,
    rows: usize,
    mut rendered: Vec<String>,
    mut left: usize,
) -> String {
    let (mut first, mut last) = (0, groups.len());
    while rows < usize::MAX && first < last {
        let from_start = first <= groups.len() - last;
        let at = if from_start { first } else { last - 1 };
        let (Some(group), Some(narrow)) = (groups.get(at), rendered.get_mut(at)) else { break };
        let room = left + narrow.chars().count();
        let wider = ROWS.into_iter().take_while(|more| *more > rows).find_map(|more| {
            let worth = group.tasks.len() > rows && group.tasks.len().min(more) * LEAST_ROW <= room;
            let wide = worth.then(|| group.render(plan, waits, more))?;
            Some((wide.chars().count(), wide)).filter(|(length, _)| *length <= room)
        });
        match wider {
            Some((length, wide)) => {
                left = room - length;
                *narrow = wide;
            }
            // It shows all already.
            None if group.tasks.len() <= rows => {}
            None => break,
        }
        if from_start { first += 1 } else { last -= 1 }
    }
    rendered.concat()
}

/// What each issue waits for.
type Waits<'p> = BTreeMap<&'p IssueKey, Vec<&'p IssueRef>>;

fn waits(plan: &Plan) -> Waits<'_> {
    let mut waits: Waits<'_> = BTreeMap::new();
    for (issue, by) in plan.links.iter().filter_map(Link::blocked_by) {
        waits.entry(issue).or_default().push(by);
    }
    waits
}

/// An activity, or the initiative, with what is below it.
struct Group<'p> {
    head: &'p Issue,
    /// The issue of another board that it is below.
    parent: Option<&'p ForeignIssue>,
    tasks: Vec<Row<'p>>,
    /// How many of the tasks are issues.
    issues: usize,
}

/// An issue or a draft.
struct Row<'p> {
    key: &'p IssueKey,
    title: &'p str,
    issue: Option<&'p Issue>,
    assignees: &'p [Login],
    fields: &'p BTreeMap<FieldName, Option<FieldInput>>,
}

fn groups(plan: &Plan) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut heads: BTreeMap<&str, usize> = BTreeMap::new();
    let edges = plan.links.iter().filter_map(Link::sub_issue);
    let parents: BTreeMap<&IssueKey, &ForeignIssue> =
        edges.filter_map(|(parent, child)| Some((child, parent.foreign()?))).collect();
    for issue in &plan.issues {
        match (issue.level, groups.last_mut()) {
            (Level::Task, Some(group)) => {
                group.tasks.push(Row::of(issue));
                group.issues += 1;
            }
            (Level::Task | Level::Initiative | Level::Activity, _) => {
                heads.insert(issue.key.as_str(), groups.len());
                let parent = parents.get(&issue.key).copied();
                groups.push(Group { head: issue, parent, tasks: Vec::new(), issues: 0 });
            }
        }
    }
    for draft in &plan.drafts {
        // Project, activity, and then whatever is above the draft.
        let end = draft.key.as_str().match_indices('/').nth(1).map(|(at, _)| at);
        let head = end.and_then(|end| draft.key.as_str().get(..end)).and_then(|head| heads.get(head));
        if let Some(group) = head.and_then(|at| groups.get_mut(*at)) {
            group.tasks.push(Row {
                key: &draft.key,
                title: &draft.title,
                issue: None,
                assignees: &draft.assignees,
                fields: &draft.fields,
            });
        }
    }
    groups
}

impl Group<'_> {
    fn render(&self, plan: &Plan, waits: &Waits<'_>, rows: usize) -> String {
        let head = self.head;
        let mut out = format!(
            "### {}\n\n{}",
            escape::text(&escape::cut(&head.title, TITLE_CHARACTERS)),
            escape::code(head.key.as_str())
        );
        if let Some(stage) = &head.stage {
            push(&mut out, format_args!(" · stage {}", name(stage)));
        }
        if let Some(parent) = &self.parent {
            push(&mut out, format_args!(" · below {}", of_another_board(parent)));
        }
        for (count, one, many) in
            [(self.issues, "task", "tasks"), (self.tasks.len() - self.issues, "draft", "drafts")]
        {
            match count {
                0 => {}
                1 => push(&mut out, format_args!(" · 1 {one}")),
                _ => push(&mut out, format_args!(" · {count} {many}")),
            }
        }
        if rows == 0 && !self.tasks.is_empty() {
            out.push_str(", left out here");
        }
        let labels = labels(plan, head, escape::code);
        if !labels.is_empty() {
            push(&mut out, format_args!(" · {labels}"));
        }
        let values = Row::of(head).values(waits, &format!("{}/", plan.slug));
        if !values.is_empty() {
            push(&mut out, format_args!("\n\n{}", values.join(", ")));
        }
        out.push_str("\n\n");
        if self.tasks.is_empty() || rows == 0 {
            return out;
        }
        let prefix = format!("{}/", head.key);
        let shown = self.tasks.iter().take(rows.div_ceil(2));
        let last = self.tasks.len().saturating_sub(rows / 2).max(rows.div_ceil(2));
        let table = if self.tasks.len() <= rows {
            Table::new(COLUMNS, self.tasks.iter().map(|task| task.render(plan, waits, &prefix)))
        } else {
            let left_out = last - rows.div_ceil(2);
            let gap = format!("| … | _{left_out} rows are left out here_ | | |\n");
            let end = self.tasks.iter().skip(last);
            let row = |task: &Row<'_>| task.render(plan, waits, &prefix);
            Table::new(COLUMNS, shown.map(row).chain([gap]).chain(end.map(row)))
        };
        push(&mut out, format_args!("{}\n", table.render(usize::MAX)));
        out
    }
}

const COLUMNS: [&str; 4] = ["Issue", "Title", "Labels", "Values"];

impl<'p> Row<'p> {
    fn of(issue: &'p Issue) -> Self {
        let Issue { key, title, assignees, fields, .. } = issue;
        Self { key, title, issue: Some(issue), assignees, fields }
    }

    fn render(&self, plan: &Plan, waits: &Waits<'_>, prefix: &str) -> String {
        let key = self.key.as_str();
        let labels = self.issue.map(|issue| labels(plan, issue, escape::cell)).unwrap_or_default();
        format!(
            "| {} | {}{} | {labels} | {} |\n",
            escape::cell(key.strip_prefix(prefix).unwrap_or(key)),
            escape::text(&escape::cut(self.title, TITLE_CHARACTERS)),
            if self.issue.is_none() { " _\\(draft\\)_" } else { "" },
            self.values(waits, prefix).join(", ")
        )
    }

    fn values(&self, waits: &Waits<'_>, prefix: &str) -> Vec<String> {
        let mut values = Vec::new();
        if let Some(issue) = self.issue {
            member("type", &issue.issue_type, &mut values);
            member("milestone", &issue.milestone, &mut values);
            values.extend(state(issue));
        }
        if !self.assignees.is_empty() {
            let logins: Vec<String> =
                self.assignees.iter().map(|login| escape::cell(login.as_str())).collect();
            values.push(format!("assigned to {}", logins.join(" ")));
        }
        if let Some(by) = waits.get(self.key) {
            values.push(format!("waits for {}", waited_for(by, prefix)));
        }
        values.extend(self.fields.iter().map(|(field, value)| {
            let field = escape::text(&escape::cut(field.as_str(), VALUE_CHARACTERS));
            format!("{field}: {}", shown(value.as_ref()))
        }));
        values
    }
}

fn member<T: AsText>(what: &str, setting: &Setting<T>, values: &mut Vec<String>) {
    match setting {
        Setting::Unmanaged => {}
        Setting::Clear => values.push(format!("{what} _emptied_")),
        Setting::Set(value) => {
            values.push(format!("{what} {}", escape::text(&escape::cut(value.text(), VALUE_CHARACTERS))));
        }
    }
}

/// A name that is shown as text.
trait AsText {
    fn text(&self) -> &str;
}

impl AsText for spectra_model::id::IssueTypeName {
    fn text(&self) -> &str {
        self.as_str()
    }
}

impl AsText for spectra_model::id::MilestoneTitle {
    fn text(&self) -> &str {
        self.as_str()
    }
}

fn state(issue: &Issue) -> Option<String> {
    let state = match issue.state? {
        IssueState::Open => "open",
        IssueState::Closed => "closed",
    };
    let reason = match issue.state_reason {
        None => "",
        Some(StateReason::Completed) => " as completed",
        Some(StateReason::NotPlanned) => " as not planned",
    };
    Some(format!("{state}{reason}"))
}

fn waited_for(by: &[&IssueRef], prefix: &str) -> String {
    let mut names: Vec<String> = by
        .iter()
        .take(NAMES)
        .map(|by| {
            let key = by.key().as_str();
            match by {
                IssueRef::Own(_) => escape::cell(key.strip_prefix(prefix).unwrap_or(key)),
                IssueRef::Foreign(other) => of_another_board(other),
            }
        })
        .collect();
    if by.len() > NAMES {
        names.push(format!("… {} more", by.len() - NAMES));
    }
    names.join(" ")
}

/// An issue of another board, with that board's slug.
fn of_another_board(issue: &ForeignIssue) -> String {
    format!("{} \\(board {}\\)", escape::cell(issue.key.as_str()), escape::cell(issue.slug.as_str()))
}

/// The labels of an issue besides the managed one.
fn labels(plan: &Plan, issue: &Issue, shown: fn(&str) -> String) -> String {
    let others = issue.labels.iter().filter(|label| !label.same(&plan.project.managed_label));
    others.map(|label| shown(&escape::cut(label.as_str(), VALUE_CHARACTERS))).collect::<Vec<_>>().join(" ")
}

fn shown(value: Option<&FieldInput>) -> String {
    match value {
        None => "_emptied_".to_owned(),
        Some(FieldInput::Number(number)) => number.to_string(),
        Some(FieldInput::Text(text)) => escape::text(&escape::cut(text, VALUE_CHARACTERS)),
        Some(FieldInput::List(names)) => {
            let all = names.iter().take(NAMES).map(|one| escape::text(&escape::cut(one, VALUE_CHARACTERS)));
            let mut shown = all.collect::<Vec<_>>().join(" + ");
            if names.len() > NAMES {
                push(&mut shown, format_args!(" + {} more", names.len() - NAMES));
            }
            shown
        }
    }
}

fn name(text: &str) -> String {
    escape::code(&escape::cut(text, VALUE_CHARACTERS))
}

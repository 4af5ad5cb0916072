//! `plan.md`: the plan as a reviewer reads it.
//!
//! Counts first, then what is new, the cost and what stays for a person; then the backlog. The whole fits into a
//! comment on GitHub: when it would not, rows in the middle are left out and the page says so. The counts never are.

use spectra_model::change::{Action, Kind};
use spectra_model::id::fold;
use spectra_model::limits::STATUS;
use spectra_model::plan::{FieldInput, FieldType, Issue, Level, Link, Manage, OwnerType, Plan, Visibility};

use super::{escape, mermaid, push};

/// The most characters of the page.
pub(super) const MAX_CHARACTERS: usize = 48_000;
/// The most characters of the list of what is new.
const MAX_LIST_CHARACTERS: usize = 12_000;
/// The most characters of the diagram; a larger one is left out.
const MAX_DIAGRAM_CHARACTERS: usize = 12_000;
/// How many rows of an activity are shown, tried one after another until the page fits.
const ROWS: [usize; 8] = [usize::MAX, 64, 32, 16, 8, 4, 2, 0];

/// Renders the page.
pub(crate) fn plan_md(plan: &Plan) -> String {
    let mut page = String::new();
    page.push_str(&head(plan));
    page.push_str(&counts(plan));
    page.push_str(&new_things(plan));
    page.push_str(&forecast(plan));
    page.push_str(&by_hand(plan));
    page.push_str("## Backlog\n\n");
    match mermaid::flowchart(plan) {
        Some(diagram) if diagram.chars().count() <= MAX_DIAGRAM_CHARACTERS => {
            page.push_str(&diagram);
            page.push('\n');
        }
        Some(_) => page.push_str("_The diagram is left out: it would be too large._\n\n"),
        None => page.push_str("_No issues._\n"),
    }
    let room = MAX_CHARACTERS.saturating_sub(page.chars().count());
    page.push_str(&tables(plan, room));
    page
}

fn head(plan: &Plan) -> String {
    let project = &plan.project;
    let owner = match project.owner.kind {
        OwnerType::Org => "organisation",
        OwnerType::User => "user",
    };
    let visibility = match project.visibility {
        Some(Visibility::Public) => "public",
        Some(Visibility::Private) => "private",
        None => "left as it is",
    };
    format!(
        "# Plan: {}\n\nBoard {} of the {owner} {}, from manifest {} ({}). Visibility: {visibility}.\n\n",
        escape::text(&project.title),
        escape::code(plan.slug.as_str()),
        escape::code(project.owner.slug.as_str()),
        escape::code(plan.manifest.as_str()),
        escape::code(&plan.source.manifest),
    )
}

fn counts(plan: &Plan) -> String {
    let level = |level: Level| plan.issues.iter().filter(|issue| issue.level == level).count();
    let options: usize = plan.fields.iter().map(|field| field.options.len()).sum();
    let values: usize = plan.issues.iter().map(|issue| issue.fields.len()).sum();
    let links = plan.links.iter().filter(|link| matches!(link, Link::SubIssue { .. })).count();
    let rows = [
        ("Issues", plan.issues.len()),
        ("… initiatives", level(Level::Initiative)),
        ("… activities", level(Level::Activity)),
        ("… tasks and sub-tasks", level(Level::Task)),
        ("Sub-issue links", links),
        ("Dependencies", plan.links.len() - links),
        ("Field values", values),
        ("Fields", plan.fields.len()),
        ("… options", options),
        ("Labels", plan.labels.len()),
        ("Repositories", plan.repositories().len()),
    ];
    let mut out = "## Counts\n\n| | In the plan |\n| --- | ---: |\n".to_owned();
    for (name, count) in rows {
        push(&mut out, format_args!("| {name} | {count} |\n"));
    }
    out.push('\n');
    out
}

fn new_things(plan: &Plan) -> String {
    let of = |action: Action, kind: Kind| {
        plan.operations.iter().filter(|change| change.action == action && change.kind == kind).count()
    };
    let mut out = "## What is new\n\nSeen against a GitHub that holds nothing of this board yet, everything is new; \
                   nothing is changed and nothing is gone. What is really done is decided against what GitHub holds \
                   when the plan is applied.\n\n| | Create | Update |\n| --- | ---: | ---: |\n"
        .to_owned();
    for (name, kind) in [
        ("Project", Kind::Project),
        ("Labels", Kind::Label),
        ("Fields", Kind::Field),
        ("Issues", Kind::Issue),
        ("Sub-issue links", Kind::SubIssue),
        ("Dependencies", Kind::BlockedBy),
    ] {
        push(
            &mut out,
            format_args!("| {name} | {} | {} |\n", of(Action::Create, kind), of(Action::Update, kind)),
        );
    }
    out.push('\n');
    let fields = plan.fields.iter().map(|field| {
        let options: Vec<String> =
            field.options.iter().map(|option| escape::code(option.name.as_str())).collect();
        let options = if options.is_empty() { String::new() } else { format!(": {}", options.join(", ")) };
        let manage = match field.manage {
            Manage::Always => "",
            Manage::OnCreate => "; set once, then left to people",
        };
        format!(
            "- Field {} ({}){options}{manage}\n",
            escape::code(field.name.as_str()),
            type_word(field.r#type)
        )
    });
    let labels = plan.labels.iter().map(|label| {
        format!(
            "- Label {} in {}\n",
            escape::code(label.name.as_str()),
            escape::code(label.repository.as_str())
        )
    });
    out.push_str(&shorten(&fields.chain(labels).collect::<Vec<_>>(), MAX_LIST_CHARACTERS));
    out.push('\n');
    out
}

fn forecast(plan: &Plan) -> String {
    let time = match plan.forecast.seconds {
        0 => "needs no waiting".to_owned(),
        seconds => format!("takes at least {}", duration(seconds)),
    };
    format!(
        "## Forecast\n\n{} content creations. GitHub lets 80 of them through in a minute and 500 in an hour, so the \
         whole {time}.\n\n",
        plan.forecast.content_creations,
    )
}

fn duration(seconds: u64) -> String {
    let (hours, minutes, rest) = (seconds / 3_600, seconds % 3_600 / 60, seconds % 60);
    let parts: Vec<String> = [(hours, "h"), (minutes, "min"), (rest, "s")]
        .into_iter()
        .filter(|(amount, _)| *amount > 0)
        .map(|(amount, unit)| format!("{amount} {unit}"))
        .collect();
    parts.join(" ")
}

/// What GitHub has no API for (GitHub docs, "Using the built-in automations"; GraphQL schema: a workflow can be read
/// and deleted, a view's grouping can't be set by a mutation).
fn by_hand(plan: &Plan) -> String {
    let mut out =
        "## What GitHub will not let Spectra manage\n\nThese clicks remain, on the board's page:\n\n"
            .to_owned();
    out.push_str(
        "- **Workflows** can't be switched or configured from outside. _⋯ → Workflows_: review those that are on; a \
         new board has some on from the start.\n",
    );
    if let Some(status) = plan.fields.iter().find(|field| fold(field.name.as_str()) == fold(STATUS)) {
        let first =
            status.options.first().map(|option| escape::code(option.name.as_str())).unwrap_or_default();
        push(
            &mut out,
            format_args!(
                "- **Status of new items**: the workflow _Item added to project_ sets a status by itself. Check that it \
             names the option you want, such as {first}.\n"
            ),
        );
    }
    out.push_str(
        "- **Views**: the board keeps the view that GitHub makes. Its columns, grouping and sorting: _▾ beside the \
         view's name_, then _Save_.\n",
    );
    out.push_str("- **Charts**: _Insights → New chart_.\n\n");
    out
}

/// The tables of initiative and activities, with as many rows as fit.
fn tables(plan: &Plan, room: usize) -> String {
    let groups = groups(plan);
    for rows in ROWS {
        let rendered: Vec<String> = groups.iter().map(|group| group.render(plan, rows)).collect();
        let total: usize = rendered.iter().map(|text| text.chars().count()).sum();
        if total <= room {
            return rendered.concat();
        }
        if rows == 0 {
            return shorten(&rendered, room);
        }
    }
    String::new()
}

/// An activity, or the initiative, with what is below it.
struct Group<'p> {
    head: &'p Issue,
    tasks: Vec<&'p Issue>,
}

fn groups(plan: &Plan) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for issue in &plan.issues {
        match (issue.level, groups.last_mut()) {
            (Level::Task, Some(group)) => group.tasks.push(issue),
            (Level::Task | Level::Initiative | Level::Activity, _) => {
                groups.push(Group { head: issue, tasks: Vec::new() });
            }
        }
    }
    groups
}

impl Group<'_> {
    fn render(&self, plan: &Plan, rows: usize) -> String {
        let head = self.head;
        let mut out = format!(
            "### {}\n\n{}",
            escape::text(&escape::cut(&head.title, 120)),
            escape::code(head.key.as_str())
        );
        if let Some(stage) = &head.stage {
            push(&mut out, format_args!(" · stage {}", escape::code(stage)));
        }
        match self.tasks.len() {
            0 => {}
            1 => out.push_str(" · 1 task"),
            tasks => push(&mut out, format_args!(" · {tasks} tasks")),
        }
        let labels = labels(plan, head);
        if !labels.is_empty() {
            push(&mut out, format_args!(" · {}", labels.join(" ")));
        }
        out.push_str("\n\n");
        if self.tasks.is_empty() || rows == 0 {
            return out;
        }
        out.push_str("| Issue | Title | Labels | Values |\n| --- | --- | --- | --- |\n");
        let prefix = format!("{}/", head.key);
        let (first, left_out) = if self.tasks.len() <= rows {
            (self.tasks.len(), 0)
        } else {
            (rows.div_ceil(2), self.tasks.len() - rows)
        };
        for (index, task) in self.tasks.iter().enumerate() {
            if left_out > 0 && index == first {
                push(&mut out, format_args!("| … | _{left_out} rows are left out here_ | | |\n"));
            }
            if index < first || index >= first + left_out {
                row(plan, task, &prefix, &mut out);
            }
        }
        out.push('\n');
        out
    }
}

fn row(plan: &Plan, task: &Issue, prefix: &str, out: &mut String) {
    let key = task.key.as_str();
    let values: Vec<String> = task
        .fields
        .iter()
        .map(|(name, value)| format!("{}: {}", escape::text(name.as_str()), shown(value.as_ref())))
        .collect();
    let labels: Vec<String> = labels(plan, task).iter().map(|label| label.replace('|', "\\|")).collect();
    push(
        out,
        format_args!(
            "| {} | {} | {} | {} |\n",
            escape::cell(key.strip_prefix(prefix).unwrap_or(key)),
            escape::text(&escape::cut(&task.title, 120)),
            labels.join(" "),
            values.join(", ")
        ),
    );
}

/// The labels of an issue besides the managed one.
fn labels(plan: &Plan, issue: &Issue) -> Vec<String> {
    issue
        .labels
        .iter()
        .filter(|label| !label.same(&plan.project.managed_label))
        .map(|label| escape::code(label.as_str()))
        .collect()
}

fn shown(value: Option<&FieldInput>) -> String {
    match value {
        None => "_emptied_".to_owned(),
        Some(FieldInput::Number(number)) => number.to_string(),
        Some(FieldInput::Text(text)) => escape::text(&escape::cut(text, 60)),
    }
}

fn type_word(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text => "text",
        FieldType::Number => "number",
        FieldType::Date => "date",
        FieldType::SingleSelect => "single select",
    }
}

/// The blocks in order; where they are too long together, those in the middle are left out and their number is said.
fn shorten(blocks: &[String], room: usize) -> String {
    let lengths: Vec<usize> = blocks.iter().map(|block| block.chars().count()).collect();
    if lengths.iter().sum::<usize>() <= room {
        return blocks.concat();
    }
    let mut left = room.saturating_sub(60);
    let (mut first, mut last) = (0, 0);
    // From both ends in turns, until the next one doesn't fit.
    while first + last < blocks.len() {
        let from_start = first <= last;
        let at = if from_start { first } else { blocks.len() - 1 - last };
        let Some(rest) = lengths.get(at).and_then(|length| left.checked_sub(*length)) else { break };
        left = rest;
        if from_start { first += 1 } else { last += 1 }
    }
    let missing = blocks.len() - first - last;
    let head = blocks.get(..first).unwrap_or_default().concat();
    let tail = blocks.get(blocks.len() - last..).unwrap_or_default().concat();
    format!("{head}\n_{missing} entries are left out here._\n\n{tail}")
}

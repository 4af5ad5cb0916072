//! `plan.md`: the plan as a reviewer reads it.
//!
//! Counts first, then what is new, the cost and what stays for a person; then the backlog, the timeline and the board.
//! The whole fits into a comment on GitHub: when it would not, rows in the middle are left out and the page says so. The
//! counts never are.

use std::collections::BTreeMap;

use spectra_model::change::{Action, Kind};
use spectra_model::plan::{Level, Link, OwnerType, Plan, Visibility};

use super::{backlog, board, by_hand, escape, mermaid, push};

/// The most characters of the page.
pub(super) const MAX_CHARACTERS: usize = 48_000;
/// The most characters of each diagram.
const MAX_DIAGRAM_CHARACTERS: usize = 8_000;
/// The most characters of the tables of the board.
const MAX_BOARD_CHARACTERS: usize = 16_000;
/// Titles and names that come once are cut here.
pub(super) const TITLE_CHARACTERS: usize = 250;

/// Renders the page.
pub(crate) fn plan_md(plan: &Plan) -> String {
    let mut page = String::new();
    page.push_str(&head(plan));
    page.push_str(&counts(plan));
    page.push_str(&new_things(plan));
    page.push_str(&forecast(plan));
    page.push_str(&by_hand::section(plan));
    page.push_str("## Backlog\n\n");
    match mermaid::flowchart(plan, MAX_DIAGRAM_CHARACTERS) {
        Some(diagram) => push(&mut page, format_args!("{diagram}\n")),
        None => page.push_str("_No issues._\n\n"),
    }
    let mut end = String::new();
    if let Some(diagram) = mermaid::gantt(plan, MAX_DIAGRAM_CHARACTERS) {
        push(&mut end, format_args!("## Timeline\n\n{diagram}\n"));
    }
    end.push_str(&board::sections(plan, MAX_BOARD_CHARACTERS));
    let room = MAX_CHARACTERS.saturating_sub(page.chars().count() + end.chars().count());
    page.push_str(&backlog::tables(plan, room));
    page.push_str(&end);
    page.truncate(page.trim_end().len());
    page.push('\n');
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
    let mut out = format!(
        "# Plan: {}\n\nBoard {} of the {owner} {}, from manifest {} ({}). Visibility: {visibility}.",
        escape::text(&escape::cut(&project.title, TITLE_CHARACTERS)),
        escape::code(plan.slug.as_str()),
        escape::code(project.owner.slug.as_str()),
        escape::code(&escape::cut(plan.manifest.as_str(), TITLE_CHARACTERS)),
        escape::code(&escape::cut(&plan.source.manifest, TITLE_CHARACTERS)),
    );
    let old: Vec<String> = plan.renamed_from.iter().map(|old| escape::code(old.as_str())).collect();
    if !old.is_empty() {
        push(&mut out, format_args!(" It was called {} before.", old.join(", ")));
    }
    out.push_str("\n\n");
    out
}

fn counts(plan: &Plan) -> String {
    let level = |level: Level| plan.issues.iter().filter(|issue| issue.level == level).count();
    let links = |is: fn(&Link) -> bool| plan.links.iter().filter(|link| is(link)).count();
    let issue_values: usize = plan.issues.iter().map(|issue| issue.fields.len()).sum();
    let draft_values: usize = plan.drafts.iter().map(|draft| draft.fields.len()).sum();
    let rows = [
        ("Issues", plan.issues.len()),
        ("… initiatives", level(Level::Initiative)),
        ("… activities", level(Level::Activity)),
        ("… tasks and sub-tasks", level(Level::Task)),
        ("Drafts", plan.drafts.len()),
        ("Sub-issue links", links(|link| link.sub_issue().is_some())),
        ("Dependencies", links(|link| link.blocked_by().is_some())),
        ("Field values", issue_values + draft_values),
        ("Fields", plan.fields.len()),
        ("… options", plan.fields.iter().map(|field| field.options.len()).sum()),
        ("… iterations", plan.fields.iter().map(|field| field.iterations.len()).sum()),
        ("Views", plan.views.len()),
        ("Milestones", plan.milestones.len()),
        ("Labels", plan.labels.len()),
        ("Repositories with issues", plan.repositories().len()),
        ("Linked repositories", links(|link| link.repository().is_some())),
        ("Linked teams", links(|link| link.team().is_some())),
    ];
    let mut out = "## Counts\n\n| | In the plan |\n| --- | ---: |\n".to_owned();
    for (name, count) in rows {
        push(&mut out, format_args!("| {name} | {count} |\n"));
    }
    out.push('\n');
    out
}

fn new_things(plan: &Plan) -> String {
    let against = match &plan.baseline {
        None => "a GitHub that holds nothing of this board yet".to_owned(),
        Some(baseline) => format!("the plan with the digest {}", escape::code(&baseline.sha256)),
    };
    let mut out = format!(
        "## What is new, changed and gone\n\nSeen against {against}. What is really done is decided against what \
         GitHub holds when the plan is applied.\n\n"
    );
    match (&plan.baseline, plan.operations.is_empty()) {
        (Some(_), true) => out.push_str("Nothing: both plans want the same of GitHub.\n"),
        (Some(_) | None, _) => out.push_str(&by_kind(plan)),
    }
    let losing = plan.operations.iter().filter(|change| change.destructive).count();
    if losing > 0 {
        push(
            &mut out,
            format_args!(
                "\n**Changes that lose data: {losing}.** An apply refuses them unless it gets `--allow-destructive`.\n"
            ),
        );
    }
    if plan.baseline.is_some() && !plan.operations.is_empty() {
        out.push_str("\nEach of them stands in plan.diff.md, beside this file.\n");
    }
    let replaced =
        plan.operations.iter().any(|change| change.action == Action::Delete && change.kind == Kind::View);
    if replaced && plan.baseline.is_none() {
        out.push_str("\nThe view that goes is the one that GitHub gives to a new board.\n");
    }
    out.push('\n');
    out
}

/// How many things of each kind are made, changed and deleted.
pub(super) fn by_kind(plan: &Plan) -> String {
    let mut out = "| | Create | Update | Delete |\n| --- | ---: | ---: | ---: |\n".to_owned();
    let mut counts: BTreeMap<(Kind, Action), usize> = BTreeMap::new();
    for change in &plan.operations {
        *counts.entry((change.kind, change.action)).or_default() += 1;
    }
    for kind in Kind::ALL {
        let of = |action: Action| counts.get(&(kind, action)).copied().unwrap_or_default();
        let (create, update, delete) = (of(Action::Create), of(Action::Update), of(Action::Delete));
        if create + update + delete > 0 {
            push(&mut out, format_args!("| {} | {create} | {update} | {delete} |\n", kind_word(kind)));
        }
    }
    out
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Project => "Project",
        Kind::Label => "Labels",
        Kind::Milestone => "Milestones",
        Kind::Field => "Fields",
        Kind::View => "Views",
        Kind::Issue => "Issues",
        Kind::Draft => "Drafts",
        Kind::SubIssue => "Sub-issue links",
        Kind::BlockedBy => "Dependencies",
        Kind::Repository => "Linked repositories",
        Kind::Team => "Linked teams",
    }
}

/// What the preview costs.
pub(super) fn forecast(plan: &Plan) -> String {
    let time = match plan.forecast.seconds {
        0 => "needs no waiting".to_owned(),
        seconds => format!("takes at least {}", duration(seconds)),
    };
    let ending = if plan.forecast.content_creations == 1 { "" } else { "s" };
    format!(
        "## Forecast\n\n{} content creation{ending}. GitHub lets 80 of them through in a minute and 500 in an hour, so the \
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

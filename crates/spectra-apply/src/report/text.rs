//! Change set and outcomes as text, in the manner of `terraform plan`.

use serde_json::Value;
use spectra_model::change::{Action, Change, ChangeSet, Kind, Member};
use spectra_model::evidence::{Evidence, Mode, Outcome, Status};
use spectra_model::json::to_line;
use spectra_model::plan::Plan;
use std::collections::BTreeMap;

use super::line;

/// The change set: a line a change, members old → new, then counts and cost.
pub(crate) fn change_set(plan: &Plan, mode: Mode, set: &ChangeSet) -> String {
    let mut text = String::new();
    line(
        &mut text,
        format_args!("Board {}: {}", plan.slug, shown(&Value::from(plan.project.title.as_str()))),
    );
    line(&mut text, format_args!("Owner {}", plan.project.owner.slug));
    text.push('\n');
    for change in &set.changes {
        one(&mut text, change);
    }
    if set.changes.is_empty() {
        let nothing = match mode {
            Mode::DryRun | Mode::Apply => "No changes. GitHub holds what the plan says.",
            Mode::Destroy => "No changes. Nothing is left of what Spectra made for this board.",
        };
        line(&mut text, format_args!("{nothing}"));
    }
    text.push('\n');
    let counts = &set.counts;
    line(
        &mut text,
        format_args!(
            "Plan: {} to create, {} to update, {} to delete, {} unchanged, {} for a person, {} blocked.",
            counts.create, counts.update, counts.delete, counts.unchanged, counts.manual, counts.blocked
        ),
    );
    if !set.sends_nothing() {
        let cost = &set.forecast;
        line(
            &mut text,
            format_args!(
                "Cost: at least {}, {} points, {}; GitHub's limits let them through in {} at the earliest.",
                many(cost.requests, "request", " with mutations"),
                cost.points,
                many(cost.content_creations, "content creation", ""),
                duration(cost.seconds)
            ),
        );
    }
    text
}

/// So many of a thing; `rest` follows its plural's or singular's ending.
fn many(count: u64, thing: &str, rest: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{ending}{rest}")
}

/// What became of it: what was made with its page, what failed and why, then counts and traffic.
pub(crate) fn outcomes(evidence: &Evidence) -> String {
    let mut text = String::new();
    let mut made: BTreeMap<Kind, usize> = BTreeMap::new();
    for outcome in &evidence.outcomes {
        if outcome.status == Status::Done && outcome.action == Action::Create {
            let number = made.entry(outcome.kind).or_default();
            *number = number.saturating_add(1);
        }
        // Links have no page of their own, and there is one for nearly every issue: counting them is enough.
        if !matches!(outcome.kind, Kind::SubIssue | Kind::BlockedBy) || outcome.status != Status::Done {
            result(&mut text, outcome);
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    if !made.is_empty() {
        let parts: Vec<String> =
            made.iter().map(|(kind, number)| format!("{number} {}", noun(*kind, *number))).collect();
        line(&mut text, format_args!("Created {}.", parts.join(", ")));
    }
    let counts = &evidence.counts;
    line(
        &mut text,
        format_args!(
            "Done: {} created, {} updated, {} deleted, {} unchanged, {} skipped, {} failed.",
            counts.created, counts.updated, counts.deleted, counts.unchanged, counts.skipped, counts.failed
        ),
    );
    let http = &evidence.http;
    line(
        &mut text,
        format_args!(
            "Sent: {} requests, {} mutations, {} points; waited {}.",
            http.requests,
            http.mutations,
            http.points,
            duration(http.waited_seconds)
        ),
    );
    if let Some(project) = &evidence.project {
        line(&mut text, format_args!("Board: {}", project.url));
    }
    text
}

fn one(text: &mut String, change: &Change) {
    let sign = match change.action {
        Action::Create => '+',
        Action::Update => '~',
        Action::Delete => '-',
        Action::Manual | Action::Blocked => '!',
    };
    let title = title_of(change).map_or_else(String::new, |title| format!("  {title}"));
    line(text, format_args!("  {sign} {:<10} {}{title}", change.kind.as_str(), printable(&change.key)));
    if change.action == Action::Create {
        let values = change.members.iter().filter_map(|member| {
            let field = member.name.strip_prefix("value:")?;
            Some(format!("{}: {}", printable(field), shown(&member.new)))
        });
        let values: Vec<String> = values.collect();
        if !values.is_empty() {
            line(text, format_args!("      {}", values.join(", ")));
        }
    } else {
        for Member { name, old, new } in &change.members {
            line(text, format_args!("      {}: {}", printable(name), becomes(old, new)));
        }
    }
    if let Some(reason) = &change.reason {
        line(text, format_args!("      {}", printable(reason)));
    }
}

fn title_of(change: &Change) -> Option<String> {
    if change.action != Action::Create {
        return None;
    }
    let member = change.members.iter().find(|member| member.name == "title")?;
    Some(shown(&member.new))
}

fn result(text: &mut String, outcome: &Outcome) {
    let is_link = matches!(outcome.kind, Kind::Repository | Kind::Team);
    let word = match (outcome.status, outcome.action) {
        (Status::Done, Action::Create) if is_link => "linked",
        (Status::Done, Action::Delete) if is_link => "unlinked",
        (Status::Done, Action::Create) => "created",
        (Status::Done, Action::Delete) => "deleted",
        (Status::Done, Action::Update | Action::Manual | Action::Blocked) => "updated",
        (Status::Unchanged, Action::Manual | Action::Blocked) => "left",
        (Status::Unchanged, Action::Create | Action::Update | Action::Delete) => "as it was",
        (Status::Skipped, _) => "skipped",
        (Status::Failed, _) => "FAILED",
    };
    let page = outcome.url.as_deref().map_or_else(String::new, |url| format!("  {}", printable(url)));
    line(text, format_args!("  {word:<9} {:<10} {}{page}", outcome.kind.as_str(), printable(&outcome.key)));
    if let Some(because) = &outcome.because {
        line(text, format_args!("            {}", printable(because)));
    }
}

fn noun(kind: Kind, number: usize) -> &'static str {
    let (one, more) = match kind {
        Kind::Project => ("board", "boards"),
        Kind::Label => ("label", "labels"),
        Kind::Milestone => ("milestone", "milestones"),
        Kind::Field => ("field", "fields"),
        Kind::View => ("view", "views"),
        Kind::Issue => ("issue", "issues"),
        Kind::Draft => ("draft", "drafts"),
        Kind::SubIssue => ("sub-issue link", "sub-issue links"),
        Kind::BlockedBy => ("dependency", "dependencies"),
        Kind::Repository => ("linked repository", "linked repositories"),
        Kind::Team => ("linked team", "linked teams"),
    };
    if number == 1 { one } else { more }
}

/// What a value becomes. Of texts that begin alike the lines are shown in which they differ first.
fn becomes(old: &Value, new: &Value) -> String {
    let (was, is) = (shown(old), shown(new));
    if was != is {
        return format!("{was} → {is}");
    }
    let lines = |value: &Value| -> Vec<String> {
        value.as_str().unwrap_or_default().lines().map(ToOwned::to_owned).collect()
    };
    let (old, new) = (lines(old), lines(new));
    let Some(line) = (0..old.len().max(new.len())).find(|line| old.get(*line) != new.get(*line)) else {
        return format!("{is}, changed in what isn't shown here");
    };
    let [was, is] = [old, new].map(|lines| lines.get(line).cloned().unwrap_or_default());
    let alike = was.chars().zip(is.chars()).take_while(|(one, other)| one == other).count();
    let skipped = alike.saturating_sub(LEAD);
    let around = |line: &str| {
        let text: String = line.chars().skip(skipped).take(MOST).collect();
        let start = if skipped > 0 { "…" } else { "" };
        let end = if line.chars().count() > skipped.saturating_add(MOST) { "…" } else { "" };
        format!("\"{start}{}{end}\"", printable(&text))
    };
    format!("in line {} {} → {}", line.saturating_add(1), around(&was), around(&is))
}

/// How much of a text is shown.
const MOST: usize = 60;
/// How much of what two texts have alike is shown before they differ.
const LEAD: usize = 20;

/// A value on one line; of a long text its beginning and its length.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "(none)".to_owned(),
        Value::String(text) => {
            let first: String = text.lines().next().unwrap_or_default().chars().take(MOST).collect();
            let short = printable(&first);
            if first == *text {
                format!("\"{short}\"")
            } else {
                let lines = text.lines().count();
                let noun = if lines == 1 { "line" } else { "lines" };
                format!("\"{short}…\" ({lines} {noun})")
            }
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(shown).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) => {
            let members: Vec<String> = members.values().filter(|it| !it.is_null()).map(shown).collect();
            members.join(" ")
        }
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(_) => to_line(value).unwrap_or_default(),
    }
}

/// Text from outside without what would move a terminal's cursor or colour it.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn duration(seconds: u64) -> String {
    let minutes = seconds.div_euclid(60);
    match (minutes.div_euclid(60), minutes.rem_euclid(60), seconds.rem_euclid(60)) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_looks_the_same_is_shown_where_it_differs() {
        let check = |old: Value, new: Value, expected: &str| assert_eq!(becomes(&old, &new), expected);
        check(json!(3), json!(5), "3 → 5");
        check(json!("a\nb"), json!("a\nc"), r#"in line 2 "b" → "c""#);
        let long = "x".repeat(70);
        check(
            json!(format!("{long}one")),
            json!(format!("{long}two")),
            &format!(r#"in line 1 "…{x}one" → "…{x}two""#, x = "x".repeat(20)),
        );
        check(json!("a\r\n"), json!("a\n"), "\"a…\" (1 line), changed in what isn't shown here");
        check(json!(null), json!(null), "(none), changed in what isn't shown here");
    }
}

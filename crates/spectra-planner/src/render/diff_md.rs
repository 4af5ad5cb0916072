//! `plan.diff.md`: what differs from the baseline, as a reviewer reads it.
//!
//! Counts first; then what loses data, what is new, changed, moved and gone, and what stays for a person. It fits into a
//! comment on GitHub: where it would not, entries in the middle of a section are left out and the page says so. The counts
//! never are, and what loses data is the last to be cut.

use std::collections::BTreeMap;

use serde_json::Value;
use spectra_model::change::{Action, Change, Counts, Kind, Member, change_id};
use spectra_model::json::to_line;
use spectra_model::plan::Plan;
use spectra_reconciler::is_for_the_marker_alone;

use super::plan_md::{MAX_CHARACTERS, TITLE_CHARACTERS, by_kind, forecast};
use super::{escape, lines, push};

/// Keys are cut here.
const KEY_CHARACTERS: usize = 200;
/// Reasons are cut here.
const REASON_CHARACTERS: usize = 400;
/// Values that come in a line are cut here.
const VALUE_CHARACTERS: usize = 200;
/// Texts that are longer, or have lines, are shown by the lines that differ.
const LONG: usize = 120;
/// How many names of a list are shown.
const NAMES: usize = 20;
/// The most characters of one text's differing lines.
const DIFF_CHARACTERS: usize = 4_000;
/// Room for the line that says what is left out.
const GAP_CHARACTERS: usize = 80;

/// Renders the page of a plan whose operations were reckoned against a baseline.
pub(crate) fn diff_md(plan: &Plan, counts: Counts) -> String {
    let mut page = head(plan);
    if plan.operations.is_empty() {
        page.push_str("Nothing: both plans want the same of GitHub.\n");
        return page;
    }
    push(&mut page, format_args!("## Counts\n\n{}\n{}", by_kind(plan), in_words(counts)));
    page.push_str(&forecast(plan));
    let sections = sections(plan);
    let room = MAX_CHARACTERS.saturating_sub(page.chars().count() + 1);
    for (section, room) in sections.iter().zip(rooms(&sections, plan, room)) {
        page.push_str(&section.render(plan, room));
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

fn head(plan: &Plan) -> String {
    let title = escape::text(&escape::cut(&plan.project.title, TITLE_CHARACTERS));
    let slug = escape::code(plan.slug.as_str());
    let baseline = plan.baseline.as_ref().map(|baseline| escape::code(&baseline.sha256)).unwrap_or_default();
    format!(
        "# What changes: {title}\n\nBoard {slug}, against the plan with the digest {baseline}: what an apply would do if \
         GitHub held what that plan says. What is really done is decided against what GitHub holds then.\n\n"
    )
}

fn in_words(counts: Counts) -> String {
    let Counts { create: _, update: _, delete: _, unchanged, manual, blocked } = counts;
    let mut out = format!("{unchanged} stay as they are.");
    for (count, what) in [(manual, "left to a person"), (blocked, "not possible")] {
        if count > 0 {
            push(&mut out, format_args!(" {count} {what}."));
        }
    }
    out.push_str("\n\n");
    out
}

/// What a reviewer asks of a change, in the order in which it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Topic {
    Loss,
    New,
    Changed,
    Moved,
    Gone,
    ByHand,
    Blocked,
}

impl Topic {
    fn of(change: &Change) -> Self {
        let has = |names: &[&str]| change.members.iter().any(|member| names.contains(&member.name.as_str()));
        match change.action {
            Action::Manual => Self::ByHand,
            Action::Blocked => Self::Blocked,
            Action::Create | Action::Update | Action::Delete if change.destructive => Self::Loss,
            Action::Delete => Self::Gone,
            Action::Update if spectra_reconciler::is_removal(change) => Self::Gone,
            Action::Create if change.kind == Kind::SubIssue && has(&["parent"]) => Self::Moved,
            Action::Create => Self::New,
            Action::Update if change.kind == Kind::SubIssue || has(&["key", "slug"]) => Self::Moved,
            Action::Update => Self::Changed,
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Self::Loss => {
                "## Loses data\n\nAn apply refuses these unless it gets `--allow-destructive`; it says then how much is \
                 lost.\n\n"
            }
            Self::New => "## New\n\n",
            Self::Changed => "## Changed\n\n",
            Self::Moved => "## Moved or renamed\n\n",
            Self::Gone => "## Gone\n\n",
            Self::ByHand => "## For a person\n\n",
            Self::Blocked => "## Not possible\n\n",
        }
    }
}

struct Section<'p> {
    topic: Topic,
    changes: Vec<&'p Change>,
    /// What is not listed, in words.
    aside: String,
}

fn sections(plan: &Plan) -> Vec<Section<'_>> {
    let mut topics: BTreeMap<Topic, Vec<&Change>> = BTreeMap::new();
    let (mut places, mut remembered): (usize, usize) = (0, 0);
    for change in &plan.operations {
        if is_place_of_new(change) {
            places += 1;
        } else if is_for_the_marker_alone(change) {
            remembered += 1;
        } else {
            topics.entry(Topic::of(change)).or_default().push(change);
        }
    }
    if remembered > 0 {
        topics.entry(Topic::Changed).or_default();
    }
    let aside = |topic: Topic| match (topic, places, remembered) {
        (Topic::New, 1, _) => "Not listed: the sub-issue link of a new issue.\n\n".to_owned(),
        (Topic::New, 1.., _) => format!("Not listed: {places} sub-issue links of new issues.\n\n"),
        (Topic::Changed, _, 1..) => {
            format!(
                "Not listed: {remembered} issues and drafts in which only the hidden comment changes that says what \
                 Spectra set.\n\n"
            )
        }
        _ => String::new(),
    };
    topics.into_iter().map(|(topic, changes)| Section { topic, changes, aside: aside(topic) }).collect()
}

/// Whether it is the link from a new issue to its parent: its key says that already.
fn is_place_of_new(change: &Change) -> bool {
    let child = change.key.rsplit_once('>').map(|(_, child)| change_id(Action::Create, Kind::Issue, child));
    change.kind == Kind::SubIssue
        && change.action == Action::Create
        && change.members.is_empty()
        && child.is_some_and(|child| change.requires.contains(&child))
}

/// How much of the room each section gets. What loses data comes first; the others share what is left, and one that
/// needs less than its share leaves the rest to the others.
fn rooms(sections: &[Section<'_>], plan: &Plan, room: usize) -> Vec<usize> {
    let needs: Vec<usize> = sections.iter().map(|section| section.needs(plan, room)).collect();
    let mut rooms = needs.clone();
    let mut left = room;
    let mut waiting: Vec<(usize, usize)> = Vec::new();
    for (at, (section, need)) in sections.iter().zip(&needs).enumerate() {
        if section.topic == Topic::Loss {
            let granted = (*need).min(room / 2);
            left -= granted;
            rooms.iter_mut().skip(at).take(1).for_each(|own| *own = granted);
        } else {
            waiting.push((*need, at));
        }
    }
    waiting.sort_unstable();
    let mut count = waiting.len();
    for (need, at) in waiting {
        let granted = need.min(left.checked_div(count).unwrap_or(left));
        left -= granted;
        count -= 1;
        rooms.iter_mut().skip(at).take(1).for_each(|own| *own = granted);
    }
    rooms
}

impl Section<'_> {
    /// How many characters it has; where they are more than there is room for, somewhat more than that.
    fn needs(&self, plan: &Plan, room: usize) -> usize {
        let mut length = self.frame();
        for change in &self.changes {
            length += entry(plan, change).chars().count();
            if length > room {
                break;
            }
        }
        length
    }

    fn frame(&self) -> usize {
        self.topic.heading().chars().count() + self.aside.chars().count() + 1
    }

    /// The entries in order; where they are too long together, those in the middle are left out.
    fn render(&self, plan: &Plan, room: usize) -> String {
        let mut left = room.saturating_sub(self.frame());
        let is_whole = self.needs(plan, room) <= room;
        if !is_whole {
            left = left.saturating_sub(GAP_CHARACTERS);
        }
        let mut changes = self.changes.iter();
        let (mut start, mut end) = (String::new(), Vec::new());
        let mut from_start = true;
        let missing = loop {
            let rest = changes.len();
            let Some(change) = (if from_start { changes.next() } else { changes.next_back() }) else {
                break 0;
            };
            let text = entry(plan, change);
            let Some(after) = left.checked_sub(text.chars().count()) else { break rest };
            left = after;
            if from_start {
                start.push_str(&text);
            } else {
                end.push(text);
            }
            from_start = is_whole || !from_start;
        };
        if missing > 0 {
            push(
                &mut start,
                format_args!("- _… {missing} more are left out here; plan.diff.json has them all_\n"),
            );
        }
        end.reverse();
        format!("{}{start}{}\n{}", self.topic.heading(), end.concat(), self.aside)
    }
}

fn entry(plan: &Plan, change: &Change) -> String {
    let key = escape::code(&escape::cut(&decoded(&change.key), KEY_CHARACTERS));
    let verb = match (change.action, Topic::of(change)) {
        (Action::Delete, Topic::Loss) => " is deleted",
        (Action::Create | Action::Update | Action::Delete | Action::Manual | Action::Blocked, _) => "",
    };
    let mut out = format!("- {} {key}{verb}", noun(change.kind));
    if let Some(reason) = &change.reason {
        push(&mut out, format_args!(": {}", escape::text(&escape::cut(reason, REASON_CHARACTERS))));
    }
    if change.action == Action::Create && Topic::of(change) == Topic::New {
        let members: Vec<String> =
            change.members.iter().filter(|member| is_telling(plan, member)).map(of_new).collect();
        if !members.is_empty() {
            push(&mut out, format_args!(": {}", members.join("; ")));
        }
        out.push('\n');
    } else {
        out.push('\n');
        change.members.iter().for_each(|member| of_changed(member, &mut out));
    }
    out
}

/// Whether a member of a new thing says more than that it is new.
fn is_telling(plan: &Plan, member: &Member) -> bool {
    match member.name.as_str() {
        "board" => false,
        "repository" => plan.repositories().len() > 1,
        _ => true,
    }
}

fn of_new(member: &Member) -> String {
    let name = escape::text(&member.name);
    match member.new.as_str() {
        Some(text) if is_long(text) => {
            let count = text.lines().count();
            format!("{name} of {count} {}", if count == 1 { "line" } else { "lines" })
        }
        Some(_) | None => format!("{name} {}", value(&member.new)),
    }
}

fn of_changed(member: &Member, out: &mut String) {
    let name = escape::code(&escape::cut(&member.name, KEY_CHARACTERS));
    let (old, new) = (member.old.as_str(), member.new.as_str());
    let (old_text, new_text) = (old.unwrap_or_default(), new.unwrap_or_default());
    let are_texts = (old.is_some() || member.old.is_null()) && (new.is_some() || member.new.is_null());
    if !are_texts || !(is_long(old_text) || is_long(new_text)) {
        push(out, format_args!("  - {name}: {} → {}\n", value(&member.old), value(&member.new)));
        return;
    }
    let lines = lines::unified(old_text, new_text);
    if lines.is_empty() {
        push(out, format_args!("  - {name}: the same but for its line ends\n"));
        return;
    }
    let ticks = lines.iter().flat_map(|line| line.split(|c| c != '`')).map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((ticks + 1).max(3));
    push(out, format_args!("  - {name}:\n\n    {fence}diff\n"));
    let mut left = DIFF_CHARACTERS;
    for (shown, line) in lines.iter().enumerate() {
        let Some(after) = left.checked_sub(line.chars().count()) else {
            push(out, format_args!("    … {} more lines\n", lines.len() - shown));
            break;
        };
        left = after;
        push(out, format_args!("    {line}\n"));
    }
    push(out, format_args!("    {fence}\n\n"));
}

fn is_long(text: &str) -> bool {
    text.trim_end().contains('\n') || text.chars().count() > LONG
}

fn value(value: &Value) -> String {
    match value {
        Value::Null => "_nothing_".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Number(number) => to_line(number).unwrap_or_default(),
        Value::String(text) if text.is_empty() => "_empty_".to_owned(),
        Value::String(text) => escape::text(&escape::cut(text, VALUE_CHARACTERS)),
        Value::Array(items) if items.is_empty() => "_none_".to_owned(),
        Value::Array(items) => {
            let mut shown: Vec<String> = items.iter().take(NAMES).map(self::value).collect();
            if items.len() > NAMES {
                shown.push(format!("… {} more", items.len() - NAMES));
            }
            shown.join(", ")
        }
        // A dependency may make objects keep the order in which they were filled.
        Value::Object(members) => {
            let sorted: BTreeMap<&String, &Value> = members.iter().collect();
            let parts =
                sorted.into_iter().filter(|(name, _)| !matches!(name.as_str(), "name" | "title" | "field"));
            let parts: Vec<String> =
                parts.map(|(name, it)| format!("{} {}", escape::text(name), self::value(it))).collect();
            match members.get("name").or(members.get("title")).or(members.get("field")) {
                Some(name) => format!("{} ({})", self::value(name), parts.join(", ")),
                None => parts.join(" "),
            }
        }
    }
}

fn noun(kind: Kind) -> &'static str {
    match kind {
        Kind::Project => "Project",
        Kind::Label => "Label",
        Kind::Milestone => "Milestone",
        Kind::Field => "Field",
        Kind::View => "View",
        Kind::Issue => "Issue",
        Kind::Draft => "Draft",
        Kind::SubIssue => "Sub-issue link",
        Kind::BlockedBy => "Dependency",
        Kind::Repository => "Linked repository",
        Kind::Team => "Linked team",
    }
}

/// A key with the names in it as their authors wrote them.
fn decoded(key: &str) -> String {
    let encoded = [("%2F", "/"), ("%23", "#"), ("%3A", ":"), ("%3E", ">"), ("%3C", "<"), ("%25", "%")];
    encoded.into_iter().fold(key.to_owned(), |key, (code, character)| key.replace(code, character))
}

//! The managed region's text: when two of them say the same, and how ticks are carried from one to the next.
//!
//! GitHub's web editor gives bodies back with CRLF, and ticking a task list box rewrites the body (reported by users
//! of the API), so neither counts as a difference.

use std::borrow::Cow;

use crate::json::sha256;

/// The region's text without what people may change in it by use: CRLF as LF, trailing spaces cut, boxes unticked.
pub fn normalise(text: &str) -> String {
    let lf = if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(text)
    };
    let mut plain = String::with_capacity(lf.len());
    for line in lf.lines() {
        // What is above the first line that isn't empty doesn't count.
        if !plain.is_empty() {
            plain.push('\n');
        }
        plain.push_str(&untick(line.trim_end()));
    }
    plain.truncate(plain.trim_end_matches('\n').len());
    plain
}

/// The digest by which a region that someone rewrote is told from one that was only used.
pub fn hash(text: &str) -> String {
    sha256(normalise(text).as_bytes())
}

/// The new text with the boxes ticked that are ticked in the old one: the same line, counted by its occurrences.
pub fn carry_ticks(old: &str, new: &str) -> String {
    let mut ticked: Vec<(String, usize)> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for line in old.lines().map(str::trim_end) {
        let Some(item) = TaskItem::read(line) else { continue };
        let plain = item.written(false);
        let occurrence = seen.iter().filter(|other| **other == plain).count();
        if item.ticked {
            ticked.push((plain.clone(), occurrence));
        }
        seen.push(plain);
    }
    if ticked.is_empty() {
        return new.to_owned();
    }
    let mut met: Vec<String> = Vec::new();
    let lines: Vec<String> = new
        .split('\n')
        .map(|line| {
            let Some(item) = TaskItem::read(line.trim_end()) else { return line.to_owned() };
            let plain = item.written(false);
            let occurrence = met.iter().filter(|other| **other == plain).count();
            let tick = item.ticked || ticked.contains(&(plain.clone(), occurrence));
            met.push(plain);
            item.written(tick)
        })
        .collect();
    lines.join("\n")
}

fn untick(line: &str) -> Cow<'_, str> {
    TaskItem::read(line)
        .filter(|item| item.ticked)
        .map_or(Cow::Borrowed(line), |item| Cow::Owned(item.written(false)))
}

/// A line `- [ ] text` of a task list (GitHub Flavored Markdown, "Task list items").
struct TaskItem<'a> {
    before: &'a str,
    ticked: bool,
    after: &'a str,
}

impl<'a> TaskItem<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let unindented = line.trim_start_matches([' ', '\t', '>']);
        let after_marker = match unindented.strip_prefix(['-', '*', '+']) {
            Some(rest) => rest,
            None => unindented.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(['.', ')'])?,
        };
        let at_box = after_marker.trim_start();
        if at_box.len() == after_marker.len() {
            return None;
        }
        let before = line.strip_suffix(at_box)?;
        let (ticked, after) = if let Some(rest) = at_box.strip_prefix("[ ]") {
            (false, rest)
        } else {
            (true, at_box.strip_prefix("[x]").or_else(|| at_box.strip_prefix("[X]"))?)
        };
        after.starts_with(char::is_whitespace).then_some(Self { before, ticked, after })
    }

    fn written(&self, ticked: bool) -> String {
        format!("{}[{}]{}", self.before, if ticked { 'x' } else { ' ' }, self.after)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn using_a_checklist_is_no_difference() {
        let mine = "## Done when\n- [ ] one\n1. [ ] two\n  * [ ] three";
        let theirs = "## Done when  \r\n- [x] one\r\n1. [X] two\r\n  * [ ] three\r\n";
        assert_eq!(hash(mine), hash(theirs));
        assert_ne!(hash(mine), hash("## Done when\n- [ ] one\n1. [ ] two\n  * [ ] other"));
    }

    #[test]
    fn ticks_follow_their_line() {
        let old = "- [x] same\n- [ ] same\n- [x] gone\n- [x] moved";
        let new = "- [ ] moved\n- [ ] same\n- [ ] same\n- [ ] fresh\ntext [ ] not a box";
        let want = "- [x] moved\n- [x] same\n- [ ] same\n- [ ] fresh\ntext [ ] not a box";
        assert_eq!(carry_ticks(old, new), want);
    }

    proptest! {
        #[test]
        fn carrying_ticks_changes_nothing_else(old in "([-*] \\[[ x]\\] [ab]\n|text\n){0,8}", new in "([-*] \\[[ x]\\] [ab]\n|text\n){0,8}") {
            prop_assert_eq!(hash(&carry_ticks(&old, &new)), hash(&new));
        }
    }
}

//! What differs between two texts, line by line, in the form that `diff -u` made known.

use super::escape;

/// How many equal lines are shown around what differs.
const CONTEXT: usize = 2;
/// The most comparisons of a line with a line: where more would be needed all of the old lines go and all new ones come.
const COMPARISONS: usize = 40_000;
/// Lines are cut here.
const LINE_CHARACTERS: usize = 1_000;

/// A line with what becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line<'t> {
    Same(&'t str),
    Gone(&'t str),
    New(&'t str),
}

/// The lines that differ, with a few around them: each with its mark, safe to show inside a code block.
pub(super) fn unified(old: &str, new: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let head = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let (above, old) = old.split_at(head);
    let (_, new) = new.split_at(head);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let (old_middle, same) = old.split_at(old.len() - tail);
    let (new_middle, _) = new.split_at(new.len() - tail);
    let above = above.get(head.saturating_sub(CONTEXT)..).unwrap_or_default();
    let mut lines: Vec<Line<'_>> = above.iter().map(|line| Line::Same(line)).collect();
    lines.extend(differences(old_middle, new_middle));
    lines.extend(same.iter().take(CONTEXT).map(|line| Line::Same(line)));
    hunks(&lines, head + 1 - above.len())
}

/// The longest lines that both have in one order stay.
fn differences<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<Line<'t>> {
    if old.len().saturating_mul(new.len()) > COMPARISONS {
        let gone = old.iter().map(|line| Line::Gone(line));
        return gone.chain(new.iter().map(|line| Line::New(line))).collect();
    }
    // How many lines are common to what stands from here on, by place in the old and place in the new text.
    let mut common: Vec<Vec<usize>> = vec![vec![0; new.len() + 1]];
    for old_line in old.iter().rev() {
        let below = common.last().map(Vec::as_slice).unwrap_or_default();
        let mut row = vec![0];
        for (at, new_line) in new.iter().enumerate().rev() {
            let after = |place: usize| below.get(place).copied().unwrap_or(0);
            let right = row.last().copied().unwrap_or(0);
            row.push(if old_line == new_line { after(at + 1) + 1 } else { after(at).max(right) });
        }
        row.reverse();
        common.push(row);
    }
    common.reverse();
    let common = |old: usize, new: usize| common.get(old).and_then(|row| row.get(new)).copied().unwrap_or(0);
    let (mut at, mut to) = (0, 0);
    let mut lines = Vec::new();
    loop {
        match (old.get(at), new.get(to)) {
            (Some(line), Some(other)) if line == other => {
                lines.push(Line::Same(line));
                at += 1;
                to += 1;
            }
            (Some(line), other) if other.is_none() || common(at + 1, to) >= common(at, to + 1) => {
                lines.push(Line::Gone(line));
                at += 1;
            }
            (_, Some(line)) => {
                lines.push(Line::New(line));
                to += 1;
            }
            (_, None) => return lines,
        }
    }
}

/// Writes what differs, in pieces where more equal lines than the context lie between. `first` is the number of the first
/// line, in both texts.
fn hunks(lines: &[Line<'_>], first: usize) -> Vec<String> {
    let mut out = Vec::new();
    let is_same = |line: &Line<'_>| matches!(line, Line::Same(_));
    let is_near = |at: usize| {
        let around = at.saturating_sub(CONTEXT)..(at + CONTEXT + 1).min(lines.len());
        lines.get(around).unwrap_or_default().iter().any(|line| !is_same(line))
    };
    let (mut old, mut new) = (first, first);
    let mut is_open = false;
    for (at, line) in lines.iter().enumerate() {
        if is_near(at) {
            if !is_open {
                out.push(format!("@@ -{old} +{new} @@"));
            }
            let (mark, text) = match line {
                Line::Same(text) => (' ', text),
                Line::Gone(text) => ('-', text),
                Line::New(text) => ('+', text),
            };
            let text = escape::cut(&escape::one_line(text), LINE_CHARACTERS);
            out.push(format!("{mark}{text}").trim_end().to_owned());
            is_open = true;
        } else {
            is_open = false;
        }
        old += usize::from(!matches!(line, Line::New(_)));
        new += usize::from(!matches!(line, Line::Gone(_)));
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_differs_is_shown_with_what_stands_around_it() {
        let old = "a\nb\nc\nd\ne\nf\ng\nh\n";
        assert_eq!(unified(old, &old.replace('h', "H")), ["@@ -6 +6 @@", " f", " g", "-h", "+H"]);
        assert_eq!(unified("a\nb", "b\nc"), ["@@ -1 +1 @@", "-a", " b", "+c"]);
        assert_eq!(
            unified(old, "A\nb\nc\nd\ne\nf\ng\n"),
            ["@@ -1 +1 @@", "-a", "+A", " b", " c", "@@ -6 +6 @@", " f", " g", "-h"]
        );
        assert_eq!(unified("", "x\u{1b}[31m"), ["@@ -1 +1 @@", "+x [31m"]);
        assert_eq!(unified("a\r\nb", "a\nb"), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn the_new_text_can_be_made_from_the_old_one(old in "([ab]\n){0,12}", new in "([abc]\n){0,12}") {
            let (before, after): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
            let lines = differences(&before, &after);
            let kept = |gone: bool| -> Vec<&str> {
                let side = |line: &Line<'_>| match line {
                    Line::Same(_) => true,
                    Line::Gone(_) => gone,
                    Line::New(_) => !gone,
                };
                let text = |line: &&Line<'_>| side(line);
                lines.iter().filter(text).map(|line| match line {
                    Line::Same(text) | Line::Gone(text) | Line::New(text) => &text[..1],
                }).collect()
            };
            prop_assert_eq!(kept(true), before.clone());
            prop_assert_eq!(kept(false), after.clone());
            prop_assert_eq!(unified(&old, &new).is_empty(), old == new);
        }
    }
}

//! Text from a manifest as Markdown that shows it and does nothing else.
//!
//! GitHub looks for mentions, references and links in the rendered text, where a backslash is gone already; an empty
//! HTML comment keeps the two halves apart in there too, and doesn't show.

/// Splits what GitHub would take for one word.
const APART: &str = "<!-- -->";

/// Words that begin a statement of a Gantt chart (Mermaid's grammar of Gantt diagrams).
const GANTT_WORDS: [&str; 18] = [
    "accdescr",
    "acctitle",
    "axisformat",
    "call",
    "click",
    "dateformat",
    "excludes",
    "gantt",
    "href",
    "includes",
    "inclusiveenddates",
    "section",
    "tickinterval",
    "title",
    "todaymarker",
    "topaxis",
    "weekday",
    "weekend",
];

/// The least and the most digits that GitHub links as a commit.
const COMMIT: std::ops::RangeInclusive<usize> = 7..=40;

/// As running text, in a table too.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let one_line = one_line(text);
    for word in one_line.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let run = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        let before_dot = word.ends_with('.') && run.eq_ignore_ascii_case("www");
        if COMMIT.contains(&run.len()) && run.chars().all(|c| c.is_ascii_hexdigit()) {
            let (head, tail) = run.split_at(1);
            out.push_str(head);
            out.push_str(APART);
            out.push_str(tail);
        } else {
            out.push_str(run);
        }
        if before_dot {
            out.push_str(APART);
        }
        if let Some(mark) = word.get(run.len()..) {
            mark.chars().for_each(|c| push_mark(c, run, &mut out));
        }
    }
    out
}

fn push_mark(mark: char, run: &str, out: &mut String) {
    match mark {
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '&' => out.push_str("&amp;"),
        '@' => {
            out.push('@');
            out.push_str(APART);
        }
        '#' => {
            out.push_str("\\#");
            out.push_str(APART);
        }
        ':' => {
            out.push(':');
            out.push_str(APART);
        }
        '-' if run.eq_ignore_ascii_case("gh") => {
            out.push('-');
            out.push_str(APART);
        }
        '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '{' | '}' | '|' | '~' | '$' | '!' | '^' | '=' => {
            out.push('\\');
            out.push(mark);
        }
        other => out.push(other),
    }
}

/// As a code span, outside of tables.
pub(super) fn code(text: &str) -> String {
    let one_line = one_line(text);
    let longest = one_line.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A space is cut from both sides if both have one, so text that begins or ends with a backtick needs them.
    let pad = if longest > 0 || one_line.trim().is_empty() { " " } else { "" };
    format!("{fence}{pad}{one_line}{pad}{fence}")
}

/// As a code span in a table. GitHub's tables take a backslash before a pipe away even in code.
pub(super) fn cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// What Mermaid writes in place of `&` while it parses: text that holds it would be read as a character reference.
const MERMAIDS_AMPERSAND: char = 'ﬂ';

/// Mermaid takes a line that holds this word and a compass point for a statement, even inside quotes.
const MERMAIDS_DIRECTION: &str = "direction";

/// As a quoted label in a Mermaid diagram: what is no letter, digit or space becomes its number.
pub(super) fn mermaid(text: &str) -> String {
    let label = one_line(text).chars().fold(String::with_capacity(text.len()), |mut out, c| {
        if c.is_ascii_punctuation() || c == MERMAIDS_AMPERSAND {
            super::push(&mut out, format_args!("#{};", u32::from(c)));
        } else {
            out.push(c);
        }
        out
    });
    label.replace(MERMAIDS_DIRECTION, "#100;irection")
}

/// As the name of a bar or section in a Gantt chart: there the first word may be one of Mermaid's own, so its first
/// letter becomes its number.
pub(super) fn gantt(text: &str) -> String {
    let shown = mermaid(text.trim_start());
    let word: String = shown.chars().take_while(char::is_ascii_alphanumeric).collect();
    match shown.chars().next() {
        Some(first) if GANTT_WORDS.contains(&word.to_ascii_lowercase().as_str()) => {
            shown.replacen(first, &format!("#{};", u32::from(first)), 1)
        }
        Some(_) | None => shown,
    }
}

/// The beginning of a text, with a mark where it was cut.
pub(super) fn cut(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    text.chars().take(characters.saturating_sub(1)).chain(['…']).collect()
}

/// Without line ends and what else a reader can't see or is misled by.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || turns_text(c) { ' ' } else { c }).collect()
}

/// Line separators, and what makes a browser show text in another order than it is written in.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_is_markdown_html_a_mention_or_a_link_by_accident() {
        for (written, want) in [
            ("plain words, 3 of 4.", "plain words, 3 of 4."),
            ("a\u{202e}b\u{2066}c", "a b c"),
            ("*a* _b_ `c` [d](e) ~~f~~", r"\*a\* \_b\_ \`c\` \[d\]\(e\) \~\~f\~\~"),
            ("<b> & <!-- x -->", "&lt;b&gt; &amp; &lt;\\!-- x --&gt;"),
            ("ask @octocat", "ask @<!-- -->octocat"),
            ("see #12 and o/r#3", r"see \#<!-- -->12 and o/r\#<!-- -->3"),
            ("see GH-12", "see GH-<!-- -->12"),
            ("a|b\nc", r"a\|b c"),
            ("https://x.test www.y.test", "https:<!-- -->//x.test www<!-- -->.y.test"),
            ("me@x.test", "me@<!-- -->x.test"),
            ("fixes 5319e7a", "fixes 5<!-- -->319e7a"),
        ] {
            assert_eq!(text(written), want);
        }
    }

    #[test]
    fn code_keeps_its_backticks_and_its_cell() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a``b"), "``` a``b ```");
        assert_eq!(cell("a|b"), "`a\\|b`");
    }

    #[test]
    fn a_diagram_label_holds_no_syntax() {
        assert_eq!(mermaid("a \"b\"; ```é"), "a #34;b#34;#59; #96;#96;#96;é");
        assert_eq!(mermaid("ﬂ°°34¶ß"), "#64258;°°34¶ß");
        assert_eq!(mermaid("direction TB"), "#100;irection TB");
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(gantt("Title of: it"), "#84;itle of#58; it");
        assert_eq!(gantt("5% done"), "5#37; done");
        assert_eq!(gantt("Titles, Week 1"), "Titles#44; Week 1");
        assert_eq!(gantt("weekday monday"), "#119;eekday monday");
    }

    proptest! {
        #[test]
        fn text_stays_on_one_line_and_holds_no_bare_syntax(written in ".{0,40}") {
            let shown = text(&written).replace(APART, "\u{1}");
            let bare = shown.contains(['\n', '\r', '<', '>']);
            prop_assert!(!bare);
            for (at, _) in shown.match_indices('@') {
                let after = &shown[at + 1..];
                prop_assert_eq!(after.chars().next(), Some('\u{1}'));
            }
            for (at, _) in shown.match_indices('|') {
                let before = &shown[..at];
                prop_assert_eq!(before.chars().last(), Some('\\'));
            }
        }
    }
}

//! Why a file is no YAML that is read here, in the words of its author, and the exact place.
//!
//! What the YAML crate says is for its own users; its words serve where there are no better ones.

use serde_yaml::Location;

use super::read::{Most, count};
use crate::span::{FileId, Span};

/// How the reader says that brackets are nested deeper than it scans, which is before they are counted.
const TOO_DEEP: &str = "recursion limit exceeded";

/// The most characters of a key on a line (YAML 1.2.2, 7.4.2).
const KEY_CHARACTERS: usize = 1_024;

/// The error without what stands around it.
pub(super) fn inner(error: &serde_yaml::Error) -> &serde_yaml::Error {
    let outer = error.without_snippet();
    if let serde_yaml::Error::AliasError { error, .. } = outer { error.without_snippet() } else { outer }
}

/// Which of the limits a file passes; None where it is something else that is wrong.
pub(super) fn too_much(error: &serde_yaml::Error, most: Most) -> Option<String> {
    use serde_yaml::Error;
    use serde_yaml::budget::BudgetBreach;

    let Most { values, aliases, anchors, events_by_alias, nesting } = most;
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the reader's other errors and limits are none of these"
    )]
    let message = match error {
        Error::AliasReplayLimitExceeded { .. } => {
            format!("aliases stand for more than {events_by_alias} values in all, and no more are read")
        }
        Error::AliasReplayStackDepthExceeded { max_depth, .. } => {
            format!("aliases lead through more than {max_depth} others")
        }
        Error::Budget { breach, .. } => match breach {
            BudgetBreach::Aliases { .. } => format!("the file has more than {aliases} aliases"),
            BudgetBreach::Anchors { .. } => format!("the file has more than {anchors} anchors"),
            BudgetBreach::Depth { .. } => format!("this is nested more than {nesting} deep"),
            BudgetBreach::Nodes { .. } | BudgetBreach::Events { .. } => {
                format!("the file has more than {values} values")
            }
            BudgetBreach::RecordedAnchorEvents { .. } => {
                format!("anchors are on more than {events_by_alias} values in all, and no more are read")
            }
            _ => "the file holds more than is read".to_owned(),
        },
        other if other.to_string().starts_with(TOO_DEEP) => {
            format!("this is nested more than {nesting} deep")
        }
        _ => return None,
    };
    Some(message)
}

pub(super) fn explain(error: &serde_yaml::Error, text: &str, most: Most) -> (String, Option<Location>) {
    use serde_yaml::Error;

    let location = error.location().filter(|location| location.line() > 0);
    let inner = inner(error);
    if let Some(message) = too_much(inner, most) {
        return (message, location);
    }
    #[expect(clippy::wildcard_enum_match_arm, reason = "the reader's own words serve for its other errors")]
    let message = match inner {
        Error::MultipleDocuments { .. } => "a second YAML document begins here; a manifest is one".to_owned(),
        Error::UnknownAnchor { .. } => match location.and_then(|location| word_at(text, location)) {
            Some(word) if word.starts_with('*') => {
                format!("`{word}` refers to an anchor that nothing before it carries")
            }
            Some(_) | None => "an alias refers to an anchor that nothing before it carries".to_owned(),
        },
        Error::MergeKeyNotAllowed { .. } => "merge keys (`<<`) are not read; write the keys out".to_owned(),
        other => {
            let said = without_place(&other.to_string());
            if said.starts_with("mapping values are not allowed") && location.is_some_and(is_after_long_key) {
                return (
                    format!("this key has more than the {KEY_CHARACTERS} characters that YAML allows"),
                    location,
                );
            }
            let word = location.and_then(|location| word_at(text, location));
            in_plain_words(&said, word).unwrap_or(said)
        }
    };
    (message, location)
}

/// Whether so much stands before a colon that what stands there can't be a key (YAML 1.2.2, 7.4.2).
fn is_after_long_key(colon: Location) -> bool {
    count(colon.column()) > KEY_CHARACTERS + 1
}

/// What stands at a place up to the next character that ends a word.
fn word_at(text: &str, location: Location) -> Option<&str> {
    let line = text.split('\n').nth(count(location.line()).checked_sub(1)?)?;
    let (start, _) = line.char_indices().nth(count(location.column()).checked_sub(1)?)?;
    let word = line.get(start..)?;
    let end = word.find(|c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}'));
    word.get(..end.unwrap_or(word.len())).filter(|word| !word.is_empty())
}

/// What the reader says for its own makers, for authors.
fn in_plain_words(said: &str, word: Option<&str>) -> Option<String> {
    let word = word?;
    if let Some(character) = said.strip_prefix("unexpected character: `").and_then(|rest| rest.chars().next())
    {
        return ['@', '`', '%']
            .contains(&character)
            .then(|| format!("text that begins with {character} needs quotes"));
    }
    if said.starts_with("simple key expected ':'") {
        return Some("a key without its colon, or a colon without a space after it".to_owned());
    }
    if said.starts_with("mapping values are not allowed") {
        return Some(
            "a colon can't stand here: text that holds `: ` needs quotes, and keys stand in one column"
                .to_owned(),
        );
    }
    if said.ends_with("did not find expected '-' indicator") || said.ends_with("did not find expected key") {
        return Some("this does not stand in the column of what it belongs to".to_owned());
    }
    if said.starts_with("recursive references") {
        return Some(format!("`{word}` refers to something that it is a part of"));
    }
    // Without a tag a scalar is taken for whatever it can be.
    let is_tagged = said.starts_with("invalid ") || said.starts_with("cannot deserialize tagged scalar");
    is_tagged.then(|| format!("`{word}` is not what the tag before it says"))
}

/// The first tab from a line on that a line begins with.
pub(super) fn tab(text: &str, from: usize, file: FileId) -> Option<Span> {
    let lines = text.split('\n').zip(1..).skip(from.saturating_sub(1));
    let mut tabs = lines.filter_map(|(line, number)| {
        let column = line.chars().take_while(|c| c.is_whitespace()).position(|c| c == '\t')? + 1;
        Some(Span { file, line: number, column, end_line: number, end_column: column + 1 })
    });
    tabs.next()
}

/// Where a second document begins: at its `---`, not at what follows that.
pub(super) fn second_document(text: &str, found: (usize, usize)) -> (usize, usize) {
    let lines = text.split('\n').zip(1..).take(found.0);
    let marks = lines.skip(1).filter(|(line, _)| line.starts_with("---"));
    marks.last().map_or(found, |(_, number)| (number, 1))
}

/// Where a tag begins that ends at a place.
pub(super) fn tag(text: &str, (line, column): (usize, usize)) -> (usize, usize) {
    let of_line = text.split('\n').nth(line.saturating_sub(1)).unwrap_or_default();
    let marks = of_line.chars().zip(1..).take(column).filter(|(character, _)| *character == '!');
    let mut found = column;
    let mut before = 0;
    for (_, at) in marks {
        // `!!` is one mark.
        if at != before + 1 {
            found = at;
        }
        before = at;
    }
    (line, found)
}

/// The reader's message without the position that it repeats at its end or its beginning.
fn without_place(said: &str) -> String {
    let first = said.lines().next().unwrap_or(said);
    let cut = first.rfind(" at line ").and_then(|at| first.get(..at)).unwrap_or(first);
    let words = match cut.split_once(": ") {
        Some((place, rest)) if place.contains("line ") && place.contains("column ") => rest,
        _ => cut,
    };
    words.trim_end_matches(':').to_owned()
}

//! JSON text to a tree with places. JSON is YAML 1.2, so once it is known to be JSON the YAML reader reads it.

use serde::de::IgnoredAny;

use crate::span::{FileId, Span};
use crate::yaml::{self, Node, Unreadable};

/// Reads one JSON document.
pub(crate) fn read(bytes: &[u8], file: FileId) -> Result<Node, Unreadable> {
    let text = yaml::text(bytes, file)?;
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        let said = error.to_string();
        let mut message =
            said.rsplit_once(" at line ").map_or(said.as_str(), |(message, _)| message).to_owned();
        let found = place(text, error.line(), error.column(), file);
        let span = if error.is_eof() {
            last(text.trim_end(), file)
        } else if let Some(comma) = comma(text, found) {
            message = String::from("nothing follows this comma");
            comma
        } else {
            found
        };
        return Err(Unreadable::Syntax { message, span });
    }
    yaml::read(bytes, file)
}

/// The comma just before a bracket that closes, where the reader stopped at such a one: it is the comma that is wrong.
fn comma(text: &str, found: Span) -> Option<Span> {
    let (start, of_line) = line(text, found.line)?;
    let (at, bracket) = of_line.char_indices().nth(found.column.checked_sub(1)?)?;
    let before =
        text.get(..start + at)?.trim_end().strip_suffix(',').filter(|_| matches!(bracket, ']' | '}'))?;
    let line = before.split('\n').count();
    let column = before.rsplit('\n').next()?.chars().count() + 1;
    Some(Span { line, column, end_line: line, end_column: column + 1, ..found })
}

/// A line, from 1, and the byte at which it begins.
fn line(text: &str, number: usize) -> Option<(usize, &str)> {
    let mut start = 0;
    for (line, at) in text.split('\n').zip(1..) {
        if at == number {
            return Some((start, line));
        }
        start += line.len() + 1;
    }
    None
}

/// The last character of a text.
fn last(text: &str, file: FileId) -> Span {
    let of_line = text.rsplit('\n').next().unwrap_or_default();
    let line = text.split('\n').count();
    place(text, line, of_line.len(), file)
}

/// The character at a line, from 1, and a byte of it, from 1 too. At its end the line's last character.
fn place(text: &str, line: usize, byte: usize, file: FileId) -> Span {
    let of_line = text.split('\n').nth(line.saturating_sub(1)).unwrap_or_default();
    let before = of_line.char_indices().take_while(|(at, _)| *at < byte).count();
    let column = before.max(1);
    Span { file, line: line.max(1), column, end_line: line.max(1), end_column: column + 1 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn json_is_read_and_other_yaml_is_not() {
        let tree = read("{\n\t\"é\": {\"b\": [1, \"\\ud83d\\ude00\"]}\n}\n".as_bytes(), FileId(0)).unwrap();
        let items = tree.get("é").unwrap().get("b").unwrap().items();
        assert_eq!(items[1].scalar().unwrap().text, "😀");
        assert_eq!((items[1].span.line, items[1].span.column), (2, 17));
        for (text, line, column) in [
            ("a: 1", 1, 1),
            ("{\"a\": tru}", 1, 10),
            ("{\n\"a\": 1,\n}", 2, 7),
            ("{\n\"a\": 1\n\n", 2, 6),
            ("[\n1,\n\n]", 2, 2),
            ("{1: 2}", 1, 2),
            ("{\"é\": 1", 1, 7),
            ("", 1, 1),
            ("{} {}", 1, 4),
        ] {
            let Err(Unreadable::Syntax { span, message }) = read(text.as_bytes(), FileId(0)) else {
                panic!("{text}")
            };
            assert_eq!((span.line, span.column), (line, column), "{text}: {message}");
            assert!(!message.contains("line"), "{message}");
        }
        assert!(read("[".repeat(100_000).as_bytes(), FileId(0)).is_err());
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _either = read(&bytes, FileId(0));
        }

        #[test]
        fn json_like_text_never_panics(text in "([a-c\\[\\]{}:,\"\\\\ \n\té0-9-]|true|null|\\\\u00){0,40}") {
            let read = read(text.as_bytes(), FileId(0));
            prop_assert!(read.is_err() || serde_json::from_str::<serde_json::Value>(&text).is_ok());
        }
    }
}

//! What scalars mean, where nodes stand, and that no text harms the reader.

use proptest::prelude::*;

use super::*;
use crate::span::FileId;

fn tree(text: &str) -> Node {
    read(text.as_bytes(), FileId(0)).unwrap()
}

fn scalar(text: &str) -> Scalar {
    tree(text).get("a").unwrap().scalar().unwrap().clone()
}

fn failure(text: &[u8]) -> (String, usize, usize) {
    match read(text, FileId(0)).unwrap_err() {
        Unreadable::NotText { message, span }
        | Unreadable::Syntax { message, span }
        | Unreadable::TooMuch { message, span } => (message, span.line, span.column),
    }
}

#[test]
fn scalars_mean_what_the_author_sees() {
    for text in ["NO", "yes", "on", "off", "010", "1_000", "08", "2026-02-27", "y", "0123", "\"3\"", "'true'"]
    {
        let read = scalar(&format!("a: {text}"));
        assert_eq!(read.kind, Kind::Text, "{text}");
        assert_eq!(read.text, text.trim_matches(['"', '\'']), "{text}");
    }
    assert_eq!(scalar("a: true").kind, Kind::Bool(true));
    assert_eq!(scalar("a: ~").kind, Kind::Null);
    assert_eq!(scalar("a:").kind, Kind::Null);
}

#[test]
fn numbers_keep_their_source_text() {
    for (text, value) in
        [("5319e7", 5319e7), ("1.10", 1.1), ("123e45", 123e45), ("2026", 2026.0), ("-0.5", -0.5)]
    {
        let read = scalar(&format!("a: {text} # note"));
        assert_eq!((read.kind, read.text.as_str()), (Kind::Number(value), text));
    }
    assert_eq!(scalar("a: 12e999"), Scalar { text: "12e999".to_owned(), kind: Kind::Number(f64::INFINITY) });
    assert_eq!(scalar("a: 99999999999999999999").text, "99999999999999999999");
    assert_eq!(scalar("x: [&n 1.10]\na: *n").text, "1.10");
}

#[test]
fn spans_count_characters_from_one() {
    let tree = tree("é: 1\nkey: [ä, \"b\\n\", c d]\n");
    let entry = &tree.entries()[1];
    assert_eq!((entry.span.line, entry.span.column, entry.span.end_column), (2, 1, 4));
    let spans: Vec<_> =
        entry.value.items().iter().map(|node| (node.span.column, node.span.end_column)).collect();
    assert_eq!(spans, [(7, 8), (10, 15), (17, 20)]);
}

#[test]
fn a_block_ends_where_its_text_ends() {
    let tree = tree("a: |\n  one\n  two\n\nb: 1\n");
    let span = tree.get("a").unwrap().span;
    assert_eq!((span.line, span.column), (2, 3));
    assert!(span.end_line <= 3, "{span:?}");
}

#[test]
fn a_byte_order_mark_moves_nothing() {
    let tree = tree("\u{feff}a: 1.10\nb: 2\n");
    assert_eq!(tree.get("a").unwrap().scalar().unwrap().text, "1.10");
    assert_eq!((tree.entries()[1].span.line, tree.entries()[1].span.column), (2, 1));
}

#[test]
fn repeated_keys_are_kept_for_the_report() {
    assert_eq!(tree("a: 1\na: 2\n").entries().len(), 2);
}

#[test]
fn what_is_not_one_document_of_text_is_refused_with_its_place() {
    for (text, line, column) in [
        (&b"a: 1\nb: \xff\n"[..], 2, 4),
        (b"a: 1\n\0", 2, 1),
        (b"a: 1\n---\nb: 2\n", 2, 1),
        (b"---\na: 1\n---\n\n# more\nb: 2\n", 3, 1),
        (b"a: [b, *c]\n", 1, 8),
        (b"a: !foo 1\n", 1, 9),
        (b"<<: {a: 1}\n", 1, 1),
        (b"a: [1\n", 1, 4),
        (b"a:\n\tb: 1\n", 2, 2),
    ] {
        let (message, at_line, at_column) = failure(text);
        assert_eq!((at_line, at_column), (line, column), "{message} in {:?}", String::from_utf8_lossy(text));
        assert!(!message.contains("line "), "{message}");
    }
}

#[test]
fn an_alias_without_an_anchor_is_named() {
    assert_eq!(
        failure(b"a: [b, *gone, c]\n").0,
        "`*gone` refers to an anchor that nothing before it carries"
    );
}

#[test]
fn the_readers_words_are_an_authors() {
    for (text, message) in [
        ("a: !!int x", "`x` is not what the tag before it says"),
        ("a: !!bool 1", "`1` is not what the tag before it says"),
        ("a: !!timestamp 2020-01-01", "`2020-01-01` is not what the tag before it says"),
        ("a: &a [*a]", "`*a` refers to something that it is a part of"),
        ("a: @b", "text that begins with @ needs quotes"),
        ("a: 'x", "unclosed quote"),
    ] {
        assert_eq!(failure(text.as_bytes()).0, message, "{text}");
    }
}

#[test]
fn an_empty_file_is_pointed_at_from_its_beginning() {
    for text in ["", "# note\n# more\n", "   \n\n", "\n\n---\n"] {
        let span = tree(text).span;
        assert_eq!((span.line, span.column), (1, 1), "{text:?}");
    }
}

#[test]
fn bombs_are_defused() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb.extend([format!("a{level}: &a{level} [{aliases}]\n")]);
    }
    let (message, ..) = failure(bomb.as_bytes());
    assert!(message.contains("holds more than is read"), "{message}");
    assert!(read("[".repeat(5_000).as_bytes(), FileId(0)).is_err());
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _either = read(&bytes, FileId(0));
    }

    #[test]
    fn yaml_like_text_never_panics(text in "([a-c\\[\\]{}:,#&*!|>'\"?~ \n\té-]|- |: ){0,60}") {
        if let Ok(node) = read(text.as_bytes(), FileId(0)) {
            prop_assert!(node.span.line >= 1 && node.span.column >= 1);
        }
    }
}

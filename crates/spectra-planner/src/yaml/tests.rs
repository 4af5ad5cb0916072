//! What scalars mean, where nodes stand, and that no text harms the reader.

use proptest::prelude::*;

use super::read::{Most, read_at_most};
use super::*;
use crate::limits::{YAML_ALIASES, YAML_ANCHORS, YAML_NESTING, YAML_VALUES};
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
        (b"a: !foo 1\n", 1, 4),
        (b"a: [!!x/y 1]\n", 1, 5),
        (b"a: [b\nc: d\n", 1, 4),
        (b"a: \"b\nc: \"d\n", 1, 4),
        (b"<<: {a: 1}\n", 1, 1),
        (b"a: [1\n", 1, 4),
        (b"a:\n\tb: 1\n", 2, 1),
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

/// What is said of a text that is read within such limits.
fn within(most: Most, text: &str) -> Option<String> {
    match read_at_most(most, text.as_bytes(), FileId(0)) {
        Ok(_) => None,
        Err(Unreadable::TooMuch { message, .. }) => Some(message),
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn a_file_holds_so_much_and_no_more() {
    let small = Most { values: 12, aliases: 3, anchors: 2, events_by_alias: 6, nesting: 4 };
    // The mapping, its key and the list are three.
    let values = |count: usize| format!("a: [{}]", "x, ".repeat(count - 3));
    let nested = |depth: usize| format!("a: {}{}", "[".repeat(depth - 1), "]".repeat(depth - 1));
    let aliases = |count: usize| format!("a: [&a x, {}]", "*a, ".repeat(count));
    let anchors = |count: usize| (0..count).fold(String::new(), |text, n| format!("{text}a{n}: &a{n} x\n"));
    let anchored = |events: usize| format!("a: &a [{}]", "x, ".repeat(events - 2));
    let check = |text: &dyn Fn(usize) -> String, most: usize, message: &str| {
        assert_eq!(within(small, &text(most)), None, "{}", text(most));
        assert_eq!(within(small, &text(most + 1)).as_deref(), Some(message), "{}", text(most + 1));
    };
    check(&values, 12, "the file has more than 12 values");
    check(&nested, 4, "this is nested more than 4 deep");
    check(&aliases, 3, "the file has more than 3 aliases");
    check(&anchors, 2, "the file has more than 2 anchors");
    check(&anchored, 6, "anchors are on more than 6 values in all, and no more are read");
    let block = (0..5).fold(String::new(), |text, depth| text + &" ".repeat(depth) + "a:\n");
    assert_eq!(within(Most { nesting: 5, ..small }, &block), None);
    assert_eq!(within(small, &block).as_deref(), Some("this is nested more than 4 deep"));
}

#[test]
fn what_aliases_stand_for_is_counted() {
    // An anchored list of eight events that three aliases repeat.
    let text = "a: [&a [x, x, x, x, x, x], *a, *a, *a]";
    let most = |events_by_alias: usize| Most { events_by_alias, ..Most::READ };
    assert_eq!(within(most(24), text), None);
    let message = within(most(23), text);
    assert_eq!(
        message.as_deref(),
        Some("aliases stand for more than 23 values in all, and no more are read")
    );
}

#[test]
fn the_real_limits_of_a_file() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(within(Most::READ, &nested(YAML_NESTING)), None);
    assert!(within(Most::READ, &nested(YAML_NESTING + 1)).is_some());
    let aliases = |count: usize| format!("[&a x, {}]", "*a, ".repeat(count));
    assert_eq!(within(Most::READ, &aliases(YAML_ALIASES)), None);
    assert!(within(Most::READ, &aliases(YAML_ALIASES + 1)).is_some());
    let anchors = |count: usize| (0..count).fold(String::new(), |text, n| text + &format!("- &a{n} x\n"));
    assert_eq!(within(Most::READ, &anchors(YAML_ANCHORS)), None);
    assert!(within(Most::READ, &anchors(YAML_ANCHORS + 1)).is_some());
    let many = "- x\n".repeat(YAML_VALUES);
    assert_eq!(within(Most::READ, &many).as_deref(), Some("the file has more than 1500000 values"));
}

#[test]
fn a_key_is_as_long_as_yaml_allows() {
    let key = |length: usize| format!("{}: 1\n", "é".repeat(length));
    assert_eq!(tree(&key(1_024)).entries().len(), 1);
    let (message, line, _) = failure(key(1_025).as_bytes());
    assert_eq!((message.as_str(), line), ("this key has more than the 1024 characters that YAML allows", 1));
    assert!(failure(b"a: b: c\n").0.starts_with("a colon can't stand here"));
}

#[test]
fn tabs_are_pointed_at() {
    for text in ["a:\n\tb: 1\n", "a:\n  - b\n\t- c\n", "a:\n  b: 1\n  \tc: 2\n"] {
        let (message, line, column) = failure(text.as_bytes());
        assert_eq!(message, "a tab stands in the indentation; YAML wants spaces", "{text:?}");
        let (at, found) = text.split('\n').enumerate().find(|(_, line)| line.contains('\t')).unwrap();
        assert_eq!((line, column), (at + 1, found.find('\t').unwrap() + 1), "{text:?}");
    }
}

#[test]
fn other_encodings_are_known_by_their_mark_and_without() {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let wider = |text: &str| text.chars().flat_map(|one| u32::from(one).to_be_bytes()).collect::<Vec<u8>>();
    for (bytes, name) in [
        (wide("\u{feff}id: x"), "UTF-16"),
        (wide("id: x"), "UTF-16"),
        (wider("\u{feff}id: x"), "UTF-32"),
        (wider("id: x"), "UTF-32"),
    ] {
        assert_eq!(failure(&bytes), (format!("this is {name}, and only UTF-8 is read"), 1, 1));
    }
    assert_eq!(failure(b"i\0").0, "a NUL character stands here");
}

#[test]
fn no_scalar_is_decoded() {
    let (message, line, column) = failure(b"a: 1\nb: !!binary aGVsbG8=\n");
    assert_eq!((message.as_str(), line, column), ("`!!binary` is not read; write the text itself", 2, 4));
    assert_eq!(scalar("a: \"!!binary aGVsbG8=\"").text, "!!binary aGVsbG8=");
}

#[test]
fn bombs_are_defused() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb.extend([format!("a{level}: &a{level} [{aliases}]\n")]);
    }
    let (message, ..) = failure(bomb.as_bytes());
    assert!(message.starts_with("aliases ") || message.starts_with("anchors "), "{message}");
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

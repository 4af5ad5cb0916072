//! From bytes to the tree.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_yaml::{DuplicateKeyPolicy, Location, MergeKeyPolicy, NonFiniteFloatPolicy, Options, Spanned};
use spectra_model::diagnostic::Span;

use super::{Entry, Kind, Node, Scalar, Value};

/// The most nodes of a file: ten thousand issues need about 230,000.
const MAX_NODES: usize = 2_000_000;
/// The most aliases of a file.
const MAX_ALIASES: usize = 1_000;
/// The most parser events that aliases may stand for in all: what a bomb is made of.
const MAX_REPLAYED: usize = 100_000;
/// The deepest nesting. Eight issues in a chain, each within a list within a mapping, need about 20.
const MAX_DEPTH: usize = 64;

/// Why bytes can't be read as YAML, and where.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Unreadable {
    /// They aren't text.
    NotText {
        /// What is wrong.
        message: String,
        /// Where.
        span: Span,
    },
    /// They aren't one YAML document of the kind that is read here.
    Syntax {
        /// What is wrong.
        message: String,
        /// Where.
        span: Span,
    },
}

/// Reads one document. An empty file is a null.
pub(crate) fn read(bytes: &[u8]) -> Result<Node, Unreadable> {
    let text = text(bytes)?;
    let lines = Lines::of(text);
    match serde_yaml::from_str_with_options::<Spanned<Raw>>(text, options()) {
        Ok(raw) => {
            let mut root = Reader { text, lines }.node(raw);
            if root.scalar().is_some_and(|scalar| scalar.kind == Kind::Null && scalar.text.is_empty()) {
                // Nothing is written: there is no place but the beginning.
                root.span = Span { line: 1, column: 1, end_line: 1, end_column: 2 };
            }
            Ok(root)
        }
        Err(error) => {
            let (message, at) = explain(&error, text);
            let at = at
                .map_or((1, 1), |location| (count(location.line()).max(1), count(location.column()).max(1)));
            let second = matches!(error.without_snippet(), serde_yaml::Error::MultipleDocuments { .. });
            let at = if second { second_document(text, at) } else { at };
            Err(Unreadable::Syntax { message, span: lines.rest_of_line(at) })
        }
    }
}

fn text(bytes: &[u8]) -> Result<&str, Unreadable> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let before = String::from_utf8_lossy(before);
        Unreadable::NotText { message: "this is not UTF-8 text".to_owned(), span: point_after(&before) }
    })?;
    match text.find('\0') {
        None => Ok(text),
        Some(at) => Err(Unreadable::NotText {
            message: "a NUL character stands here".to_owned(),
            span: point_after(text.get(..at).unwrap_or_default()),
        }),
    }
}

/// The one character after this text.
fn point_after(before: &str) -> Span {
    let lines = Lines::of(before);
    let line = lines.starts.len();
    let column = before.chars().count().saturating_sub(lines.starts.last().copied().unwrap_or(0)) + 1;
    Span { line, column, end_line: line, end_column: column + 1 }
}

fn options() -> Options {
    serde_yaml::options! {
        budget: serde_yaml::budget! {
            max_nodes: MAX_NODES,
            max_events: 4 * MAX_NODES,
            max_aliases: MAX_ALIASES,
            max_recorded_anchor_events: MAX_REPLAYED,
            max_depth: MAX_DEPTH,
        },
        alias_limits: serde_yaml::alias_limits! { max_total_replayed_events: MAX_REPLAYED },
        // Repeated keys are kept, so that all of them are reported and not the first only.
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::Error,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        strict_booleans: true,
        reject_unsupported_tags: true,
        // A colour such as 12e999 is text in the end; what is wanted as a number is checked where it is.
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        with_snippet: false
    }
}

fn explain(error: &serde_yaml::Error, text: &str) -> (String, Option<Location>) {
    use serde_yaml::Error;

    let location = error.location().filter(|location| location.line() > 0);
    let outer = error.without_snippet();
    let inner = if let Error::AliasError { error, .. } = outer { error.without_snippet() } else { outer };
    #[expect(clippy::wildcard_enum_match_arm, reason = "the reader's own words serve for its other errors")]
    let message = match inner {
        Error::MultipleDocuments { .. } => "a second YAML document begins here; a manifest is one".to_owned(),
        Error::UnknownAnchor { .. } => match location.and_then(|location| word_at(text, location)) {
            Some(word) => format!("`{word}` refers to an anchor that nothing before it carries"),
            None => "an alias refers to an anchor that nothing before it carries".to_owned(),
        },
        Error::MergeKeyNotAllowed { .. } => "merge keys (`<<`) are not read; write the keys out".to_owned(),
        Error::Budget { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => format!(
            "the file holds more than a manifest may: {MAX_NODES} values, {MAX_ALIASES} aliases, \
             {MAX_REPLAYED} values by alias, nesting of {MAX_DEPTH}"
        ),
        other => without_place(&other.to_string()),
    };
    (message, location)
}

/// What stands at a place up to the next character that ends an alias.
fn word_at(text: &str, location: Location) -> Option<&str> {
    let line = text.split('\n').nth(count(location.line()).checked_sub(1)?)?;
    let (start, _) = line.char_indices().nth(count(location.column()).checked_sub(1)?)?;
    let word = line.get(start..)?;
    let end = word.find(|c: char| c.is_whitespace() || matches!(c, ',' | '[' | ']' | '{' | '}'));
    word.get(..end.unwrap_or(word.len())).filter(|word| word.starts_with('*'))
}

/// Where a second document begins: at its `---`, not at what follows that.
fn second_document(text: &str, found: (usize, usize)) -> (usize, usize) {
    let lines = text.split('\n').zip(1..).take(found.0);
    let marks = lines.skip(1).filter(|(line, _)| line.starts_with("---"));
    marks.last().map_or(found, |(_, number)| (number, 1))
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

fn count(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The character at which each line begins.
struct Lines {
    starts: Vec<usize>,
    end: usize,
}

impl Lines {
    fn of(text: &str) -> Self {
        let mut starts = vec![0];
        let mut end = 0;
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            end += 1;
            if character == '\n' || (character == '\r' && characters.peek() != Some(&'\n')) {
                starts.push(end);
            }
        }
        Self { starts, end }
    }

    /// Line and column of the character with this number, all from 1 but the number.
    fn place(&self, character: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= character);
        let start = line.checked_sub(1).and_then(|at| self.starts.get(at)).copied().unwrap_or(0);
        (line.max(1), character.saturating_sub(start) + 1)
    }

    /// From a place to the end of its line, at least one character.
    fn rest_of_line(&self, (line, column): (usize, usize)) -> Span {
        let start = line.checked_sub(1).and_then(|at| self.starts.get(at)).copied();
        let end = self.starts.get(line).map_or(self.end, |next| next.saturating_sub(1));
        let width = start.map_or(0, |start| end.saturating_sub(start));
        Span { line, column, end_line: line, end_column: (width + 1).max(column + 1) }
    }
}

/// What the YAML crate reads into: the tree without the source text.
enum Raw {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<RawKey>, Spanned<Raw>)>),
}

/// A key: its text where it is text, else to be taken from the source.
struct RawKey(Option<String>);

struct Reader<'t> {
    text: &'t str,
    lines: Lines,
}

impl Reader<'_> {
    fn node(&self, raw: Spanned<Raw>) -> Node {
        let source = self.source(&raw.defined);
        let span = self.span(&raw.referenced, source);
        let plain = |kind| Value::Scalar(Scalar { text: source.trim().to_owned(), kind });
        let value = match raw.value {
            Raw::Null => plain(Kind::Null),
            Raw::Bool(value) => plain(Kind::Bool(value)),
            Raw::Number(value) => plain(Kind::Number(value)),
            Raw::Text(text) => Value::Scalar(Scalar { text, kind: Kind::Text }),
            Raw::List(items) => Value::List(items.into_iter().map(|item| self.node(item)).collect()),
            Raw::Map(entries) => {
                Value::Map(entries.into_iter().map(|(key, value)| self.entry(key, value)).collect())
            }
        };
        Node::new(span, value)
    }

    fn entry(&self, key: Spanned<RawKey>, value: Spanned<Raw>) -> Entry {
        let source = self.source(&key.defined);
        let span = self.span(&key.referenced, source);
        let key = key.value.0.unwrap_or_else(|| source.trim().to_owned());
        let mut value = self.node(value);
        if value.scalar().is_some_and(|scalar| scalar.kind == Kind::Null && scalar.text.is_empty()) {
            // Nothing is written there: the key is what can be pointed at.
            value.span = span;
        }
        Entry { key, span, value }
    }

    fn source(&self, location: &Location) -> &str {
        let span = location.span();
        let found = span.byte_offset().zip(span.byte_len()).and_then(|(start, length)| {
            let start = count(start);
            self.text.get(start..start.checked_add(count(length))?)
        });
        found.unwrap_or_default()
    }

    /// The span of what stands at a location. An alias is as long as its own name.
    fn span(&self, location: &Location, source: &str) -> Span {
        let (line, column) = (count(location.line()).max(1), count(location.column()).max(1));
        let span = location.span();
        let own = self.source(location);
        let shown = if own.is_empty() { source } else { own };
        let trailing = shown.chars().rev().take_while(|c| c.is_whitespace()).count();
        let length = count(span.len()).saturating_sub(trailing).max(1);
        let (end_line, end_column) = self.lines.place(count(span.offset()).saturating_add(length));
        if (end_line, end_column) > (line, column) {
            Span { line, column, end_line, end_column }
        } else {
            Span { line, column, end_line: line, end_column: column + 1 }
        }
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Raw, E> {
        number(value)
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Raw, E> {
        number(value)
    }

    fn visit_i128<E: serde::de::Error>(self, value: i128) -> Result<Raw, E> {
        number(value)
    }

    fn visit_u128<E: serde::de::Error>(self, value: u128) -> Result<Raw, E> {
        number(value)
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Raw, E> {
        Ok(Raw::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}

/// The nearest double. Whether that is exact is checked where a number is wanted.
fn number<T: fmt::Display, E: serde::de::Error>(value: T) -> Result<Raw, E> {
    value.to_string().parse().map(Raw::Number).map_err(E::custom)
}

impl<'de> Deserialize<'de> for RawKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Raw::deserialize(deserializer)? {
            Raw::Text(text) => Ok(Self(Some(text))),
            Raw::Null | Raw::Bool(_) | Raw::Number(_) => Ok(Self(None)),
            Raw::List(_) | Raw::Map(_) => Err(D::Error::custom("a list or a mapping can't be a key")),
        }
    }
}

//! From bytes to the tree.

use std::fmt;

use super::{Entry, Kind, Node, Scalar, Value};
use crate::span::{FileId, Span};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_yaml::{DuplicateKeyPolicy, Location, MergeKeyPolicy, NonFiniteFloatPolicy, Options, Spanned};

/// The most nodes of a file: ten thousand issues need about 230,000.
const MAX_NODES: usize = 2_000_000;
/// The most aliases of a file.
const MAX_ALIASES: usize = 1_000;
/// The most parser events that aliases may stand for in all: what a bomb is made of.
const MAX_REPLAYED: usize = 100_000;
/// The deepest nesting. Eight issues in a chain, each within a list within a mapping, need 22. Reading takes stack with
/// each level, and a thread may have no more than two megabytes of it.
const MAX_DEPTH: usize = 40;

/// How the reader says that brackets are nested deeper than it scans, which is before they are counted.
const TOO_DEEP: &str = "recursion limit exceeded";

/// What some editors write before UTF-8 text.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

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
    /// They hold more than is read.
    TooMuch {
        /// What is wrong.
        message: String,
        /// Where.
        span: Span,
    },
}

/// Reads one document. An empty file is a null.
pub(crate) fn read(bytes: &[u8], file: FileId) -> Result<Node, Unreadable> {
    let text = text(bytes, file)?;
    let lines = Lines::of(text, file);
    match serde_yaml::from_str_with_options::<Spanned<Raw>>(text, options()) {
        Ok(raw) => {
            let mut reader = Reader { text, lines, nul: None };
            let mut root = reader.node(raw);
            if let Some(span) = reader.nul {
                return Err(Unreadable::NotText { message: "this holds a NUL character".to_owned(), span });
            }
            if root.scalar().is_some_and(|scalar| scalar.kind == Kind::Null && scalar.text.is_empty()) {
                // Nothing is written: there is no place but the beginning.
                root.span = Span::start(file);
            }
            Ok(root)
        }
        Err(error) => {
            let (message, at) = explain(&error, text);
            let at = at
                .map_or((1, 1), |location| (count(location.line()).max(1), count(location.column()).max(1)));
            if let Some(span) = message.contains("found a tab").then(|| tab(text, at.0, file)).flatten() {
                let message = "a tab stands in the indentation; YAML wants spaces".to_owned();
                return Err(Unreadable::Syntax { message, span });
            }
            let second = matches!(error.without_snippet(), serde_yaml::Error::MultipleDocuments { .. });
            let at = if second { second_document(text, at) } else { at };
            let span = lines.rest_of_line(at);
            Err(if is_too_much(inner(&error)) {
                Unreadable::TooMuch { message, span }
            } else {
                Unreadable::Syntax { message, span }
            })
        }
    }
}

/// The text of a file, without the mark that some editors begin it with.
pub(crate) fn text(bytes: &[u8], file: FileId) -> Result<&str, Unreadable> {
    let not_text = |message: &str, before: &str| Unreadable::NotText {
        message: message.to_owned(),
        span: point_after(before, file),
    };
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(not_text("this is UTF-16, and only UTF-8 is read", ""));
    }
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        not_text("this is not UTF-8 text", &String::from_utf8_lossy(before))
    })?;
    match text.find('\0') {
        None => Ok(text),
        Some(at) => Err(not_text("a NUL character stands here", text.get(..at).unwrap_or_default())),
    }
}

/// The one character after this text.
fn point_after(before: &str, file: FileId) -> Span {
    let lines = Lines::of(before, file);
    let line = lines.starts.len();
    let column = before.chars().count().saturating_sub(lines.start(line - 1).unwrap_or(0)) + 1;
    Span { file, line, column, end_line: line, end_column: column + 1 }
}

fn options() -> Options {
    serde_yaml::options! {
        budget: serde_yaml::budget! {
            max_nodes: MAX_NODES,
            max_events: 4 * MAX_NODES,
            max_aliases: MAX_ALIASES,
            max_recorded_anchor_events: MAX_REPLAYED,
            max_depth: MAX_DEPTH,
            // What aliases stand for is counted, so their number by anchor says nothing more.
            enforce_alias_anchor_ratio: false,
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

/// The error without what stands around it.
fn inner(error: &serde_yaml::Error) -> &serde_yaml::Error {
    let outer = error.without_snippet();
    if let serde_yaml::Error::AliasError { error, .. } = outer { error.without_snippet() } else { outer }
}

fn is_too_much(error: &serde_yaml::Error) -> bool {
    use serde_yaml::Error;

    matches!(
        error,
        Error::Budget { .. }
            | Error::AliasReplayLimitExceeded { .. }
            | Error::AliasReplayStackDepthExceeded { .. }
    ) || error.to_string().starts_with(TOO_DEEP)
}

fn explain(error: &serde_yaml::Error, text: &str) -> (String, Option<Location>) {
    use serde_yaml::Error;

    let location = error.location().filter(|location| location.line() > 0);
    let inner = inner(error);
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
        much if is_too_much(much) => format!(
            "the file holds more than is read: {MAX_NODES} values, {MAX_ALIASES} aliases, {MAX_REPLAYED} values \
             by alias, nesting of {MAX_DEPTH}"
        ),
        other => {
            let said = without_place(&other.to_string());
            let word = location.and_then(|location| word_at(text, location));
            in_plain_words(&said, word).unwrap_or(said)
        }
    };
    (message, location)
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
    if said.starts_with("recursive references") {
        return Some(format!("`{word}` refers to something that it is a part of"));
    }
    // Without a tag a scalar is taken for whatever it can be.
    let is_tagged = said.starts_with("invalid ") || said.starts_with("cannot deserialize tagged scalar");
    is_tagged.then(|| format!("`{word}` is not what the tag before it says"))
}

/// The first tab from a line on that a line begins with.
fn tab(text: &str, from: usize, file: FileId) -> Option<Span> {
    let lines = text.split('\n').zip(1..).skip(from.saturating_sub(1));
    let mut tabs = lines.filter_map(|(line, number)| {
        let column = line.chars().take_while(|c| c.is_whitespace()).position(|c| c == '\t')? + 1;
        Some(Span { file, line: number, column, end_line: number, end_column: column + 1 })
    });
    tabs.next()
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

/// The character at which each line begins, in half the space of a usize: a file may be nothing but line breaks.
struct Lines {
    file: FileId,
    starts: Vec<u32>,
    end: usize,
}

impl Lines {
    fn of(text: &str, file: FileId) -> Self {
        let mut starts = vec![0];
        let mut end = 0_usize;
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            end += 1;
            if character == '\n' || (character == '\r' && characters.peek() != Some(&'\n')) {
                starts.push(u32::try_from(end).unwrap_or(u32::MAX));
            }
        }
        Self { file, starts, end }
    }

    /// The first character of a line, which counts from 0.
    fn start(&self, line: usize) -> Option<usize> {
        self.starts.get(line).and_then(|start| usize::try_from(*start).ok())
    }

    /// Line and column of the character with this number, all from 1 but the number.
    fn place(&self, character: usize) -> (usize, usize) {
        let number = u32::try_from(character).unwrap_or(u32::MAX);
        let line = self.starts.partition_point(|start| *start <= number).max(1);
        let start = self.start(line - 1).unwrap_or(0);
        (line, character.saturating_sub(start) + 1)
    }

    /// The same, where the character is in this line.
    fn place_in(&self, line: usize, character: usize) -> Option<(usize, usize)> {
        let start = self.start(line.checked_sub(1)?)?;
        let is_inside = start <= character && self.start(line).is_none_or(|next| character < next);
        is_inside.then(|| (line, character - start + 1))
    }

    /// From a place to the end of its line, at least one character.
    fn rest_of_line(&self, (line, column): (usize, usize)) -> Span {
        let start = line.checked_sub(1).and_then(|at| self.start(at));
        let end = self.start(line).map_or(self.end, |next| next.saturating_sub(1));
        let width = start.map_or(0, |start| end.saturating_sub(start));
        Span { file: self.file, line, column, end_line: line, end_column: (width + 1).max(column + 1) }
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
    /// The first text that holds a NUL, which can be written by its number alone.
    nul: Option<Span>,
}

impl<'t> Reader<'t> {
    fn node(&mut self, raw: Spanned<Raw>) -> Node {
        let source = self.source(&raw.defined);
        let span = self.span(&raw.referenced, source);
        let plain = |kind| Value::Scalar(Scalar { text: source.trim().to_owned(), kind });
        let value = match raw.value {
            Raw::Null => plain(Kind::Null),
            Raw::Bool(value) => plain(Kind::Bool(value)),
            Raw::Number(value) => plain(Kind::Number(value)),
            Raw::Text(text) => {
                if text.contains('\0') {
                    self.nul = self.nul.or(Some(span));
                }
                Value::Scalar(Scalar { text, kind: Kind::Text })
            }
            Raw::List(items) => Value::List(items.into_iter().map(|item| self.node(item)).collect()),
            Raw::Map(entries) => {
                Value::Map(entries.into_iter().map(|(key, value)| self.entry(key, value)).collect())
            }
        };
        Node::new(span, value)
    }

    fn entry(&mut self, key: Spanned<RawKey>, value: Spanned<Raw>) -> Entry {
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

    fn source(&self, location: &Location) -> &'t str {
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
        let end = count(span.offset()).saturating_add(length);
        let (end_line, end_column) = self.lines.place_in(line, end).unwrap_or_else(|| self.lines.place(end));
        let file = self.lines.file;
        if (end_line, end_column) > (line, column) {
            Span { file, line, column, end_line, end_column }
        } else {
            Span { file, line, column, end_line: line, end_column: column + 1 }
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

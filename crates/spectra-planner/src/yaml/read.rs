//! From bytes to the tree.

use std::collections::BTreeMap;

use super::explain::{explain, inner, second_document, tab, tag, too_much};
use super::raw::{Bytes, Place, Placed, Raw, RawKey};
use super::unclosed::unclosed;
use super::{Entry, Kind, Node, Scalar, Value};
use crate::limits::{YAML_ALIASES, YAML_ANCHORS, YAML_EVENTS_BY_ALIAS, YAML_NESTING, YAML_VALUES};
use crate::span::{FileId, Span};
use serde_yaml::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy, Options, Spanned};

/// How much of a file is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Most {
    pub(super) values: usize,
    pub(super) aliases: usize,
    pub(super) anchors: usize,
    pub(super) events_by_alias: usize,
    pub(super) nesting: usize,
}

impl Most {
    /// What this program reads.
    pub(super) const READ: Self = Self {
        values: YAML_VALUES,
        aliases: YAML_ALIASES,
        anchors: YAML_ANCHORS,
        events_by_alias: YAML_EVENTS_BY_ALIAS,
        nesting: YAML_NESTING,
    };
}

/// A tag that this crate would decode, where every scalar is what its author sees.
const BINARY: &str = "!!binary";

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

/// Where each alias stands, and where the pieces that it stands for are written; lines and columns from 1.
#[derive(Debug, Default)]
pub(crate) struct Aliases(BTreeMap<(usize, usize), Vec<(usize, usize)>>);

impl Aliases {
    /// Whether the file has none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Where the pieces are written that the alias at a place stands for; none where there is no alias.
    pub(crate) fn meant(&self, place: (usize, usize)) -> &[(usize, usize)] {
        self.0.get(&place).map(Vec::as_slice).unwrap_or_default()
    }
}

/// Reads one document. An empty file is a null.
pub(crate) fn read(bytes: &[u8], file: FileId) -> Result<Node, Unreadable> {
    read_with_aliases(bytes, file).map(|(root, _)| root)
}

/// The same, and what its aliases stand for.
pub(crate) fn read_with_aliases(bytes: &[u8], file: FileId) -> Result<(Node, Aliases), Unreadable> {
    read_at_most(Most::READ, bytes, file)
}

/// The same with limits of one's own.
pub(super) fn read_at_most(most: Most, bytes: &[u8], file: FileId) -> Result<(Node, Aliases), Unreadable> {
    let text = text(bytes, file)?;
    let lines = Lines::of(text, file);
    match serde_yaml::from_str_with_options::<Spanned<Raw>>(text, options(most)) {
        Ok(raw) => {
            let mut reader = Reader {
                text,
                lines,
                has_binary: text.contains(BINARY),
                nul: None,
                binary: None,
                aliases: Aliases::default(),
            };
            let mut root = reader.node(Placed::of(raw));
            if let Some(span) = reader.nul {
                return Err(Unreadable::NotText { message: "this holds a NUL character".to_owned(), span });
            }
            if let Some(span) = reader.binary {
                let message = format!("`{BINARY}` is not read; write the text itself");
                let (line, column) = tag(text, (span.line, span.column));
                let end_column = column + BINARY.len();
                let span = Span { line, column, end_line: line, end_column, ..span };
                return Err(Unreadable::Syntax { message, span });
            }
            if root.scalar().is_some_and(|scalar| scalar.kind == Kind::Null && scalar.text.is_empty()) {
                // Nothing is written: there is no place but the beginning.
                root.span = Span::start(file);
            }
            Ok((root, reader.aliases))
        }
        Err(error) => {
            let (message, at) = explain(&error, text, most);
            let at = at
                .map_or((1, 1), |location| (count(location.line()).max(1), count(location.column()).max(1)));
            let is_tab = message.contains("found a tab") || message.contains("(block indentation)");
            if let Some(span) = is_tab.then(|| tab(text, at.0, file)).flatten() {
                let message = "a tab stands in the indentation; YAML wants spaces".to_owned();
                return Err(Unreadable::Syntax { message, span });
            }
            let second = matches!(error.without_snippet(), serde_yaml::Error::MultipleDocuments { .. });
            let at = if second { second_document(text, at) } else { at };
            if too_much(inner(&error), most).is_some() {
                return Err(Unreadable::TooMuch { message, span: lines.rest_of_line(at) });
            }
            // What is not closed was noticed there or later.
            if let Some(found) = unclosed(text).filter(|found| found.place() <= at) {
                let span = lines.rest_of_line(found.place());
                return Err(Unreadable::Syntax { message: found.message(), span });
            }
            let at = if message.starts_with("unsupported tag") { tag(text, at) } else { at };
            Err(Unreadable::Syntax { message, span: lines.rest_of_line(at) })
        }
    }
}

/// The text of a file, without the mark that some editors begin it with.
pub(crate) fn text(bytes: &[u8], file: FileId) -> Result<&str, Unreadable> {
    let not_text = |message: &str, before: &str| Unreadable::NotText {
        message: message.to_owned(),
        span: point_after(before, file),
    };
    if let Some(other) = other_encoding(bytes) {
        return Err(not_text(&format!("this is {other}, and only UTF-8 is read"), ""));
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

/// The encoding of text that isn't UTF-8, as its mark tells it, or the zeros of its first character without one.
fn other_encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, 1..=255, ..] | [1..=255, 0, 0, 0, ..] => {
            Some("UTF-32")
        }
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, 1..=255, 0, 1..=255, ..] | [1..=255, 0, 1..=255, 0, ..] => {
            Some("UTF-16")
        }
        _ => None,
    }
}

/// The one character after this text.
fn point_after(before: &str, file: FileId) -> Span {
    let lines = Lines::of(before, file);
    let line = lines.starts.len();
    let column = before.chars().count().saturating_sub(lines.start(line - 1).unwrap_or(0)) + 1;
    Span { file, line, column, end_line: line, end_column: column + 1 }
}

fn options(most: Most) -> Options {
    serde_yaml::options! {
        budget: serde_yaml::budget! {
            max_nodes: most.values,
            max_events: most.values.saturating_mul(4),
            max_aliases: most.aliases,
            max_anchors: most.anchors,
            max_recorded_anchor_events: most.events_by_alias,
            max_depth: most.nesting,
            // The scanner looks ahead, and would look as far as brackets open.
            flow_nesting_limit: most.nesting,
            // What aliases stand for is counted, so their number by anchor says nothing more.
            enforce_alias_anchor_ratio: false,
        },
        alias_limits: serde_yaml::alias_limits! { max_total_replayed_events: most.events_by_alias },
        // Repeated keys are kept, so that all of them are reported and not the first only.
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        merge_keys: MergeKeyPolicy::Error,
        leading_zero_numbers_as_strings: true,
        underscored_numbers_as_strings: true,
        strict_booleans: true,
        reject_unsupported_tags: true,
        // What the author sees; the tag is refused afterwards.
        ignore_binary_tag_for_string: true,
        // A colour such as 12e999 is text in the end; what is wanted as a number is checked where it is.
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        with_snippet: false
    }
}

pub(super) fn count(number: u64) -> usize {
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
        // Reckoned first: a list that grows holds a copy of itself meanwhile.
        let breaks = text.bytes().filter(|byte| matches!(byte, b'\n' | b'\r')).count();
        let mut starts = Vec::with_capacity(breaks + 1);
        starts.push(0);
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

struct Reader<'t> {
    text: &'t str,
    lines: Lines,
    /// Whether there may be a tag that isn't read.
    has_binary: bool,
    /// The first text that holds a NUL, which can be written by its number alone.
    nul: Option<Span>,
    /// The first value with that tag.
    binary: Option<Span>,
    aliases: Aliases,
}

impl<'t> Reader<'t> {
    fn node(&mut self, raw: Placed<Raw>) -> Node {
        let Placed { value, place } = raw;
        let source = self.source(place.meant);
        let span = self.span(place, source);
        self.note_alias(place, span);
        let plain = |kind| Value::Scalar(Scalar { text: source.trim().to_owned(), kind });
        let value = match value {
            Raw::Null => plain(Kind::Null),
            Raw::Bool(value) => plain(Kind::Bool(value)),
            Raw::Number(value) => plain(Kind::Number(value)),
            Raw::Text(text) => {
                if text.contains('\0') {
                    self.nul = self.nul.or(Some(span));
                }
                if self.has_binary && self.before(place.own).trim_end().ends_with(BINARY) {
                    self.binary = self.binary.or(Some(span));
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

    fn entry(&mut self, key: Placed<RawKey>, value: Placed<Raw>) -> Entry {
        let source = self.source(key.place.meant);
        let span = self.span(key.place, source);
        self.note_alias(key.place, span);
        let key = key.value.0.unwrap_or_else(|| source.trim().to_owned());
        let mut value = self.node(value);
        if value.scalar().is_some_and(|scalar| scalar.kind == Kind::Null && scalar.text.is_empty()) {
            // Nothing is written there: the key is what can be pointed at.
            value.span = span;
        }
        Entry { key, span, value }
    }

    /// Notes what an alias stands for: all that comes of it has the place of the alias.
    fn note_alias(&mut self, place: Place, span: Span) {
        if place.start != place.meant_start {
            let meant = self.lines.place(count(place.meant_start.into()));
            self.aliases.0.entry((span.line, span.column)).or_default().push(meant);
        }
    }

    fn source(&self, (start, length): Bytes) -> &'t str {
        let start = count(start.into());
        let end = start.checked_add(count(length.into()));
        end.and_then(|end| self.text.get(start..end)).unwrap_or_default()
    }

    fn before(&self, (start, _): Bytes) -> &'t str {
        self.text.get(..count(start.into())).unwrap_or_default()
    }

    /// The span of what stands at a place. An alias is as long as its own name.
    fn span(&self, place: Place, source: &str) -> Span {
        let (line, column) = (count(place.line.into()).max(1), count(place.column.into()).max(1));
        let own = self.source(place.own);
        let shown = if own.is_empty() { source } else { own };
        let trailing = shown.chars().rev().take_while(|c| c.is_whitespace()).count();
        let length = count(place.length.into()).saturating_sub(trailing).max(1);
        let end = count(place.start.into()).saturating_add(length);
        let (end_line, end_column) = self.lines.place_in(line, end).unwrap_or_else(|| self.lines.place(end));
        let file = self.lines.file;
        if (end_line, end_column) > (line, column) {
            Span { file, line, column, end_line, end_column }
        } else {
            Span { file, line, column, end_line: line, end_column: column + 1 }
        }
    }
}

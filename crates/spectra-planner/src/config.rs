//! `spectra.toml`: what differs from place to place. Its values take the place of the manifest's own.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::code::Code;
use crate::report::Report;
use crate::span::{FileId, Span};
use crate::yaml::{self, Entry, Kind, Node, Scalar, Unreadable, Value};

/// What a manifest's own keys are replaced by, under the same names.
const REPLACED: [&str; 2] = ["owner", "repository"];
/// The largest number that GitHub's schema has.
const MAX_NUMBER: f64 = 2_147_483_647.0;

/// The number of a board on GitHub, and where it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BoardNumber {
    pub(crate) number: u64,
    pub(crate) span: Span,
}

/// Reads one TOML document.
pub(crate) fn read(bytes: &[u8], file: FileId) -> Result<Node, Unreadable> {
    let text = yaml::text(bytes, file)?;
    let reader = Reader { text, starts: starts(text), file };
    match DeTable::parse(text) {
        Ok(table) => {
            let entries = reader.entries(table.get_ref());
            Ok(Node::new(Span::start(file), Value::Map(entries)))
        }
        Err(error) => {
            let mut at = error.span().unwrap_or_default();
            // What is missing at a line's end is found out in the next.
            let before = text.get(..at.start).unwrap_or_default().trim_end();
            if error.message().starts_with("missing")
                && text.get(before.len()..at.start).is_some_and(|gap| gap.contains('\n'))
            {
                let last = before.chars().next_back().map_or(0, char::len_utf8);
                at = before.len() - last..before.len();
            }
            let mut message = error.message().lines().next().unwrap_or_default().to_owned();
            if let Some(key) = text.get(at.clone()).filter(|_| message == "duplicate key") {
                message = format!("key `{key}` stands there twice");
            }
            Err(Unreadable::Syntax { message, span: reader.span(&at) })
        }
    }
}

/// Reports settings that stand beside the manifests' tables in place of in one, and marks them.
pub(crate) fn check(tree: &mut Node, report: &mut Report) {
    let Some(manifests) = tree.get_mut("manifests") else { return };
    let is_setting = |entry: &&Entry| match entry.key.as_str() {
        // A manifest may have the id of a setting.
        "owner" => entry.value.get("type").is_some() || entry.value.get("slug").is_some(),
        "repository" => entry.value.scalar().is_some(),
        key => key == "projectNumber",
    };
    let first = manifests.entries().iter().filter(is_setting).min_by_key(|entry| entry.span);
    if let Some(Entry { key, span, .. }) = first {
        let message = format!("`{key}` belongs into the table of a manifest");
        report.say(
            Code::UnknownKey,
            *span,
            message,
            "write `[manifests.<id>]` above it, with the manifest's id",
        );
        manifests.sound = false;
    }
}

/// Puts the settings for a manifest into its tree. Gives the number of its board, where one is named.
pub(crate) fn apply(tree: &mut Node, config: Option<&Node>, report: &mut Report) -> Option<BoardNumber> {
    let id = tree.get("id").and_then(Node::scalar).map(|scalar| scalar.text.clone());
    let Some(config) = config else {
        // It may say whatever the manifest doesn't.
        replaced_by_a_mistake(tree);
        return None;
    };
    if !config.readable("manifests") {
        replaced_by_a_mistake(tree);
    }
    let settings = config.get("manifests").zip(id).and_then(|(manifests, id)| {
        let found = manifests.get(&id);
        if found.is_none() && !manifests.readable(&id) {
            replaced_by_a_mistake(tree);
        }
        found
    })?;
    left_behind(tree, settings, report);
    let Value::Map(entries) = &mut tree.value else { return None };
    for entry in settings.entries().iter().filter(|entry| REPLACED.contains(&entry.key.as_str())) {
        entries.retain(|own| own.key != entry.key);
        entries.push(entry.clone());
    }
    let number = settings.get("projectNumber")?;
    match number.scalar()?.kind {
        Kind::Number(value) if value <= MAX_NUMBER => {
            Some(BoardNumber { number: format!("{value:.0}").parse().ok()?, span: number.span })
        }
        Kind::Number(_) | Kind::Null | Kind::Bool(_) | Kind::Text => {
            report.say(
                Code::BadProjectNumber,
                number.span,
                "`projectNumber` is larger than any number on GitHub",
                "write the number that stands in the board's address",
            );
            None
        }
    }
}

/// Reports another owner beside whom the manifest's own repository stays: whoever sends a board elsewhere and forgets the
/// repository would have its issues made where they always are.
fn left_behind(tree: &Node, settings: &Node, report: &mut Report) {
    let text = |node: Option<&Node>| node.and_then(Node::scalar).map(|scalar| scalar.text.clone());
    let slug = settings.get("owner").and_then(|owner| owner.get("slug"));
    let Some((slug, owner)) = slug.zip(text(slug)) else { return };
    let Some(repository) = text(tree.get("repository")) else { return };
    let Some((of, _)) = repository.split_once('/') else { return };
    if settings.get("repository").is_none()
        && settings.readable("repository")
        && !of.eq_ignore_ascii_case(&owner)
    {
        report.say(
            Code::OwnersApart,
            slug.span,
            format!("the board goes to `{owner}`, and the manifest's issues stay in `{repository}`"),
            "write `repository` beside `owner`: one of the new owner's, or the manifest's own if that is meant",
        );
    }
}

/// It can't be told what the file says in place of the manifest.
fn replaced_by_a_mistake(tree: &mut Node) {
    for key in REPLACED {
        tree.make_unreadable(key);
    }
}

/// The byte at which each line begins.
fn starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

struct Reader<'t> {
    text: &'t str,
    starts: Vec<usize>,
    file: FileId,
}

impl Reader<'_> {
    fn entries(&self, table: &DeTable<'_>) -> Vec<Entry> {
        let entries = table.iter().map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            span: self.span(&key.span()),
            value: self.node(value),
        });
        entries.collect()
    }

    fn node(&self, value: &Spanned<DeValue<'_>>) -> Node {
        let written = self.text.get(value.span()).unwrap_or_default();
        let plain = |kind| Value::Scalar(Scalar { text: written.to_owned(), kind });
        let node = match value.get_ref() {
            DeValue::String(text) => Value::Scalar(Scalar { text: text.to_string(), kind: Kind::Text }),
            DeValue::Integer(number) => {
                let whole = i64::from_str_radix(number.as_str(), number.radix()).ok();
                plain(Kind::Number(
                    whole.and_then(|whole| whole.to_string().parse().ok()).unwrap_or(f64::INFINITY),
                ))
            }
            DeValue::Float(number) => plain(Kind::Number(number.as_str().parse().unwrap_or(f64::INFINITY))),
            DeValue::Boolean(value) => plain(Kind::Bool(*value)),
            DeValue::Datetime(_) => plain(Kind::Text),
            DeValue::Array(items) => Value::List(items.iter().map(|item| self.node(item)).collect()),
            DeValue::Table(table) => Value::Map(self.entries(table)),
        };
        Node::new(self.span(&value.span()), node)
    }

    /// A stretch of bytes as one of characters; what goes over several lines ends with the first.
    fn span(&self, bytes: &std::ops::Range<usize>) -> Span {
        let line = self.starts.partition_point(|start| *start <= bytes.start).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or_default();
        let end = self.starts.get(line).map_or(self.text.len(), |next| next - 1);
        let count = |from: usize, to: usize| self.text.get(from..to).map_or(0, |text| text.chars().count());
        let column = count(start, bytes.start) + 1;
        let width = count(bytes.start, bytes.end.min(end)).max(1);
        Span { file: self.file, line, column, end_line: line, end_column: column + width }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn places_are_those_of_the_text() {
        let tree = read(
            "# é\n[manifests.alana]\nrepository = \"a/b\" # c\nprojectNumber = 0x10\n".as_bytes(),
            FileId(0),
        );
        let tree = tree.unwrap();
        let alana = tree.get("manifests").unwrap().get("alana").unwrap();
        let repository = &alana.entries().iter().find(|entry| entry.key == "repository").unwrap();
        assert_eq!((repository.span.line, repository.span.column, repository.span.end_column), (3, 1, 11));
        assert_eq!((repository.value.span.column, repository.value.span.end_column), (14, 19));
        assert_eq!(alana.get("projectNumber").unwrap().scalar().unwrap().kind, Kind::Number(16.0));
    }

    #[test]
    fn what_is_not_toml_is_refused_in_its_place() {
        for (text, line, column) in
            [("a = 1\nb = \n", 2, 5), ("é = 1", 1, 1), ("a = {b = 1\nc = 2}", 1, 10), ("a = 1\na = 2", 2, 1)]
        {
            let Err(Unreadable::Syntax { span, message }) = read(text.as_bytes(), FileId(0)) else {
                panic!("{text}")
            };
            assert_eq!((span.line, span.column), (line, column), "{text:?}: {message}");
        }
        assert!(read(format!("a = {}", "[".repeat(100_000)).as_bytes(), FileId(0)).is_err());
        assert!(read(format!("{}a = 1", "a.".repeat(100_000)).as_bytes(), FileId(0)).is_err());
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _either = read(&bytes, FileId(0));
        }

        #[test]
        fn toml_like_text_never_panics(text in "([a-c\\[\\]{}=.,\"'#\\\\ \n\té0-9_x-]|true|\"\"\"){0,40}") {
            if let Ok(tree) = read(text.as_bytes(), FileId(0)) {
                prop_assert!(tree.entries().iter().all(|entry| entry.span.column >= 1));
            }
        }
    }
}

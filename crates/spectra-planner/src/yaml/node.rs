//! The tree: values with the stretch of the file that they came from.

use crate::span::Span;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    /// Where it stands. For a list or a mapping: where it begins.
    pub(crate) span: Span,
    /// What it is.
    pub(crate) value: Value,
    /// False once a mistake was reported for it: nothing more is said about it then.
    pub(crate) sound: bool,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// A single value.
    Scalar(Scalar),
    /// A list.
    List(Vec<Node>),
    /// A mapping, in the order of the file. Where a key stands there twice only the first is sound; what was reported
    /// as unknown stands at the end too, unsound, under the names that it may stand for.
    Map(Vec<Entry>),
}

/// One key of a mapping and its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    /// The key.
    pub(crate) key: String,
    /// Where the key stands.
    pub(crate) span: Span,
    /// The value.
    pub(crate) value: Node,
}

/// A single value, as text and as what YAML takes it for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scalar {
    /// What the author wrote, unquoted.
    pub(crate) text: String,
    /// What YAML takes it for.
    pub(crate) kind: Kind,
}

/// What YAML 1.2 takes a scalar for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    /// `null`, `~`, or nothing at all.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number; infinite where the text passes a double's range.
    Number(f64),
    /// Anything else, and whatever is quoted.
    Text,
}

impl Node {
    /// A sound node.
    pub(crate) fn new(span: Span, value: Value) -> Self {
        Self { span, value, sound: true }
    }

    /// The value under a key, unless a mistake was reported for it.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.entries()
            .iter()
            .map(|entry| (&entry.key, &entry.value))
            .find(|(own, node)| *own == key && node.sound)
            .map(|(_, node)| node)
    }

    /// The same, to be changed.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        let Value::Map(entries) = &mut self.value else { return None };
        entries.iter_mut().find(|entry| entry.key == key && entry.value.sound).map(|entry| &mut entry.value)
    }

    /// The items of a list, to be changed; none of anything else.
    pub(crate) fn items_mut(&mut self) -> &mut [Self] {
        match &mut self.value {
            Value::List(items) => items,
            Value::Scalar(_) | Value::Map(_) => &mut [],
        }
    }

    /// Puts a mistake that was reported elsewhere in the place of what stands under a key.
    pub(crate) fn make_unreadable(&mut self, key: &str) {
        if let Value::Map(entries) = &mut self.value {
            entries.retain(|entry| entry.key != key);
        }
        self.put_unreadable(key);
    }

    /// Puts a mistake that was reported elsewhere under a key: nothing is said about what may stand there.
    pub(crate) fn put_unreadable(&mut self, key: &str) {
        let span = self.span;
        if let Value::Map(entries) = &mut self.value {
            let scalar = Scalar { text: String::new(), kind: Kind::Null };
            let value = Self { sound: false, ..Self::new(span, Value::Scalar(scalar)) };
            entries.push(Entry { key: key.to_owned(), span, value });
        }
    }

    /// Whether no mistake was reported for what stands under a key, or may be meant to stand there.
    pub(crate) fn readable(&self, key: &str) -> bool {
        self.entries().iter().filter(|entry| entry.key == key).all(|entry| entry.value.sound)
    }

    /// The entries of a mapping; none of anything else.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            Value::Scalar(_) | Value::List(_) => &[],
        }
    }

    /// The same, to be changed.
    pub(crate) fn entries_mut(&mut self) -> &mut [Entry] {
        match &mut self.value {
            Value::Map(entries) => entries,
            Value::Scalar(_) | Value::List(_) => &mut [],
        }
    }

    /// The items of a list; none of anything else.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            Value::Scalar(_) | Value::Map(_) => &[],
        }
    }

    /// The scalar that it is.
    pub(crate) fn scalar(&self) -> Option<&Scalar> {
        match &self.value {
            Value::Scalar(scalar) => Some(scalar),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// What to call it in a message.
    pub(crate) fn noun(&self) -> &'static str {
        match &self.value {
            Value::List(_) => "a list",
            Value::Map(_) => "a mapping",
            Value::Scalar(scalar) => match scalar.kind {
                Kind::Null => "empty",
                Kind::Bool(_) => "true or false",
                Kind::Number(_) => "a number",
                Kind::Text => "text",
            },
        }
    }

    /// The node at a JSON pointer.
    pub(crate) fn at_mut(&mut self, pointer: &str) -> Option<&mut Self> {
        let mut node = self;
        for step in pointer.split('/').skip(1) {
            node = match &mut node.value {
                Value::List(items) => items.get_mut(step.parse::<usize>().ok()?)?,
                Value::Map(entries) => {
                    let key = step.replace("~1", "/").replace("~0", "~");
                    &mut entries.iter_mut().find(|entry| entry.key == key && entry.value.sound)?.value
                }
                Value::Scalar(_) => return None,
            };
        }
        Some(node)
    }
}

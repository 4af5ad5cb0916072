//! What of the documents a server understands.
//!
//! GitHub Enterprise Server gets new parts of the schema months after github.com, and a document that names a field or
//! type that the server lacks is refused as a whole, even under `@include`. So the documents are written for the whole
//! schema, and what a server lacks is cut out of them before they are sent: a field becomes `__typename` under its own
//! name, which every type has, and that place of the answer is then filled with what stands for "none".
//!
//! Assumption: in a document each selection stands on lines of its own, as `cargo xtask schema` and a test see to.

use std::borrow::Cow;

use serde_json::{Value, json};
use spectra_model::observation::Features;

/// What a server's schema has, as far as it differs between servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub(crate) features: Features,
    /// Fields of boards that mirror issue fields of an organisation.
    pub(crate) issue_fields: bool,
    /// The order of a view's columns.
    pub(crate) view_configuration: bool,
}

/// Today's github.com.
impl Default for Dialect {
    fn default() -> Self {
        Self { features: Features::all(), issue_fields: true, view_configuration: true }
    }
}

/// Something that a server may lack.
enum Part {
    /// A field, by its name in the answer.
    Field(&'static str, Empty),
    /// The selections on a type.
    Type(&'static str),
}

/// What stands for "none" in an answer.
#[derive(Clone, Copy)]
enum Empty {
    Null,
    False,
    Connection,
    Configuration,
}

impl Empty {
    fn value(self) -> Value {
        let connection = || json!({ "pageInfo": { "hasNextPage": false, "endCursor": null }, "nodes": [] });
        match self {
            Self::Null => Value::Null,
            Self::False => Value::Bool(false),
            Self::Connection => connection(),
            Self::Configuration => json!({ "visibleFields": connection() }),
        }
    }
}

impl Dialect {
    /// What the server lacks.
    fn lacking(self) -> Vec<Part> {
        let Self { features, issue_fields, view_configuration } = self;
        let mut parts = Vec::new();
        if !features.dependencies {
            parts.push(Part::Field("blockedBy", Empty::Connection));
        }
        if !features.sub_issues {
            parts.push(Part::Field("parent", Empty::Null));
            parts.push(Part::Field("subIssues", Empty::Connection));
        }
        if !features.issue_types {
            parts.push(Part::Field("issueType", Empty::Null));
            parts.push(Part::Field("issueTypes", Empty::Null));
        }
        if !features.multi_select {
            parts.push(Part::Type("ProjectV2MultiSelectField"));
            parts.push(Part::Type("ProjectV2ItemFieldMultiSelectValue"));
        }
        if !issue_fields {
            parts.push(Part::Field("isIssueField", Empty::False));
        }
        if !view_configuration {
            parts.push(Part::Field("shown", Empty::Configuration));
        }
        parts
    }

    /// The document without what the server lacks.
    pub(crate) fn adapt(self, document: &str) -> Cow<'_, str> {
        let lacking = self.lacking();
        if lacking.is_empty() {
            return Cow::Borrowed(document);
        }
        let mut adapted = String::with_capacity(document.len());
        let mut lines = document.lines();
        while let Some(line) = lines.next() {
            let Some(part) = lacking.iter().find(|part| part.begins(line)) else {
                adapted.push_str(line);
                adapted.push('\n');
                continue;
            };
            if let Part::Field(key, _) = part {
                let indent = line.len().saturating_sub(line.trim_start().len());
                adapted.extend([&" ".repeat(indent), *key, ": __typename\n"]);
            }
            let mut open = depth(line);
            while open > 0 {
                let Some(line) = lines.next() else { break };
                open = open.saturating_add(depth(line));
            }
        }
        Cow::Owned(adapted)
    }

    /// Puts what stands for "none" into the places of an answer that were cut out of its document.
    pub(crate) fn fill(self, answer: &mut Value) {
        let lacking = self.lacking();
        if !lacking.is_empty() {
            fill(&lacking, answer);
        }
    }
}

impl Part {
    /// Whether the line begins a selection of it.
    fn begins(&self, line: &str) -> bool {
        match self {
            Self::Field(key, _) => line
                .trim_start()
                .strip_prefix(key)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '(', ':'])),
            Self::Type(name) => line
                .trim_start()
                .strip_prefix("... on ")
                .and_then(|rest| rest.strip_prefix(name))
                .is_some_and(|rest| rest.starts_with(' ')),
        }
    }
}

/// How many more braces a line opens than it closes.
fn depth(line: &str) -> i64 {
    line.chars().fold(0_i64, |depth, c| match c {
        '{' => depth.saturating_add(1),
        '}' => depth.saturating_sub(1),
        _ => depth,
    })
}

fn fill(lacking: &[Part], answer: &mut Value) {
    match answer {
        Value::Object(object) => {
            for part in lacking {
                // Only a cut field is the name of a type here; none of these fields is text.
                if let Part::Field(key, empty) = part
                    && let Some(place @ Value::String(_)) = object.get_mut(*key)
                {
                    *place = empty.value();
                }
            }
            for value in object.values_mut() {
                fill(lacking, value);
            }
        }
        Value::Array(values) => {
            for value in values {
                fill(lacking, value);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn old() -> Dialect {
        let features = Features { dependencies: false, multi_select: false, ..Features::all() };
        Dialect { features, ..Dialect::default() }
    }

    #[test]
    fn what_a_server_lacks_is_cut_out_and_nothing_else() {
        let document = "query Q {\n  a {\n    blockedBy(first: 1, orderBy: {field: X}) {\n      nodes {\n        id\n      }\n    }\n    blockedByX\n    ... on ProjectV2MultiSelectField {\n      id\n    }\n    ... on ProjectV2MultiSelectFieldOption {\n      id\n    }\n  }\n}\n";
        assert_eq!(Dialect::default().adapt(document), document);
        let expected = "query Q {\n  a {\n    blockedBy: __typename\n    blockedByX\n    ... on ProjectV2MultiSelectFieldOption {\n      id\n    }\n  }\n}\n";
        assert_eq!(old().adapt(document), expected);
    }

    #[test]
    fn the_answer_is_filled_where_something_was_cut_out() {
        let mut answer = json!({ "nodes": [{ "blockedBy": "Issue", "title": "Issue" }, null] });
        old().fill(&mut answer);
        let empty = json!({ "pageInfo": { "hasNextPage": false, "endCursor": null }, "nodes": [] });
        assert_eq!(answer, json!({ "nodes": [{ "blockedBy": empty, "title": "Issue" }, null] }));
        let whole = json!({ "blockedBy": "Issue" });
        let mut answer = whole.clone();
        Dialect::default().fill(&mut answer);
        assert_eq!(answer, whole);
    }
}

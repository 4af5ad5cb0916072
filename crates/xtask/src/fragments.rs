//! The fragments that several operations share.
//!
//! `graphql_client` sends a whole file and knows one file an operation, so each file has to hold the fragments that it
//! spreads. They are written once, in `graphql/fragments/`, and copied below a line of each operation that marks what
//! follows as generated.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::ast::{Definition, Document, Selection};

/// The line above the copies.
const MARK: &str = "# The fragments below are copied from fragments/ by `cargo xtask schema`.";

/// Why fragments could not be copied.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FragmentError {
    /// A file isn't GraphQL.
    #[error("{file} is not GraphQL: {why}")]
    Syntax { file: String, why: String },
    /// A spread names no fragment.
    #[error("{file} spreads `{name}`, which neither it nor fragments/ defines")]
    Missing { file: String, name: String },
}

/// The shared fragments by name: what each is and which others it spreads.
#[derive(Debug, Default)]
pub(crate) struct Shared(BTreeMap<String, Fragment>);

#[derive(Debug)]
struct Fragment {
    text: String,
    spreads: BTreeSet<String>,
}

impl Shared {
    /// Adds the fragments of a file.
    pub(crate) fn read(&mut self, file: &str, text: &str) -> Result<(), FragmentError> {
        for definition in parse(file, text)?.definitions {
            if let Definition::FragmentDefinition(fragment) = definition {
                let mut spreads = BTreeSet::new();
                collect(&fragment.selection_set, &mut spreads);
                self.0.insert(fragment.name.to_string(), Fragment { text: fragment.to_string(), spreads });
            }
        }
        Ok(())
    }

    /// The file with the copies that it needs.
    pub(crate) fn complete(&self, file: &str, text: &str) -> Result<String, FragmentError> {
        let own = text.split(MARK).next().unwrap_or(text).trim_end();
        let mut defined = BTreeSet::new();
        let mut wanted = BTreeSet::new();
        for definition in parse(file, own)?.definitions {
            if let Definition::OperationDefinition(operation) = &definition {
                collect(&operation.selection_set, &mut wanted);
            } else if let Definition::FragmentDefinition(fragment) = &definition {
                defined.insert(fragment.name.to_string());
                collect(&fragment.selection_set, &mut wanted);
            }
        }
        let mut copies = BTreeMap::new();
        let mut open: Vec<String> = wanted.difference(&defined).cloned().collect();
        while let Some(name) = open.pop() {
            let fragment = self
                .0
                .get(&name)
                .ok_or_else(|| FragmentError::Missing { file: file.to_owned(), name: name.clone() })?;
            if copies.insert(name, fragment.text.trim_end()).is_none() {
                open.extend(fragment.spreads.iter().filter(|spread| !defined.contains(*spread)).cloned());
            }
        }
        let mut parts = vec![own];
        if !copies.is_empty() {
            parts.push(MARK);
            parts.extend(copies.into_values());
        }
        Ok(format!("{}\n", parts.join("\n\n")))
    }
}

fn parse(file: &str, text: &str) -> Result<Document, FragmentError> {
    Document::parse(text, file)
        .map_err(|error| FragmentError::Syntax { file: file.to_owned(), why: error.errors.to_string() })
}

fn collect(selections: &[Selection], into: &mut BTreeSet<String>) {
    for selection in selections {
        match selection {
            Selection::Field(field) => collect(&field.selection_set, into),
            Selection::InlineFragment(inline) => collect(&inline.selection_set, into),
            Selection::FragmentSpread(spread) => {
                into.insert(spread.fragment_name.to_string());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared() -> Shared {
        let mut shared = Shared::default();
        shared.read("a", "fragment A on T { b { ...B } }").unwrap();
        shared.read("b", "fragment B on U { id }").unwrap();
        shared
    }

    #[test]
    fn a_fragment_comes_with_those_that_it_spreads_and_only_once() {
        let text = "query Q {\n  a {\n    ...A\n    ...B\n  }\n}\n";
        let completed = shared().complete("q", text).unwrap();
        assert_eq!(completed.matches("fragment A on T").count(), 1);
        assert_eq!(completed.matches("fragment B on U").count(), 1);
        assert_eq!(shared().complete("q", &completed).unwrap(), completed, "it is stable");
    }

    #[test]
    fn what_a_file_defines_itself_is_not_copied() {
        let text = "query Q {\n  ...C\n}\n\nfragment C on Query {\n  id\n}\n";
        assert_eq!(shared().complete("q", text).unwrap(), text);
    }

    #[test]
    fn a_spread_of_nothing_is_refused() {
        let error = shared().complete("q", "query Q { ...Z }").unwrap_err();
        assert!(matches!(error, FragmentError::Missing { name, .. } if name == "Z"));
    }
}

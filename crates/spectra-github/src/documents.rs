//! Every document that can be sent is valid against GitHub's whole schema, and so are the variables that go with it; what
//! an older server gets is valid without what it lacks; and none asks for more than GitHub allows.

mod any_write;
mod size;

use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use proptest::prelude::*;
use serde_json::Value as Json;
use spectra_model::observation::Features;

use self::any_write::write;
use crate::Write;
use crate::batch::Batch;
use crate::dialect::Dialect;
use crate::lookup;
use crate::operations::{Assignable, Person, Team};
use crate::pacing::Api;

const WHOLE: &str = include_str!("../../../schemas/github/schema.graphql");

fn schema() -> &'static Valid<Schema> {
    static SCHEMA: std::sync::OnceLock<Valid<Schema>> = std::sync::OnceLock::new();
    SCHEMA.get_or_init(|| parsed(WHOLE))
}

fn parsed(text: &str) -> Valid<Schema> {
    Schema::parse_and_validate(text, "schema.graphql").map_err(|error| error.to_string()).unwrap()
}

fn valid(document: &str) -> Valid<ExecutableDocument> {
    valid_in(schema(), document)
}

fn valid_in(schema: &Valid<Schema>, document: &str) -> Valid<ExecutableDocument> {
    ExecutableDocument::parse_and_validate(schema, document, "document.graphql")
        .map_err(|error| error.to_string())
        .unwrap()
}

/// The single operations by file name.
fn operations() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("graphql");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.is_file());
    files
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect()
}

#[test]
fn every_operation_is_valid_against_the_whole_schema() {
    let operations = operations();
    for (name, text) in &operations {
        assert_eq!(valid(text).operations.len(), 1, "{name} holds one operation");
    }
    let source = include_str!("operations.rs");
    // The introspection query is compiled by hand.
    let compiled = source.matches("\noperation!(").count() + 1;
    assert_eq!(compiled, operations.len(), "every file is compiled, and only those");
}

#[test]
fn every_look_up_is_valid_against_the_whole_schema() {
    for count in [1, 50] {
        valid(&lookup::document::<Team>(count));
        valid(&lookup::document::<Person>(count));
        valid(&lookup::document::<Assignable>(count));
    }
}

/// A server that lacks all that a server may lack.
fn old() -> Dialect {
    let features = Features {
        option_ids: false,
        iteration_ids: false,
        multi_select: false,
        views: false,
        rest_views: false,
        dependencies: false,
        sub_issues: false,
        issue_types: false,
    };
    Dialect { features, issue_fields: false, view_configuration: false }
}

/// GitHub's schema with all of that under names that nobody knows.
fn old_schema() -> Valid<Schema> {
    let mut text = String::with_capacity(WHOLE.len());
    for (index, word) in WHOLE.split_inclusive(|c: char| !c.is_ascii_alphanumeric()).enumerate() {
        let (name, end) = word.split_at(word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric()).len());
        let gone = [
            "blockedBy",
            "parent",
            "subIssues",
            "issueType",
            "issueTypes",
            "isIssueField",
            "ProjectV2MultiSelectField",
            "ProjectV2ItemFieldMultiSelectValue",
        ];
        let view_configuration = name == "configuration"
            && WHOLE.split_inclusive(|c: char| !c.is_ascii_alphanumeric()).nth(index + 2).is_some_and(
                |next| next.starts_with("ProjectV2ViewConfiguration") && !next.contains("Input"),
            );
        text.push_str(name);
        if gone.contains(&name) || view_configuration {
            text.push_str("Unknown");
        }
        text.push_str(end);
    }
    parsed(&text)
}

#[test]
fn an_old_server_is_asked_for_nothing_that_it_lacks() {
    let (schema, old) = (old_schema(), old());
    let mut cut = 0;
    for (name, text) in operations() {
        // What an old server is never sent: reading on in connections that it doesn't have.
        if ["issue_blockers", "issue_sub_issues", "issue_types", "parents"]
            .contains(&name.trim_end_matches(".graphql"))
        {
            continue;
        }
        let adapted = old.adapt(&text);
        valid_in(&schema, &adapted);
        cut += usize::from(adapted != text);
        assert_eq!(Dialect::default().adapt(&text), text.as_str(), "{name}");
    }
    assert!(cut >= 10, "{cut} documents name what some servers lack");
}

#[test]
fn the_generator_knows_every_kind_of_write() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let mut kinds = std::collections::BTreeSet::new();
    for _ in 0..4_000 {
        let one = write().new_tree(&mut runner).unwrap().current();
        kinds.insert(format!("{one:?}").split([' ', '{']).next().unwrap_or_default().to_owned());
    }
    let source = include_str!("writer/write.rs");
    let (_, after) = source.split_once("pub enum Write {").unwrap();
    let (body, _) = after.split_once("\n}\n").unwrap();
    let declared = body.lines().filter(|line| line.starts_with("    ") && line.ends_with('{')).count();
    let declared =
        declared - body.lines().filter(|line| line.starts_with("        ") && line.ends_with('{')).count();
    assert_eq!(kinds.len(), declared, "{kinds:?}");
}

proptest! {
    #[test]
    fn every_batch_is_valid_against_the_whole_schema(writes in proptest::collection::vec(write(), 1..=50)) {
        let writes: Vec<Write> = writes.into_iter().filter(|write| write.api() == Api::GraphQl).collect();
        prop_assume!(!writes.is_empty());
        let mut batch = Batch::default();
        for write in &writes {
            write.put(&mut batch).unwrap();
            prop_assert!(write.call(None).is_none());
        }
        let document = valid(&batch.document());
        let operation = document.operations.get(None).unwrap();
        prop_assert!(operation.is_mutation());
        prop_assert_eq!(operation.selection_set.selections.len(), writes.len());
        let variables = serde_json::from_value(batch.variables()).unwrap();
        coerce_variable_values(schema(), operation, &variables).map_err(|error| error.message().to_string()).unwrap();
        let body: Json = serde_json::from_str(&batch.body(Dialect::default())).unwrap();
        prop_assert_eq!(&body["query"], &Json::String(batch.document()));
    }
}

#[test]
fn what_goes_over_rest_goes_over_nothing_else() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    for _ in 0..500 {
        let write = write().new_tree(&mut runner).unwrap().current();
        if write.api() == Api::Rest {
            assert!(write.put(&mut Batch::default()).is_err());
            assert_eq!(write.call(Some(1)).unwrap().creates, write.creates_content());
        }
    }
}

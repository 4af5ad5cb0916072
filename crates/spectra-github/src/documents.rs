//! Every document that can be sent is valid against GitHub's whole schema, and so are the variables that go with it.

use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value as Json;
use spectra_model::id::{FieldName, LabelName, NodeId, OptionId, OptionName};
use spectra_model::observation::Value;
use spectra_model::plan::{Colour, FieldType, IssueState};
use spectra_model::step::{OptionWrite, ProjectUpdate};

use crate::batch::Batch;
use crate::{CloseAs, Write};

fn schema() -> &'static Valid<Schema> {
    static SCHEMA: std::sync::OnceLock<Valid<Schema>> = std::sync::OnceLock::new();
    SCHEMA.get_or_init(|| {
        let text = include_str!("../../../schemas/github/schema.graphql");
        Schema::parse_and_validate(text, "schema.graphql").map_err(|error| error.to_string()).unwrap()
    })
}

fn valid(document: &str) -> Valid<ExecutableDocument> {
    ExecutableDocument::parse_and_validate(schema(), document, "document.graphql")
        .map_err(|error| error.to_string())
        .unwrap()
}

#[test]
fn every_operation_is_valid_against_the_whole_schema() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("graphql");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let document = valid(&std::fs::read_to_string(&path).unwrap());
            assert_eq!(document.operations.len(), 1, "{} holds one operation", path.display());
            count += 1;
        }
    }
    let source = include_str!("operations.rs");
    assert_eq!(source.matches("\noperation!(").count(), count, "every file is compiled, and only those");
}

fn id() -> impl Strategy<Value = NodeId> {
    any::<String>().prop_map(NodeId::new)
}

fn ids() -> impl Strategy<Value = Vec<NodeId>> {
    proptest::collection::vec(id(), 0..4)
}

fn text() -> impl Strategy<Value = Option<String>> {
    any::<Option<String>>()
}

fn option() -> impl Strategy<Value = OptionWrite> {
    let colours = vec![
        Colour::Blue,
        Colour::Gray,
        Colour::Green,
        Colour::Orange,
        Colour::Pink,
        Colour::Purple,
        Colour::Red,
        Colour::Yellow,
    ];
    (text(), any::<String>(), select(colours), any::<String>()).prop_map(|(id, name, colour, description)| {
        OptionWrite { id: id.map(OptionId::new), name: OptionName::new(name), colour, description }
    })
}

fn options() -> impl Strategy<Value = Vec<OptionWrite>> {
    proptest::collection::vec(option(), 0..4)
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<String>().prop_map(Value::Text),
        proptest::num::f64::NORMAL.prop_map(Value::Number),
        any::<String>().prop_map(Value::Date),
        any::<String>().prop_map(|id| Value::SingleSelect(OptionId::new(id))),
    ]
}

/// Any write. A kind that is missing here fails the test below it.
pub(crate) fn write() -> impl Strategy<Value = Write> {
    let types = vec![FieldType::Text, FieldType::Number, FieldType::Date, FieldType::SingleSelect];
    let states = vec![IssueState::Open, IssueState::Closed];
    let reasons = prop_oneof![
        Just(CloseAs::Completed),
        Just(CloseAs::NotPlanned),
        id().prop_map(CloseAs::DuplicateOf),
    ];
    let update =
        (text(), text(), text(), any::<Option<bool>>()).prop_map(|(title, description, readme, public)| {
            ProjectUpdate { title, description, readme, public }
        });
    let boards = prop_oneof![
        (id(), any::<String>()).prop_map(|(owner, title)| Write::CreateProject { owner, title }),
        (id(), update).prop_map(|(project, update)| Write::UpdateProject { project, update }),
        id().prop_map(|project| Write::DeleteProject { project }),
        (id(), any::<String>(), select(types), options()).prop_map(|(project, name, r#type, options)| {
            Write::CreateField { project, name: FieldName::new(name), r#type, options }
        }),
        (id(), text(), proptest::option::of(options())).prop_map(|(field, name, options)| {
            Write::UpdateField { field, name: name.map(FieldName::new), options }
        }),
    ];
    let labels = prop_oneof![
        (id(), any::<String>(), any::<String>(), text()).prop_map(
            |(repository, name, colour, description)| Write::CreateLabel {
                repository,
                name: LabelName::new(name),
                colour,
                description,
            }
        ),
        (id(), text(), text(), text()).prop_map(|(label, name, colour, description)| {
            Write::UpdateLabel { label, name: name.map(LabelName::new), colour, description }
        }),
        (id(), ids()).prop_map(|(issue, labels)| Write::AddLabels { issue, labels }),
        (id(), ids()).prop_map(|(issue, labels)| Write::RemoveLabels { issue, labels }),
    ];
    let issues = prop_oneof![
        (id(), any::<String>(), any::<String>(), ids(), proptest::option::of(id())).prop_map(
            |(repository, title, body, labels, parent)| Write::CreateIssue {
                repository,
                title,
                body,
                labels,
                parent,
            }
        ),
        (id(), text(), text()).prop_map(|(issue, title, body)| Write::UpdateIssue { issue, title, body }),
        (id(), select(states), reasons).prop_map(|(issue, state, reason)| Write::SetState {
            issue,
            state,
            reason,
        }),
        (id(), id()).prop_map(|(issue, by)| Write::AddBlockedBy { issue, by }),
        (id(), id()).prop_map(|(issue, by)| Write::RemoveBlockedBy { issue, by }),
        (id(), id(), any::<bool>()).prop_map(|(parent, child, replace_parent)| Write::AddSubIssue {
            parent,
            child,
            replace_parent,
        }),
    ];
    let items = prop_oneof![
        (id(), id()).prop_map(|(project, issue)| Write::AddItem { project, issue }),
        (id(), id(), id(), value()).prop_map(|(project, item, field, value)| Write::SetValue {
            project,
            item,
            field,
            value,
        }),
        (id(), id(), id()).prop_map(|(project, item, field)| Write::ClearValue { project, item, field }),
    ];
    prop_oneof![boards, labels, issues, items]
}

#[test]
fn the_generator_knows_every_kind_of_write() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let mut kinds = std::collections::BTreeSet::new();
    for _ in 0..2_000 {
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
        let mut batch = Batch::default();
        for write in &writes {
            write.put(&mut batch).unwrap();
        }
        let document = valid(&batch.document());
        let operation = document.operations.get(None).unwrap();
        prop_assert!(operation.is_mutation());
        prop_assert_eq!(operation.selection_set.selections.len(), writes.len());
        let variables = serde_json::from_value(batch.variables()).unwrap();
        coerce_variable_values(schema(), operation, &variables).map_err(|error| error.message().to_string()).unwrap();
        let body: Json = serde_json::from_str(&batch.body()).unwrap();
        prop_assert_eq!(&body["query"], &Json::String(batch.document()));
    }
}

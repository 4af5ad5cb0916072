//! Names that may stand in a document once, and definitions that may not stand in it at all.

use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, VariableDefinition};
use serde_json::json;

use super::walk::Walk;

impl<'a> Walk<'a> {
    /// graphql-ruby, `VariableNamesAreUnique`.
    pub(super) fn unique_variables(&mut self, variables: &'a [Node<VariableDefinition>]) {
        for (place, variable) in variables.iter().enumerate() {
            let all = || variables.iter().filter(|other| other.name == variable.name);
            let is_first = variables.iter().take(place).all(|other| other.name != variable.name);
            if is_first && all().count() > 1 {
                self.object_to_all(
                    format!("There can only be one variable named \"{}\"", variable.name),
                    json!({ "code": "variableNotUnique", "variableName": variable.name.as_str() }),
                    all().map(Node::location),
                );
            }
        }
    }

    /// graphql-ruby, `FragmentNamesAreUnique`.
    pub(super) fn repeated_fragments(&mut self) {
        let tree = self.tree;
        let fragments: Vec<_> =
            tree.definitions.iter().filter_map(Definition::as_fragment_definition).collect();
        for (place, fragment) in fragments.iter().enumerate() {
            let all = || fragments.iter().filter(|other| other.name == fragment.name);
            let is_first = fragments.iter().take(place).all(|other| other.name != fragment.name);
            if is_first && all().count() > 1 {
                self.object_to_all(
                    format!("Fragment name \"{}\" must be unique", fragment.name),
                    json!({ "code": "fragmentNotUnique", "fragmentName": fragment.name.as_str() }),
                    all().map(|one| one.location()),
                );
            }
        }
    }

    /// graphql-ruby, `OperationNamesAreValid`.
    pub(super) fn repeated_operations(&mut self) {
        let tree = self.tree;
        let operations: Vec<_> =
            tree.definitions.iter().filter_map(Definition::as_operation_definition).collect();
        for (place, operation) in operations.iter().enumerate() {
            let all = || operations.iter().filter(|other| other.name == operation.name);
            if operations.iter().take(place).any(|other| other.name == operation.name) {
                continue;
            }
            match &operation.name {
                None if operations.len() > 1 => self.object_to_all(
                    "Operation name is required when multiple operations are present".to_owned(),
                    json!({ "code": "uniquelyNamedOperations" }),
                    all().map(|one| one.location()),
                ),
                Some(name) if all().count() > 1 => self.object_to_all(
                    format!("Operation name \"{name}\" must be unique"),
                    json!({ "code": "uniquelyNamedOperations", "operationName": name.as_str() }),
                    all().map(|one| one.location()),
                ),
                None | Some(_) => {}
            }
        }
    }

    /// graphql-ruby, `NoDefinitionsArePresent`.
    pub(super) fn schema_definitions(&mut self) {
        let spans: Vec<_> = self
            .tree
            .definitions
            .iter()
            .filter(|definition| !definition.is_executable_definition())
            .map(Definition::location)
            .collect();
        if !spans.is_empty() {
            self.object_to_all(
                "Query cannot contain schema definitions".to_owned(),
                json!({ "code": "queryContainsSchemaDefinitions" }),
                spans.into_iter(),
            );
        }
    }
}

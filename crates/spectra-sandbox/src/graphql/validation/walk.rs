//! The rules that follow a document from its operations down, in the order in which graphql-ruby asks them.
//!
//! graphql-ruby, `StaticValidation::ALL_RULES` and `BaseVisitor`: at each node the rules object in their order, and
//! some of them end the way down. Whatever concerns the document as a whole comes after all of it, the last rule first.

use std::collections::BTreeMap;

use apollo_compiler::Node;
use apollo_compiler::ast::{
    Definition, DirectiveLocation, Document, Field, FieldDefinition, FragmentDefinition, FragmentSpread,
    InlineFragment, OperationDefinition, Selection, VariableDefinition,
};
use apollo_compiler::parser::{LineColumn, SourceSpan};
use apollo_compiler::schema::ExtendedType;
use serde_json::{Value, json};

use super::super::literals;
use super::super::schema::GitHub;
use super::arguments::{Owner, Takes};
use super::merge::Merge;
use super::problem::Problem;
use super::spreads::Spreads;
use super::uses::Uses;

/// All objections to a document.
pub(super) fn problems(github: &GitHub, tree: &Document) -> Vec<Problem> {
    let mut walk = Walk {
        github,
        tree,
        path: Vec::new(),
        problems: Vec::new(),
        declared: BTreeMap::new(),
        unknown_directives: BTreeMap::new(),
        merge: Merge::new(github, tree),
        spreads: Spreads::default(),
        uses: Uses::default(),
        placed: Vec::new(),
    };
    walk.document();
    walk.problems
}

/// A fragment that is spread where a type is selected from.
struct Placed<'a> {
    spread: &'a Node<FragmentSpread>,
    parent: &'a str,
    path: Vec<Value>,
}

pub(super) struct Walk<'a> {
    pub(super) github: &'a GitHub,
    pub(super) tree: &'a Document,
    pub(super) path: Vec<Value>,
    pub(super) problems: Vec<Problem>,
    /// The variables of the operation that was entered last.
    pub(super) declared: BTreeMap<&'a str, &'a VariableDefinition>,
    /// Which problem each unknown directive's name has.
    pub(super) unknown_directives: BTreeMap<&'a str, usize>,
    pub(super) uses: Uses<'a>,
    merge: Merge<'a>,
    spreads: Spreads<'a>,
    placed: Vec<Placed<'a>>,
}

impl<'a> Walk<'a> {
    /// Where something stands.
    pub(super) fn place(&self, span: Option<SourceSpan>) -> Option<LineColumn> {
        span?.line_column(&self.tree.sources)
    }

    /// An objection here.
    pub(super) fn object_to(&mut self, message: String, extensions: Value, span: Option<SourceSpan>) {
        let places = self.place(span).into_iter().collect();
        self.problems.push(Problem { path: self.path.clone(), message, extensions, places });
    }

    /// An objection here in which several things take part.
    pub(super) fn object_to_all(
        &mut self,
        message: String,
        extensions: Value,
        spans: impl Iterator<Item = Option<SourceSpan>>,
    ) {
        let places = spans.filter_map(|span| self.place(span)).collect();
        self.problems.push(Problem { path: self.path.clone(), message, extensions, places });
    }

    fn document(&mut self) {
        let tree = self.tree;
        for definition in &tree.definitions {
            if let Some(operation) = definition.as_operation_definition() {
                self.operation(operation);
            } else if let Some(fragment) = definition.as_fragment_definition() {
                self.fragment(fragment);
            }
        }
        self.uses.report(&mut self.problems);
        self.impossible_spreads();
        self.spreads.report(self.tree, &mut self.problems);
        self.repeated_fragments();
        self.repeated_operations();
        self.schema_definitions();
    }

    fn operation(&mut self, operation: &'a Node<OperationDefinition>) {
        let kind = operation.operation_type;
        let step =
            operation.name.as_ref().map_or_else(|| kind.name().to_owned(), |name| format!("{kind} {name}"));
        self.path.push(json!(step));
        let root = self.github.schema.root_operation(kind);
        self.unique_directives(&operation.directives);
        if let Some(root) = root {
            self.merging(&operation.selection_set, root);
        }
        self.unique_variables(&operation.variables);
        let by = operation.name.as_ref().map_or_else(|| format!("anonymous {kind}"), ToString::to_string);
        self.uses.enter_operation(by, self.place(operation.location()));
        for variable in &operation.variables {
            self.uses.declare(&variable.name, &self.path);
        }
        self.declared =
            operation.variables.iter().map(|variable| (variable.name.as_str(), &**variable)).collect();
        if let Some(root) = root {
            self.spreads.enter(None);
            for variable in &operation.variables {
                self.variable(variable);
            }
            self.directives(&operation.directives, kind.into());
            self.selections(&operation.selection_set, root, operation.location());
        } else {
            // graphql-ruby, `SubscriptionRootExistsAndSingleSubscriptionSelection`. GitHub's schema has no
            // subscriptions.
            self.object_to(
                format!("Schema is not configured for {kind}s"),
                json!({ "code": "missingSubscriptionConfiguration" }),
                operation.location(),
            );
        }
        self.path.pop();
    }

    /// graphql-ruby, `VariablesAreInputTypes` and `VariableDefaultValuesAreCorrectlyTyped`. GitHub: recorded:
    /// `NopeInput isn't a defined input type (on $i)`.
    fn variable(&mut self, variable: &'a Node<VariableDefinition>) {
        let (name, ty) = (&variable.name, &*variable.ty);
        let inner = ty.inner_named_type();
        let refusal = match self.github.schema.types.get(inner) {
            None => Some(format!("{inner} isn't a defined input type (on ${name})")),
            Some(found) if !found.is_input_type() => {
                Some(format!("{inner} isn't a valid input type (on ${name})"))
            }
            Some(_) => None,
        };
        let is_known = refusal.is_none();
        if let Some(message) = refusal {
            let extensions = json!({
                "code": "variableRequiresValidType",
                "typeName": inner.as_str(),
                "variableName": name.as_str(),
            });
            self.object_to(message, extensions, variable.location());
        }
        if let Some(default) = &variable.default_value
            && is_known
            && let Err(explanation) = literals::validate(&self.github.schema, ty, default)
        {
            let message =
                explanation.unwrap_or_else(|| format!("Default value for ${name} doesn't match type {ty}"));
            let extensions = json!({
                "code": "defaultValueInvalidType",
                "variableName": name.as_str(),
                "typeName": ty.to_string(),
            });
            self.object_to(message, extensions, variable.location());
        }
        self.directives(&variable.directives, DirectiveLocation::VariableDefinition);
    }

    fn fragment(&mut self, fragment: &'a Node<FragmentDefinition>) {
        self.path.push(json!(format!("fragment {}", fragment.name)));
        self.unique_directives(&fragment.directives);
        self.spreads.define(fragment);
        if self.is_composite(&fragment.type_condition, fragment.location()) {
            self.uses.enter_fragment(&fragment.name);
            self.spreads.enter(Some(fragment));
            self.directives(&fragment.directives, DirectiveLocation::FragmentDefinition);
            self.selections(&fragment.selection_set, &fragment.type_condition, fragment.location());
        }
        self.path.pop();
    }

    /// graphql-ruby, `FragmentTypesExist` and `FragmentsAreOnCompositeTypes`.
    fn is_composite(&mut self, on: &'a str, span: Option<SourceSpan>) -> bool {
        let (message, code) = match self.github.schema.types.get(on) {
            Some(ExtendedType::Object(_) | ExtendedType::Interface(_) | ExtendedType::Union(_)) => {
                return true;
            }
            None => (format!("No such type {on}, so it can't be a fragment condition"), "undefinedType"),
            Some(ExtendedType::Scalar(_) | ExtendedType::Enum(_) | ExtendedType::InputObject(_)) => (
                format!("Invalid fragment on type {on} (must be Union, Interface or Object)"),
                "fragmentOnNonCompositeType",
            ),
        };
        self.object_to(message, json!({ "code": code, "typeName": on }), span);
        false
    }

    fn selections(&mut self, set: &'a [Selection], parent: &'a str, owner: Option<SourceSpan>) {
        for selection in set {
            match selection {
                Selection::Field(field) => self.field(field, parent, owner),
                Selection::InlineFragment(fragment) => self.inline(fragment, parent),
                Selection::FragmentSpread(spread) => self.spread(spread, parent),
            }
        }
    }

    fn field(&mut self, field: &'a Node<Field>, parent: &'a str, owner: Option<SourceSpan>) {
        self.path.push(json!(field.response_name().as_str()));
        self.unique_directives(&field.directives);
        match self.github.schema.type_field(parent, &field.name) {
            Ok(definition) => {
                self.merging(&field.selection_set, definition.ty.inner_named_type());
                if self.selects_rightly(field, definition) {
                    self.known_field(field, definition);
                }
            }
            Err(_) => self.unknown_field(field, parent, owner),
        }
        self.path.pop();
    }

    fn known_field(&mut self, field: &'a Node<Field>, definition: &'a FieldDefinition) {
        let owner = Owner {
            kind: "Field",
            name: field.response_name(),
            span: field.location(),
            takes: Takes::These(&definition.arguments),
        };
        self.required_arguments(
            "Field",
            &field.name,
            &definition.arguments,
            &field.arguments,
            field.location(),
        );
        self.unique_arguments(&field.arguments);
        for argument in &field.arguments {
            self.argument(&owner, &argument.name, argument.location(), &argument.value);
        }
        self.directives(&field.directives, DirectiveLocation::Field);
        self.selections(&field.selection_set, definition.ty.inner_named_type(), field.location());
    }

    /// graphql-ruby, `FieldsAreDefinedOnType`. GitHub: recorded: of a union, the place is that of what selects from it.
    fn unknown_field(&mut self, field: &Node<Field>, parent: &str, owner: Option<SourceSpan>) {
        if matches!(self.github.schema.types.get(parent), Some(ExtendedType::Union(_))) {
            let message = format!("Selections can't be made directly on unions (see selections on {parent})");
            self.object_to(message, json!({ "code": "selectionMismatch", "nodeName": parent }), owner);
            return;
        }
        let message = format!("Field '{}' doesn't exist on type '{parent}'", field.name);
        let extensions =
            json!({ "code": "undefinedField", "typeName": parent, "fieldName": field.name.as_str() });
        self.object_to(message, extensions, field.location());
    }

    /// graphql-ruby, `FieldsHaveAppropriateSelections`. That a union needs selections as well is a guess:
    /// graphql-ruby leaves that to the schema.
    fn selects_rightly(&mut self, field: &Node<Field>, definition: &FieldDefinition) -> bool {
        let (name, on) = (&field.name, definition.ty.inner_named_type());
        let leaf = match self.github.schema.types.get(on) {
            Some(ExtendedType::Scalar(_)) => Some("scalars"),
            Some(ExtendedType::Enum(_)) => Some("enums"),
            Some(
                ExtendedType::Object(_)
                | ExtendedType::Interface(_)
                | ExtendedType::Union(_)
                | ExtendedType::InputObject(_),
            )
            | None => None,
        };
        let message = match (leaf, field.selection_set.is_empty()) {
            (Some(_), true) | (None, false) => return true,
            (Some(leaves), false) => {
                let selected: Vec<String> = field.selection_set.iter().map(shown).collect();
                format!(
                    "Selections can't be made on {leaves} (field '{name}' returns {on} but has selections [{}])",
                    selected.join(", ")
                )
            }
            (None, true) => format!(
                "Field must have selections (field '{name}' returns {on} but has no selections. Did you mean \
                 '{name} {{ ... }}'?)"
            ),
        };
        let extensions = json!({
            "code": "selectionMismatch",
            "nodeName": format!("field '{name}'"),
            "typeName": on.as_str(),
        });
        self.object_to(message, extensions, field.location());
        false
    }

    /// graphql-ruby, `FieldsWillMerge`.
    fn merging(&mut self, set: &'a [Selection], on: &'a str) {
        self.merge.within(set, on, &mut self.problems);
    }

    fn inline(&mut self, fragment: &'a Node<InlineFragment>, parent: &'a str) {
        let on = fragment.type_condition.as_ref();
        self.path.push(json!(on.map_or_else(|| "...".to_owned(), |on| format!("... on {on}"))));
        self.unique_directives(&fragment.directives);
        if on.is_none_or(|on| self.is_composite(on, fragment.location())) {
            let child = on.map_or(parent, |on| on.as_str());
            let path = self.path.clone();
            self.possible(parent, child, None, fragment.location(), path);
            self.directives(&fragment.directives, DirectiveLocation::InlineFragment);
            self.selections(&fragment.selection_set, child, fragment.location());
        }
        self.path.pop();
    }

    fn spread(&mut self, spread: &'a Node<FragmentSpread>, parent: &'a str) {
        self.path.push(json!(format!("... {}", spread.fragment_name)));
        self.unique_directives(&spread.directives);
        self.placed.push(Placed { spread, parent, path: self.path.clone() });
        self.uses.spread(&spread.fragment_name);
        self.spreads.spread(spread, &self.path);
        self.directives(&spread.directives, DirectiveLocation::FragmentSpread);
        self.path.pop();
    }

    fn impossible_spreads(&mut self) {
        for Placed { spread, parent, path } in std::mem::take(&mut self.placed) {
            // The last of several fragments of one name is the one that counts.
            let fragments = self.tree.definitions.iter().rev().filter_map(Definition::as_fragment_definition);
            let mut named = fragments.filter(|fragment| fragment.name == spread.fragment_name);
            if let Some(fragment) = named.next() {
                let name = Some(spread.fragment_name.as_str());
                self.possible(parent, &fragment.type_condition, name, spread.location(), path);
            }
        }
    }

    /// graphql-ruby, `FragmentSpreadsArePossible`: not asked of fragments on unions. The name of a fragment has a space
    /// before it there, in the extensions too.
    fn possible(
        &mut self,
        parent: &str,
        child: &str,
        name: Option<&str>,
        span: Option<SourceSpan>,
        path: Vec<Value>,
    ) {
        let has_fields = matches!(
            self.github.schema.types.get(child),
            Some(ExtendedType::Object(_) | ExtendedType::Interface(_))
        );
        if !has_fields || self.github.overlap(parent, child) {
            return;
        }
        let called = name.map_or_else(String::new, |name| format!(" {name}"));
        let extensions = json!({
            "code": "cannotSpreadFragment",
            "typeName": child,
            "fragmentName": if called.is_empty() { "unknown" } else { called.as_str() },
            "parentName": parent,
        });
        let message = format!("Fragment{called} on {child} can't be spread inside {parent}");
        let places = self.place(span).into_iter().collect();
        self.problems.push(Problem { path, message, extensions, places });
    }
}

/// A selection in the list of those that a leaf can't have.
fn shown(selection: &Selection) -> String {
    match selection {
        Selection::Field(field) => format!("\"{}\"", field.name),
        Selection::FragmentSpread(spread) => format!("\"{}\"", spread.fragment_name),
        Selection::InlineFragment(fragment) => fragment
            .type_condition
            .as_ref()
            .map_or_else(|| "\"... { ... }\"".to_owned(), |on| format!("\"... on {on} {{ ... }}\"")),
    }
}

//! A schema cut down to what a set of operations uses.
//!
//! The result is a valid schema in which all the operations are valid. Input types are kept whole, so that a document
//! may use what today's doesn't; of output types only the fields that are selected.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::ast::{Definition, DirectiveList, Document, FieldDefinition};
use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name, Node, Schema};

/// What of the schema is used.
struct Used<'schema> {
    schema: &'schema Schema,
    /// Fields by type, with the arguments that are given somewhere.
    fields: BTreeMap<Name, BTreeMap<Name, BTreeSet<Name>>>,
    types: BTreeSet<Name>,
}

/// Cuts `document`, the source of `schema`, down to what the operations use.
pub(crate) fn prune(
    document: &Document,
    schema: &Valid<Schema>,
    operations: &[Valid<ExecutableDocument>],
) -> Document {
    let mut used = Used { schema, fields: BTreeMap::new(), types: BTreeSet::new() };
    for operation in operations {
        used.document(operation);
    }
    used.close();
    let definitions = document.definitions.iter().filter_map(|definition| used.keep(definition)).collect();
    Document { sources: document.sources.clone(), definitions }
}

impl Used<'_> {
    fn document(&mut self, document: &ExecutableDocument) {
        for operation in document.operations.iter() {
            for variable in &operation.variables {
                self.touch(variable.ty.inner_named_type());
            }
            self.selections(&operation.selection_set);
        }
        for fragment in document.fragments.values() {
            self.selections(&fragment.selection_set);
        }
    }

    fn selections(&mut self, set: &SelectionSet) {
        self.touch(&set.ty);
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    if !field.name.starts_with("__") {
                        let given = field.arguments.iter().map(|argument| argument.name.clone());
                        self.field(&set.ty, &field.definition, &given.collect());
                    }
                    if !field.selection_set.is_empty() {
                        self.selections(&field.selection_set);
                    }
                }
                Selection::InlineFragment(inline) => self.selections(&inline.selection_set),
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn field(&mut self, of: &Name, definition: &FieldDefinition, given: &BTreeSet<Name>) {
        let arguments =
            self.fields.entry(of.clone()).or_default().entry(definition.name.clone()).or_default();
        arguments.extend(given.iter().cloned());
        self.touch(definition.ty.inner_named_type());
        for argument in &definition.arguments {
            if given.contains(&argument.name) {
                self.touch(argument.ty.inner_named_type());
            }
        }
    }

    fn touch(&mut self, name: &Name) {
        if !self.types.insert(name.clone()) {
            return;
        }
        match self.schema.types.get(name) {
            Some(ExtendedType::InputObject(input)) => {
                for field in input.fields.values() {
                    self.touch(field.ty.inner_named_type());
                }
            }
            Some(ExtendedType::Union(union)) => {
                for member in &union.members {
                    self.touch(&member.name);
                }
            }
            Some(
                ExtendedType::Object(_)
                | ExtendedType::Interface(_)
                | ExtendedType::Scalar(_)
                | ExtendedType::Enum(_),
            )
            | None => {}
        }
    }

    /// Adds what the kept types need to be valid, until nothing is missing.
    fn close(&mut self) {
        loop {
            let before = self.size();
            for name in self.types.clone() {
                let (fields, interfaces) = match self.schema.types.get(&name) {
                    Some(ExtendedType::Object(it)) => (&it.fields, &it.implements_interfaces),
                    Some(ExtendedType::Interface(it)) => (&it.fields, &it.implements_interfaces),
                    Some(
                        ExtendedType::Union(_)
                        | ExtendedType::InputObject(_)
                        | ExtendedType::Scalar(_)
                        | ExtendedType::Enum(_),
                    )
                    | None => continue,
                };
                // A type has the fields of its interfaces.
                for interface in interfaces {
                    if !self.types.contains(&interface.name) {
                        continue;
                    }
                    for (field, given) in self.fields.get(&interface.name).cloned().unwrap_or_default() {
                        if let Some(definition) = fields.get(&field) {
                            self.field(&name, definition, &given);
                        }
                    }
                }
                // A type has a field at all.
                if !self.fields.contains_key(&name) {
                    let plain = |definition: &FieldDefinition| {
                        let leaf = self.schema.types.get(definition.ty.inner_named_type());
                        definition.arguments.is_empty() && leaf.is_some_and(ExtendedType::is_leaf)
                    };
                    let some = fields
                        .get("id")
                        .or_else(|| fields.values().find(|definition| plain(definition)))
                        .or_else(|| fields.values().next());
                    if let Some(definition) = some {
                        self.field(&name, definition, &BTreeSet::new());
                    }
                }
            }
            if self.size() == before {
                return;
            }
        }
    }

    fn size(&self) -> (usize, usize) {
        let arguments = |fields: &BTreeMap<Name, BTreeSet<Name>>| {
            fields.values().map(|arguments| arguments.len().saturating_add(1)).sum::<usize>()
        };
        (self.types.len(), self.fields.values().map(arguments).sum())
    }

    fn keep(&self, definition: &Definition) -> Option<Definition> {
        let name = definition.name()?;
        if !self.types.contains(name) {
            return None;
        }
        let mut kept = definition.clone();
        match &mut kept {
            Definition::ObjectTypeDefinition(it) => {
                let it = it.make_mut();
                it.directives = plain(&it.directives);
                it.implements_interfaces.retain(|interface| self.types.contains(interface));
                self.retain(name, &mut it.fields);
            }
            Definition::InterfaceTypeDefinition(it) => {
                let it = it.make_mut();
                it.directives = plain(&it.directives);
                it.implements_interfaces.retain(|interface| self.types.contains(interface));
                self.retain(name, &mut it.fields);
            }
            Definition::UnionTypeDefinition(it) => {
                let it = it.make_mut();
                it.directives = plain(&it.directives);
            }
            Definition::ScalarTypeDefinition(it) => {
                let it = it.make_mut();
                it.directives = plain(&it.directives);
            }
            Definition::EnumTypeDefinition(it) => {
                let it = it.make_mut();
                it.directives = plain(&it.directives);
                for value in &mut it.values {
                    let value = value.make_mut();
                    value.directives = plain(&value.directives);
                }
            }
            Definition::InputObjectTypeDefinition(it) => {
                let it = it.make_mut();
                it.directives = plain(&it.directives);
                for field in &mut it.fields {
                    let field = field.make_mut();
                    field.directives = plain(&field.directives);
                }
            }
            Definition::OperationDefinition(_)
            | Definition::FragmentDefinition(_)
            | Definition::DirectiveDefinition(_)
            | Definition::SchemaDefinition(_)
            | Definition::SchemaExtension(_)
            | Definition::ScalarTypeExtension(_)
            | Definition::ObjectTypeExtension(_)
            | Definition::InterfaceTypeExtension(_)
            | Definition::UnionTypeExtension(_)
            | Definition::EnumTypeExtension(_)
            | Definition::InputObjectTypeExtension(_) => return None,
        }
        Some(kept)
    }

    fn retain(&self, of: &Name, fields: &mut Vec<Node<FieldDefinition>>) {
        let Some(used) = self.fields.get(of) else { return };
        fields.retain(|field| used.contains_key(&field.name));
        for field in fields {
            let field = field.make_mut();
            field.directives = plain(&field.directives);
            let given = used.get(&field.name);
            field.arguments.retain(|argument| given.is_some_and(|given| given.contains(&argument.name)));
            for argument in &mut field.arguments {
                let argument = argument.make_mut();
                argument.directives = plain(&argument.directives);
            }
        }
    }
}

/// Deprecations are what a client has to know; GitHub's own directives are for its documentation.
fn plain(directives: &DirectiveList) -> DirectiveList {
    DirectiveList(directives.0.iter().filter(|directive| directive.name == "deprecated").cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_stays_and_is_valid() {
        let sdl = "directive @docs on OBJECT
            interface Node { id: ID! extra: Int }
            type Query @docs { node(id: ID!, other: Int): Node unused: Int }
            type A implements Node { id: ID! extra: Int name(x: In): U }
            type B { far: B near: Int }
            union U = A | B
            input In { e: E }
            enum E { ONE TWO }
            type Gone { id: ID! }";
        let document = Document::parse(sdl, "s").unwrap();
        let schema = Schema::parse_and_validate(sdl, "s").unwrap();
        let query = "query Q($i: ID!, $x: In) { node(id: $i) { ... on A { name(x: $x) { __typename } } } }";
        let operation = ExecutableDocument::parse_and_validate(&schema, query, "q").unwrap();
        let pruned = prune(&document, &schema, &[operation]).serialize().no_indent().to_string();
        assert_eq!(
            pruned,
            "interface Node { id: ID! } type Query { node(id: ID!): Node } \
             type A implements Node { id: ID! name(x: In): U } type B { near: Int } \
             union U = A | B input In { e: E } enum E { ONE TWO }"
        );
        let schema = Schema::parse_and_validate(&pruned, "p").unwrap();
        ExecutableDocument::parse_and_validate(&schema, query, "q").unwrap();
    }
}

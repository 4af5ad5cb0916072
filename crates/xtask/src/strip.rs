//! A schema without its prose: descriptions and the reasons of deprecations.
//!
//! What is left is the interface: every type, field, argument and directive, in the order GitHub wrote them.

use apollo_compiler::Node;
use apollo_compiler::ast::{Definition, DirectiveList, Document, FieldDefinition, InputValueDefinition};

/// Drops all prose from a schema.
pub(crate) fn strip(document: &mut Document) {
    for definition in &mut document.definitions {
        match definition {
            Definition::DirectiveDefinition(it) => {
                let it = it.make_mut();
                it.description = None;
                values(&mut it.arguments);
            }
            Definition::SchemaDefinition(it) => it.make_mut().description = None,
            Definition::ScalarTypeDefinition(it) => {
                let it = it.make_mut();
                it.description = None;
                directives(&mut it.directives);
            }
            Definition::ObjectTypeDefinition(it) => {
                let it = it.make_mut();
                it.description = None;
                directives(&mut it.directives);
                fields(&mut it.fields);
            }
            Definition::InterfaceTypeDefinition(it) => {
                let it = it.make_mut();
                it.description = None;
                directives(&mut it.directives);
                fields(&mut it.fields);
            }
            Definition::UnionTypeDefinition(it) => {
                let it = it.make_mut();
                it.description = None;
                directives(&mut it.directives);
            }
            Definition::EnumTypeDefinition(it) => {
                let it = it.make_mut();
                it.description = None;
                directives(&mut it.directives);
                for value in &mut it.values {
                    let value = value.make_mut();
                    value.description = None;
                    directives(&mut value.directives);
                }
            }
            Definition::InputObjectTypeDefinition(it) => {
                let it = it.make_mut();
                it.description = None;
                directives(&mut it.directives);
                values(&mut it.fields);
            }
            // A schema holds no operations, and GitHub publishes no extensions.
            Definition::OperationDefinition(_)
            | Definition::FragmentDefinition(_)
            | Definition::SchemaExtension(_)
            | Definition::ScalarTypeExtension(_)
            | Definition::ObjectTypeExtension(_)
            | Definition::InterfaceTypeExtension(_)
            | Definition::UnionTypeExtension(_)
            | Definition::EnumTypeExtension(_)
            | Definition::InputObjectTypeExtension(_) => {}
        }
    }
}

fn fields(fields: &mut [Node<FieldDefinition>]) {
    for field in fields {
        let field = field.make_mut();
        field.description = None;
        directives(&mut field.directives);
        values(&mut field.arguments);
    }
}

fn values(values: &mut [Node<InputValueDefinition>]) {
    for value in values {
        let value = value.make_mut();
        value.description = None;
        directives(&mut value.directives);
    }
}

fn directives(directives: &mut DirectiveList) {
    for directive in &mut directives.0 {
        if directive.name == "deprecated" {
            directive.make_mut().arguments.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_goes_and_the_interface_stays() {
        let text = r#"
            "about" type Query { "field" a("argument" b: Int = 3): E @deprecated(reason: "old") }
            "enum" enum E { "value" A @deprecated(reason: "older") }
        "#;
        let mut document = Document::parse(text, "test.graphql").unwrap();
        strip(&mut document);
        let stripped = document.serialize().no_indent().to_string();
        assert_eq!(stripped, "type Query { a(b: Int = 3): E @deprecated } enum E { A @deprecated }");
    }
}

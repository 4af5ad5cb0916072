//! What is given to fields, directives and input objects.

use apollo_compiler::ast::{Argument, InputValueDefinition, Type, Value as Literal};
use apollo_compiler::parser::SourceSpan;
use apollo_compiler::schema::InputObjectType;
use apollo_compiler::{Name, Node};
use serde_json::json;

use super::super::literals;
use super::problem::Problem;
use super::walk::Walk;

/// Which arguments something takes.
#[derive(Clone, Copy)]
pub(super) enum Takes<'a> {
    These(&'a [Node<InputValueDefinition>]),
    Object(&'a InputObjectType),
    /// Nobody knows: what stands in the literal of a scalar.
    Anything,
}

impl<'a> Takes<'a> {
    fn get(self, name: &str) -> Option<&'a InputValueDefinition> {
        match self {
            Self::These(list) => list.iter().find(|one| one.name == name).map(|one| &**one),
            Self::Object(object) => object.fields.get(name).map(|one| &***one),
            Self::Anything => None,
        }
    }
}

/// What an argument is given to.
pub(super) struct Owner<'a> {
    /// graphql-ruby's name of such a thing.
    pub(super) kind: &'static str,
    /// Of a field its alias, of an input object its type.
    pub(super) name: &'a str,
    pub(super) span: Option<SourceSpan>,
    pub(super) takes: Takes<'a>,
}

impl<'a> Walk<'a> {
    /// graphql-ruby, `RequiredArgumentsArePresent`.
    pub(super) fn required_arguments(
        &mut self,
        kind: &str,
        name: &str,
        takes: &[Node<InputValueDefinition>],
        given: &[Node<Argument>],
        span: Option<SourceSpan>,
    ) {
        let missing: Vec<&str> = takes
            .iter()
            .filter(|one| one.is_required() && given.iter().all(|argument| argument.name != one.name))
            .map(|one| one.name.as_str())
            .collect();
        if missing.is_empty() {
            return;
        }
        let missing = missing.join(", ");
        let extensions = json!({
            "code": "missingRequiredArguments",
            "className": kind,
            "name": name,
            "arguments": missing,
        });
        self.object_to(format!("{kind} '{name}' is missing required arguments: {missing}"), extensions, span);
    }

    /// graphql-ruby, `ArgumentNamesAreUnique`.
    pub(super) fn unique_arguments(&mut self, given: &[Node<Argument>]) {
        for name in repeated(given.iter().map(|argument| &argument.name)) {
            self.object_to_all(
                format!("There can be only one argument named \"{name}\""),
                json!({ "code": "argumentNotUnique", "name": name.as_str() }),
                given.iter().filter(|argument| argument.name == *name).map(Node::location),
            );
        }
    }

    /// graphql-ruby, `ArgumentsAreDefined`, then what is inside, then `ArgumentLiteralsAreCompatible`. GitHub: recorded:
    /// an unknown argument is shown where it stands, a literal that doesn't fit where its owner begins.
    pub(super) fn argument(
        &mut self,
        owner: &Owner<'a>,
        name: &'a Name,
        span: Option<SourceSpan>,
        value: &'a Node<Literal>,
    ) {
        self.path.push(json!(name.as_str()));
        match owner.takes.get(name) {
            Some(definition) => {
                self.variables_fit(name, span, definition, value);
                self.inside(Some(&definition.ty), value);
                self.literal_fits(owner, name, &definition.ty, value);
            }
            None if matches!(owner.takes, Takes::Anything) => self.inside(None, value),
            None => {
                let extensions = json!({
                    "code": "argumentNotAccepted",
                    "name": owner.name,
                    "typeName": owner.kind,
                    "argumentName": name.as_str(),
                });
                let message = format!("{} '{}' doesn't accept argument '{name}'", owner.kind, owner.name);
                self.object_to(message, extensions, span);
            }
        }
        self.path.pop();
    }

    /// An argument inside which something was objected to is not objected to again.
    fn literal_fits(&mut self, owner: &Owner<'_>, name: &Name, ty: &Type, value: &Node<Literal>) {
        let is_said = self.problems.iter().any(|problem| problem.path.starts_with(&self.path));
        if value.as_variable().is_some()
            || is_said
            || literals::validate(&self.github.schema, ty, value).is_ok()
        {
            return;
        }
        let message = format!(
            "Argument '{name}' on {} '{}' has an invalid value ({}). Expected type '{ty}'.",
            owner.kind,
            owner.name,
            literals::printed(value)
        );
        let extensions = json!({
            "code": "argumentLiteralsIncompatible",
            "typeName": owner.kind,
            "argumentName": name.as_str(),
        });
        self.object_to(message, extensions, owner.span);
    }

    /// Variables and input objects in a literal. graphql-ruby, `Nodes::Argument#children`: lists are flat and hold only
    /// what is no plain value.
    fn inside(&mut self, ty: Option<&'a Type>, value: &'a Node<Literal>) {
        let mut found = Vec::new();
        flatten(value, &mut found);
        for (index, node) in found.into_iter().enumerate() {
            if let Some(name) = node.as_variable() {
                let place = self.place(node.location());
                self.uses.use_variable(name, place, &self.path);
            } else if let Some(fields) = node.as_object() {
                // GitHub: recorded: a path has the place in the list.
                let in_list = ty.is_some_and(Type::is_list);
                if in_list {
                    self.path.push(json!(index));
                }
                self.object(ty, fields, node.location());
                if in_list {
                    self.path.pop();
                }
            }
        }
    }

    fn object(
        &mut self,
        ty: Option<&'a Type>,
        fields: &'a [(Name, Node<Literal>)],
        span: Option<SourceSpan>,
    ) {
        let schema = &self.github.schema;
        let object = ty.and_then(|ty| schema.get_input_object(ty.inner_named_type())).map(|object| &**object);
        if let Some(object) = object {
            self.required_fields(object, fields, span);
        }
        self.unique_fields(fields);
        let owner = Owner {
            kind: "InputObject",
            name: object.map_or("", |object| object.name.as_str()),
            span,
            takes: object.map_or(Takes::Anything, Takes::Object),
        };
        for (name, value) in fields {
            self.argument(&owner, name, name.location(), value);
        }
    }

    /// graphql-ruby, `RequiredInputObjectAttributesArePresent`.
    fn required_fields(
        &mut self,
        object: &InputObjectType,
        given: &[(Name, Node<Literal>)],
        span: Option<SourceSpan>,
    ) {
        for (name, definition) in &object.fields {
            if !definition.is_required() || given.iter().any(|(given, _)| given == name) {
                continue;
            }
            let (ty, on) = (definition.ty.to_string(), &object.name);
            let mut path = self.path.clone();
            path.push(json!(name.as_str()));
            self.problems.push(Problem {
                path,
                message: format!("Argument '{name}' on InputObject '{on}' is required. Expected type {ty}"),
                extensions: json!({
                    "code": "missingRequiredInputObjectAttribute",
                    "argumentName": name.as_str(),
                    "argumentType": ty,
                    "inputObjectType": on.as_str(),
                }),
                places: self.place(span).into_iter().collect(),
            });
        }
    }

    /// graphql-ruby, `InputObjectNamesAreUnique`.
    fn unique_fields(&mut self, given: &[(Name, Node<Literal>)]) {
        for name in repeated(given.iter().map(|(name, _)| name)) {
            self.object_to_all(
                format!("There can be only one input field named \"{name}\""),
                json!({ "code": "inputFieldNotUnique", "name": name.as_str() }),
                given.iter().filter(|(given, _)| given == name).map(|(given, _)| given.location()),
            );
        }
    }

    /// graphql-ruby, `VariableUsagesAreAllowed`: of a variable, or of those that stand in a list.
    fn variables_fit(
        &mut self,
        argument: &Name,
        span: Option<SourceSpan>,
        definition: &InputValueDefinition,
        value: &Node<Literal>,
    ) {
        let wanted = &*definition.ty;
        let values = value.as_list().unwrap_or(std::slice::from_ref(value));
        for name in values.iter().filter_map(|value| value.as_variable()) {
            let Some(variable) = self.declared.get(name.as_str()) else { continue };
            if !self.github.schema.types.contains_key(variable.ty.inner_named_type()) {
                continue;
            }
            let mut ty = (*variable.ty).clone();
            if variable.default_value.is_some() {
                ty = ty.non_null();
            }
            for _ in 0..depth(value) {
                ty = ty.list().non_null();
            }
            let what = if ty.inner_named_type() != wanted.inner_named_type() {
                "Type mismatch"
            } else if dimensions(&ty) != dimensions(wanted) {
                "List dimension mismatch"
            } else if !nullability_fits(wanted, &ty) {
                "Nullability mismatch"
            } else {
                continue;
            };
            let extensions = json!({
                "code": "variableMismatch",
                "variableName": name.as_str(),
                "typeName": ty.to_string(),
                "argumentName": argument.as_str(),
                "errorMessage": what,
            });
            let message = format!("{what} on variable ${name} and argument {argument} ({ty} / {wanted})");
            self.object_to(message, extensions, span);
        }
    }
}

/// Names that stand there more than once, each once.
fn repeated<'n>(names: impl Iterator<Item = &'n Name>) -> Vec<&'n Name> {
    let names: Vec<&Name> = names.collect();
    let mut found = Vec::new();
    for name in &names {
        if !found.contains(name) && names.iter().filter(|other| *other == name).count() > 1 {
            found.push(*name);
        }
    }
    found
}

fn flatten<'v>(value: &'v Node<Literal>, into: &mut Vec<&'v Node<Literal>>) {
    match &**value {
        Literal::List(list) => {
            for element in list {
                flatten(element, into);
            }
        }
        Literal::Object(_) | Literal::Variable(_) | Literal::Enum(_) | Literal::Null => into.push(value),
        Literal::String(_) | Literal::Float(_) | Literal::Int(_) | Literal::Boolean(_) => {}
    }
}

/// How many lists a literal is deep.
fn depth(value: &Literal) -> usize {
    value.as_list().map_or(0, |list| 1 + list.iter().map(|element| depth(element)).max().unwrap_or(0))
}

fn dimensions(ty: &Type) -> usize {
    match ty {
        Type::Named(_) | Type::NonNullNamed(_) => 0,
        Type::List(inner) | Type::NonNullList(inner) => 1 + dimensions(inner),
    }
}

fn nullability_fits(wanted: &Type, given: &Type) -> bool {
    if wanted.is_non_null() && !given.is_non_null() {
        return false;
    }
    match (wanted, given) {
        (Type::List(wanted) | Type::NonNullList(wanted), Type::List(given) | Type::NonNullList(given)) => {
            nullability_fits(wanted, given)
        }
        _ => true,
    }
}

//! Which fragments are defined, spread and spread in themselves.
//!
//! graphql-ruby, `DefinitionDependencies`, `FragmentsAreUsed` and `FragmentsAreFinite`: a fragment that only an unused
//! fragment spreads counts as used, and unused ones are named from the last to the first.

use std::collections::BTreeSet;

use apollo_compiler::Node;
use apollo_compiler::ast::{Document, FragmentDefinition, FragmentSpread};
use serde_json::{Value, json};

use super::problem::Problem;

/// What an operation or a fragment spreads.
#[derive(Debug)]
struct Scope<'a> {
    /// Nothing for an operation.
    fragment: Option<&'a Node<FragmentDefinition>>,
    /// What is not resolved yet.
    spreads: Vec<(&'a Node<FragmentSpread>, Vec<Value>)>,
}

#[derive(Debug, Default)]
pub(super) struct Spreads<'a> {
    defined: Vec<&'a Node<FragmentDefinition>>,
    scopes: Vec<Scope<'a>>,
}

impl<'a> Spreads<'a> {
    pub(super) fn define(&mut self, fragment: &'a Node<FragmentDefinition>) {
        self.defined.push(fragment);
    }

    pub(super) fn enter(&mut self, fragment: Option<&'a Node<FragmentDefinition>>) {
        self.scopes.push(Scope { fragment, spreads: Vec::new() });
    }

    pub(super) fn spread(&mut self, spread: &'a Node<FragmentSpread>, path: &[Value]) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.spreads.push((spread, path.to_vec()));
        }
    }

    pub(super) fn report(&mut self, tree: &Document, problems: &mut Vec<Problem>) {
        let unused = self.resolve();
        let object_to = |message: String, extensions: Value, path: Vec<Value>, place| Problem {
            path,
            message,
            extensions,
            places: Option::into_iter(place).collect(),
        };
        let begin = |fragment: &Node<FragmentDefinition>| fragment.location()?.line_column(&tree.sources);
        let defined: BTreeSet<&str> = self.defined.iter().map(|fragment| fragment.name.as_str()).collect();
        for scope in &mut self.scopes {
            for (spread, path) in &scope.spreads {
                let name = spread.fragment_name.as_str();
                if !defined.contains(name) {
                    let place = spread.location().and_then(|span| span.line_column(&tree.sources));
                    let message = format!("Fragment {name} was used, but not defined");
                    let extensions = json!({ "code": "useAndDefineFragment", "fragmentName": name });
                    problems.push(object_to(message, extensions, path.clone(), place));
                }
            }
            scope.spreads.retain(|(spread, _)| defined.contains(spread.fragment_name.as_str()));
        }
        for fragment in unused {
            let name = fragment.name.as_str();
            let message = format!("Fragment {name} was defined, but not used");
            let extensions = json!({ "code": "useAndDefineFragment", "fragmentName": name });
            let path = vec![json!(format!("fragment {name}"))];
            problems.push(object_to(message, extensions, path, begin(fragment)));
        }
        for scope in self.scopes.iter().filter(|scope| !scope.spreads.is_empty()) {
            if let Some(fragment) = scope.fragment {
                let name = fragment.name.as_str();
                let message = format!("Fragment {name} contains an infinite loop");
                let extensions = json!({ "code": "infiniteLoop", "fragmentName": name });
                let path = vec![json!(format!("fragment {name}"))];
                problems.push(object_to(message, extensions, path, begin(fragment)));
            }
        }
    }

    /// Takes away every spread that leads to an end, and finds the fragments that nothing spreads.
    fn resolve(&mut self) -> Vec<&'a Node<FragmentDefinition>> {
        let spread: BTreeSet<&str> = self.all().map(|spread| spread.fragment_name.as_str()).collect();
        let visited = |fragment: &Node<FragmentDefinition>, scopes: &[Scope<'a>]| {
            scopes.iter().any(|scope| scope.fragment.is_some_and(|one| one.ptr_eq(fragment)))
        };
        let spreads_something = |fragment: &Node<FragmentDefinition>, scopes: &[Scope<'a>]| {
            scopes.iter().any(|scope| {
                !scope.spreads.is_empty() && scope.fragment.is_some_and(|one| one.ptr_eq(fragment))
            })
        };
        let mut open: Vec<&'a Node<FragmentDefinition>> = self
            .defined
            .iter()
            .copied()
            .filter(|fragment| !spreads_something(fragment, &self.scopes))
            .collect();
        let mut done = BTreeSet::new();
        let mut unused = Vec::new();
        while let Some(fragment) = open.pop() {
            let name = fragment.name.as_str();
            if !done.insert(name) {
                continue;
            }
            if !spread.contains(name) {
                // What stands on an unknown type was never entered, and is not called unused on top.
                if visited(fragment, &self.scopes) {
                    unused.push(fragment);
                }
                continue;
            }
            for scope in &mut self.scopes {
                let before = scope.spreads.len();
                scope.spreads.retain(|(spread, _)| spread.fragment_name != name);
                let is_resolved = before > 0 && scope.spreads.is_empty();
                if let Some(resolved) = scope.fragment
                    && is_resolved
                    && resolved.name != name
                {
                    open.push(resolved);
                }
            }
        }
        unused
    }

    fn all(&self) -> impl Iterator<Item = &'a Node<FragmentSpread>> {
        self.scopes.iter().flat_map(|scope| scope.spreads.iter().map(|(spread, _)| *spread))
    }
}

//! Which variables are declared and which are used, fragments included.
//!
//! graphql-ruby, `VariablesAreUsedAndDefined`: decided when the whole document has been seen; the last use of a variable
//! is the one that is shown. GitHub: recorded: `Variable $i is declared by anonymous query but not used`, at the
//! operation.

use std::collections::BTreeSet;

use apollo_compiler::parser::LineColumn;
use serde_json::{Value, json};

use super::problem::Problem;

#[derive(Clone, Debug)]
struct Use {
    by: String,
    place: Option<LineColumn>,
    path: Vec<Value>,
}

#[derive(Clone, Debug)]
struct Known<'a> {
    name: &'a str,
    /// The path of the operation that declares it.
    declared: Option<Vec<Value>>,
    used: Option<Use>,
}

/// An operation or a fragment.
#[derive(Debug, Default)]
struct Scope<'a> {
    /// What it is called in a sentence.
    by: String,
    /// A fragment's name.
    fragment: Option<&'a str>,
    place: Option<LineColumn>,
    known: Vec<Known<'a>>,
    spreads: Vec<&'a str>,
}

impl<'a> Scope<'a> {
    fn known(&mut self, name: &'a str) -> Option<&mut Known<'a>> {
        if self.known.iter().all(|known| known.name != name) {
            self.known.push(Known { name, declared: None, used: None });
        }
        self.known.iter_mut().find(|known| known.name == name)
    }
}

#[derive(Debug, Default)]
pub(super) struct Uses<'a> {
    scopes: Vec<Scope<'a>>,
}

impl<'a> Uses<'a> {
    pub(super) fn enter_operation(&mut self, by: String, place: Option<LineColumn>) {
        self.scopes.push(Scope { by, place, ..Scope::default() });
    }

    pub(super) fn enter_fragment(&mut self, name: &'a str) {
        self.scopes.push(Scope { by: name.to_owned(), fragment: Some(name), ..Scope::default() });
    }

    pub(super) fn declare(&mut self, name: &'a str, path: &[Value]) {
        if let Some(known) = self.scopes.last_mut().and_then(|scope| scope.known(name)) {
            known.declared = Some(path.to_vec());
        }
    }

    pub(super) fn use_variable(&mut self, name: &'a str, place: Option<LineColumn>, path: &[Value]) {
        let Some(scope) = self.scopes.last_mut() else { return };
        let by = scope.by.clone();
        if let Some(known) = scope.known(name) {
            known.used = Some(Use { by, place, path: path.to_vec() });
        }
    }

    pub(super) fn spread(&mut self, name: &'a str) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.spreads.push(name);
        }
    }

    pub(super) fn report(&self, problems: &mut Vec<Problem>) {
        for operation in self.scopes.iter().filter(|scope| scope.fragment.is_none()) {
            let mut all = Scope { known: operation.known.clone(), ..Scope::default() };
            self.follow(operation, &mut all);
            for known in &all.known {
                if let (Some(path), None) = (&known.declared, &known.used) {
                    problems.push(Problem {
                        path: path.clone(),
                        message: format!(
                            "Variable ${} is declared by {} but not used",
                            known.name, operation.by
                        ),
                        extensions: json!({ "code": "variableNotUsed", "variableName": known.name }),
                        places: operation.place.into_iter().collect(),
                    });
                }
            }
            for known in &all.known {
                if let (None, Some(used)) = (&known.declared, &known.used) {
                    problems.push(Problem {
                        path: used.path.clone(),
                        message: format!("Variable ${} is used by {} but not declared", known.name, used.by),
                        extensions: json!({ "code": "variableNotDefined", "variableName": known.name }),
                        places: used.place.into_iter().collect(),
                    });
                }
            }
        }
    }

    /// Adds what the fragments use that an operation spreads.
    fn follow(&self, operation: &Scope<'a>, all: &mut Scope<'a>) {
        let mut visited = BTreeSet::new();
        let mut open: Vec<&'a str> = operation.spreads.iter().rev().copied().collect();
        while let Some(name) = open.pop() {
            if !visited.insert(name) {
                continue;
            }
            let Some(fragment) = self.scopes.iter().find(|scope| scope.fragment == Some(name)) else {
                continue;
            };
            for inner in &fragment.known {
                if let Some(known) = all.known(inner.name)
                    && inner.used.is_some()
                {
                    known.used.clone_from(&inner.used);
                }
            }
            open.extend(fragment.spreads.iter().rev());
        }
    }
}

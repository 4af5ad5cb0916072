//! Fields that stand under one name in the answer and ask for different things.
//!
//! graphql-ruby, `FieldsWillMerge`: what is compared with what, and what is taken to be mutually exclusive, follows
//! that rule with its peculiarities (a fragment is compared with fields once a document). Fields of different types are
//! left alone, see `CONFLICTING_TYPES`.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::Node;
use apollo_compiler::ast::{Document, Field, FragmentDefinition, Selection};
use apollo_compiler::collections::IndexMap;
use apollo_compiler::parser::LineColumn;
use serde_json::{Map, Value, json};

use super::super::literals;
use super::super::schema::GitHub;
use super::problem::Problem;

/// How many pairs of fields and fragments are compared. A bound of this program: no document of any use comes near it.
const COMPARISONS: usize = 100_000;
/// How deep comparisons lead to others, so that no document exhausts the stack. A bound of this program too.
const DEPTH: usize = 100;

type Parents<'a> = Vec<&'a str>;

#[derive(Clone, Debug)]
struct Asked<'a> {
    node: &'a Node<Field>,
    /// The type that it returns, nothing for a field that isn't there.
    returns: Option<&'a str>,
    parents: Parents<'a>,
}

#[derive(Clone, Debug)]
struct Spread<'a> {
    name: &'a str,
    parents: Parents<'a>,
}

#[derive(Debug, Default)]
struct Collected<'a> {
    fields: IndexMap<&'a str, Vec<Asked<'a>>>,
    spreads: Vec<Spread<'a>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Field,
    Argument,
}

#[derive(Debug)]
struct Conflict<'a> {
    kind: Kind,
    name: &'a str,
    places: Vec<LineColumn>,
    asked: Vec<String>,
}

pub(super) struct Merge<'a> {
    github: &'a GitHub,
    tree: &'a Document,
    fragments: BTreeMap<&'a str, &'a Node<FragmentDefinition>>,
    visited: BTreeSet<&'a str>,
    compared: BTreeSet<(&'a str, &'a str, bool)>,
    comparisons: usize,
    depth: usize,
    conflicts: Vec<Conflict<'a>>,
}

impl<'a> Merge<'a> {
    pub(super) fn new(github: &'a GitHub, tree: &'a Document) -> Self {
        let fragments = tree.definitions.iter().filter_map(|one| one.as_fragment_definition());
        Self {
            github,
            tree,
            fragments: fragments.map(|fragment| (fragment.name.as_str(), fragment)).collect(),
            visited: BTreeSet::new(),
            compared: BTreeSet::new(),
            comparisons: 0,
            depth: 0,
            conflicts: Vec::new(),
        }
    }

    /// The conflicts within the selections of an operation or a field.
    pub(super) fn within(&mut self, set: &'a [Selection], on: &'a str, problems: &mut Vec<Problem>) {
        let here = self.collect(set, on, &[]);
        for (key, fields) in &here.fields {
            for (place, one) in fields.iter().enumerate() {
                for other in fields.iter().skip(place + 1) {
                    self.compare(key, one, other, false);
                }
            }
        }
        for (place, spread) in here.spreads.iter().enumerate() {
            let exclusive = self.are_exclusive(&spread.parents, &[on]);
            self.fields_and_fragment(spread, &here.fields, exclusive);
            for other in here.spreads.iter().skip(place + 1) {
                let exclusive = self.are_exclusive(&spread.parents, &other.parents);
                self.fragments(spread, other, exclusive);
            }
        }
        self.report(problems);
    }

    fn report(&mut self, problems: &mut Vec<Problem>) {
        let conflicts = std::mem::take(&mut self.conflicts);
        let first = conflicts.first().map(|conflict| conflict.kind);
        let (before, after): (Vec<_>, Vec<_>) =
            conflicts.into_iter().partition(|conflict| Some(conflict.kind) == first);
        for conflict in before.into_iter().chain(after) {
            let (name, asked) = (conflict.name, conflict.asked.join(" or "));
            let what = match conflict.kind {
                Kind::Field => "a field",
                Kind::Argument => "an argument",
            };
            problems.push(Problem {
                path: Vec::new(),
                message: format!("Field '{name}' has {what} conflict: {asked}?"),
                extensions: json!({ "code": "fieldConflict", "fieldName": name, "conflicts": asked }),
                places: conflict.places,
            });
        }
    }

    fn collect(&self, set: &'a [Selection], on: &'a str, parents: &[&'a str]) -> Collected<'a> {
        let mut collected = Collected::default();
        self.add(set, on, parents, &mut collected);
        collected
    }

    fn add(&self, set: &'a [Selection], on: &'a str, parents: &[&'a str], into: &mut Collected<'a>) {
        for selection in set {
            match selection {
                Selection::Field(node) => {
                    let definition = self.github.schema.type_field(on, &node.name).ok();
                    let returns = definition.map(|definition| definition.ty.inner_named_type().as_str());
                    let asked = Asked { node, returns, parents: parents.to_vec() };
                    into.fields.entry(node.response_name().as_str()).or_default().push(asked);
                }
                Selection::InlineFragment(fragment) => {
                    let on = fragment.type_condition.as_ref().map_or(on, |on| on.as_str());
                    if self.github.schema.types.contains_key(on) {
                        let parents: Parents<'a> = parents.iter().copied().chain([on]).collect();
                        self.add(&fragment.selection_set, on, &parents, into);
                    }
                }
                Selection::FragmentSpread(spread) => {
                    into.spreads.push(Spread { name: &spread.fragment_name, parents: parents.to_vec() });
                }
            }
        }
    }

    /// What a fragment selects, if it is there and stands on a type.
    fn of_fragment(&self, spread: &Spread<'a>) -> Option<Collected<'a>> {
        let fragment = *self.fragments.get(spread.name)?;
        let on = fragment.type_condition.as_str();
        self.github.schema.types.get(on)?;
        let parents: Parents<'a> = spread.parents.iter().copied().chain([on]).collect();
        Some(self.collect(&fragment.selection_set, on, &parents))
    }

    fn fragments(&mut self, one: &Spread<'a>, other: &Spread<'a>, exclusive: bool) {
        let key = (one.name.min(other.name), one.name.max(other.name), exclusive);
        if one.name == other.name || !self.compared.insert(key) || !self.may_go_on() {
            return;
        }
        let (Some(mine), Some(theirs)) = (self.of_fragment(one), self.of_fragment(other)) else { return };
        self.depth += 1;
        self.between(&mine.fields, &theirs.fields, exclusive);
        for spread in &theirs.spreads {
            self.fragments(one, spread, exclusive);
        }
        for spread in &mine.spreads {
            self.fragments(other, spread, exclusive);
        }
        self.depth -= 1;
    }

    fn fields_and_fragment(
        &mut self,
        spread: &Spread<'a>,
        fields: &IndexMap<&'a str, Vec<Asked<'a>>>,
        exclusive: bool,
    ) {
        if !self.visited.insert(spread.name) || !self.may_go_on() {
            return;
        }
        let Some(theirs) = self.of_fragment(spread) else { return };
        self.depth += 1;
        self.between(fields, &theirs.fields, exclusive);
        for spread in &theirs.spreads {
            self.fields_and_fragment(spread, fields, exclusive);
        }
        self.depth -= 1;
    }

    fn between(
        &mut self,
        mine: &IndexMap<&'a str, Vec<Asked<'a>>>,
        theirs: &IndexMap<&'a str, Vec<Asked<'a>>>,
        exclusive: bool,
    ) {
        for (key, fields) in mine {
            for one in fields {
                for other in theirs.get(key).into_iter().flatten() {
                    self.compare(key, one, other, exclusive);
                }
            }
        }
    }

    fn compare(&mut self, key: &'a str, one: &Asked<'a>, other: &Asked<'a>, exclusive: bool) {
        let (Some(mine), Some(theirs)) = (one.returns, other.returns) else { return };
        if !self.may_go_on() {
            return;
        }
        let exclusive = exclusive || self.are_exclusive(&one.parents, &other.parents);
        if !exclusive {
            if one.node.name != other.node.name {
                let named = |asked: &Asked<'_>| asked.node.name.to_string();
                self.conflict(Kind::Field, key, [(one, named(one)), (other, named(other))]);
            }
            if !same_arguments(one.node, other.node) {
                self.conflict(
                    Kind::Argument,
                    key,
                    [(one, arguments(one.node)), (other, arguments(other.node))],
                );
            }
        }
        if one.node.selection_set.is_empty() && other.node.selection_set.is_empty() {
            return;
        }
        self.depth += 1;
        let mine = self.collect(&one.node.selection_set, mine, &[mine]);
        let theirs = self.collect(&other.node.selection_set, theirs, &[theirs]);
        self.between(&mine.fields, &theirs.fields, exclusive);
        for spread in &theirs.spreads {
            self.fields_and_fragment(spread, &mine.fields, exclusive);
        }
        for spread in &mine.spreads {
            self.fields_and_fragment(spread, &theirs.fields, exclusive);
        }
        for mine in &mine.spreads {
            for theirs in &theirs.spreads {
                self.fragments(mine, theirs, exclusive);
            }
        }
        self.depth -= 1;
    }

    /// Counts a comparison; false where there were enough of them.
    fn may_go_on(&mut self) -> bool {
        self.comparisons += 1;
        self.comparisons <= COMPARISONS && self.depth < DEPTH
    }

    fn conflict(&mut self, kind: Kind, name: &'a str, sides: [(&Asked<'a>, String); 2]) {
        let place = |asked: &Asked<'_>| asked.node.location()?.line_column(&self.tree.sources);
        let sides = sides.map(|(asked, text)| (place(asked), text));
        if !self.conflicts.iter().any(|conflict| conflict.kind == kind && conflict.name == name) {
            self.conflicts.push(Conflict { kind, name, places: Vec::new(), asked: Vec::new() });
        }
        let known = self.conflicts.iter_mut().find(|it| it.kind == kind && it.name == name);
        let Some(conflict) = known else { return };
        for (place, text) in sides {
            let Some(place) = place else { continue };
            let is_there = |known: &LineColumn| (known.line, known.column) == (place.line, place.column);
            if !conflict.places.iter().any(is_there) {
                conflict.places.push(place);
                conflict.asked.push(text);
            }
        }
    }

    /// Whether nothing can be in both scopes. Of scopes of different depth graphql-ruby takes that for granted.
    fn are_exclusive(&self, one: &[&str], other: &[&str]) -> bool {
        if one.is_empty() || other.is_empty() {
            return false;
        }
        one.len() != other.len()
            || one.iter().zip(other).any(|(one, other)| one != other && !self.github.overlap(one, other))
    }
}

fn same_arguments(one: &Field, other: &Field) -> bool {
    one.arguments.len() == other.arguments.len()
        && one.arguments.iter().all(|argument| {
            let same = other.arguments.iter().find(|same| same.name == argument.name);
            same.is_some_and(|same| literals::printed(&same.value) == literals::printed(&argument.value))
        })
}

/// graphql-ruby, `Language.serialize`: names bare, each value's text in quotes.
fn arguments(field: &Field) -> String {
    let mut values = Map::new();
    for argument in &field.arguments {
        values.insert(argument.name.to_string(), Value::String(literals::printed(&argument.value)));
    }
    let shown: Vec<String> = values.iter().map(|(name, value)| format!("{name}:{value}")).collect();
    format!("{{{}}}", shown.join(","))
}

//! What a request costs, and whether it may run at all.
//!
//! GitHub: docs "Rate limits and query limits for the GraphQL API". Every connection needs `first` or `last` between 1
//! and 100, a request may reach 500,000 nodes, and the price follows the page sizes that were asked for.

use std::collections::BTreeSet;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::ast::Value as Literal;
use apollo_compiler::executable::{Field, Operation, OperationType, Selection, SelectionSet};
use apollo_compiler::response::{JsonMap, JsonValue};
use apollo_compiler::validation::Valid;
use serde_json::{Value, json};

use super::errors::{field_start, locations};
use crate::world::RefusalKind;

const PAGE_LIMIT: i64 = 100;
const NODE_LIMIT: u64 = 500_000;
/// Selections that a request may come to with its fragments written out. GitHub's own bound is not known; documents
/// of fragments that double each other end here.
const SELECTION_LIMIT: u64 = 200_000;

/// The price of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cost {
    /// Points.
    pub(crate) points: u32,
    /// Whether it only asks for its price.
    pub(crate) dry_run: bool,
    /// The most nodes it may reach.
    pub(crate) nodes: u64,
}

/// The price, or the refusal as a whole answer.
pub(super) fn measure(
    document: &Valid<ExecutableDocument>,
    operation: &Operation,
    variables: &Valid<JsonMap>,
) -> Result<Cost, Value> {
    let mut meter = Meter {
        document,
        variables,
        requests: 0,
        nodes: 0,
        selections: 0,
        dry_run: false,
        path: Vec::new(),
        errors: Vec::new(),
    };
    meter.walk(&operation.selection_set, 1, &mut BTreeSet::new());
    if meter.selections > SELECTION_LIMIT {
        let message = "Query has too many selections with its fragments written out.";
        let kind = RefusalKind::MaxNodeLimitExceeded.as_str();
        return Err(json!({ "errors": [{ "type": kind, "message": message }] }));
    }
    if !meter.errors.is_empty() {
        return Err(json!({ "errors": meter.errors }));
    }
    if meter.nodes > NODE_LIMIT {
        let message = format!(
            "This query requests up to {} possible nodes which exceeds the maximum limit of 500,000.",
            grouped(meter.nodes)
        );
        let kind = RefusalKind::MaxNodeLimitExceeded.as_str();
        return Err(json!({ "errors": [{ "type": kind, "message": message }] }));
    }
    // GitHub: 144 requests cost 1 and 150 cost 2 (observed), so a half is rounded up. A mutation costs 1 (inferred).
    let points = match operation.operation_type {
        OperationType::Mutation => 1,
        OperationType::Query | OperationType::Subscription => {
            u32::try_from((meter.requests.saturating_add(50) / 100).max(1)).unwrap_or(u32::MAX)
        }
    };
    Ok(Cost { points, dry_run: meter.dry_run, nodes: meter.nodes })
}

struct Meter<'a> {
    document: &'a Valid<ExecutableDocument>,
    variables: &'a Valid<JsonMap>,
    requests: u64,
    nodes: u64,
    selections: u64,
    dry_run: bool,
    path: Vec<String>,
    errors: Vec<Value>,
}

impl<'a> Meter<'a> {
    /// Counts what is selected. A fragment that is spread again in the same place selects nothing more.
    fn walk(&mut self, set: &'a SelectionSet, times: u64, spread_here: &mut BTreeSet<&'a str>) {
        for selection in &set.selections {
            self.selections += 1;
            if self.selections > SELECTION_LIMIT {
                return;
            }
            match selection {
                Selection::Field(field) => {
                    self.path.push(field.response_key().to_string());
                    let times = self.field(field, times);
                    self.walk(&field.selection_set, times, &mut BTreeSet::new());
                    self.path.pop();
                }
                Selection::InlineFragment(fragment) => {
                    self.walk(&fragment.selection_set, times, spread_here);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.fragment_name)
                        && spread_here.insert(spread.fragment_name.as_str())
                    {
                        self.walk(&fragment.selection_set, times, spread_here);
                    }
                }
            }
        }
    }

    /// Counts a field; gives how many times its parts are reached.
    fn field(&mut self, field: &'a Field, times: u64) -> u64 {
        if field.name == "nodes"
            && let Some(ids) = field.arguments.iter().find(|argument| argument.name == "ids")
        {
            let count = match (ids.value.as_list(), self.variable(&ids.value)) {
                (Some(list), _) => list.len(),
                (None, Some(list)) => list.as_array().map_or(1, Vec::len),
                (None, None) => 1,
            };
            return times.saturating_mul(u64::try_from(count).unwrap_or(u64::MAX));
        }
        if self.path.len() == 1 && field.name == "rateLimit" {
            self.dry_run |= self.flag(field, "dryRun");
        }
        let is_connection = field.definition.ty.inner_named_type().ends_with("Connection")
            && field.definition.argument_by_name("first").is_some();
        if !is_connection {
            return times;
        }
        let (first, last) = (self.bound(field, "first"), self.bound(field, "last"));
        let count = match (first, last) {
            (Some(_), Some(_)) => {
                let message = format!(
                    "Passing both `first` and `last` to paginate the `{}` connection is not supported.",
                    field.name
                );
                return self.refuse(field, RefusalKind::ArgumentError, &message);
            }
            (None, None) => {
                // GitHub: a connection asked for nothing but its count needs no bounds (common in public clients).
                if self.counts_only(&field.selection_set) {
                    return times;
                }
                let message = format!(
                    "You must provide a `first` or `last` value to properly paginate the `{}` connection.",
                    field.name
                );
                return self.refuse(field, RefusalKind::MissingPaginationBoundaries, &message);
            }
            (Some(count), None) => ("first", count),
            (None, Some(count)) => ("last", count),
        };
        let (bound, count) = count;
        if count > PAGE_LIMIT {
            let message = format!(
                "Requesting {count} records on the `{}` connection exceeds the `{bound}` limit of 100 records.",
                field.name
            );
            return self.refuse(field, RefusalKind::ExcessivePagination, &message);
        }
        // A page of nothing is one: `gh project` asks for it wherever it only wants the count.
        if count < 0 {
            // The type is a guess.
            let message = format!("`{bound}` on the `{}` connection cannot be less than zero.", field.name);
            return self.refuse(field, RefusalKind::ArgumentError, &message);
        }
        let reached = times.saturating_mul(u64::try_from(count).unwrap_or(0));
        self.requests = self.requests.saturating_add(times);
        self.nodes = self.nodes.saturating_add(reached);
        reached
    }

    fn bound(&self, field: &Field, name: &str) -> Option<i64> {
        let argument = field.arguments.iter().find(|argument| argument.name == name)?;
        match self.variable(&argument.value) {
            Some(value) => value.as_i64(),
            None => argument.value.to_i32().map(i64::from),
        }
    }

    fn flag(&self, field: &Field, name: &str) -> bool {
        let argument = field.arguments.iter().find(|argument| argument.name == name);
        argument.is_some_and(|argument| match self.variable(&argument.value) {
            Some(value) => value.as_bool().unwrap_or(false),
            None => argument.value.to_bool().unwrap_or(false),
        })
    }

    /// The value of a variable, if that is what the literal names.
    fn variable(&self, literal: &Literal) -> Option<&'a JsonValue> {
        self.variables.get(literal.as_variable()?.as_str())
    }

    fn counts_only(&self, set: &SelectionSet) -> bool {
        set.selections.iter().all(|selection| match selection {
            Selection::Field(field) => !matches!(field.name.as_str(), "nodes" | "edges" | "pageInfo"),
            Selection::InlineFragment(fragment) => self.counts_only(&fragment.selection_set),
            Selection::FragmentSpread(spread) => self
                .document
                .fragments
                .get(&spread.fragment_name)
                .is_none_or(|fragment| self.counts_only(&fragment.selection_set)),
        })
    }

    fn refuse(&mut self, field: &Field, kind: RefusalKind, message: &str) -> u64 {
        let locations = locations(field_start(field), &self.document.sources);
        self.errors.push(json!({
            "type": kind.as_str(),
            "path": self.path,
            "locations": locations,
            "message": message,
        }));
        1
    }
}

/// 1234567 as 1,234,567.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::{Cost, Request, prepare};

    fn check(query: &str, expected: Result<Cost, &str>) {
        let request = Request { query: Some(query.to_owned()), operation_name: None, variables: None };
        let measured = prepare(request)
            .map(|prepared| prepared.cost)
            .map_err(|answer| answer["errors"][0]["message"].as_str().unwrap_or_default().to_owned());
        assert_eq!(measured, expected.map_err(str::to_owned), "{query}");
    }

    #[test]
    fn the_price_follows_the_pages_that_are_asked_for() {
        // GitHub: the example of docs "Rate limits and query limits for the GraphQL API".
        let documented = "{ viewer { repositories(first: 100) { edges { node {
            issues(first: 50) { edges { node { labels(first: 60) { edges { node { id } } } } } } } } } } }";
        check(documented, Ok(Cost { points: 51, dry_run: false, nodes: 305_100 }));
        check("{ viewer { login } }", Ok(Cost { points: 1, dry_run: false, nodes: 0 }));
        check("{ viewer { repositories { totalCount } } }", Ok(Cost { points: 1, dry_run: false, nodes: 0 }));
    }

    #[test]
    fn fragments_that_double_each_other_end() {
        let doubling = |inner: &dyn Fn(usize) -> String, last: &str| {
            let fragments: Vec<String> =
                (0..40).map(|n| format!("fragment f{n} on User {{ {} }}", inner(n + 1))).collect();
            format!("{{ viewer {{ ...f0 }} }} {} fragment f40 on User {{ {last} }}", fragments.join(" "))
        };
        let twice = doubling(&|n| format!("...f{n} ...f{n}"), "repositories(first: 10) { nodes { id } }");
        check(&twice, Ok(Cost { points: 1, dry_run: false, nodes: 10 }));
        let aliased = doubling(
            &|n| format!("a: status {{ user {{ ...f{n} }} }} b: status {{ user {{ ...f{n} }} }}"),
            "login",
        );
        check(&aliased, Err("Query has too many selections with its fragments written out."));
    }

    #[test]
    fn nodes_are_multiplied_down_and_added_across() {
        // GitHub: the examples of docs "Rate limits and query limits for the GraphQL API", "Node limit".
        let simple = "{ viewer { repositories(first: 50) { edges { repository: node { name
            issues(first: 10) { totalCount edges { node { title bodyHTML } } } } } } } }";
        check(simple, Ok(Cost { points: 1, dry_run: false, nodes: 550 }));
        let complex = "{ viewer { repositories(first: 50) { edges { repository: node { name
                pullRequests(first: 20) { edges { pullRequest: node { title comments(first: 10) { edges { comment: node { bodyHTML } } } } } }
                issues(first: 20) { totalCount edges { issue: node { title bodyHTML comments(first: 10) { edges { comment: node { bodyHTML } } } } } } } } }
            followers(first: 10) { edges { follower: node { login } } } } }";
        check(complex, Ok(Cost { points: 21, dry_run: false, nodes: 22_060 }));
    }

    #[test]
    fn prices_are_those_that_were_seen() {
        let connection = |place: usize| format!("c{place}: items(first: 1) {{ totalCount nodes {{ id }} }}");
        let connections = (0..6).map(connection).collect::<Vec<_>>().join(" ");
        let node =
            |place: usize| format!("n{place}: node(id: \"I\") {{ ... on ProjectV2 {{ {connections} }} }}");
        let nodes = |count: usize| format!("{{ {} }}", (0..count).map(node).collect::<Vec<_>>().join(" "));
        // GitHub: observed: 144 requests cost 1 point and 150 cost 2.
        check(&nodes(24), Ok(Cost { points: 1, dry_run: false, nodes: 144 }));
        check(&nodes(25), Ok(Cost { points: 2, dry_run: false, nodes: 150 }));
        let board = "{ node(id: \"P\") { ... on ProjectV2 { fields(first: 50) { nodes { __typename } }
            items(first: 100) { nodes { fieldValues(first: 20) { nodes { __typename } } } } } } }";
        check(board, Ok(Cost { points: 1, dry_run: false, nodes: 2_150 }));
        // What `gh project` asks for where it only wants a count.
        let nothing = "{ node(id: \"P\") { ... on ProjectV2 { items(first: 0) { totalCount nodes { fieldValues(first: 100) { nodes { __typename } } } } } } }";
        check(nothing, Ok(Cost { points: 1, dry_run: false, nodes: 0 }));
        let mutation = "mutation { updateProjectV2Collaborators(input: { projectId: \"P\", collaborators: [] }) { collaborators(first: 50) { totalCount nodes { __typename } } } }";
        check(mutation, Ok(Cost { points: 1, dry_run: false, nodes: 50 }));
        check("{ rateLimit(dryRun: true) { cost } }", Ok(Cost { points: 1, dry_run: true, nodes: 0 }));
    }

    #[test]
    fn one_document_s_limits_are_exact() {
        let query = |count: usize| {
            let labels = "labels(first: 100) { nodes { id } }";
            let issues = format!("issues(first: {count}) {{ nodes {{ {labels} }} }}");
            format!("{{ viewer {{ repositories(first: 49) {{ nodes {{ {issues} }} }} }} }}")
        };
        // 49 + 49 × 100 + 49 × 100 × 100
        check(&query(100), Ok(Cost { points: 50, dry_run: false, nodes: 494_949 }));
        let wide = query(100).replace("first: 49", "first: 50");
        check(
            &wide,
            Err(
                "This query requests up to 505,050 possible nodes which exceeds the maximum limit of 500,000.",
            ),
        );
        check(
            "{ viewer { repositories(first: -1) { nodes { id } } } }",
            Err("`first` on the `repositories` connection cannot be less than zero."),
        );
    }

    #[test]
    fn pages_without_bounds_or_with_wild_ones_are_refused() {
        check(
            "{ viewer { repositories { nodes { id } } } }",
            Err(
                "You must provide a `first` or `last` value to properly paginate the `repositories` connection.",
            ),
        );
        check(
            "{ viewer { repositories(first: 101) { nodes { id } } } }",
            Err(
                "Requesting 101 records on the `repositories` connection exceeds the `first` limit of 100 records.",
            ),
        );
        check(
            "{ viewer { repositories(first: 100) { nodes { issues(first: 100) { nodes { labels(first: 100) { nodes { id } } } } } } } }",
            Err(
                "This query requests up to 1,010,100 possible nodes which exceeds the maximum limit of 500,000.",
            ),
        );
    }
}

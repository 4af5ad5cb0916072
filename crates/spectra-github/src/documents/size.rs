//! How much each query asks for, reckoned as GitHub does (GitHub docs, "Rate limits and query limits for the GraphQL
//! API"): nodes multiply down the connections, and points are the requests for connections by the hundred.

use std::collections::BTreeMap;

use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::{ExecutableDocument, ast};

use super::{operations, valid};
use crate::lookup;
use crate::operations::{Assignable, Person};

const MOST_NODES: u64 = 500_000;

struct Meter<'d> {
    document: &'d ExecutableDocument,
    variables: &'d BTreeMap<&'d str, u64>,
    nodes: u64,
    requests: u64,
}

impl Meter<'_> {
    fn number(&self, value: &ast::Value) -> u64 {
        let given = value.as_variable().map(|name| self.variables[name.as_str()]);
        given.unwrap_or_else(|| value.to_i32().unwrap().try_into().unwrap())
    }

    fn selections(&mut self, set: &SelectionSet, times: u64) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let size = field
                        .arguments
                        .iter()
                        .find(|argument| ["first", "last"].contains(&argument.name.as_str()));
                    let mut times = times;
                    if let Some(size) = size {
                        let size = self.number(&size.value);
                        assert!(size <= 100, "{} asks for {size}", field.name);
                        self.requests += times;
                        times *= size;
                        self.nodes += times;
                    } else if field.arguments.iter().any(|argument| argument.name == "ids") {
                        times *= self.variables["ids"];
                        self.nodes += times;
                    }
                    self.selections(&field.selection_set, times);
                }
                Selection::InlineFragment(inline) => self.selections(&inline.selection_set, times),
                Selection::FragmentSpread(spread) => {
                    let fragment = &self.document.fragments[&spread.fragment_name];
                    self.selections(&fragment.selection_set, times);
                }
            }
        }
    }
}

/// Nodes and points.
fn measure(text: &str, first: u64, ids: u64) -> (u64, u64) {
    let document = valid(text);
    let variables = BTreeMap::from([("first", first), ("last", first), ("ids", ids)]);
    let mut meter = Meter { document: &document, variables: &variables, nodes: 0, requests: 0 };
    meter.selections(&document.operations.iter().next().unwrap().selection_set, 1);
    (meter.nodes, ((meter.requests + 50) / 100).max(1))
}

#[test]
fn no_query_asks_for_more_nodes_than_github_gives() {
    for (name, text) in operations() {
        let (first, ids) = match name.trim_end_matches(".graphql") {
            "issue_items" => (10, 25),
            "boards" | "views" => (20, 0),
            _ => (100, 50),
        };
        let (nodes, points) = measure(&text, first, ids);
        assert!(nodes <= MOST_NODES / 10, "{name}: {nodes} nodes");
        assert!(points <= 8, "{name}: {points} points");
    }
    for document in [lookup::document::<Person>(50), lookup::document::<Assignable>(50)] {
        assert_eq!(measure(&document, 0, 0).1, 1);
    }
}

/// The figures that stand beside the sizes in the code.
#[test]
fn the_figures_in_the_comments_are_right() {
    let operations: BTreeMap<String, String> = operations().into_iter().collect();
    for (name, first, ids, expected) in [
        ("repository_issues", 100, 0, (15_400, 8)),
        ("issues_by_id", 0, 50, (7_700, 4)),
        ("issue_labels", 100, 50, (5_050, 1)),
        ("issue_items", 10, 25, (7_775, 3)),
        ("item_values", 100, 50, (5_050, 1)),
        ("items_by_id", 0, 50, (2_550, 1)),
        ("board_items", 100, 0, (200, 1)),
        ("views", 20, 0, (3_220, 1)),
        ("labels", 100, 0, (150, 1)),
    ] {
        assert_eq!(measure(&operations[&format!("{name}.graphql")], first, ids), expected, "{name}");
    }
}

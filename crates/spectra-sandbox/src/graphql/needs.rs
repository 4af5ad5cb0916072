//! What a document asks of its token, read off before anything runs.
//!
//! Knows nothing of tokens: it names the fields that need a scope and which ones would do; the server compares.

use apollo_compiler::executable::{Field, Selection, SelectionSet};
use serde_json::Value;

use super::Prepared;
use super::errors::{field_start, locations};

/// A field of a document that needs a scope.
#[derive(Clone, Debug)]
pub(crate) struct Need {
    /// Its name.
    pub(crate) field: String,
    /// Where it stands.
    pub(crate) locations: Vec<Value>,
    /// Scopes of which one is enough.
    pub(crate) scopes: &'static [&'static str],
}

/// The fields that need a scope, in the document's order. GitHub: a token without `read:project` was observed to be
/// refused for each field of a project as well as for the field that leads to it (actions/add-to-project#139).
pub(crate) fn scopes(prepared: &Prepared) -> Vec<Need> {
    let mut found = Vec::new();
    if let Ok(operation) = prepared.document.operations.get(prepared.operation.as_deref()) {
        walk(prepared, &operation.selection_set, &mut Vec::new(), &mut found);
    }
    found
}

fn walk<'d>(prepared: &'d Prepared, set: &'d SelectionSet, inside: &mut Vec<&'d str>, found: &mut Vec<Need>) {
    for selection in &set.selections {
        match selection {
            Selection::Field(field) => {
                if let Some(scopes) = needed(set, field) {
                    found.push(Need {
                        field: field.name.to_string(),
                        locations: locations(field_start(field), &prepared.document.sources),
                        scopes,
                    });
                }
                walk(prepared, &field.selection_set, inside, found);
            }
            Selection::InlineFragment(fragment) => walk(prepared, &fragment.selection_set, inside, found),
            Selection::FragmentSpread(spread) => {
                let name = spread.fragment_name.as_str();
                if let Some(fragment) = prepared.document.fragments.get(name)
                    && !inside.contains(&name)
                {
                    inside.push(name);
                    walk(prepared, &fragment.selection_set, inside, found);
                    inside.pop();
                }
            }
        }
    }
}

/// What a field needs: one of a project or of one of its parts, one that leads to such, a mutation of them; one of a
/// team; a mutation of what an organisation's owners manage. GitHub: the scopes for projects were observed, those for
/// teams are reported of its own command line client, the last follow REST's documentation.
fn needed(set: &SelectionSet, field: &Field) -> Option<&'static [&'static str]> {
    let (of, name) = (set.ty.as_str(), field.name.as_str());
    let leads_to = field.definition.ty.inner_named_type().as_str();
    match (of, name) {
        (_, "__typename") => None,
        ("Mutation", "createIssueType" | "updateIssueType" | "deleteIssueType") => Some(&["admin:org"]),
        ("Mutation", _) => name.contains("ProjectV2").then_some(&["project"]),
        ("Team", _) => Some(&["read:org", "read:discussion"]),
        _ if of.contains("ProjectV2") || leads_to.contains("ProjectV2") || name.contains("ProjectV2") => {
            Some(&["read:project"])
        }
        _ => None,
    }
}

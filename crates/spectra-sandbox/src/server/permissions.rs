//! What a caller may not do over GraphQL.
//!
//! Scopes of classic tokens are checked on the document, permissions of installations on the root fields of mutations.
//! What a single row allows is the world's business. An installation's queries are not bounded.

use serde_json::{Value, json};

use super::auth::{Caller, Person};
use crate::graphql::{self, Gate, Prepared};
use crate::world::{Refusal, RefusalKind};

/// GitHub: observed in the tests of its own command line client: type, wording and the list of scopes; the request is
/// refused as a whole.
pub(super) fn missing_scopes(prepared: &Prepared, caller: &Caller) -> Option<Value> {
    let Caller::Person(person) = caller else { return None };
    let scopes = person.scopes.as_ref()?;
    let quoted = |scopes: &mut dyn Iterator<Item = &str>| {
        let mut names: Vec<String> = scopes.map(|scope| format!("'{scope}'")).collect();
        names.sort();
        // GitHub: a token without any scope was observed to have the empty one.
        if names.is_empty() { "''".to_owned() } else { names.join(", ") }
    };
    let mut errors = Vec::new();
    for need in graphql::needed_scopes(prepared) {
        if !need.scopes.iter().any(|scope| grants(person, scope)) {
            let wanted: Vec<String> = need.scopes.iter().map(|scope| format!("'{scope}'")).collect();
            let message = format!(
                "Your token has not been granted the required scopes to execute this query. The '{}' field requires \
                 one of the following scopes: [{}], but your token has only been granted the: [{}] scopes. Please \
                 modify your token's scopes at: https://github.com/settings/tokens.",
                need.field,
                wanted.join(", "),
                quoted(&mut scopes.iter().map(String::as_str))
            );
            errors.push(json!({
                "type": "INSUFFICIENT_SCOPES",
                "locations": need.locations,
                "message": message,
            }));
        }
    }
    (!errors.is_empty()).then(|| json!({ "errors": errors }))
}

/// Whether the token has the scope or one that contains it. GitHub: docs "Scopes for OAuth apps".
fn grants(person: &Person, scope: &str) -> bool {
    let wider: &[&str] = match scope {
        "read:project" => &["project"],
        "read:org" => &["write:org", "admin:org"],
        "read:discussion" => &["write:discussion"],
        _ => &[],
    };
    person.has(scope) || wider.iter().any(|scope| person.has(scope))
}

/// GitHub: docs "Automating Projects using Actions": an App needs `organization_projects`; the wording was observed.
pub(super) fn gate(prepared: &Prepared, caller: &Caller) -> Gate {
    if !prepared.is_mutation {
        return Gate::open();
    }
    let message = "Resource not accessible by integration";
    let refusal = Refusal::new(RefusalKind::Forbidden, message);
    match caller {
        Caller::Person(_) => Gate::open(),
        Caller::App(_) => Gate::after(prepared, 0, &refusal),
        Caller::Installation(grant) => Gate::fields(
            prepared,
            |name| {
                let permission = if name.contains("ProjectV2") { "organization_projects" } else { "issues" };
                !grant.allows(permission, "write")
            },
            &refusal,
        ),
    }
}

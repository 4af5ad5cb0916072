//! GraphQL over the world, on GitHub's whole published schema.
//!
//! A document is parsed, validated, its variables coerced and its pages counted before anything runs ([`prepare`]);
//! then it runs against the world ([`execute`]). Whatever the schema has and the world does not is answered with an
//! error of type `NOT_MODELLED`: never with a silent null, never with "unknown field".
//!
//! Resolvers read the world and hold no rule of it; one file a resource, named as in the world.

#![expect(
    clippy::match_same_arms,
    reason = "fields stand in the order of their meaning, not of their values"
)]

mod args;
mod board;
mod comment;
mod connection;
mod context;
mod cost;
mod errors;
mod field;
mod gate;
mod issue;
mod issue_list;
mod issue_mutation;
mod issue_type;
mod item;
mod label;
mod literals;
mod milestone;
mod mutation;
mod needs;
mod object;
mod owner;
mod project;
mod query;
mod repository;
mod schema;
mod search;
mod status_update;
mod syntax;
mod timeline;
mod validation;
mod value;
mod variables;
mod view;
mod wording;

use std::cell::RefCell;
use std::rc::Rc;

use apollo_compiler::ExecutableDocument;
use apollo_compiler::executable::OperationType;
use apollo_compiler::resolvers::Execution;
use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::Valid;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use self::context::{Ctx, Shared};
use crate::world::World;

pub(crate) use self::cost::Cost;
pub(crate) use self::gate::Gate;
pub(crate) use self::needs::scopes as needed_scopes;
pub(crate) use self::schema::ensure_loaded;

/// Asks for the whole schema.
const INTROSPECTION: &str = "query IntrospectionQuery { __schema { queryType { name } mutationType { name } \
    subscriptionType { name } types { ...FullType } directives { name description locations args { ...InputValue } } } } \
    fragment FullType on __Type { kind name description fields(includeDeprecated: true) { name description \
    args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason } inputFields { ...InputValue } \
    interfaces { ...TypeRef } enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } \
    possibleTypes { ...TypeRef } } fragment InputValue on __InputValue { name description type { ...TypeRef } \
    defaultValue } fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name \
    ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }";

/// A GraphQL request as it arrives.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Request {
    /// The document. GitHub: answers a request without one with an error, not with a status.
    #[serde(default)]
    pub(crate) query: Option<String>,
    /// Which of the document's operations runs.
    #[serde(default)]
    pub(crate) operation_name: Option<String>,
    /// Values of the variables.
    #[serde(default)]
    pub(crate) variables: Option<JsonMap>,
}

impl Request {
    /// The request that a `GET` stands for: the whole schema, as the introspection query of common clients asks for it.
    pub(crate) fn introspection() -> Self {
        Self { query: Some(INTROSPECTION.to_owned()), operation_name: None, variables: None }
    }
}

/// A request that may run.
#[derive(Debug)]
pub(crate) struct Prepared {
    document: Valid<ExecutableDocument>,
    operation: Option<String>,
    variables: Valid<JsonMap>,
    /// Names of the operation's root fields, with repeats.
    pub(crate) root_fields: Vec<String>,
    /// Their names in the answer, in the same order.
    pub(crate) root_keys: Vec<String>,
    /// Whether it is a mutation.
    pub(crate) is_mutation: bool,
    /// Its price.
    pub(crate) cost: Cost,
}

/// The primary limit as a request sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    pub(crate) limit: u32,
    pub(crate) used: u32,
    pub(crate) reset_at: Timestamp,
}

/// Checks a request; the error is the whole answer.
pub(crate) fn prepare(request: Request) -> Result<Prepared, Value> {
    let schema = schema::get();
    let text = request.query.unwrap_or_default();
    if text.trim().is_empty() {
        return Err(
            json!({ "errors": [{ "message": "A query attribute must be specified and must be a string." }] }),
        );
    }
    let document = ExecutableDocument::parse_and_validate(&schema.schema, text.as_str(), "request.graphql")
        .or_else(validation::let_through)
        .map_err(|refused| validation::answer(&schema.schema, &text, &refused))?;
    let name = request.operation_name.filter(|name| !name.is_empty());
    let Ok(operation) = document.operations.get(name.as_deref()) else {
        let message = match &name {
            Some(name) => format!("No operation named \"{name}\""),
            None => "An operation name is required".to_owned(),
        };
        return Err(json!({ "errors": [{ "message": message }] }));
    };
    let given = request.variables.unwrap_or_default();
    variables::check(&schema.schema, &document, operation, &given)?;
    let variables = apollo_compiler::request::coerce_variable_values(&schema.schema, operation, &given)
        .map_err(|refused| json!({ "errors": [refused.to_graphql_error(&document.sources)] }))?;
    validation::check_literals(&schema.schema, &document)?;
    let cost = cost::measure(&document, operation, &variables)?;
    let is_mutation = match operation.operation_type {
        OperationType::Mutation => true,
        OperationType::Query => false,
        OperationType::Subscription => {
            return Err(json!({ "errors": [{ "message": "Subscriptions are not supported." }] }));
        }
    };
    let root_fields = operation.root_fields(&document).map(|field| field.name.to_string()).collect();
    let root_keys = operation.root_fields(&document).map(|field| field.response_key().to_string()).collect();
    Ok(Prepared { operation: name, variables, root_fields, root_keys, is_mutation, cost, document })
}

/// Runs a request, but for the root fields that the gate holds back: the body of the answer.
pub(crate) fn execute(
    prepared: &Prepared,
    world: &RefCell<World>,
    now: Timestamp,
    rate: Rate,
    gate: Gate,
) -> Value {
    let shared = Rc::new(Shared::new(prepared.cost, rate, gate));
    let ctx = Rc::new(Ctx::live(world, now, Rc::clone(&shared)));
    let schema = schema::get();
    let execution = Execution::new(&schema.schema, &prepared.document)
        .implementers_map(&schema.implementers)
        .coerced_variable_values(&prepared.variables)
        .enable_schema_introspection(true);
    let answer = execution.operation_name(prepared.operation.as_deref()).and_then(|execution| {
        if prepared.is_mutation {
            execution.execute_sync(&mutation::Mutation::new(&ctx))
        } else {
            execution.execute_sync(&query::Query::new(&ctx))
        }
    });
    match answer {
        Ok(answer) => errors::body(&prepared.document, answer, &shared.take_refusals()),
        Err(refused) => json!({ "errors": [refused.to_graphql_error(&prepared.document.sources)] }),
    }
}

//! The GraphQL endpoint: from a body to an answer.

use std::sync::atomic::Ordering;

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::answer::Answer;
use super::auth::Caller;
use super::limits::{Price, Resource};
use super::store::StateError;
use super::strike::{Struck, denied, struck};
use super::{Asked, Outcome, Shared, acting, permissions};
use crate::faults::{On, Shape};
use crate::graphql::{self, Gate, Prepared, Rate};
use crate::limits::creates_content;

/// Answers a GraphQL request.
pub(super) fn answer(shared: &Shared, asked: &Asked, caller: &Caller, number: u64) -> Outcome {
    let unread = |answer: Answer| {
        let shape = shape(asked, On::Request, &[]);
        struck(shared, &Struck { shape, prepared: None, number }, |_| answer)
    };
    let request = if asked.method == Method::POST {
        serde_json::from_slice(&asked.body).ok()
    } else {
        Some(graphql::Request::introspection())
    };
    let Some(request) = request else {
        return unread(Answer::refusal(StatusCode::BAD_REQUEST, "Problems parsing JSON"));
    };
    let prepared = match graphql::prepare(request) {
        Ok(prepared) => prepared,
        Err(body) => {
            let rate = shared.books.rate(shared.clock.now(), Resource::Graphql);
            return unread(Answer::json(StatusCode::OK, &body).paid(Resource::Graphql.as_str(), rate));
        }
    };
    let on = if prepared.is_mutation { On::Mutation } else { On::Query };
    let shape = shape(asked, on, &prepared.root_fields);
    struck(shared, &Struck { shape, prepared: Some(&prepared), number }, |gate| {
        carry_out(shared, &prepared, caller, gate, number)
    })
}

fn shape<'a>(asked: &'a Asked, on: On, root_fields: &'a [String]) -> Shape<'a> {
    Shape { on, root_fields, method: asked.method.as_str(), path: &asked.path }
}

fn carry_out(shared: &Shared, prepared: &Prepared, caller: &Caller, gate: Gate, number: u64) -> Answer {
    let now = shared.clock.now();
    if let Some(body) = permissions::missing_scopes(prepared, caller) {
        let rate = shared.books.rate(now, Resource::Graphql);
        return Answer::json(StatusCode::OK, &body).paid(Resource::Graphql.as_str(), rate);
    }
    let rate = match shared.books.admit(now, Resource::Graphql, price(prepared)) {
        Ok(rate) => rate,
        Err(why) => return denied(why, Resource::Graphql, number),
    };
    let counters = &shared.counters;
    if prepared.is_mutation {
        let fields = u64::try_from(prepared.root_fields.len()).unwrap_or(u64::MAX);
        counters.mutation_requests.fetch_add(1, Ordering::Relaxed);
        counters.mutation_fields.fetch_add(fields, Ordering::Relaxed);
    } else {
        counters.queries.fetch_add(1, Ordering::Relaxed);
    }
    let gate = gate.and(permissions::gate(prepared, caller));
    match run(shared, prepared, caller, rate, gate) {
        Ok(body) => Answer::json(StatusCode::OK, &body).paid(Resource::Graphql.as_str(), rate),
        Err(error) => broken_state(&error),
    }
}

/// GitHub: docs: secondary points are 1 for a query and 5 for a request with mutations.
fn price(prepared: &Prepared) -> Price {
    let creations = prepared.root_fields.iter().filter(|name| creates_content(name)).count();
    Price {
        primary: prepared.cost.points,
        points: if prepared.is_mutation { 5 } else { 1 },
        creations: u64::try_from(creations).unwrap_or(u64::MAX),
    }
}

/// Runs a request against the world, as one step for everyone else.
fn run(
    shared: &Shared,
    prepared: &Prepared,
    caller: &Caller,
    rate: Rate,
    gate: Gate,
) -> Result<Value, StateError> {
    let mut store = shared.store();
    let now = shared.clock.now();
    let ran = store.begin(now)?;
    acting::act(&mut store.world.borrow_mut(), &shared.access, caller);
    let now = store.world.borrow().now.max(now);
    let body = graphql::execute(prepared, &store.world, now, rate, gate);
    if prepared.is_mutation || ran {
        store.commit()?;
    } else {
        store.release()?;
    }
    Ok(body)
}

/// The state file cannot be used: nobody's fault but the operator's, so the whole chain of reasons is given.
pub(super) fn broken_state(error: &StateError) -> Answer {
    let mut message = format!("sandbox: {error}");
    let mut source = std::error::Error::source(error);
    while let Some(reason) = source {
        message.push_str(": ");
        message.push_str(&reason.to_string());
        source = reason.source();
    }
    tracing::error!(%message, "the sandbox's state cannot be used");
    Answer::json(StatusCode::INTERNAL_SERVER_ERROR, &json!({ "message": message }))
}

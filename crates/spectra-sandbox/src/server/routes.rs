//! Requests: who may ask, what goes wrong on purpose, and who answers.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, Method, Response, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::answer::{Answer, request_id};
use super::connection::Connection;
use super::store::StateError;
use super::{Shared, run_blocking};
use crate::faults::{Effect, On, Shape};
use crate::graphql::{self, Prepared, Rate};
use crate::world::repository::Visibility;

/// GitHub's own bound on a body is not documented; this one only keeps memory in check.
const BODY_LIMIT: usize = 32 * 1024 * 1024;

/// Everything goes through one handler: GitHub answers unknown paths in JSON too.
pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new().fallback(handle).with_state(shared)
}

async fn handle(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(connection): ConnectInfo<Connection>,
    request: Request,
) -> Response<Body> {
    let number = shared.counters.requests.fetch_add(1, Ordering::Relaxed) + 1;
    let (parts, body) = request.into_parts();
    let refused = match axum::body::to_bytes(body, BODY_LIMIT).await {
        Ok(body) => {
            let shared = Arc::clone(&shared);
            let asked = Asked {
                method: parts.method,
                path: parts.uri.path().to_owned(),
                headers: parts.headers,
                body,
            };
            run_blocking(move || answer(&shared, &asked, number)).await
        }
        Err(_) => Outcome::Answer(Answer::refusal(StatusCode::PAYLOAD_TOO_LARGE, "Payload too large")),
    };
    let now = shared.clock.now();
    match refused {
        Outcome::Answer(answer) => answer.send(now, number),
        Outcome::Cut => {
            connection.cut();
            // Never written: the connection is gone.
            Response::new(Body::empty())
        }
    }
}

struct Asked {
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

enum Outcome {
    Answer(Answer),
    Cut,
}

fn answer(shared: &Shared, asked: &Asked, number: u64) -> Outcome {
    if asked.headers.get(header::USER_AGENT).is_none_or(axum::http::HeaderValue::is_empty) {
        // GitHub: docs "Getting started with the REST API": requests without a User-Agent are rejected.
        let text = "Request forbidden by administrative rules. Please make sure your request has a User-Agent header \
                    (https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). Check \
                    https://developer.github.com for other possible causes.\n";
        return Outcome::Answer(Answer::text(StatusCode::FORBIDDEN, "text/html", text));
    }
    let path = asked.path.strip_prefix("/api/v3").unwrap_or(&asked.path);
    let path = if path.is_empty() { "/" } else { path };
    let is_graphql =
        asked.method == Method::POST && matches!(asked.path.as_str(), "/graphql" | "/api/graphql" | "/");
    if let Some(refusal) = authenticate(shared, &asked.headers, is_graphql) {
        return Outcome::Answer(refusal);
    }
    if is_graphql { graphql_answer(shared, asked, number) } else { rest_answer(shared, asked, path, number) }
}

/// GitHub: 401 with these messages.
fn authenticate(shared: &Shared, headers: &HeaderMap, is_graphql: bool) -> Option<Answer> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, token) = value.trim().split_once(' ').unwrap_or((value.trim(), ""));
    let token = token.trim();
    if scheme.is_empty() {
        let message = if is_graphql {
            "This endpoint requires you to be authenticated."
        } else {
            "Requires authentication"
        };
        return Some(Answer::refusal(StatusCode::UNAUTHORIZED, message));
    }
    let known = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("token");
    let accepted = shared.tokens.is_empty() || shared.tokens.iter().any(|accepted| accepted == token);
    (!known || token.is_empty() || !accepted)
        .then(|| Answer::refusal(StatusCode::UNAUTHORIZED, "Bad credentials"))
}

fn graphql_answer(shared: &Shared, asked: &Asked, number: u64) -> Outcome {
    let request: Result<graphql::Request, _> = serde_json::from_slice(&asked.body);
    let Ok(request) = request else {
        let refusal = Answer::refusal(StatusCode::BAD_REQUEST, "Problems parsing JSON");
        return struck(shared, On::Request, &[], number, || refusal);
    };
    let prepared = match graphql::prepare(request) {
        Ok(prepared) => prepared,
        Err(body) => {
            return struck(shared, On::Request, &[], number, || {
                Answer::json(StatusCode::OK, &body)
                    .paid("graphql", shared.limits.spend(shared.clock.now(), 0))
            });
        }
    };
    let on = if prepared.is_mutation { On::Mutation } else { On::Query };
    let counters = &shared.counters;
    struck(shared, on, &prepared.root_fields, number, || {
        if prepared.is_mutation {
            let fields = u64::try_from(prepared.root_fields.len()).unwrap_or(u64::MAX);
            counters.mutation_requests.fetch_add(1, Ordering::Relaxed);
            counters.mutation_fields.fetch_add(fields, Ordering::Relaxed);
        } else {
            counters.queries.fetch_add(1, Ordering::Relaxed);
        }
        let rate = shared.limits.spend(shared.clock.now(), prepared.cost.points);
        match run(shared, &prepared, rate) {
            Ok(body) => Answer::json(StatusCode::OK, &body).paid("graphql", rate),
            Err(error) => broken_state(&error),
        }
    })
}

/// Runs a request against the world, as one step for everyone else.
fn run(shared: &Shared, prepared: &Prepared, rate: Rate) -> Result<Value, StateError> {
    let mut store = shared.store();
    let now = shared.clock.now();
    let ran = store.begin(now)?;
    let now = store.world.borrow().now.max(now);
    let body = graphql::execute(prepared, &store.world, now, rate);
    if prepared.is_mutation || ran {
        store.commit()?;
    } else {
        store.release()?;
    }
    Ok(body)
}

/// Carries a request out, unless a fault says otherwise.
fn struck(
    shared: &Shared,
    on: On,
    root_fields: &[String],
    number: u64,
    carry_out: impl FnOnce() -> Answer,
) -> Outcome {
    let Some(effect) = shared.faults.strike(&Shape { on, root_fields }) else {
        return Outcome::Answer(carry_out());
    };
    let now = shared.clock.now();
    Outcome::Answer(match effect {
        Effect::CutBeforeCommit => return Outcome::Cut,
        Effect::CutAfterCommit => {
            drop(carry_out());
            return Outcome::Cut;
        }
        Effect::Refuse { status, body, headers } => {
            let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let json = serde_json::from_str::<Value>(&body).is_ok();
            let content_type =
                if json { "application/json; charset=utf-8" } else { "text/html; charset=utf-8" };
            headers.into_iter().fold(Answer::text(status, content_type, body), |answer, (name, value)| {
                answer.with(&name, value)
            })
        }
        Effect::BadGatewayAfterCommit => {
            drop(carry_out());
            let page = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body>\n</body>\n</html>\n";
            Answer::text(StatusCode::BAD_GATEWAY, "text/html", page)
        }
        Effect::MalformedBody => {
            let mut answer = carry_out();
            answer.body.truncate(answer.body.len() / 2);
            answer
        }
        Effect::Delay { ms } => {
            shared.clock.advance(std::time::Duration::from_millis(ms));
            carry_out()
        }
        Effect::SecondaryRateLimited { retry_after } => {
            // GitHub: docs "Troubleshooting the REST API", Rate limit errors.
            let message = format!(
                "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you \
                 reach out to GitHub Support for help, please include the request ID {}.",
                request_id(number)
            );
            let answer = Answer::refusal(StatusCode::FORBIDDEN, &message);
            match retry_after {
                Some(seconds) => answer.with("retry-after", seconds.to_string()),
                None => answer,
            }
        }
        Effect::PrimaryExhausted { reset_in } => exhausted(shared, on, now, reset_in),
    })
}

/// GitHub: GraphQL answers 200 with an error (docs; wording observed), REST 403.
fn exhausted(shared: &Shared, on: On, now: Timestamp, reset_in: u64) -> Answer {
    let wait = SignedDuration::from_secs(i64::try_from(reset_in).unwrap_or(i64::MAX));
    let mut rate = shared.limits.spend(now, 0);
    rate.used = rate.limit;
    rate.reset_at = now.checked_add(wait).unwrap_or(Timestamp::MAX);
    let message = "API rate limit already exceeded for user ID 1.";
    match on {
        On::Query | On::Mutation => {
            let body = json!({ "errors": [{ "type": "RATE_LIMITED", "message": message }] });
            Answer::json(StatusCode::OK, &body).paid("graphql", rate)
        }
        On::Request => Answer::refusal(StatusCode::FORBIDDEN, message).paid("core", rate),
    }
}

/// The state file cannot be used: nobody's fault but the operator's, so the whole chain of reasons is given.
fn broken_state(error: &StateError) -> Answer {
    let mut message = format!("sandbox: {error}");
    let mut source = std::error::Error::source(error);
    while let Some(reason) = source {
        message.push_str(": ");
        message.push_str(&reason.to_string());
        source = reason.source();
    }
    tracing::error!(%message, "the sandbox's state cannot be used");
    Answer::refusal(StatusCode::INTERNAL_SERVER_ERROR, &message)
}

fn rest_answer(shared: &Shared, asked: &Asked, path: &str, number: u64) -> Outcome {
    struck(shared, On::Request, &[], number, || {
        let now = shared.clock.now();
        let rate = shared.limits.spend(now, 0);
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        if asked.method != Method::GET {
            return Answer::refusal(StatusCode::NOT_FOUND, "Not Found").paid("core", rate);
        }
        let body = match parts.as_slice() {
            ["rate_limit"] => Some(rate_limit(rate)),
            [""] => Some(json!({
                "current_user_url": "https://api.github.com/user",
                "rate_limit_url": "https://api.github.com/rate_limit",
                "repository_url": "https://api.github.com/repos/{owner}/{repo}",
            })),
            ["meta"] => Some(json!({ "verifiable_password_authentication": false })),
            ["user"] => Some(user(shared)),
            ["repos", owner, name] => repository(shared, owner, name),
            _ => None,
        };
        match body {
            Some(body) => Answer::json(StatusCode::OK, &body),
            None => Answer::refusal(StatusCode::NOT_FOUND, "Not Found"),
        }
        .paid("core", rate)
    })
}

fn rate_limit(rate: Rate) -> Value {
    let window = json!({
        "limit": rate.limit,
        "used": rate.used,
        "remaining": rate.limit.saturating_sub(rate.used),
        "reset": rate.reset_at.as_second(),
    });
    let core = json!({
        "limit": rate.limit,
        "used": 0,
        "remaining": rate.limit,
        "reset": rate.reset_at.as_second(),
    });
    json!({ "resources": { "core": core, "graphql": window }, "rate": core })
}

fn user(shared: &Shared) -> Value {
    let store = shared.store();
    let world = store.world.borrow();
    world.owners.get(&world.viewer).map_or(Value::Null, |viewer| {
        json!({
            "login": viewer.login,
            "id": viewer.database_id,
            "node_id": viewer.id,
            "type": "User",
            "name": viewer.name,
            "html_url": viewer.url(),
        })
    })
}

fn repository(shared: &Shared, owner: &str, name: &str) -> Option<Value> {
    let store = shared.store();
    let world = store.world.borrow();
    let row = world.repository_by_name(owner, name).ok()?;
    let holder = world.owners.get(&row.owner)?;
    let kind = match holder.kind {
        crate::world::owner::OwnerKind::User => "User",
        crate::world::owner::OwnerKind::Organization => "Organization",
    };
    let full_name = world.name_with_owner(row);
    Some(json!({
        "id": row.database_id,
        "node_id": row.id,
        "name": row.name,
        "full_name": full_name,
        "private": row.visibility != Visibility::Public,
        "visibility": row.visibility.as_str().to_lowercase(),
        "owner": { "login": holder.login, "id": holder.database_id, "node_id": holder.id, "type": kind },
        "html_url": format!("https://github.com/{full_name}"),
        "description": row.description,
        "has_issues": row.has_issues_enabled,
        "archived": row.is_archived,
        "permissions": { "admin": true, "maintain": true, "push": true, "triage": true, "pull": true },
    }))
}

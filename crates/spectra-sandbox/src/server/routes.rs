//! Requests: who may ask, and who answers.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, Method, Response, StatusCode, header};

use super::answer::{Answer, Api};
use super::auth::{self, Caller};
use super::connection::Connection;
use super::{Shared, admin, graphql, rest, run_blocking, strike};
use crate::faults::Wording;
use crate::world::access::TokenKind;

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
    let takes_gzip = takes_gzip(&parts.headers);
    let outcome = match axum::body::to_bytes(body, BODY_LIMIT).await {
        Ok(body) => {
            let shared = Arc::clone(&shared);
            let asked = Asked {
                method: parts.method,
                path: parts.uri.path().to_owned(),
                query: parts.uri.query().unwrap_or_default().to_owned(),
                headers: parts.headers,
                body,
            };
            run_blocking(move || answer(&shared, &asked, number)).await
        }
        Err(_) => Outcome::Answer(Answer::refusal(StatusCode::PAYLOAD_TOO_LARGE, "Payload too large")),
    };
    let now = shared.clock.now();
    match outcome {
        Outcome::Answer(answer) => answer.send(now, number, takes_gzip),
        Outcome::Cut => {
            connection.cut();
            // Never written: the connection is gone.
            Response::new(Body::empty())
        }
    }
}

/// A request as it arrived.
pub(super) struct Asked {
    pub(super) method: Method,
    pub(super) path: String,
    /// What stands behind the question mark.
    pub(super) query: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

/// What becomes of a request.
pub(super) enum Outcome {
    /// It is answered.
    Answer(Answer),
    /// The connection breaks.
    Cut,
}

fn answer(shared: &Shared, asked: &Asked, number: u64) -> Outcome {
    if let Some(answer) = admin::answer(shared, asked) {
        return Outcome::Answer(answer);
    }
    if asked.headers.get(header::USER_AGENT).is_none_or(axum::http::HeaderValue::is_empty) {
        // GitHub: docs "Getting started with the REST API": requests without a User-Agent are rejected.
        let text = "Request forbidden by administrative rules. Please make sure your request has a User-Agent header \
                    (https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). Check \
                    https://developer.github.com for other possible causes.\n";
        return Outcome::Answer(Answer::text(StatusCode::FORBIDDEN, "text/html", text));
    }
    let Some(_under_way) = shared.books.enter() else {
        return Outcome::Answer(strike::secondary(Wording::SecondaryLimit, 403, None, number));
    };
    let is_graphql = is_graphql(asked);
    let caller = match auth::identify(&shared.access, &asked.headers, shared.clock.now(), is_graphql) {
        Ok(caller) => caller,
        Err(refusal) => return Outcome::Answer(*refusal),
    };
    let outcome = if is_graphql {
        graphql::answer(shared, asked, &caller, number)
    } else {
        rest::answer(shared, asked, &caller, number)
    };
    let api = if is_graphql { Api::Graphql } else { Api::Rest };
    match outcome {
        Outcome::Answer(answer) => Outcome::Answer(Answer { api, ..of_caller(answer, &caller) }),
        Outcome::Cut => Outcome::Cut,
    }
}

/// GitHub: docs "Forming calls with GraphQL": posted to `/graphql`; docs "Discovering the GraphQL API": a `GET` there gives
/// the schema. A slash at the end is taken as none (not documented). Other methods are answered as by any path that is
/// not there.
fn is_graphql(asked: &Asked) -> bool {
    let at_graphql = matches!(asked.path.trim_end_matches('/'), "/graphql" | "/api/graphql");
    match asked.method {
        Method::POST => at_graphql || asked.path == "/",
        Method::GET | Method::HEAD => at_graphql,
        _ => false,
    }
}

/// Whether the client takes gzip. RFC 9110: `q=0` is a no.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let given = headers.get_all(header::ACCEPT_ENCODING);
    let mut words = given.iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    words.any(|word| {
        let (name, weight) = word.split_once(';').unwrap_or((word, ""));
        let refused = matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
        name.trim().eq_ignore_ascii_case("gzip") && !refused
    })
}

/// GitHub: answers show the scopes of a classic token; other tokens have none.
fn of_caller(mut answer: Answer, caller: &Caller) -> Answer {
    match caller {
        Caller::Person(person) => match (person.kind, &person.scopes) {
            (TokenKind::Classic, None) => {}
            (TokenKind::Classic, Some(scopes)) => answer.scopes = Some(scopes.join(", ")),
            (TokenKind::FineGrained | TokenKind::App | TokenKind::Actions, _) => answer.scopes = None,
        },
        Caller::App(_) | Caller::Installation(_) => answer.scopes = None,
    }
    answer
}

//! What goes wrong with a request: by the rules of the faults, or by the limits.

use std::time::Duration;

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::answer::{Answer, request_id};
use super::limits::{Denied, Resource};
use super::{Outcome, Shared, edit_world};
use crate::faults::{Effect, On, Shape, Wording};
use crate::graphql::{Gate, Prepared, Rate};
use crate::world::{Refusal, RefusalKind};

/// A request as faults see it.
pub(super) struct Struck<'a> {
    pub(super) shape: Shape<'a>,
    /// Of GraphQL requests that can be carried out.
    pub(super) prepared: Option<&'a Prepared>,
    pub(super) number: u64,
}

/// GitHub: reported; carried out or not is for the client to find out.
const WENT_WRONG: &str = "Something went wrong while executing your query. This may be the result of a timeout, or it \
                          could be a GitHub bug.";
const SLOWEST: Duration = Duration::from_mins(1);

/// Carries a request out, unless a fault says otherwise.
pub(super) fn struck(
    shared: &Shared,
    request: &Struck<'_>,
    carry_out: impl FnOnce(Gate) -> Answer,
) -> Outcome {
    let Some(rule) = shared.faults.strike(&request.shape) else {
        return Outcome::Answer(carry_out(Gate::open()));
    };
    let resource = match request.shape.on {
        On::Query | On::Mutation => Resource::Graphql,
        On::Request | On::Rest => Resource::Core,
    };
    let partial = |after: Option<usize>| match (request.prepared, after) {
        // Nobody sees this refusal: the answer is thrown away.
        (Some(prepared), Some(after)) => Gate::after(prepared, after, &untyped(WENT_WRONG)),
        (Some(_) | None, _) => Gate::open(),
    };
    Outcome::Answer(match rule.effect {
        Effect::CutBeforeCommit => return Outcome::Cut,
        Effect::CutAfterCommit => {
            drop(carry_out(Gate::open()));
            return Outcome::Cut;
        }
        Effect::CutAfter { after } => {
            drop(carry_out(partial(Some(after))));
            return Outcome::Cut;
        }
        Effect::Refuse { status, body, headers } => {
            let json = serde_json::from_str::<Value>(&body).is_ok();
            let content_type =
                if json { "application/json; charset=utf-8" } else { "text/html; charset=utf-8" };
            let answer = Answer::text(status_of(status), content_type, body);
            headers.into_iter().fold(answer, |answer, (name, value)| answer.with(&name, value))
        }
        Effect::BadGatewayAfterCommit => {
            drop(carry_out(Gate::open()));
            gateway(StatusCode::BAD_GATEWAY)
        }
        Effect::GatewayAfter { status, after } => {
            drop(carry_out(partial(after)));
            gateway(status_of(status))
        }
        Effect::SomethingWentWrong { after } => {
            drop(carry_out(partial(after)));
            let id = request_id(request.number);
            let message = format!("{WENT_WRONG} Please include `{id}` when reporting this issue.");
            Answer::json(StatusCode::OK, &json!({ "data": null, "errors": [{ "message": message }] }))
        }
        Effect::MalformedBody => {
            let mut answer = carry_out(Gate::open());
            answer.body.truncate(answer.body.len() / 2);
            answer
        }
        Effect::Delay { ms } => {
            shared.clock.advance(Duration::from_millis(ms));
            carry_out(Gate::open())
        }
        Effect::Slow { ms } => {
            std::thread::sleep(Duration::from_millis(ms).min(SLOWEST));
            carry_out(Gate::open())
        }
        Effect::SecondaryRateLimited { retry_after, status, wording } => {
            match (request.prepared, status, wording) {
                (Some(prepared), None | Some(200), Wording::SubmittedTooQuickly) => {
                    carry_out(Gate::after(prepared, 0, &too_quickly()))
                }
                _ => secondary(wording, status.unwrap_or(403), retry_after, request.number),
            }
        }
        Effect::PrimaryExhausted { reset_in, status, error_type } => {
            let now = shared.clock.now();
            let wait = SignedDuration::from_secs(i64::try_from(reset_in).unwrap_or(i64::MAX));
            let mut rate = shared.books.rate(now, resource);
            rate.used = rate.limit;
            rate.reset_at = now.checked_add(wait).unwrap_or(Timestamp::MAX);
            exhausted(rate, resource, status, error_type.as_deref())
        }
        Effect::TokenExpired => Answer::refusal(StatusCode::UNAUTHORIZED, "Bad credentials"),
        Effect::ResourceLimitsExceeded { from } => {
            // GitHub: docs "Resource limits": part of the data, and an error for what is left out.
            let refusal =
                Refusal::new(RefusalKind::ResourceLimitsExceeded, "Resource limits for this query exceeded.");
            carry_out(from_root(request.prepared, from, &refusal))
        }
        Effect::SubmittedTooQuickly { from } => carry_out(from_root(request.prepared, from, &too_quickly())),
        Effect::TemporaryConflict => {
            // GitHub: observed in 2026; nothing is done and a repeat is right.
            let refusal = Refusal::unprocessable(
                "Your attempt to move this item created a temporary conflict. Please try again.",
            );
            let wanted = rule.matches.field.unwrap_or_default();
            carry_out(request.prepared.map_or_else(Gate::open, |prepared| {
                Gate::fields(prepared, |name| name.contains(&wanted), &refusal)
            }))
        }
        Effect::LaggingLists { ms } => {
            if let Err(error) = edit_world(shared, |world| world.behaviour.items_lag_ms = ms) {
                return Outcome::Answer(super::graphql::broken_state(&error));
            }
            carry_out(Gate::open())
        }
    })
}

/// The answer to a request that does not fit the limits.
pub(super) fn denied(why: Denied, resource: Resource, number: u64) -> Answer {
    match why {
        Denied::Primary(rate) => exhausted(rate, resource, None, Some("RATE_LIMITED")),
        Denied::Creations(wait) => secondary(Wording::ContentCreation, 403, Some(wait.seconds), number)
            .paid(resource.as_str(), wait.rate),
        Denied::Points(wait) => secondary(Wording::SecondaryLimit, 403, Some(wait.seconds), number)
            .paid(resource.as_str(), wait.rate),
    }
}

/// A secondary refusal. GitHub: docs: 200 or 403 for GraphQL, 403 or 429 for REST, with or without `retry-after`.
pub(super) fn secondary(wording: Wording, status: u16, retry_after: Option<u64>, number: u64) -> Answer {
    let id = request_id(number);
    let message = match wording {
        Wording::SecondaryLimit => format!(
            "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out \
             to GitHub Support for help, please include the request ID {id}."
        ),
        Wording::ContentCreation => {
            "You have exceeded a secondary rate limit and have been temporarily blocked from \
                                     content creation. Please retry your request again later."
                .to_owned()
        }
        Wording::AbuseDetection => {
            "You have triggered an abuse detection mechanism. Please wait a few minutes before \
                                    you try again."
                .to_owned()
        }
        Wording::SubmittedTooQuickly => "was submitted too quickly".to_owned(),
    };
    let answer = if status == 200 {
        Answer::json(StatusCode::OK, &json!({ "errors": [{ "message": message }] }))
    } else {
        Answer::refusal(status_of(status), &message)
    };
    match retry_after {
        Some(seconds) => answer.with("retry-after", seconds.to_string()),
        None => answer,
    }
}

/// GitHub: GraphQL answers 200 with an error (docs; wordings observed), REST 403 or 429.
fn exhausted(rate: Rate, resource: Resource, status: Option<u16>, error_type: Option<&str>) -> Answer {
    let message = "API rate limit already exceeded for user ID 1.";
    let (graphql, usual) = match resource {
        Resource::Graphql => (true, 200),
        Resource::Core => (false, 403),
    };
    let status = status_of(status.unwrap_or(usual));
    let answer = if graphql {
        let mut error = json!({ "message": message });
        if let (Some(word), Some(error)) = (error_type, error.as_object_mut()) {
            error.insert("type".to_owned(), json!(word));
        }
        Answer::json(status, &json!({ "errors": [error] }))
    } else {
        Answer::refusal(status, message)
    };
    answer.paid(resource.as_str(), rate)
}

fn gateway(status: StatusCode) -> Answer {
    let reason = status.canonical_reason().unwrap_or_default();
    let title = format!("{} {reason}", status.as_u16());
    let page = format!("<html>\n<head><title>{title}</title></head>\n<body>\n</body>\n</html>\n");
    Answer::text(status, "text/html", page)
}

fn from_root(prepared: Option<&Prepared>, from: usize, refusal: &Refusal) -> Gate {
    prepared.map_or_else(Gate::open, |prepared| Gate::after(prepared, from.saturating_sub(1), refusal))
}

/// GitHub: reported inside GraphQL's errors, for bursts of creations.
fn too_quickly() -> Refusal {
    Refusal::unprocessable("was submitted too quickly")
}

fn untyped(message: &str) -> Refusal {
    Refusal::new(RefusalKind::Untyped, message)
}

fn status_of(number: u16) -> StatusCode {
    StatusCode::from_u16(number).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

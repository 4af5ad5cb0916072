//! The REST API, for what GraphQL has nothing for: milestones, and views with grouping, sorting and columns.
//!
//! It goes through the same transport, permits and windows as GraphQL, with a window of points and an hourly budget of
//! its own. Guarantees: a read is repeated after what passes; a write is sent once. A list is read to its end by its
//! `Link` headers, and only ever from the host that the token is for.

use std::collections::BTreeSet;

use reqwest::Url;
use serde::de::DeserializeOwned;
use serde_json::Value;
use spectra_model::forecast::{POINTS_PER_MUTATING_REQUEST, POINTS_PER_QUERY};
use tracing::Instrument;

use crate::client::{Client, to_json};
use crate::failure::Failure;
use crate::pacing::{Api, Cost, Refusals};
use crate::transport::{HttpRequest, HttpResponse, Method};

/// A write over REST.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    /// Its name in logs.
    pub(crate) name: &'static str,
    /// What is done.
    pub(crate) method: Method,
    /// Where; begins with a slash.
    pub(crate) path: String,
    /// What is sent.
    pub(crate) body: Option<Value>,
    /// Whether it makes content.
    pub(crate) creates: bool,
}

/// One answer to a read.
struct Read {
    value: Value,
    /// The next page's path and query.
    next: Option<String>,
}

impl Client {
    /// Sends a write once; its answer, null where it has none.
    pub(crate) async fn call(&self, call: &Call) -> Result<Value, Failure> {
        let Call { name, method, path, body, creates } = call;
        let request = HttpRequest {
            method: *method,
            url: format!("{}{path}", self.endpoint.rest()),
            token: Some(self.token.clone()),
            body: body.as_ref().map(to_json).transpose()?,
        };
        let cost =
            Cost { creations: u64::from(*creates), points: POINTS_PER_MUTATING_REQUEST, api: Api::Rest };
        let span =
            tracing::debug_span!("request", operation = name, mutations = 1, creations = cost.creations);
        decoded(&self.deliver(request, 1, cost).instrument(span).await?)
    }

    /// Reads, and repeats that while it may help.
    pub(crate) async fn rest_read(&self, name: &'static str, path: &str) -> Result<Value, Failure> {
        let url = format!("{}{path}", self.endpoint.rest());
        self.read(name, url).await.map(|read| read.value)
    }

    /// Reads a list to its end. The path asks for its page size.
    pub(crate) async fn rest_list<T: DeserializeOwned>(
        &self,
        name: &'static str,
        path: &str,
    ) -> Result<Vec<T>, Failure> {
        let mut url = format!("{}{path}", self.endpoint.rest());
        let mut seen = BTreeSet::new();
        let mut all = Vec::new();
        loop {
            if !seen.insert(url.clone()) {
                return Err(Failure::malformed(format!("the pages of {name} run in a circle")));
            }
            let Read { value, next } = self.read(name, url).await?;
            let page: Vec<T> = serde_json::from_value(value)
                .map_err(|error| Failure::malformed(format!("{name}: {error}")))?;
            all.extend(page);
            let Some(next) = next else { return Ok(all) };
            url = format!("{}{next}", self.endpoint.rest_origin());
        }
    }

    async fn read(&self, name: &'static str, url: String) -> Result<Read, Failure> {
        let request = HttpRequest { method: Method::Get, url, token: Some(self.token.clone()), body: None };
        let cost = Cost { creations: 0, points: POINTS_PER_QUERY, api: Api::Rest };
        let mut pauses = self.backoff();
        let mut refusals = Refusals::default();
        loop {
            let span = tracing::debug_span!("request", operation = name, mutations = 0, creations = 0);
            let answer = self.deliver(request.clone(), 0, cost).instrument(span).await;
            let answer =
                answer.and_then(|response| Ok(Read { value: decoded(&response)?, next: next(&response)? }));
            let failure = match answer {
                Ok(read) => return Ok(read),
                Err(failure) => failure,
            };
            let pause = if failure.is_limit() {
                refusals.pause(&failure)
            } else if failure.is_transient() {
                pauses.next()
            } else {
                None
            };
            let Some(pause) = pause else { return Err(failure) };
            self.pause(Api::Rest, name, &failure, pause).await;
        }
    }
}

/// A part of a path, whatever characters it has.
pub(crate) fn segment(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
            encoded.push(char::from(byte));
        } else {
            encoded.extend(['%', hex(byte >> 4), hex(byte & 0xF)]);
        }
        encoded
    })
}

fn hex(digit: u8) -> char {
    char::from_digit(digit.into(), 16).unwrap_or('0').to_ascii_uppercase()
}

fn decoded(response: &HttpResponse) -> Result<Value, Failure> {
    match response.status {
        204 => Ok(Value::Null),
        200..=299 => serde_json::from_slice(&response.body)
            .map_err(|error| Failure::of_body(response, &error.to_string())),
        _ => Err(Failure::of_rest(response)),
    }
}

/// The path and query of the next page (RFC 8288). The host of the link is not gone to: the token is for this one.
fn next(response: &HttpResponse) -> Result<Option<String>, Failure> {
    let links = response.header("link").unwrap_or_default();
    let target = links.split(',').find_map(|link| {
        let (target, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
        let is_next = |it: &str| matches!(it.trim(), "rel=\"next\"" | "rel=next");
        parameters.split(';').any(is_next).then_some(target)
    });
    let Some(target) = target else { return Ok(None) };
    let url = Url::parse(target)
        .map_err(|error| Failure::malformed(format!("a link to the next page: {error}")))?;
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    Ok(Some(format!("{}{query}", url.path())))
}

#[cfg(test)]
mod tests;

//! Answers, and lists page by page. GitHub: docs "Using pagination in the REST API": `per_page` is 30 unless given and at
//! most 100; a `Link` header leads on. Lists of projects go by cursors, all others by page numbers.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::super::answer::Answer;
use super::Routed;
use super::call::{Call, encode};
use super::failure::Failure;
use super::shapes::merge;
use crate::base64;

const USUAL: usize = 30;
const MOST: usize = 100;

/// What a route answers.
#[derive(Debug)]
pub(super) struct Reply {
    status: StatusCode,
    body: Option<Value>,
    headers: Vec<(&'static str, String)>,
}

impl Reply {
    pub(super) fn ok(body: Value) -> Self {
        Self::with_status(StatusCode::OK, body)
    }

    pub(super) fn with_status(status: StatusCode, body: Value) -> Self {
        Self { status, body: Some(body), headers: Vec::new() }
    }

    pub(super) fn nothing() -> Self {
        Self { status: StatusCode::NO_CONTENT, body: None, headers: Vec::new() }
    }

    /// The same with another body, if it has one.
    pub(super) fn with_body(self, change: impl FnOnce(Value) -> Value) -> Self {
        Self { body: self.body.map(change), ..self }
    }

    /// Where the new thing is.
    pub(super) fn at(mut self, location: String) -> Self {
        self.headers.push(("location", location));
        self
    }

    pub(super) fn answer(self) -> Answer {
        let answer = match &self.body {
            Some(body) => Answer::json(self.status, body),
            None => Answer::text(self.status, "application/json; charset=utf-8", ""),
        };
        self.headers.into_iter().fold(answer, |answer, (name, value)| answer.with(name, value))
    }
}

/// One page by number.
#[expect(clippy::unnecessary_wraps, reason = "routes end in it, and a route gives a Result")]
pub(super) fn page<T>(call: &Call<'_>, rows: &[T], shape: impl FnMut(&T) -> Value) -> Routed {
    let (items, link) = numbered(call, rows);
    let mut reply = Reply::ok(Value::Array(items.iter().map(shape).collect()));
    reply.headers.extend(link.map(|link| ("link", link)));
    Ok(reply)
}

/// One page by number, in an object that counts them all.
#[expect(clippy::unnecessary_wraps, reason = "routes end in it, and a route gives a Result")]
pub(super) fn counted_page<T>(
    call: &Call<'_>,
    rows: &[T],
    (name, rest): (&str, Value),
    shape: impl FnMut(&T) -> Value,
) -> Routed {
    let (items, link) = numbered(call, rows);
    // GitHub: recorded: the count comes first and the list last; Octokit takes the first member that it does not know for
    // the list.
    let mut body = json!({ "total_count": rows.len() });
    merge(&mut body, rest);
    merge(&mut body, json!({ name: items.iter().map(shape).collect::<Vec<_>>() }));
    let mut reply = Reply::ok(body);
    reply.headers.extend(link.map(|link| ("link", link)));
    Ok(reply)
}

/// One page by cursor. The key tells a row from its neighbours.
pub(super) fn cursored<T>(
    call: &Call<'_>,
    rows: &[T],
    key: impl Fn(&T) -> String,
    shape: impl FnMut(&T) -> Value,
) -> Routed {
    let place = |name: &str| -> Result<Option<usize>, Failure> {
        let Some(cursor) = call.parameter(name) else { return Ok(None) };
        let text = base64::decode(cursor).and_then(|bytes| String::from_utf8(bytes).ok());
        let known = text.as_deref().and_then(|text| text.strip_prefix("rest:")?.split_once(':'));
        let (former, wanted) = known.ok_or_else(|| Failure::invalid(name, "invalid"))?;
        let now = rows.iter().position(|row| key(row) == wanted);
        Ok(Some(now.unwrap_or_else(|| former.parse().unwrap_or(rows.len()))))
    };
    let size = size(call);
    let (start, end) = match (place("after")?, place("before")?) {
        (Some(after), _) => (after.saturating_add(1), after.saturating_add(1).saturating_add(size)),
        (None, Some(before)) => (before.saturating_sub(size), before),
        (None, None) => (0, size),
    };
    let (start, end) = (start.min(rows.len()), end.min(rows.len()));
    let items = rows.get(start..end).unwrap_or_default();
    let cursor = |row: &T, place: usize| base64::encode(format!("rest:{place}:{}", key(row)).as_bytes());
    let mut links = Vec::new();
    if let (Some(last), true) = (items.last(), end < rows.len()) {
        links.push(link(call, &["before", "after"], ("after", &cursor(last, end - 1)), "next"));
    }
    if let (Some(first), true) = (items.first(), start > 0) {
        links.push(link(call, &["before", "after"], ("before", &cursor(first, start)), "prev"));
    }
    let mut reply = Reply::ok(Value::Array(items.iter().map(shape).collect()));
    if !links.is_empty() {
        reply.headers.push(("link", links.join(", ")));
    }
    Ok(reply)
}

fn numbered<'r, T>(call: &Call<'_>, rows: &'r [T]) -> (&'r [T], Option<String>) {
    let size = size(call);
    let number = call.parameter("page").and_then(|page| page.parse().ok()).filter(|page| *page > 0);
    let number: usize = number.unwrap_or(1);
    let start = (number - 1).saturating_mul(size).min(rows.len());
    let end = start.saturating_add(size).min(rows.len());
    let last = rows.len().div_ceil(size).max(1);
    let mut links = Vec::new();
    let mut add = |page: usize, rel| links.push(link(call, &["page"], ("page", &page.to_string()), rel));
    if number > 1 {
        add(number - 1, "prev");
    }
    if number < last {
        add(number + 1, "next");
        add(last, "last");
    }
    if number > 1 {
        add(1, "first");
    }
    (rows.get(start..end).unwrap_or_default(), (!links.is_empty()).then(|| links.join(", ")))
}

/// GitHub takes what is out of bounds for the nearest bound, and what is no number for nothing.
fn size(call: &Call<'_>) -> usize {
    let given = call.parameter("per_page").and_then(|size| size.parse().ok()).filter(|size| *size > 0);
    given.unwrap_or(USUAL).min(MOST)
}

/// An entry of a `Link` header: the same request with another place in it.
fn link(call: &Call<'_>, without: &[&str], (name, value): (&str, &str), rel: &str) -> String {
    let kept = call.query.iter().filter(|(key, _)| !without.contains(&key.as_str()));
    let kept = kept.map(|(key, value)| (key.as_str(), value.as_str()));
    let query: Vec<String> = kept
        .chain([(name, value)])
        .map(|(key, value)| format!("{}={}", encode(key), encode(value)))
        .collect();
    format!("<{}?{}>; rel=\"{rel}\"", call.url(call.page_path()), query.join("&"))
}

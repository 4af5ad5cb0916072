//! Answers with the headers that GitHub sends.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::graphql::Rate;

/// What a classic token of an owner may do. GitHub: sent as `x-oauth-scopes`.
const SCOPES: &str = "admin:org, project, repo";

/// An answer before it has headers.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Vec<u8>,
    pub(super) content_type: &'static str,
    pub(super) headers: Vec<(String, String)>,
    /// Which budget it was paid from, and what is left.
    pub(super) rate: Option<(&'static str, Rate)>,
    /// The token's scopes; a GitHub App's has none.
    pub(super) scopes: Option<String>,
}

impl Answer {
    /// JSON.
    pub(super) fn json(status: StatusCode, body: &Value) -> Self {
        Self {
            status,
            body: body.to_string().into_bytes(),
            content_type: "application/json; charset=utf-8",
            headers: Vec::new(),
            rate: None,
            scopes: Some(SCOPES.to_owned()),
        }
    }

    /// GitHub's error body of REST.
    pub(super) fn refusal(status: StatusCode, message: &str) -> Self {
        let body = json!({
            "message": message,
            "documentation_url": "https://docs.github.com/rest",
            "status": status.as_u16().to_string(),
        });
        Self::json(status, &body)
    }

    /// Any text.
    pub(super) fn text(status: StatusCode, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        let scopes = Some(SCOPES.to_owned());
        Self { status, body: body.into(), content_type, headers: Vec::new(), rate: None, scopes }
    }

    pub(super) fn paid(mut self, resource: &'static str, rate: Rate) -> Self {
        self.rate = Some((resource, rate));
        self
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The answer with GitHub's headers. The number of the request makes its id.
    pub(super) fn send(self, now: Timestamp, request: u64) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        let mut set = |name: HeaderName, value: String| {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        };
        set(header::CONTENT_TYPE, self.content_type.to_owned());
        set(header::DATE, now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
        set(header::SERVER, "github.com".to_owned());
        set(named("x-github-request-id"), request_id(request));
        set(named("x-github-media-type"), "github.v4; format=json".to_owned());
        if let Some(scopes) = self.scopes {
            set(named("x-oauth-scopes"), scopes);
            set(named("x-accepted-oauth-scopes"), "repo".to_owned());
        }
        if let Some((resource, rate)) = self.rate {
            set(named("x-ratelimit-limit"), rate.limit.to_string());
            set(named("x-ratelimit-remaining"), rate.limit.saturating_sub(rate.used).to_string());
            set(named("x-ratelimit-used"), rate.used.to_string());
            set(named("x-ratelimit-reset"), rate.reset_at.as_second().to_string());
            set(named("x-ratelimit-resource"), resource.to_owned());
        }
        for (name, value) in self.headers {
            if let Ok(name) = HeaderName::try_from(name) {
                set(name, value);
            }
        }
        response
    }
}

/// GitHub's request ids: groups of hex digits. The same sandbox gives the same ones.
pub(super) fn request_id(request: u64) -> String {
    let mixed = request.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!("{:04X}:{:06X}:{:07X}:{:07X}:{:08X}", mixed >> 48, mixed >> 40, mixed >> 36, request, mixed >> 32)
}

fn named(name: &'static str) -> HeaderName {
    HeaderName::from_static(name)
}

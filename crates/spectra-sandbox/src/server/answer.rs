//! Answers with the headers that GitHub sends.

use std::io::Write as _;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use flate2::Compression;
use flate2::write::GzEncoder;
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
    /// Scopes of which the path takes any.
    pub(super) accepted: &'static str,
    /// Which API it is an answer of.
    pub(super) api: Api,
}

/// GitHub's two APIs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Api {
    Rest,
    Graphql,
}

/// Headers on every answer. GitHub: recorded.
const ALWAYS: [(&str, &str); 8] = [
    ("access-control-allow-origin", "*"),
    (
        "access-control-expose-headers",
        "ETag, Link, Location, Retry-After, X-GitHub-OTP, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Used, \
         X-RateLimit-Resource, X-RateLimit-Reset, X-OAuth-Scopes, X-Accepted-OAuth-Scopes, X-Poll-Interval, \
         X-GitHub-Media-Type, X-GitHub-SSO, X-GitHub-Request-Id, Deprecation, Sunset",
    ),
    ("content-security-policy", "default-src 'none'"),
    ("referrer-policy", "origin-when-cross-origin, strict-origin-when-cross-origin"),
    ("vary", "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "deny"),
    ("x-xss-protection", "0"),
];

/// What is shorter is not packed: it would not become smaller.
const WORTH_PACKING: usize = 860;

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
            accepted: "repo",
            api: Api::Rest,
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
        Self { body: body.into(), content_type, ..Self::json(status, &Value::Null) }
    }

    pub(super) fn paid(mut self, resource: &'static str, rate: Rate) -> Self {
        self.rate = Some((resource, rate));
        self
    }

    pub(super) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The answer with GitHub's headers, packed if the client takes that. The number of the request makes its id.
    pub(super) fn send(self, now: Timestamp, request: u64, takes_gzip: bool) -> Response<Body> {
        let packed = (takes_gzip && self.body.len() >= WORTH_PACKING).then(|| pack(&self.body)).flatten();
        let is_packed = packed.is_some();
        let is_empty = self.body.is_empty();
        let mut response = Response::new(Body::from(packed.unwrap_or(self.body)));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        let mut set = |name: HeaderName, value: String| {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        };
        for (name, value) in ALWAYS {
            set(named(name), value.to_owned());
        }
        if is_packed {
            set(header::CONTENT_ENCODING, "gzip".to_owned());
        }
        // GitHub: observed in recorded answers: 204 and 304 have no type.
        if !is_empty || self.status == StatusCode::OK {
            set(header::CONTENT_TYPE, self.content_type.to_owned());
        }
        set(header::DATE, now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string());
        set(header::SERVER, "github.com".to_owned());
        set(named("x-github-request-id"), request_id(request));
        let media_type = match self.api {
            Api::Rest => "github.v3; format=json",
            Api::Graphql => "github.v4; format=json",
        };
        set(named("x-github-media-type"), media_type.to_owned());
        if let Some(scopes) = self.scopes {
            set(named("x-oauth-scopes"), scopes);
            set(named("x-accepted-oauth-scopes"), self.accepted.to_owned());
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

/// The body as gzip; nothing when that fails, and then it goes as it is.
fn pack(body: &[u8]) -> Option<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(body).ok()?;
    packer.finish().ok()
}

fn named(name: &'static str) -> HeaderName {
    HeaderName::from_static(name)
}

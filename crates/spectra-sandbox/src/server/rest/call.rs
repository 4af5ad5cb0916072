//! A REST request, taken apart.

use std::cell::OnceCell;

use axum::http::{Method, StatusCode, header};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::super::Asked;
use super::super::auth::Caller;
use super::failure::Failure;
use crate::world::ids::NodeId;

const ENTERPRISE: &str = "/api/v3";

/// A REST request.
pub(super) struct Call<'a> {
    pub(super) method: Method,
    pub(super) caller: &'a Caller,
    pub(super) now: Timestamp,
    /// The address of the API as the client knows it, without a slash at its end.
    base: String,
    /// The path below that, decoded part by part.
    parts: Vec<String>,
    /// The query's parameters, decoded, in order.
    pub(super) query: Vec<(String, String)>,
    body: &'a [u8],
    /// The path below the API's address, as it was sent.
    pub(super) path: String,
    /// The same path by ids in the place of names, once it is known.
    by_ids: OnceCell<String>,
}

/// The path without the prefix of GitHub Enterprise.
pub(super) fn path(path: &str) -> &str {
    match path.strip_prefix(ENTERPRISE) {
        Some("") => "/",
        Some(rest) if rest.starts_with('/') => rest,
        Some(_) | None => path,
    }
}

impl<'a> Call<'a> {
    pub(super) fn new(asked: &'a Asked, caller: &'a Caller, now: Timestamp) -> Self {
        let below = path(&asked.path);
        let prefix = if below.len() == asked.path.len() { "" } else { ENTERPRISE };
        let host = asked.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let base = format!("http://{}{prefix}", host.unwrap_or("api.github.com"));
        let query = asked.query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(&name.replace('+', " ")), decode(&value.replace('+', " ")))
        });
        Self {
            // Whoever asks for the head alone is answered as if for all of it; the body stays behind on the way.
            method: if asked.method == Method::HEAD { Method::GET } else { asked.method.clone() },
            caller,
            now,
            base,
            parts: below.trim_start_matches('/').split('/').map(decode).collect(),
            query: query.collect(),
            body: &asked.body,
            path: below.to_owned(),
            by_ids: OnceCell::new(),
        }
    }

    pub(super) fn parts(&self) -> Vec<&str> {
        self.parts.iter().map(String::as_str).collect()
    }

    pub(super) fn is_read(&self) -> bool {
        self.method == Method::GET
    }

    /// Says what the path is called by ids. GitHub: observed in recorded answers: links to other pages name repositories,
    /// organisations and users by their numeric ids.
    pub(super) fn known_as(&self, path: String) {
        // The first who knows it says it.
        drop(self.by_ids.set(path));
    }

    /// The path for a link to another page.
    pub(super) fn page_path(&self) -> &str {
        self.by_ids.get().map_or(&self.path, String::as_str)
    }

    /// Whether the route may have done something before it is refused: labels that come into being with an issue, and
    /// several values of one item.
    pub(super) fn touches_twice(&self) -> bool {
        match self.parts().as_slice() {
            ["repos", _, _, "issues", ..] | ["repositories", _, "issues", ..] => {
                self.method != Method::DELETE
            }
            [.., "items", _] => self.method == Method::PATCH,
            _ => false,
        }
    }

    /// An address of this API.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub(super) fn base(&self) -> &str {
        &self.base
    }

    /// A parameter of the query that is not empty.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().rev().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// A moment among the parameters; GitHub writes and takes ISO 8601.
    pub(super) fn moment(&self, name: &str) -> Result<Option<Timestamp>, Failure> {
        let text = self.parameter(name);
        text.map(|text| text.parse().ok().ok_or_else(|| Failure::invalid(name, "invalid"))).transpose()
    }

    /// A parameter that may only be one of some words; the first of them when it is absent.
    pub(super) fn choice<'w>(&self, name: &str, words: &[&'w str]) -> Result<&'w str, Failure> {
        let first = words.first().copied().unwrap_or_default();
        match self.parameter(name) {
            None => Ok(first),
            Some(given) => words
                .iter()
                .find(|word| **word == given)
                .copied()
                .ok_or_else(|| Failure::invalid(name, "invalid")),
        }
    }

    /// The body. GitHub: docs "Troubleshooting the REST API", both messages.
    pub(super) fn body(&self) -> Result<Body, Failure> {
        if self.body.is_empty() {
            return Ok(Body(Map::new()));
        }
        let problem = |message| Failure::status(StatusCode::BAD_REQUEST, message);
        match serde_json::from_slice(self.body) {
            Ok(Value::Object(body)) => Ok(Body(body)),
            Ok(_) => Err(problem("Body should be a JSON object")),
            Err(_) => Err(problem("Problems parsing JSON")),
        }
    }

    /// The body, which some routes take as a list too.
    pub(super) fn any_body(&self) -> Result<Value, Failure> {
        if self.body.is_empty() {
            return Ok(Value::Null);
        }
        let broken = |_| Failure::status(StatusCode::BAD_REQUEST, "Problems parsing JSON");
        serde_json::from_slice(self.body).map_err(broken)
    }

    /// The world's input, by the names of GitHub's schema.
    pub(super) fn input<T: DeserializeOwned>(value: Value) -> Result<T, Failure> {
        serde_json::from_value(value)
            .map_err(|error| Failure::status(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()))
    }

    /// The caller may ask for this at all. GitHub: wordings observed; which permission a route needs is in its docs.
    pub(super) fn permitted(&self, parts: &[&str]) -> Result<(), Failure> {
        let is_app_route = matches!(parts, ["app", ..] | [.., "installation"]);
        let forbidden = |who: &str| {
            Err(Failure::status(StatusCode::FORBIDDEN, &format!("Resource not accessible by {who}")))
        };
        let is_write = !self.is_read();
        match self.caller {
            // GitHub: App routes take nothing but a JSON web token; the message was reported.
            Caller::App(_) if is_app_route => Ok(()),
            Caller::Person(_) | Caller::Installation(_) if is_app_route => {
                Err(Failure::status(StatusCode::UNAUTHORIZED, "A JSON web token could not be decoded"))
            }
            Caller::App(_) => forbidden("integration"),
            // Who may reach whose projects is the world's to say; scopes are the token's own.
            Caller::Person(person) => {
                let enough = person.has("project") || (self.is_read() && person.has("read:project"));
                if parts.contains(&"projectsV2") && !enough {
                    return forbidden("personal access token");
                }
                match parts {
                    // GitHub: docs "Scopes for OAuth apps"; what a token may not change is not found.
                    ["repos", ..] if is_write && !person.has("repo") && !person.has("public_repo") => {
                        Err(Failure::NotFound)
                    }
                    ["orgs", _, "issue-types", ..] if is_write && !person.has("admin:org") => {
                        Err(Failure::NotFound)
                    }
                    _ => Ok(()),
                }
            }
            Caller::Installation(grant) => {
                let level = if self.is_read() { "read" } else { "write" };
                let needed = match parts {
                    [_, _, "projectsV2", ..] => Some("organization_projects"),
                    ["repos", _, _, "issues" | "labels" | "milestones" | "assignees", ..] => Some("issues"),
                    ["orgs", _, "members" | "teams" | "memberships", ..] => Some("members"),
                    ["orgs", _, "issue-types", ..] if is_write => Some("organization_administration"),
                    ["repos", _, _] | ["orgs", _, "repos"] if is_write => Some("administration"),
                    ["user", ..] => return forbidden("integration"),
                    _ => None,
                };
                if let ["repos", _, name, ..] = parts
                    && let Some(given) = &grant.repositories
                    && !given.iter().any(|known| known.eq_ignore_ascii_case(name))
                {
                    return Err(Failure::NotFound);
                }
                match needed {
                    Some(permission) if !grant.allows(permission, level) => forbidden("integration"),
                    Some(_) | None => Ok(()),
                }
            }
        }
    }
}

/// A JSON object that was sent.
#[derive(Debug)]
pub(super) struct Body(Map<String, Value>);

impl Body {
    /// A value that was sent, null included.
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// A text; null counts as absent.
    pub(super) fn text(&self, name: &str) -> Result<Option<&str>, Failure> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Failure::invalid(name, "invalid")),
        }
    }

    /// A text that has to be there.
    pub(super) fn needed(&self, name: &str) -> Result<&str, Failure> {
        self.text(name)?.ok_or_else(|| Failure::invalid(name, "missing_field"))
    }

    /// A text, and whether it was sent at all.
    #[expect(clippy::option_option, reason = "absent, null and a value are three things here")]
    pub(super) fn nullable(&self, name: &str) -> Result<Option<Option<&str>>, Failure> {
        if self.0.contains_key(name) { self.text(name).map(Some) } else { Ok(None) }
    }

    /// A whole number; null counts as absent. GitHub takes digits in a text as well.
    pub(super) fn number(&self, name: &str) -> Result<Option<u64>, Failure> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => number(value).map(Some).ok_or_else(|| Failure::invalid(name, "invalid")),
        }
    }

    /// A whole number that has to be there.
    pub(super) fn needed_number(&self, name: &str) -> Result<u64, Failure> {
        self.number(name)?.ok_or_else(|| Failure::invalid(name, "missing_field"))
    }

    /// Yes or no.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Failure> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(Failure::invalid(name, "invalid")),
        }
    }

    /// A list; null counts as absent.
    pub(super) fn list(&self, name: &str) -> Result<Option<&[Value]>, Failure> {
        match self.0.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Array(list)) => Ok(Some(list)),
            Some(_) => Err(Failure::invalid(name, "invalid")),
        }
    }

    /// A moment; GitHub writes and takes ISO 8601.
    pub(super) fn moment(&self, name: &str) -> Result<Option<Timestamp>, Failure> {
        let text = self.text(name)?;
        text.map(|text| text.parse().ok().ok_or_else(|| Failure::invalid(name, "invalid"))).transpose()
    }
}

/// A whole number, or digits in a text.
pub(super) fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Ids as JSON for the world's inputs.
pub(super) fn ids(ids: &[NodeId]) -> Value {
    Value::Array(ids.iter().map(|id| Value::String(id.to_string())).collect())
}

/// What percent signs stand for.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            Some(_) | None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Text for a part of a path or of a query.
pub(super) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.extend(
                [byte >> 4, byte & 15].map(|half| {
                    char::from(b"0123456789ABCDEF".get(usize::from(half)).copied().unwrap_or(b'0'))
                }),
            );
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_parameters_are_decoded_once() {
        assert_eq!(decode("good%20first%2Fissue%25"), "good first/issue%");
        assert_eq!(decode("100%"), "100%");
        assert_eq!(decode(&encode("a b/ü+&")), "a b/ü+&");
        assert_eq!((path("/api/v3/user"), path("/api/v3"), path("/api/v30")), ("/user", "/", "/api/v30"));
    }
}

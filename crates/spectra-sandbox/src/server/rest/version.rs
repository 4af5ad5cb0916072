//! Versions of GitHub's REST API: which there are, and in what their answers differ.
//!
//! Everything else is written for the first version; the newer one is made from its answers.

use axum::http::HeaderMap;
use serde_json::{Map, Value};

/// A version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// `2022-11-28`. GitHub: docs "API Versions": taken where none is asked for.
    First,
    /// `2026-03-10`.
    Second,
}

/// All of them, newest first, as `/versions` lists them.
pub(super) const ALL: [Version; 2] = [Version::Second, Version::First];

impl Version {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::First => "2022-11-28",
            Self::Second => "2026-03-10",
        }
    }

    /// The version that a request asks for; what was asked for instead, where there is no such version.
    pub(super) fn asked_for(headers: &HeaderMap) -> Result<Self, String> {
        let Some(value) = headers.get("x-github-api-version") else { return Ok(Self::First) };
        let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
        ALL.into_iter().find(|known| known.as_str() == text).ok_or(text)
    }

    /// An answer of the first version as one of this version.
    pub(super) fn of(self, mut body: Value) -> Value {
        if self == Self::Second {
            walk(&mut body);
        }
        body
    }
}

fn walk(value: &mut Value) {
    match value {
        Value::Array(list) => list.iter_mut().for_each(walk),
        Value::Object(object) => {
            second(object);
            object.values_mut().for_each(walk);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// GitHub: the OpenAPI description of `2026-03-10` beside that of `2022-11-28`.
fn second(object: &mut Map<String, Value>) {
    let has = |name: &str| object.contains_key(name);
    let is_issue = has("assignees") && has("labels_url");
    let is_label = has("color") && has("default");
    let is_root = has("current_user_url");
    let is_overview = has("resources") && has("rate");
    let dropped: &[&str] = if is_issue {
        &["assignee"]
    } else if is_root {
        &["authorizations_url", "hub_url"]
    } else if is_overview {
        &["rate"]
    } else {
        &["has_downloads", "use_squash_pr_title_as_default"]
    };
    for name in dropped {
        object.shift_remove(*name);
    }
    if is_label {
        object.insert("archived_at".to_owned(), Value::Null);
        object.insert("archived_by".to_owned(), Value::Null);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_newer_version_drops_what_github_dropped() {
        let label = json!({ "name": "bug", "color": "ffffff", "default": true });
        let issue = json!({ "assignee": null, "assignees": [], "labels_url": "", "labels": [label] });
        assert_eq!(Version::First.of(issue.clone()), issue);
        let shown = Version::Second.of(json!([issue]));
        assert_eq!(shown[0].get("assignee"), None);
        assert_eq!(shown[0]["labels"][0]["archived_at"], Value::Null);
        assert!(shown[0]["labels"][0].get("archived_by").is_some());
        let event = json!({ "event": "assigned", "assignee": { "login": "octocat" } });
        assert_eq!(Version::Second.of(event.clone()), event);
    }
}

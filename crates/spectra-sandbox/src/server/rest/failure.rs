//! REST's ways of saying no. GitHub: docs "Troubleshooting the REST API": 404 for what is absent or hidden, 422 with
//! `errors[]` of `resource`, `field`, `code`.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::super::answer::Answer;
use super::call::Call;
use crate::world::{Refusal, RefusalKind};

/// What the world says of a repository's name that another one has.
const TAKEN: &str = "Name already exists on this account";
const DOCS: &str = "https://docs.github.com/rest";

/// Why a route gave nothing.
#[derive(Debug)]
pub(super) enum Failure {
    /// Absent, or not visible.
    NotFound,
    /// A value of the request does not fit.
    Invalid { field: String, code: &'static str, value: Option<Value> },
    /// The world refused.
    Refused(Refusal),
    /// Any other status.
    Status(StatusCode, String),
    /// It is elsewhere by now, at this path of the API.
    Moved(String),
    /// GitHub has it, the sandbox does not.
    NotModelled,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Failure {
    pub(super) fn invalid(field: &str, code: &'static str) -> Self {
        Self::Invalid { field: field.to_owned(), code, value: None }
    }

    /// A value that names nothing.
    pub(super) fn unknown(field: &str, value: &Value) -> Self {
        Self::Invalid { field: field.to_owned(), code: "invalid", value: Some(value.clone()) }
    }

    pub(super) fn status(status: StatusCode, message: &str) -> Self {
        Self::Status(status, message.to_owned())
    }

    pub(super) fn answer(self, call: &Call<'_>) -> Answer {
        let resource = resource(&call.parts());
        match self {
            Self::NotFound => Answer::refusal(StatusCode::NOT_FOUND, "Not Found"),
            Self::Status(status, message) => Answer::refusal(status, &message),
            Self::Moved(path) => moved(call, &path),
            Self::Invalid { field, code, value } => {
                let mut error = json!({ "resource": resource, "field": field, "code": code });
                if let (Some(value), Some(error)) = (value, error.as_object_mut()) {
                    error.insert("value".to_owned(), value);
                }
                unprocessable(&[error])
            }
            Self::Refused(refusal) => refused(&refusal, resource),
            Self::NotModelled => {
                let message = format!("The sandbox does not model {} {}.", call.method, call.path);
                Answer::refusal(StatusCode::NOT_IMPLEMENTED, &message)
            }
        }
    }
}

/// GitHub: observed in recorded answers: 301 for what is read and 307 for what is written, with the same body.
fn moved(call: &Call<'_>, path: &str) -> Answer {
    let status = if call.is_read() { StatusCode::MOVED_PERMANENTLY } else { StatusCode::TEMPORARY_REDIRECT };
    let place = call.url(path);
    let body = json!({
        "message": "Moved Permanently",
        "url": place,
        "documentation_url": "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects",
    });
    Answer::json(status, &body).with("location", place)
}

fn refused(refusal: &Refusal, resource: &str) -> Answer {
    let message = refusal.message.as_str();
    match refusal.kind {
        RefusalKind::NotFound => Answer::refusal(StatusCode::NOT_FOUND, "Not Found"),
        RefusalKind::Forbidden if message.starts_with("Repository was archived") => {
            Answer::refusal(StatusCode::FORBIDDEN, message)
        }
        // GitHub: OpenAPI names no 403 for labels and milestones: who may not push is told that there is nothing.
        RefusalKind::Forbidden if matches!(resource, "Label" | "Milestone") => {
            Answer::refusal(StatusCode::NOT_FOUND, "Not Found")
        }
        RefusalKind::Forbidden => {
            Answer::refusal(StatusCode::FORBIDDEN, "Must have admin rights to Repository.")
        }
        RefusalKind::NotModelled => Answer::refusal(StatusCode::NOT_IMPLEMENTED, message),
        RefusalKind::Internal => Answer::refusal(StatusCode::INTERNAL_SERVER_ERROR, message),
        // GitHub: observed for dependencies and reported for sub-issues: the sentence is the message.
        RefusalKind::Validation | RefusalKind::Unprocessable
            if message.starts_with("An error occurred") || message.starts_with("Parent cannot") =>
        {
            Answer::refusal(StatusCode::UNPROCESSABLE_ENTITY, message)
        }
        RefusalKind::Validation
        | RefusalKind::Unprocessable
        | RefusalKind::MissingPaginationBoundaries
        | RefusalKind::ExcessivePagination
        | RefusalKind::ArgumentError
        | RefusalKind::MaxNodeLimitExceeded
        | RefusalKind::RateLimited
        | RefusalKind::ResourceLimitsExceeded
        | RefusalKind::Untyped => unprocessable(&[explained(message, resource)]),
    }
}

/// A sentence of the world as an entry of `errors[]`. GitHub: docs: `missing_field`, `invalid`, `already_exists`; a
/// `custom` one brings its sentence.
fn explained(message: &str, resource: &str) -> Value {
    let field_before = |rest: &str| message.strip_suffix(rest).map(str::to_lowercase);
    let coded = |code: &str, field: String| json!({ "resource": resource, "field": field, "code": code });
    if message == TAKEN {
        // GitHub: common knowledge, in small letters here and with a headline of its own.
        return json!({ "resource": resource, "code": "custom", "field": "name", "message": TAKEN.replacen('N', "n", 1) });
    }
    if let Some(field) = field_before(" has already been taken") {
        return coded("already_exists", field);
    }
    if let Some(field) = field_before(" can't be blank") {
        return coded("missing_field", field);
    }
    if let Some(field) = field_before(" is invalid") {
        return coded("invalid", field);
    }
    match message.split_once(" is too long") {
        Some((field, _)) => json!({
            "resource": resource,
            "field": field.to_lowercase(),
            "code": "custom",
            "message": message,
        }),
        None => json!({ "resource": resource, "code": "custom", "message": message }),
    }
}

fn unprocessable(errors: &[Value]) -> Answer {
    let is_repository =
        errors.iter().any(|error| error.get("resource").is_some_and(|resource| resource == "Repository"));
    let body = json!({
        "message": if is_repository { "Repository creation failed." } else { "Validation Failed" },
        "errors": errors,
        "documentation_url": DOCS,
        "status": "422",
    });
    Answer::json(StatusCode::UNPROCESSABLE_ENTITY, &body)
}

/// GitHub's name for what the path is about.
fn resource(parts: &[&str]) -> &'static str {
    let named = parts.iter().rev().find_map(|part| match *part {
        "milestones" => Some("Milestone"),
        "labels" => Some("Label"),
        "comments" => Some("IssueComment"),
        "fields" => Some("ProjectV2Field"),
        "views" => Some("ProjectV2View"),
        "items" | "drafts" => Some("ProjectV2Item"),
        "projectsV2" => Some("ProjectV2"),
        "issue-types" => Some("IssueType"),
        "repos" => Some("Repository"),
        "issues" => Some(if parts.contains(&"search") { "Search" } else { "Issue" }),
        _ => None,
    });
    named.unwrap_or("Resource")
}

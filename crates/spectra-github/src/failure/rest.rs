//! What the REST API's refusals mean, and what they say.

use serde_json::Value;

use super::{Failure, LONGEST_MESSAGE, says_already};
use crate::transport::HttpResponse;

impl Failure {
    /// What an answer of the REST API means whose status is not one of success.
    pub(crate) fn of_rest(response: &HttpResponse) -> Self {
        let failure = Self::of_status(response);
        let is_plain = matches!(
            failure,
            Self::Refused { .. }
                | Self::AlreadyThere { .. }
                | Self::NotFound { .. }
                | Self::Validation { .. }
        );
        // What the server doesn't implement it didn't do a part of.
        if !is_plain && response.status != 501 {
            return failure;
        }
        let Rest { message, already } = Rest::of(response);
        let message = format!("HTTP {} {message}", response.status).trim_end().to_owned();
        match response.status {
            404 | 410 => Self::NotFound { message },
            422 if already => Self::AlreadyThere { message },
            status => Self::Refused { r#type: Some(format!("HTTP {status}")), message },
        }
    }

    /// Whether it may be that the route isn't there for this server, token or board, rather than what it leads to.
    pub(crate) fn says_no_route(&self) -> bool {
        let not_implemented = |it: &str| matches!(it, "HTTP 405" | "HTTP 501");
        match self {
            Self::NotFound { .. } | Self::Forbidden { .. } => true,
            Self::Refused { r#type, .. } => r#type.as_deref().is_some_and(not_implemented),
            Self::Unauthorised { .. }
            | Self::InsufficientScopes { .. }
            | Self::Validation { .. }
            | Self::RateLimited { .. }
            | Self::SecondaryLimit { .. }
            | Self::ResourceLimits { .. }
            | Self::TemporaryConflict { .. }
            | Self::AlreadyThere { .. }
            | Self::Ambiguous { .. }
            | Self::Malformed { .. }
            | Self::Redirected { .. }
            | Self::NotGitHub { .. }
            | Self::Unreachable { .. } => false,
        }
    }
}

/// What the body of the REST API's refusal says.
struct Rest {
    /// Its message, and what is wrong with which part of what was sent.
    message: String,
    /// Whether all that is wrong is that it is there.
    already: bool,
}

impl Rest {
    /// GitHub docs, "Troubleshooting the REST API": `errors` holds objects of `resource`, `field`, `code` and, for the
    /// code `custom`, `message`; some routes put plain texts there, or one text in place of the list.
    fn of(response: &HttpResponse) -> Self {
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let message = text(&body, "message").unwrap_or_default();
        let errors: Vec<Value> = match body.get("errors") {
            Some(Value::Array(errors)) => errors.clone(),
            Some(error) if !error.is_null() => vec![error.clone()],
            Some(_) | None => Vec::new(),
        };
        let said: Vec<String> = errors
            .iter()
            .filter_map(|error| {
                let plain = error.as_str().map(str::to_owned).or_else(|| text(error, "message"));
                plain.or_else(|| {
                    let code = text(error, "code")?;
                    Some(text(error, "field").map_or_else(|| code.clone(), |field| format!("{field} {code}")))
                })
            })
            .collect();
        let already = !said.is_empty() && said.iter().all(|said| says_already(said));
        let message = if said.is_empty() { message } else { format!("{message}: {}", said.join("; ")) };
        Self { already, message: message.chars().take(LONGEST_MESSAGE).collect() }
    }
}

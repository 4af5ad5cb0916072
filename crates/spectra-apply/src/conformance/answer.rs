//! An answer of GitHub's as it came, and what a check makes of it.

use std::collections::BTreeMap;

use serde_json::Value;
use spectra_github::{Failure, GraphQlError, HttpResponse};

use super::made::plain;

/// Answers are shown up to here.
const SHOWN: usize = 400;
/// What GraphQL servers call a document that asks for what their schema doesn't have.
const LACKING_CODES: [&str; 4] =
    ["undefinedField", "undefinedType", "argumentNotAccepted", "GRAPHQL_VALIDATION_FAILED"];
/// How they word it: GitHub's library first, then others.
const LACKING_WORDS: [&str; 12] = [
    "doesn't exist on type",
    "field is not defined on",
    "doesn't accept argument",
    "isn't a defined input type",
    "no such type",
    "cannot query field",
    "unknown type",
    "unknown argument",
    "is not defined by type",
    "not implemented",
    "not supported",
    "introspection is",
];
static NULL: Value = Value::Null;

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is as we take it to be; a note says what else was seen.
    Holds(String),
    /// It isn't.
    Differs {
        /// As we take it to be.
        expected: String,
        /// As it is.
        answer: String,
    },
    /// It was not known: this is how it is.
    Answer(String),
    /// It could not be looked at.
    Skipped(String),
}

/// Why a check came to no verdict.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The server doesn't have this.
    NotModelled(String),
    /// What the check begins from could not be made.
    Prerequisite(String),
    /// No answer, or none that says what was done.
    NoAnswer(String),
    /// A step that has to work was refused.
    Refused {
        /// Which.
        step: String,
        /// The answer, shortened.
        answer: String,
    },
    /// The token may not ask, or a limit doesn't pass.
    Failure(Failure),
}

pub(super) type Checked = Result<Verdict, Trouble>;

impl Verdict {
    /// Holds if so; otherwise it differs by this answer.
    pub(super) fn expect(holds: bool, expected: impl Into<String>, answer: impl Into<String>) -> Self {
        if holds {
            Self::Holds(String::new())
        } else {
            Self::Differs { expected: expected.into(), answer: short(&answer.into()) }
        }
    }

    /// The same with a note for people.
    pub(super) fn noting(self, note: impl Into<String>) -> Self {
        match self {
            Self::Holds(_) => Self::Holds(note.into()),
            Self::Differs { .. } | Self::Answer(_) | Self::Skipped(_) => self,
        }
    }

    /// This, unless it holds: then the next.
    pub(super) fn and(self, next: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Holds(note) => {
                let next = next();
                if next == Self::Holds(String::new()) { Self::Holds(note) } else { next }
            }
            Self::Differs { .. } | Self::Answer(_) | Self::Skipped(_) => self,
        }
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Value,
}

impl Answer {
    pub(super) fn new(response: HttpResponse) -> Self {
        let body = serde_json::from_slice(&response.body)
            .unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&response.body).into_owned()));
        Self { status: response.status, headers: response.headers, body }
    }

    /// What stands at a JSON pointer; null where nothing does.
    pub(super) fn at(&self, pointer: &str) -> &Value {
        self.body.pointer(pointer).unwrap_or(&NULL)
    }

    pub(super) fn list(&self, pointer: &str) -> &[Value] {
        self.at(pointer).as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// What stands there as it goes into an address.
    pub(super) fn plain(&self, pointer: &str) -> String {
        plain(self.at(pointer))
    }

    pub(super) fn text(&self, pointer: &str) -> &str {
        self.at(pointer).as_str().unwrap_or_default()
    }

    /// The text there, which a later step can't do without.
    pub(super) fn need(&self, pointer: &str) -> Result<String, Trouble> {
        self.at(pointer).as_str().map(str::to_owned).ok_or_else(|| Trouble::Refused {
            step: format!("an answer with {pointer}"),
            answer: self.shown(),
        })
    }

    /// A member of each node of a list, as text.
    pub(super) fn column(&self, list: &str, member: &str) -> Vec<&str> {
        self.list(list).iter().filter_map(|node| node.get(member)?.as_str()).collect()
    }

    pub(super) fn errors(&self) -> &[Value] {
        self.list("/errors")
    }

    /// Whether anything of it was refused.
    pub(super) fn is_refused(&self) -> bool {
        self.status >= 400 || !self.errors().is_empty()
    }

    /// GitHub's messages.
    pub(super) fn message(&self) -> String {
        let errors = self.errors();
        if errors.is_empty() {
            return self.text("/message").to_owned();
        }
        let messages: Vec<&str> = errors.iter().filter_map(|error| error.get("message")?.as_str()).collect();
        messages.join("; ")
    }

    /// The scopes that the token lacks, where that is why it was refused: nothing is seen of what was asked then.
    pub(super) fn scopes(&self) -> Option<Failure> {
        let errors = self.errors().iter();
        let mut failures = errors
            .filter_map(|error| serde_json::from_value::<GraphQlError>(error.clone()).ok())
            .map(|error| Failure::of_error(&error));
        failures.find(|failure| matches!(failure, Failure::InsufficientScopes { .. }))
    }

    /// Whether GraphQL's data has members, null or not.
    pub(super) fn has_data(&self) -> bool {
        self.at("/data").as_object().is_some_and(|data| !data.is_empty())
    }

    /// Whether one at least of them isn't null.
    pub(super) fn has_result(&self) -> bool {
        self.at("/data").as_object().is_some_and(|data| !data.values().all(Value::is_null))
    }

    /// The `type` of the first error.
    pub(super) fn kind(&self) -> &str {
        self.text("/errors/0/type")
    }

    /// The answer, if nothing of it was refused.
    pub(super) fn done(self, step: &str) -> Result<Self, Trouble> {
        if !self.is_refused() {
            return Ok(self);
        }
        let error =
            self.errors().first().and_then(|it| serde_json::from_value::<GraphQlError>(it.clone()).ok());
        let failure = error.as_ref().map(Failure::of_error).or_else(|| self.status_failure());
        match failure {
            Some(
                failure @ (Failure::Unauthorised { .. }
                | Failure::InsufficientScopes { .. }
                | Failure::Forbidden { .. }),
            ) => Err(Trouble::Failure(failure)),
            Some(Failure::Ambiguous { .. } | Failure::TemporaryConflict { .. }) => {
                Err(Trouble::NoAnswer(self.shown()))
            }
            _ => {
                // A single word is a mutation or a query; what has several says what is done.
                let step = if step.contains(' ') { step.to_owned() } else { format!("`{step}` is answered") };
                Err(Trouble::Refused { step, answer: self.shown() })
            }
        }
    }

    /// What the server lacks of GitHub's, where that is why it refused. GitHub has all of what is asked for.
    pub(super) fn lacks(&self) -> Option<String> {
        let lacks = |error: &&Value| {
            let text = |pointer: &str| error.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
            let message = text("/message").to_lowercase();
            // The sandbox's word is the first; the others are those that emulators use.
            ["NOT_MODELLED", "NOT_IMPLEMENTED", "NOT_SUPPORTED", "UNSUPPORTED"].contains(&text("/type"))
                || LACKING_CODES.contains(&text("/extensions/code"))
                || LACKING_WORDS.iter().any(|words| message.contains(words))
        };
        let message = |error: &Value| error.get("message").and_then(Value::as_str).map(str::to_owned);
        self.errors().iter().find(lacks).map(|error| short(&message(error).unwrap_or_default()))
    }

    fn status_failure(&self) -> Option<Failure> {
        let message = format!("HTTP {} {}", self.status, self.message());
        match self.status {
            401 => Some(Failure::Unauthorised { message }),
            403 => Some(Failure::Forbidden { message }),
            _ => None,
        }
    }

    /// What it says, shortened: its errors, else its data.
    pub(super) fn shown(&self) -> String {
        let what = if self.errors().is_empty() { &self.body } else { self.at("/errors") };
        let status = if self.status == 200 { String::new() } else { format!("HTTP {} ", self.status) };
        short(&format!("{status}{what}"))
    }

    /// Holds if it was refused in these words.
    pub(super) fn refuses_with(&self, words: &str) -> Verdict {
        let says = self.is_refused() && self.message().contains(words);
        Verdict::expect(says, format!("refused with `{words}`"), self.shown()).noting(self.type_note())
    }

    /// Holds if it was refused, in whatever words.
    pub(super) fn refuses(&self, expected: &str) -> Verdict {
        Verdict::expect(self.is_refused(), expected, self.shown()).noting(self.refusal())
    }

    /// Whether it was done, or refused in which words.
    pub(super) fn outcome(&self, done: &str) -> Verdict {
        Verdict::Answer(if self.is_refused() { self.refusal() } else { done.to_owned() })
    }

    /// The refusal in GitHub's words.
    pub(super) fn refusal(&self) -> String {
        let kind = if self.kind().is_empty() { self.type_note() } else { self.kind().to_owned() };
        short(&format!("refused ({kind}): {}", self.message()))
    }

    fn type_note(&self) -> String {
        if self.errors().is_empty() {
            format!("HTTP {}", self.status)
        } else if self.kind().is_empty() {
            "without a type".to_owned()
        } else {
            format!("type {}", self.kind())
        }
    }
}

/// A text short enough for a line of a report, on one line.
pub(super) fn short(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if line.chars().count() <= SHOWN {
        return line;
    }
    line.chars().take(SHOWN).chain("…".chars()).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn answer(body: Value) -> Answer {
        Answer { status: 200, headers: BTreeMap::new(), body }
    }

    #[test]
    fn what_a_server_lacks_is_told_from_what_it_refuses() {
        let refused = |error: Value| answer(json!({ "errors": [error] })).lacks();
        for error in [
            json!({ "message": "x", "type": "NOT_MODELLED" }),
            json!({ "message": "x", "extensions": { "code": "undefinedField" } }),
            json!({ "message": "Cannot query field \"a\" on type \"B\"." }),
            json!({ "message": "Variable $i of type I! was provided invalid value for a (Field is not defined on I)" }),
            json!({ "message": "Not implemented" }),
        ] {
            assert!(refused(error.clone()).is_some(), "{error}");
        }
        for error in [
            json!({ "message": "Roadmap views do not support visible fields.", "type": "UNPROCESSABLE" }),
            json!({ "message": "Could not resolve to a node with the global id of 'a'", "type": "NOT_FOUND" }),
            json!({ "message": "Name has already been taken", "type": "UNPROCESSABLE" }),
        ] {
            assert_eq!(refused(error.clone()), None, "{error}");
        }
    }

    #[test]
    fn numbers_may_be_texts() {
        let answer = answer(json!({ "a": 7, "b": "8", "c": null }));
        assert_eq!(["/a", "/b", "/c", "/d"].map(|pointer| answer.plain(pointer)), ["7", "8", "", ""]);
    }
}

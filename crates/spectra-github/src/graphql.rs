//! GraphQL's answer as GitHub gives it.
//!
//! `graphql_client` has a type for it too, which drops the `type` of errors that GitHub puts beside `message`; so this
//! crate has its own.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Map, Value};

/// An answer: data, errors, or both.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Response<T> {
    /// What was found or done; None where the request was refused as a whole.
    #[serde(default = "nothing")]
    pub data: Option<T>,
    /// What went wrong.
    #[serde(default, deserialize_with = "or_default")]
    pub errors: Vec<GraphQlError>,
}

fn nothing<T>() -> Option<T> {
    None
}

/// One thing that went wrong.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
pub struct GraphQlError {
    /// GitHub's word for it; validation errors and some rate limits have none.
    #[serde(default)]
    pub r#type: Option<String>,
    /// For people.
    #[serde(default, deserialize_with = "or_default")]
    pub message: String,
    /// Where in the answer, or in the document where that was refused; empty where GitHub doesn't say.
    #[serde(default, deserialize_with = "or_default")]
    pub path: Vec<PathSegment>,
    /// Where in the document.
    #[serde(default, deserialize_with = "or_default")]
    pub locations: Vec<Location>,
    /// Whatever else.
    #[serde(default, deserialize_with = "or_default")]
    pub extensions: Map<String, Value>,
    /// How long the answer's headers ask to wait, where it is a limit.
    #[serde(skip)]
    pub(crate) wait: Option<Duration>,
}

/// A step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum PathSegment {
    /// Into an object.
    Key(String),
    /// Into a list.
    Index(u64),
}

/// A place in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Location {
    /// From 1.
    pub line: u64,
    /// From 1.
    pub column: u64,
}

impl GraphQlError {
    /// The path's first step, where it is a key: the alias in a batch.
    pub fn root(&self) -> Option<&str> {
        match self.path.first() {
            Some(PathSegment::Key(key)) => Some(key),
            Some(PathSegment::Index(_)) | None => None,
        }
    }
}

fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

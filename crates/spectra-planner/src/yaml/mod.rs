//! YAML text to a tree of nodes, each with its place in the file. The only module that names the YAML crate.
//!
//! Scalars mean what the author sees: `no`, `on`, `0123` and `1_000` are text, and every scalar keeps its source text,
//! so that a place that wants text gets `5319e7` and not a number. It does not know what a manifest is.

mod explain;
mod node;
mod raw;
mod read;
#[cfg(test)]
mod tests;
mod unclosed;

pub(crate) use self::node::{Entry, Kind, Node, Scalar, Value};
pub(crate) use self::read::{Aliases, Unreadable, read, read_with_aliases, text};

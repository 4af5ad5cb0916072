//! Shared pieces of the tests that look at the workspace as a whole.

pub mod repository;

//! Shared pieces of the tests that look at the workspace as a whole.

pub mod agreement;
pub mod case;
pub mod edit;
pub mod github;
pub mod picture;
pub mod reference;
pub mod repository;
pub mod run;
pub mod scene;

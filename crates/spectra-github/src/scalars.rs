//! Rust's types for GitHub's scalars, by GitHub's names for them.

/// A time with seconds and zone.
pub(crate) type DateTime = jiff::Timestamp;
/// A day, `YYYY-MM-DD`.
pub(crate) type Date = String;
/// A page.
#[expect(clippy::upper_case_acronyms, reason = "GitHub's name for the scalar")]
pub(crate) type URI = String;

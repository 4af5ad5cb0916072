//! The nouns of Spectra: plan, observation, change set, evidence, and their wire forms.
//!
//! Everything here is data and arithmetic on data. Nothing opens a file, a socket or a clock; time, run ids and
//! logins are arguments. What a noun means is in `docs/glossary.md`.

pub mod board_record;
pub mod change;
mod comment;
pub mod diagnostic;
pub mod evidence;
pub mod forecast;
pub mod id;
pub mod json;
pub mod limits;
pub mod marker;
pub mod observation;
pub mod plan;
pub mod region;
pub mod setting;
pub mod step;

pub use setting::Setting;

//! Iterations of iteration fields.
//!
//! Invariant: sorted by their first day; whether one is over depends on the day one asks.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::World;
use super::refusal::Refusal;

/// An iteration of an iteration field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Iteration {
    /// Unique within the field only.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its first day.
    pub start_date: Date,
    /// Its length in days.
    pub duration: u32,
}

/// The set-up of an iteration field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Iterations {
    /// The first day of the first iteration.
    pub start_date: Date,
    /// The usual length in days.
    pub duration: u32,
    /// All of them, past ones too, by first day.
    pub all: Vec<Iteration>,
}

/// `ProjectV2Iteration`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IterationInput {
    /// Of the iteration that it is to stay.
    pub id: Option<String>,
    /// Its title.
    pub title: String,
    /// Its first day.
    pub start_date: Date,
    /// Its length in days.
    pub duration: i32,
}

/// `ProjectV2IterationFieldConfigurationInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IterationsInput {
    /// The first day of the first iteration.
    pub start_date: Date,
    /// The usual length in days.
    pub duration: i32,
    /// All of them.
    pub iterations: Vec<IterationInput>,
}

impl Iteration {
    /// The first day after it.
    pub fn end(&self) -> Date {
        self.start_date.checked_add(i64::from(self.duration).days()).unwrap_or(Date::MAX)
    }

    /// Whether it is over on this day.
    pub fn is_over(&self, today: Date) -> bool {
        self.end() <= today
    }
}

impl World {
    /// Iterations from input. GitHub's schema: an id preserves "the iteration's identity during replacement updates";
    /// that everything else gets a fresh one, and loses its values, was observed. An empty list is ignored: the schema
    /// says so of "empty input".
    pub(super) fn new_iterations(
        &mut self,
        known: &[Iteration],
        input: IterationsInput,
    ) -> Result<Iterations, Refusal> {
        let IterationsInput { start_date, duration, iterations } = input;
        let duration = days(duration)?;
        if iterations.is_empty() {
            return Ok(Iterations { start_date, duration, all: known.to_vec() });
        }
        let mut ids = BTreeSet::new();
        let mut all = Vec::new();
        for IterationInput { id, title, start_date, duration } in iterations {
            // The wordings are not known.
            if title.trim().is_empty() {
                return Err(Refusal::unprocessable("Iteration title can't be blank"));
            }
            if let Some(id) = &id
                && (known.iter().all(|known| known.id != *id) || !ids.insert(id.clone()))
            {
                return Err(Refusal::validation("The iteration Id does not belong to the field"));
            }
            let id = id.unwrap_or_else(|| self.ids.mint_option());
            all.push(Iteration { id, title, start_date, duration: days(duration)? });
        }
        all.sort_by_key(|iteration| iteration.start_date);
        Ok(Iterations { start_date, duration, all })
    }
}

/// The wording is not known.
fn days(duration: i32) -> Result<u32, Refusal> {
    let days = u32::try_from(duration).ok().filter(|days| *days > 0);
    days.ok_or_else(|| Refusal::unprocessable("Duration must be greater than 0"))
}

//! Iterations of iteration fields.
//!
//! Invariant: sorted by their first day; whether one is over depends on the day one asks.

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
    pub duration: u32,
}

/// `ProjectV2IterationFieldConfigurationInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IterationsInput {
    /// The first day of the first iteration.
    pub start_date: Date,
    /// The usual length in days.
    pub duration: u32,
    /// All of them.
    pub iterations: Vec<IterationInput>,
}

impl World {
    /// Iterations from input: as with options.
    pub(super) fn new_iterations(
        &mut self,
        known: &[Iteration],
        input: IterationsInput,
    ) -> Result<Iterations, Refusal> {
        let IterationsInput { start_date, duration, iterations } = input;
        for iteration in &iterations {
            if let Some(id) = &iteration.id
                && known.iter().all(|known| known.id != *id)
            {
                return Err(Refusal::validation("The iteration Id does not belong to the field"));
            }
        }
        let mut all: Vec<Iteration> = iterations
            .into_iter()
            .map(|iteration| Iteration {
                id: iteration.id.unwrap_or_else(|| self.ids.mint_option()),
                title: iteration.title,
                start_date: iteration.start_date,
                duration: iteration.duration,
            })
            .collect();
        all.sort_by_key(|iteration| iteration.start_date);
        Ok(Iterations { start_date, duration, all })
    }
}

//! Options of select fields.
//!
//! Invariant: ids are unique within a field, names too, without regard to case.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::World;
use super::refusal::Refusal;

/// GitHub: docs "About single select fields".
const OPTION_LIMIT: usize = 50;

/// The colour of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are GitHub's own")]
pub enum Color {
    Blue,
    Gray,
    Green,
    Orange,
    Pink,
    Purple,
    Red,
    Yellow,
}

impl Color {
    /// The schema's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Blue => "BLUE",
            Self::Gray => "GRAY",
            Self::Green => "GREEN",
            Self::Orange => "ORANGE",
            Self::Pink => "PINK",
            Self::Purple => "PURPLE",
            Self::Red => "RED",
            Self::Yellow => "YELLOW",
        }
    }
}

/// An option of a select field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SelectOption {
    /// Unique within the field only.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its colour.
    pub color: Color,
    /// What it means.
    pub description: String,
}

/// `ProjectV2SingleSelectFieldOptionInput`, `ProjectV2MultiSelectFieldOptionInput`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OptionInput {
    /// Of the option that it is to stay.
    pub id: Option<String>,
    /// Its name.
    pub name: String,
    /// Its colour.
    pub color: Color,
    /// What it means.
    pub description: String,
}

impl World {
    /// Options from input: an id that the field knows stays, everything else gets a fresh one.
    pub(super) fn new_options(
        &mut self,
        known: &[SelectOption],
        input: Vec<OptionInput>,
    ) -> Result<Vec<SelectOption>, Refusal> {
        if input.len() > OPTION_LIMIT {
            // The wording is not known.
            return Err(Refusal::unprocessable("Fields can have a maximum of 50 options"));
        }
        let mut names = BTreeSet::new();
        let mut ids = BTreeSet::new();
        for option in &input {
            if option.name.trim().is_empty() {
                return Err(Refusal::unprocessable("Option name can't be blank"));
            }
            // The wording is not known.
            if !names.insert(option.name.to_lowercase()) {
                return Err(Refusal::unprocessable("Option names must be unique"));
            }
            if let Some(id) = &option.id
                && (known.iter().all(|known| known.id != *id) || !ids.insert(id.clone()))
            {
                return Err(Refusal::validation("The single select option Id does not belong to the field"));
            }
        }
        let made = input.into_iter().map(|option| SelectOption {
            id: option.id.unwrap_or_else(|| self.ids.mint_option()),
            name: option.name,
            color: option.color,
            description: option.description,
        });
        Ok(made.collect())
    }
}

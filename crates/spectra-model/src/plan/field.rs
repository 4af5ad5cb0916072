//! Fields, their options and the values that issues have in them.

use serde::{Deserialize, Serialize};

use crate::id::{FieldName, IterationTitle, OptionName};

/// A field as it shall be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Field {
    /// Its name.
    pub name: FieldName,
    /// Its type.
    pub r#type: FieldType,
    /// Whose its values are once an item is made.
    pub manage: Manage,
    /// The options of a single or multi select field, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<SelectOption>,
    /// The iterations of an iteration field, by start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub iterations: Vec<Iteration>,
    /// Names that it had before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renamed_from: Vec<FieldName>,
}

/// The type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FieldType {
    /// Text of at most 1,024 bytes.
    Text,
    /// A number.
    Number,
    /// A day.
    Date,
    /// One of the field's options.
    SingleSelect,
    /// Any number of the field's options.
    MultiSelect,
    /// One of the field's iterations.
    Iteration,
}

impl FieldType {
    /// Whether its fields have options.
    pub fn has_options(self) -> bool {
        match self {
            Self::SingleSelect | Self::MultiSelect => true,
            Self::Text | Self::Number | Self::Date | Self::Iteration => false,
        }
    }
}

/// Whose a field's values are once an item is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Manage {
    /// The plan's: drift is put back.
    #[default]
    Always,
    /// People's: the plan's value is set when the item is made.
    OnCreate,
}

/// An option of a single or multi select field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SelectOption {
    /// Its name.
    pub name: OptionName,
    /// Its colour.
    pub color: Colour,
    /// Its description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Names that it had before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renamed_from: Vec<OptionName>,
}

/// An iteration of an iteration field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Iteration {
    /// Its title.
    pub title: IterationTitle,
    /// Its first day.
    pub start: jiff::civil::Date,
    /// How many days it takes.
    pub duration: u32,
    /// Titles that it had before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renamed_from: Vec<IterationTitle>,
}

/// GitHub's colours of options (`ProjectV2SingleSelectFieldOptionColor`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Colour {
    /// Blue.
    Blue,
    /// Gray.
    Gray,
    /// Green.
    Green,
    /// Orange.
    Orange,
    /// Pink.
    Pink,
    /// Purple.
    Purple,
    /// Red.
    Red,
    /// Yellow.
    Yellow,
}

/// A value as the plan writes it; its field gives it its meaning.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FieldInput {
    /// Of a number field.
    Number(f64),
    /// Of a multi select field: the names of options.
    List(Vec<String>),
    /// Of any other field: text, a date `YYYY-MM-DD`, an option's name, an iteration's title.
    Text(String),
}

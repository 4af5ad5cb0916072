//! Views of the board.

use serde::{Deserialize, Serialize};

use crate::Setting;
use crate::id::{FieldName, ViewName};

/// A view as it shall be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct View {
    /// Its name.
    pub name: ViewName,
    /// How it is laid out.
    pub layout: Layout,
    /// Which items it shows, in GitHub's filter language.
    #[serde(default, skip_serializing_if = "Setting::is_unmanaged")]
    pub filter: Setting<String>,
    /// The fields that it shows, in order; None is not managed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<FieldName>>,
    /// The field that rows are grouped by.
    #[serde(default, skip_serializing_if = "Setting::is_unmanaged")]
    pub group_by: Setting<FieldName>,
    /// The fields that items are sorted by, the weightiest first.
    #[serde(default, skip_serializing_if = "Setting::is_unmanaged")]
    pub sort_by: Setting<Vec<Sort>>,
    /// The field whose options are the columns of a board.
    #[serde(default, skip_serializing_if = "Setting::is_unmanaged")]
    pub column_by: Setting<FieldName>,
    /// Names that it had before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renamed_from: Vec<ViewName>,
}

/// How a view is laid out (`ProjectV2ViewLayout`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Layout {
    /// Rows.
    Table,
    /// Columns of cards.
    Board,
    /// Bars on a time line.
    Roadmap,
}

/// A field that a view is sorted by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sort {
    /// The field.
    pub field: FieldName,
    /// Which end comes first.
    pub direction: Direction,
}

/// Which end comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    /// The smallest.
    #[default]
    Asc,
    /// The largest.
    Desc,
}

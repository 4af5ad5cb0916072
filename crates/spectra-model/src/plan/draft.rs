//! Draft issues: they live on the board alone, without repository, labels or place in the hierarchy.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{FieldInput, Level};
use crate::Setting;
use crate::id::{FieldName, IssueKey, Login};

/// A draft issue as it shall be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Draft {
    /// Its identity, as an issue's.
    pub key: IssueKey,
    /// Where it stands in the backlog.
    pub level: Level,
    /// Its title.
    pub title: String,
    /// The text of the managed region.
    #[serde(default, skip_serializing_if = "Setting::is_unmanaged")]
    pub body: Setting<String>,
    /// The logins that it is assigned to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assignees: Vec<Login>,
    /// Its values; null empties one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<FieldName, Option<FieldInput>>,
    /// The stage of its activity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// Keys that it had before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renamed_from: Vec<IssueKey>,
}

//! Milestones of the repositories that the plan's issues use.

use serde::{Deserialize, Serialize};

use crate::Setting;
use crate::id::{MilestoneTitle, RepoSlug};

/// A milestone of one repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Milestone {
    /// The repository.
    pub repository: RepoSlug,
    /// Its title.
    pub title: MilestoneTitle,
    /// The day on which it is due.
    #[serde(default, skip_serializing_if = "Setting::is_unmanaged")]
    pub due_on: Setting<jiff::civil::Date>,
    /// Its description.
    #[serde(default, skip_serializing_if = "Setting::is_unmanaged")]
    pub description: Setting<String>,
    /// Titles that it had before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renamed_from: Vec<MilestoneTitle>,
}

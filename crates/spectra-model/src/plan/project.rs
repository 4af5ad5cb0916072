//! The board itself and the labels of its repositories.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::Setting;
use crate::id::{IssueKey, LabelName, Login, ProjectSlug, RepoSlug};

/// The board as it shall be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Project {
    /// Its title.
    pub title: String,
    /// GitHub's short description.
    #[serde(default, skip_serializing_if = "Setting::is_unmanaged")]
    pub description: Setting<String>,
    /// The readme's text.
    #[serde(default, skip_serializing_if = "Setting::is_unmanaged")]
    pub readme: Setting<String>,
    /// Who sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
    /// Whose it is.
    pub owner: Owner,
    /// The number of the board to use, where `spectra.toml` names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// The label on every managed issue.
    pub managed_label: LabelName,
    /// What becomes of issues that Spectra made and the plan no longer has.
    pub on_remove: OnRemove,
    /// How far bodies are managed.
    pub body: BodyPolicy,
    /// What is other for an issue and those below it, by the key that it has or had.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub refinements: BTreeMap<IssueKey, Refinement>,
}

impl Project {
    /// What becomes of an issue that Spectra made and the plan no longer has.
    pub fn on_remove_of(&self, key: &IssueKey) -> OnRemove {
        self.refinement(key).and_then(|it| it.on_remove).unwrap_or(self.on_remove)
    }

    /// How far an issue's body is managed.
    pub fn body_of(&self, key: &IssueKey) -> BodyPolicy {
        self.refinement(key).and_then(|it| it.body).unwrap_or(self.body)
    }

    fn refinement(&self, key: &IssueKey) -> Option<&Refinement> {
        if self.refinements.is_empty() {
            return None;
        }
        let mut path = key.as_str();
        loop {
            if let Some(found) = self.refinements.get(&IssueKey::new(path)) {
                return Some(found);
            }
            (path, _) = path.rsplit_once('/')?;
        }
    }
}

/// What is other for an issue and those below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Refinement {
    /// What becomes of those that Spectra made and the plan no longer has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_remove: Option<OnRemove>,
    /// How far bodies are managed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<BodyPolicy>,
}

/// Who owns a board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    /// Organisation or user.
    #[serde(rename = "type")]
    pub kind: OwnerType,
    /// The login.
    pub slug: Login,
}

/// Organisation or user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OwnerType {
    /// An organisation.
    Org,
    /// A user.
    User,
}

/// Who sees a board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Visibility {
    /// Everybody.
    Public,
    /// Those who were given access.
    Private,
}

/// What becomes of issues that Spectra made and the plan no longer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OnRemove {
    /// Closed as not planned.
    #[default]
    Close,
    /// Put aside on the board.
    Archive,
    /// Left as they are.
    Keep,
    /// Deleted.
    Delete,
}

/// How far bodies are managed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum BodyPolicy {
    /// The managed region is kept as the plan says; text around it is people's.
    #[default]
    ManagedRegion,
    /// Written when the issue is made, then left to people.
    CreateOnly,
    /// The whole body is the plan's.
    Overwrite,
}

/// A label of one repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Label {
    /// The repository.
    pub repository: RepoSlug,
    /// Its name.
    pub name: LabelName,
    /// Six lower-case hexadecimal digits.
    pub color: String,
    /// Its description.
    #[serde(default, skip_serializing_if = "Setting::is_unmanaged")]
    pub description: Setting<String>,
    /// Names that it had before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renamed_from: Vec<LabelName>,
}

/// Another board of the same project, as far as its issues must be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Neighbour {
    /// Its slug.
    pub slug: ProjectSlug,
    /// Slugs that it had before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renamed_from: Vec<ProjectSlug>,
    /// The label on its issues.
    pub managed_label: LabelName,
    /// The repositories that its issues are in.
    pub repositories: Vec<RepoSlug>,
}

//! The plan: the desired state of one board, decided offline, reviewed, and handed to the applier.
//!
//! [`Plan`] is the wire form of `plan.json` and at the same time what the pure crates work on; [`Plan::parse`] is the
//! only way from bytes to a plan, and what it lets through is whole: every name that is used is declared.

mod check;
mod draft;
mod field;
mod issue;
mod milestone;
mod project;
mod view;

use serde::{Deserialize, Serialize};

pub use self::check::PlanError;
pub use self::draft::Draft;
pub use self::field::{Colour, Field, FieldInput, FieldType, Iteration, Manage, SelectOption};
pub use self::issue::{ForeignIssue, Issue, IssueRef, IssueState, Level, Link, StateReason};
pub use self::milestone::Milestone;
pub use self::project::{
    BodyPolicy, Label, Neighbour, OnRemove, Owner, OwnerType, Project, Refinement, Visibility,
};
pub use self::view::{Direction, Layout, Sort, View};
use crate::change::Change;
use crate::forecast::PlanForecast;
use crate::id::{IssueKey, ManifestId, ProjectSlug, RepoSlug};
use crate::marker::Marker;

/// The version of `plan.json` that this program writes and reads.
pub const SCHEMA_VERSION: u32 = 1;

/// The desired state of one board. Its members stand in the order in which they are written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Plan {
    /// The plan that the operations were reckoned against, for the reader only.
    pub baseline: Option<Baseline>,
    /// Draft issues, in the manifest's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drafts: Vec<Draft>,
    /// Fields, in the manifest's order.
    pub fields: Vec<Field>,
    /// What the preview costs at least.
    pub forecast: PlanForecast,
    /// Issues, each after its parent, siblings in the manifest's order.
    pub issues: Vec<Issue>,
    /// Labels, one entry a repository that an issue of the plan uses.
    pub labels: Vec<Label>,
    /// Edges between issues, and from the board to repositories and teams.
    pub links: Vec<Link>,
    /// The manifest's id.
    pub manifest: ManifestId,
    /// Milestones, one entry a repository that an issue of the plan uses.
    pub milestones: Vec<Milestone>,
    /// Keys of issues that stood on the board and stand on another one of the project, under another key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub moved_away: Vec<IssueKey>,
    /// Other boards of the project, as far as edges lead there or issues may go there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub neighbours: Vec<Neighbour>,
    /// The reviewer's preview: the reconciler's change set against a fresh GitHub, or against the baseline.
    pub operations: Vec<Change>,
    /// The board itself.
    pub project: Project,
    /// Slugs that it had before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub renamed_from: Vec<ProjectSlug>,
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The board's id within its owner.
    pub slug: ProjectSlug,
    /// What the plan was made from.
    pub source: Source,
    /// Views, in the manifest's order.
    pub views: Vec<View>,
}

/// The plan that another one was diffed against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// SHA-256 of that plan's `plan.json`.
    pub sha256: String,
}

/// What a plan was made from. Paths are relative to the root, with `/`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The manifest.
    pub manifest: String,
    /// Every file that was read, by path.
    pub files: Vec<SourceFile>,
}

/// A file that a plan was made from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceFile {
    /// Its path.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
}

/// Where an issue has its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// On the plan's board.
    Here,
    /// On another board of the project.
    OtherBoard,
}

impl Plan {
    /// Reads `plan.json`.
    ///
    /// # Errors
    /// When it isn't a plan of this version, or names something that it doesn't declare.
    pub fn parse(bytes: &[u8]) -> Result<Self, PlanError> {
        check::parse(bytes)
    }

    /// The canonical bytes of `plan.json`.
    ///
    /// # Errors
    /// When a number of it is not finite.
    pub fn to_document(&self) -> Result<String, serde_json::Error> {
        // Each body stands there twice: as the issue's, and as a member of the change that makes it. Room that isn't used
        // takes no memory, and a text that outgrows its room is copied.
        const ABOUT: usize = 1_024;
        let bodies: usize = self.issues.iter().map(|issue| issue.body.text().len()).sum();
        let things = self.issues.len().saturating_add(self.operations.len());
        let bytes = bodies.saturating_mul(2).saturating_add(things.saturating_mul(ABOUT));
        crate::json::to_document_of(self, bytes)
    }

    /// Whether the board has this slug or had it before.
    pub fn has_slug(&self, slug: &ProjectSlug) -> bool {
        self.slug == *slug || self.renamed_from.contains(slug)
    }

    /// Whether an issue with this marker stands on another board of its project, from which it comes over where the plan
    /// has its key.
    pub fn may_come_over(&self, marker: &Marker) -> bool {
        !self.has_slug(&marker.slug) && marker.key.boards().any(|slug| slug == marker.slug.as_str())
    }

    /// The board of the project that an issue of this key has its place on, whether or not there still is such an issue.
    /// None where no board is known that it can stand on.
    pub fn place_of(&self, key: &IssueKey) -> Option<Place> {
        key.boards().find_map(|slug| {
            let is = |own: &ProjectSlug, before: &[ProjectSlug]| {
                std::iter::once(own).chain(before).any(|one| one.as_str() == slug)
            };
            if is(&self.slug, &self.renamed_from) {
                return Some(Place::Here);
            }
            let other = self.neighbours.iter().find(|other| is(&other.slug, &other.renamed_from));
            other.map(|_| Place::OtherBoard)
        })
    }

    /// Whether a repository belongs to another owner than the board.
    pub fn is_of_another_owner(&self, repository: &RepoSlug) -> bool {
        !repository.owner().eq_ignore_ascii_case(self.project.owner.slug.as_str())
    }

    /// The repositories that issues of the plan are in, in order of first use.
    pub fn repositories(&self) -> Vec<&RepoSlug> {
        let mut seen = std::collections::BTreeSet::new();
        self.issues
            .iter()
            .map(|issue| &issue.repository)
            .filter(|repository| seen.insert(*repository))
            .collect()
    }
}

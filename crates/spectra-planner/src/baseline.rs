//! The baseline: an earlier plan that a board's plan is compared with, so that a reviewer sees what an edit changes.
//!
//! What differs is the reconciler's own change set against a GitHub that holds what the baseline says; nothing is decided
//! here. Where the bytes come from, and which board they are for, is the command's.

use serde::{Deserialize, Serialize};
use spectra_model::change::{Change, Counts};
use spectra_model::id::ProjectSlug;
use spectra_model::json::{sha256, to_document};
use spectra_model::plan::{self, Plan, PlanError};

use crate::{Board, Written, render, written};

/// The version of `plan.diff.json` that this program writes.
const SCHEMA_VERSION: u32 = 1;

/// An earlier plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Baseline {
    plan: Plan,
    sha256: String,
}

/// What differs from the baseline, in the files that it is handed over in.
#[derive(Debug, Clone, PartialEq)]
pub struct Diff {
    /// How many things are made, changed, deleted and left as they are.
    pub counts: Counts,
    /// `plan.diff.json`.
    pub json: String,
    /// `plan.diff.md`.
    pub markdown: String,
}

/// Why a board can't be compared with a baseline.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// It is another board's.
    #[error(
        "this is a plan of board `{theirs}`, and board `{ours}` neither is it nor was it: its project would say \
         `renamedFrom: [{theirs}]`"
    )]
    OtherBoard {
        /// The baseline's.
        theirs: ProjectSlug,
        /// The one that is planned.
        ours: ProjectSlug,
    },
    /// What came of it has no JSON form.
    #[error("the plan against this baseline has no JSON form")]
    Form(#[source] serde_json::Error),
}

impl Baseline {
    /// Reads the bytes of a `plan.json`. One that was made against a baseline itself is as good as any.
    ///
    /// # Errors
    /// When they aren't a plan of this version, or one that contradicts itself.
    pub fn read(bytes: &[u8]) -> Result<Self, PlanError> {
        let mut plan = Plan::parse(bytes)?;
        // What it was compared with doesn't matter any more.
        plan.operations = Vec::new();
        Ok(Self { plan, sha256: sha256(bytes) })
    }

    /// The board that it is a plan of.
    pub fn slug(&self) -> &ProjectSlug {
        &self.plan.slug
    }
}

/// `plan.diff.json`: what differs from an earlier plan, for programs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanDiff {
    /// The version of the file's format.
    pub schema_version: u32,
    /// The board.
    pub slug: ProjectSlug,
    /// The earlier plan.
    pub baseline: plan::Baseline,
    /// What an apply would do if GitHub held what that plan says: the plan's operations.
    pub changes: Vec<Change>,
    /// How many of which action.
    pub counts: Counts,
}

impl Board {
    /// The board with its operations reckoned against an earlier plan of it in place of an empty GitHub, and with what
    /// differs.
    ///
    /// # Errors
    /// When the earlier plan is another board's.
    pub fn since(self, baseline: &Baseline) -> Result<Self, BaselineError> {
        let mut plan = self.plan;
        if !plan.has_slug(baseline.slug()) {
            let theirs = baseline.slug().clone();
            return Err(BaselineError::OtherBoard { theirs, ours: plan.slug });
        }
        let changes = spectra_reconciler::preview_since(&baseline.plan, &plan);
        let counts = changes.counts;
        let origin = plan::Baseline { sha256: baseline.sha256.clone() };
        plan.baseline = Some(origin.clone());
        let Written { mut plan, json, markdown, sums } =
            written(plan, changes).map_err(BaselineError::Form)?;
        let markdown_of_diff = render::diff_md(&plan, counts);
        let document = PlanDiff {
            schema_version: SCHEMA_VERSION,
            slug: plan.slug.clone(),
            baseline: origin,
            // They are very many: lent, not copied.
            changes: std::mem::take(&mut plan.operations),
            counts,
        };
        let json_of_diff = to_document(&document).map_err(BaselineError::Form)?;
        plan.operations = document.changes;
        let diff = Diff { counts, json: json_of_diff, markdown: markdown_of_diff };
        Ok(Self { plan, json, markdown, sums, diff: Some(diff) })
    }
}

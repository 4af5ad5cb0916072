//! Evidence: what one run found, decided and did.

use serde::{Deserialize, Serialize};

use crate::change::{Action, ChangeSet, Kind};
use crate::id::{ChangeId, Login, NodeId, ProjectSlug, RunId};

/// The version of the evidence files that this program writes.
pub const SCHEMA_VERSION: u32 = 1;

/// What a run was asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mode {
    /// Look and decide only.
    DryRun,
    /// Do it.
    Apply,
    /// Take the board and what Spectra made away again.
    Destroy,
}

/// How one change ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Status {
    /// GitHub took it.
    Done,
    /// It wasn't to be sent.
    Unchanged,
    /// Something that it requires failed, or the run stopped before it.
    Skipped,
    /// GitHub refused it.
    Failed,
}

/// How one change ended, and where the thing is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// The change.
    pub id: ChangeId,
    /// Its action.
    pub action: Action,
    /// Its kind.
    pub kind: Kind,
    /// Its key.
    pub key: String,
    /// How it ended.
    pub status: Status,
    /// The thing's node id.
    pub node_id: Option<NodeId>,
    /// Its number.
    pub number: Option<u64>,
    /// Its page.
    pub url: Option<String>,
    /// Why it was skipped or failed.
    pub because: Option<String>,
}

/// How many changes ended how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeCounts {
    /// Made.
    pub created: usize,
    /// Changed.
    pub updated: usize,
    /// Deleted.
    pub deleted: usize,
    /// As the plan says already.
    pub unchanged: usize,
    /// Skipped.
    pub skipped: usize,
    /// Failed.
    pub failed: usize,
}

/// What went over the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Http {
    /// Requests sent, retries among them.
    pub requests: u64,
    /// Mutations sent, each alias counted.
    pub mutations: u64,
    /// Requests sent again.
    pub retries: u64,
    /// Seconds waited for GitHub's windows and refusals.
    pub waited_seconds: u64,
    /// Points by GitHub's prices.
    pub points: u64,
}

/// The board that a run was about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProjectRef {
    /// Node id.
    pub id: NodeId,
    /// Number with its owner.
    pub number: u64,
    /// Page.
    pub url: String,
}

/// One run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The run.
    pub run_id: RunId,
    /// The board's slug.
    pub slug: ProjectSlug,
    /// SHA-256 of plan.json.
    pub plan_sha256: String,
    /// What was asked.
    pub mode: Mode,
    /// Whose token it was; None where GitHub never said.
    pub actor: Option<Login>,
    /// When it began.
    pub started_at: jiff::Timestamp,
    /// When it ended.
    pub finished_at: jiff::Timestamp,
    /// How it ended.
    pub exit_code: u8,
    /// Why it ended so, where that isn't success.
    pub error: Option<String>,
    /// The board; None where there is none.
    pub project: Option<ProjectRef>,
    /// What was decided.
    pub change_set: ChangeSet,
    /// What became of it.
    pub outcomes: Vec<Outcome>,
    /// The outcomes counted.
    pub counts: OutcomeCounts,
    /// What went over the wire.
    pub http: Http,
    /// Digest of the run before in the same folder; None for the first.
    pub previous_sha256: Option<String>,
    /// Digest of the last changing run by the board's record; None for the first.
    pub previous_change_sha256: Option<String>,
}

impl Evidence {
    /// The digest of the sealed part: everything but `http`, `finishedAt` and `exitCode`, which are not known yet when
    /// the digest is written into the board's record.
    ///
    /// # Errors
    /// When a number of it is not finite.
    pub fn seal(&self) -> Result<String, serde_json::Error> {
        let mut value = serde_json::to_value(self)?;
        if let Some(members) = value.as_object_mut() {
            for open in ["http", "finishedAt", "exitCode"] {
                members.remove(open);
            }
        }
        Ok(crate::json::sha256(crate::json::to_line(&value)?.as_bytes()))
    }
}

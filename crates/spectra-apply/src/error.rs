//! How a run ends when it doesn't end well: the kind decides the exit code, the message says what to do.

use std::path::PathBuf;

use spectra_model::plan::PlanError;
use spectra_reconciler::Refusal;

/// Exit codes by kind. Where several apply, the first of 77, 78, 65, 69, 75, 1 is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The command line is wrong: 64.
    Usage,
    /// A file named on the command line could not be read, or one could not be written: 74.
    File,
    /// The token may not do it: 77.
    NotAllowed,
    /// Refused for safety: 78.
    Unsafe,
    /// The plan is refused: 65.
    Plan,
    /// GitHub is out of reach, or its budget is spent: 69.
    Unreachable,
    /// Stopped part-way; run again to go on: 75.
    Stopped,
    /// Anything else: 1.
    Failed,
}

impl Kind {
    /// The exit code.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Usage => 64,
            Self::File => 74,
            Self::NotAllowed => 77,
            Self::Unsafe => 78,
            Self::Plan => 65,
            Self::Unreachable => 69,
            Self::Stopped => 75,
            Self::Failed => 1,
        }
    }
}

/// Why a run ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A file can't be read.
    #[error("{path} can't be read: {source}")]
    Read {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file isn't the review of a dry run.
    #[error(
        "{path} is not the .review.json of a dry run of this version ({problem}): make a dry run and name what it wrote"
    )]
    NotAReview {
        /// The file.
        path: PathBuf,
        /// What it lacks.
        problem: String,
    },
    /// A file can't be written.
    #[error("{path} can't be written: {source}")]
    Write {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The folder isn't a plan's.
    #[error(
        "{folder} holds no plan.json: name the folder that `spectra-plan` wrote, such as .spectra/output/project/NAME"
    )]
    NoPlan {
        /// The folder.
        folder: PathBuf,
    },
    /// A file of a plan is named in place of its folder.
    #[error("{file} is a file: name the folder that it lies in")]
    NotAFolder {
        /// The file.
        file: PathBuf,
    },
    /// The plan was edited after it was made.
    #[error(
        "{file} is not what plan.sha256 says: {problem}. A plan is not edited: change the manifest and plan again"
    )]
    Checksum {
        /// plan.json, plan.md or plan.sha256.
        file: PathBuf,
        /// What doesn't agree.
        problem: String,
    },
    /// The plan isn't the one that was asked for.
    #[error("plan.json has SHA-256 {found}, and --expect-sha256 names {expected}")]
    Unexpected {
        /// What it has.
        found: String,
        /// What was asked for.
        expected: String,
    },
    /// The plan can't be used.
    #[error("{}: {source}{}", path.parent().unwrap_or(path).display(), inner(source))]
    Plan {
        /// Its plan.json.
        path: PathBuf,
        /// Why.
        source: PlanError,
    },
    /// The change set must not be applied.
    #[error("refused, and nothing was changed:\n  - {}", listed(.0))]
    Refused(Vec<Refusal>),
    /// GitHub has moved since the dry run whose review the apply is bound to.
    #[error(
        "refused, and nothing was changed: GitHub has moved since the review, so that something else would be done. Make \
         a new dry run, review it, and apply that\n  - {}",
        .0.join("\n  - ")
    )]
    Moved(Vec<String>),
    /// The review that the apply is bound to is of another plan.
    #[error(
        "refused, and nothing was changed: the review is of {reviewed}, and this is {plan}. Make a dry run of this plan, \
         review it, and apply that"
    )]
    OtherReview {
        /// Which board and plan were reviewed.
        reviewed: String,
        /// Which ones are to be applied.
        plan: String,
    },
    /// What was reviewed is done, and GitHub asks for more.
    #[error(
        "GitHub has moved since the review: what is to be done beyond what was reviewed was left. Make a new dry run, review \
         it, and apply that\n  - {}",
        .0.join("\n  - ")
    )]
    Unreviewed(Vec<String>),
    /// Nobody confirmed that the board is to be taken away.
    #[error("{0}, and nothing was changed: to go through with it pass --confirm {1}")]
    Unconfirmed(String, String),
    /// Another run is at work.
    #[error("{0}")]
    Locked(String),
    /// Something that the plan needs isn't there or isn't shown to this token.
    #[error("{}", .0.join("\n"))]
    NotSeen(Vec<String>),
    /// GitHub answered with a refusal or not at all.
    #[error("{}{}", crate::github::told(.0), crate::github::hint(.0))]
    GitHub(spectra_github::Failure),
    /// Single changes failed for good.
    #[error("{failed} of the changes failed and {skipped} were skipped because of them: see the list above")]
    Changes {
        /// The kind of the refusal that counts most.
        worst: Kind,
        /// Refused by GitHub.
        failed: usize,
        /// Not tried.
        skipped: usize,
    },
    /// Some changes can't be made as GitHub stands.
    #[error("{0} of the changes can't be made as GitHub stands: see the list above")]
    Blocked(usize),
    /// The run ended before its work did.
    #[error("stopped part-way ({0}); what was done is in the evidence: run again to go on")]
    Stopped(String),
    /// The conformance checks ended before all of them were made.
    #[error("{0}")]
    CutShort(String),
    /// The command line asks for what doesn't go together.
    #[error("{0}")]
    Usage(String),
    /// The sandbox doesn't start or stop.
    #[error("the sandbox: {0}")]
    Sandbox(String),
    /// The sandbox can't be reached where it should be.
    #[error(
        "the sandbox can't listen on {address}: {reason}. Name another --listen; port 0 picks a free one"
    )]
    Listen {
        /// Where.
        address: std::net::SocketAddr,
        /// Why.
        reason: String,
    },
}

impl Error {
    /// The kind, which decides the exit code.
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Read { .. }
            | Self::Write { .. }
            | Self::NoPlan { .. }
            | Self::NotAFolder { .. }
            | Self::NotAReview { .. } => Kind::File,
            Self::Checksum { .. } | Self::Unexpected { .. } | Self::Plan { .. } => Kind::Plan,
            Self::Refused(_)
            | Self::Moved(_)
            | Self::OtherReview { .. }
            | Self::Unreviewed(_)
            | Self::Unconfirmed(..)
            | Self::Locked(_) => Kind::Unsafe,
            Self::NotSeen(_) => Kind::NotAllowed,
            Self::GitHub(failure) => crate::github::kind(failure),
            Self::Changes { worst, .. } => *worst,
            Self::Blocked(_) | Self::Sandbox(_) => Kind::Failed,
            Self::Listen { .. } => Kind::Unreachable,
            Self::Stopped(_) | Self::CutShort(_) => Kind::Stopped,
            Self::Usage(_) => Kind::Usage,
        }
    }
}

fn listed(refusals: &[Refusal]) -> String {
    let lines: Vec<String> = refusals.iter().map(ToString::to_string).collect();
    lines.join("\n  - ")
}

fn inner(error: &PlanError) -> String {
    std::error::Error::source(error).map_or_else(String::new, |source| format!(": {source}"))
}

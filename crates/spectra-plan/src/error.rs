//! Why a command ends without its result, and with which code.

use camino::Utf8PathBuf;
use spectra_model::plan::PlanError;
use spectra_planner::BaselineError;

/// The codes that the planning commands end with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// `--check`: what is on disk is not what would be written. Otherwise a failure of another kind.
    Failed,
    /// A bad command line.
    Usage,
    /// A manifest or a baseline was refused.
    Refused,
    /// A file that the command line names could not be read, or one could not be written.
    Files,
}

impl Exit {
    /// The number that the shell sees.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 64,
            Self::Refused => 65,
            Self::Files => 74,
        }
    }
}

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{path}: can't be read")]
    Read {
        path: Utf8PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{path}: this is {what}, and a file is wanted")]
    NotAFile { path: Utf8PathBuf, what: &'static str },
    #[error("{path}: more than {limit} bytes, and no more are read")]
    TooLarge { path: Utf8PathBuf, limit: u64 },
    #[error("{path}: its real path is not UTF-8")]
    NotUtf8 { path: Utf8PathBuf },
    #[error("{manifest}: lies outside of the root {root}")]
    OutsideRoot { manifest: Utf8PathBuf, root: Utf8PathBuf },
    #[error("no project `{project}` in {manifests}")]
    NoSuchProject { project: String, manifests: String },
    #[error("{path}: is no baseline")]
    NoBaseline {
        path: Utf8PathBuf,
        #[source]
        source: PlanError,
    },
    #[error("{path}: is not this board's baseline")]
    OtherBaseline {
        path: Utf8PathBuf,
        #[source]
        source: BaselineError,
    },
    #[error("{path}: is a plan of board `{slug}`, and none of the boards is or was that one: {planned}")]
    BaselineOfNone { path: Utf8PathBuf, slug: String, planned: String },
    #[error("board `{slug}` has two baselines, {one} and {other}: name one of them")]
    TwoBaselines { slug: String, one: Utf8PathBuf, other: Utf8PathBuf },
    #[error(
        "{path}: is the baseline of two boards, `{one}` and `{other}`: only one of them can have been that board"
    )]
    TwoBoards { path: Utf8PathBuf, one: String, other: String },
    #[error("{path}: can't be removed")]
    Remove {
        path: Utf8PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("{path}: can't be written")]
    Write {
        path: Utf8PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the output can't be written")]
    Output(#[source] std::io::Error),
    #[error("`{program}` can't be started")]
    Launch {
        program: String,
        #[source]
        source: std::io::Error,
    },
    #[error("`{program}` is neither beside this program nor in PATH")]
    NoSibling { program: String },
}

impl Error {
    /// The one place where a kind of failure gets its code.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::OutsideRoot { .. } | Self::NoSuchProject { .. } | Self::TwoBaselines { .. } => Exit::Usage,
            Self::NoBaseline { .. }
            | Self::OtherBaseline { .. }
            | Self::BaselineOfNone { .. }
            | Self::TwoBoards { .. } => Exit::Refused,
            Self::Read { .. }
            | Self::NotAFile { .. }
            | Self::TooLarge { .. }
            | Self::NotUtf8 { .. }
            | Self::Write { .. }
            | Self::Remove { .. }
            | Self::Output(_) => Exit::Files,
            Self::Launch { .. } | Self::NoSibling { .. } => Exit::Failed,
        }
    }

    /// The message with its causes, on one line.
    pub(crate) fn line(&self) -> String {
        let causes = std::iter::successors(std::error::Error::source(self), |cause| cause.source());
        let causes: Vec<String> = causes.map(|cause| format!(": {cause}")).collect();
        format!("error: {self}{}\n", causes.concat())
    }
}

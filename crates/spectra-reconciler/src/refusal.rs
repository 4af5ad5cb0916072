//! Why an apply must not begin.

use spectra_model::id::ChangeId;

/// One reason, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Something of the same title is there that Spectra didn't make.
    #[error(
        "{what} `{title}` is there already and is not Spectra's: {url}; give it another title or delete it, or pass \
         --adopt {key}={url} to take it over, --adopt to take over all such, or --no-adopt to make new ones beside them"
    )]
    SameTitle {
        /// A board or an issue.
        what: &'static str,
        /// The plan's key; the slug for the board.
        key: String,
        /// The title.
        title: String,
        /// Where it is.
        url: String,
    },
    /// Several things could be taken over for one of the plan's, or one for several.
    #[error("`{key}` could be any of {urls}: say which by --adopt {key}=URL")]
    SeveralCandidates {
        /// The plan's key; the slug for the board.
        key: String,
        /// Where they are.
        urls: String,
    },
    /// What was named to be taken over can't be.
    #[error("--adopt {key}={url}: {because}")]
    NotToBeAdopted {
        /// The plan's key; the slug for the board.
        key: String,
        /// Where it should be.
        url: String,
        /// Why it can't be.
        because: &'static str,
    },
    /// Two boards say that they are this one.
    #[error(
        "several boards hold the record of `{slug}`: {urls}; remove the record from the readme of all but one"
    )]
    SeveralBoards {
        /// The slug.
        slug: String,
        /// The boards.
        urls: String,
    },
    /// The board belongs to another manifest.
    #[error(
        "the board {url} was made from manifest `{theirs}`, and this plan comes from `{ours}`: give the project \
         another id, or pass --adopt to take the board over"
    )]
    OtherManifest {
        /// The board.
        url: String,
        /// The record's manifest.
        theirs: String,
        /// The plan's manifest.
        ours: String,
    },
    /// The board belongs to another project.
    #[error(
        "the board {url} is that of project `{theirs}`, and this plan is of `{ours}`: mend `projectNumber` or the \
         title, add `renamedFrom: [{theirs}]`, or pass --adopt {ours}={url}"
    )]
    OtherProject {
        /// The board.
        url: String,
        /// The record's slug.
        theirs: String,
        /// The plan's slug.
        ours: String,
    },
    /// The plan names a board that a new one was made in place of.
    #[error(
        "the board {url} was superseded by another one of this project (--force-new-project): mend `projectNumber`, or \
         take the record out of its readme"
    )]
    Superseded {
        /// The board.
        url: String,
    },
    /// A new board is asked for where the plan says which one is its own.
    #[error(
        "--force-new-project makes a new board, and the plan names board number {number}: take `projectNumber` out"
    )]
    NewBoardOfANumber {
        /// The number.
        number: u64,
    },
    /// An issue has a marker that can't be read, and may be one that is to be made.
    #[error(
        "{url} has half a marker of Spectra's, and may be `{key}`: restore it from the history of its body, or pass \
         --adopt {key}={url}, or --no-adopt to make a new issue"
    )]
    DamagedMarker {
        /// The issue.
        url: String,
        /// The key that no issue has.
        key: String,
    },
    /// An issue was one that is to be made, until somebody took its marker out or wrote another into it.
    #[error(
        "{url} was `{key}` until somebody took its marker away: pass --adopt {key}={url}, or --adopt for all such, to take \
         it back with what stands there now, or --no-adopt to make a new issue"
    )]
    LostMarker {
        /// The issue.
        url: String,
        /// The key that it had.
        key: String,
    },
    /// An issue has the managed label and no marker, and nothing tells whether it ever had one.
    #[error(
        "{url} has the managed label and no marker, GitHub doesn't tell whether it had one, and it may be `{key}`: pass \
         --adopt {key}={url}, take the label off if it is another issue, or pass --no-adopt to make a new one"
    )]
    UntoldMarker {
        /// The issue.
        url: String,
        /// A key that no issue has.
        key: String,
    },
    /// The board that the plan names by number isn't there.
    #[error("the owner has no board number {number}: mend `projectNumber` or take it out")]
    NoSuchNumber {
        /// The number.
        number: u64,
    },
    /// A readme holds a record that can't be read.
    #[error("{url}: {problem}; restore it from the readme's history or remove the whole comment")]
    DamagedRecord {
        /// The board.
        url: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A change that loses data.
    #[error("{change}: {loss}; pass --allow-destructive to go through with it")]
    Destructive {
        /// The change.
        change: ChangeId,
        /// What is lost, and how much of it.
        loss: String,
    },
    /// More removals than a slip of the pen explains.
    #[error(
        "{removals} things would be closed or removed, and {allowed} is the most without --max-deletes {removals}"
    )]
    TooManyRemovals {
        /// How many there are.
        removals: usize,
        /// How many are let through.
        allowed: usize,
    },
}

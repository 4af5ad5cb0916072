//! Why an apply must not begin.

use spectra_model::id::ChangeId;

/// One reason, with what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Something of the same title is there that Spectra didn't make.
    #[error(
        "{what} `{title}` is there already and is not Spectra's: {url}; give it another title or delete it, or pass \
         --adopt to take it over or --no-adopt to make a new one beside it"
    )]
    SameTitle {
        /// A board or an issue.
        what: &'static str,
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

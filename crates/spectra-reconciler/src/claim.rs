//! Claims: what an issue's marker says that Spectra set there: labels, assignees, edges to what blocks it.
//!
//! Only what is claimed is ever taken away again, so a claim must neither be missing nor be of something that is a
//! person's, at whichever write a run is cut off:
//!
//! - What is there and isn't claimed is a person's, and is never claimed afterwards.
//! - What is to be set is claimed first and set then ([`crate::schedule`], and by `requires` where the two are different
//!   changes). A claim of something that isn't there does nothing: as long as the plan wants it, it is set; when the plan
//!   no longer does, the claim is dropped.
//! - What is to be taken away is taken away first, and the claim is dropped then.
//! - The two are never in one request, which GitHub may carry out in part.
//!
//! Whoever sets by hand what is claimed, between a run that was cut off and the next one, can't be told from Spectra, which
//! was about to set the same: it counts as Spectra's.
//!
//! The managed label needs no claim, it is Spectra's whoever put it on; it goes first of all, because an issue that is
//! being adopted is found by it.

/// How a thing that the plan wants stands on an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is there.
    There,
    /// It isn't there and is about to be set.
    ToBeSet,
    /// Whether it is there can't be seen now, nor can it be set.
    Unseen,
}

/// Whether the marker shall claim it.
pub(crate) fn claims(standing: Standing, is_claimed: bool) -> bool {
    match standing {
        Standing::There | Standing::Unseen => is_claimed,
        Standing::ToBeSet => true,
    }
}

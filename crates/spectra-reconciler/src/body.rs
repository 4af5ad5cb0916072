//! What becomes of an issue's body: the managed region is the plan's, the text around it is people's.

use spectra_model::marker::{Closing, MarkedBody, Marker};
use spectra_model::plan::BodyPolicy;
use spectra_model::region;

use crate::Edits;

/// What is to be done about a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BodyChange {
    /// Nothing.
    Same,
    /// The marker is out of date, the region is not.
    Marker(String),
    /// The region gets the plan's text.
    Region(String),
    /// A person rewrote the region, and the plan says otherwise; with the body to write if the marker is out of date.
    Conflict(Option<String>),
}

/// Decides about a body. `marker` says what the marker shall say; its hash is set here.
pub(crate) fn decide(
    policy: BodyPolicy,
    edits: Edits,
    found: &MarkedBody,
    marker: &Marker,
    wanted: &str,
) -> BodyChange {
    let remark = |hash: String| {
        let marker = Marker { hash, ..marker.clone() };
        let is_whole = marker == found.marker && found.closing == Closing::There;
        (!is_whole).then(|| found.with(&marker, &found.region))
    };
    let kept = || remark(found.marker.hash.clone());
    let says_so = region::normalise(&found.region) == region::normalise(wanted);
    match policy {
        BodyPolicy::CreateOnly => kept().map_or(BodyChange::Same, BodyChange::Marker),
        BodyPolicy::Overwrite => {
            let alone = found.before.trim().is_empty() && found.after.trim().is_empty();
            if alone && says_so && found.closing == Closing::There {
                kept().map_or(BodyChange::Same, BodyChange::Marker)
            } else {
                let marker = Marker { hash: region::hash(wanted), ..marker.clone() };
                BodyChange::Region(marker.around(&region::carry_ticks(&found.region, wanted)))
            }
        }
        // The hash follows what both the plan and GitHub say, so that a later edit of the manifest is no conflict.
        BodyPolicy::ManagedRegion if says_so => {
            remark(region::hash(wanted)).map_or(BodyChange::Same, BodyChange::Marker)
        }
        BodyPolicy::ManagedRegion if found.region_was_rewritten() && edits == Edits::Keep => {
            // Where a rewritten region ends is not known without its closing comment: none is put behind people's text.
            BodyChange::Conflict(kept().filter(|_| found.closing == Closing::There))
        }
        BodyPolicy::ManagedRegion => {
            let marker = Marker { hash: region::hash(wanted), ..marker.clone() };
            BodyChange::Region(found.with(&marker, &region::carry_ticks(&found.region, wanted)))
        }
    }
}

/// The body of an issue that is being adopted: the region stands below people's text. Where that is the plan's text
/// already, as in an issue that lost its marker, it becomes the region; where the region is known, from the history of the
/// body, it is the region still. Where the body is theirs once it is written, it gets the plan's text only if it is empty.
pub(crate) fn adopted(policy: BodyPolicy, found: &MarkedBody, marker: &Marker, wanted: &str) -> String {
    let is_empty = found.before.trim().is_empty() && found.region.is_empty();
    let says_so = region::normalise(found.before.trim()) == region::normalise(wanted);
    let is_bare = found.region.is_empty() && found.after.trim().is_empty();
    if policy == BodyPolicy::ManagedRegion && is_bare && says_so {
        let marker = Marker { hash: region::hash(wanted), ..marker.clone() };
        return marker.around(&region::carry_ticks(&found.before, wanted));
    }
    let region = match policy {
        BodyPolicy::CreateOnly if !is_empty => found.region.clone(),
        BodyPolicy::CreateOnly | BodyPolicy::ManagedRegion | BodyPolicy::Overwrite => {
            region::carry_ticks(&found.region, wanted)
        }
    };
    let marker = Marker { hash: region::hash(&region), ..marker.clone() };
    match policy {
        BodyPolicy::Overwrite => marker.around(&region),
        BodyPolicy::CreateOnly | BodyPolicy::ManagedRegion => found.with(&marker, &region),
    }
}

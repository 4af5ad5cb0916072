//! Issues of other boards of the manifest, as far as edges of this one lead to them.
//!
//! They are found by their markers, by whoever observes. Nothing of them is decided here.

use std::borrow::Cow;

use spectra_model::observation::foreign_key;
use spectra_model::plan::IssueRef;

use crate::context::Context;

/// An edge's end as it stands in the edge's key: `key`, or `slug:key` for an issue of another board.
pub(crate) fn edge_end(issue: &IssueRef) -> Cow<'_, str> {
    match issue {
        IssueRef::Own(key) => Cow::Borrowed(key.as_str()),
        IssueRef::Foreign(foreign) => Cow::Owned(foreign_key(foreign)),
    }
}

/// Why an edge can't lead there; None where it can.
pub(crate) fn out_of_reach(context: &Context<'_>, issue: &IssueRef) -> Option<String> {
    let foreign = match issue {
        IssueRef::Own(_) => return None,
        IssueRef::Foreign(foreign) => foreign,
    };
    match context.observation.foreign.get(&foreign_key(foreign)).map(Vec::as_slice) {
        Some([_]) => None,
        None | Some([]) => Some(format!(
            "issue `{}` of board `{}` is not on GitHub yet: apply {} first, then this board again",
            foreign.key, foreign.slug, foreign.slug
        )),
        Some(several) => Some(format!(
            "{} issues have the marker of `{}` of board `{}`: take it out of the body of all but one",
            several.len(),
            foreign.key,
            foreign.slug
        )),
    }
}

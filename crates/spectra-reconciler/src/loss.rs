//! What a change would lose: the values that items hold.
//!
//! Archived items and drafts count. Items whose values can't be seen may hold some, and that is said.

use std::fmt;

use spectra_model::id::NodeId;
use spectra_model::observation::Value;

use crate::context::Context;

/// The values that would be lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Loss {
    values: usize,
    items: usize,
    /// Items of the board whose values aren't known.
    unseen: usize,
}

impl Loss {
    /// Counts the values of a field; `lost` says how many of one item's value would go.
    pub(crate) fn of(context: &Context<'_>, field: &NodeId, lost: impl Fn(&Value) -> usize) -> Self {
        let board = context.board();
        let issues = context.observation.issues.iter().filter_map(|issue| issue.item.as_ref());
        let drafts = board.into_iter().flat_map(|board| &board.drafts).map(|draft| &draft.item);
        let mut loss = Self { unseen: board.map_or(0, |board| board.other_items), ..Self::default() };
        for count in issues.chain(drafts).filter_map(|item| item.values.get(field)).map(lost) {
            loss.values = loss.values.saturating_add(count);
            loss.items = loss.items.saturating_add(usize::from(count > 0));
        }
        loss
    }

    /// Whether nothing is lost for sure.
    pub(crate) fn is_nothing(self) -> bool {
        self.values == 0 && self.unseen == 0
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { values, items, unseen } = *self;
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        write!(f, "{values} value{} on {items} item{}", plural(values), plural(items))?;
        if unseen > 0 {
            write!(
                f,
                ", and perhaps more on {unseen} item{} whose values this token can't see",
                plural(unseen)
            )?;
        }
        Ok(())
    }
}

//! What the answers to writes hold, and what sending a write again does.

use spectra_model::id::NodeId;
use spectra_model::observation::Field;
use spectra_model::step::{IssueBinding, MilestoneBinding, ProjectBinding};

/// What a write's answer holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// A board.
    Project(ProjectBinding),
    /// A label.
    Label(NodeId),
    /// A milestone.
    Milestone(MilestoneBinding),
    /// A field with its options and iterations.
    Field(Field),
    /// A view.
    View {
        /// Its node.
        id: NodeId,
        /// Its number on its board.
        number: u64,
    },
    /// An issue. One that was transferred is another than before.
    Issue(IssueBinding),
    /// A draft issue.
    Draft {
        /// Its item.
        item: NodeId,
        /// Its own node.
        draft: NodeId,
    },
    /// A draft that is an issue now.
    Converted {
        /// Its item.
        item: NodeId,
        /// The issue.
        issue: IssueBinding,
    },
    /// An item of the board.
    Item(NodeId),
    /// Nothing that wasn't known.
    Nothing,
}

/// What sending a write a second time does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replay {
    /// The same as sending it once.
    Safe,
    /// It is refused as already there ([`crate::Failure::AlreadyThere`]), which then counts as done.
    RefusedAsThere,
    /// It makes another one, or undoes what others did since: look first.
    Never,
}

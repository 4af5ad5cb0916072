//! Issue types: an organisation's own, so the planner knows their names from the manifest alone.

use std::collections::BTreeSet;

use spectra_model::id::{IssueTypeName, fold};
use spectra_model::limits::ISSUE_TYPES_PER_ORGANISATION;

use crate::code::Code;
use crate::manifest::Text;
use crate::report::Report;
use crate::text;

/// The types that a board's issues name.
#[derive(Default)]
pub(super) struct IssueTypes {
    named: BTreeSet<String>,
}

impl IssueTypes {
    /// The type of a name; reports the first that is one more than an organisation can have.
    pub(super) fn named(&mut self, name: String, written: &Text, report: &mut Report) -> IssueTypeName {
        let folded = fold(&name);
        if !self.named.contains(&folded) {
            let filled = Text { value: name.clone(), span: written.span };
            text::one_line(&filled, "an issue type", report);
            self.named.insert(folded);
            if self.named.len() == ISSUE_TYPES_PER_ORGANISATION + 1 {
                report.say(
                    Code::TooMany,
                    written.span,
                    format!(
                        "`{name}` is issue type number {}, and an organisation has at most \
                         {ISSUE_TYPES_PER_ORGANISATION}",
                        self.named.len()
                    ),
                    "use fewer issue types",
                );
            }
        }
        IssueTypeName::new(name)
    }
}

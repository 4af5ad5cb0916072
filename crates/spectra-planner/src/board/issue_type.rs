//! Issue types: an organisation's own, so the planner knows their names from the manifest alone.
//!
//! GitHub: only organisations have issue types (`createIssueType` takes the id of one), and an issue can have those of
//! its repository's owner.

use std::collections::BTreeSet;

use spectra_model::id::{IssueTypeName, RepoSlug, fold};
use spectra_model::limits::ISSUE_TYPES_PER_ORGANISATION;
use spectra_model::plan::OwnerType;

use crate::code::Code;
use crate::manifest::{Manifest, Project, Text};
use crate::report::Report;
use crate::text;

/// The types that a board's issues name.
pub(super) struct IssueTypes<'m> {
    named: BTreeSet<String>,
    /// The owner whose repositories have none; None of an organisation.
    without: Option<&'m str>,
}

impl<'m> IssueTypes<'m> {
    /// None yet.
    pub(super) fn of(manifest: &'m Manifest) -> Self {
        let owner = manifest.owner.as_ref().filter(|owner| owner.kind == OwnerType::User);
        // Where teams are linked the owner's type was told to be wrong, or teams are; that is one mistake.
        let activities = |project: &'m Project| project.activities.items.iter();
        let boards = manifest.projects.iter().flat_map(|project| {
            std::iter::once(&project.board).chain(activities(project).filter_map(|one| one.board.as_deref()))
        });
        let is_told = boards.into_iter().any(|board| !board.teams.is_empty());
        let without = owner.filter(|_| !is_told).map(|owner| owner.slug.value.as_str());
        Self { named: BTreeSet::new(), without }
    }

    /// The type of a name; reports one in the repository of a user, and the first that is one more than an organisation
    /// can have.
    pub(super) fn named(
        &mut self,
        name: String,
        written: &Text,
        repository: Option<&RepoSlug>,
        report: &mut Report,
    ) -> IssueTypeName {
        let owner = repository.map(RepoSlug::owner);
        if let Some(user) =
            self.without.filter(|user| owner.is_some_and(|owner| owner.eq_ignore_ascii_case(user)))
        {
            let message = format!("`{user}` is a user, and only organisations have issue types");
            let help = "leave `issueType` out, or write `type: org` at the owner if it is an organisation";
            report.of_several_places((Code::NoIssueTypes, None), user, written.span, message, |_| {
                (help.to_owned(), Vec::new())
            });
        }
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

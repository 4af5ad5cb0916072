//! Draft issues: title, body, assignees and values, on the board alone.

use spectra_model::id::{IssueKey, ProjectSlug};
use spectra_model::plan;

use super::issue::Common;
use crate::backlog::{Backlog, Entry};
use crate::code::Code;
use crate::manifest::Text;
use crate::report::Report;

/// The draft of the plan.
pub(super) fn planned(
    entry: &Entry<'_>,
    slug: &ProjectSlug,
    common: Common,
    renamed_from: Vec<IssueKey>,
) -> Option<plan::Draft> {
    let Common { title, body, assignees, fields } = common;
    Some(plan::Draft {
        key: entry.key(slug),
        level: entry.issue.level,
        title: title?,
        body,
        assignees,
        fields,
        stage: entry.stage_name().map(str::to_owned),
        renamed_from,
    })
}

/// Reports what drafts can't have.
pub(super) fn check(backlog: &Backlog<'_>, report: &mut Report) {
    for entry in backlog.entries.iter().filter(|entry| entry.issue.draft) {
        for key in &entry.issue.not_of_a_draft {
            report.say(
                Code::BadDraft,
                key.span,
                format!("a draft has no `{}`", key.value),
                "leave it out, or make an issue of it by leaving out `draft: true`; a draft has title, body, \
                 assignees and fields",
            );
        }
        if let Some(title) = entry.issue.title.as_ref().filter(|title| is_an_address(title)) {
            report.say(
                Code::BadDraft,
                title.span,
                "the title of a draft is the address of an issue or a pull request",
                "GitHub would put that one on the board instead: write a title in words",
            );
        }
    }
}

/// GraphQL schema, `addProjectV2DraftIssue`: a title that is the address of an issue or a pull request adds that.
fn is_an_address(title: &Text) -> bool {
    let rest = title.value.strip_prefix("https://").or_else(|| title.value.strip_prefix("http://"));
    let parts: Vec<&str> = rest.unwrap_or_default().split('/').collect();
    matches!(parts.as_slice(), [_, _, _, "issues" | "pull", number, ..] if number.starts_with(|c: char| c.is_ascii_digit()))
}

//! The hierarchy: edges from parents to sub-issues, and GitHub's limits for them.

use std::collections::BTreeMap;

use spectra_model::limits::{ISSUES_IN_A_CHAIN, ITEMS_PER_PROJECT, SUB_ISSUES_PER_PARENT};
use spectra_model::plan::Link;

use super::boards::Keys;
use crate::backlog::Backlog;
use crate::code::Code;
use crate::report::Report;
use crate::span::Span;

/// Reports chains that are too long, parents with too many children, and siblings that nobody could tell apart, on
/// whichever boards they stand.
pub(super) fn check(backlog: &Backlog<'_>, report: &mut Report) {
    let mut children: BTreeMap<usize, usize> = BTreeMap::new();
    let mut titles = BTreeMap::new();
    for entry in &backlog.entries {
        let issue = entry.issue;
        if issue.draft {
            // It lives on the board, below nothing.
            continue;
        }
        if let Some(parent) = entry.parent {
            let count = children.entry(parent).or_default();
            *count += 1;
            if *count == SUB_ISSUES_PER_PARENT + 1 {
                report.say(
                    Code::TooMany,
                    issue.place(),
                    format!("this is sub-issue number {count} of its parent, and GitHub allows {SUB_ISSUES_PER_PARENT}"),
                    "group some of them under an issue of their own",
                );
            }
        }
        if entry.depth == ISSUES_IN_A_CHAIN + 1 {
            report.say(
                Code::TooMany,
                issue.place(),
                format!(
                    "this issue is number {} in its chain of parents, and GitHub allows {ISSUES_IN_A_CHAIN}",
                    entry.depth
                ),
                "move it up",
            );
        }
        let above = entry.parent.and_then(|parent| backlog.entries.get(parent)?.repository.as_ref());
        if let Some((above, own)) = above.zip(entry.repository.as_ref())
            && !above.owner().eq_ignore_ascii_case(own.owner())
        {
            report.say(
                Code::OwnersApart,
                issue.repository.as_ref().map_or(issue.place(), |written| written.span),
                format!("this issue goes to {own}, and its parent to {above}"),
                "GitHub allows sub-issues only among repositories of one owner: use one of the parent's owner; or make \
                 it an activity of its own, in a project without an initiative",
            );
        }
        let Some((title, repository)) = issue.title.as_ref().zip(entry.repository.as_ref()) else { continue };
        let id = issue.id.as_ref().map(|id| id.value.as_str());
        let first = titles.insert((entry.parent, repository, title.value.as_str()), (title.span, id));
        // An issue that stands there twice was reported for its id.
        if let Some((first, _)) = first.filter(|(_, other)| id.is_none() || *other != id) {
            report.say(
                Code::RepeatedTitle,
                title.span,
                format!("two sibling issues in {repository} have the title `{}`", title.value),
                format!("the other one stands in {}; say how they differ", report.line(first, title.span)),
            );
        }
    }
}

/// Reports a board with too many items.
pub(super) fn items(count: usize, board: Span, report: &mut Report) {
    if count > ITEMS_PER_PROJECT {
        report.say(
            Code::TooMany,
            board,
            format!("the board would have {count} items, and GitHub allows {ITEMS_PER_PROJECT}"),
            "make two boards of it",
        );
    }
}

/// The edges to a board's issues, in the order of the children.
pub(super) fn links(backlog: &Backlog<'_>, keys: &Keys<'_>, board: usize) -> Vec<Link> {
    let edges = keys.on(board).filter_map(|(at, child)| {
        let parent = keys.seen_from(board, backlog.entries.get(at)?.parent?)?;
        Some(Link::SubIssue { parent, child: child.clone() })
    });
    edges.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Names;
    use crate::span::FileId;

    #[test]
    fn a_board_is_full_at_its_limit() {
        let span = Span::start(FileId(0));
        for (count, refused) in [(ITEMS_PER_PROJECT, 0), (ITEMS_PER_PROJECT + 1, 1)] {
            let mut report = Report::new(Names::default());
            items(count, span, &mut report);
            let (found, _) = report.into_diagnostics();
            assert_eq!(found.len(), refused, "{count}");
            assert!(found.iter().all(|one| one.code == Code::TooMany.as_str()));
        }
    }
}

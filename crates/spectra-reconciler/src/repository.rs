//! Repositories that are linked to the board.
//!
//! One is unlinked only if Spectra linked it and the plan dropped it: what people linked, and what GitHub linked by
//! itself, stays.

use spectra_model::board_record::{BoardRecord, Made};
use spectra_model::change::{Action, Change, Kind};
use spectra_model::id::{RepoSlug, fold};
use spectra_model::plan::Link;
use spectra_model::step::Step;

use crate::context::Context;

pub(crate) fn changes(context: &Context<'_>) -> Vec<Change> {
    let wanted: Vec<&RepoSlug> = context.plan.links.iter().filter_map(Link::repository).collect();
    let mut changes: Vec<Change> = wanted.iter().filter_map(|slug| link(context, slug)).collect();
    let made = context.record().map(|record| &record.made.linked);
    let dropped = made.into_iter().flatten().filter(|slug| !wanted.iter().any(|it| same(it, slug)));
    changes.extend(dropped.filter(|slug| is_linked(context, slug)).map(unlink));
    changes
}

/// Of the repositories that Spectra linked or set out to link, those that are linked.
pub(crate) fn made(context: &Context<'_>, record: &BoardRecord, made: &mut Made) {
    let intended = record.made.linked.iter().chain(&record.making.linked);
    made.linked = intended.filter(|slug| is_linked(context, slug)).cloned().collect();
}

fn same(one: &RepoSlug, other: &RepoSlug) -> bool {
    fold(one.as_str()) == fold(other.as_str())
}

fn is_linked(context: &Context<'_>, slug: &RepoSlug) -> bool {
    context.board().is_some_and(|board| board.repositories.keys().any(|linked| same(linked, slug)))
}

fn link(context: &Context<'_>, slug: &RepoSlug) -> Option<Change> {
    if is_linked(context, slug) {
        return None;
    }
    let owner = &context.plan.project.owner.slug;
    let reason = if fold(slug.owner()) != fold(owner.as_str()) {
        // GitHub: "Only projects owned by the same owner as the repository can be linked."
        Some(format!("GitHub links only repositories of the board's owner, which is {owner}"))
    } else if context.bindings.repositories.contains_key(slug) {
        None
    } else {
        Some(format!("repository {slug} is not there, or the token can't see it"))
    };
    let mut change = Change::new(
        if reason.is_some() { Action::Blocked } else { Action::Create },
        Kind::Repository,
        slug.as_str(),
    );
    if reason.is_none() {
        change.requires = context.creation(Kind::Project, context.plan.slug.as_str()).into_iter().collect();
        change.steps = vec![Step::LinkRepository { repository: slug.clone() }];
    }
    change.reason = reason;
    Some(change)
}

fn unlink(slug: &RepoSlug) -> Change {
    let mut change = Change::new(Action::Delete, Kind::Repository, slug.as_str());
    change.reason = Some("the plan no longer has this link".to_owned());
    change.steps = vec![Step::UnlinkRepository { repository: slug.clone() }];
    change
}

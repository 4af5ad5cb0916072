//! Teams that are linked to the board.
//!
//! One is unlinked only if Spectra linked it and the plan dropped it.

use spectra_model::board_record::{BoardRecord, Made};
use spectra_model::change::{Action, Change, Kind};
use spectra_model::id::TeamSlug;
use spectra_model::plan::{Link, OwnerType};
use spectra_model::step::Step;

use crate::context::Context;

pub(crate) fn changes(context: &Context<'_>) -> Vec<Change> {
    let wanted: Vec<&TeamSlug> = context.plan.links.iter().filter_map(Link::team).collect();
    let mut changes: Vec<Change> = wanted.iter().filter_map(|slug| link(context, slug)).collect();
    let made = context.record().map(|record| &record.made.teams);
    let dropped = made.into_iter().flatten().filter(|slug| !wanted.iter().any(|it| it.same(slug)));
    changes.extend(dropped.filter(|slug| is_linked(context, slug)).map(unlink));
    changes
}

/// Of the teams that Spectra linked or set out to link, those that are linked.
pub(crate) fn made(context: &Context<'_>, record: &BoardRecord, made: &mut Made) {
    let intended = record.made.teams.iter().chain(&record.making.teams);
    made.teams = intended.filter(|slug| is_linked(context, slug)).cloned().collect();
}

fn is_linked(context: &Context<'_>, slug: &TeamSlug) -> bool {
    context.board().is_some_and(|board| board.teams.keys().any(|linked| linked.same(slug)))
}

fn link(context: &Context<'_>, slug: &TeamSlug) -> Option<Change> {
    if is_linked(context, slug) {
        return None;
    }
    let owner = &context.plan.project.owner;
    let reason = match owner.kind {
        OwnerType::User => Some(format!("{} is a user, and only organisations have teams", owner.slug)),
        OwnerType::Org if context.bindings.team(slug).is_some() => None,
        OwnerType::Org => {
            Some(format!("team `{slug}` of {} is not there, or the token can't see it", owner.slug))
        }
    };
    let mut change = Change::new(
        if reason.is_some() { Action::Blocked } else { Action::Create },
        Kind::Team,
        slug.as_str(),
    );
    if reason.is_none() {
        change.requires = context.creation(Kind::Project, context.plan.slug.as_str()).into_iter().collect();
        change.steps = vec![Step::LinkTeam { team: slug.clone() }];
    }
    change.reason = reason;
    Some(change)
}

fn unlink(slug: &TeamSlug) -> Change {
    let mut change = Change::new(Action::Delete, Kind::Team, slug.as_str());
    change.reason = Some("the plan no longer has this link".to_owned());
    change.steps = vec![Step::UnlinkTeam { team: slug.clone() }];
    change
}

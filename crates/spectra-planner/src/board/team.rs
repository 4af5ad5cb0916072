//! Teams that the board is linked to.

use spectra_model::id::TeamSlug;
use spectra_model::plan::{Link, OwnerType};

use super::name::unique;
use crate::code::Code;
use crate::manifest::{Manifest, Provisioning};
use crate::report::Report;

/// The edges to linked teams, in the manifest's order. Teams belong to organisations.
pub(super) fn links(manifest: &Manifest, board: &Provisioning, report: &mut Report) -> Vec<Link> {
    let of_a_user = manifest.owner.as_ref().is_some_and(|owner| owner.kind == OwnerType::User);
    if let Some(first) = board.teams.first().filter(|_| of_a_user) {
        report.say(
            Code::BadLink,
            first.span,
            "a board of a user has no teams",
            "leave `teams` out, or let an organisation own the board",
        );
        return Vec::new();
    }
    unique("linked team", &board.teams, report);
    board.teams.iter().map(|team| Link::Team { name: TeamSlug::new(team.value.clone()) }).collect()
}

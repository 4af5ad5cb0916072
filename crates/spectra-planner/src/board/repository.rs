//! Repositories that the board is linked to.

use spectra_model::id::RepoSlug;
use spectra_model::plan::Link;

use super::name::unique;
use crate::code::Code;
use crate::manifest::{Manifest, Provisioning};
use crate::report::Report;

/// The edges to linked repositories, in the manifest's order. GitHub: "Only projects owned by the same owner as the
/// repository can be linked."
pub(super) fn links(manifest: &Manifest, board: &Provisioning, report: &mut Report) -> Vec<Link> {
    unique("linked repository", &board.repositories, report);
    let owner = manifest.owner.as_ref().map(|owner| owner.slug.value.as_str());
    let mut links = Vec::new();
    for written in &board.repositories {
        let Ok(name) = RepoSlug::parse(&written.value) else {
            let message = format!("`{}` is not a repository", written.value);
            report.say(Code::BadOwnerOrRepository, written.span, message, "write `owner/name`");
            continue;
        };
        if let Some(owner) = owner.filter(|owner| !name.owner().eq_ignore_ascii_case(owner)) {
            report.say(
                Code::BadLink,
                written.span,
                format!("`{name}` can't be linked to a board of `{owner}`"),
                "GitHub links a board to repositories of its own owner only: leave it out; issues from there may be on the \
                 board all the same",
            );
            continue;
        }
        links.push(Link::Repository { name });
    }
    links
}

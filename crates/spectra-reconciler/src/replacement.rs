//! New boards: the titles under which they are made, and the board that one is made in place of.
//!
//! A board that is being made bears a working title and an empty readme until it gets its real title together with its
//! record. One that is made in place of another says so in that title: whoever finds it finishes it and marks the other
//! as superseded, so that a run which was cut off in between is gone on with and never leaves two boards of one slug.

use spectra_model::board_record::Readme;
use spectra_model::id::ProjectSlug;
use spectra_model::observation::BoardSummary;
use spectra_model::plan::Plan;

use crate::identity::slugs;
use crate::{Adoption, Refusal, Target};

/// The title under which a board is made; the run's id is put behind it.
pub fn working_title(slug: &ProjectSlug, target: Target) -> String {
    let anew = match target {
        Target::Known => "",
        Target::New => " anew",
    };
    format!("Spectra is preparing {slug}{anew}, run ")
}

/// A board that a run made and has not named yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leftover<'b> {
    /// Whether it is made in place of another.
    pub target: Target,
    /// The run.
    pub run: &'b str,
}

/// Whether a board is one that a run made for this project and has not named yet.
pub fn leftover<'b>(slug: &ProjectSlug, board: &'b BoardSummary) -> Option<Leftover<'b>> {
    if !board.readme.is_empty() {
        return None;
    }
    [Target::Known, Target::New].into_iter().find_map(|target| {
        let run = board.title.strip_prefix(&working_title(slug, target))?;
        Some(Leftover { target, run })
    })
}

/// The boards that bear the record of the plan's project, under the slug that it has or one that it had.
pub fn boards_in_force<'b>(plan: &Plan, boards: &'b [BoardSummary]) -> Vec<&'b BoardSummary> {
    let is_in_force = |board: &&BoardSummary| {
        let record = Readme::of(&board.id, &board.readme).ok().and_then(|readme| readme.record);
        record.is_some_and(|record| {
            record.superseded_by.is_none() && slugs(plan).any(|slug| *slug == record.slug)
        })
    };
    boards.iter().filter(is_in_force).collect()
}

/// The board that a new one is made in place of; None where there is none yet.
///
/// # Errors
/// When it isn't this manifest's, when there are several, and when the plan names its board by number.
pub fn board_to_replace<'b>(
    plan: &Plan,
    boards: &'b [BoardSummary],
    adoption: &Adoption,
) -> Result<Option<&'b BoardSummary>, Vec<Refusal>> {
    if let Some(number) = plan.project.number {
        return Err(vec![Refusal::NewBoardOfANumber { number }]);
    }
    match boards_in_force(plan, boards).as_slice() {
        [] => Ok(None),
        [board] => {
            let record = Readme::of(&board.id, &board.readme).ok().and_then(|readme| readme.record);
            match record.filter(|record| record.manifest != plan.manifest) {
                Some(record) if !adoption.takes_board(plan, &board.url) => {
                    Err(vec![Refusal::OtherManifest {
                        url: board.url.clone(),
                        theirs: record.manifest.to_string(),
                        ours: plan.manifest.to_string(),
                    }])
                }
                Some(_) | None => Ok(Some(board)),
            }
        }
        several => {
            let urls: Vec<&str> = several.iter().map(|board| board.url.as_str()).collect();
            let (slug, urls) = (plan.slug.to_string(), urls.join(", "));
            Err(vec![Refusal::SeveralBoards { slug, urls }])
        }
    }
}

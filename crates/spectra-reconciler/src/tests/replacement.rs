//! New boards in place of one that is there.

use spectra_model::board_record::{BoardRecord, Readme};
use spectra_model::id::{ManifestId, NodeId};
use spectra_model::observation::BoardSummary;
use spectra_model::plan::Plan;

use super::world::{World, options};
use super::{in_sync, shown};
use crate::{
    Adoption, BoardMatch, Options, Refusal, Target, board_of, board_to_replace, boards_in_force, leftover,
    reconcile, working_title,
};

fn forced() -> Options {
    Options { target: Target::New, ..options() }
}

fn board(plan: &Plan, number: u64, superseded_by: Option<&str>) -> BoardSummary {
    let id = NodeId::new(format!("PVT_{number}"));
    let label = plan.project.managed_label.clone();
    let mut record = BoardRecord::new(plan.slug.clone(), plan.manifest.clone(), id.clone(), label);
    record.superseded_by = superseded_by.map(NodeId::new);
    BoardSummary {
        id,
        number,
        url: format!("https://github.test/{number}"),
        title: plan.project.title.clone(),
        description: String::new(),
        readme: Readme { text: String::new(), record: Some(record) }.write(),
        public: false,
        closed: false,
        writable: true,
    }
}

fn unnamed(plan: &Plan, number: u64, target: Target) -> BoardSummary {
    let title = format!("{}r1", working_title(&plan.slug, target));
    BoardSummary { title, readme: String::new(), ..board(plan, number, None) }
}

#[test]
fn a_new_board_says_which_one_it_supersedes_and_takes_the_issues_along() {
    let (plan, mut world) = in_sync();
    let url = world.board().summary.url.clone();
    // What is observed when a new board is asked for: no board, the issues without their places.
    world.github.board = None;
    world.github.issues.iter_mut().for_each(|issue| issue.item = None);
    let decision = reconcile(&plan, &world.github, &forced());
    assert_eq!(decision.refusals, []);
    let changes = shown(&decision.change_set.changes);
    assert!(changes[0].starts_with("create:project:voice "), "{changes:#?}");
    assert!(changes[0].ends_with(&format!(" supersedes: null -> \"{url}\"")), "{changes:#?}");
    let filed: Vec<&String> = changes.iter().filter(|it| it.contains("board: false -> true")).collect();
    assert_eq!(filed.len(), plan.issues.len());
    assert!(!changes.iter().any(|it| it.starts_with("create:issue:")), "{changes:#?}");
}

#[test]
fn wherever_a_run_is_cut_off_the_next_one_knows_its_board() {
    let (plan, _) = in_sync();
    let (old, refuse) = (board(&plan, 1, None), Adoption::Refuse);
    // Made, and not yet named; the old one is in force still, or not any more.
    let begun = unnamed(&plan, 2, Target::New);
    for old in [old.clone(), board(&plan, 1, Some("PVT_2"))] {
        let found = board_of(&plan, &[old, begun.clone()], &refuse);
        assert_eq!(found, BoardMatch::Leftover(begun.id.clone()));
    }
    // Named: the old one no longer counts, neither by its record nor by its title.
    let new = board(&plan, 2, None);
    let both = [board(&plan, 1, Some("PVT_2")), new.clone()];
    assert_eq!(board_of(&plan, &both, &refuse), BoardMatch::Found(new.id.clone()));
    assert_eq!(board_of(&plan, &both[..1], &refuse), BoardMatch::Absent);
    // With the flag once more: again a new one, in place of the newer.
    assert_eq!(board_to_replace(&plan, &both, &refuse), Ok(Some(&new)));
    assert_eq!(boards_in_force(&plan, &both), [&new]);
}

#[test]
fn an_ordinary_leftover_does_not_displace_a_board() {
    let (plan, _) = in_sync();
    let boards = [board(&plan, 1, None), unnamed(&plan, 2, Target::Known)];
    assert_eq!(board_of(&plan, &boards, &Adoption::Refuse), BoardMatch::Found(boards[0].id.clone()));
    let run = leftover(&plan.slug, &boards[1]).map(|it| (it.target, it.run));
    assert_eq!(run, Some((Target::Known, "r1")));
    let other = spectra_model::id::ProjectSlug::parse("voice-anew").unwrap();
    assert_eq!(leftover(&other, &unnamed(&plan, 2, Target::New)), None);
}

#[test]
fn a_new_board_is_refused_where_it_is_not_clear_which_one_it_supersedes() {
    let (mut plan, _) = in_sync();
    let boards = [board(&plan, 1, None), board(&plan, 2, None)];
    let refused = |plan: &Plan, adoption: &Adoption, boards: &[BoardSummary]| {
        board_to_replace(plan, boards, adoption).unwrap_err()
    };
    assert!(matches!(refused(&plan, &Adoption::Refuse, &boards)[0], Refusal::SeveralBoards { .. }));
    plan.manifest = ManifestId::new("other");
    assert!(matches!(refused(&plan, &Adoption::Refuse, &boards[..1])[0], Refusal::OtherManifest { .. }));
    let all = Adoption::All(std::collections::BTreeMap::new());
    assert_eq!(board_to_replace(&plan, &boards[..1], &all), Ok(Some(&boards[0])));
    plan.project.number = Some(1);
    assert!(matches!(refused(&plan, &Adoption::Refuse, &boards)[0], Refusal::NewBoardOfANumber { .. }));
}

#[test]
fn a_superseded_board_that_is_named_by_number_is_refused() {
    let (mut plan, _) = in_sync();
    plan.project.number = Some(1);
    let boards = [board(&plan, 1, Some("PVT_2"))];
    let BoardMatch::Refused(refusals) = board_of(&plan, &boards, &Adoption::Refuse) else { panic!("found") };
    assert!(matches!(refusals.as_slice(), [Refusal::Superseded { .. }]), "{refusals:?}");
}

#[test]
fn without_a_board_the_flag_changes_nothing_but_the_working_title() {
    let plan = super::plan();
    let mut world = World::fresh(&plan);
    world.apply_with(&plan, usize::MAX, &forced());
    super::settles(&plan, &mut world);
}

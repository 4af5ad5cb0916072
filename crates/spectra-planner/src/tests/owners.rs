//! Issues in repositories of other owners than the board's: what GitHub allows, and what it doesn't.

use spectra_model::plan::Link;

use super::folder::{HEAD, manifest};
use super::*;

const TASKS: &str = "
    activities:
      - {id: own, title: Own, tasks: [{id: one, title: One}]}
      - id: labs
        title: Labs
        repository: labs/tools
        dependsOn: [own]
        tasks: [{id: one, title: One, repository: Labs/other}]
      - {id: notes, title: Notes, repository: octocat/notes}
";

fn board(with: &str) -> Folder {
    Folder::of(&[(
        "m.yml",
        &manifest("").replace("{title: Board}", &format!("{{title: Board{with}}}{TASKS}")),
    )])
}

#[test]
fn issues_may_belong_to_other_owners_than_the_board() {
    let plan = &board("").planned(&["m.yml"])[0].plan;
    let of_others = plan.issues.iter().filter(|issue| plan.is_of_another_owner(&issue.repository));
    let keys: Vec<&str> = of_others.map(|issue| issue.key.as_str()).collect();
    assert_eq!(keys, ["board/labs", "board/labs/one", "board/notes"]);
    // Each repository has the managed label, and dependencies lead from one owner to the other.
    let labels = plan.labels.iter().filter(|label| label.name == plan.project.managed_label);
    assert_eq!(labels.count(), 4);
    assert!(
        plan.links
            .iter()
            .any(|link| link.blocked_by().is_some_and(|(issue, _)| issue.as_str() == "board/labs"))
    );
    assert_eq!(plan.links.iter().filter_map(Link::repository).count(), 0);
}

#[test]
fn a_board_is_linked_to_repositories_of_its_own_owner_alone() {
    board(", repositories: [acme/demo, labs/tools]").says(
        "SP046 m.yml:8:67",
        "`labs/tools` can't be linked to a board of `acme`",
        "GitHub links a board to repositories of its own owner only: leave it out; issues from there may be on the board \
         all the same",
    );
}

#[test]
fn a_sub_issue_has_its_parents_owner() {
    let text = format!("{HEAD}projects:\n  - id: board\n    projectProvisioning: {{title: Board}}\n");
    let with = |more: &str| Folder::of(&[("m.yml", &format!("{text}{more}"))]);
    let help = "GitHub allows sub-issues only among repositories of one owner: use one of the parent's owner; or make \
                it an activity of its own, in a project without an initiative";
    with(
        "    activities: [{id: labs, title: Labs, repository: labs/tools, tasks: [{id: one, title: One}]}]\n",
    )
    .says("SP008 m.yml:8:79", "this issue goes to acme/demo, and its parent to labs/tools", help);
    let initiative = "    initiative: {id: top, title: Top}\n    activities:\n";
    with(&format!("{initiative}      - {{id: labs, title: Labs, repository: labs/tools}}\n")).says(
        "SP008 m.yml:10:45",
        "this issue goes to labs/tools, and its parent to acme/demo",
        help,
    );
}

#[test]
fn the_record_has_room_for_what_a_board_does_not_list_yet() {
    let tasks = |count: usize, repository: &str| {
        let tasks = (0..count).map(|at| format!("{{id: t-{at}, title: T {at}, repository: {repository}}}"));
        let tasks: Vec<String> = tasks.collect();
        let activities = tasks.chunks(90).enumerate().map(|(at, tasks)| {
            let tasks = tasks.join(", ");
            format!("      - {{id: a-{at}, title: A {at}, repository: {repository}, tasks: [{tasks}]}}\n")
        });
        format!("\n    activities:\n{}", activities.collect::<String>())
    };
    let labels = (0..220).map(|at| format!("  - {{name: label-{at}, color: ededed}}\n"));
    let labels = format!("labels:\n{}", labels.collect::<String>());
    let with = |count: usize, repository: &str| {
        let text =
            manifest("").replace("{title: Board}", &format!("{{title: Board}}{}", tasks(count, repository)));
        Folder::of(&[("m.yml", &text.replace("projects:\n", &format!("{labels}projects:\n")))])
    };
    assert_eq!(with(900, "acme/demo").planned(&["m.yml"]).len(), 1);
    assert_eq!(with(10, "labs/demo").planned(&["m.yml"]).len(), 1);
    let (place, ..) = with(900, "labs/demo").mistake(&["m.yml"]);
    assert!(place.starts_with("SP031"), "{place}");
}

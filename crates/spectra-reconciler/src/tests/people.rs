//! Identity under people's hands: each starts in sync and changes one thing, as a person would.

use spectra_model::Setting;
use spectra_model::board_record::{Applied, BoardRecord, Left};
use spectra_model::id::{
    FieldName, IssueKey, IterationTitle, LabelName, Login, MilestoneTitle, NodeId, OptionId, OptionName,
    RepoSlug, ViewName,
};
use spectra_model::marker::MarkedBody;
use spectra_model::observation::{self, SelectOption, Value};
use spectra_model::plan::{self, Colour, FieldInput, IssueRef, IssueState, Link, Manage, Plan};

use super::world::{World, options, reckless};
use super::{fields, kinds, settles, shown};
use crate::{Adoption, BoardMatch, Options, Refusal, board_of, reconcile};

const SCOPE: &str = "voice/discover/scope";

fn in_sync() -> (Plan, World) {
    fields::in_sync()
}

fn decided(plan: &Plan, world: &World) -> Vec<String> {
    shown(&reconcile(plan, &world.github, &Options { since: None, ..options() }).change_set.changes)
}

fn after(edit: impl FnOnce(&mut Plan, &mut World)) -> (Vec<String>, World, Plan) {
    let (mut plan, mut world) = in_sync();
    edit(&mut plan, &mut world);
    (decided(&plan, &world), world, plan)
}

fn refusals(plan: &Plan, world: &World) -> Vec<Refusal> {
    reconcile(plan, &world.github, &options()).refusals
}

fn record(world: &mut World) -> &mut BoardRecord {
    world.board().parts.record.as_mut().unwrap()
}

fn repository() -> RepoSlug {
    RepoSlug::parse("o/r").unwrap()
}

fn labels(world: &mut World) -> &mut Vec<observation::Label> {
    &mut world.github.repositories.get_mut(&repository()).unwrap().labels
}

/// A copy of an issue as a person makes it: by hand, with the marker in it.
fn copy(world: &mut World, title: &str, author: &str) -> observation::Issue {
    let mut copy = world.issue(title).clone();
    copy.id = NodeId::new("I_copy");
    copy.number = 99;
    copy.url = "https://github.test/copy".to_owned();
    copy.author = Some(Login::new(author));
    copy.item = None;
    copy
}

// The managed label.

#[test]
fn the_managed_label_is_put_back_renamed_back_and_made_again() {
    let managed = LabelName::new("project:voice");
    let (changes, mut world, plan) = after(|_, world| {
        world.issue("scope").labels.retain(|label| label.as_str() != "project:voice");
    });
    assert_eq!(changes.len(), 1);
    settles(&plan, &mut world);
    assert!(world.issue("scope").labels.contains(&managed));

    let (changes, mut world, plan) = after(|_, world| {
        labels(world)[0].name = LabelName::new("spectra");
        for issue in &mut world.github.issues {
            issue.labels[0] = LabelName::new("spectra");
        }
    });
    assert_eq!(changes[0], r#"update:label:o/r#project%3Avoice name: "spectra" -> "project:voice""#);
    let id = labels(&mut world)[0].id.clone();
    world.apply(&plan, 1);
    assert_eq!(labels(&mut world)[0].id, id);

    let (changes, mut world, plan) = after(|_, world| {
        labels(world).remove(0);
        for issue in &mut world.github.issues {
            issue.labels.remove(0);
        }
    });
    assert!(changes[0].starts_with("create:label:o/r#project%3Avoice"), "{changes:#?}");
    settles(&plan, &mut world);
    assert!(world.github.issues.iter().all(|issue| issue.labels.contains(&managed)));
}

// Markers.

#[test]
fn an_issue_without_its_marker_is_never_doubled_in_silence() {
    for body in ["", "Only people's text."] {
        let (_, mut world, plan) = after(|_, world| world.issue("scope").body = body.to_owned());
        assert!(
            matches!(refusals(&plan, &world).as_slice(), [Refusal::SameTitle { what: "an issue", .. }]),
            "{body}"
        );
        let all = Options { adoption: Adoption::All(std::collections::BTreeMap::new()), ..options() };
        let issues = world.github.issues.len();
        world.apply_with(&plan, usize::MAX, &all);
        assert_eq!(world.github.issues.len(), issues);
    }
}

#[test]
fn half_a_marker_under_another_title_is_asked_about() {
    for edit in [
        |body: &str| body.replace("spectra:begin {", "spectra:begin {{"),
        |body: &str| body.split_once("-->").unwrap().1.to_owned(),
    ] {
        let (_, world, plan) = after(|_, world| {
            let issue = world.issue("scope");
            issue.body = edit(&issue.body);
            issue.title = "Another title".to_owned();
        });
        let refused = refusals(&plan, &world);
        assert!(
            matches!(refused.as_slice(), [Refusal::DamagedMarker { key, .. }] if key == SCOPE),
            "{refused:?}"
        );
        let anew = Options { adoption: Adoption::MakeNew, ..options() };
        assert_eq!(reconcile(&plan, &world.github, &anew).refusals, []);
        let url = world.github.issues.iter().find(|it| it.title == "Another title").unwrap().url.clone();
        let these = Adoption::These([(IssueKey::new(SCOPE), url)].into());
        assert_eq!(reconcile(&plan, &world.github, &Options { adoption: these, ..options() }).refusals, []);
    }
}

#[test]
fn a_marker_in_an_older_issue_of_a_persons_is_a_copy_all_the_same() {
    for created_at in [jiff::Timestamp::MIN, jiff::Timestamp::MAX] {
        let (changes, world, _) = after(|_, world| {
            let mut copy = copy(world, "scope", "a-person");
            copy.created_at = created_at;
            world.github.issues.insert(0, copy);
        });
        assert_eq!(changes, ["manual:issue:https://github.test/copy"]);
        assert!(world.github.issues.iter().all(|issue| issue.state == IssueState::Open));
    }
}

#[test]
fn a_persons_copy_of_what_is_no_longer_planned_is_theirs() {
    let (changes, _, _) = after(|plan, world| {
        plan.issues.pop();
        plan.links.truncate(2);
        world.github.issues.retain(|issue| issue.title != "source");
        let mut copy = copy(world, "scope", "a-person");
        copy.body = copy.body.replace(SCOPE, "voice/source");
        copy.title = "source".to_owned();
        world.github.issues.push(copy);
    });
    assert_eq!(changes, Vec::<String>::new());
}

#[test]
fn an_apps_account_is_known_with_and_without_its_suffix() {
    let (changes, _, _) = after(|_, world| {
        for issue in &mut world.github.issues {
            issue.body = issue.body.replace("spectra-bot", "spectra-bot[bot]");
        }
        let copy = copy(world, "scope", "spectra-bot");
        world.github.issues.push(copy);
    });
    assert_eq!(changes, [r#"update:issue:https://github.test/copy state: "open" -> "closed""#]);
}

#[test]
fn a_region_without_its_end_gets_it_back_and_peoples_text_stays_theirs() {
    let (_, mut world, plan) = after(|_, world| {
        let issue = world.issue("scope");
        issue.body = format!("{}\n\nMine.", issue.body.replace("<!-- spectra:end -->", ""));
    });
    settles(&plan, &mut world);
    let body = MarkedBody::read(&world.issue("scope").body).unwrap();
    assert_eq!((body.after.trim(), body.region_was_rewritten()), ("Mine.", false));
    assert!(world.issue("scope").body.contains("<!-- spectra:end -->"));

    // Rewritten as well: nobody knows where it ended, so it is a person's to mend.
    let (changes, mut world, mut plan) = after(|_, world| {
        let issue = world.issue("scope");
        let body = issue.body.replace("<!-- spectra:end -->", "").replace("Scope", "Everything");
        issue.body = format!("{body}\nMine.");
    });
    assert!(changes.iter().all(|change| change.starts_with("manual:")), "{changes:?}");
    plan.issues[2].body = Setting::Set(format!("{}\nMore.", plan.issues[2].body.text()));
    let before = world.issue("scope").body.clone();
    settles(&plan, &mut world);
    assert_eq!(world.issue("scope").body, before);
}

// The board and its record.

#[test]
fn a_board_without_its_record_gets_it_back_and_loses_nothing() {
    let (changes, mut world, plan) = after(|_, world| {
        let board = world.board();
        board.parts.record = None;
        board.parts.text = String::new();
        board.summary.readme = String::new();
    });
    assert_eq!(
        changes,
        [
            r#"update:project:voice readme: "" -> "Read me.""#,
            // In which order a view was asked to show its fields is forgotten, and this GitHub doesn't show it.
            "update:view:Plan fields: [\"Status\",\"Title\",\"Stage\",\"Estimate\"] -> \
             [\"Title\",\"Status\",\"Stage\",\"Estimate\"]",
        ]
    );
    world.apply(&plan, 1);
    record(&mut world).made.board = false;
    settles(&plan, &mut world);
}

#[test]
fn a_record_that_was_copied_to_another_board_says_nothing_of_it() {
    let (mut plan, mut world) = in_sync();
    let ours = world.github.boards[0].clone();
    let other = observation::BoardSummary { id: NodeId::new("PVT_other"), number: 9, ..ours.clone() };
    let boards = [ours.clone(), other.clone()];
    assert_eq!(board_of(&plan, &boards, &Adoption::Refuse), BoardMatch::Found(ours.id));
    // Named by number it is the plan's, with nothing on it that Spectra made.
    plan.project.number = Some(9);
    assert_eq!(board_of(&plan, &boards, &Adoption::Refuse), BoardMatch::Found(other.id.clone()));
    world.board().summary.id = other.id;
    let decision = reconcile(&plan, &world.github, &options());
    assert!(!decision.made.board && decision.made.fields.is_empty());
}

#[test]
fn a_board_that_people_renamed_or_showed_around_is_put_back() {
    let (changes, mut world, plan) = after(|_, world| {
        world.board().summary.title = "Ours".to_owned();
        world.board().summary.public = true;
    });
    assert_eq!(
        changes,
        [r#"update:project:voice title: "Ours" -> "Voice" visibility: "public" -> "private""#]
    );
    settles(&plan, &mut world);
    let (changes, _, _) = after(|plan, world| {
        plan.project.visibility = None;
        world.board().summary.public = true;
    });
    assert_eq!(changes, Vec::<String>::new());
}

#[test]
fn a_closed_board_stays_closed_and_is_kept_up_to_date() {
    let (changes, mut world, plan) = after(|_, world| {
        world.board().summary.closed = true;
        world.issue("source").title = "Sauce".to_owned();
    });
    assert_eq!(changes, ["manual:project:voice", r#"update:issue:voice/source title: "Sauce" -> "source""#]);
    settles(&plan, &mut world);
    assert!(world.board().summary.closed);
}

// Things that people renamed, deleted or doubled.

#[test]
fn what_people_renamed_is_known_by_its_recorded_id() {
    let (changes, mut world, plan) = after(|_, world| {
        world.named("Estimate").name = FieldName::new("Points");
        world.named("Stage").options[0].name = OptionName::new("Exploring");
        world.named("Sprint").iterations[1].title = IterationTitle::new("Second");
        world.board().views[0].name = ViewName::new("Everything");
        labels(world)[1].name = LabelName::new("kind:task");
        world.issue("scope").labels[1] = LabelName::new("kind:task");
    });
    let ids: Vec<&str> = changes.iter().filter_map(|change| change.split(' ').next()).collect();
    for id in
        ["update:label:o/r#type%3Atask", "update:field:Stage", "update:field:Estimate", "update:field:Sprint"]
    {
        assert!(ids.contains(&id), "{id} is not in {changes:#?}");
    }
    let others = ["create:", "delete:", "update:issue:"];
    assert!(!ids.iter().any(|id| others.iter().any(|it| id.starts_with(it))), "{changes:#?}");
    let shape = |world: &World| {
        let board = world.github.board.as_ref().unwrap();
        (board.fields.len(), board.views.len())
    };
    let before = shape(&world);
    settles(&plan, &mut world);
    assert_eq!(shape(&world), before);
    assert_eq!(decided(&plan, &world), Vec::<String>::new());

    let plan = kinds::plan();
    let mut world = World::fresh(&plan);
    world.apply(&plan, usize::MAX);
    world.github.repositories.get_mut(&repository()).unwrap().milestones[0].title =
        MilestoneTitle::new("Done with it");
    assert_eq!(
        decided(&plan, &world),
        [r#"update:milestone:o/r#Discovered title: "Done with it" -> "Discovered""#]
    );
    settles(&plan, &mut world);
}

#[test]
fn what_people_deleted_is_made_again_with_the_plans_values() {
    let (changes, mut world, plan) = after(|_, world| {
        let id = world.named("Estimate").id.clone();
        world.board().fields.retain(|field| field.id != id);
        for item in world.github.issues.iter_mut().filter_map(|issue| issue.item.as_mut()) {
            item.values.remove(&id);
        }
    });
    assert!(changes.contains(&r#"create:field:Estimate type: null -> "number""#.to_owned()), "{changes:#?}");
    // A view that was sorted by it is arranged anew, which is a replacement.
    world.apply_with(&plan, usize::MAX, &reckless());
    settles(&plan, &mut world);
    let id = world.named("Estimate").id.clone();
    assert!(world.issue("scope").item.as_ref().unwrap().values.contains_key(&id));

    let (_, mut world, plan) = after(|_, world| {
        let stage = world.named("Stage");
        let (id, option) = (stage.id.clone(), stage.options.remove(0).id);
        for item in world.github.issues.iter_mut().filter_map(|issue| issue.item.as_mut()) {
            item.values.retain(|field, value| *field != id || *value != Value::SingleSelect(option.clone()));
        }
    });
    settles(&plan, &mut world);
    let stage = world.named("Stage").clone();
    assert_eq!(stage.options[0].name.as_str(), "Discover");
    let value = &world.issue("scope").item.as_ref().unwrap().values[&stage.id];
    assert_eq!(*value, Value::SingleSelect(stage.options[0].id.clone()));
}

#[test]
fn an_option_that_differs_in_case_only_is_peoples_and_takes_no_values() {
    let (changes, mut world, plan) = after(|_, world| {
        world.named("Stage").options.push(SelectOption {
            id: OptionId::new("theirs"),
            name: OptionName::new("discover"),
            color: Some(Colour::Red),
            description: String::new(),
        });
    });
    assert_eq!(changes, Vec::<String>::new());
    let stage = world.named("Stage").id.clone();
    world.issue("scope").item.as_mut().unwrap().values.remove(&stage);
    settles(&plan, &mut world);
    let options = world.named("Stage").options.clone();
    let value = &world.issue("scope").item.as_ref().unwrap().values[&stage];
    assert_eq!(*value, Value::SingleSelect(options[0].id.clone()));
    assert!(options.iter().any(|option| option.id.as_str() == "theirs"));
}

#[test]
fn two_fields_whose_names_people_swapped_get_their_own_back() {
    let (_, mut world, plan) = after(|_, world| {
        let (one, other) = (world.named("Estimate").id.clone(), world.named("Target").id.clone());
        for field in &mut world.board().fields {
            if field.id == one {
                field.name = FieldName::new("Target");
            } else if field.id == other {
                field.name = FieldName::new("Estimate");
            }
        }
    });
    let values = world.issue("scope").item.clone().unwrap().values;
    settles(&plan, &mut world);
    assert_eq!(world.issue("scope").item.clone().unwrap().values, values, "no value was lost");
}

#[test]
fn a_name_that_people_gave_to_a_field_of_theirs_is_left_to_it() {
    let (changes, mut world, plan) = after(|_, world| {
        let mut theirs = world.named("Estimate").clone();
        world.named("Estimate").name = FieldName::new("Our estimate");
        theirs.id = NodeId::new("PVTF_theirs");
        world.board().fields.push(theirs);
    });
    assert_eq!(changes, [r#"blocked:field:Estimate name: "Our estimate" -> "Estimate""#]);
    settles(&plan, &mut world);
}

// Items and issues.

#[test]
fn an_item_that_people_archived_stays_and_one_that_they_removed_comes_back() {
    let (changes, _, _) = after(|_, world| {
        let item = world.issue("scope").item.as_mut().unwrap();
        item.archived = true;
        item.values.clear();
    });
    assert_eq!(changes, Vec::<String>::new());
    let (changes, mut world, plan) = after(|_, world| world.issue("scope").item = None);
    assert!(changes[0].contains("board: false -> true"), "{changes:?}");
    settles(&plan, &mut world);
    assert!(world.issue("scope").item.is_some());
    // Its values are the plan's, those too that are people's once they are there.
    let status = world.named("Status").id.clone();
    assert!(world.issue("scope").item.as_ref().unwrap().values.contains_key(&status));
}

#[test]
fn a_state_that_the_plan_does_not_speak_of_is_peoples() {
    for (state, reason) in
        [(IssueState::Closed, Some(observation::StateReason::NotPlanned)), (IssueState::Open, None)]
    {
        let (changes, _, _) = after(|_, world| {
            let issue = world.issue("scope");
            (issue.state, issue.state_reason) = (state, reason);
        });
        assert_eq!(changes, Vec::<String>::new());
    }
    // What left the plan is put away again as often as somebody opens it.
    let mut plan = in_sync().0;
    plan.issues.retain(|issue| issue.key.as_str() != SCOPE);
    plan.links.retain(|link| !serde_json::to_string(link).unwrap().contains("scope"));
    let mut world = in_sync().1;
    for _ in 0..2 {
        settles(&plan, &mut world);
        assert_eq!(world.issue("scope").state, IssueState::Closed);
        world.issue("scope").state = IssueState::Open;
    }
}

#[test]
fn a_status_that_a_workflow_wrote_at_closing_is_put_back_only_if_it_is_the_plans() {
    for (manage, expected) in [(Manage::OnCreate, 0), (Manage::Always, 1)] {
        let (mut plan, mut world) = in_sync();
        plan.fields[0].manage = manage;
        settles(&plan, &mut world);
        let status = world.named("Status").clone();
        let done = status.options.iter().find(|option| option.name.as_str() == "Done").unwrap().id.clone();
        let issue = world.issue("scope");
        issue.state = IssueState::Closed;
        issue.item.as_mut().unwrap().values.insert(status.id, Value::SingleSelect(done));
        let options = Options { since: None, ..options() };
        assert_eq!(reconcile(&plan, &world.github, &options).change_set.changes.len(), expected);
        settles(&plan, &mut world);
    }
}

#[test]
fn an_issue_that_people_moved_to_another_repository_stays_there() {
    let (changes, mut world, mut plan) = after(|plan, world| {
        let issue = world.issue("scope");
        issue.repository = RepoSlug::parse("o/s").unwrap();
        issue.labels.clear();
        plan.issues[2].title = "Scope it".to_owned();
        plan.issues[2].fields.insert(FieldName::new("Estimate"), Some(FieldInput::Number(5.0)));
    });
    assert_eq!(
        changes,
        [
            "update:issue:voice/discover/scope title: \"scope\" -> \"Scope it\" value:Estimate: 3 -> 5",
            "manual:issue:voice/discover/scope repository: \"o/s\" -> \"o/r\"",
        ]
    );
    settles(&plan, &mut world);
    // The manifest follows, and everything is as it was but for the repository.
    let other = RepoSlug::parse("o/s").unwrap();
    plan.issues[2].repository = other.clone();
    for label in plan.labels.clone() {
        plan.labels.push(plan::Label { repository: other.clone(), ..label });
    }
    assert_eq!(refusals(&plan, &world), []);
    settles(&plan, &mut world);
    assert_eq!(world.issue("Scope it").labels.len(), 2);
    assert_eq!(decided(&plan, &world), Vec::<String>::new());
    // And when the plan moves it on, that is a transfer, which needs leave.
    plan.issues[2].repository = repository();
    assert!(matches!(refusals(&plan, &world).as_slice(), [Refusal::Destructive { .. }]));
    world.apply_with(&plan, usize::MAX, &reckless());
    settles(&plan, &mut world);
    assert_eq!(world.issue("Scope it").repository, repository());
}

#[test]
fn a_task_that_moves_while_people_rename_it_stays_one_issue() {
    let moved = IssueKey::new("voice/source/scope");
    let (_, mut world, plan) = after(|plan, world| {
        world.issue("scope").title = "People call it otherwise".to_owned();
        let issue = &mut plan.issues[2];
        issue.renamed_from = vec![issue.key.clone()];
        issue.key = moved.clone();
        let issue = plan.issues.remove(2);
        plan.issues.push(issue);
        plan.links[1] =
            Link::SubIssue { parent: IssueRef::Own(IssueKey::new("voice/source")), child: moved.clone() };
        plan.links[3] =
            Link::BlockedBy { issue: IssueKey::new("voice/discover"), by: IssueRef::Own(moved.clone()) };
    });
    let issues = world.github.issues.len();
    settles(&plan, &mut world);
    assert_eq!(
        (world.github.issues.len(), world.issue("scope").body.contains(moved.as_str())),
        (issues, true)
    );
}

#[test]
fn names_that_go_back_and_forth_stay_with_their_things() {
    let (mut plan, mut world) = in_sync();
    let ids = |world: &mut World, field: &str| {
        let field = world.named(field).clone();
        (field.id, field.options.iter().map(|option| option.id.clone()).collect::<Vec<_>>())
    };
    let before = ids(&mut world, "Stage");
    let values = world.issue("scope").item.clone().unwrap().values;
    for (old, new) in [("Stage", "Phase"), ("Phase", "Stage"), ("Stage", "Phase")] {
        let field = plan.fields.iter_mut().find(|field| field.name.as_str() == old).unwrap();
        field.renamed_from = vec![FieldName::new(old)];
        field.name = FieldName::new(new);
        for fields in plan.issues.iter_mut().map(|issue| &mut issue.fields) {
            if let Some(value) = fields.remove(&FieldName::new(old)) {
                fields.insert(FieldName::new(new), value);
            }
        }
        for name in plan.views.iter_mut().flat_map(|view| view.fields.iter_mut().flatten()) {
            if name.as_str() == old {
                *name = FieldName::new(new);
            }
        }
        settles(&plan, &mut world);
        assert_eq!(ids(&mut world, new), before);
    }
    assert_eq!(world.issue("scope").item.clone().unwrap().values, values);
}

#[test]
fn an_issue_that_people_closed_for_another_reason_is_closed_once_more() {
    let (_, mut world) = in_sync();
    let mut plan = fields::rich();
    plan.issues[2].state = Some(IssueState::Closed);
    plan.issues[2].state_reason = Some(plan::StateReason::Completed);
    world.apply(&plan, usize::MAX);
    world.issue("scope").state_reason = Some(observation::StateReason::NotPlanned);
    assert_eq!(
        decided(&plan, &world),
        [r#"update:issue:voice/discover/scope stateReason: "notPlanned" -> "completed""#]
    );
    settles(&plan, &mut world);
    // Where the plan says nothing of it, it is people's.
    plan.issues[2].state = None;
    plan.issues[2].state_reason = None;
    world.issue("scope").state_reason = Some(observation::StateReason::NotPlanned);
    assert_eq!(decided(&plan, &world), Vec::<String>::new());
}

#[test]
fn a_body_that_the_plan_says_nothing_of_is_left_and_null_empties_it() {
    let (_, mut world, mut plan) = after(|_, _| {});
    let before = world.issue("scope").body.clone();
    plan.issues[2].body = Setting::Unmanaged;
    assert_eq!(decided(&plan, &world), Vec::<String>::new());
    world.issue("scope").body = before.replace("[ ]", "[x]").replace("Scope", "The scope");
    assert_eq!(decided(&plan, &world), Vec::<String>::new(), "nor is what people make of it a conflict");
    world.issue("scope").body = before.clone();
    plan.issues[2].body = Setting::Clear;
    assert!(decided(&plan, &world)[0].starts_with("update:issue:voice/discover/scope body: "));
    world.apply(&plan, usize::MAX);
    assert_eq!(MarkedBody::read(&world.issue("scope").body).unwrap().region, "");
}

#[test]
fn a_root_that_someone_put_below_its_own_child_is_that_persons_to_take_out() {
    let (_, mut world, plan) = after(|_, _| {});
    let [root, child] = ["initiative", "discover"].map(|title| world.issue(title).id.clone());
    world.issue("discover").parent = None;
    world.issue("initiative").parent = Some(child.clone());
    world.issue("initiative").sub_issues.retain(|id| *id != child);
    world.issue("discover").sub_issues.push(root);
    let changes = decided(&plan, &world);
    assert_eq!(changes, ["blocked:subIssue:voice/initiative>voice/discover"], "{changes:?}");
}

// Drift.

#[test]
fn what_github_drifted_into_is_told_from_what_the_plan_brings() {
    let reason = |world: &World, plan: &Plan, sha256: &str| {
        let options = Options { plan_sha256: Some(sha256.to_owned()), since: None, ..options() };
        let changes = reconcile(plan, &world.github, &options).change_set.changes;
        changes.into_iter().next().unwrap().reason
    };
    let (_, mut world, plan) = after(|_, world| world.issue("source").title = "Sauce".to_owned());
    record(&mut world).applied =
        Some(Applied { plan: "same".to_owned(), evidence: String::new(), left: Left::Nothing });
    assert!(reason(&world, &plan, "same").unwrap().contains("changed on GitHub"));
    assert_eq!(reason(&world, &plan, "another"), None);
    record(&mut world).owed_since = Some(jiff::Timestamp::UNIX_EPOCH);
    assert_eq!(reason(&world, &plan, "same"), None, "the last run left something to do");
    record(&mut world).owed_since = None;
    record(&mut world).applied.as_mut().unwrap().left = Left::Blocked;
    assert_eq!(reason(&world, &plan, "same"), None, "something was blocked, and may be free now");
}

//! The laws over histories: the author edits the manifest, people edit the board, runs are cut off, in any order.

use std::collections::BTreeSet;

use proptest::prelude::*;
use spectra_model::id::{
    FieldName, IssueKey, IterationTitle, LabelName, Login, NodeId, OptionName, ViewName,
};
use spectra_model::marker::MarkedBody;
use spectra_model::observation::{Field, Issue};
use spectra_model::plan::{IssueState, Plan};

use super::board_laws::{Edit, edit, edited, unbounded};
use super::fields::in_sync;
use super::world::{World, options, reckless};
use crate::reconcile;

/// One thing that a person does on GitHub. The numbers pick which one.
#[derive(Debug, Clone, Copy)]
enum Doing {
    RenameField(usize),
    SwapFields(usize),
    DeleteField(usize),
    RenameOption(usize),
    SwapOptions(usize),
    ReverseOptions(usize),
    DeleteOption(usize),
    RenameIteration(usize),
    RenameView(usize),
    DeleteView(usize),
    RenameLabel(usize),
    Retitle(usize),
    Unlabel(usize),
    Close(usize),
    Archive(usize),
    Unfile(usize),
    Unparent(usize),
    Delete(usize),
    WriteAbove(usize),
    Rewrite(usize),
    CutTheEnd(usize),
    Copy(usize),
    Unblock(usize),
    EmptyTheReadme,
}

const OURS: &str = "Ours.\n\n";

fn doing() -> impl Strategy<Value = Doing> {
    let all: [fn(usize) -> Doing; 24] = [
        Doing::RenameField,
        Doing::SwapFields,
        Doing::DeleteField,
        Doing::RenameOption,
        Doing::SwapOptions,
        Doing::ReverseOptions,
        Doing::DeleteOption,
        Doing::RenameIteration,
        Doing::RenameView,
        Doing::DeleteView,
        Doing::RenameLabel,
        Doing::Retitle,
        Doing::Unlabel,
        Doing::Close,
        Doing::Archive,
        Doing::Unfile,
        Doing::Unparent,
        Doing::Delete,
        Doing::WriteAbove,
        Doing::Rewrite,
        Doing::CutTheEnd,
        Doing::Copy,
        Doing::Unblock,
        |_| Doing::EmptyTheReadme,
    ];
    (0usize..4, 0..all.len()).prop_map(move |(number, which)| all[which](number))
}

fn own(world: &mut World, number: usize, is_it: impl Fn(&Field) -> bool) -> Option<&mut Field> {
    let fields = &mut world.board().fields;
    let mut fields: Vec<&mut Field> = fields
        .iter_mut()
        .filter(|it| it.r#type.is_some() && it.name.as_str() != "Status" && is_it(it))
        .collect();
    let index = number.checked_rem(fields.len())?;
    Some(fields.swap_remove(index))
}

fn select(world: &mut World, number: usize) -> Option<&mut Field> {
    own(world, number, |field| field.options.len() > 1)
}

/// An issue that isn't a person's copy.
fn issue(world: &mut World, number: usize) -> Option<&mut Issue> {
    let mut issues: Vec<&mut Issue> =
        world.github.issues.iter_mut().filter(|it| it.author == Some(Login::new("spectra-bot"))).collect();
    let index = number.checked_rem(issues.len())?;
    Some(issues.swap_remove(index))
}

#[expect(clippy::too_many_lines, reason = "one arm a doing")]
fn act(world: &mut World, doing: Doing, fresh: &mut u64) -> Option<()> {
    *fresh += 1;
    match doing {
        Doing::RenameField(number) => {
            own(world, number, |_| true)?.name = FieldName::new(format!("Ours {fresh}"));
        }
        Doing::SwapFields(number) => {
            let one = own(world, number, |_| true)?;
            let (id, name) = (one.id.clone(), one.name.clone());
            let other = own(world, number + 1, |field| field.id != id)?;
            let theirs = std::mem::replace(&mut other.name, name);
            own(world, 0, |field| field.id == id)?.name = theirs;
        }
        Doing::DeleteField(number) => {
            let id = own(world, number, |_| true)?.id.clone();
            delete_field(world, &id);
        }
        Doing::RenameOption(number) => {
            select(world, number)?.options[0].name = OptionName::new(format!("Ours {fresh}"));
        }
        Doing::SwapOptions(number) => {
            let options = &mut select(world, number)?.options;
            let name = options[0].name.clone();
            options[0].name = std::mem::replace(&mut options[1].name, name);
        }
        Doing::ReverseOptions(number) => select(world, number)?.options.reverse(),
        Doing::DeleteOption(number) => {
            select(world, number)?.options.remove(0);
            world.lose_all_values();
        }
        Doing::RenameIteration(number) => {
            let field = own(world, number, |field| !field.iterations.is_empty())?;
            field.iterations[0].title = IterationTitle::new(format!("Ours {fresh}"));
        }
        Doing::RenameView(number) => {
            let views = &mut world.board().views;
            let index = number.checked_rem(views.len())?;
            views[index].name = ViewName::new(format!("Ours {fresh}"));
        }
        Doing::DeleteView(number) => {
            let views = &mut world.board().views;
            if views.len() > 1 {
                let index = number.checked_rem(views.len())?;
                views.remove(index);
            }
        }
        Doing::RenameLabel(number) => {
            let repository = world.github.repositories.values_mut().next()?;
            let index = number.checked_rem(repository.labels.len())?;
            let name = LabelName::new(format!("ours {fresh}"));
            let before = std::mem::replace(&mut repository.labels[index].name, name.clone());
            let issues = world.github.issues.iter_mut().flat_map(|issue| &mut issue.labels);
            issues.filter(|label| **label == before).for_each(|label| *label = name.clone());
        }
        Doing::Retitle(number) => issue(world, number)?.title = format!("Ours {fresh}"),
        Doing::Unlabel(number) => issue(world, number)?.labels.clear(),
        Doing::Close(number) => issue(world, number)?.state = IssueState::Closed,
        Doing::Archive(number) => issue(world, number)?.item.as_mut()?.archived = true,
        Doing::Unfile(number) => issue(world, number)?.item = None,
        Doing::Unparent(number) => {
            let issue = issue(world, number)?;
            issue.parent = None;
            let id = issue.id.clone();
            world.github.issues.iter_mut().for_each(|it| it.sub_issues.retain(|child| *child != id));
        }
        Doing::Delete(number) => {
            let id = issue(world, number)?.id.clone();
            world.github.issues.retain(|it| it.id != id);
            for it in &mut world.github.issues {
                it.sub_issues.retain(|child| *child != id);
                it.blocked_by.retain(|other| *other != id);
                it.parent.take_if(|parent| *parent == id);
            }
        }
        Doing::WriteAbove(number) => {
            let issue = issue(world, number)?;
            issue.body = format!("{OURS}{}", issue.body);
        }
        Doing::Rewrite(number) => {
            let issue = issue(world, number)?;
            issue.body = issue.body.replace("<!-- spectra:end -->", "Rewritten.\n<!-- spectra:end -->");
        }
        Doing::CutTheEnd(number) => {
            let issue = issue(world, number)?;
            issue.body = issue.body.replace("<!-- spectra:end -->", "");
        }
        Doing::Copy(number) => {
            let mut copy = issue(world, number)?.clone();
            copy.id = NodeId::new(format!("I_copy_{fresh}"));
            copy.url = format!("https://github.test/copy/{fresh}");
            copy.author = Some(Login::new("a-person"));
            copy.created_at = jiff::Timestamp::MIN;
            copy.item = None;
            copy.sub_issues.clear();
            world.github.issues.insert(0, copy);
        }
        Doing::Unblock(number) => issue(world, number)?.blocked_by.clear(),
        Doing::EmptyTheReadme => {
            let board = world.board();
            board.parts.text = String::new();
            board.summary.readme = board.parts.write();
        }
    }
    world.reckon();
    Some(())
}

fn delete_field(world: &mut World, id: &NodeId) {
    let board = world.board();
    board.fields.retain(|field| field.id != *id);
    for view in &mut board.views {
        view.fields.retain(|field| field != id);
        view.group_by.retain(|field| field != id);
        view.column_by.retain(|field| field != id);
        view.sort_by.retain(|sort| sort.field != *id);
    }
    world.lose_all_values();
}

/// The keys of the issues and drafts that Spectra made.
fn keys(world: &World) -> Vec<IssueKey> {
    let made = world.github.issues.iter().filter(|it| it.author == Some(Login::new("spectra-bot")));
    let drafts = world.github.board.iter().flat_map(|board| &board.drafts).map(|draft| &draft.body);
    let bodies = made.map(|issue| &issue.body).chain(drafts);
    bodies.filter_map(|body| MarkedBody::read(body)).map(|body| body.marker.key).collect()
}

/// What people wrote above the regions, and their copies, by issue.
fn peoples(world: &World) -> BTreeSet<(NodeId, usize)> {
    let issues = world.github.issues.iter();
    issues
        .filter(|issue| issue.body.contains(OURS) || issue.author == Some(Login::new("a-person")))
        .map(|issue| (issue.id.clone(), issue.body.matches(OURS).count()))
        .collect()
}

fn is_whole(plan: &Plan, world: &mut World) -> Result<(), TestCaseError> {
    let all = keys(world);
    prop_assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "a duplicate: {:?}", all);
    // Where Spectra's own is gone, a person's copy stands in for it.
    for issue in &plan.issues {
        prop_assert!(world.by_key(&issue.key).is_some(), "{} is not there", issue.key);
    }
    for field in &plan.fields {
        let named = world.board().fields.iter().filter(|it| it.name == field.name).count();
        prop_assert_eq!(named, 1, "field {}", &field.name);
    }
    Ok(())
}

type Chapter = (Vec<Edit>, Vec<Doing>, Option<usize>);

fn chapter() -> impl Strategy<Value = Chapter> {
    let edits = proptest::collection::vec(edit(), 0..3);
    (edits, proptest::collection::vec(doing(), 0..4), proptest::option::of(0usize..20))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happened_a_run_ends_with_the_plans_board(history in proptest::collection::vec(chapter(), 1..4)) {
        let (mut plan, mut world) = in_sync();
        let mut fresh = 0;
        for (edits, doings, cut) in history {
            plan = edited(&plan, &edits);
            for doing in doings {
                act(&mut world, doing, &mut fresh);
            }
            let before = peoples(&world);
            if let Some(steps) = cut {
                world.apply_with(&plan, steps, &unbounded(reckless()));
                continue;
            }
            world.apply_with(&plan, usize::MAX, &unbounded(reckless()));
            prop_assert_eq!(peoples(&world), before, "people's own is touched");
            is_whole(&plan, &mut world)?;
            let decision = reconcile(&plan, &world.github, &unbounded(options()));
            prop_assert!(decision.change_set.sends_nothing(), "{:#?}", decision.change_set.changes);
        }
        world.apply_with(&plan, usize::MAX, &unbounded(reckless()));
        is_whole(&plan, &mut world)?;
        let sent = world.sent;
        world.apply_with(&plan, usize::MAX, &unbounded(reckless()));
        prop_assert_eq!(world.sent, sent, "the run after sends nothing");
    }
}

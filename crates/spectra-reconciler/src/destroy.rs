//! Taking a board away: what Spectra made for it is dealt with, what people made stays.
//!
//! Issues that Spectra created go by `onRemove`, the board itself last and only if Spectra made it; else the record is
//! taken out of its readme. Labels, milestones, repositories, and the fields and views of a board that stays, are left.
//! Nothing here depends on the board: where it is gone already, the issues are still found by their markers.

use spectra_model::change::{Action, Change, ChangeSet, Counts, Kind, Member};
use spectra_model::id::IssueKey;
use spectra_model::observation::{Board, Observation};
use spectra_model::plan::{OnRemove, Plan};
use spectra_model::step::Step;

use crate::context::Context;
use crate::identity::{BoardMatch, Marked, MarkedDraft, board_of};
use crate::removal::{self, is_our_draft, is_ours};
use crate::{Adoption, Decision, Options, Refusal, destructive, schedule};

const REASON: &str = "the board is taken away";

/// What becomes of the board itself.
enum Fate {
    /// Spectra made it: it is deleted.
    Deleted,
    /// Spectra didn't, and its record says so.
    Released,
    /// Nothing says who made it.
    Left,
    /// There is none.
    Gone,
}

/// Decides what is to be done so that nothing is left of what Spectra made for the plan's board.
///
/// Executing the change set and observing again gives an empty one. That a person confirmed it is the applier's to see to.
pub fn destroy(plan: &Plan, observation: &Observation, options: &Options) -> Decision {
    // Nothing is taken over and nothing refused for its title where all is to go.
    let options = Options { adoption: Adoption::MakeNew, ..options.clone() };
    let mut context = Context::new(plan, observation, &options);
    let fate = fate(&context);
    let mut changes = issues(&mut context, &fate);
    if !matches!(fate, Fate::Deleted) {
        changes.extend(drafts(&mut context, &fate));
    }
    let before: Vec<_> = changes.iter().map(|change| change.id.clone()).collect();
    let of_board = context.board().and_then(|board| of_board(plan, &context, board, &fate));
    changes.extend(of_board.map(|change| Change { requires: before, ..change }));
    let counts = count(&context, &changes);
    let forecast = schedule::forecast(&changes);
    let made = context.record().map(|record| record.made.clone()).unwrap_or_default();
    let mut refusals = refusals(&context);
    // The board's own loss is what is confirmed by its slug.
    let others = changes.iter().filter(|change| change.kind != Kind::Project).cloned().collect::<Vec<_>>();
    refusals.extend(destructive(&others, options.destructive));
    let bindings = context.bindings;
    Decision { change_set: ChangeSet { changes, counts, forecast }, bindings, made, refusals }
}

fn fate(context: &Context<'_>) -> Fate {
    match (context.board(), context.record()) {
        (None, _) => Fate::Gone,
        (Some(_), _) if context.board_is_spectras() => Fate::Deleted,
        (Some(_), Some(_)) => Fate::Released,
        (Some(_), None) => Fate::Left,
    }
}

/// To archive means to put aside on the board. Where that goes there is nothing to put aside on, and nothing in sight
/// either: the issue itself is left as it is.
fn on_remove(plan: &Plan, key: &IssueKey, fate: &Fate) -> OnRemove {
    match (plan.project.on_remove_of(key), fate) {
        (OnRemove::Archive, Fate::Deleted | Fate::Gone) => OnRemove::Keep,
        (policy @ (OnRemove::Close | OnRemove::Archive | OnRemove::Keep | OnRemove::Delete), _) => policy,
    }
}

fn issues(context: &mut Context<'_>, fate: &Fate) -> Vec<Change> {
    let issues = &context.issues;
    let of_plan = issues.found.iter().chain(&issues.drafted).map(|(key, it)| (key.clone(), it.clone()));
    let gone = issues.gone.iter().map(|it| (it.body.marker.key.clone(), it.clone()));
    let mut all: Vec<(IssueKey, Marked<'_>)> = of_plan.chain(gone).collect();
    // Children before their parents: what is taken away from below is never an orphan in between.
    all.sort_by(|(one, _), (other, _)| other.cmp(one));
    for copy in issues.copies.clone() {
        let key = IssueKey::new(copy.issue.url.as_str());
        context.bind(&key, copy.issue);
        all.push((key, copy));
    }
    let ours = all.iter().filter(|(_, it)| is_ours(it));
    let policy = |it: &Marked<'_>| on_remove(context.plan, &it.body.marker.key, fate);
    ours.filter_map(|(key, it)| removal::issue(policy(it), key, it, REASON)).collect()
}

fn drafts(context: &mut Context<'_>, fate: &Fate) -> Vec<Change> {
    let drafts = &context.drafts;
    let of_plan = drafts.found.iter().chain(&drafts.becoming).map(|(key, it)| (key.clone(), it.clone()));
    let gone = drafts.gone.iter().map(|it| (it.body.marker.key.clone(), it.clone()));
    let mut all: Vec<(IssueKey, MarkedDraft<'_>)> = of_plan.chain(gone).collect();
    for copy in drafts.copies.clone() {
        let key = IssueKey::new(copy.draft.id.as_str());
        context.bind_draft(&key, copy.draft);
        all.push((key, copy));
    }
    let ours = all.iter().filter(|(_, it)| is_our_draft(it));
    let policy = |it: &MarkedDraft<'_>| on_remove(context.plan, &it.body.marker.key, fate);
    ours.filter_map(|(key, it)| removal::draft(policy(it), key, it, REASON)).collect()
}

fn of_board(plan: &Plan, context: &Context<'_>, board: &Board, fate: &Fate) -> Option<Change> {
    let url = &board.summary.url;
    let slug = plan.slug.as_str();
    match fate {
        Fate::Deleted => {
            let mut change = Change::new(Action::Delete, Kind::Project, slug);
            change.destructive = true;
            change.reason = Some(format!("{url} is lost with {}", contents(context, board)));
            change.steps = vec![Step::DeleteProject];
            Some(change)
        }
        Fate::Released => {
            let mut change = Change::new(Action::Update, Kind::Project, slug);
            change.members.push(Member { name: "record".to_owned(), old: true.into(), new: false.into() });
            change.reason = Some(format!("{url} was there before Spectra: it stays, and is let go of"));
            change.steps = vec![Step::ReleaseProject];
            Some(change)
        }
        Fate::Left => {
            let mut change = Change::new(Action::Manual, Kind::Project, slug);
            change.reason = Some(format!(
                "{url} has no record that says who made it, so it stays: delete it by hand if nobody needs it"
            ));
            Some(change)
        }
        Fate::Gone => None,
    }
}

/// What goes with a board: its views, the values of its items, its drafts, those of people among them.
fn contents(context: &Context<'_>, board: &Board) -> String {
    let on_board = context.observation.issues.iter().filter(|issue| issue.item.is_some()).count();
    let items = on_board.saturating_add(board.other_items);
    let counted = |count: usize, noun: &str| {
        let plural = if count == 1 { "" } else { "s" };
        format!("{count} {noun}{plural}")
    };
    let views = counted(board.views.len(), "view");
    format!(
        "{views}, {}, and the values of {}",
        counted(board.drafts.len(), "draft"),
        counted(items, "further item")
    )
}

/// Whose board it is must be known; that there is none any more is what is wanted.
fn refusals(context: &Context<'_>) -> Vec<Refusal> {
    if context.board().is_some() {
        return Vec::new();
    }
    match board_of(context.plan, &context.observation.boards, &context.options.adoption) {
        BoardMatch::Refused(refusals) => {
            let is_absence = |refusal: &Refusal| matches!(refusal, Refusal::NoSuchNumber { .. });
            refusals.into_iter().filter(|refusal| !is_absence(refusal)).collect()
        }
        BoardMatch::Found(_) | BoardMatch::Leftover(_) | BoardMatch::Absent => Vec::new(),
    }
}

/// The board and the issues and drafts that bear its marker; unchanged is what stays as it is.
fn count(context: &Context<'_>, changes: &[Change]) -> Counts {
    let of = |action: Action| changes.iter().filter(|change| change.action == action).count();
    let (issues, drafts) = (&context.issues, &context.drafts);
    let lengths = [
        usize::from(context.board().is_some()),
        issues.found.len(),
        issues.drafted.len(),
        issues.gone.len(),
        issues.copies.len(),
        drafts.found.len(),
        drafts.becoming.len(),
        drafts.gone.len(),
        drafts.copies.len(),
    ];
    Counts {
        create: 0,
        update: of(Action::Update),
        delete: of(Action::Delete),
        unchanged: lengths.into_iter().sum::<usize>().saturating_sub(changes.len()),
        manual: of(Action::Manual),
        blocked: 0,
    }
}

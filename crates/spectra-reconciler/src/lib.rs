//! The reconciler: compares a plan with an observation and decides every change, in order of work.
//!
//! [`reconcile`] is the one place where the rules live; the planner's preview is the same function against a fresh
//! GitHub, so there is no second set. Pure: what it knows came in as an argument, and what it decides is data. The
//! applier looks up ids and sends; it chooses nothing.
//!
//! One file a kind of thing: [`mod@project`], `label`, `milestone`, `field` (with `option`, `iteration` and `loss`),
//! `view`, `issue` (with `text`, `body`, `assignee`, `issue_type`, `state` and `value`), `draft`, `sub_issue`,
//! `blocked_by` (with `foreign`), `repository`, `team`; `removal` for what is to go, `copies` for what is there twice,
//! `replacement` for a new board in place of another, `destroy` for taking a board away, `drift` for why a change is asked
//! for. `identity` says which thing on GitHub is which thing of the plan, `history` which it was before somebody took its
//! marker away, `adoption` what people hand over, `ownership`
//! what Spectra made, `claim` what it set on an issue, `schedule` in which order steps go. `baseline` says what there is to compare with where an earlier
//! plan is all that is known.

mod adoption;
mod assignee;
mod baseline;
mod blocked_by;
mod body;
mod claim;
mod context;
mod copies;
mod destroy;
mod draft;
mod drift;
mod field;
mod foreign;
mod history;
mod identity;
mod issue;
mod issue_type;
mod iteration;
mod label;
mod loss;
mod milestone;
mod option;
mod ownership;
pub mod project;
mod refusal;
mod removal;
mod replacement;
mod repository;
mod schedule;
mod state;
mod sub_issue;
mod team;
mod text;
mod value;
mod view;

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use spectra_model::board_record::Made;
use spectra_model::change::{Action, Change, ChangeSet, Counts, Kind};
use spectra_model::id::{IssueKey, Login, RunId};
use spectra_model::observation::Observation;
use spectra_model::plan::Plan;
use spectra_model::step::Bindings;

pub use self::baseline::preview_since;
use self::context::Context;
pub use self::destroy::destroy;
pub use self::history::doubtful;
pub use self::identity::{BoardMatch, board_of};
pub use self::label::key as label_key;
pub use self::milestone::key as milestone_key;
pub use self::ownership::{making, unarranged};
pub use self::refusal::Refusal;
pub use self::removal::is_removal;
pub use self::replacement::{Leftover, board_to_replace, boards_in_force, leftover, working_title};
pub use self::schedule::{ScheduledStep, relies_on, schedule};
pub use self::text::is_for_the_marker_alone;
pub use self::view::{field_order, is_githubs_own as is_githubs_own_view, views_awaited};

/// What a decision depends on besides plan and observation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The run that decides; it stands in the markers of issues that it makes.
    pub run: RunId,
    /// The login of the run's token.
    pub actor: Login,
    /// GitHub's time when the earliest unfinished run began, this one included. A value that is set only when an item
    /// is made is still owed to items that are younger. None: nothing is unfinished.
    pub since: Option<Timestamp>,
    /// GitHub's time; it stands in the markers of issues that come from another board. None: nobody looks at GitHub.
    pub now: Option<Timestamp>,
    /// What to do about things of the same title that Spectra didn't make.
    pub adoption: Adoption,
    /// What to do about regions that people rewrote.
    pub edits: Edits,
    /// How many removals are let through; None is max(10, 10 % of the managed things).
    pub max_deletes: Option<usize>,
    /// What to do about changes that lose data.
    pub destructive: Destructive,
    /// Which board the plan is applied to.
    pub target: Target,
    /// SHA-256 of plan.json, by which a change that GitHub drifted into is told from one that the plan brings. None:
    /// nobody asks.
    pub plan_sha256: Option<String>,
}

/// Which board a plan is applied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Target {
    /// The one that is its own, made if there is none.
    #[default]
    Known,
    /// One that is made now, in place of the one that is there.
    New,
}

/// What to do about things of the same title that Spectra didn't make.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Adoption {
    /// Refuse the apply and list them.
    #[default]
    Refuse,
    /// Take over these, addresses by the plan's key, the slug standing for the board; of the rest those that can be only
    /// one thing of the plan.
    All(BTreeMap<IssueKey, String>),
    /// Take over these and no others.
    These(BTreeMap<IssueKey, String>),
    /// Leave them and make new ones.
    MakeNew,
}

/// What to do about regions that people rewrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Edits {
    /// Leave them and report the conflict.
    #[default]
    Keep,
    /// Write the plan's text over them.
    Overwrite,
}

/// What to do about changes that lose data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Destructive {
    /// Refuse the apply and say what would be lost.
    #[default]
    Refuse,
    /// Make them.
    Allow,
}

impl Options {
    /// The options of a preview: nobody runs, nothing is unfinished.
    pub fn preview() -> Self {
        Self {
            run: RunId::new(""),
            actor: Login::new(""),
            since: None,
            now: None,
            adoption: Adoption::Refuse,
            edits: Edits::Keep,
            max_deletes: None,
            destructive: Destructive::Refuse,
            target: Target::Known,
            plan_sha256: None,
        }
    }
}

/// What was decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The changes, in order of work.
    pub change_set: ChangeSet,
    /// Which node is which thing of the plan, as far as GitHub holds them already.
    pub bindings: Bindings,
    /// What of the things that are there counts as made by Spectra; for the board's record.
    pub made: Made,
    /// Why an apply must not begin. A dry run shows them.
    pub refusals: Vec<Refusal>,
}

/// Decides what is to be done so that GitHub holds what the plan says.
///
/// Executing the change set and observing again gives an empty change set.
pub fn reconcile(plan: &Plan, observation: &Observation, options: &Options) -> Decision {
    let mut context = Context::new(plan, observation, options);
    let mut changes = Vec::new();
    changes.extend(project::changes(&mut context));
    changes.extend(label::changes(&mut context));
    changes.extend(milestone::changes(&mut context));
    changes.extend(field::changes(&mut context));
    changes.extend(view::changes(&mut context));
    changes.extend(blocked_by::dropped(&mut context));
    changes.extend(issue::changes(&mut context));
    changes.extend(draft::changes(&mut context));
    changes.extend(sub_issue::changes(&mut context));
    changes.extend(blocked_by::changes(&context));
    changes.extend(repository::changes(&context));
    changes.extend(team::changes(&context));
    changes.extend(removal::changes(&context));
    let dropped = label::dropped(&context, &changes);
    changes.extend(dropped);
    let dropped = milestone::dropped(&context, &changes);
    changes.extend(dropped);
    changes.extend(view::dropped(&mut context));
    changes.extend(field::dropped(&mut context));
    drift::mark(&context, &mut changes);
    let counts = count(&changes, &context);
    let forecast = schedule::forecast(&changes);
    let made = context.record().map(|record| record.made.clone()).unwrap_or_default();
    let Context { bindings, mut refusals, .. } = context;
    refusals.extend(removal::too_many(&changes, counts, options.max_deletes));
    refusals.extend(destructive(&changes, options.destructive));
    Decision { change_set: ChangeSet { changes, counts, forecast }, bindings, made, refusals }
}

/// The change set of a plan against a GitHub that holds the owner and the repositories and nothing else.
pub fn preview(plan: &Plan) -> ChangeSet {
    reconcile(plan, &Observation::fresh(plan), &Options::preview()).change_set
}

/// Refuses each change that loses data, unless that is allowed; its reason says what is lost.
fn destructive(changes: &[Change], allowed: Destructive) -> Vec<Refusal> {
    match allowed {
        Destructive::Allow => Vec::new(),
        Destructive::Refuse => changes
            .iter()
            .filter(|change| change.destructive)
            .map(|change| Refusal::Destructive {
                change: change.id.clone(),
                loss: change.reason.clone().unwrap_or_else(|| "data is lost".to_owned()),
            })
            .collect(),
    }
}

fn count(changes: &[Change], context: &Context<'_>) -> Counts {
    let of = |action: Action| changes.iter().filter(|change| change.action == action).count();
    // What the plan no longer has, and copies of what it has, were never among its things.
    let plan = context.plan;
    let issues = LazyCell::new(|| plan.issues.iter().map(|it| it.key.as_str()).collect::<BTreeSet<_>>());
    let drafts = LazyCell::new(|| plan.drafts.iter().map(|it| it.key.as_str()).collect::<BTreeSet<_>>());
    let milestones = context.plan.milestones.iter();
    let milestones: BTreeSet<String> =
        milestones.map(|milestone| milestone_key(&milestone.repository, &milestone.title)).collect();
    let views: BTreeSet<String> = context.plan.views.iter().map(|view| view::key(&view.name)).collect();
    let of_plan = changes.iter().filter(|change| match change.kind {
        // Issues and drafts are made for the plan alone.
        Kind::Issue | Kind::Draft if change.action == Action::Create => true,
        Kind::Issue => issues.contains(change.key.as_str()),
        Kind::Draft => drafts.contains(change.key.as_str()),
        Kind::Milestone => milestones.contains(&change.key),
        Kind::View => views.contains(&change.key),
        Kind::Project
        | Kind::Label
        | Kind::Field
        | Kind::SubIssue
        | Kind::BlockedBy
        | Kind::Repository
        | Kind::Team => true,
    });
    let of_plan = of_plan.filter(|change| change.action != Action::Delete);
    // Each thing is made once. A part of it that can't be done has a change of its own.
    let (made, others): (Vec<&Change>, Vec<&Change>) =
        of_plan.partition(|change| change.action == Action::Create);
    let mut touched = made.len();
    if !others.is_empty() {
        let made: BTreeSet<(Kind, &str)> = made.into_iter().map(thing).collect();
        let others: BTreeSet<(Kind, &str)> = others.into_iter().map(thing).collect();
        touched += others.difference(&made).count();
    }
    Counts {
        create: of(Action::Create),
        update: of(Action::Update),
        delete: of(Action::Delete),
        unchanged: context.things().saturating_sub(touched),
        manual: of(Action::Manual),
        blocked: of(Action::Blocked),
    }
}

fn thing(change: &Change) -> (Kind, &str) {
    (change.kind, change.key.as_str())
}

#[cfg(test)]
mod tests;

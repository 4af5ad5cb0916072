//! The reconciler: compares a plan with an observation and decides every change, in order of work.
//!
//! [`reconcile`] is the one place where the rules live; the planner's preview is the same function against a fresh
//! GitHub, so there is no second set. Pure: what it knows came in as an argument, and what it decides is data. The
//! applier looks up ids and sends; it chooses nothing.
//!
//! One file a kind of thing: [`mod@project`], `label`, `field`, `issue` (with `body` and `value`), `sub_issue`,
//! `blocked_by`, `removal`. `identity` says which thing on GitHub is which thing of the plan, `ownership` which of them
//! Spectra made, `schedule` in which order steps go.

mod blocked_by;
mod body;
mod context;
mod field;
mod identity;
mod issue;
mod label;
mod ownership;
pub mod project;
mod refusal;
mod removal;
mod schedule;
mod sub_issue;
mod value;

use std::collections::BTreeSet;

use jiff::Timestamp;
use spectra_model::board_record::Made;
use spectra_model::change::{Action, Change, ChangeSet, Counts, Kind};
use spectra_model::id::{Login, RunId};
use spectra_model::observation::Observation;
use spectra_model::plan::Plan;
use spectra_model::step::Bindings;

use self::context::Context;
pub use self::identity::{BoardMatch, board_of, working_title};
pub use self::label::key as label_key;
pub use self::ownership::making;
pub use self::refusal::Refusal;
pub use self::schedule::{ScheduledStep, schedule};

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
    /// What to do about things of the same title that Spectra didn't make.
    pub adoption: Adoption,
    /// What to do about regions that people rewrote.
    pub edits: Edits,
    /// How many removals are let through; None is max(10, 10 % of the managed things).
    pub max_deletes: Option<usize>,
}

/// What to do about things of the same title that Spectra didn't make.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Adoption {
    /// Refuse the apply and list them.
    #[default]
    Refuse,
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

impl Options {
    /// The options of a preview: nobody runs, nothing is unfinished.
    pub fn preview() -> Self {
        Self {
            run: RunId::new(""),
            actor: Login::new(""),
            since: None,
            adoption: Adoption::Refuse,
            edits: Edits::Keep,
            max_deletes: None,
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
    changes.extend(field::changes(&mut context));
    changes.extend(blocked_by::dropped(&mut context));
    changes.extend(issue::changes(&mut context));
    changes.extend(sub_issue::changes(&mut context));
    changes.extend(blocked_by::changes(&context));
    changes.extend(removal::changes(&mut context));
    let counts = count(&changes, &context);
    let forecast = schedule::forecast(&changes);
    let made = context.record().map(|record| record.made.clone()).unwrap_or_default();
    let Context { bindings, mut refusals, .. } = context;
    refusals.extend(removal::too_many(&changes, counts, options.max_deletes));
    Decision { change_set: ChangeSet { changes, counts, forecast }, bindings, made, refusals }
}

/// The change set of a plan against a GitHub that holds the owner and the repositories and nothing else.
pub fn preview(plan: &Plan) -> ChangeSet {
    let owner = &plan.project.owner;
    let fresh = Observation::fresh(&owner.slug, owner.kind, plan.repositories().into_iter().cloned());
    reconcile(plan, &fresh, &Options::preview()).change_set
}

fn count(changes: &[Change], context: &Context<'_>) -> Counts {
    let of = |action: Action| changes.iter().filter(|change| change.action == action).count();
    // What the plan no longer has, and copies of what it has, were never among its things.
    let issues: BTreeSet<&str> = context.plan.issues.iter().map(|issue| issue.key.as_str()).collect();
    let of_plan =
        changes.iter().filter(|change| change.kind != Kind::Issue || issues.contains(change.key.as_str()));
    let of_plan = of_plan.filter(|change| change.action != Action::Delete);
    let touched: BTreeSet<_> = of_plan.map(|change| (change.kind, &change.key)).collect();
    Counts {
        create: of(Action::Create),
        update: of(Action::Update),
        delete: of(Action::Delete),
        unchanged: context.things().saturating_sub(touched.len()),
        manual: of(Action::Manual),
        blocked: of(Action::Blocked),
    }
}

#[cfg(test)]
mod tests;

//! Which view on GitHub is which view of the plan, and which of them Spectra made.

use std::collections::{BTreeMap, BTreeSet};

use spectra_model::board_record::{BoardRecord, Made};
use spectra_model::id::{FieldName, NodeId, ViewName, fold};
use spectra_model::observation::{self, Observation};
use spectra_model::plan::{Plan, View};

use super::arrangement::{is_arranged, is_as_planned, short};
use crate::context::Context;

/// GitHub's name for the first view of a new board.
pub(crate) const FIRST: &str = "View 1";
/// What stands behind the name of a view that is being replaced. By it an interrupted run's is recognised.
pub(super) const REPLACED: &str = " (replaced by Spectra)";

/// Which view on GitHub is which view of the plan.
#[derive(Debug, Default)]
pub(crate) struct Views<'a> {
    pub(super) found: BTreeMap<String, &'a observation::View>,
    /// GitHub's own first view, as GitHub made it, where no view of the plan takes its place.
    pub(super) first: Option<&'a observation::View>,
    /// Views that an interrupted run was replacing.
    pub(super) replaced: Vec<&'a observation::View>,
}

impl<'a> Views<'a> {
    /// By recorded id, else by a name that it had before, else by name without regard to case; of several of one name
    /// that of the lowest number: GitHub allows several, and the others are people's.
    pub(crate) fn of(
        plan: &Plan,
        board: &'a observation::Board,
        is_spectras: bool,
        made: &BTreeMap<ViewName, NodeId>,
    ) -> Self {
        let mut views = Self::default();
        let is_recorded = |view: &observation::View| made.values().any(|id| *id == view.id);
        // A view that is recorded under a name of the plan's isn't another view of the plan, whatever its name is now.
        let of_plan: BTreeSet<&ViewName> = plan
            .views
            .iter()
            .flat_map(|view| std::iter::once(&view.name).chain(&view.renamed_from))
            .collect();
        let is_anothers =
            |view: &observation::View| made.iter().any(|(name, id)| *id == view.id && of_plan.contains(name));
        let mut free: Vec<&observation::View> = Vec::new();
        let mut first = None;
        for view in &board.views {
            if is_spectras && is_pristine(view) && !is_recorded(view) {
                first = Some(view);
            } else if view.name.as_str().ends_with(REPLACED) {
                views.replaced.push(view);
            } else {
                free.push(view);
            }
        }
        free.sort_by_key(|view| view.number);
        for view in &plan.views {
            let names = || std::iter::once(&view.name).chain(&view.renamed_from);
            let recorded = |name| made.get(name).and_then(|id| free.iter().position(|it| it.id == *id));
            let named = |name: &ViewName| free.iter().position(|it| !is_anothers(it) && it.name.same(name));
            let index = names()
                .find_map(recorded)
                .or_else(|| view.renamed_from.iter().find_map(named))
                .or_else(|| named(&view.name));
            if let Some(index) = index {
                views.found.insert(fold(view.name.as_str()), free.remove(index));
            }
        }
        match plan.views.first() {
            Some(view) if !is_arranged(view) && !views.found.contains_key(&fold(view.name.as_str())) => {
                views.found.extend(first.map(|first| (fold(view.name.as_str()), first)));
            }
            _ => views.first = first,
        }
        views
    }

    pub(crate) fn find(&self, view: &View) -> Option<&'a observation::View> {
        self.found.get(&fold(view.name.as_str())).copied()
    }
}

/// Whether a view is as GitHub makes the first view of a board: number 1, that name, no filter. Nobody grouped or sorted
/// it either.
pub(super) fn is_pristine(view: &observation::View) -> bool {
    view.number == 1
        && view.name.as_str() == FIRST
        && view.filter.is_empty()
        && view.group_by.is_empty()
        && view.sort_by.is_empty()
}

/// The plan's views that an unfinished run made, or set out to make, and that are not seen. A view can be looked up only
/// through its board, which lags: what is missing there may be on its way, and making it again could make it twice. It
/// may as well never have been sent, or have been deleted by a person: how long to wait is for the caller to say.
pub fn views_awaited(plan: &Plan, observation: &Observation) -> Vec<ViewName> {
    let Some(board) = &observation.board else { return Vec::new() };
    let Some(record) = &board.parts.record else { return Vec::new() };
    let is_awaited = |view: &&View| {
        let recorded = record.made.views.get(&view.name).filter(|_| record.applying.is_some());
        let is_seen = board.views.iter().any(|it| match recorded {
            Some(id) => it.id == *id,
            None => it.name.same(&view.name) && !is_pristine(it),
        });
        (recorded.is_some() || record.making.views.contains(&view.name)) && !is_seen
    };
    plan.views.iter().filter(is_awaited).map(|view| view.name.clone()).collect()
}

/// The field that a view's field of the plan is, by the names that it has or had.
fn named<'c>(context: &Context<'c>, name: &FieldName) -> Option<&'c NodeId> {
    let planned = context.fields.get(&fold(name.as_str()));
    let before = planned.into_iter().flat_map(|field| &field.renamed_from);
    let fields = &context.board()?.fields;
    let mut names = std::iter::once(name).chain(before);
    names.find_map(|name| fields.iter().find(|field| field.name.same(name))).map(|field| &field.id)
}

/// Which views count as made by Spectra. On a board that it made GitHub's own first view is one of them once the plan has
/// a view in its place.
pub(crate) fn made(context: &Context<'_>, record: &BoardRecord, made: &mut Made) {
    (made.orders, made.arranged, made.unarranged) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
    for view in &context.plan.views {
        let found = context.views.find(view);
        let recorded = record.made.views.iter().find(|(_, id)| found.is_some_and(|found| found.id == **id));
        let before = recorded.map_or(&view.name, |(before, _)| before);
        let is_known = found.is_some() || record.making.views.contains(&view.name);
        let order = record.made.orders.get(before).filter(|_| found.is_some());
        made.orders.extend(order.map(|order| (view.name.clone(), order.clone())));
        if is_known && record.made.unarranged.contains(before) {
            made.unarranged.insert(view.name.clone());
        }
        let Some(found) = found else { continue };
        let id_of = |name: &FieldName| named(context, name);
        let arranged = if is_as_planned(view, found, id_of) {
            Some(short(view, id_of))
        } else {
            record.made.arranged.get(before).cloned()
        };
        made.arranged.extend(arranged.filter(|_| is_arranged(view)).map(|it| (view.name.clone(), it)));
        let is_ours = record.made.views.values().any(|id| *id == found.id)
            || record.making.views.contains(&view.name)
            || context.board_is_new()
            || (record.made.board && found.number == 1);
        made.views.retain(|_, id| *id != found.id);
        made.views.remove(&view.name);
        if is_ours {
            made.views.insert(view.name.clone(), found.id.clone());
        }
    }
    // The list of views lags: one of the plan's that doesn't show may be on its way.
    let Some(board) = context.board() else { return };
    let is_there = |id: &NodeId| board.views.iter().any(|view| view.id == *id);
    made.views.retain(|name, id| is_there(id) || context.plan.views.iter().any(|view| view.name == *name));
}

//! Issues: title, body, labels, assignees, milestone, type, state, their place on the board and their values there.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};
use spectra_model::change::{Action, Change, Kind, Member, change_id};
use spectra_model::id::{ChangeId, IssueKey, LabelName, Login, ProjectSlug, RepoSlug, fold};
use spectra_model::marker::Marker;
use spectra_model::observation;
use spectra_model::plan::{Issue, IssueState};
use spectra_model::step::{IssueWrite, Step};

use crate::assignee::Assignees;
use crate::context::Context;
use crate::identity::{Marked, MarkedDraft};
use crate::issue_type::{self, TypeChange};
use crate::label::{self, LabelDiff};
use crate::text::{self, TextChange, Texts};
use crate::{blocked_by, copies, field, milestone, state, sub_issue, value};

/// Issues in order of work: by depth, so that a parent is there before its children, then as the plan has them.
pub(crate) fn changes(context: &mut Context<'_>) -> Vec<Change> {
    let mut depths: BTreeMap<&IssueKey, usize> = BTreeMap::new();
    let mut in_order: Vec<(usize, &Issue)> = Vec::with_capacity(context.plan.issues.len());
    for issue in &context.plan.issues {
        let parent = context.parents.get(&issue.key).and_then(|parent| depths.get(parent.own()?));
        let depth = parent.map_or(0, |depth| depth.saturating_add(1));
        depths.insert(&issue.key, depth);
        in_order.push((depth, issue));
    }
    in_order.sort_by_key(|(depth, _)| *depth);
    let mut changes = Vec::new();
    for (_, issue) in in_order {
        let found = context.issues.found.get(&issue.key).cloned();
        let of_issue = match (found, context.drafts.becoming.get(&issue.key)) {
            (Some(marked), _) => update(context, issue, &marked),
            (None, Some(draft)) => convert(context, issue, draft),
            (None, None) => create(context, issue),
        };
        for change in of_issue {
            context.announce(&change);
            changes.push(change);
        }
    }
    changes.extend(copies::issues(context));
    changes
}

/// What of one thing can't be done while the rest goes on.
#[derive(Default)]
pub(crate) struct Blocked {
    members: Vec<Member>,
    reasons: Vec<String>,
}

impl Blocked {
    pub(crate) fn add(&mut self, name: &str, old: Value, new: Value, reason: String) {
        self.members.push(Member { name: name.to_owned(), old, new });
        self.reasons.push(reason);
    }

    pub(crate) fn into_change(self, kind: Kind, key: &IssueKey) -> Option<Change> {
        if self.reasons.is_empty() {
            return None;
        }
        let mut change = Change::new(Action::Blocked, kind, key.as_str());
        change.members = self.members;
        change.reason = Some(self.reasons.join("; "));
        Some(change)
    }
}

fn create(context: &Context<'_>, issue: &Issue) -> Vec<Change> {
    let plan = context.plan;
    let mut blocked = Blocked::default();
    let assignees = assignees(context, issue, &issue.repository, &[], &[]);
    block_assignees(&mut blocked, issue, &[], &assignees);
    let issue_type = match issue_type::decide(context, issue, None) {
        TypeChange::Same => None,
        TypeChange::Becomes(issue_type) => issue_type,
        TypeChange::Blocked(reason) => {
            blocked.add("issueType", Value::Null, json!(issue.issue_type), reason);
            None
        }
    };
    let marker = Marker {
        assignees: assignees.set_by_spectra,
        blocked_by: blocked_by::set_by_spectra(context, &issue.key, None),
        repository: Some(issue.repository.clone()),
        ..Marker::created(
            plan.slug.clone(),
            issue.key.clone(),
            context.options.run.clone(),
            context.options.actor.clone(),
            issue.body.text(),
            issue.labels.clone(),
        )
    };
    let write = IssueWrite {
        issue: issue.key.clone(),
        repository: issue.repository.clone(),
        title: issue.title.clone(),
        body: marker.around(issue.body.text()),
        labels: issue.labels.clone(),
        assignees: assignees.add,
        milestone: issue.milestone.value().cloned(),
        issue_type,
        parent: sub_issue::parent_at_creation(context, &issue.key).cloned(),
    };
    let mut change = Change::new(Action::Create, Kind::Issue, issue.key.as_str());
    change.members = members_of_new(issue, &write);
    // Made, filed, and a value a field: steps are large, and a large plan has tens of thousands of them.
    change.steps.reserve_exact(issue.fields.len().saturating_add(2));
    let mut needs = Needs { labels: issue.labels.clone(), ..Needs::default() };
    needs.parent = write.parent.as_ref().and_then(|parent| parent.own()).cloned();
    needs
        .changes
        .extend(write.milestone.as_ref().and_then(|title| milestone::creation(context, issue, title)));
    change.steps.push(Step::CreateIssue(write));
    file_and_value(context, issue, None, &mut change);
    // `createIssue` takes no state: what is to be closed is closed after it was made.
    if issue.state == Some(IssueState::Closed) {
        let (members, step) = state::decide(issue, None, false);
        change.members.extend(members);
        change.steps.extend(step);
    }
    change.requires = requires(context, issue, needs);
    std::iter::once(change).chain(blocked.into_change(Kind::Issue, &issue.key)).collect()
}

fn members_of_new(issue: &Issue, write: &IssueWrite) -> Vec<Member> {
    // These, a place on the board, and the values.
    let mut members = Vec::with_capacity(issue.fields.len().saturating_add(8));
    let mut member = |name: &str, new: Value| {
        members.push(Member { name: name.to_owned(), old: Value::Null, new });
    };
    member("title", json!(write.title));
    member("repository", json!(write.repository));
    if !issue.body.text().is_empty() {
        member("body", json!(issue.body));
    }
    member("labels", json!(write.labels));
    if !write.assignees.is_empty() {
        member("assignees", json!(write.assignees));
    }
    if let Some(milestone) = &write.milestone {
        member("milestone", json!(milestone));
    }
    if let Some(issue_type) = &write.issue_type {
        member("issueType", json!(issue_type));
    }
    members
}

/// A draft of the board becomes an issue: the item stays, and with it the values. It then gets what an issue that is
/// there gets.
fn convert(context: &Context<'_>, issue: &Issue, marked: &MarkedDraft<'_>) -> Vec<Change> {
    let draft = marked.draft;
    let url = context.board().map(|board| board.summary.url.clone()).unwrap_or_default();
    let as_issue = observation::Issue {
        id: draft.id.clone(),
        number: 0,
        url,
        repository: issue.repository.clone(),
        title: draft.title.clone(),
        body: draft.body.clone(),
        state: IssueState::Open,
        state_reason: None,
        author: draft.author.clone(),
        created_at: draft.item.created_at,
        labels: Vec::new(),
        assignees: draft.assignees.clone(),
        milestone: None,
        issue_type: None,
        parent: None,
        sub_issues: Vec::new(),
        blocked_by: Vec::new(),
        boards: Vec::new(),
        item: Some(draft.item.clone()),
    };
    let marked = Marked { issue: &as_issue, body: marked.body.clone() };
    let mut changes = update(context, issue, &marked);
    let update = change_id(Action::Update, Kind::Issue, issue.key.as_str());
    let rest = changes.iter().position(|change| change.id == update).map(|index| changes.remove(index));
    let rest = rest.unwrap_or_else(|| Change::new(Action::Update, Kind::Issue, issue.key.as_str()));
    let mut change = Change::new(Action::Create, Kind::Issue, issue.key.as_str());
    change.reason = Some("the draft becomes an issue".to_owned());
    change.requires = rest.requires;
    change.members.push(Member { name: "draft".to_owned(), old: json!(true), new: json!(false) });
    change.members.extend(rest.members);
    change.steps.push(Step::ConvertDraft { draft: issue.key.clone(), repository: issue.repository.clone() });
    change.steps.extend(rest.steps);
    changes.insert(0, change);
    changes
}

/// An issue that is there. Of one that a person moved to another repository what stands in a repository's own words is
/// left: labels, milestone and type of the plan's repository aren't to be had there, and who can be assigned isn't known.
fn update(context: &Context<'_>, issue: &Issue, marked: &Marked<'_>) -> Vec<Change> {
    let moved = match whereabouts(issue, marked) {
        Whereabouts::AsPlanned => None,
        Whereabouts::MovedByPlan => return vec![transfer(context, issue, marked)],
        Whereabouts::MovedByPeople => Some(moved(issue, marked)),
    };
    let observed = marked.issue;
    let old_marker = &marked.body.marker;
    let key = &issue.key;
    let repository = &issue.repository;
    let mut blocked = Blocked::default();
    let (labels, assignees) = if moved.is_some() {
        (LabelDiff::none(marked), Assignees::none(old_marker))
    } else {
        (
            LabelDiff::of(context, issue, marked),
            assignees(context, issue, repository, &observed.assignees, &old_marker.assignees),
        )
    };
    block_assignees(&mut blocked, issue, &observed.assignees, &assignees);
    let mut change = Change::new(Action::Update, Kind::Issue, key.as_str());
    if context.issues.adopted.contains(key) {
        change.reason = Some("adopted".to_owned());
    }
    let mut needs = Needs { labels: labels.add.clone(), ..Needs::default() };
    let marker = Marker {
        slug: context.plan.slug.clone(),
        key: key.clone(),
        labels: labels.set_by_spectra.clone(),
        assignees: assignees.set_by_spectra.clone(),
        blocked_by: blocked_by::set_by_spectra(context, key, Some(marked)),
        repository: Some(match &old_marker.repository {
            Some(same) if fold(same.as_str()) == fold(repository.as_str()) => same.clone(),
            Some(_) | None => repository.clone(),
        }),
        came_from: came_from(context, old_marker),
        closed: false,
        archived: false,
        ..old_marker.clone()
    };
    let texts = Texts {
        kind: Kind::Issue,
        key,
        title: &issue.title,
        body: &issue.body,
        observed_title: &observed.title,
        found: &marked.body,
        place: &observed.url,
    };
    let TextChange { members, title, body, conflict } = text::decide(context, &texts, &marker);
    change.members.extend(members);
    relabel(context, key, repository, labels, &mut change);
    reassign(key, observed, repository, assignees, &mut change);
    if title.is_some() || body.is_some() {
        change.steps.push(Step::UpdateIssue { issue: key.clone(), title, body });
    }
    if moved.is_none() {
        needs.changes.extend(file_under(context, issue, observed, &mut change));
        retype(context, issue, observed, &mut change, &mut blocked);
    }
    file_and_value(context, issue, Some(marked), &mut change);
    // What Spectra closed when the plan lost it is open again when the plan has it again.
    let is = Some((observed.state, observed.state_reason));
    let (members, step) = state::decide(issue, is, old_marker.closed);
    change.members.extend(members);
    change.steps.extend(step);
    change.requires = requires(context, issue, needs);
    change.requires.extend(context.before_marker.get(key).into_iter().flatten().cloned());
    let write = (!change.steps.is_empty()).then(|| text::explained(change));
    let manual = for_a_person(moved, conflict);
    write.into_iter().chain(manual).chain(blocked.into_change(Kind::Issue, key)).collect()
}

/// One change for everything about an issue that a person must do.
fn for_a_person(one: Option<Change>, other: Option<Change>) -> Option<Change> {
    match (one, other) {
        (Some(mut one), Some(other)) => {
            one.members.extend(other.members);
            let reasons: Vec<String> = one.reason.into_iter().chain(other.reason).collect();
            one.reason = Some(reasons.join("; "));
            Some(one)
        }
        (one, other) => one.or(other),
    }
}

/// Puts the issue into the plan's milestone; the change that makes it, where the set does.
fn file_under(
    context: &Context<'_>,
    issue: &Issue,
    observed: &observation::Issue,
    change: &mut Change,
) -> Option<ChangeId> {
    let assigned = milestone::assigned(context, issue, observed);
    if let Some((member, step)) = assigned.change {
        change.members.push(member);
        change.steps.push(step);
    }
    assigned.requires
}

fn retype(
    context: &Context<'_>,
    issue: &Issue,
    observed: &observation::Issue,
    change: &mut Change,
    blocked: &mut Blocked,
) {
    let (old, new) = (json!(observed.issue_type), json!(issue.issue_type));
    match issue_type::decide(context, issue, observed.issue_type.as_ref()) {
        TypeChange::Same => {}
        TypeChange::Becomes(issue_type) => {
            change.members.push(Member { name: "issueType".to_owned(), old, new: json!(issue_type) });
            let (issue, repository) = (issue.key.clone(), issue.repository.clone());
            change.steps.push(Step::SetIssueType { issue, repository, issue_type });
        }
        TypeChange::Blocked(reason) => blocked.add("issueType", old, new, reason),
    }
}

fn assignees(
    context: &Context<'_>,
    issue: &Issue,
    repository: &RepoSlug,
    observed: &[Login],
    mine: &[Login],
) -> Assignees {
    let assignable = context.observation.repositories.get(repository).map(|it| &it.assignable);
    let can_be = |login: &Login| assignable.is_some_and(|them| them.keys().any(|it| it.same(login)));
    let is_known = |login: &Login| context.bindings.person(login).is_some();
    Assignees::of(&issue.assignees, observed, mine, can_be, is_known)
}

fn block_assignees(blocked: &mut Blocked, issue: &Issue, observed: &[Login], assignees: &Assignees) {
    if !assignees.blocked.is_empty() {
        let reason = assignees.blocked.join("; ");
        blocked.add("assignees", json!(observed), json!(issue.assignees), reason);
    }
}

fn relabel(
    context: &Context<'_>,
    key: &IssueKey,
    repository: &RepoSlug,
    labels: LabelDiff,
    change: &mut Change,
) {
    let LabelDiff { there, add, remove, set_by_spectra: _ } = labels;
    if add.is_empty() && remove.is_empty() {
        return;
    }
    let kept = there.iter().filter(|label| !remove.contains(label));
    let after: Vec<&LabelName> = kept.chain(&add).collect();
    change.members.push(Member { name: "labels".to_owned(), old: json!(there), new: json!(after) });
    let place = || (key.clone(), repository.clone());
    let managed = &context.plan.project.managed_label;
    let (managed, add): (Vec<LabelName>, Vec<LabelName>) =
        add.into_iter().partition(|label| label.same(managed));
    for label in managed {
        let (issue, repository) = place();
        change.steps.push(Step::AddManagedLabel { issue, repository, label });
    }
    if !add.is_empty() {
        let (issue, repository) = place();
        change.steps.push(Step::AddLabels { issue, repository, labels: add });
    }
    if !remove.is_empty() {
        let (issue, repository) = place();
        change.steps.push(Step::RemoveLabels { issue, repository, labels: remove });
    }
}

fn reassign(
    key: &IssueKey,
    observed: &observation::Issue,
    repository: &RepoSlug,
    assignees: Assignees,
    change: &mut Change,
) {
    if !assignees.differs() {
        return;
    }
    let after = assignees.after(&observed.assignees);
    change.members.push(Member {
        name: "assignees".to_owned(),
        old: json!(observed.assignees),
        new: json!(after),
    });
    let (issue, repository) = (key.clone(), repository.clone());
    // Those who go make room for those who come: GitHub lets ten be assigned.
    if !assignees.remove.is_empty() {
        let (issue, repository) = (issue.clone(), repository.clone());
        change.steps.push(Step::RemoveAssignees { issue, repository, assignees: assignees.remove });
    }
    if !assignees.add.is_empty() {
        change.steps.push(Step::AddAssignees { issue, repository, assignees: assignees.add });
    }
}

/// The boards that an issue came from, the one that it comes from now among them.
fn came_from(context: &Context<'_>, old: &Marker) -> BTreeMap<ProjectSlug, Timestamp> {
    let now_called = |slug: &ProjectSlug| {
        let mut others = context.plan.neighbours.iter();
        others.find(|other| other.renamed_from.contains(slug)).map_or(slug, |other| &other.slug).clone()
    };
    let mut boards: BTreeMap<ProjectSlug, Timestamp> =
        old.came_from.iter().map(|(slug, at)| (now_called(slug), *at)).collect();
    if !context.plan.has_slug(&old.slug) {
        // What was filed there later isn't Spectra's.
        boards.insert(old.slug.clone(), context.options.now.unwrap_or(Timestamp::UNIX_EPOCH));
        boards.retain(|slug, _| !context.plan.has_slug(slug));
    }
    boards
}

/// Whether an issue comes back to a board that it left, where Spectra put its item aside.
fn comes_back(context: &Context<'_>, old: &Marker) -> bool {
    !context.plan.has_slug(&old.slug) && old.came_from.keys().any(|slug| context.plan.has_slug(slug))
}

/// Puts the issue on the board if it isn't there, and brings its values to what the plan says. An item that a person
/// archived is left as it is; one that Spectra archived when the plan lost the issue is taken back.
fn file_and_value(context: &Context<'_>, issue: &Issue, marked: Option<&Marked<'_>>, change: &mut Change) {
    let item = marked.and_then(|marked| marked.issue.item.as_ref());
    if item.is_some_and(|item| item.archived) {
        let is_spectras_doing = |marker: &Marker| marker.archived || comes_back(context, marker);
        if !marked.is_some_and(|marked| is_spectras_doing(&marked.body.marker)) {
            return;
        }
        change.members.push(Member { name: "archived".to_owned(), old: json!(true), new: json!(false) });
        change.steps.push(Step::UnarchiveItem { issue: issue.key.clone() });
    }
    if item.is_none() {
        change.members.push(Member { name: "board".to_owned(), old: json!(false), new: json!(true) });
        change.steps.push(Step::AddItem { issue: issue.key.clone() });
    }
    for (member, step) in value::diff(context, &issue.key, &issue.fields, item) {
        change.members.push(member);
        change.steps.push(step);
    }
}

/// What a write of an issue can't do without.
#[derive(Default)]
struct Needs {
    /// Labels that are put on.
    labels: Vec<LabelName>,
    parent: Option<IssueKey>,
    changes: Vec<ChangeId>,
}

fn requires(context: &Context<'_>, issue: &Issue, needs: Needs) -> Vec<ChangeId> {
    // An issue needs a board and labels that are there. That their titles or colours can't be changed doesn't touch it.
    let mut requires: Vec<ChangeId> =
        context.creation(Kind::Project, context.plan.slug.as_str()).into_iter().collect();
    let labels = needs.labels.iter().map(|name| label::key(&issue.repository, name));
    requires.extend(labels.filter_map(|key| context.creation(Kind::Label, &key)));
    requires.extend(needs.changes);
    for name in issue.fields.keys() {
        let declared = context.fields.get(&fold(name.as_str())).map_or(name, |field| &field.name);
        requires.extend(context.pending(Kind::Field, &field::key(declared)));
    }
    if let Some(parent) = needs.parent {
        requires.extend(context.making(Kind::Issue, parent.as_str()));
    }
    requires
}

/// Where an issue is, as seen from the repository that the plan has it in.
enum Whereabouts {
    /// There.
    AsPlanned,
    /// Elsewhere: the plan had it in another repository when its marker was written.
    MovedByPlan,
    /// Elsewhere, and the plan is the same: a person moved it.
    MovedByPeople,
}

fn whereabouts(issue: &Issue, marked: &Marked<'_>) -> Whereabouts {
    let wanted = fold(issue.repository.as_str());
    let is_wanted = |slug: &RepoSlug| fold(slug.as_str()) == wanted;
    if is_wanted(&marked.issue.repository) {
        Whereabouts::AsPlanned
    } else if marked.body.marker.repository.as_ref().is_some_and(is_wanted) {
        Whereabouts::MovedByPeople
    } else {
        Whereabouts::MovedByPlan
    }
}

fn moved(issue: &Issue, marked: &Marked<'_>) -> Change {
    let (there, planned) = (&marked.issue.repository, &issue.repository);
    let mut change = Change::new(Action::Manual, Kind::Issue, issue.key.as_str());
    change.members.push(Member { name: "repository".to_owned(), old: json!(there), new: json!(planned) });
    change.reason = Some(format!(
        "someone moved {} out of {planned}, and there it stays: write `repository: {there}` into the manifest, or \
         transfer it back by hand",
        marked.issue.url
    ));
    change
}

/// An issue that the plan moves to another repository: it is transferred, and the rest of the plan is looked at when it
/// has arrived. GitHub keeps its comments and assignees, and of labels and milestone what the other repository has
/// (GitHub docs, "Transferring an issue to another repository").
fn transfer(context: &Context<'_>, issue: &Issue, marked: &Marked<'_>) -> Change {
    let (there, wanted) = (&marked.issue.repository, &issue.repository);
    let is_possible = fold(there.owner()) == fold(wanted.owner());
    let action = if is_possible { Action::Update } else { Action::Blocked };
    let mut change = Change::new(action, Kind::Issue, issue.key.as_str());
    change.members.push(Member { name: "repository".to_owned(), old: json!(there), new: json!(wanted) });
    if is_possible {
        change.destructive = true;
        change.reason = Some(format!(
            "{} is transferred: it loses its address, and labels and a milestone that {wanted} hasn't",
            marked.issue.url
        ));
        let labels: Vec<LabelName> = issue.labels.clone();
        change.requires = requires(context, issue, Needs { labels, ..Needs::default() });
        change.steps.push(Step::TransferIssue { issue: issue.key.clone(), repository: wanted.clone() });
    } else {
        change.reason = Some(format!(
            "GitHub transfers issues between repositories of one owner only: {} stays in {there}",
            marked.issue.url
        ));
    }
    change
}

//! Issues: title, body, labels, state, their place on the board and their values there.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use spectra_model::change::{Action, Change, Kind, Member};
use spectra_model::id::{ChangeId, IssueKey, LabelName, NodeId, fold};
use spectra_model::marker::Marker;
use spectra_model::plan::{Issue, IssueState};
use spectra_model::step::{CloseReason, Step};

use crate::body::{self, BodyChange};
use crate::context::Context;
use crate::identity::Marked;
use crate::{Adoption, Refusal, blocked_by, field, label, value};

/// Issues in order of work: by depth, so that a parent is there before its children, then as the plan has them.
pub(crate) fn changes(context: &mut Context<'_>) -> Vec<Change> {
    let mut depths: BTreeMap<&IssueKey, usize> = BTreeMap::new();
    let mut in_order: Vec<(usize, &Issue)> = Vec::with_capacity(context.plan.issues.len());
    for issue in &context.plan.issues {
        let parent = context.parents.get(&issue.key).and_then(|parent| depths.get(parent));
        let depth = parent.map_or(0, |depth| depth.saturating_add(1));
        depths.insert(&issue.key, depth);
        in_order.push((depth, issue));
    }
    in_order.sort_by_key(|(depth, _)| *depth);
    let namesakes = Namesakes::of(context);
    let mut changes = Vec::new();
    for (_, issue) in in_order {
        let of_issue = match context.issues.found.get(&issue.key).cloned() {
            None => {
                namesakes.refuse(context, issue);
                vec![create(context, issue)]
            }
            Some(marked) => update(context, issue, &marked),
        };
        for change in of_issue {
            context.announce(&change);
            changes.push(change);
        }
    }
    changes.extend(copies(context));
    changes
}

fn create(context: &Context<'_>, issue: &Issue) -> Change {
    let plan = context.plan;
    let marker = Marker::created(
        plan.slug.clone(),
        issue.key.clone(),
        context.options.run.clone(),
        context.options.actor.clone(),
        &issue.body,
        issue.labels.clone(),
    );
    let marker = Marker { blocked_by: blocked_by::set_by_spectra(context, &issue.key, None), ..marker };
    let parent = context.parents.get(&issue.key).map(|parent| (*parent).clone());
    let mut change = Change::new(Action::Create, Kind::Issue, issue.key.as_str());
    let mut member = |name: &str, new: Value| {
        change.members.push(Member { name: name.to_owned(), old: Value::Null, new });
    };
    member("title", json!(issue.title));
    member("repository", json!(issue.repository));
    if !issue.body.is_empty() {
        member("body", json!(issue.body));
    }
    member("labels", json!(issue.labels));
    change.steps.push(Step::CreateIssue {
        issue: issue.key.clone(),
        repository: issue.repository.clone(),
        title: issue.title.clone(),
        body: marker.around(&issue.body),
        labels: issue.labels.clone(),
        parent: parent.clone(),
    });
    let label_keys: Vec<String> =
        issue.labels.iter().map(|name| label::key(&issue.repository, name)).collect();
    file_and_value(context, issue, None, &mut change);
    if issue.state == Some(IssueState::Closed) {
        change.members.push(Member { name: "state".to_owned(), old: Value::Null, new: json!("closed") });
        change.steps.push(set_state(&issue.key, IssueState::Closed));
    }
    change.requires = requires(context, issue, &label_keys, parent.as_ref());
    change
}

fn update(context: &Context<'_>, issue: &Issue, marked: &Marked<'_>) -> Vec<Change> {
    let observed = marked.issue;
    let old_marker = &marked.body.marker;
    let labels = LabelDiff::of(issue, marked);
    let mut change = Change::new(Action::Update, Kind::Issue, issue.key.as_str());
    let mut member = |name: &str, old: Value, new: Value| {
        change.members.push(Member { name: name.to_owned(), old, new });
    };
    if old_marker.key != issue.key {
        member("key", json!(old_marker.key), json!(issue.key));
    }
    let title = (observed.title != issue.title).then(|| issue.title.clone());
    if title.is_some() {
        member("title", json!(observed.title), json!(issue.title));
    }
    let blocked_by = blocked_by::set_by_spectra(context, &issue.key, Some(marked));
    if old_marker.blocked_by != blocked_by {
        member("blockedBy", json!(old_marker.blocked_by), json!(blocked_by));
    }
    let marker = Marker {
        key: issue.key.clone(),
        labels: labels.set_by_spectra,
        blocked_by,
        closed: false,
        ..old_marker.clone()
    };
    let decided =
        body::decide(context.plan.project.body, context.options.edits, &marked.body, &marker, &issue.body);
    let mut conflict = None;
    let body = match decided {
        BodyChange::Same => None,
        BodyChange::Marker(body) => Some(body),
        BodyChange::Region(body) => {
            member("body", json!(marked.body.region), json!(issue.body));
            Some(body)
        }
        BodyChange::Conflict(body) => {
            conflict = Some(conflict_of(issue, marked));
            body
        }
    };
    let key = &issue.key;
    if !labels.add.is_empty() || !labels.remove.is_empty() {
        let after: Vec<&LabelName> = observed
            .labels
            .iter()
            .filter(|label| !labels.remove.contains(label))
            .chain(&labels.add)
            .collect();
        member("labels", json!(observed.labels), json!(after));
    }
    // The labels go first: a marker that names labels which aren't there would later take people's own away.
    // GitHub may spell the repository in another case than the plan does.
    let is_the_plans = fold(observed.repository.as_str()) == fold(issue.repository.as_str());
    let repository = || if is_the_plans { issue.repository.clone() } else { observed.repository.clone() };
    if !labels.add.is_empty() {
        change.steps.push(Step::AddLabels {
            issue: key.clone(),
            repository: repository(),
            labels: labels.add.clone(),
        });
    }
    if !labels.remove.is_empty() {
        change.steps.push(Step::RemoveLabels {
            issue: key.clone(),
            repository: repository(),
            labels: labels.remove,
        });
    }
    if title.is_some() || body.is_some() {
        change.steps.push(Step::UpdateIssue { issue: key.clone(), title, body });
    }
    file_and_value(context, issue, Some(marked), &mut change);
    // What Spectra closed when the plan lost it is open again when the plan has it again.
    let state = issue.state.or(old_marker.closed.then_some(IssueState::Open));
    if let Some(state) = state.filter(|state| *state != observed.state) {
        change.members.push(Member {
            name: "state".to_owned(),
            old: json!(observed.state),
            new: json!(state),
        });
        change.steps.push(set_state(key, state));
    }
    let label_keys: Vec<String> = labels.add.iter().map(|name| label::key(&issue.repository, name)).collect();
    change.requires = requires(context, issue, &label_keys, None);
    change.requires.extend(context.before_marker.get(key).into_iter().flatten().cloned());
    let write = (!change.steps.is_empty()).then_some(change);
    write.into_iter().chain(conflict).chain(moved(issue, marked)).collect()
}

/// Puts the issue on the board if it isn't there, and brings its values to what the plan says. An item that a person
/// archived is left as it is.
fn file_and_value(context: &Context<'_>, issue: &Issue, marked: Option<&Marked<'_>>, change: &mut Change) {
    let item = marked.and_then(|marked| marked.issue.item.as_ref());
    if item.is_some_and(|item| item.archived) {
        return;
    }
    if item.is_none() {
        change.members.push(Member { name: "board".to_owned(), old: json!(false), new: json!(true) });
        change.steps.push(Step::AddItem { issue: issue.key.clone() });
    }
    for (member, step) in value::diff(context, issue, item) {
        change.members.push(member);
        change.steps.push(step);
    }
}

fn requires(
    context: &Context<'_>,
    issue: &Issue,
    labels: &[String],
    parent: Option<&IssueKey>,
) -> Vec<ChangeId> {
    // An issue needs a board and labels that are there. That their titles or colours can't be changed doesn't touch it.
    let mut requires: Vec<ChangeId> =
        context.creation(Kind::Project, context.plan.slug.as_str()).into_iter().collect();
    requires.extend(labels.iter().filter_map(|key| context.creation(Kind::Label, key)));
    for name in issue.fields.keys() {
        let declared = context.fields.get(&fold(name.as_str())).map_or(name, |field| &field.name);
        requires.extend(context.pending(Kind::Field, &field::key(declared)));
    }
    if let Some(parent) = parent.filter(|parent| context.creates(Kind::Issue, parent.as_str())) {
        requires.extend(context.pending(Kind::Issue, parent.as_str()));
    }
    requires
}

fn set_state(key: &IssueKey, state: IssueState) -> Step {
    Step::SetState { issue: key.clone(), state, reason: CloseReason::Completed }
}

/// Labels are added; taken away only if Spectra put them there.
struct LabelDiff {
    add: Vec<LabelName>,
    remove: Vec<LabelName>,
    set_by_spectra: Vec<LabelName>,
}

impl LabelDiff {
    fn of(issue: &Issue, marked: &Marked<'_>) -> Self {
        let has = |labels: &[LabelName], name: &LabelName| labels.iter().any(|label| label.same(name));
        let (observed, mine) = (&marked.issue.labels, &marked.body.marker.labels);
        let wanted = &issue.labels;
        Self {
            add: wanted.iter().filter(|name| !has(observed, name)).cloned().collect(),
            remove: observed.iter().filter(|name| has(mine, name) && !has(wanted, name)).cloned().collect(),
            set_by_spectra: wanted
                .iter()
                .filter(|name| has(mine, name) || !has(observed, name))
                .cloned()
                .collect(),
        }
    }
}

/// An issue whose repository is another one in the plan than on GitHub.
fn moved(issue: &Issue, marked: &Marked<'_>) -> Option<Change> {
    let (there, wanted) = (&marked.issue.repository, &issue.repository);
    if fold(there.as_str()) == fold(wanted.as_str()) {
        return None;
    }
    let mut change = Change::new(Action::Blocked, Kind::Issue, issue.key.as_str());
    change.members.push(Member { name: "repository".to_owned(), old: json!(there), new: json!(wanted) });
    change.reason = Some(format!(
        "this version doesn't transfer issues: transfer {} to {wanted} by hand, or name {there} in the manifest",
        marked.issue.url
    ));
    Some(change)
}

fn conflict_of(issue: &Issue, marked: &Marked<'_>) -> Change {
    let mut change = Change::new(Action::Manual, Kind::Issue, issue.key.as_str());
    change.members.push(Member {
        name: "body".to_owned(),
        old: json!(marked.body.region),
        new: json!(issue.body),
    });
    change.reason = Some(format!(
        "someone rewrote the managed part of the body of {}: take the text over into the manifest, or pass \
         --overwrite-edits",
        marked.issue.url
    ));
    change
}

/// Issues with the marker of a key that an older issue has. One that Spectra made, when two runs got through at once or
/// an answer came late, is closed as its duplicate; one that a person copied is theirs.
fn copies(context: &mut Context<'_>) -> Vec<Change> {
    let open = context.issues.copies.iter().filter(|copy| copy.issue.state == IssueState::Open);
    let (made, copied): (Vec<_>, Vec<_>) =
        open.cloned().partition(|copy| copy.issue.author.as_ref() == Some(&copy.body.marker.actor));
    let closed = made.into_iter().map(|copy| {
        let key = IssueKey::new(copy.issue.url.as_str());
        let original = context.current_key(&copy.body.marker.key).clone();
        context.bind(&key, copy.issue);
        let mut change = Change::new(Action::Update, Kind::Issue, key.as_str());
        change.members.push(Member { name: "state".to_owned(), old: json!("open"), new: json!("closed") });
        change.reason = Some(format!("a copy of `{original}` that Spectra made by mistake"));
        let reason = CloseReason::Duplicate { of: original };
        change.steps = vec![Step::SetState { issue: key, state: IssueState::Closed, reason }];
        change
    });
    let mut changes: Vec<Change> = closed.collect();
    changes.extend(copied.iter().map(|copy| {
        let mut change = Change::new(Action::Manual, Kind::Issue, copy.issue.url.as_str());
        change.reason = Some(format!(
            "its body has the marker of `{}`, which an older issue has already: close it, or take the comment \
             `<!-- spectra:begin … -->` out of its body",
            copy.body.marker.key
        ));
        change
    }));
    changes
}

/// An issue's page and its parent.
type Namesake = (String, Option<NodeId>);

/// Issues without a marker, by repository and title: a person may have made by hand what the plan wants to make.
struct Namesakes {
    by_title: BTreeMap<(String, String), Vec<Namesake>>,
}

impl Namesakes {
    fn of(context: &Context<'_>) -> Self {
        let mut by_title: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for issue in &context.issues.unmarked {
            let key = (fold(issue.repository.as_str()), fold(issue.title.trim()));
            by_title.entry(key).or_default().push((issue.url.clone(), issue.parent.clone()));
        }
        Self { by_title }
    }

    /// Refuses to make an issue beside one of the same title that has the same parent or none.
    fn refuse(&self, context: &mut Context<'_>, issue: &Issue) {
        if context.options.adoption == Adoption::MakeNew {
            return;
        }
        let parent = context.parents.get(&issue.key).and_then(|parent| context.bindings.issues.get(*parent));
        let parent = parent.map(|binding| binding.id.clone());
        let key = (fold(issue.repository.as_str()), fold(issue.title.trim()));
        for (url, its_parent) in self.by_title.get(&key).into_iter().flatten() {
            if its_parent.is_none() || *its_parent == parent {
                let title = issue.title.clone();
                context.refusals.push(Refusal::SameTitle { what: "an issue", title, url: url.clone() });
            }
        }
    }
}

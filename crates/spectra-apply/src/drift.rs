//! Who changed what drifted, and when, as far as GitHub's timelines tell.
//!
//! Invariant: silence before a false name. A member is put down to somebody only where the timeline leads without a gap
//! from what the plan says to what GitHub holds, and only accounts did so that aren't Spectra's. Milestones' and labels'
//! own members, fields, positions, and values other than the status have no entries in any timeline.
//!
//! This adds to reasons that are shown. It decides nothing, and where GitHub doesn't answer nothing is added.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::Value;
use spectra_github::{BodyEdit, BodyEdits, Event, Failure, Happening};
use spectra_model::change::{Action, Change, Kind, Member};
use spectra_model::id::{IssueKey, IssueTypeName, Login, NodeId, fold};
use spectra_model::marker::MarkedBody;
use spectra_model::observation::{self, StateReason};
use spectra_model::region;
use spectra_model::step::{Bindings, Step};
use spectra_reconciler::Decision;

use crate::run::Run;

/// So many timelines are read at most: two requests.
const MOST_TIMELINES: usize = 100;
/// Of so many issues versions of the body are read at most, each up to 64 KiB long: one request.
const MOST_BODIES: usize = 20;
/// Built-in; GitHub has an entry for a change of this field's value and for no other.
const STATUS: &str = "value:Status";
/// The reason of a change that hands people's issue over. Programs know it by this word alone.
const ADOPTED: &str = "adopted";

/// What a timeline is asked for: who brought a member to what it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Question {
    /// The change's place in the set.
    change: usize,
    /// The issue whose timeline tells.
    issue: NodeId,
    /// What is said of the member before the name.
    said: String,
    member: Asked,
    now: Held,
    planned: Held,
}

/// What a member holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Held {
    /// Nothing, or the label or edge that is asked about isn't there.
    #[default]
    Nothing,
    /// The label or edge that is asked about is there.
    There,
    /// A title, a state; folded where GitHub doesn't tell names apart by case.
    Named(String),
}

impl Held {
    /// GitHub writes an empty text for none.
    fn text(text: Option<&str>) -> Self {
        text.filter(|text| !text.is_empty()).map_or(Self::Nothing, |text| Self::Named(text.to_owned()))
    }

    fn name(name: Option<&str>) -> Self {
        Self::text(name.map(fold).as_deref())
    }
}

/// A member that timelines tell about.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Asked {
    Title,
    /// One label.
    Label(String),
    /// One who is assigned.
    Assignee(Login),
    Milestone,
    State,
    StateReason,
    IssueType,
    Parent(NodeId),
    Blocker(NodeId),
    Board(NodeId),
    /// On this board.
    Status(NodeId),
    /// The managed region. Versions of the body tell, not the timeline.
    Body,
}

/// Who did something, and when.
type Deed<'e> = (&'e Login, Timestamp);

impl Run<'_> {
    /// The decision, its reasons with who changed what drifted. Three requests at most, and none where no timeline can
    /// tell.
    ///
    /// # Failure
    /// Is logged, and then nothing is added.
    pub(crate) async fn name_who_changed(&mut self, mut decision: Decision) -> Decision {
        let Some(observation) = &self.observation else { return decision };
        let board = observation.board.as_ref().map(|board| &board.summary.id);
        let questions = questions(&decision.change_set.changes, &decision.bindings, board);
        let (timelines, bodies): (Vec<&Question>, Vec<&Question>) =
            questions.iter().partition(|question| question.member != Asked::Body);
        let timelines = self.reader.timelines(&issues(&timelines, MOST_TIMELINES)).await;
        // A GitHub that doesn't answer the one is not asked the other: each is tried for a while.
        let bodies = if timelines.is_ok() { issues(&bodies, MOST_BODIES) } else { Vec::new() };
        let edits = self.reader.body_edits(&bodies).await;
        let known = Told {
            timelines: told(timelines),
            edits: told(edits),
            viewer: &observation.viewer,
            issues: &observation.issues,
        };
        for (change, sentence) in known.answers(&questions) {
            if let Some(change) = decision.change_set.changes.get_mut(change) {
                let reasons: Vec<String> = change.reason.take().into_iter().chain([sentence]).collect();
                change.reason = Some(reasons.join("; "));
            }
        }
        self.decision = Some(decision.clone());
        self.latest = Some(decision.clone());
        decision
    }
}

/// The issues that are asked about, each once, the first of the change set.
fn issues(questions: &[&Question], most: usize) -> Vec<NodeId> {
    let mut seen = BTreeSet::new();
    let issues = questions.iter().map(|question| &question.issue).filter(|issue| seen.insert(*issue));
    issues.take(most).cloned().collect()
}

fn told<T: Default>(answer: Result<T, Failure>) -> T {
    answer.unwrap_or_else(|failure| {
        tracing::warn!(because = %failure, "GitHub doesn't say who changed what drifted");
        T::default()
    })
}

/// What the timelines are asked about a change set.
fn questions(changes: &[Change], bindings: &Bindings, board: Option<&NodeId>) -> Vec<Question> {
    let mut questions = Vec::new();
    for (place, change) in changes.iter().enumerate() {
        let mut ask = |issue: Option<&NodeId>, said: &str, member: Asked, now: Held, planned: Held| {
            if let Some(issue) = issue.cloned() {
                questions.push(Question {
                    change: place,
                    issue,
                    said: said.to_owned(),
                    member,
                    now,
                    planned,
                });
            }
        };
        match (change.kind, change.action) {
            (Kind::Issue, Action::Update | Action::Manual) if change.reason.as_deref() != Some(ADOPTED) => {
                let issue = bindings.issues.get(&IssueKey::new(change.key.as_str())).map(|it| &it.id);
                for member in &change.members {
                    for (asked, now, planned) in of_member(member, board) {
                        ask(issue, &format!("{} changed", member.name), asked, now, planned);
                    }
                }
            }
            (Kind::SubIssue | Kind::BlockedBy, Action::Create) => {
                for step in &change.steps {
                    if let Step::AddSubIssue { parent, child, .. } = step
                        && let Some(parent) = bindings.issue(parent)
                    {
                        let child = bindings.issues.get(child).map(|it| &it.id);
                        ask(child, "removed", Asked::Parent(parent.clone()), Held::Nothing, Held::There);
                    }
                    if let Step::AddBlockedBy { issue, by } = step
                        && let Some(by) = bindings.issue(by)
                    {
                        let issue = bindings.issues.get(issue).map(|it| &it.id);
                        ask(issue, "removed", Asked::Blocker(by.clone()), Held::Nothing, Held::There);
                    }
                }
            }
            _ => {}
        }
    }
    questions
}

/// What is asked about a member of an issue.
fn of_member(member: &Member, board: Option<&NodeId>) -> Vec<(Asked, Held, Held)> {
    let text = |value: &Value| Held::text(value.as_str());
    let name = |value: &Value| Held::name(value.as_str());
    let (old, new) = (&member.old, &member.new);
    match (member.name.as_str(), board) {
        ("title", _) => vec![(Asked::Title, text(old), text(new))],
        ("labels", _) => lost(old, new)
            .into_iter()
            .map(|label| (Asked::Label(label), Held::Nothing, Held::There))
            .collect(),
        ("assignees", _) => {
            let lost = lost(old, new).into_iter().map(Login::new);
            lost.map(|login| (Asked::Assignee(login), Held::Nothing, Held::There)).collect()
        }
        ("milestone", _) => vec![(Asked::Milestone, name(old), name(new))],
        ("state", _) => vec![(Asked::State, text(old), text(new))],
        ("stateReason", _) => vec![(Asked::StateReason, text(old), text(new))],
        ("issueType", _) => vec![(Asked::IssueType, name(old), name(new))],
        ("board", Some(board)) => vec![(Asked::Board(board.clone()), Held::Nothing, Held::There)],
        (STATUS, Some(board)) => vec![(Asked::Status(board.clone()), name(old), name(new))],
        ("body", _) => vec![(Asked::Body, Held::Nothing, Held::There)],
        _ => Vec::new(),
    }
}

/// The names that the plan has and GitHub hasn't, folded. What is there beyond the plan is people's own, and where it is
/// taken off it was Spectra that put it on.
fn lost(old: &Value, new: &Value) -> Vec<String> {
    let names = |value: &Value| -> BTreeSet<String> {
        value.as_array().into_iter().flatten().filter_map(Value::as_str).map(fold).collect()
    };
    names(new).difference(&names(old)).cloned().collect()
}

/// What GitHub told.
struct Told<'o> {
    viewer: &'o Login,
    issues: &'o [observation::Issue],
    timelines: BTreeMap<NodeId, Vec<Event>>,
    edits: BTreeMap<NodeId, BodyEdits>,
}

impl Told<'_> {
    /// What can be said of each change, by its place.
    fn answers(&self, questions: &[Question]) -> BTreeMap<usize, String> {
        // Of the labels of one issue, say, the one that went last speaks for the member.
        let mut deeds: BTreeMap<usize, Vec<(&str, Deed<'_>)>> = BTreeMap::new();
        for question in questions {
            let Some(deed) = self.answer(question) else { continue };
            let of_change = deeds.entry(question.change).or_default();
            match of_change.iter_mut().find(|(said, _)| *said == question.said) {
                Some((_, known)) if known.1 >= deed.1 => {}
                Some((_, known)) => *known = deed,
                None => of_change.push((&question.said, deed)),
            }
        }
        let sentence = |deeds: Vec<(&str, Deed<'_>)>| {
            let parts = deeds.into_iter().map(|(said, (who, when))| format!("{said} by {who} on {when}"));
            parts.collect::<Vec<_>>().join("; ")
        };
        deeds.into_iter().map(|(change, deeds)| (change, sentence(deeds))).collect()
    }

    fn answer(&self, question: &Question) -> Option<Deed<'_>> {
        let issue = self.issues.iter().find(|issue| issue.id == question.issue)?;
        let own = own_accounts(self.viewer, issue);
        let is_own = |login: &Login| own.contains(&account(login));
        if question.member == Asked::Body {
            return who_wrote(&self.edits.get(&question.issue)?.edits, &issue.body, is_own);
        }
        let history = History::of(&question.member, self.timelines.get(&question.issue)?);
        history.who_brought(&question.now, &question.planned, is_own)
    }
}

/// The accounts whose deeds are Spectra's: the token's, and the one that made the issue's marker.
fn own_accounts(viewer: &Login, issue: &observation::Issue) -> BTreeSet<String> {
    let marker = MarkedBody::read(&issue.body).map(|body| body.marker.actor);
    std::iter::once(viewer).chain(&marker).map(account).collect()
}

/// GitHub names the account of an App with `[bot]` behind it or without, depending on where one asks.
fn account(login: &Login) -> String {
    let login = fold(login.as_str());
    login.strip_suffix("[bot]").map(str::to_owned).unwrap_or(login)
}

/// The entries of a timeline that are about one member, each with what the member was before it and after.
#[derive(Debug)]
struct History<'e>(Vec<(&'e Event, Held, Held)>);

impl<'e> History<'e> {
    fn of(member: &Asked, events: &'e [Event]) -> Self {
        let mut entries: Vec<(&Event, Held, Held)> = Vec::new();
        for event in events {
            let held = entries.last().map_or_else(Held::default, |(_, _, held)| held.clone());
            entries.extend(step(member, &event.what, held).map(|(from, to)| (event, from, to)));
        }
        Self(entries)
    }

    /// Who brought the member to what it is now, from what the plan says.
    fn who_brought(&self, now: &Held, planned: &Held, is_own: impl Fn(&Login) -> bool) -> Option<Deed<'e>> {
        let (last, _, held) = self.0.last()?;
        if held != now || now == planned {
            return None;
        }
        for (event, from, _) in self.0.iter().rev() {
            // A nameless deed may have been Spectra's.
            if event.actor.as_ref().is_none_or(&is_own) {
                return None;
            }
            if from == planned {
                return last.actor.as_ref().map(|actor| (actor, last.at));
            }
        }
        None
    }
}

/// What a member was before an entry and is after it; None where the entry doesn't alter it. `held` is what the entry
/// before left it with.
fn step(member: &Asked, what: &Happening, held: Held) -> Option<(Held, Held)> {
    let gained = Some((Held::Nothing, Held::There));
    let lost = Some((Held::There, Held::Nothing));
    let (open, closed) = (|| Held::text(Some("open")), || Held::text(Some("closed")));
    match (member, what) {
        (Asked::Title, Happening::Retitled { from, to }) => {
            Some((Held::text(Some(from)), Held::text(Some(to))))
        }
        (Asked::Label(label), Happening::Labelled(it)) if fold(it.as_str()) == *label => gained,
        (Asked::Label(label), Happening::Unlabelled(it)) if fold(it.as_str()) == *label => lost,
        (Asked::Assignee(login), Happening::Assigned(it)) if it.same(login) => gained,
        (Asked::Assignee(login), Happening::Unassigned(it)) if it.same(login) => lost,
        (Asked::Milestone, Happening::Milestoned(title)) => Some((held, Held::name(Some(title.as_str())))),
        (Asked::Milestone, Happening::Demilestoned(title)) => {
            // Where one milestone takes another's place, either entry may come first.
            let title = Held::name(Some(title.as_str()));
            (held == Held::Nothing || held == title).then_some((title, Held::Nothing))
        }
        (Asked::State, Happening::Closed(_)) => Some((open(), closed())),
        (Asked::State, Happening::Reopened) => Some((closed(), open())),
        (Asked::StateReason, Happening::Closed(reason)) => {
            // Issues that were closed before GitHub had reasons have none, and count as completed.
            let reason = match reason {
                Some(StateReason::Completed) | None => "completed",
                Some(StateReason::NotPlanned) => "notPlanned",
                Some(StateReason::Duplicate) => "duplicate",
            };
            Some((held, Held::text(Some(reason))))
        }
        (Asked::StateReason, Happening::Reopened) => Some((held, Held::Nothing)),
        (Asked::IssueType, Happening::Retyped { from, to }) => {
            let name = |it: &Option<IssueTypeName>| Held::name(it.as_ref().map(IssueTypeName::as_str));
            Some((name(from), name(to)))
        }
        (Asked::Parent(parent), Happening::ParentAdded(it)) if it == parent => gained,
        (Asked::Parent(parent), Happening::ParentRemoved(it)) if it == parent => lost,
        (Asked::Blocker(by), Happening::BlockerAdded(it)) if it == by => gained,
        (Asked::Blocker(by), Happening::BlockerRemoved(it)) if it == by => lost,
        (Asked::Board(board), Happening::Filed(it)) if it == board => gained,
        (Asked::Board(board), Happening::TakenOff(it)) if it == board => lost,
        (Asked::Status(board), Happening::StatusChanged { board: it, from, to }) if it == board => {
            Some((Held::name(Some(from)), Held::name(Some(to))))
        }
        _ => None,
    }
}

/// Who wrote the managed region as it stands, of the versions from the newest on. Ticks don't count, as everywhere.
fn who_wrote<'e>(edits: &'e [BodyEdit], body: &str, is_own: impl Fn(&Login) -> bool) -> Option<Deed<'e>> {
    let lf = |text: &str| text.replace("\r\n", "\n");
    let newest = edits.first()?;
    // Only where GitHub's "diff" is the whole text do versions tell.
    if lf(newest.text.as_deref()?) != lf(body) {
        return None;
    }
    let of_region = |text: &str| MarkedBody::read(text).map(|body| region::hash(&body.region));
    let now = of_region(body)?;
    let mut brought = None;
    for edit in edits {
        if of_region(edit.text.as_deref()?).as_ref() != Some(&now) {
            let BodyEdit { at, editor, .. }: &BodyEdit = brought?;
            return editor.as_ref().filter(|editor| !is_own(editor)).map(|editor| (editor, *at));
        }
        brought = Some(edit);
    }
    None
}

#[cfg(test)]
mod tests;

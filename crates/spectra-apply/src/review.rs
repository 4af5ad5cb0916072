//! The review of a dry run: what was decided then, and whether it is still what would be done.
//!
//! An apply that is bound to a review does that and nothing else: where GitHub has moved since in a way that alters the
//! change set, it is refused and told what moved. What an apply of the same plan did before it was cut off is no such
//! move: what is left of the reviewed changes may still be done. And whatever a look during the run asks for beyond them
//! is left.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use spectra_model::change::{Action, Change, ChangeSet, Kind, Member, change_id};
use spectra_model::evidence::SCHEMA_VERSION;
use spectra_model::id::{ChangeId, ProjectSlug};
use spectra_model::json::{sha256, to_line};
use spectra_model::limits;
use spectra_model::observation::Observation;
use spectra_reconciler::{Decision, is_githubs_own_view};

use crate::error::Error;
use crate::plan_folder::ReviewedPlan;

/// Names of members whose old value changes with what a run does elsewhere.
const BOARD: &str = "board";
const POSITION: &str = "position";
const VALUE: &str = "value:";
/// The key of the field that each board comes with.
const STATUS: &str = limits::STATUS;

/// What a dry run leaves for the reviewer and for the apply that is bound to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Review {
    schema_version: u32,
    slug: ProjectSlug,
    plan_sha256: String,
    observation_sha256: String,
    change_set: ChangeSet,
}

impl Review {
    /// The review of what a dry run decided.
    pub(crate) fn of(plan: &ReviewedPlan, decision: &Decision, observation: &Observation) -> Option<Self> {
        Some(Self {
            schema_version: SCHEMA_VERSION,
            slug: plan.plan.slug.clone(),
            plan_sha256: plan.sha256.clone(),
            observation_sha256: to_line(observation).map(|line| sha256(line.as_bytes())).ok()?,
            change_set: decision.change_set.clone(),
        })
    }

    /// Reads a review.
    ///
    /// # Errors
    /// When the file can't be read or is no review.
    pub(crate) fn read(path: &Path) -> Result<Self, Error> {
        let bytes = std::fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })?;
        let refused = |problem: String| Error::NotAReview { path: path.to_owned(), problem };
        let review: Self = serde_json::from_slice(&bytes).map_err(|error| refused(error.to_string()))?;
        if review.schema_version != SCHEMA_VERSION {
            let found = review.schema_version;
            return Err(refused(format!("schemaVersion {found}, and this program reads {SCHEMA_VERSION}")));
        }
        Ok(review)
    }

    /// Refuses the review of another plan.
    ///
    /// # Errors
    /// When it is one.
    pub(crate) fn is_of(&self, plan: &ReviewedPlan) -> Result<(), Error> {
        if self.slug == plan.plan.slug && self.plan_sha256 == plan.sha256 {
            return Ok(());
        }
        Err(Error::OtherReview {
            reviewed: format!("board {}, plan.json with SHA-256 {}", self.slug, self.plan_sha256),
            plan: format!("board {}, plan.json with SHA-256 {}", plan.plan.slug, plan.sha256),
        })
    }

    /// Refuses what is not what was reviewed.
    ///
    /// # Errors
    /// When the change set is another one, or after an apply that was cut off isn't a part of it; each difference is
    /// named.
    pub(crate) fn holds(&self, now: &ChangeSet, since: Since) -> Result<(), Error> {
        let now = as_written(now)?;
        let moved = match since {
            Since::Review => moved(&self.change_set, &now),
            Since::CutOff => Reviewed::of(&self.change_set).beyond(&now),
        };
        if moved.is_empty() { Ok(()) } else { Err(Error::Moved(moved)) }
    }

    /// The changes for Spectra that go beyond what was reviewed, whatever stood there before.
    ///
    /// # Errors
    /// When the change set can't be written.
    pub(crate) fn beyond(&self, now: &ChangeSet) -> Result<Vec<ChangeId>, Error> {
        let now = as_written(now)?;
        let reviewed = Reviewed::of(&self.change_set);
        let beyond = done_by_spectra(&now).filter(|change| !reviewed.covers(change));
        Ok(beyond.map(|change| change.id.clone()).collect())
    }
}

/// What was done on GitHub between the review and the look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Since {
    /// Nothing by Spectra.
    Review,
    /// A part of the plan, by a run that didn't come to its end.
    CutOff,
}

fn done_by_spectra(set: &ChangeSet) -> impl Iterator<Item = &Change> {
    set.changes.iter().filter(|change| change.is_done_by_spectra())
}

/// A reviewed change set.
struct Reviewed<'r> {
    changes: BTreeMap<&'r ChangeId, &'r Change>,
    /// What it renames: options, iterations, milestones, labels.
    renamed: BTreeMap<&'r str, &'r str>,
}

impl<'r> Reviewed<'r> {
    fn of(set: &'r ChangeSet) -> Self {
        Self {
            changes: set.changes.iter().map(|change| (&change.id, change)).collect(),
            renamed: set.changes.iter().flat_map(renames).collect(),
        }
    }

    /// The reviewed change that a change is, or is the rest of: what was made but in part is gone on with as an update.
    fn source(&self, change: &Change) -> Option<&'r Change> {
        let creation = || {
            let id = change_id(Action::Create, change.kind, &change.key);
            self.changes.get(&id).filter(|_| change.action == Action::Update)
        };
        self.changes.get(&change.id).or_else(creation).copied()
    }

    /// Whether a change is one of these or the rest of one: nothing becomes anything else than what was reviewed, and
    /// nothing more is lost.
    fn covers(&self, change: &Change) -> bool {
        if self.comes_with_the_board(change) {
            return true;
        }
        let Some(source) = self.source(change) else { return false };
        let is_covered = |member: &Member| {
            let mut reviewed = source.members.iter().filter(|reviewed| reviewed.name == member.name);
            reviewed.any(|reviewed| same(&reviewed.new, &member.new))
        };
        (source.destructive || !change.destructive) && change.members.iter().all(is_covered)
    }

    /// A new board comes with a view and a Status field of GitHub's own. Nobody saw them who reviewed its creation.
    fn comes_with_the_board(&self, change: &Change) -> bool {
        let is_status = change.kind == Kind::Field && change.key == STATUS && !change.destructive;
        let mut creations = self.changes.values().map(|change| (change.kind, change.action));
        (is_status || is_githubs_own_view(change))
            && creations.any(|it| it == (Kind::Project, Action::Create))
    }

    /// What is to be done now beyond what is left of these.
    fn beyond(&self, now: &ChangeSet) -> Vec<String> {
        let mut beyond = Vec::new();
        for change in done_by_spectra(now) {
            if self.comes_with_the_board(change) {
                continue;
            }
            match self.source(change) {
                Some(source) => beyond.extend(altered(&self.left_of(source, change), change)),
                None => beyond.push(format!("{} is to be done now and was not reviewed", change.id)),
            }
        }
        beyond
    }

    /// What of a reviewed change would be left if all that GitHub holds otherwise now were the doing of the run that was
    /// cut off, as far as it can be.
    fn left_of(&self, source: &Change, now: &Change) -> Change {
        let is_left = |member: &&Member| now.members.iter().any(|left| left.name == member.name);
        let was_filed = source.members.iter().any(|member| member.name == BOARD && !is_left(&member));
        let as_left = |member: &Member| {
            let mut member = member.clone();
            for left in now.members.iter().filter(|left| left.name == member.name) {
                // GitHub's workflows give an item that was filed a value. Places change with those of others.
                let may_be_ours = source.id != now.id
                    || (was_filed && member.name.starts_with(VALUE))
                    || member.name == POSITION
                    || self.now_called(&member.old) == left.old
                    || is_between(&left.old, &member);
                if may_be_ours {
                    member.old = left.old.clone();
                }
                if same(&member.new, &left.new) {
                    member.new = left.new.clone();
                }
            }
            member
        };
        let members = source.members.iter().filter(is_left).map(as_left).collect();
        let destructive = source.destructive && now.destructive;
        Change { id: now.id.clone(), members, destructive, ..source.clone() }
    }

    /// A value under the names that the changes give.
    fn now_called(&self, value: &Value) -> Value {
        match value {
            Value::String(name) => {
                let now = self.renamed.get(name.as_str()).copied().unwrap_or(name);
                Value::from(now)
            }
            Value::Array(items) => items.iter().map(|item| self.now_called(item)).collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.clone(),
        }
    }
}

/// What a change renames: a field's options and iterations, a milestone, a label.
fn renames(change: &Change) -> impl Iterator<Item = (&str, &str)> {
    fn part(value: &Value) -> Option<&str> {
        value.get("name").or_else(|| value.get("title"))?.as_str()
    }
    change.members.iter().filter_map(|member| match change.kind {
        Kind::Field => Some((part(&member.old)?, part(&member.new)?)),
        Kind::Milestone | Kind::Label if member.name == "title" || member.name == "name" => {
            Some((member.old.as_str()?, member.new.as_str()?))
        }
        Kind::Milestone
        | Kind::Label
        | Kind::Project
        | Kind::View
        | Kind::Issue
        | Kind::Draft
        | Kind::SubIssue
        | Kind::BlockedBy
        | Kind::Repository
        | Kind::Team => None,
    })
}

/// Whether a list is on its way from a member's old value to its new one.
fn is_between(now: &Value, member: &Member) -> bool {
    let (Value::Array(now), Value::Array(old), Value::Array(new)) = (now, &member.old, &member.new) else {
        return false;
    };
    let kept = old.iter().filter(|it| new.contains(it));
    now.iter().all(|it| old.contains(it) || new.contains(it)) && kept.clone().all(|it| now.contains(it))
}

/// Whether two values are the same, lists whatever their order.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len()
                && one.iter().all(|it| other.contains(it))
                && other.iter().all(|it| one.contains(it))
        }
        _ => one == other,
    }
}

/// A change set as a file holds it: a number that was `5.0` is `5` there.
fn as_written(set: &ChangeSet) -> Result<ChangeSet, Error> {
    let failed = |error| Error::Read { path: "the change set".into(), source: std::io::Error::other(error) };
    serde_json::from_str(&to_line(set).map_err(failed)?).map_err(failed)
}

/// How a change set differs from the one that was reviewed.
fn moved(reviewed: &ChangeSet, now: &ChangeSet) -> Vec<String> {
    let by_id = |set: &'_ ChangeSet| -> BTreeMap<ChangeId, Change> {
        set.changes.iter().map(|change| (change.id.clone(), change.clone())).collect()
    };
    let (before, after) = (by_id(reviewed), by_id(now));
    let mut moved: Vec<String> = Vec::new();
    for (id, change) in &before {
        match after.get(id) {
            None => moved.push(format!("{id} was to be done and no longer is")),
            Some(after) => moved.extend(altered(change, after)),
        }
    }
    let new = after.keys().filter(|id| !before.contains_key(*id));
    moved.extend(new.map(|id| format!("{id} is to be done now and was not reviewed")));
    moved
}

fn altered(before: &Change, after: &Change) -> Vec<String> {
    let id = &before.id;
    let mut altered = Vec::new();
    if before.destructive != after.destructive {
        let word = if after.destructive { "loses data now" } else { "no longer loses data" };
        altered.push(format!("{id} {word}"));
    }
    let member = |change: &Change, name: &str| -> Option<(Value, Value)> {
        let found = change.members.iter().find(|member| member.name == name)?;
        Some((found.old.clone(), found.new.clone()))
    };
    let names: std::collections::BTreeSet<&String> =
        before.members.iter().chain(&after.members).map(|Member { name, .. }| name).collect();
    for name in names {
        let line = match (member(before, name), member(after, name)) {
            (Some(was), Some(is)) if was == is => continue,
            (Some((was, _)), Some((is, _))) if was != is => format!("GitHub held {was} and holds {is}"),
            (Some((_, was)), Some((_, is))) => format!("was to become {was} and would become {is}"),
            (Some(_), None) => "is no longer to be changed".to_owned(),
            (None, _) => "is to be changed now and was not reviewed".to_owned(),
        };
        altered.push(format!("{id}, {name}: {line}"));
    }
    altered
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use spectra_model::change::{Action, Kind};

    use super::*;

    fn set(changes: Vec<Change>) -> ChangeSet {
        ChangeSet { changes, ..ChangeSet::default() }
    }

    fn update(key: &str, old: &str, new: &str) -> Change {
        let mut change = Change::new(Action::Update, Kind::Issue, key);
        change.members.push(Member { name: "title".to_owned(), old: json!(old), new: json!(new) });
        change
    }

    #[test]
    fn each_difference_is_named() {
        let reviewed = set(vec![update("v/a", "old", "new"), update("v/b", "x", "y")]);
        assert_eq!(moved(&reviewed, &reviewed), Vec::<String>::new());
        let now = set(vec![update("v/a", "other", "new"), update("v/c", "x", "y")]);
        assert_eq!(
            moved(&reviewed, &now),
            [
                "update:issue:v/a, title: GitHub held \"old\" and holds \"other\"",
                "update:issue:v/b was to be done and no longer is",
                "update:issue:v/c is to be done now and was not reviewed",
            ]
        );
    }

    #[test]
    fn a_change_that_begins_to_lose_data_is_another_one() {
        let mut after = update("v/a", "old", "new");
        after.destructive = true;
        let moved = moved(&set(vec![update("v/a", "old", "new")]), &set(vec![after]));
        assert_eq!(moved, ["update:issue:v/a loses data now"]);
    }

    fn member(name: &str, old: Value, new: Value) -> Member {
        Member { name: name.to_owned(), old, new }
    }

    fn with(action: Action, kind: Kind, key: &str, members: Vec<Member>) -> Change {
        Change { members, ..Change::new(action, kind, key) }
    }

    /// What is beyond a review after an apply of the same plan was cut off.
    fn check(reviewed: Change, now: Change, expected: &[&str]) {
        let renamed = vec![member("option:Urgent", json!({"name": "High"}), json!({"name": "Urgent"}))];
        let field = with(Action::Update, Kind::Field, "Priority", renamed);
        assert_eq!(Reviewed::of(&set(vec![reviewed, field])).beyond(&set(vec![now])), expected);
    }

    #[test]
    fn what_is_left_of_a_reviewed_change_is_a_part_of_it() {
        let issue = |action, members| with(action, Kind::Issue, "v/a", members);
        let made = issue(
            Action::Create,
            vec![
                member("title", json!(null), json!("A")),
                member("value:Status", json!(null), json!("Done")),
            ],
        );
        let filed = |new| issue(Action::Update, vec![member("value:Status", json!("Todo"), json!(new))]);
        check(made.clone(), filed("Done"), &[]);
        check(
            made,
            filed("Todo"),
            &["update:issue:v/a, value:Status: was to become \"Done\" and would become \"Todo\""],
        );
        let labels = |old| issue(Action::Update, vec![member("labels", old, json!(["kept", "new"]))]);
        check(labels(json!(["kept", "gone"])), labels(json!(["kept"])), &[]);
        check(
            labels(json!(["kept", "gone"])),
            labels(json!(["gone"])),
            &[r#"update:issue:v/a, labels: GitHub held ["kept","gone"] and holds ["gone"]"#],
        );
        let priority = |old| issue(Action::Update, vec![member("value:Priority", json!(old), json!("Low"))]);
        check(priority("High"), priority("Urgent"), &[]);
        check(
            priority("High"),
            priority("Some day"),
            &[r#"update:issue:v/a, value:Priority: GitHub held "High" and holds "Some day""#],
        );
    }

    #[test]
    fn what_was_not_reviewed_is_beyond_it() {
        let mut destructive = update("v/a", "old", "new");
        destructive.destructive = true;
        check(update("v/a", "old", "new"), destructive, &["update:issue:v/a loses data now"]);
        check(
            update("v/a", "old", "new"),
            update("v/b", "old", "new"),
            &["update:issue:v/b is to be done now and was not reviewed"],
        );
        let status =
            with(Action::Update, Kind::Field, STATUS, vec![member("options", json!([1]), json!([2]))]);
        let board = Change::new(Action::Create, Kind::Project, "v");
        check(board, status.clone(), &[]);
        check(
            update("v/a", "old", "new"),
            status,
            &["update:field:Status is to be done now and was not reviewed"],
        );
    }
}

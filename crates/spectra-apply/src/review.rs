//! The review of a dry run: what was decided then, and whether it is still what would be done.
//!
//! An apply that is bound to a review does that and nothing else: where GitHub has moved since in a way that alters the
//! change set, it is refused and told what moved.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use spectra_model::change::{Change, ChangeSet, Member};
use spectra_model::evidence::SCHEMA_VERSION;
use spectra_model::id::{ChangeId, ProjectSlug};
use spectra_model::json::{sha256, to_line};
use spectra_model::observation::Observation;
use spectra_reconciler::Decision;

use crate::error::Error;
use crate::plan_folder::ReviewedPlan;

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

    /// Reads a review, which must be of this plan.
    ///
    /// # Errors
    /// When the file can't be read or is no review, and when it is of another plan.
    pub(crate) fn read(path: &Path, plan: &ReviewedPlan) -> Result<Self, Error> {
        let failed = |source| Error::Read { path: path.to_owned(), source };
        let bytes = std::fs::read(path).map_err(failed)?;
        let review: Self =
            serde_json::from_slice(&bytes).map_err(|error| failed(std::io::Error::other(error)))?;
        if review.schema_version != SCHEMA_VERSION {
            let problem =
                format!("schemaVersion {}, and this program reads {SCHEMA_VERSION}", review.schema_version);
            return Err(failed(std::io::Error::other(problem)));
        }
        if review.slug != plan.plan.slug || review.plan_sha256 != plan.sha256 {
            return Err(Error::Moved(vec![format!(
                "the review is of board {} and a plan.json with SHA-256 {}, and this is board {} with {}",
                review.slug, review.plan_sha256, plan.plan.slug, plan.sha256
            )]));
        }
        Ok(review)
    }

    /// Refuses what is not what was reviewed.
    ///
    /// # Errors
    /// When the change set is another one; each difference is named.
    pub(crate) fn holds(&self, now: &ChangeSet) -> Result<(), Error> {
        let moved = moved(&self.change_set, now);
        if moved.is_empty() { Ok(()) } else { Err(Error::Moved(moved)) }
    }
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
}

//! Milestones. GraphQL can read them and not write them, so both are done over REST.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use spectra_model::Setting;
use spectra_model::id::{MilestoneTitle, NodeId, RepoSlug};
use spectra_model::observation::Milestone;
use spectra_model::plan::IssueState;
use spectra_model::step::MilestoneBinding;

use crate::failure::Failure;
use crate::reader::Reader;
use crate::rest::{Call, segment};
use crate::transport::Method;

/// The zone in which GitHub keeps days of milestones, by the rule that has held in it since before there was a GitHub:
/// so no machine needs a database of zones.
const PACIFIC: &str = "PST8PDT,M3.2.0,M11.1.0";

/// A milestone as the REST API shows it.
#[derive(Debug, Deserialize)]
struct Wire {
    node_id: String,
    number: u64,
    title: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    due_on: Option<Timestamp>,
    #[serde(default)]
    state: String,
    #[serde(default)]
    open_issues: usize,
    #[serde(default)]
    closed_issues: usize,
}

impl From<Wire> for Milestone {
    fn from(wire: Wire) -> Self {
        Self {
            id: NodeId::new(wire.node_id),
            number: wire.number,
            title: MilestoneTitle::new(wire.title),
            description: wire.description.unwrap_or_default(),
            due_on: wire.due_on.map(day),
            state: if wire.state == "closed" { IssueState::Closed } else { IssueState::Open },
            issues: wire.open_issues.saturating_add(wire.closed_issues),
        }
    }
}

/// GitHub stores midnight in Pacific time, 07:00 or 08:00 UTC (seen by `PowerShellForGitHub`, issue 133): the day there is
/// the day that is meant.
fn day(due_on: Timestamp) -> Date {
    let zone = TimeZone::posix(PACIFIC).unwrap_or_else(|_| TimeZone::fixed(Offset::constant(-8)));
    due_on.to_zoned(zone).date()
}

/// Noon UTC is on the same day in Pacific time, summer and winter; midnight UTC is on the day before.
fn moment(day: Date) -> String {
    format!("{day}T12:00:00Z")
}

impl Reader {
    /// The milestones of a repository, closed ones too, by number.
    ///
    /// # Errors
    /// When the repository isn't there, or GitHub doesn't say.
    pub async fn milestones(&self, repository: &RepoSlug) -> Result<Vec<Milestone>, Failure> {
        let path = format!("{}?state=all&per_page=100", list(repository));
        let found = self.client().rest_list::<Wire>("milestones", &path).await?;
        let mut found: Vec<Milestone> = found.into_iter().map(Milestone::from).collect();
        found.sort_by_key(|milestone| milestone.number);
        // A list that grows while it is paged may show one twice.
        found.dedup_by(|one, other| one.id == other.id);
        Ok(found)
    }
}

fn list(repository: &RepoSlug) -> String {
    format!("/repos/{}/{}/milestones", segment(repository.owner()), segment(repository.name()))
}

fn one(repository: &RepoSlug, number: u64) -> String {
    format!("{}/{number}", list(repository))
}

pub(crate) fn create(
    repository: &RepoSlug,
    title: &MilestoneTitle,
    description: &Setting<String>,
    due_on: &Setting<Date>,
) -> Call {
    let mut body = Map::new();
    body.insert("title".to_owned(), json!(title.as_str()));
    if let Setting::Set(description) = description {
        body.insert("description".to_owned(), json!(description));
    }
    if let Setting::Set(due_on) = due_on {
        body.insert("due_on".to_owned(), json!(moment(*due_on)));
    }
    Call {
        name: "create milestone",
        method: Method::Post,
        path: list(repository),
        body: Some(Value::Object(body)),
        creates: true,
    }
}

pub(crate) fn update(
    repository: &RepoSlug,
    number: u64,
    title: &MilestoneTitle,
    description: &Setting<String>,
    due_on: &Setting<Date>,
) -> Call {
    let mut body = Map::new();
    body.insert("title".to_owned(), json!(title.as_str()));
    match description {
        Setting::Unmanaged => {}
        Setting::Clear => drop(body.insert("description".to_owned(), json!(""))),
        Setting::Set(description) => drop(body.insert("description".to_owned(), json!(description))),
    }
    match due_on {
        Setting::Unmanaged => {}
        Setting::Clear => drop(body.insert("due_on".to_owned(), Value::Null)),
        Setting::Set(due_on) => drop(body.insert("due_on".to_owned(), json!(moment(*due_on)))),
    }
    Call {
        name: "update milestone",
        method: Method::Patch,
        path: one(repository, number),
        body: Some(Value::Object(body)),
        creates: false,
    }
}

pub(crate) fn delete(repository: &RepoSlug, number: u64) -> Call {
    Call {
        name: "delete milestone",
        method: Method::Delete,
        path: one(repository, number),
        body: None,
        creates: false,
    }
}

pub(crate) fn written(answer: Value) -> Result<MilestoneBinding, Failure> {
    let wire: Wire = serde_json::from_value(answer)
        .map_err(|error| Failure::malformed(format!("a milestone: {error}")))?;
    Ok(MilestoneBinding { id: NodeId::new(wire.node_id), number: wire.number })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_is_the_one_in_pacific_time_summer_and_winter() {
        for (stored, expected) in [
            ("2026-02-27T08:00:00Z", date(2026, 2, 27)),
            ("2026-07-01T07:00:00Z", date(2026, 7, 1)),
            ("2026-03-08T08:00:00Z", date(2026, 3, 8)),
            ("2026-03-09T07:00:00Z", date(2026, 3, 9)),
            ("2026-11-01T07:00:00Z", date(2026, 11, 1)),
            ("2026-11-02T08:00:00Z", date(2026, 11, 2)),
            ("2026-02-27T00:00:00Z", date(2026, 2, 26)),
        ] {
            assert_eq!(day(stored.parse().unwrap()), expected, "{stored}");
        }
    }

    #[test]
    fn what_is_written_is_on_the_same_day_all_year_round() {
        let mut one = date(2026, 1, 1);
        for _ in 0..366 {
            assert_eq!(day(moment(one).parse().unwrap()), one);
            one = one.tomorrow().unwrap();
        }
    }

    #[test]
    fn null_clears_and_absence_leaves() {
        let slug = RepoSlug::parse("o/r").unwrap();
        let title = MilestoneTitle::new("M");
        let call = update(&slug, 7, &title, &Setting::Clear, &Setting::Clear);
        assert_eq!((call.path.as_str(), call.method), ("/repos/o/r/milestones/7", Method::Patch));
        assert_eq!(call.body, Some(json!({ "title": "M", "description": "", "due_on": null })));
        let call = update(&slug, 7, &title, &Setting::Unmanaged, &Setting::Set(date(2026, 2, 27)));
        assert_eq!(call.body, Some(json!({ "title": "M", "due_on": "2026-02-27T12:00:00Z" })));
        let call = create(&slug, &title, &Setting::Clear, &Setting::Clear);
        assert_eq!((call.body, call.creates), (Some(json!({ "title": "M" })), true));
    }
}

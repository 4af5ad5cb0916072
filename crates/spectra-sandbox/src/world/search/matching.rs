//! Which issues and repositories fit a condition.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::query::{Expression, Term, unknown};
use crate::world::issue::Issue;
use crate::world::repository::{Repository, Visibility};
use crate::world::{NodeId, Refusal, World, same_name};

/// Which texts of an issue words are looked for in.
struct Places {
    title: bool,
    body: bool,
    comments: bool,
}

impl Places {
    /// GitHub: docs "Searching issues and pull requests": title, body and comments unless `in:` names some.
    fn of(expression: &Expression) -> Self {
        let mut named = Vec::new();
        expression.values_of("in", &mut named);
        let named: Vec<&str> = named.into_iter().flat_map(|value| value.split(',')).collect();
        let asked = |place: &str| named.is_empty() || named.contains(&place);
        Self { title: asked("title"), body: asked("body"), comments: asked("comments") }
    }
}

impl World {
    /// Whether the issue fits.
    pub(super) fn fits(&self, expression: &Expression, issue: &Issue) -> Result<bool, Refusal> {
        let places = Places::of(expression);
        expression.evaluate(&mut |term| match term {
            Term::Text(text) => Ok(self.mentions(issue, &places, text)),
            Term::Qualified { name, value } => self.qualifies(issue, name, value),
        })
    }

    fn mentions(&self, issue: &Issue, places: &Places, text: &str) -> bool {
        let comments = issue.comments.iter().filter_map(|id| self.comments.get(id));
        (places.title && says(&issue.title, text))
            || (places.body && says(&issue.body, text))
            || (places.comments && comments.into_iter().any(|comment| says(&comment.body, text)))
    }

    fn qualifies(&self, issue: &Issue, name: &str, value: &str) -> Result<bool, Refusal> {
        let repository = self.repositories.find(&issue.repository)?;
        let is_user = |id: &NodeId, value: &str| self.is_login(id, value);
        Ok(match name {
            "in" => true,
            "repo" => same_name(&self.name_with_owner(repository), value),
            "user" | "org" | "owner" => is_user(&repository.owner, value),
            "is" | "state" => return self.is(issue, repository, value),
            "archived" => repository.is_archived == (value == "true"),
            "label" => value.split(',').any(|wanted| self.wears(issue, wanted)),
            "author" => is_user(&issue.author, value),
            "assignee" if value == "*" => !issue.assignees.is_empty(),
            "assignee" => issue.assignees.iter().any(|user| is_user(user, value)),
            "mentions" => self.mentions_login(issue, value),
            "commenter" => self.commented(issue, value),
            "involves" => {
                is_user(&issue.author, value)
                    || issue.assignees.iter().any(|user| is_user(user, value))
                    || self.mentions_login(issue, value)
                    || self.commented(issue, value)
            }
            "milestone" if value == "*" => issue.milestone.is_some(),
            "milestone" => issue
                .milestone
                .as_ref()
                .and_then(|id| self.milestones.get(id))
                .is_some_and(|row| same_name(&row.title, value)),
            "type" if value == "issue" => true,
            "type" if value == "pr" => false,
            "type" => issue
                .issue_type
                .as_ref()
                .and_then(|id| self.issue_types.get(id))
                .is_some_and(|kind| same_name(&kind.name, value)),
            "no" => return lacks(issue, value),
            "project" => self.is_on_board(issue, value),
            "parent-issue" => issue
                .parent
                .as_ref()
                .and_then(|id| self.issues.get(id))
                .is_some_and(|row| self.is_called(row, value)),
            "sub-issue" => issue
                .sub_issues
                .iter()
                .filter_map(|id| self.issues.get(id))
                .any(|row| self.is_called(row, value)),
            "reason" => issue.state_reason().is_some_and(|reason| {
                !issue.is_open() && same_name(&reason.replace('_', " "), &value.replace('_', " "))
            }),
            "created" => within(issue.created_at, value)?,
            "updated" => within(issue.updated_at, value)?,
            "closed" => issue.closed_at().is_some_and(|at| within(at, value).unwrap_or(false)),
            "comments" => counts(issue.comments.len(), value)?,
            other => return Err(unknown(other)),
        })
    }

    fn is(&self, issue: &Issue, repository: &Repository, value: &str) -> Result<bool, Refusal> {
        let blocked = |ids: &[NodeId]| ids.iter().any(|id| self.issues.get(id).is_some_and(Issue::is_open));
        Ok(match value {
            "open" => issue.is_open(),
            "closed" => !issue.is_open(),
            "issue" => true,
            "pr" | "pull-request" | "merged" | "draft" => false,
            "locked" => issue.lock.is_some(),
            "unlocked" => issue.lock.is_none(),
            "public" => repository.visibility == Visibility::Public,
            "private" => repository.visibility == Visibility::Private,
            "internal" => repository.visibility == Visibility::Internal,
            "blocked" => blocked(&issue.blocked_by),
            "blocking" => issue.is_open() && blocked(&issue.blocking),
            other => return Err(unknown(&format!("is:{other}"))),
        })
    }

    /// Whether the repository fits.
    pub(super) fn fits_repository(&self, expression: &Expression, row: &Repository) -> Result<bool, Refusal> {
        expression.evaluate(&mut |term| {
            Ok(match term {
                Term::Text(text) => {
                    row.name.to_lowercase().contains(&text.to_lowercase())
                        || row.description.as_deref().is_some_and(|about| says(about, text))
                }
                Term::Qualified { name, value } => match (name.as_str(), value.as_str()) {
                    ("repo", slug) => same_name(&self.name_with_owner(row), slug),
                    ("user" | "org" | "owner", login) => self.is_login(&row.owner, login),
                    ("is", "public") => row.visibility == Visibility::Public,
                    ("is", "private") => row.visibility == Visibility::Private,
                    ("archived", wanted) => row.is_archived == (wanted == "true"),
                    ("in" | "fork", _) => true,
                    _ => return Err(unknown(name)),
                },
            })
        })
    }

    fn is_login(&self, id: &NodeId, login: &str) -> bool {
        let wanted = if login == "@me" { self.viewer_login() } else { login.trim_start_matches('@') };
        self.owners.get(id).is_some_and(|owner| same_name(&owner.login, wanted))
    }

    fn wears(&self, issue: &Issue, wanted: &str) -> bool {
        let mut labels = issue.labels.iter().filter_map(|id| self.labels.get(id));
        labels.any(|label| same_name(&label.name, wanted.trim_matches('"')))
    }

    /// Whether a text of the issue names the login behind an `@`.
    pub fn mentions_login(&self, issue: &Issue, login: &str) -> bool {
        let login = if login == "@me" { self.viewer_login() } else { login.trim_start_matches('@') };
        let comments =
            issue.comments.iter().filter_map(|id| self.comments.get(id)).map(|row| row.body.as_str());
        std::iter::once(issue.body.as_str()).chain(comments).any(|text| names(text, login))
    }

    fn commented(&self, issue: &Issue, login: &str) -> bool {
        let mut comments = issue.comments.iter().filter_map(|id| self.comments.get(id));
        comments.any(|comment| self.is_login(&comment.author, login))
    }

    /// `OWNER/NUMBER`.
    fn is_on_board(&self, issue: &Issue, value: &str) -> bool {
        let Some((login, number)) = value.split_once('/') else { return false };
        let mut boards = issue
            .items
            .iter()
            .filter_map(|id| self.items.get(id))
            .filter_map(|item| self.projects.get(&item.project));
        boards.any(|board| self.is_login(&board.owner, login) && board.number.to_string() == number)
    }

    /// `OWNER/REPOSITORY#NUMBER`.
    fn is_called(&self, issue: &Issue, value: &str) -> bool {
        let repository = self.repositories.get(&issue.repository);
        let slug = repository.map_or_else(String::new, |row| self.name_with_owner(row));
        same_name(&format!("{slug}#{}", issue.number), value)
    }
}

/// Whether the words of one text follow each other in another one. GitHub: the index is word-based (observed).
pub(super) fn says(text: &str, wanted: &str) -> bool {
    let (text, wanted) = (words(text), words(wanted));
    !wanted.is_empty() && text.windows(wanted.len()).any(|part| part == wanted.as_slice())
}

fn words(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

fn names(text: &str, login: &str) -> bool {
    let ends = |letter: char| !(letter.is_ascii_alphanumeric() || letter == '-');
    text.split('@').skip(1).any(|rest| {
        let name = rest.split(ends).next().unwrap_or_default();
        !name.is_empty() && same_name(name, login)
    })
}

fn lacks(issue: &Issue, what: &str) -> Result<bool, Refusal> {
    Ok(match what {
        "label" => issue.labels.is_empty(),
        "milestone" => issue.milestone.is_none(),
        "assignee" => issue.assignees.is_empty(),
        "project" => issue.items.is_empty(),
        "type" => issue.issue_type.is_none(),
        "parent-issue" => issue.parent.is_none(),
        "sub-issue" => issue.sub_issues.is_empty(),
        other => return Err(unknown(&format!("no:{other}"))),
    })
}

/// A moment against `2026-01-01`, `>=2026-01-01`, `2026-01-01..2026-02-01` and the like. GitHub: docs "Understanding the
/// search syntax"; a date without a time is a day of UTC.
fn within(at: Timestamp, value: &str) -> Result<bool, Refusal> {
    let malformed = || Refusal::validation(format!("'{value}' is not a date that search understands."));
    let bounds = |text: &str| -> Option<(Timestamp, Timestamp)> {
        if let Ok(moment) = text.parse::<Timestamp>() {
            return Some((moment, moment));
        }
        let day: Date = text.parse().ok()?;
        let first = day.at(0, 0, 0, 0).to_zoned(TimeZone::UTC).ok()?.timestamp();
        let last = day.at(23, 59, 59, 999_999_999).to_zoned(TimeZone::UTC).ok()?.timestamp();
        Some((first, last))
    };
    let (low, high) = match value.split_once("..") {
        Some((low, high)) => {
            let low = if low == "*" { Timestamp::MIN } else { bounds(low).ok_or_else(malformed)?.0 };
            let high = if high == "*" { Timestamp::MAX } else { bounds(high).ok_or_else(malformed)?.1 };
            return Ok(low <= at && at <= high);
        }
        None => bounds(value.trim_start_matches(['<', '>', '='])).ok_or_else(malformed)?,
    };
    Ok(if value.starts_with(">=") {
        at >= low
    } else if value.starts_with("<=") {
        at <= high
    } else if value.starts_with('>') {
        at > high
    } else if value.starts_with('<') {
        at < low
    } else {
        low <= at && at <= high
    })
}

fn counts(count: usize, value: &str) -> Result<bool, Refusal> {
    let malformed = || Refusal::validation(format!("'{value}' is not a number that search understands."));
    let number = |text: &str| text.parse::<usize>().ok().ok_or_else(malformed);
    if let Some((low, high)) = value.split_once("..") {
        let low = if low == "*" { 0 } else { number(low)? };
        let high = if high == "*" { usize::MAX } else { number(high)? };
        return Ok((low..=high).contains(&count));
    }
    let wanted = number(value.trim_start_matches(['<', '>', '=']))?;
    Ok(if value.starts_with(">=") {
        count >= wanted
    } else if value.starts_with("<=") {
        count <= wanted
    } else if value.starts_with('>') {
        count > wanted
    } else if value.starts_with('<') {
        count < wanted
    } else {
        count == wanted
    })
}

#[cfg(test)]
mod tests {
    use super::{counts, names, says, within};

    #[test]
    fn words_are_whole_and_phrases_keep_their_order() {
        assert!(says("The cat, sat.", "CAT sat"));
        assert!(!says("concatenate", "cat"));
        assert!(!says("sat cat", "cat sat"));
        assert!(says("<!-- key:one-two -->", "one-two"));
        assert!(!says("text", "…"));
        assert!(names("Hi @octo-cat, look", "Octo-Cat") && !names("@octocats", "octocat"));
    }

    #[test]
    fn ranges_are_understood() {
        let at = "2026-11-01T12:00:00Z".parse().unwrap();
        for (value, fits) in [
            ("2026-11-01", true),
            (">2026-11-01", false),
            (">=2026-11-01", true),
            ("<2026-11-02", true),
            ("2026-10-01..2026-10-31", false),
            ("*..2026-11-01", true),
            (">2026-11-01T11:59:59Z", true),
        ] {
            assert_eq!(within(at, value).unwrap(), fits, "{value}");
        }
        assert!(within(at, "soon").is_err());
        assert!(counts(3, "2..4").unwrap() && counts(3, ">2").unwrap() && !counts(3, "4").unwrap());
    }
}

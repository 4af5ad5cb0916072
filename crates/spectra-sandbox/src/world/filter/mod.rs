//! The filter language of views, as `ProjectV2.items(query:)` takes it.
//!
//! GitHub: docs "Filtering projects": terms are joined by "and", values that commas part by "or", a hyphen turns a term
//! round, and names of fields are written without regard to case, with hyphens for spaces. Text matches whole, save for
//! `*`; a term without a qualifier is looked for in the title and in every text field. That a field which the project
//! does not have matches nothing is a guess.

mod comparison;

#[cfg(test)]
mod tests;

use jiff::Timestamp;
use jiff::civil::Date;

use super::field::{Field, FieldType};
use super::issue::Issue;
use super::item::{Content, Item};
use super::value::Data;
use super::{Refusal, World, same_name};
use comparison::{Comparison, Today};

/// A filter that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {
    terms: Vec<Term>,
}

#[derive(Clone, Debug, PartialEq)]
struct Term {
    negated: bool,
    what: What,
}

#[derive(Clone, Debug, PartialEq)]
enum What {
    /// Looked for in the title and in text fields.
    Text(String),
    /// `is:`.
    Is(Vec<String>),
    /// `no:`, and `has:` turned round.
    No(String),
    /// `reason:`.
    Reason(Vec<String>),
    /// `last-updated:`: so many days ago, or longer.
    LastUpdated(i64),
    /// A field and what its value is to be, one of these.
    Field(String, Vec<Comparison>),
}

impl Filter {
    /// Reads a filter. What GitHub has and the sandbox does not is refused by name.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let terms = split(text, char::is_whitespace).into_iter().filter(|word| !word.is_empty());
        Ok(Self { terms: terms.map(term).collect::<Result<_, _>>()? })
    }

    /// Whether an item passes.
    pub fn passes(&self, world: &World, item: &Item, now: Timestamp) -> bool {
        let subject = Subject::of(world, item, now);
        self.terms.iter().all(|term| subject.meets(&term.what) != term.negated)
    }
}

fn term(word: &str) -> Result<Term, Refusal> {
    let (negated, word) = match word.strip_prefix('-') {
        Some(rest) if !rest.is_empty() => (true, rest),
        Some(_) | None => (false, word),
    };
    let Some((name, value)) = qualifier(word) else {
        return Ok(Term { negated, what: What::Text(unquote(word).to_lowercase()) });
    };
    let name = plain(&name);
    let values: Vec<&str> = split(value, |letter| letter == ',');
    let words = || values.iter().map(|value| unquote(value).to_lowercase()).collect();
    let what = match name.as_str() {
        "is" => What::Is(words()),
        "no" => What::No(plain(&unquote(value))),
        "has" => return Ok(Term { negated: !negated, what: What::No(plain(&unquote(value))) }),
        "reason" => What::Reason(words()),
        "last-updated" => {
            let days = value.trim_end_matches("days").trim_end_matches("day");
            What::LastUpdated(days.parse().unwrap_or(i64::MAX))
        }
        "reviewers" | "reviewer" | "tracked-by" | "tracks" | "linked-pull-requests" => {
            return Err(Refusal::not_modelled(format!("ProjectV2.items(query: \"{name}:\")")));
        }
        _ => What::Field(name, values.into_iter().map(Comparison::read).collect()),
    };
    Ok(Term { negated, what })
}

/// A name as filters write it.
fn plain(name: &str) -> String {
    name.trim().to_lowercase().replace(' ', "-")
}

/// The name before the first colon outside quotation marks, and what follows it.
fn qualifier(word: &str) -> Option<(String, &str)> {
    let mut quote = None;
    for (place, letter) in word.char_indices() {
        match quote {
            Some(open) if letter == open => quote = None,
            None if letter == '"' || letter == '\'' => quote = Some(letter),
            None if letter == ':' && place > 0 => {
                let (name, value) = word.split_at(place);
                return Some((unquote(name), value.strip_prefix(':')?));
            }
            Some(_) | None => {}
        }
    }
    None
}

/// The parts between separators that stand outside quotation marks.
fn split(text: &str, separates: impl Fn(char) -> bool) -> Vec<&str> {
    let (mut parts, mut start, mut quote) = (Vec::new(), 0, None);
    for (place, letter) in text.char_indices() {
        match quote {
            Some(open) if letter == open => quote = None,
            None if letter == '"' => quote = Some(letter),
            // An apostrophe inside a word is none.
            None if letter == '\'' && opens(text, place) => quote = Some(letter),
            None if separates(letter) => {
                parts.extend(text.get(start..place));
                start = place + letter.len_utf8();
            }
            Some(_) | None => {}
        }
    }
    parts.extend(text.get(start..));
    parts
}

/// Whether a single quotation mark at this place begins something.
fn opens(text: &str, place: usize) -> bool {
    let before = text.get(..place).and_then(|before| before.chars().next_back());
    before.is_none_or(|letter| !letter.is_alphanumeric())
}

/// Text without the quotation marks around it.
fn unquote(text: &str) -> String {
    let inner = ['"', '\''].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote));
    inner.unwrap_or(text).to_owned()
}

/// What a term is held against.
struct Subject<'w> {
    world: &'w World,
    item: &'w Item,
    issue: Option<&'w Issue>,
    now: Timestamp,
}

/// What an item shows in a field.
enum Shown<'w> {
    /// Any of these words.
    Words(Vec<String>),
    Number(f64),
    Date(Date),
    /// An iteration of a field.
    Iteration(&'w Field, &'w str),
    Nothing,
}

impl<'w> Subject<'w> {
    fn of(world: &'w World, item: &'w Item, now: Timestamp) -> Self {
        let issue = match &item.content {
            Content::Issue(issue) => world.issues.get(issue),
            Content::Draft(_) => None,
        };
        Self { world, item, issue, now }
    }

    fn meets(&self, what: &What) -> bool {
        match what {
            What::Text(text) => self.says(text),
            What::Is(words) => words.iter().any(|word| self.is(word)),
            What::No(name) => self.shown(name).is_some_and(|shown| matches!(shown, Shown::Nothing)),
            What::Reason(words) => {
                let reason = self.issue.and_then(Issue::state_reason);
                let reason = reason.map(|reason| reason.to_lowercase().replace('_', " "));
                reason.is_some_and(|reason| words.contains(&reason))
            }
            What::LastUpdated(days) => {
                let age = self.now.duration_since(self.updated()).as_secs();
                age / 86_400 >= *days
            }
            What::Field(name, allowed) => {
                let shown = self.shown(name);
                shown.is_some_and(|shown| allowed.iter().any(|one| self.passes(&shown, one)))
            }
        }
    }

    fn passes(&self, shown: &Shown<'_>, allowed: &Comparison) -> bool {
        let today = Today(self.today());
        match shown {
            Shown::Words(words) => words.iter().any(|word| allowed.fits_text(word, self.viewer())),
            Shown::Number(number) => allowed.fits_number(*number),
            Shown::Date(date) => allowed.fits_date(*date, today),
            Shown::Iteration(field, id) => allowed.fits_iteration(field, id, today),
            Shown::Nothing => false,
        }
    }

    /// GitHub: "draft" is a draft issue; nothing here is a pull request.
    fn is(&self, word: &str) -> bool {
        match word {
            "open" => self.issue.is_some_and(Issue::is_open),
            "closed" => self.issue.is_some_and(|issue| !issue.is_open()),
            "issue" => self.issue.is_some(),
            "draft" => self.issue.is_none(),
            _ => false,
        }
    }

    fn says(&self, text: &str) -> bool {
        let values = self.item.values.values().filter_map(|value| match &value.data {
            Data::Text(text) => Some(text.as_str()),
            Data::Number(_)
            | Data::Date(_)
            | Data::SingleSelect(_)
            | Data::MultiSelect(_)
            | Data::Iteration(_) => None,
        });
        std::iter::once(self.title()).chain(values).any(|value| value.to_lowercase().contains(text))
    }

    fn title(&self) -> &'w str {
        match &self.item.content {
            Content::Issue(_) => self.issue.map_or("", |issue| &issue.title),
            Content::Draft(draft) => self.world.drafts.get(draft).map_or("", |draft| &draft.title),
        }
    }

    fn updated(&self) -> Timestamp {
        let content = self.issue.map_or(self.item.updated_at, |issue| issue.updated_at);
        content.max(self.item.updated_at)
    }

    fn viewer(&self) -> &'w str {
        self.world.owners.get(&self.world.viewer).map_or("", |owner| &owner.login)
    }

    fn today(&self) -> Date {
        day(self.now)
    }

    /// What stands in the field of this name; nothing for a field that there is not.
    fn shown(&self, name: &str) -> Option<Shown<'w>> {
        let alias = match name {
            "assignee" => "assignees",
            "label" => "labels",
            "repo" => "repository",
            other => other,
        };
        if alias == "type" {
            let kind = self.issue.and_then(|issue| issue.issue_type.as_ref());
            let kind = kind.and_then(|kind| self.world.issue_types.get(kind));
            return Some(words(kind.map(|kind| kind.name.clone())));
        }
        let project = self.world.projects.get(&self.item.project)?;
        let mut fields = project.fields.iter().filter_map(|id| self.world.fields.get(id));
        let field = fields.find(|field| same_name(&plain(&field.name), alias))?;
        Some(self.in_field(field))
    }

    fn in_field(&self, field: &'w Field) -> Shown<'w> {
        let world = self.world;
        let date = |moment: Option<Timestamp>| moment.map_or(Shown::Nothing, |at| Shown::Date(day(at)));
        match field.data_type {
            FieldType::Title => words([self.title().to_owned()]),
            FieldType::Assignees => {
                let draft = match &self.item.content {
                    Content::Draft(draft) => world.drafts.get(draft).map(|draft| &draft.assignees),
                    Content::Issue(_) => None,
                };
                let all = self.issue.map(|issue| &issue.assignees).or(draft);
                let owners = all.into_iter().flatten().filter_map(|id| world.owners.get(id));
                words(owners.map(|owner| owner.login.clone()))
            }
            FieldType::Labels => {
                let all = self.issue.into_iter().flat_map(|issue| &issue.labels);
                words(all.filter_map(|id| world.labels.get(id)).map(|label| label.name.clone()))
            }
            FieldType::Milestone => {
                let found = self.issue.and_then(|issue| world.milestones.get(issue.milestone.as_ref()?));
                words(found.map(|milestone| milestone.title.clone()))
            }
            FieldType::Repository => {
                let found = self.issue.and_then(|issue| world.repositories.get(&issue.repository));
                words(found.map(|repository| world.name_with_owner(repository)))
            }
            FieldType::ParentIssue => {
                let parent = self.issue.and_then(|issue| world.issues.get(issue.parent.as_ref()?));
                words(parent.and_then(|parent| {
                    let slug = world.name_with_owner(world.repositories.get(&parent.repository)?);
                    Some(format!("{slug}#{}", parent.number))
                }))
            }
            FieldType::Created => date(Some(self.issue.map_or(self.item.created_at, |row| row.created_at))),
            FieldType::Updated => date(Some(self.updated())),
            FieldType::Closed => date(self.issue.and_then(Issue::closed_at)),
            FieldType::LinkedPullRequests | FieldType::Reviewers | FieldType::SubIssuesProgress => {
                Shown::Nothing
            }
            FieldType::Text
            | FieldType::Number
            | FieldType::Date
            | FieldType::SingleSelect
            | FieldType::MultiSelect
            | FieldType::Iteration => self.held(field),
        }
    }

    fn held(&self, field: &'w Field) -> Shown<'w> {
        let Some(value) = self.item.values.get(&field.id) else { return Shown::Nothing };
        let option = |id: &String| field.options.iter().find(|option| option.id == *id);
        let name = |id: &String| option(id).map(|option| option.name.clone());
        match &value.data {
            Data::Text(text) => words([text.clone()]),
            Data::Number(number) => Shown::Number(*number),
            Data::Date(date) => Shown::Date(*date),
            Data::SingleSelect(id) => words(name(id)),
            Data::MultiSelect(ids) => words(ids.iter().filter_map(name)),
            Data::Iteration(id) => Shown::Iteration(field, id),
        }
    }
}

fn words<'w>(words: impl IntoIterator<Item = String>) -> Shown<'w> {
    let words: Vec<String> = words.into_iter().collect();
    if words.is_empty() { Shown::Nothing } else { Shown::Words(words) }
}

/// The day of a moment. GitHub's own time zone for it is not known.
fn day(moment: Timestamp) -> Date {
    moment.to_zoned(jiff::tz::TimeZone::UTC).date()
}

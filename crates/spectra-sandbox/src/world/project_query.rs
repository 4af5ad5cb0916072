//! The filter of lists of projects, as `projectsV2(query:)` takes it.
//!
//! GitHub: docs "Finding your projects": words of the title, with the qualifiers `is:` and `creator:`, each turned
//! round by a hyphen. Whatever else GitHub may know is refused by name.

use super::project::Project;
use super::{Refusal, World, same_name};

/// A filter that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectQuery {
    terms: Vec<(bool, Term)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Term {
    Closed(bool),
    Public(bool),
    Template,
    Creator(String),
    Word(String),
}

impl ProjectQuery {
    /// Reads a filter.
    pub fn read(text: &str) -> Result<Self, Refusal> {
        let mut terms = Vec::new();
        for word in text.split_whitespace() {
            let (kept, word) = word.strip_prefix('-').map_or((true, word), |rest| (false, rest));
            let term = match word.split_once(':') {
                Some(("is", "open")) => Term::Closed(false),
                Some(("is", "closed")) => Term::Closed(true),
                Some(("is", "public")) => Term::Public(true),
                Some(("is", "private")) => Term::Public(false),
                Some(("is", "template")) => Term::Template,
                Some(("creator", login)) => Term::Creator(login.trim_matches('"').to_owned()),
                Some(_) => return Err(Refusal::not_modelled(format!("projectsV2(query: \"{word}\")"))),
                None => Term::Word(word.trim_matches('"').to_lowercase()),
            };
            terms.push((kept, term));
        }
        Ok(Self { terms })
    }

    /// Whether a project passes.
    pub fn passes(&self, world: &World, project: &Project) -> bool {
        self.terms.iter().all(|(kept, term)| term.fits(world, project) == *kept)
    }
}

impl Term {
    fn fits(&self, world: &World, project: &Project) -> bool {
        match self {
            Self::Closed(closed) => project.closed_at.is_some() == *closed,
            Self::Public(public) => project.public == *public,
            Self::Template => project.template,
            Self::Creator(login) if login == "@me" => project.creator == world.viewer,
            Self::Creator(login) => {
                world.owners.get(&project.creator).is_some_and(|owner| same_name(&owner.login, login))
            }
            Self::Word(word) => project.title.to_lowercase().contains(word),
        }
    }
}

//! An issue's type: one that its organisation has. Where it hasn't, only the type is left out.

use spectra_model::Setting;
use spectra_model::id::IssueTypeName;
use spectra_model::plan::Issue;

use crate::context::Context;

/// What becomes of an issue's type.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum TypeChange {
    /// It is as the plan says, or the plan doesn't say.
    Same,
    /// It becomes this one; None empties it.
    Becomes(Option<IssueTypeName>),
    /// It can't be what the plan says.
    Blocked(String),
}

pub(crate) fn decide(context: &Context<'_>, issue: &Issue, observed: Option<&IssueTypeName>) -> TypeChange {
    let wanted = match &issue.issue_type {
        Setting::Unmanaged => return TypeChange::Same,
        Setting::Clear if observed.is_none() => return TypeChange::Same,
        Setting::Clear => return TypeChange::Becomes(None),
        Setting::Set(wanted) => wanted,
    };
    if observed.is_some_and(|observed| observed.same(wanted)) {
        return TypeChange::Same;
    }
    let known = context.observation.repositories.get(&issue.repository).map(|it| &it.issue_types);
    let known: Vec<&IssueTypeName> = known.into_iter().flat_map(|types| types.keys()).collect();
    let owner = issue.repository.owner();
    if !context.observation.features.issue_types {
        TypeChange::Blocked("this GitHub has no issue types".to_owned())
    } else if let Some(name) = known.iter().find(|name| name.same(wanted)) {
        TypeChange::Becomes(Some((*name).clone()))
    } else if known.is_empty() {
        TypeChange::Blocked(format!(
            "{owner} has no issue types: only organisations have them, and they can be switched off"
        ))
    } else {
        let names: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
        TypeChange::Blocked(format!(
            "{owner} has no issue type `{wanted}` that is switched on; it has {}",
            names.join(", ")
        ))
    }
}

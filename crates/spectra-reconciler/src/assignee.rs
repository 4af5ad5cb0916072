//! Who an issue or a draft is assigned to: the plan's people are added, people's own stay. A login is taken off only if
//! Spectra put it on, which the marker says.

use spectra_model::id::Login;
use spectra_model::limits;
use spectra_model::marker::Marker;

use crate::claim::{Standing, claims};

/// What becomes of the assignees of one issue or draft.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Assignees {
    pub(crate) add: Vec<Login>,
    pub(crate) remove: Vec<Login>,
    /// What the marker shall name.
    pub(crate) set_by_spectra: Vec<Login>,
    /// Why some of it can't be done.
    pub(crate) blocked: Vec<String>,
}

impl Assignees {
    /// Leaves them as they are.
    pub(crate) fn none(marker: &Marker) -> Self {
        let set_by_spectra = marker.assignees.clone();
        Self { add: Vec::new(), remove: Vec::new(), set_by_spectra, blocked: Vec::new() }
    }

    /// `mine` is what the marker names, `assignable` who can be assigned, `known` whose node id is known.
    pub(crate) fn of(
        wanted: &[Login],
        observed: &[Login],
        mine: &[Login],
        assignable: impl Fn(&Login) -> bool,
        known: impl Fn(&Login) -> bool,
    ) -> Self {
        let has = |list: &[Login], login: &Login| list.iter().any(|it| it.same(login));
        let mut blocked = Vec::new();
        let (mut remove, mut unremovable): (Vec<Login>, Vec<Login>) = (Vec::new(), Vec::new());
        for login in observed.iter().filter(|login| has(mine, login) && !has(wanted, login)) {
            if known(login) {
                remove.push(login.clone());
            } else {
                blocked.push(format!("`{login}` can't be unassigned: the account isn't seen"));
                unremovable.push(login.clone());
            }
        }
        let kept = observed.len().saturating_sub(remove.len());
        let mut room = limits::ASSIGNEES_PER_ISSUE.saturating_sub(kept);
        let mut add = Vec::new();
        for login in wanted.iter().filter(|login| !has(observed, login)) {
            if !assignable(login) {
                blocked.push(format!("`{login}` can't be assigned: no such account, or it has no access"));
            } else if room == 0 {
                blocked.push(format!(
                    "`{login}` can't be assigned: GitHub lets {} be, people's own counted",
                    limits::ASSIGNEES_PER_ISSUE
                ));
            } else {
                room = room.saturating_sub(1);
                add.push(login.clone());
            }
        }
        let standing = |login: &Login| {
            if has(observed, login) {
                Some(Standing::There)
            } else {
                has(&add, login).then_some(Standing::ToBeSet)
            }
        };
        let is_spectras = |login: &&Login| standing(login).is_some_and(|it| claims(it, has(mine, login)));
        let set_by_spectra = wanted.iter().filter(is_spectras).chain(&unremovable).cloned().collect();
        Self { add, remove, set_by_spectra, blocked }
    }

    pub(crate) fn differs(&self) -> bool {
        !self.add.is_empty() || !self.remove.is_empty()
    }

    /// Everybody who is assigned afterwards.
    pub(crate) fn after(&self, observed: &[Login]) -> Vec<Login> {
        let kept = observed.iter().filter(|login| !self.remove.contains(login));
        kept.chain(&self.add).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logins(names: &str) -> Vec<Login> {
        names.split_whitespace().map(Login::new).collect()
    }

    fn check(wanted: &str, observed: &str, mine: &str, expected: (&str, &str, &str, usize)) {
        let is_there = |login: &Login| login.as_str() != "nobody";
        let it = Assignees::of(&logins(wanted), &logins(observed), &logins(mine), is_there, is_there);
        let (add, remove, set_by_spectra, blocked) = expected;
        assert_eq!(it.add, logins(add));
        assert_eq!(it.remove, logins(remove));
        assert_eq!(it.set_by_spectra, logins(set_by_spectra));
        assert_eq!(it.blocked.len(), blocked, "{:?}", it.blocked);
    }

    #[test]
    fn peoples_own_stay_and_spectras_follow_the_plan() {
        check("a b", "", "", ("a b", "", "a b", 0));
        check("a", "A theirs", "", ("", "", "", 0));
        check("a", "b theirs", "b", ("a", "b", "a", 0));
        check("", "b", "b", ("", "b", "", 0));
        check("a", "", "a", ("a", "", "a", 0));
    }

    #[test]
    fn what_cannot_be_is_said_and_the_rest_goes_on() {
        check("nobody a", "", "", ("a", "", "a", 1));
        check("", "nobody", "nobody", ("", "", "nobody", 1));
        check("a b", "1 2 3 4 5 6 7 8 9", "", ("a", "", "a", 1));
    }
}

//! Names that may be meant where another one stands: "did you mean …?".
//!
//! A file may hold thousands of wrong names and thousands of right ones, each as long as its author likes, so there is an
//! end to comparing: once that much was looked at, nothing is near any more.

/// How much is compared over a whole report: characters of one name times characters of the other.
const MOST: usize = 20_000_000;

/// What looking at a name costs, near or not.
const LOOK: usize = 16;

/// Names that are longer than this are not compared: GitHub's longest name, an issue's title, has 256 characters.
const LONGEST: usize = 256;

/// Compares names until it has looked at enough.
#[derive(Debug)]
pub(crate) struct Near {
    left: usize,
}

/// What is near a name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Neighbours<T> {
    /// The nearest.
    pub(crate) nearest: Option<T>,
    /// All that are near enough to be meant.
    pub(crate) all: Vec<T>,
}

impl Near {
    /// Nothing was looked at yet.
    pub(crate) fn new() -> Self {
        Self { left: MOST }
    }

    /// The names that are near enough to a wrong one to be meant, each with what comes along with it. Whoever leaves some
    /// out gives None in their place, so that those are reckoned too.
    pub(crate) fn neighbours<'n, T: Copy>(
        &mut self,
        wrong: &str,
        names: impl IntoIterator<Item = impl Into<Option<(&'n str, T)>>>,
    ) -> Neighbours<(&'n str, T)> {
        let mut found = Neighbours { nearest: None, all: Vec::new() };
        if wrong.len() > 4 * LONGEST {
            return found;
        }
        let folded = wrong.to_lowercase();
        let length = folded.chars().count();
        let allowed = (length / 3).max(1);
        let mut least = usize::MAX;
        for name in names {
            // Whoever can't be near costs little, but is looked at.
            if !self.spend(LOOK) {
                break;
            }
            let Some((name, with)) = name.into().filter(|(name, _)| name.len() <= 4 * LONGEST) else {
                continue;
            };
            let its_length = name.chars().count();
            if its_length.abs_diff(length) > allowed {
                continue;
            }
            if !self.spend(its_length.saturating_mul(length)) {
                break;
            }
            let distance = strsim::osa_distance(&folded, &name.to_lowercase());
            // Where every character is another one nothing of the name is left.
            if distance > allowed || distance >= length {
                continue;
            }
            found.all.push((name, with));
            if distance < least {
                least = distance;
                found.nearest = Some((name, with));
            }
        }
        found
    }

    /// The first name that is meant.
    pub(crate) fn first<'n>(
        &mut self,
        names: impl IntoIterator<Item = &'n str>,
        is_meant: impl Fn(&str) -> bool,
    ) -> Option<&'n str> {
        for name in names {
            if !self.spend(LOOK) {
                break;
            }
            if is_meant(name) {
                return Some(name);
            }
        }
        None
    }

    /// Whether there is so much left to be looked at.
    fn spend(&mut self, much: usize) -> bool {
        let left = self.left.checked_sub(much);
        self.left = left.unwrap_or(0);
        left.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nearest<'n>(near: &mut Near, wrong: &str, names: &[&'n str]) -> Option<&'n str> {
        near.neighbours(wrong, names.iter().map(|name| (*name, ()))).nearest.map(|(name, ())| name)
    }

    #[test]
    fn a_name_is_near_whatever_its_case() {
        let mut near = Near::new();
        let names = ["title", "tasks", "labels", "lapels"];
        assert_eq!(nearest(&mut near, "titel", &names), Some("title"));
        assert_eq!(nearest(&mut near, "Labels", &names), Some("labels"));
        assert_eq!(nearest(&mut near, "colour", &names), None);
        let all = near.neighbours("lagels", names.iter().map(|name| (*name, ()))).all;
        assert_eq!(all, [("labels", ()), ("lapels", ())]);
    }

    #[test]
    fn comparing_has_an_end() {
        let mut near = Near::new();
        let long = "x".repeat(5_000);
        assert_eq!(nearest(&mut near, &long, &[&long]), None, "nobody meant a name of that length");
        let name = "y".repeat(200);
        let mut compared = 0;
        while nearest(&mut near, &name, &[&name]).is_some() {
            compared += 1;
        }
        assert_eq!(compared, MOST / (200 * 200 + LOOK));
        assert_eq!(near.first(["a"], |name| name == "a"), None);
    }
}

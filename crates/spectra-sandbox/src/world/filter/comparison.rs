//! What a filter asks of one value: that it equals, follows, precedes, or lies between.
//!
//! Knows what values are and nothing of items.

use jiff::ToSpan;
use jiff::civil::Date;

use super::super::field::Field;
use super::{split, unquote};

/// The day it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Today(pub(super) Date);

/// A value that a term allows. Bounds are kept as they were written: what they mean depends on the field.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Comparison {
    Equals(String),
    Above(String),
    From(String),
    Below(String),
    UpTo(String),
    /// Both ends count; none is open.
    Between(Option<String>, Option<String>),
}

impl Comparison {
    /// GitHub: docs "Filtering projects": `>`, `>=`, `<`, `<=`, and `..` with `*` for an open end.
    pub(super) fn read(text: &str) -> Self {
        let bound = |text: &str| unquote(text).to_lowercase();
        if let Some(rest) = text.strip_prefix(">=") {
            return Self::From(bound(rest));
        }
        if let Some(rest) = text.strip_prefix("<=") {
            return Self::UpTo(bound(rest));
        }
        if let Some(rest) = text.strip_prefix('>') {
            return Self::Above(bound(rest));
        }
        if let Some(rest) = text.strip_prefix('<') {
            return Self::Below(bound(rest));
        }
        // Two dots make an empty part between them.
        let dots = split(text, |letter| letter == '.');
        if let Some(place) = dots.iter().position(|part| part.is_empty())
            && place > 0
            && place + 1 < dots.len()
        {
            let side = |parts: Option<&[&str]>| {
                let text = parts.unwrap_or_default().join(".");
                (text != "*").then(|| bound(&text))
            };
            return Self::Between(side(dots.get(..place)), side(dots.get(place + 1..)));
        }
        Self::Equals(bound(text))
    }

    pub(super) fn fits_text(&self, text: &str, viewer: &str) -> bool {
        match self {
            Self::Equals(wanted) if wanted == "@me" => text.eq_ignore_ascii_case(viewer),
            Self::Equals(wanted) => wild(wanted, &text.to_lowercase()),
            // Words have no order here.
            Self::Above(_) | Self::From(_) | Self::Below(_) | Self::UpTo(_) | Self::Between(..) => false,
        }
    }

    pub(super) fn fits_number(&self, number: f64) -> bool {
        self.fits(&number, |text| text.parse().ok())
    }

    pub(super) fn fits_date(&self, date: Date, today: Today) -> bool {
        self.fits(&date, |text| match text.strip_prefix("@today") {
            Some(rest) => today.0.checked_add(shift(rest)?.days()).ok(),
            None => text.parse().ok(),
        })
    }

    /// Iterations are in the order of their first days.
    pub(super) fn fits_iteration(&self, field: &Field, id: &str, today: Today) -> bool {
        let all = field.iterations.as_ref().map_or(&[][..], |setup| setup.all.as_slice());
        let Some(place) = all.iter().position(|iteration| iteration.id == id) else { return false };
        let Ok(place) = i64::try_from(place) else { return false };
        let place_of = |found: Option<usize>| found.and_then(|place| i64::try_from(place).ok());
        let current = place_of(all.iter().position(|one| one.start_date <= today.0 && !one.is_over(today.0)));
        let meant = |text: &str| {
            let (from, rest) = if let Some(rest) = text.strip_prefix("@current") {
                (current?, rest)
            } else if let Some(rest) = text.strip_prefix("@next") {
                (place_of(all.iter().position(|one| one.start_date > today.0))?, rest)
            } else if let Some(rest) = text.strip_prefix("@previous") {
                (place_of(all.iter().rposition(|one| one.is_over(today.0)))?, rest)
            } else {
                return place_of(all.iter().position(|one| one.title.to_lowercase() == text));
            };
            from.checked_add(shift(rest)?)
        };
        self.fits(&place, meant)
    }

    /// A bound that means nothing is met by nothing.
    fn fits<T: PartialOrd>(&self, value: &T, meaning: impl Fn(&str) -> Option<T>) -> bool {
        let met = |text: &String, meets: fn(&T, &T) -> bool| {
            meaning(text).is_some_and(|bound| meets(value, &bound))
        };
        match self {
            Self::Equals(text) => met(text, T::eq),
            Self::Above(text) => met(text, T::gt),
            Self::From(text) => met(text, T::ge),
            Self::Below(text) => met(text, T::lt),
            Self::UpTo(text) => met(text, T::le),
            Self::Between(low, high) => {
                low.as_ref().is_none_or(|low| met(low, T::ge))
                    && high.as_ref().is_none_or(|high| met(high, T::le))
            }
        }
    }
}

/// `+3`, `-3d`, or nothing.
fn shift(text: &str) -> Option<i64> {
    if text.is_empty() {
        return Some(0);
    }
    text.strip_suffix('d').unwrap_or(text).parse().ok()
}

/// Whether a text is what a pattern says, in which `*` stands for anything.
fn wild(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut left) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some((_, after)) = left.split_once(part) else { return false };
        left = after;
    }
    left.ends_with(last)
}

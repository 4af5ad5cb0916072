//! Dates as clients write them.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer};

/// A date: by itself, or as the beginning of a moment, whose time is dropped. GitHub: its own command line sends
/// `2030-02-28T00:00:00Z` for a `Date` (cli/cli, `project item-edit --date`).
pub(crate) fn parse(text: &str) -> Option<Date> {
    let is_moment = text.parse::<Timestamp>().is_ok();
    let day = if is_moment { text.split(['T', 't', ' ']).next()? } else { text };
    day.parse().ok()
}

/// The same for inputs.
pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| parse(&text).ok_or_else(|| serde::de::Error::custom(format!("`{text}` is not a date"))))
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_as_its_day() {
        let day: Date = "2030-02-28".parse().unwrap();
        for text in ["2030-02-28", "2030-02-28T00:00:00Z", "2030-02-28T23:00:00-08:00"] {
            assert_eq!(parse(text), Some(day), "{text}");
        }
        for text in ["tomorrow", "2030-02-30", "20", "2030-02-30T00:00:00Z", ""] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}

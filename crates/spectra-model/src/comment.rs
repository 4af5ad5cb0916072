//! Data carried in an HTML comment: the form that the board record and the issue marker share.
//!
//! Text from outside can neither end the comment nor begin another one: `<`, `>` and double hyphens are escaped in
//! the JSON, which reads back the same.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// What every comment of Spectra begins with. Manifest text that holds it is refused.
pub(crate) const OPENING: &str = "<!-- spectra:";

/// Where a comment stands in a text, and what stands in it.
pub(crate) struct Found<'a> {
    pub(crate) before: &'a str,
    pub(crate) json: &'a str,
    pub(crate) after: &'a str,
}

/// Writes `<!-- spectra:NAME {json} -->`.
pub(crate) fn write<T: Serialize>(name: &str, value: &T) -> String {
    let json = crate::json::to_line(value).unwrap_or_default();
    let safe = if json.contains(['<', '>']) || json.contains("--") {
        json.replace('<', "\\u003c").replace('>', "\\u003e").replace("--", "-\\u002d")
    } else {
        json
    };
    [OPENING, name, " ", &safe, " -->"].concat()
}

/// The first comment of that name.
pub(crate) fn find<'a>(name: &str, text: &'a str) -> Option<Found<'a>> {
    let (before, rest) = text.split_once(&format!("{OPENING}{name} "))?;
    let (json, after) = rest.split_once(" -->")?;
    Some(Found { before, json, after })
}

/// Whether a comment of that name begins somewhere, ended or not.
pub(crate) fn is_begun(name: &str, text: &str) -> bool {
    text.contains(&format!("{OPENING}{name} "))
}

/// Reads what stands in a comment.
pub(crate) fn read<T: DeserializeOwned>(found: &Found<'_>) -> Result<T, serde_json::Error> {
    serde_json::from_str(found.json)
}

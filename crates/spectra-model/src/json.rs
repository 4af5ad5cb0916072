//! The one way in which Spectra writes JSON: keys sorted by UTF-8 bytes, two-space indent, numbers in shortest form,
//! LF, and a final newline. Same value, same bytes, whatever order its maps were filled in.

mod canonical;

use serde::Serialize;
use sha2::{Digest, Sha256};

use self::canonical::{Layout, written};

/// Writes a value as a canonical document.
///
/// # Errors
/// When the value has no JSON form, such as a map with keys that are not text.
pub fn to_document<T: Serialize + ?Sized>(value: &T) -> Result<String, serde_json::Error> {
    to_document_of(value, 0)
}

/// The same with room for so many bytes from the start, where it is known that there will be many: a text that grows is
/// copied, and lies in memory twice meanwhile.
///
/// # Errors
/// As [`to_document`].
pub fn to_document_of<T: Serialize + ?Sized>(value: &T, bytes: usize) -> Result<String, serde_json::Error> {
    let mut text = written(value, Layout::Document, bytes)?;
    text.push('\n');
    Ok(text)
}

/// Writes a value on one line with sorted keys.
///
/// # Errors
/// As [`to_document`].
pub fn to_line<T: Serialize + ?Sized>(value: &T) -> Result<String, serde_json::Error> {
    // Enough for an issue's marker: many of these are written, and one that grows is copied.
    const ROOM: usize = 512;
    written(value, Layout::Line, ROOM)
}

/// The first 8 digits of the SHA-256 of some bytes: to tell a few things apart where room is dear.
pub fn short_sha256(bytes: &[u8]) -> String {
    sha256(bytes).chars().take(8).collect()
}

/// The SHA-256 of some bytes, as 64 lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or_default();
    let digest = Sha256::digest(bytes);
    let mut text = String::with_capacity(2 * digest.len());
    text.extend(digest.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0x0f)]));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_and_numbers_short() {
        let value = serde_json::json!({"b": 3.0, "a": {"é": 1.5, "z": -0.0}, "B": [1, 2.25, 1e21]});
        assert_eq!(to_line(&value).unwrap(), r#"{"B":[1,2.25,1e+21],"a":{"z":0,"é":1.5},"b":3}"#);
    }

    #[test]
    fn a_document_ends_with_a_newline() {
        assert_eq!(to_document(&serde_json::json!({"a": []})).unwrap(), "{\n  \"a\": []\n}\n");
    }

    #[test]
    fn sha256_of_nothing_is_the_published_one() {
        assert_eq!(sha256(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }
}

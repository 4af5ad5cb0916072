//! Base64 with the URL alphabet and no padding: node ids and cursors.
//!
//! Knows nothing of what is encoded.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The text that stands for the bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut group = 0_u32;
        for position in 0..3 {
            group = (group << 8) | u32::from(chunk.get(position).copied().unwrap_or(0));
        }
        for position in 0..=chunk.len() {
            let shift = 18 - 6 * position;
            let index = usize::try_from((group >> shift) & 0x3f).unwrap_or(0);
            text.push(char::from(ALPHABET.get(index).copied().unwrap_or(b'A')));
        }
    }
    text
}

/// The bytes that the text stands for; `None` when it is not such a text.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    for chunk in text.trim_end_matches('=').as_bytes().chunks(4) {
        if chunk.len() < 2 {
            return None;
        }
        let mut group = 0_u32;
        for position in 0..4 {
            let sextet = match chunk.get(position) {
                Some(symbol) => ALPHABET.iter().position(|known| known == symbol)?,
                None => 0,
            };
            group = (group << 6) | u32::try_from(sextet).ok()?;
        }
        let [_, first, second, third] = group.to_be_bytes();
        bytes.extend([first, second, third].into_iter().take(chunk.len() - 1));
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::{decode, encode};

    #[test]
    fn decoding_undoes_encoding() {
        for text in ["", "a", "ab", "abc", "cursor:v2:12:I_kwDOAAGGoQ", "é\u{0}ÿ"] {
            assert_eq!(decode(&encode(text.as_bytes())).as_deref(), Some(text.as_bytes()));
        }
        assert_eq!(encode(b"cursor"), "Y3Vyc29y");
        assert_eq!(decode("not base64!"), None);
    }
}

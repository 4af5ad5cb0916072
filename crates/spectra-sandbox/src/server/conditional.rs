//! Conditional requests. GitHub: docs "Best practices for using the REST API": an answer brings an `etag`; a request with
//! `if-none-match` is answered with 304 as long as it is the same, which costs nothing of the hour's budget.

use axum::http::{HeaderMap, header};

/// The mark of a body: weak, 64 hex digits, as GitHub's are. Only its being the same for the same body counts.
pub(super) fn etag(body: &[u8]) -> String {
    let [first, second, third, fourth] = [1, 2, 3, 4].map(|seed| digest(seed, body));
    format!("W/\"{first:016x}{second:016x}{third:016x}{fourth:016x}\"")
}

/// Whether the client says that it has it already. RFC 9110: compared weakly; `*` stands for anything.
pub(super) fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim() == "*" || strong(tag) == strong(etag))
}

/// FNV-1a from a start of its own for each seed. It guards nothing.
fn digest(seed: u64, bytes: &[u8]) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325_u64.wrapping_mul(seed.wrapping_mul(2).wrapping_add(1));
    bytes.iter().fold(start, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_that_of_its_body() {
        let mark = etag(b"[]");
        assert_eq!((mark.len(), etag(b"[]")), (68, mark.clone()));
        assert_ne!(etag(b"[1]"), mark);
        let asks = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, value.parse().unwrap());
            is_known(&headers, &mark)
        };
        assert!(
            asks(&mark)
                && asks(mark.trim_start_matches("W/"))
                && asks(&format!("\"x\", {mark}"))
                && asks("*")
        );
        assert!(!asks("\"x\""));
    }
}

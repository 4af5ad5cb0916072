//! The token, and where it comes from.
//!
//! Invariant: a token is never shown. It has no `Display` and no `Serialize`, its `Debug` is redacted, and it leaves
//! this crate only in a header that is marked sensitive. Its form isn't judged: installation tokens of GitHub Apps grow
//! longer and have dots and hyphens (GitHub's OpenAPI description, since 2026-04-27).

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// Where a token is looked for, in this order.
const VARIABLES: [&str; 2] = ["GH_TOKEN", "GITHUB_TOKEN"];

/// GitHub's tokens are 40 characters and more (GitHub docs, "About authentication to GitHub").
const SHORTEST: usize = 16;

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// No variable holds one.
    #[error("no token: set GH_TOKEN or GITHUB_TOKEN")]
    Missing,
    /// A variable holds something that can't go into a header.
    #[error("{variable} holds characters that no token has")]
    Malformed {
        /// The variable.
        variable: &'static str,
    },
}

/// A token for GitHub.
#[derive(Clone)]
pub struct Token(SecretString);

impl Token {
    /// Takes a token; None where it is empty or has characters that can't go into a header.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic());
        fits.then(|| Self(SecretString::from(text.to_owned())))
    }

    /// The token of an environment: `GH_TOKEN`, else `GITHUB_TOKEN`. An empty variable is as good as none.
    ///
    /// # Errors
    /// When there is none, or the first that is set can't be a token.
    pub fn from_environment(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, AuthError> {
        for variable in VARIABLES {
            let Some(text) = lookup(variable) else { continue };
            if !text.trim().is_empty() {
                return Self::new(&text).ok_or(AuthError::Malformed { variable });
            }
        }
        Err(AuthError::Missing)
    }

    /// A text without this token in it, for showing what a server answered. Tokens that are too short to be one of
    /// GitHub's are words that may stand anywhere, and stay.
    pub fn hide_in(&self, text: &str) -> String {
        let token = self.0.expose_secret();
        if token.len() < SHORTEST { text.to_owned() } else { text.replace(token, "[token]") }
    }

    /// What goes into the `Authorization` header.
    pub(crate) fn authorization(&self) -> SecretString {
        SecretString::from(format!("Bearer {}", self.0.expose_secret()))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Token(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &[(&str, &str)]) -> Result<String, AuthError> {
        let lookup =
            |name: &str| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Token::from_environment(&lookup).map(|token| token.authorization().expose_secret().to_owned())
    }

    #[test]
    fn gh_token_comes_first_and_an_empty_one_is_none() {
        assert_eq!(from(&[("GH_TOKEN", "a"), ("GITHUB_TOKEN", "b")]), Ok("Bearer a".to_owned()));
        assert_eq!(from(&[("GH_TOKEN", " "), ("GITHUB_TOKEN", "b\n")]), Ok("Bearer b".to_owned()));
        assert_eq!(from(&[]), Err(AuthError::Missing));
        assert_eq!(from(&[("GH_TOKEN", "a b")]), Err(AuthError::Malformed { variable: "GH_TOKEN" }));
    }

    #[test]
    fn a_token_is_not_shown() {
        let token = Token::new("ghs_1_a.b-c").unwrap();
        assert!(!format!("{token:?}").contains("ghs_"));
        let token = Token::new("ghs_0123456789abcdefghij").unwrap();
        assert_eq!(token.hide_in("it is ghs_0123456789abcdefghij!"), "it is [token]!");
        assert_eq!(Token::new("a").unwrap().hide_in("a"), "a");
    }
}

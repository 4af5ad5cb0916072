//! Who asks: a person's token, a GitHub App, or one of its installations.
//!
//! Installation tokens carry what they grant, so that they outlive a restart and every process on one state file
//! knows them. Knows nothing of what a route needs; `rest` and `permissions` ask.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::jwt::{self, BadJwt};
use crate::access::{KnownToken, SeedApp, SeedToken};
use crate::base64;
use crate::world::access::TokenKind;

/// GitHub: OpenAPI: "Installation tokens expire one hour from the time you create them."
const LIFETIME: SignedDuration = SignedDuration::from_hours(1);
const BAD: &str = "Bad credentials";

/// Who is let in.
#[derive(Clone, Debug, Default)]
pub(super) struct Access {
    pub(super) tokens: Vec<SeedToken>,
    pub(super) apps: Vec<SeedApp>,
    /// The login of the user behind a token that names none.
    pub(super) viewer: String,
}

/// Who asks.
#[derive(Clone, Debug)]
pub(super) enum Caller {
    /// A person, or a workflow's run in a person's name.
    Person(Person),
    /// A GitHub App as itself.
    App(SeedApp),
    /// A GitHub App where it is installed.
    Installation(Grant),
}

/// A person's token.
#[derive(Clone, Debug)]
pub(super) struct Person {
    pub(super) login: String,
    pub(super) kind: TokenKind,
    /// Where they are bounded.
    pub(super) scopes: Option<Vec<String>>,
}

impl Person {
    /// Whether the token has the scope. GitHub: docs "Scopes for OAuth apps".
    pub(super) fn has(&self, scope: &str) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| scopes.iter().any(|given| given == scope))
    }
}

/// What an installation token grants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Grant {
    /// The App's id.
    pub(super) app: u64,
    /// The installation's id.
    pub(super) installation: u64,
    /// The account's login.
    pub(super) account: String,
    /// Permissions; everything when absent.
    pub(super) permissions: Option<BTreeMap<String, String>>,
    /// Names of repositories; all when absent.
    pub(super) repositories: Option<Vec<String>>,
    /// In seconds since 1970.
    pub(super) expires: i64,
}

impl Grant {
    /// When a token that is made now stops being one.
    pub(super) fn expiry(now: Timestamp) -> i64 {
        now.checked_add(LIFETIME).unwrap_or(Timestamp::MAX).as_second()
    }

    /// The token. GitHub: since 2026 installation tokens have the form `ghs_APPID_JWT`; like one it is opaque.
    pub(super) fn token(&self) -> String {
        let claims = serde_json::to_vec(self).unwrap_or_default();
        let claims = base64::encode(&claims);
        format!("ghs_{}_{claims}.{:016x}", self.app, digest(claims.as_bytes()))
    }

    fn read(token: &str) -> Option<Self> {
        let (_, rest) = token.strip_prefix("ghs_")?.split_once('_')?;
        let (claims, sum) = rest.rsplit_once('.')?;
        if sum != format!("{:016x}", digest(claims.as_bytes())) {
            return None;
        }
        serde_json::from_slice(&base64::decode(claims)?).ok()
    }

    /// Whether it may do this much: `read` < `write` < `admin`.
    pub(super) fn allows(&self, permission: &str, least: &str) -> bool {
        let rank = |level: &str| ["read", "write", "admin"].iter().position(|known| *known == level);
        let Some(permissions) = &self.permissions else { return true };
        let given = permissions.get(permission).and_then(|level| rank(level));
        given.is_some() && given >= rank(least)
    }
}

/// FNV-1a: tells a token of this sandbox from any other text. It guards nothing: there is nothing to guard here.
fn digest(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Recognises the caller, or refuses as GitHub does.
pub(super) fn identify(
    access: &Access,
    headers: &HeaderMap,
    now: Timestamp,
    is_graphql: bool,
) -> Result<Caller, Box<Answer>> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, token) = value.trim().split_once(' ').unwrap_or((value.trim(), ""));
    let token = token.trim();
    let refused = |message: &str| {
        Err(Box::new(if is_graphql {
            Answer::graphql_refusal(StatusCode::UNAUTHORIZED, message, "")
        } else {
            Answer::refusal(StatusCode::UNAUTHORIZED, message)
        }))
    };
    if scheme.is_empty() && is_graphql {
        // GitHub: text and page as reported (tap-github).
        return Err(Box::new(Answer::graphql_refusal(
            StatusCode::UNAUTHORIZED,
            "This endpoint requires you to be authenticated.",
            "/guides/forming-calls-with-graphql#authenticating-with-graphql",
        )));
    }
    if scheme.is_empty() {
        return refused("Requires authentication");
    }
    let bearer = scheme.eq_ignore_ascii_case("bearer");
    if token.is_empty() || !(bearer || scheme.eq_ignore_ascii_case("token")) {
        return refused(BAD);
    }
    if bearer && jwt::looks_like(token) {
        return jwt::check(token, &access.apps, now).map(Caller::App).map_err(bad_jwt);
    }
    if let Some(grant) = Grant::read(token) {
        return if now.as_second() < grant.expires { Ok(Caller::Installation(grant)) } else { refused(BAD) };
    }
    let known = access.tokens.iter().map(SeedToken::known).find(|known| known.token == token);
    match known {
        Some(known) => Ok(person(access, known)),
        None if access.tokens.is_empty() => {
            Ok(person(access, KnownToken { token: token.to_owned(), ..KnownToken::default() }))
        }
        None => refused(BAD),
    }
}

/// GitHub: docs "About authentication to GitHub": the prefix says the kind.
fn person(access: &Access, known: KnownToken) -> Caller {
    let fine_grained = known.token.starts_with("github_pat_");
    let by_prefix = if fine_grained { TokenKind::FineGrained } else { TokenKind::Classic };
    Caller::Person(Person {
        login: known.login.unwrap_or_else(|| access.viewer.clone()),
        kind: known.kind.unwrap_or(by_prefix),
        scopes: known.scopes,
    })
}

/// GitHub: 401 for a token that is none, 404 for an App that is none.
fn bad_jwt(bad: BadJwt) -> Box<Answer> {
    let status = match bad {
        BadJwt::UnknownApp => StatusCode::NOT_FOUND,
        BadJwt::Undecodable | BadJwt::Expired | BadJwt::TooFar | BadJwt::IssuedAt | BadJwt::Issuer => {
            StatusCode::UNAUTHORIZED
        }
    };
    Box::new(Answer::refusal(status, bad.message()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_comes_back_from_its_token_and_from_nothing_else() {
        let grant = Grant {
            app: 7,
            installation: 9,
            account: "acme".to_owned(),
            permissions: Some([("issues".to_owned(), "write".to_owned())].into()),
            repositories: None,
            expires: 1_800_000_000,
        };
        let token = grant.token();
        assert!(token.starts_with("ghs_7_"));
        assert_eq!(Grant::read(&token).as_ref(), Some(&grant));
        assert_eq!(Grant::read(&token.replace("ghs_7_", "ghs_7_A")), None);
        assert_eq!(Grant::read("ghs_anything"), None);
        assert!(grant.allows("issues", "read") && grant.allows("issues", "write"));
        assert!(!grant.allows("issues", "admin") && !grant.allows("contents", "read"));
    }
}

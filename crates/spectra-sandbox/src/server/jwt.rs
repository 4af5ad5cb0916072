//! The tokens that a GitHub App signs for itself.
//!
//! GitHub: docs "Generating a JSON Web Token (JWT) for a GitHub App": RS256, `iat` not in the future, `exp` at most ten
//! minutes ahead, `iss` the App's id or client id. The wordings of the refusals are as reported.

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, crypto};
use serde_json::Value;

use crate::access::SeedApp;
use crate::base64;

/// GitHub: docs: ten minutes.
const LONGEST: i64 = 600;

/// Why a token is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BadJwt {
    /// It is none, or its signature is not the App's.
    Undecodable,
    /// `exp` is missing or over.
    Expired,
    /// `exp` is too far ahead.
    TooFar,
    /// `iat` is missing or in the future.
    IssuedAt,
    /// `iss` is missing.
    Issuer,
    /// No App has this `iss`.
    UnknownApp,
}

impl BadJwt {
    /// GitHub's sentence.
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::Undecodable => "A JSON web token could not be decoded",
            Self::Expired => {
                "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the \
                 assertion expires"
            }
            Self::TooFar => "'Expiration time' claim ('exp') is too far in the future",
            Self::IssuedAt => {
                "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
            }
            Self::Issuer => "'Issuer' claim ('iss') must be an Integer",
            Self::UnknownApp => "Integration not found",
        }
    }
}

/// Whether a bearer token looks like one.
pub(super) fn looks_like(token: &str) -> bool {
    token.starts_with("eyJ") && token.split('.').count() == 3
}

/// The App that signed the token. Where the seed names no App any is taken for one that is installed everywhere.
pub(super) fn check(token: &str, apps: &[SeedApp], now: Timestamp) -> Result<SeedApp, BadJwt> {
    let (signed, signature) = token.rsplit_once('.').ok_or(BadJwt::Undecodable)?;
    let (header, claims) = signed.split_once('.').ok_or(BadJwt::Undecodable)?;
    let (header, claims) = (object(header)?, object(claims)?);
    let is_rs256 = header.get("alg").and_then(Value::as_str) == Some("RS256");
    if !is_rs256 || base64::decode(signature).is_none_or(|bytes| bytes.is_empty()) {
        return Err(BadJwt::Undecodable);
    }
    let now = now.as_second();
    let exp = claims.get("exp").and_then(Value::as_i64).filter(|exp| *exp > now).ok_or(BadJwt::Expired)?;
    if exp.saturating_sub(now) > LONGEST {
        return Err(BadJwt::TooFar);
    }
    claims.get("iat").and_then(Value::as_i64).filter(|iat| *iat <= now).ok_or(BadJwt::IssuedAt)?;
    let issuer = match claims.get("iss") {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_)) | None => {
            return Err(BadJwt::Issuer);
        }
    };
    if apps.is_empty() {
        return any(&issuer);
    }
    let by_issuer =
        |app: &&SeedApp| app.id.to_string() == issuer || app.client_id.as_deref() == Some(issuer.as_str());
    let app = apps.iter().find(by_issuer).ok_or(BadJwt::UnknownApp)?;
    if let Some(pem) = &app.public_key {
        let key = DecodingKey::from_rsa_pem(pem.as_bytes());
        let verified =
            key.and_then(|key| crypto::verify(signature, signed.as_bytes(), &key, Algorithm::RS256));
        if !verified.unwrap_or(false) {
            return Err(BadJwt::Undecodable);
        }
    }
    Ok(app.clone())
}

fn any(issuer: &str) -> Result<SeedApp, BadJwt> {
    let id = issuer.parse().ok().ok_or(BadJwt::UnknownApp)?;
    Ok(SeedApp {
        id,
        slug: format!("app-{id}"),
        client_id: None,
        public_key: None,
        installations: Vec::new(),
    })
}

fn object(part: &str) -> Result<Value, BadJwt> {
    let value: Option<Value> = base64::decode(part).and_then(|bytes| serde_json::from_slice(&bytes).ok());
    value.filter(Value::is_object).ok_or(BadJwt::Undecodable)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn app(public_key: Option<&str>) -> SeedApp {
        SeedApp {
            id: 7,
            slug: "spectra".to_owned(),
            client_id: Some("Iv1.abc".to_owned()),
            public_key: public_key.map(str::to_owned),
            installations: Vec::new(),
        }
    }

    fn token(header: &Value, claims: &Value) -> String {
        let part = |value: &Value| base64::encode(value.to_string().as_bytes());
        format!("{}.{}.{}", part(header), part(claims), base64::encode(b"signature"))
    }

    #[test]
    fn a_token_is_taken_within_its_window_only() {
        let now: Timestamp = "2026-11-01T12:00:00Z".parse().unwrap();
        let second = now.as_second();
        let checked = |alg: &str, claims: Value| {
            let token = token(&json!({ "alg": alg, "typ": "JWT" }), &claims);
            assert!(looks_like(&token));
            check(&token, &[app(None)], now).map(|app| app.id)
        };
        let good = |exp: i64| json!({ "iat": second - 60, "exp": second + exp, "iss": "7" });
        assert_eq!(checked("RS256", good(600)), Ok(7));
        assert_eq!(checked("RS256", good(601)), Err(BadJwt::TooFar));
        assert_eq!(checked("RS256", good(0)), Err(BadJwt::Expired));
        assert_eq!(checked("HS256", good(600)), Err(BadJwt::Undecodable));
        let claims = |iat: i64, iss: Value| json!({ "iat": second + iat, "exp": second + 60, "iss": iss });
        assert_eq!(checked("RS256", claims(1, json!(7))), Err(BadJwt::IssuedAt));
        assert_eq!(checked("RS256", claims(0, json!(7))), Ok(7));
        assert_eq!(checked("RS256", claims(0, json!("Iv1.abc"))), Ok(7));
        assert_eq!(checked("RS256", claims(0, json!(8))), Err(BadJwt::UnknownApp));
        assert_eq!(checked("RS256", claims(0, json!(null))), Err(BadJwt::Issuer));
        let token = token(&json!({ "alg": "RS256" }), &claims(0, json!(9)));
        assert_eq!(check(&token, &[], now).map(|app| app.id), Ok(9));
    }
}

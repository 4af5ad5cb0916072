//! Where GitHub is: github.com, GitHub Enterprise Server, GHE.com or a server on the loopback.
//!
//! Invariant: plain `http` goes to the loopback only, so that no token travels in the open.

use std::net::IpAddr;

use reqwest::Url;

const GITHUB: &str = "https://api.github.com";

/// Why an address is not used. What the variable holds is not repeated: it may have a password in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// It is no URL.
    #[error("{variable} is not a URL such as https://api.github.com")]
    NotAUrl {
        /// The variable.
        variable: &'static str,
    },
    /// It holds what an API's address never has.
    #[error("{variable} may hold neither a user nor a password, query or fragment")]
    NotPlain {
        /// The variable.
        variable: &'static str,
    },
    /// It would send the token in the open.
    #[error("{variable} must be an https URL: plain http is for the loopback only")]
    Insecure {
        /// The variable.
        variable: &'static str,
    },
}

/// The addresses of GitHub's two APIs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    rest: Url,
    graphql: Url,
}

impl Endpoint {
    /// The addresses of an environment: `GITHUB_API_URL` and `GITHUB_GRAPHQL_URL`; one is derived from the other, and
    /// without either it is github.com.
    ///
    /// # Errors
    /// When a variable holds no URL, or one that the token must not go to.
    pub fn from_environment(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, EndpointError> {
        let given = |variable: &'static str| {
            lookup(variable)
                .filter(|text| !text.trim().is_empty())
                .map(|text| parse(variable, text.trim()))
                .transpose()
        };
        let (rest, graphql) = match (given("GITHUB_API_URL")?, given("GITHUB_GRAPHQL_URL")?) {
            (Some(rest), Some(graphql)) => (rest, graphql),
            (Some(rest), None) => {
                let graphql = graphql_beside(&rest);
                (rest, graphql)
            }
            (None, Some(graphql)) => (rest_beside(&graphql), graphql),
            (None, None) => {
                let rest = parse("GITHUB_API_URL", GITHUB)?;
                let graphql = graphql_beside(&rest);
                (rest, graphql)
            }
        };
        Ok(Self { rest, graphql })
    }

    /// The addresses that go with the address of the REST API.
    ///
    /// # Errors
    /// When it is no URL, or one that the token must not go to.
    pub fn of(rest: &str) -> Result<Self, EndpointError> {
        let rest = parse("GITHUB_API_URL", rest)?;
        Ok(Self { graphql: graphql_beside(&rest), rest })
    }

    /// The address of the GraphQL API.
    pub fn graphql(&self) -> &str {
        self.graphql.as_str()
    }

    /// The address that the REST API's paths begin with, without a slash at its end.
    pub fn rest(&self) -> &str {
        self.rest.as_str().trim_end_matches('/')
    }

    /// Scheme, host and port of the REST API, without a slash at its end.
    pub(crate) fn rest_origin(&self) -> String {
        self.rest.origin().ascii_serialization()
    }

    /// Whether its REST API is at the place where GitHub Enterprise Server has it.
    pub(crate) fn is_enterprise_server(&self) -> bool {
        self.rest.path().trim_end_matches('/').ends_with("/api/v3")
    }

    /// Whether both are on this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.rest) && is_loopback(&self.graphql)
    }
}

fn parse(variable: &'static str, text: &str) -> Result<Url, EndpointError> {
    let not_a_url = || EndpointError::NotAUrl { variable };
    let url = Url::parse(text).ok().filter(Url::has_host).ok_or_else(not_a_url)?;
    let plain = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if !plain {
        return Err(EndpointError::NotPlain { variable });
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(EndpointError::Insecure { variable }),
        _ => Err(not_a_url()),
    }
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    address.map_or(host == "localhost", |address| address.is_loopback())
}

/// GitHub Enterprise Server has `/api/v3` and `/api/graphql`; github.com and GHE.com have the root and `/graphql`
/// (GitHub's OpenAPI description; cli/cli).
fn graphql_beside(rest: &Url) -> Url {
    let path = rest.path().trim_end_matches('/');
    let path = match path.strip_suffix("/api/v3") {
        Some(before) => format!("{before}/api/graphql"),
        None => format!("{path}/graphql"),
    };
    with_path(rest, &path)
}

fn rest_beside(graphql: &Url) -> Url {
    let path = graphql.path().trim_end_matches('/');
    let path = match path.strip_suffix("/api/graphql") {
        Some(before) => format!("{before}/api/v3"),
        None => path.strip_suffix("/graphql").unwrap_or(path).to_owned(),
    };
    with_path(graphql, &path)
}

fn with_path(url: &Url, path: &str) -> Url {
    let mut url = url.clone();
    url.set_path(path);
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(rest: Option<&str>, graphql: Option<&str>) -> Result<(String, String), EndpointError> {
        let lookup = |name: &str| match name {
            "GITHUB_API_URL" => rest.map(str::to_owned),
            _ => graphql.map(str::to_owned),
        };
        Endpoint::from_environment(&lookup).map(|it| (it.rest().to_owned(), it.graphql().to_owned()))
    }

    #[test]
    fn one_address_gives_the_other() {
        for (rest, graphql) in [
            ("https://api.github.com", "https://api.github.com/graphql"),
            ("https://git.example.org/api/v3", "https://git.example.org/api/graphql"),
            ("https://api.octo.ghe.com", "https://api.octo.ghe.com/graphql"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/graphql"),
            ("http://[::1]:8080/api/v3", "http://[::1]:8080/api/graphql"),
        ] {
            let both = Ok((rest.to_owned(), graphql.to_owned()));
            assert_eq!(from(Some(rest), None), both);
            assert_eq!(from(None, Some(graphql)), both);
        }
        assert_eq!(from(Some(" "), None).unwrap().1, "https://api.github.com/graphql");
    }

    #[test]
    fn plain_http_stays_on_the_machine() {
        for address in
            ["http://api.github.com", "http://127.0.0.1.example.org", "http://localhost.example.org"]
        {
            assert!(matches!(from(Some(address), None), Err(EndpointError::Insecure { .. })), "{address}");
        }
        assert!(from(Some("http://localhost:1"), None).is_ok());
        assert!(matches!(from(Some("ftp://localhost"), None), Err(EndpointError::NotAUrl { .. })));
        assert!(matches!(from(Some("nonsense"), None), Err(EndpointError::NotAUrl { .. })));
    }

    #[test]
    fn an_address_holds_no_secret() {
        for address in ["https://u:p@example.org", "https://example.org?token=x", "https://example.org#x"] {
            assert!(matches!(from(Some(address), None), Err(EndpointError::NotPlain { .. })), "{address}");
        }
        for address in
            ["hunter2", "ftp://u:hunter2@localhost", "https://u:hunter2@", "http://hunter2.example.org"]
        {
            let error = from(Some(address), None).unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(shown.contains("GITHUB_API_URL") && !shown.contains("hunter2"), "{shown}");
        }
    }
}

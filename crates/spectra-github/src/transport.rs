//! The seam under the client: one method that sends a request and brings the answer.
//!
//! It knows nothing of GraphQL, limits or retries. What it must tell apart is a request that surely never arrived from
//! one that may have: only the first may be sent again whatever it asks for.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;

use crate::auth::Token;

/// A future behind a pointer, so that the traits of this crate can be used as objects.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What is under a [`TransportError`].
pub type BoxError = Box<dyn Error + Send + Sync>;

/// Sends requests.
pub trait Transport: Send + Sync {
    /// Sends one request, once, and brings its answer, whatever its status.
    ///
    /// # Errors
    /// [`TransportError::NotSent`] only where no server can have seen the request.
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>>;
}

/// What is done at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Read.
    Get,
    /// Tell.
    Post,
    /// Change in part.
    Patch,
    /// Put in place.
    Put,
    /// Take away.
    Delete,
}

/// A request.
#[derive(Clone)]
pub struct HttpRequest {
    /// What is done.
    pub method: Method,
    /// Where.
    pub url: String,
    /// As whom.
    pub token: Option<Token>,
    /// JSON.
    pub body: Option<String>,
}

/// Bodies hold people's text, so they are not shown.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.body.as_ref().map(String::len);
        out.debug_struct("HttpRequest")
            .field("method", &self.method)
            .field("url", &self.url)
            .field("bytes", &bytes)
            .finish_non_exhaustive()
    }
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HttpResponse {
    /// Its status.
    pub status: u16,
    /// Its headers, the names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Its body.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// A header by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    /// No server saw the request.
    #[error("GitHub could not be reached")]
    NotSent(#[source] BoxError),
    /// The request may have arrived.
    #[error("the connection was lost before the answer was whole")]
    Lost(#[source] BoxError),
}

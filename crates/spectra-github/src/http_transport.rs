//! The transport over HTTP.
//!
//! Invariants: no redirect is followed, so a token goes to no other host; plain `http` only where the client was made
//! for the loopback; nothing is sent twice by itself.

use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret;

use crate::endpoint::Endpoint;
use crate::transport::{BoxFuture, HttpRequest, HttpResponse, Method, Transport, TransportError};

/// GitHub answers or gives up within 10 seconds of work (GitHub docs, "Rate limits and query limits for the GraphQL
/// API"); the rest is for the network.
const ANSWER_WITHIN: Duration = Duration::from_mins(1);
/// By which version's rules the REST API answers (GitHub docs, "API versions"); GraphQL has none and doesn't mind.
const API_VERSION: HeaderName = HeaderName::from_static("x-github-api-version");
const CONNECT_WITHIN: Duration = Duration::from_secs(15);
const KEEP_IDLE: Duration = Duration::from_secs(20);

/// Why there is no transport.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client could not be set up")]
pub struct HttpTransportError(#[source] reqwest::Error);

/// The transport over HTTP.
#[derive(Debug, Clone)]
pub struct HttpTransport {
    client: reqwest::Client,
}

impl HttpTransport {
    /// A transport to an endpoint.
    ///
    /// # Errors
    /// When the platform's trust store can't be used.
    pub fn new(endpoint: &Endpoint) -> Result<Self, HttpTransportError> {
        Self::with_timeout(endpoint, ANSWER_WITHIN)
    }

    /// A transport that waits for answers no longer than `answer_within`.
    ///
    /// # Errors
    /// When the platform's trust store can't be used.
    pub fn with_timeout(endpoint: &Endpoint, answer_within: Duration) -> Result<Self, HttpTransportError> {
        // GitHub refuses requests without a User-Agent (GitHub docs, "Getting started with the REST API").
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("spectra/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            // Pacing leaves connections idle; one that the server closes meanwhile would make a write's fate unknown.
            .pool_idle_timeout(KEEP_IDLE)
            .connect_timeout(CONNECT_WITHIN)
            .timeout(answer_within)
            .https_only(!endpoint.is_loopback());
        if endpoint.is_loopback() {
            // A proxy is for what is elsewhere.
            builder = builder.no_proxy();
        }
        if [endpoint.graphql(), endpoint.rest()].iter().all(|url| url.starts_with("http://")) {
            // Nothing is encrypted, so a machine without a trust store will do, and none is read.
            builder = builder.tls_certs_only([]);
        }
        builder.build().map(|client| Self { client }).map_err(HttpTransportError)
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Patch => reqwest::Method::PATCH,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/vnd.github+json"));
        headers.insert(API_VERSION, HeaderValue::from_static("2022-11-28"));
        if let Some(token) = &request.token {
            let mut value = HeaderValue::from_str(token.authorization().expose_secret())
                .map_err(|error| TransportError::NotSent(error.into()))?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let mut outgoing = self.client.request(method, &request.url);
        if let Some(body) = request.body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            outgoing = outgoing.body(body);
        }
        let response = outgoing.headers(headers).send().await.map_err(failed)?;
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .filter_map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
            .collect();
        let body = response.bytes().await.map_err(|error| TransportError::Lost(error.into()))?.to_vec();
        Ok(HttpResponse { status, headers, body })
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(self.exchange(request))
    }
}

/// Only a connection that never stood surely carried nothing.
fn failed(error: reqwest::Error) -> TransportError {
    if error.is_connect() || error.is_builder() {
        TransportError::NotSent(error.into())
    } else {
        TransportError::Lost(error.into())
    }
}

#[cfg(test)]
mod tests;

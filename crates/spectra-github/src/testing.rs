//! What the tests of this crate share: a clock that jumps and a transport that reads its answers from a script.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use spectra_model::forecast::Limits;

use crate::pacing::after;
use crate::transport::{BoxFuture, HttpRequest, HttpResponse, Transport, TransportError};
use crate::{Client, Clock, Config, Endpoint, Pacing, Token};

/// Time passes only by sleeping, and then at once.
pub(crate) struct JumpingClock(Mutex<Timestamp>);

impl JumpingClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(Timestamp::UNIX_EPOCH)))
    }

    pub(crate) fn seconds(&self) -> i64 {
        self.now().as_second()
    }
}

impl Clock for JumpingClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }

    fn sleep(&self, wait: Duration) -> BoxFuture<'_, ()> {
        let mut now = self.0.lock().unwrap();
        *now = after(*now, wait);
        Box::pin(std::future::ready(()))
    }
}

/// One answer of a script.
pub(crate) enum Scripted {
    Response(HttpResponse),
    NotSent,
    Lost,
}

/// Gives its answers in turn and keeps what it was asked.
pub(crate) struct Script {
    answers: Mutex<VecDeque<Scripted>>,
    asked: Mutex<Vec<Value>>,
    urls: Mutex<Vec<String>>,
}

impl Script {
    pub(crate) fn of(answers: impl IntoIterator<Item = Scripted>) -> Arc<Self> {
        let answers = Mutex::new(answers.into_iter().collect());
        Arc::new(Self { answers, asked: Mutex::new(Vec::new()), urls: Mutex::new(Vec::new()) })
    }

    /// Where they were sent.
    pub(crate) fn urls(&self) -> Vec<String> {
        self.urls.lock().unwrap().clone()
    }

    /// The bodies that were sent; null for a request without.
    pub(crate) fn asked(&self) -> Vec<Value> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) fn client(self: &Arc<Self>, clock: &Arc<JumpingClock>) -> Arc<Client> {
        self.client_paced(clock, Pacing::Always(Limits::github()))
    }

    pub(crate) fn client_paced(self: &Arc<Self>, clock: &Arc<JumpingClock>, pacing: Pacing) -> Arc<Client> {
        Arc::new(Client::new(Config {
            transport: self.clone(),
            clock: clock.clone(),
            endpoint: Endpoint::of("https://api.github.com").unwrap(),
            token: Token::new("t").unwrap(),
            pacing,
        }))
    }
}

impl Transport for Script {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        let body = request.body.map_or(Value::Null, |body| serde_json::from_str(&body).unwrap());
        self.urls.lock().unwrap().push(request.url);
        self.asked.lock().unwrap().push(body);
        let answer = self.answers.lock().unwrap().pop_front().expect("one request more than the script has");
        Box::pin(std::future::ready(match answer {
            Scripted::Response(response) => Ok(response),
            Scripted::NotSent => Err(TransportError::NotSent("no route".into())),
            Scripted::Lost => Err(TransportError::Lost("reset".into())),
        }))
    }
}

pub(crate) fn status(status: u16, headers: &[(&str, &str)], body: &str) -> Scripted {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Scripted::Response(HttpResponse { status, headers, body: body.as_bytes().to_vec() })
}

pub(crate) fn ok(body: &Value) -> Scripted {
    status(200, &[], &body.to_string())
}

pub(crate) fn data(data: &Value) -> Scripted {
    ok(&json!({ "data": data }))
}

//! One client for reads and writes: pacing, counting, and the repeating of what may be repeated.
//!
//! Guarantees: a query is sent again after a transient failure, a bounded number of times; a mutation is sent again
//! only when it surely wasn't done; limits are waited out as GitHub asks. Nothing of a body or a token is logged.

mod query;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use jiff::Timestamp;
use serde_json::Value;
use spectra_model::evidence::Http;
use spectra_model::forecast::{Limits, POINTS_PER_MUTATING_REQUEST, POINTS_PER_QUERY};
use tokio::sync::Semaphore;
use tracing::Instrument;

use crate::auth::Token;
use crate::clock::Clock;
use crate::dialect::Dialect;
use crate::endpoint::Endpoint;
use crate::failure::{self, Failure};
use crate::graphql::Response;
use crate::pacing::{Api, Cost, Pacer, Refusals, after};
use crate::transport::{HttpRequest, HttpResponse, Method, Transport};

/// What a client is made of.
pub struct Config {
    /// What sends.
    pub transport: Arc<dyn Transport>,
    /// What tells the time.
    pub clock: Arc<dyn Clock>,
    /// Where GitHub is.
    pub endpoint: Endpoint,
    /// As whom.
    pub token: Token,
    /// What is kept inside.
    pub pacing: Pacing,
}

/// When a client keeps inside its windows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pacing {
    /// Always.
    Always(Limits),
    /// Unless the server's answers carry no rate-limit headers: GitHub Enterprise Server has its limits switched off by
    /// default (GitHub docs, "Configuring rate limits"), and is then paced by concurrency alone.
    WhereServerLimits(Limits),
}

impl Pacing {
    /// The windows.
    pub fn limits(&self) -> &Limits {
        match self {
            Self::Always(limits) | Self::WhereServerLimits(limits) => limits,
        }
    }
}

/// The client under [`crate::Reader`] and [`crate::Writer`].
pub struct Client {
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    pub(crate) endpoint: Endpoint,
    pub(crate) token: Token,
    permits: Semaphore,
    books: Mutex<Books>,
    /// What the server's schema lacks, once it was asked.
    dialect: OnceLock<Dialect>,
}

struct Books {
    pacer: Pacer,
    /// Whether the windows hold for this server; None until its first answer.
    limited: Option<bool>,
    http: Http,
    waited: Duration,
    server_time: Option<Timestamp>,
    refusals: WriteRefusals,
    /// Whether the REST API's route for views turned out not to be there.
    no_rest_views: bool,
}

/// The refusals of writes by limits since the last one that ran, over all requests. GitHub has a limit of its own for
/// creations, so other writes that run meanwhile say nothing of it.
#[derive(Default)]
struct WriteRefusals {
    creations: Refusals,
    others: Refusals,
}

impl WriteRefusals {
    fn of(&mut self, creations: bool) -> &mut Refusals {
        if creations { &mut self.creations } else { &mut self.others }
    }
}

/// A request as the client sends it.
pub(crate) struct Outgoing {
    /// Its name in logs.
    pub(crate) name: &'static str,
    /// Its body.
    pub(crate) body: String,
    /// How many mutations it holds.
    pub(crate) mutations: u64,
    /// How many of them make content.
    pub(crate) creations: u64,
}

impl fmt::Debug for Client {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Client").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

impl Client {
    /// A client that has sent nothing yet.
    pub fn new(config: Config) -> Self {
        let Config { transport, clock, endpoint, token, pacing } = config;
        let limits = pacing.limits();
        let books = Books {
            pacer: Pacer::new(limits),
            limited: matches!(pacing, Pacing::Always(_)).then_some(true),
            http: Http::default(),
            waited: Duration::ZERO,
            server_time: None,
            refusals: WriteRefusals::default(),
            no_rest_views: false,
        };
        let permits = Semaphore::new(limits.concurrent.clamp(1, Semaphore::MAX_PERMITS));
        Self {
            transport,
            clock,
            endpoint,
            token,
            permits,
            books: Mutex::new(books),
            dialect: OnceLock::new(),
        }
    }

    /// What went over the wire until now.
    pub fn http(&self) -> Http {
        let books = self.books();
        Http { waited_seconds: books.waited.as_secs(), ..books.http }
    }

    /// GitHub's time in its last answer; None before the first and where a server doesn't say.
    pub fn server_time(&self) -> Option<Timestamp> {
        self.books().server_time
    }

    /// Sends one request once, when the windows let it through.
    pub(crate) async fn exchange(&self, outgoing: Outgoing) -> Result<Response<Value>, Failure> {
        let Outgoing { name, body, mutations, creations } = outgoing;
        let span = tracing::debug_span!("request", operation = name, mutations, creations);
        let points = if mutations > 0 { POINTS_PER_MUTATING_REQUEST } else { POINTS_PER_QUERY };
        self.send(body, mutations, Cost { creations, points, api: Api::GraphQl }).instrument(span).await
    }

    async fn send(&self, body: String, mutations: u64, cost: Cost) -> Result<Response<Value>, Failure> {
        let request = HttpRequest {
            method: Method::Post,
            url: self.endpoint.graphql().to_owned(),
            token: Some(self.token.clone()),
            body: Some(body),
        };
        let mut answer = received(&self.deliver(request, mutations, cost).await?)?;
        if let Some(data) = &mut answer.data {
            self.dialect().fill(data);
        }
        Ok(answer)
    }

    /// What the server's schema lacks; nothing until it was asked.
    pub(crate) fn dialect(&self) -> Dialect {
        self.dialect.get().copied().unwrap_or_default()
    }

    /// Keeps what the server's schema lacks, for all documents from then on. Asked once, so the first answer stands.
    pub(crate) fn learn(&self, dialect: Dialect) -> Dialect {
        *self.dialect.get_or_init(|| dialect)
    }

    /// Whether the schema was asked.
    pub(crate) fn learnt(&self) -> Option<Dialect> {
        self.dialect.get().copied()
    }

    /// Notes that views can't be made over REST here.
    pub(crate) fn miss_rest_views(&self) {
        self.books().no_rest_views = true;
    }

    /// Whether views were seen to be not to be had over REST.
    pub(crate) fn misses_rest_views(&self) -> bool {
        self.books().no_rest_views
    }

    /// Sends one request once, when the windows let it through; its answer, whatever that says.
    pub(crate) async fn deliver(
        &self,
        request: HttpRequest,
        mutations: u64,
        cost: Cost,
    ) -> Result<HttpResponse, Failure> {
        // The semaphore is never closed, so there is always a permit in the end.
        let _permit = self.permits.acquire().await.ok();
        let admitted = self.admitted(cost).await;
        {
            let http = &mut self.books().http;
            http.requests = http.requests.saturating_add(1);
            http.mutations = http.mutations.saturating_add(mutations);
            http.points = http.points.saturating_add(cost.points);
        }
        let answer = self.transport.send(request).await;
        let now = self.clock.now();
        self.books().pacer.settle(admitted, now, cost);
        let response = answer.map_err(Failure::of_transport)?;
        tracing::debug!(status = response.status, bytes = response.body.len(), "answered");
        self.note(now, cost.api, &response);
        Ok(response)
    }

    /// Waits until the windows let a request through; when that was.
    async fn admitted(&self, cost: Cost) -> Timestamp {
        loop {
            let now = self.clock.now();
            let wait = self.books().admit(now, cost);
            if wait.is_zero() {
                return now;
            }
            tracing::info!(seconds = wait.as_secs_f64(), "waiting for GitHub's windows");
            self.wait(wait).await;
        }
    }

    /// Notes what an answer's headers say of time and budget.
    fn note(&self, now: Timestamp, api: Api, response: &HttpResponse) {
        let mut books = self.books();
        if let Some(date) = failure::date(response) {
            books.server_time = Some(date);
        }
        if books.limited != Some(true) {
            books.limited = Some(failure::has_limits(response));
        }
        // A good answer with nothing left is the last allowed one. A server without these headers sets no budget.
        if failure::spent(response)
            && let Some(wait) = failure::resets_in(response)
        {
            books.pacer.close_one_until(api, after(now, wait.saturating_add(Duration::from_secs(1))));
        }
    }

    /// Waits before a request is sent again.
    pub(crate) async fn pause(&self, api: Api, name: &str, failure: &Failure, pause: Duration) {
        self.hold(api, name, failure, pause);
        self.wait(pause).await;
    }

    /// Notes that a request is sent again after a pause, without waiting. A secondary limit holds for all requests, a
    /// spent budget for those to the same interface.
    pub(crate) fn hold(&self, api: Api, name: &str, failure: &Failure, pause: Duration) {
        tracing::info!(operation = name, seconds = pause.as_secs_f64(), because = %failure, "to be sent again");
        let again = after(self.clock.now(), pause);
        let mut books = self.books();
        books.http.retries = books.http.retries.saturating_add(1);
        if matches!(failure, Failure::RateLimited { .. }) {
            books.pacer.close_one_until(api, again);
        } else if failure.is_limit() {
            books.pacer.close_until(again);
        }
    }

    /// Notes that a limit refused writes; how long to wait before they are sent again, None when they are given up.
    pub(crate) fn refused(&self, creations: bool, failure: &Failure) -> Option<Duration> {
        self.books().refusals.of(creations).pause(failure)
    }

    /// Notes that a write ran: the limits let its like through again.
    pub(crate) fn ran(&self, creations: bool) {
        *self.books().refusals.of(creations) = Refusals::default();
    }

    /// How many content creations the windows let through now; None where nothing limits them.
    pub(crate) fn free_creations(&self) -> Option<u64> {
        let now = self.clock.now();
        let mut books = self.books();
        if books.limited == Some(false) { None } else { books.pacer.free_creations(now) }
    }

    /// How long a request with so many content creations would have to wait now: for the windows, and for a limit that
    /// refused an earlier one.
    pub fn ready_in(&self, creations: u64) -> Duration {
        self.ready_for(Api::GraphQl, creations)
    }

    /// [`Client::ready_in`] for a request to one of the two interfaces.
    pub fn ready_for(&self, api: Api, creations: u64) -> Duration {
        let now = self.clock.now();
        let books = self.books();
        if books.limited == Some(false) {
            return books.pacer.opens_in(api, now);
        }
        books.pacer.clone().admit(now, Cost { creations, points: POINTS_PER_MUTATING_REQUEST, api })
    }

    /// Waits for the windows, and counts the time as waited.
    pub async fn wait_for_windows(&self, wait: Duration) {
        self.wait(wait).await;
    }

    /// The pauses between the attempts at one request. The clock seeds their jitter, so that a simulated run is the same
    /// each time.
    pub(crate) fn backoff(&self) -> impl Iterator<Item = Duration> + Send + use<> {
        let seed = u64::try_from(self.clock.now().subsec_nanosecond()).unwrap_or_default();
        ExponentialBuilder::default()
            .with_min_delay(Duration::from_secs(1))
            .with_max_delay(Duration::from_secs(30))
            .with_max_times(4)
            .with_jitter()
            .with_jitter_seed(seed)
            .build()
    }

    async fn wait(&self, wait: Duration) {
        {
            let mut books = self.books();
            books.waited = books.waited.saturating_add(wait);
        }
        self.clock.sleep(wait).await;
    }

    /// The books are whole after every statement, so a panic elsewhere leaves them usable.
    fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn to_json(value: &impl serde::Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|error| Failure::Validation { message: error.to_string() })
}

impl Books {
    fn admit(&mut self, now: Timestamp, cost: Cost) -> Duration {
        if self.limited == Some(false) {
            return self.pacer.opens_in(cost.api, now);
        }
        self.pacer.admit(now, cost)
    }
}

pub(crate) fn received(response: &HttpResponse) -> Result<Response<Value>, Failure> {
    if response.status != 200 {
        return Err(Failure::of_status(response));
    }
    let mut answer = serde_json::from_slice::<Response<Value>>(&response.body)
        .map_err(|error| Failure::of_body(response, &error.to_string()))?;
    if answer.data.is_none() && answer.errors.is_empty() {
        return Err(Failure::of_body(response, "neither data nor errors"));
    }
    // The errors say that there is a limit, the headers say until when.
    let wait = failure::wait(response);
    for error in &mut answer.errors {
        error.wait = wait;
    }
    Ok(answer)
}

#[cfg(test)]
mod tests;

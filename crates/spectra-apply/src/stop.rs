//! Stopping part-way: the request in flight is finished, no other is begun.
//!
//! [`StoppableTransport`] holds requests back once a stop is asked for, and [`Stop::idle`] returns when none is in
//! flight. Whoever runs the work races it against that, so a wait for GitHub's windows ends at once too.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use spectra_github::{BoxFuture, HttpRequest, HttpResponse, Transport, TransportError};
use tokio::sync::Notify;

/// Whether to stop, and whether that would cut a request.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    asked: AtomicBool,
    insisted: AtomicBool,
    in_flight: AtomicUsize,
    changed: Notify,
}

impl Stop {
    /// Asks to stop. Who asks again doesn't want to wait for what is put in order first.
    pub fn ask(&self) {
        if self.inner.asked.swap(true, Ordering::SeqCst) {
            self.inner.insisted.store(true, Ordering::SeqCst);
        }
        self.inner.changed.notify_waiters();
    }

    /// Whether a stop was asked for.
    pub fn is_asked(&self) -> bool {
        self.inner.asked.load(Ordering::SeqCst)
    }

    /// Returns once a stop was asked for again.
    pub(crate) async fn insisted(&self) {
        loop {
            let changed = self.inner.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if self.inner.insisted.load(Ordering::SeqCst) {
                return;
            }
            changed.await;
        }
    }

    /// Returns once a stop was asked for and no request is in flight.
    pub async fn idle(&self) {
        loop {
            let changed = self.inner.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if self.is_asked() && self.inner.in_flight.load(Ordering::SeqCst) == 0 {
                return;
            }
            changed.await;
        }
    }
}

/// A transport that begins no request once a stop was asked for.
pub(crate) struct StoppableTransport<T> {
    transport: T,
    stop: Stop,
}

impl<T> StoppableTransport<T> {
    /// Puts the stop in front of a transport.
    pub(crate) fn new(transport: T, stop: Stop) -> Self {
        Self { transport, stop }
    }
}

impl<T: Transport> Transport for StoppableTransport<T> {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            if self.stop.is_asked() {
                return std::future::pending().await;
            }
            let _in_flight = InFlight::begin(&self.stop.inner);
            self.transport.send(request).await
        })
    }
}

/// A request between its beginning and its answer, or until nobody waits for it any more.
struct InFlight<'a>(&'a Inner);

impl<'a> InFlight<'a> {
    fn begin(inner: &'a Inner) -> Self {
        inner.in_flight.fetch_add(1, Ordering::SeqCst);
        Self(inner)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::SeqCst);
        self.0.changed.notify_waiters();
    }
}

//! HTTP in front of the world.
//!
//! One port serves GraphQL at `/graphql`, `/api/graphql` and `POST /`, REST at `/api/v3/…` and without that prefix, and the
//! sandbox's own door at `/_sandbox`. Requests that touch the world run one after another; that is the whole of the
//! concurrency.

mod acting;
mod admin;
mod answer;
mod auth;
mod conditional;
mod connection;
mod graphql;
mod jwt;
mod limits;
mod permissions;
mod rest;
mod routes;
mod store;
mod strike;
mod text;

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use self::auth::Access;
use self::connection::{Connection, CuttingListener};
use self::limits::Books;
use self::routes::{Asked, Outcome};
use self::store::Store;
use crate::clock::Clock;
use crate::faults::Faults;
use crate::limits::Limits;
use crate::seed::{Seed, SeedError};
use crate::world::World;

pub use self::store::{StateError, read_state};

/// What a sandbox is started with.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where to listen; port 0 picks a free one.
    pub listen: SocketAddr,
    /// The file that the world lives in; in memory only without one.
    pub state: Option<PathBuf>,
    /// What the world has at least.
    pub seed: Seed,
    /// What time it is.
    pub clock: Clock,
    /// What goes wrong on purpose.
    pub faults: Faults,
    /// Which of GitHub's limits are enforced.
    pub limits: Limits,
}

impl Config {
    /// A free port on the loopback, no file, the machine's time, no faults, GitHub's limits.
    pub fn in_process(seed: Seed) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            state: None,
            seed,
            clock: Clock::real_with_offset(),
            faults: Faults::none(),
            limits: Limits::github(),
        }
    }
}

/// How much a sandbox was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stats {
    /// Requests of any kind, answered or not.
    pub requests: u64,
    /// GraphQL queries that reached the world.
    pub queries: u64,
    /// GraphQL requests with a mutation that reached the world.
    pub mutation_requests: u64,
    /// Mutation fields in them.
    pub mutation_fields: u64,
    /// REST requests that reached the world.
    pub rest_requests: u64,
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The state file cannot be used.
    #[error("cannot use the sandbox's state")]
    State {
        /// Why.
        #[source]
        source: StateError,
    },
    /// The seed does not fit the world in the state file.
    #[error("the seed does not fit the sandbox's state")]
    Seed {
        /// Why.
        #[source]
        source: SeedError,
    },
}

/// Why serving came to an end by itself.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The listener failed.
    #[error("the sandbox's listener failed")]
    Listener {
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The server's task ended abnormally.
    #[error("the sandbox's server ended abnormally")]
    Task {
        /// Why.
        #[source]
        source: tokio::task::JoinError,
    },
}

/// Why a sandbox did not stop cleanly.
#[derive(Debug, thiserror::Error)]
pub enum StopError {
    /// Serving had failed.
    #[error("the sandbox had stopped serving")]
    Serve {
        /// Why.
        #[source]
        source: ServeError,
    },
    /// The state could not be written.
    #[error("cannot write the sandbox's state")]
    State {
        /// Why.
        #[source]
        source: StateError,
    },
}

/// A running sandbox. Dropping it stops it without ceremony; every answered mutation is in the state file by then.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<std::io::Result<()>>,
}

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Shared {
    store: Mutex<Store>,
    clock: Clock,
    faults: Faults,
    books: Books,
    access: Access,
    counters: Counters,
}

#[derive(Debug, Default)]
struct Counters {
    requests: AtomicU64,
    queries: AtomicU64,
    mutation_requests: AtomicU64,
    mutation_fields: AtomicU64,
    rest_requests: AtomicU64,
}

impl Sandbox {
    /// Starts serving.
    ///
    /// The state file is read, or made, under its lock; what the seed names and the world lacks is added.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let Config { listen, state, seed, clock, faults, limits } = config;
        let opened = clock.clone();
        let access =
            Access { tokens: seed.tokens.clone(), apps: seed.apps.clone(), viewer: seed.viewer.clone() };
        let store = run_blocking(move || {
            crate::graphql::ensure_loaded();
            Store::open(state, &seed, &opened)
        })
        .await?;
        let shared = Arc::new(Shared {
            store: Mutex::new(store),
            books: Books::new(limits),
            clock,
            faults,
            access,
            counters: Counters::default(),
        });
        let refused = |source| StartError::Listen { address: listen, source };
        let listener = TcpListener::bind(listen).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let (stop, stopped) = oneshot::channel::<()>();
        let service = routes::router(Arc::clone(&shared)).into_make_service_with_connect_info::<Connection>();
        let serving = axum::serve(CuttingListener(listener), service).with_graceful_shutdown(async move {
            // A dropped sender means a dropped sandbox: stop as well.
            drop(stopped.await);
        });
        let task = tokio::spawn(serving.into_future());
        Ok(Self { address, shared, stop: Some(stop), task })
    }

    /// `http://ADDRESS:PORT`. GraphQL is at `/graphql` below it.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The sandbox's clock.
    pub fn clock(&self) -> Clock {
        self.shared.clock.clone()
    }

    /// The sandbox's faults.
    pub fn faults(&self) -> Faults {
        self.shared.faults.clone()
    }

    /// Enforces other limits from now on; the books start afresh.
    pub fn set_limits(&self, limits: Limits) {
        self.shared.books.set(limits);
    }

    /// How much was asked so far.
    pub fn stats(&self) -> Stats {
        self.shared.stats()
    }

    /// The world as it is at this moment, what is due having been done.
    ///
    /// A state file that cannot be read leaves the world as this process knows it, with a warning in the log.
    pub fn world(&self) -> World {
        self.edit(|world| world.clone())
    }

    /// Changes the world behind everyone's back, as someone else's client or GitHub's own pages would.
    ///
    /// A state file that cannot be used is left alone, with a warning in the log; the change is in memory then.
    pub fn edit<T>(&self, change: impl FnOnce(&mut World) -> T) -> T {
        let now = self.shared.clock.now();
        let mut store = self.shared.store();
        let begun = store.begin(now);
        let changed = change(&mut store.world.borrow_mut());
        // A file that could not be read must not be written either.
        if let Err(error) = begun.and_then(|_| store.commit()) {
            tracing::warn!(%error, "the sandbox's state file could not be used");
        }
        changed
    }

    /// Stops: open requests are answered, the state is written.
    pub async fn stop(mut self) -> Result<(), StopError> {
        self.stop.take();
        finish((&mut self.task).await).map_err(|source| StopError::Serve { source })?;
        let mut store = self.shared.store();
        store.begin(self.shared.clock.now()).map_err(|source| StopError::State { source })?;
        store.commit().map_err(|source| StopError::State { source })
    }

    /// Serves until the future is ready, then stops.
    pub async fn serve_until(mut self, shutdown: impl Future<Output = ()> + Send) -> Result<(), StopError> {
        let ended = tokio::select! {
            () = shutdown => None,
            ended = &mut self.task => Some(ended),
        };
        match ended {
            None => self.stop().await,
            Some(ended) => finish(ended).map_err(|source| StopError::Serve { source }),
        }
    }
}

impl Shared {
    fn store(&self) -> MutexGuard<'_, Store> {
        // A panic in a request is a defect, and the next request had better say so than every one after it.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn stats(&self) -> Stats {
        let counters = &self.counters;
        Stats {
            requests: counters.requests.load(Ordering::Relaxed),
            queries: counters.queries.load(Ordering::Relaxed),
            mutation_requests: counters.mutation_requests.load(Ordering::Relaxed),
            mutation_fields: counters.mutation_fields.load(Ordering::Relaxed),
            rest_requests: counters.rest_requests.load(Ordering::Relaxed),
        }
    }
}

/// Looks at the world or changes it, as one step for everyone else.
fn edit_world<T>(shared: &Shared, change: impl FnOnce(&mut World) -> T) -> Result<T, StateError> {
    let mut store = shared.store();
    store.begin(shared.clock.now())?;
    let changed = change(&mut store.world.borrow_mut());
    store.commit()?;
    Ok(changed)
}

fn finish(ended: Result<std::io::Result<()>, tokio::task::JoinError>) -> Result<(), ServeError> {
    ended.map_err(|source| ServeError::Task { source })?.map_err(|source| ServeError::Listener { source })
}

/// Runs what reads files or takes the processor for long beside the runtime.
async fn run_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(ended) => match ended.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // Only a runtime that is going away cancels such work, and this task with it.
            Err(_) => std::future::pending().await,
        },
    }
}

//! A GitHub for tests that look at it from its own side: the sandbox behind HTTP, in its own threads.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use spectra_sandbox::{Clock, Config, Effect, Faults, Match, On, Rule, Sandbox, Seed, Stats, World};
use tokio::runtime::{Builder, Runtime};

use crate::run::{self, Around, Ended, Simulated};

/// When tests begin.
pub const START: Timestamp = Timestamp::constant(1_767_949_200, 0);

/// The login behind every token of the sandbox that the applier starts itself.
pub const VIEWER: &str = "spectra-sandbox";

/// The methods of REST that write.
pub const REST_WRITES: [&str; 3] = ["POST", "PATCH", "DELETE"];

/// A GitHub that runs until this is dropped.
pub struct GitHub {
    sandbox: Arc<Sandbox>,
    clock: Clock,
    runs: AtomicU32,
    /// REST requests that write, up to the last time that its faults were cleared.
    writes: AtomicU64,
    // The last member: the sandbox's tasks are dropped before the threads that they run on.
    _runtime: Runtime,
}

impl GitHub {
    /// Serves what the seed names; with a file, what that holds too.
    ///
    /// # Errors
    /// When no port or no thread is to be had, or the file is not a sandbox's.
    pub fn serve(
        seed: Seed,
        state: Option<PathBuf>,
        clock: Clock,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let config = Config { state, clock: clock.clone(), ..Config::in_process(seed) };
        let sandbox = Arc::new(runtime.block_on(Sandbox::start(config))?);
        let github =
            Self { sandbox, clock, runs: AtomicU32::new(0), writes: AtomicU64::new(0), _runtime: runtime };
        github.count_writes();
        Ok(github)
    }

    /// Rules that never hit, for what they count.
    fn count_writes(&self) {
        for method in REST_WRITES {
            let matches =
                Match { on: On::Rest, method: Some(method.to_owned()), nth: u64::MAX, ..Match::default() };
            self.fault(Rule { matches, effect: Effect::CutBeforeCommit });
        }
    }

    /// What an applier needs to know to talk to it.
    pub fn environment(&self) -> BTreeMap<String, String> {
        [("GITHUB_API_URL", self.sandbox.url()), ("GH_TOKEN", "a-token".to_owned())]
            .map(|(name, value)| (name.to_owned(), value))
            .into()
    }

    /// Runs the applier against it, a minute after the run before.
    pub fn apply(&self, folder: &Path, arguments: &[&str]) -> Ended {
        self.apply_while(folder, arguments, || {})
    }

    /// The same, with something that happens elsewhere whenever the run waits.
    pub fn apply_while(
        &self,
        folder: &Path,
        arguments: &[&str],
        meanwhile: impl Fn() + Send + Sync + 'static,
    ) -> Ended {
        self.clock.advance(Duration::from_mins(1));
        let around = Around {
            environment: self.environment(),
            process: self.runs.fetch_add(1, Ordering::Relaxed),
            clock: Arc::new(Simulated::with(self.clock.clone(), meanwhile)),
            sandbox_clock: None,
        };
        let arguments: Vec<&str> = arguments.iter().copied().chain(["--limits", "none"]).collect();
        run::apply(folder, &arguments, around)
    }

    /// One thing that goes wrong from now on.
    pub fn fault(&self, rule: Rule) {
        self.sandbox.faults().add(rule);
    }

    /// Nothing goes wrong any more.
    pub fn heal(&self) {
        let since: u64 = REST_WRITES.iter().map(|method| self.rest_writes(method)).sum();
        self.writes.fetch_add(since, Ordering::Relaxed);
        self.sandbox.faults().clear();
        self.count_writes();
    }

    /// REST requests with a method that writes, since its faults were cleared the last time.
    pub fn rest_writes(&self, method: &str) -> u64 {
        let counts =
            |rule: &Rule| rule.matches.nth == u64::MAX && rule.matches.method.as_deref() == Some(method);
        let rules = self.faults().list();
        rules.into_iter().filter(|(rule, _)| counts(rule)).map(|(_, seen)| seen).sum()
    }

    /// Requests that write, over GraphQL and over REST.
    pub fn writes(&self) -> u64 {
        let since: u64 = REST_WRITES.iter().map(|method| self.rest_writes(method)).sum();
        self.stats().mutation_requests + self.writes.load(Ordering::Relaxed) + since
    }

    /// Lets time pass.
    pub fn wait(&self, time: Duration) {
        self.clock.advance(time);
    }

    /// Its faults.
    pub fn faults(&self) -> Faults {
        self.sandbox.faults()
    }

    /// How much it was asked so far.
    pub fn stats(&self) -> Stats {
        self.sandbox.stats()
    }

    /// What it holds, everything that is due within a minute done.
    pub fn world(&self) -> World {
        self.clock.advance(Duration::from_mins(1));
        self.sandbox.world()
    }

    /// Holds this world from now on, at its time.
    pub fn be(&self, world: &World) {
        let ahead = world.now.duration_since(self.clock.now());
        self.clock.advance(Duration::try_from(ahead).unwrap_or_default());
        self.sandbox.edit(|own| own.clone_from(world));
    }

    /// The sandbox itself, for what happens behind everyone's back.
    pub fn sandbox(&self) -> Arc<Sandbox> {
        Arc::clone(&self.sandbox)
    }
}

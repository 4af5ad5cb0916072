//! The commands, run inside this process as a shell would run them.
//!
//! Arguments, writers, folder, environment, process id and clock are given; nothing is taken from the machine.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use spectra_apply::Stop;
use spectra_github::{BoxFuture, Clock};
use spectra_plan::Surroundings;

/// How a command ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The exit code.
    pub code: u8,
    /// What it wrote for programs.
    pub stdout: String,
    /// What it wrote for people.
    pub stderr: String,
}

/// What an applier is given by the world.
pub struct Around {
    /// The environment's variables.
    pub environment: BTreeMap<String, String>,
    /// The process's id.
    pub process: u32,
    /// The clock of a run against a server.
    pub clock: Arc<dyn Clock>,
    /// The clock of a run against the sandbox inside it.
    pub sandbox_clock: Option<spectra_sandbox::Clock>,
}

impl Around {
    /// Nothing but a time that stands still until somebody waits.
    pub fn nothing(process: u32, clock: &spectra_sandbox::Clock) -> Self {
        Self {
            environment: BTreeMap::new(),
            process,
            clock: Arc::new(Simulated::new(clock.clone())),
            sandbox_clock: Some(clock.clone()),
        }
    }
}

/// Runs `spectra-plan` in a folder.
pub fn plan(folder: &Path, arguments: &[impl AsRef<str>]) -> Ended {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let folder = folder.to_string_lossy().into_owned().into();
    let mut terminal = spectra_plan::Terminal {
        stdout: &mut stdout,
        stderr: &mut stderr,
        surroundings: Surroundings { folder, ..Surroundings::default() },
    };
    let code = spectra_plan::run(line("spectra-plan", arguments), &mut terminal);
    Ended::new(code, &stdout, &stderr)
}

/// Runs `spectra-apply` in a folder.
pub fn apply(folder: &Path, arguments: &[impl AsRef<str>], around: Around) -> Ended {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let Around { environment, process, clock, sandbox_clock } = around;
    let mut terminal = spectra_apply::Terminal {
        stdout: &mut stdout,
        stderr: &mut stderr,
        stdin: None,
        environment,
        folder: folder.to_owned(),
        process,
        clock,
        sandbox_clock,
        draws_progress: false,
    };
    let code = spectra_apply::run(line("spectra-apply", arguments), &mut terminal, &Stop::default());
    Ended::new(code, &stdout, &stderr)
}

fn line(program: &str, arguments: &[impl AsRef<str>]) -> Vec<OsString> {
    let words = arguments.iter().map(AsRef::as_ref);
    std::iter::once(program).chain(words).map(OsString::from).collect()
}

impl Ended {
    fn new(code: u8, stdout: &[u8], stderr: &[u8]) -> Self {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Self { code, stdout: text(stdout), stderr: text(stderr) }
    }

    /// Everything that it said, for the report of a failed test.
    pub fn told(&self) -> String {
        format!("exit {}\n{}{}", self.code, self.stdout, self.stderr)
    }
}

/// A clock on which waiting lets a sandbox's time pass, and takes none here.
pub struct Simulated {
    clock: spectra_sandbox::Clock,
    /// What happens elsewhere while somebody waits.
    meanwhile: Box<dyn Fn() + Send + Sync>,
}

impl Simulated {
    /// A clock that a sandbox has too.
    pub fn new(clock: spectra_sandbox::Clock) -> Self {
        Self::with(clock, || {})
    }

    /// The same, with something that happens after each wait.
    pub fn with(clock: spectra_sandbox::Clock, meanwhile: impl Fn() + Send + Sync + 'static) -> Self {
        Self { clock, meanwhile: Box::new(meanwhile) }
    }
}

impl Clock for Simulated {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn sleep(&self, wait: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.clock.advance(wait);
            (self.meanwhile)();
        })
    }
}

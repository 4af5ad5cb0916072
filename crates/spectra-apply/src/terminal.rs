//! What the command is given by the world: where to write, what the environment says, where it stands.
//!
//! Nothing else in this crate asks for any of it, so that a test can give its own.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::sync::Arc;

use spectra_github::Clock;

/// The command's surroundings.
pub struct Terminal<'a> {
    /// Data goes here.
    pub stdout: &'a mut (dyn Write + Send),
    /// What is for people goes here.
    pub stderr: &'a mut (dyn Write + Send),
    /// Answers of people come from here; None where nobody can be asked.
    pub stdin: Option<&'a mut (dyn BufRead + Send)>,
    /// The environment's variables.
    pub environment: BTreeMap<String, String>,
    /// The folder that `.spectra/` is written in.
    pub folder: PathBuf,
    /// The process's id, which tells two runs of one second apart.
    pub process: u32,
    /// What time it is, and how it passes.
    pub clock: Arc<dyn Clock>,
    /// The clock of an in-process sandbox, which a run against that goes by; None is the machine's time, simulated waits
    /// aside.
    pub sandbox_clock: Option<spectra_sandbox::Clock>,
    /// Whether a progress bar may be drawn on the process's stderr.
    pub draws_progress: bool,
}

impl Terminal<'_> {
    /// A variable that is set and not empty.
    pub fn variable(&self, name: &str) -> Option<String> {
        self.environment.get(name).filter(|value| !value.is_empty()).cloned()
    }

    /// Writes data. A reader that went away is no failure.
    ///
    /// # Errors
    /// When the writer fails for any other reason.
    pub fn print(&mut self, text: &str) -> io::Result<()> {
        quietly(self.stdout.write_all(text.as_bytes()).and_then(|()| self.stdout.flush()))
    }

    /// Writes a line for people. That nobody reads it is no failure.
    pub fn say(&mut self, line: &str) {
        // Standard error is the last place to report to.
        drop(writeln!(self.stderr, "{line}"));
    }

    /// Asks a person; what they typed, without the line's end. None where nobody can be asked.
    pub fn ask(&mut self, question: &str) -> Option<String> {
        let stdin = self.stdin.as_mut()?;
        // Standard error is the last place to report to.
        drop(write!(self.stderr, "{question}").and_then(|()| self.stderr.flush()));
        let mut line = String::new();
        stdin.read_line(&mut line).ok().map(|_| line.trim_end_matches(['\r', '\n']).to_owned())
    }
}

fn quietly(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

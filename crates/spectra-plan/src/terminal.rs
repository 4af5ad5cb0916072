//! What a command is given: arguments, writers and surroundings. The process's own are read here, once.

use std::ffi::OsString;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;

use camino::Utf8PathBuf;

use crate::annotations;
use crate::launch::{Launcher, Processes};

/// Where a command writes, and what surrounds it.
pub struct Terminal<'t> {
    /// Data.
    pub stdout: &'t mut dyn Write,
    /// For people.
    pub stderr: &'t mut dyn Write,
    /// What surrounds the command.
    pub surroundings: Surroundings,
}

/// What surrounds a command. None of it changes a plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Surroundings {
    /// The working folder.
    pub folder: Utf8PathBuf,
    /// Whether messages are coloured.
    pub colour: bool,
    /// Where GitHub Actions reads what is written: the folder that it checked the repository out in. Mistakes are then
    /// annotated in the lines of its files.
    pub actions: Option<Utf8PathBuf>,
    /// The folder that the program lies in: its siblings are looked for there first.
    pub program_folder: Option<PathBuf>,
    /// The folders of `PATH`: siblings are looked for there next.
    pub path: Vec<PathBuf>,
    /// How many boards are worked on at once; one by one at 0.
    pub cores: usize,
}

impl Terminal<'_> {
    /// Writes data.
    ///
    /// # Errors
    /// When it can't be written. A reader that went away is no error.
    pub fn data(&mut self, text: &str) -> io::Result<()> {
        unless_closed(self.stdout.write_all(text.as_bytes()).and_then(|()| self.stdout.flush()))
    }

    /// Tells people. When even that fails there is nobody to tell.
    pub fn tell(&mut self, text: &str) {
        if self.surroundings.actions.is_some() {
            self.command(&annotations::harmless(text));
        } else {
            self.command(text);
        }
    }

    /// Writes for people what may hold commands for GitHub Actions.
    pub(crate) fn command(&mut self, text: &str) {
        let written = self.stderr.write_all(text.as_bytes()).and_then(|()| self.stderr.flush());
        drop(written);
    }
}

fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Runs a command with the process's own arguments, writers and surroundings.
pub fn on_this_terminal(
    command: impl FnOnce(Vec<OsString>, &mut Terminal<'_>, &mut dyn Launcher) -> u8,
) -> ExitCode {
    let mut stdout = io::stdout().lock();
    let mut stderr = io::stderr().lock();
    let no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let surroundings = Surroundings {
        folder: current_folder(),
        colour: stderr.is_terminal() && !no_colour && !dumb,
        actions: actions(),
        program_folder: std::env::current_exe().ok().and_then(|program| program.parent().map(Into::into)),
        path: std::env::split_paths(&path).collect(),
        cores: std::thread::available_parallelism().map_or(1, NonZero::get),
    };
    let mut terminal = Terminal { stdout: &mut stdout, stderr: &mut stderr, surroundings };
    ExitCode::from(command(std::env::args_os().collect(), &mut terminal, &mut Processes))
}

/// Where GitHub Actions runs this: the folder that it checked the repository out in (GitHub docs, "Variables
/// reference": `GITHUB_ACTIONS`, `GITHUB_WORKSPACE`).
fn actions() -> Option<Utf8PathBuf> {
    let runs = std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true");
    let folder = std::env::var_os("GITHUB_WORKSPACE").map(PathBuf::from);
    let folder =
        folder.and_then(|folder| Utf8PathBuf::from_path_buf(folder).ok()).unwrap_or_else(current_folder);
    runs.then_some(folder)
}

/// The working folder; where its name is not UTF-8, `.` means the same to every call that takes a path.
fn current_folder() -> Utf8PathBuf {
    let folder = std::env::current_dir().ok().and_then(|folder| Utf8PathBuf::from_path_buf(folder).ok());
    folder.unwrap_or_else(|| Utf8PathBuf::from("."))
}

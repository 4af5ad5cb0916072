//! Starting the sibling program. The only place where this crate starts a process.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::Command;

use crate::error::Error;
use crate::terminal::Surroundings;

/// A program to run, with the terminal handed on to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launch {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Whether nothing is left to do after it: it may take this process's place, and then gets its signals too.
    pub last: bool,
}

/// Something that runs programs.
pub trait Launcher {
    /// Runs a program to its end and gives its exit code.
    ///
    /// # Errors
    /// When it can't be started.
    fn launch(&mut self, launch: &Launch) -> io::Result<u8>;
}

/// Runs programs as processes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Processes;

impl Launcher for Processes {
    fn launch(&mut self, launch: &Launch) -> io::Result<u8> {
        let mut command = Command::new(&launch.program);
        command.args(&launch.args);
        if launch.last {
            return in_place(&mut command);
        }
        to_the_end(&mut command)
    }
}

fn to_the_end(command: &mut Command) -> io::Result<u8> {
    let code = command.status()?.code();
    // A program that a signal ended has no code.
    Ok(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}

#[cfg(unix)]
fn in_place(command: &mut Command) -> io::Result<u8> {
    use std::os::unix::process::CommandExt as _;

    Err(command.exec())
}

#[cfg(not(unix))]
fn in_place(command: &mut Command) -> io::Result<u8> {
    to_the_end(command)
}

/// The sibling of that name: beside this program, else in `PATH`.
pub(crate) fn sibling(name: &str, surroundings: &Surroundings) -> Result<PathBuf, Error> {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let folders = surroundings.program_folder.iter().chain(&surroundings.path);
    let found = folders.map(|folder| folder.join(&file)).find(|path| path.is_file());
    found.ok_or_else(|| Error::NoSibling { program: name.to_owned() })
}

//! The planning command and the `spectra` front door.
//!
//! [`run`] is `spectra-plan`: it reads manifests, calls the planner and writes the plan's files. [`spectra`] is the
//! front door, without logic of its own. Both get their writers and their surroundings as arguments. No part of this
//! crate opens a socket; what talks to GitHub is another program, which `launch` starts.

mod annotations;
mod baselines;
mod check;
mod cli;
mod command;
mod completions;
mod error;
mod files;
mod front_door;
mod launch;
mod man;
mod reading;
mod root;
mod schemas;
mod show;
mod terminal;

pub use self::cli::{plan_command, spectra_command};
pub use self::command::run;
pub use self::error::Exit;
pub use self::front_door::spectra;
pub use self::launch::{Launch, Launcher};
pub use self::terminal::{Surroundings, Terminal, on_this_terminal};

#[cfg(test)]
mod tests;

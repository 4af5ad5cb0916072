//! Makes and checks the generated files of this repository.
//!
//! Every generated file has one command here that writes it and, with `--check`, says whether what is committed is
//! what would be written. Nothing here is needed to build the product.

mod fragments;
mod prune;
mod published;
mod schema;
mod strip;

use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "xtask", about = "Makes and checks the generated files of this repository")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// GitHub's schema files, the shared fragments in the client's operations, and the published schemas that are made
    /// from others.
    Schema {
        /// GitHub's complete schema as GitHub publishes it; without it the whole schema stays as it is committed.
        #[arg(long, value_name = "SDL_FILE")]
        from: Option<PathBuf>,
        /// Write nothing; fail when a file is not what would be written.
        #[arg(long)]
        check: bool,
    },
}

/// What a task does with the files that it makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Intent {
    Write,
    Check,
}

/// A file that a task makes.
#[derive(Debug, PartialEq, Eq)]
struct Generated {
    path: PathBuf,
    text: String,
}

/// Runs a task; what it has to say goes to `messages`.
pub fn run(arguments: impl IntoIterator<Item = OsString>, messages: &mut dyn Write) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            say(messages, &error.render().to_string());
            return ExitCode::from(u8::from(error.use_stderr()).saturating_mul(64));
        }
    };
    let Task::Schema { from, check } = arguments.task;
    let intent = if check { Intent::Check } else { Intent::Write };
    match schema::run(&root(), from.as_deref(), intent) {
        Ok(stale) if stale.is_empty() => ExitCode::SUCCESS,
        Ok(stale) => {
            for path in stale {
                say(messages, &format!("out of date: {}", path.display()));
            }
            say(messages, "run `cargo xtask schema`");
            ExitCode::FAILURE
        }
        Err(error) => {
            say(messages, &with_causes(&error));
            ExitCode::FAILURE
        }
    }
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

/// A message that can't be delivered has nobody to miss it.
fn say(messages: &mut dyn Write, text: &str) {
    drop(writeln!(messages, "{}", text.trim_end()));
}

/// The folder of the workspace.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

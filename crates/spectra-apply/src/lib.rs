//! The applying command: observe, decide, show, execute, verify, leave evidence.
//!
//! [`run`] takes its surroundings as an argument and never ends the process, so that tests call what the program
//! calls. The rooms: `plan_folder` (the reviewed plan), `observe` (GitHub as it is), `run` (the order of things),
//! `execute` and `resolve` (sending), `recorder` and `local_lock` (locks and the board record), `ledger`,
//! `evidence_files` and `report` (what is left behind), `sandbox` (the GitHub in a box), `conformance` (whether GitHub is as
//! all of this takes it to be). What is to be done is decided
//! in `spectra-reconciler`.

mod cli;
mod command;
mod conformance;
mod error;
mod events;
mod evidence_files;
mod execute;
mod files;
mod github;
mod ledger;
mod local_lock;
mod lock;
mod observe;
mod plan_folder;
mod progress;
mod recorder;
mod recovery;
mod report;
mod resolve;
mod review;
mod run;
mod sandbox;
mod stop;
mod terminal;

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;
use clap::error::ErrorKind;
use spectra_github::SystemClock;
use tracing_subscriber::EnvFilter;

use self::cli::{Cli, Command, LogFormat, SandboxCommand};
pub use self::error::Kind;
pub use self::stop::Stop;
pub use self::terminal::Terminal;

/// The command line, for completions, man pages and the reference.
pub fn command() -> clap::Command {
    <Cli as clap::CommandFactory>::command()
}

/// The program: takes its surroundings from the process, stops on Ctrl-C and SIGTERM.
pub fn main() -> ExitCode {
    let mut stdout = anstream::AutoStream::auto(std::io::stdout());
    let mut stderr = anstream::AutoStream::auto(std::io::stderr());
    let mut stdin = std::io::BufReader::new(std::io::stdin());
    let is_asked = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    let mut terminal = Terminal {
        stdout: &mut stdout,
        stderr: &mut stderr,
        stdin: if is_asked { Some(&mut stdin) } else { None },
        environment: std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect(),
        folder: std::env::current_dir().unwrap_or_default(),
        process: std::process::id(),
        clock: Arc::new(SystemClock),
        sandbox_clock: None,
        draws_progress: std::io::stderr().is_terminal(),
    };
    ExitCode::from(run_with(std::env::args_os(), &mut terminal, &Stop::default(), Signals::Heard))
}

/// Runs the command with these arguments, the first being the program's name; the exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>, terminal: &mut Terminal<'_>, stop: &Stop) -> u8 {
    run_with(arguments, terminal, stop, Signals::Ignored)
}

/// Whether the process's signals stop the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signals {
    Heard,
    Ignored,
}

fn run_with(
    arguments: impl IntoIterator<Item = OsString>,
    terminal: &mut Terminal<'_>,
    stop: &Stop,
    signals: Signals,
) -> u8 {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return explain(&error, terminal),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            terminal.say(&format!("error: no threads to work with: {error}"));
            return Kind::Failed.exit_code();
        }
    };
    let result = runtime.block_on(async {
        if signals == Signals::Heard {
            tokio::spawn(listen(stop.clone()));
        }
        match &cli.command {
            Some(Command::Sandbox(args)) => match &args.command {
                Some(SandboxCommand::Show(args)) => sandbox::show(args, terminal).map(|()| 0),
                None => sandbox::serve(args, terminal, stop.idle()).await.map(|()| 0),
            },
            None => {
                if signals == Signals::Heard {
                    log(cli.board.log_format, terminal);
                }
                command::run(&cli.board, terminal, stop).await
            }
            Some(Command::Conformance(args)) => {
                if signals == Signals::Heard {
                    log(LogFormat::Text, terminal);
                }
                conformance::run(args, terminal, stop).await
            }
        }
    });
    match result {
        Ok(code) => code,
        Err(error) => {
            terminal.say(&format!("error: {error}"));
            error.kind().exit_code()
        }
    }
}

/// Help and version are data; a wrong command line is 64.
fn explain(error: &clap::Error, terminal: &mut Terminal<'_>) -> u8 {
    let text = error.render().to_string();
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return if terminal.print(&text).is_ok() { 0 } else { Kind::File.exit_code() };
    }
    terminal.say(text.trim_end());
    Kind::Usage.exit_code()
}

async fn listen(stop: Stop) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            for _ in 0..2 {
                tokio::select! {
                    _ = tokio::signal::ctrl_c() => {}
                    _ = terminate.recv() => {}
                }
                stop.ask();
            }
            return;
        }
    }
    for _ in 0..2 {
        if tokio::signal::ctrl_c().await.is_ok() {
            stop.ask();
        }
    }
}

fn log(format: LogFormat, terminal: &Terminal<'_>) {
    // Programs are told what happens; people see the report.
    let usual = match format {
        LogFormat::Text => "warn",
        LogFormat::Json => "info",
    };
    let filter = terminal.variable("SPECTRA_LOG").unwrap_or_else(|| usual.to_owned());
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new(usual));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second subscriber in one process is refused, and the first one then goes on.
    let _first_one_stays = match format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
}

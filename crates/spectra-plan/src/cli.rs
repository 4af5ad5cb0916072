//! The command lines.

use std::ffi::OsString;

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::terminal::Terminal;

/// Turn manifests into plans, offline.
///
/// Reads each manifest, checks it as a whole and writes plan.json, plan.md and plan.sha256 for each of its boards. One
/// bad manifest, and nothing is written for any.
#[derive(Debug, Parser)]
#[command(name = "spectra-plan", version, after_help = PLAN_EXAMPLES)]
pub(crate) struct PlanCommand {
    #[command(flatten)]
    pub(crate) args: PlanArgs,
}

const PLAN_EXAMPLES: &str = "Examples:
  spectra-plan config/projects/alana.yml
  spectra-plan config/projects/*.yml --check
  spectra-plan config/projects/alana.yml --project voice --format json

Exit codes: 0 done · 1 --check: out of date · 64 bad command line · 65 manifest refused · 74 file can't be read or written";

/// What planning takes.
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// The manifests
    #[arg(required = true, value_name = "MANIFEST")]
    pub(crate) manifests: Vec<Utf8PathBuf>,
    #[command(flatten)]
    pub(crate) place: Place,
    /// How diagnostics and results are shown
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Write nothing; exit 1 when what is on disk is not what would be written
    #[arg(long)]
    pub(crate) check: bool,
}

/// Where plans are made and which.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// The folder for the plans, one folder a board in it [default: .spectra/output/project]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<Utf8PathBuf>,
    /// The folder that paths in plans are relative to [default: the nearest above the manifest with spectra.toml, else
    /// with config/projects/, else the manifest's own]
    #[arg(long, value_name = "DIR")]
    pub(crate) root: Option<Utf8PathBuf>,
    /// Plan this project only; all are checked
    #[arg(long, value_name = "ID")]
    pub(crate) project: Option<String>,
}

/// How results are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs, on stdout
    Json,
}

/// Provision GitHub Projects from manifests.
#[derive(Debug, Parser)]
#[command(name = "spectra", version, after_help = SPECTRA_EXAMPLES)]
pub(crate) struct SpectraCommand {
    #[command(subcommand)]
    pub(crate) command: Topic,
}

const SPECTRA_EXAMPLES: &str = "Examples:
  spectra project up config/projects/alana.yml --sandbox --apply
  spectra project plan config/projects/alana.yml
  spectra project apply .spectra/output/project/voice --dry-run
  spectra schema manifest > manifest.schema.json";

#[derive(Debug, Subcommand)]
pub(crate) enum Topic {
    /// Plan and apply boards
    #[command(subcommand)]
    Project(ProjectCommand),
    /// Print one of the published JSON schemas
    Schema {
        /// Which one: manifest, plan
        name: String,
    },
    /// Print the completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProjectCommand {
    /// Turn manifests into plans, offline: `spectra-plan`
    #[command(after_help = PLAN_EXAMPLES)]
    Plan(PlanArgs),
    /// Apply a plan: runs `spectra-apply` with these arguments
    #[command(disable_help_flag = true)]
    Apply {
        /// What `spectra-apply` takes; see `spectra-apply --help`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENT")]
        args: Vec<OsString>,
    },
    /// Plan a manifest, then hand each plan to `spectra-apply`
    #[command(after_help = UP_EXAMPLES)]
    Up(UpArgs),
}

const UP_EXAMPLES: &str = "Examples:
  spectra project up config/projects/alana.yml
  spectra project up config/projects/alana.yml --sandbox --apply
  spectra project up config/projects/alana.yml --project voice --apply

Without one of the applier's modes nothing is changed: it shows what it would do.";

/// What `up` takes.
#[derive(Debug, Args)]
pub(crate) struct UpArgs {
    #[command(flatten)]
    pub(crate) place: Place,
    /// The manifest
    #[arg(value_name = "MANIFEST")]
    pub(crate) manifest: Utf8PathBuf,
    /// Handed on to `spectra-apply`: --dry-run, --apply, --sandbox, …
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "APPLIER'S FLAGS")]
    pub(crate) applier: Vec<OsString>,
}

/// Parses a command line. Where there is nothing to run, says so and gives the exit code.
pub(crate) fn parse<C: Parser>(args: Vec<OsString>, terminal: &mut Terminal<'_>) -> Result<C, u8> {
    C::try_parse_from(args).map_err(|error| {
        let rendered = error.render();
        if error.use_stderr() {
            let text =
                if terminal.surroundings.colour { rendered.ansi().to_string() } else { rendered.to_string() };
            terminal.tell(&text);
            crate::Exit::Usage.code()
        } else {
            // Help and version are what was asked for.
            match terminal.data(&rendered.to_string()) {
                Ok(()) => crate::Exit::Done.code(),
                Err(_) => crate::Exit::Files.code(),
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_lines_are_consistent() {
        PlanCommand::command().debug_assert();
        SpectraCommand::command().debug_assert();
    }
}

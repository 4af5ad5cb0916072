//! The command lines.

use std::ffi::OsString;

use camino::Utf8PathBuf;
use clap::{Args, CommandFactory as _, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::schemas::SchemaName;
use crate::terminal::Terminal;

/// The command line of `spectra-plan`, for completions, manual pages and the reference.
pub fn plan_command() -> clap::Command {
    PlanCommand::command()
}

/// The command line of `spectra`, for completions, manual pages and the reference.
pub fn spectra_command() -> clap::Command {
    SpectraCommand::command()
}

/// Turn manifests into plans, offline.
///
/// Reads each manifest with the files that it names, checks it as a whole and writes plan.json, plan.md and plan.sha256
/// for each of its boards. Every mistake is told at once, with file, line and column; one bad manifest, and nothing is
/// written for any.
#[derive(Debug, Parser)]
#[command(name = "spectra-plan", version, after_help = PLAN_EXAMPLES)]
pub(crate) struct PlanCommand {
    #[command(flatten)]
    pub(crate) args: PlanArgs,
}

const PLAN_EXAMPLES: &str = "\
Examples:
  spectra-plan config/projects/alana.yml
      Plan every board of a manifest, below .spectra/output/project
  spectra-plan config/projects/alana.yml --project voice --out plans
      Plan one board, below plans
  spectra-plan config/projects/*.yml --check
      In CI: fail when the plans on disk are not what would be written
  spectra-plan config/projects/*.yml --out plans --baseline main/plans
      In a pull request: compare with the plans of the main branch, and write plan.diff.md for its reviewer
  spectra-plan config/projects/alana.yml --baseline voice-before/plan.json
      Compare a board with one earlier plan
  spectra-plan config/projects/alana.yml --format json
      For programs: diagnostics and plans as JSON on stdout

In GitHub Actions mistakes are annotated in the manifest's lines too. No environment variable changes what is written.
Exit codes: 0 done, 1 --check: out of date, 64 command line, 65 manifest or baseline refused, 74 a file can't be
read or written.";

/// What planning takes.
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    /// The manifests
    #[arg(required = true, value_name = "MANIFEST")]
    pub(crate) manifests: Vec<Utf8PathBuf>,
    #[command(flatten)]
    pub(crate) place: Place,
    /// Compare with an earlier plan: a plan.json, its folder, or a folder with one for each board, as --out is; may be
    /// repeated. The plan's operations are then what differs from it, and plan.diff.json and plan.diff.md are written
    #[arg(long, value_name = "PLAN")]
    pub(crate) baseline: Vec<Utf8PathBuf>,
    /// How diagnostics and results are shown
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Write nothing; name the files on disk that are missing, out of date or superfluous, and exit 1 where there are any
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
    /// The configuration to read [default: spectra.toml in the root, where there is one]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<Utf8PathBuf>,
    /// Plan the board of this slug only; all are checked
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
///
/// One name for all commands: it plans by itself, as spectra-plan does, and starts spectra-apply for what talks to
/// GitHub, from the folder that it lies in, else from PATH.
#[derive(Debug, Parser)]
#[command(name = "spectra", version, after_help = SPECTRA_EXAMPLES)]
pub(crate) struct SpectraCommand {
    #[command(subcommand)]
    pub(crate) command: Topic,
}

const SPECTRA_EXAMPLES: &str = "\
Examples:
  spectra project up config/projects/alana.yml --sandbox --apply
      Try it: plan, and apply to a GitHub inside the process
  spectra project plan config/projects/alana.yml
      Plan, offline
  spectra project apply .spectra/output/project/voice --dry-run
      Show what applying the plan would change
  spectra schema manifest > manifest.schema.json
      The schema for an editor";

#[derive(Debug, Subcommand)]
pub(crate) enum Topic {
    /// Plan and apply boards
    #[command(subcommand, after_help = PROJECT_EXAMPLES)]
    Project(ProjectCommand),
    /// Print one of the published JSON Schemas
    ///
    /// An editor that knows them completes keys and explains mistakes while you type; programs validate by them. They
    /// are drafts 2020-12 and refer to nothing outside of themselves.
    #[command(after_help = SCHEMA_EXAMPLES)]
    Schema {
        /// Which one
        #[arg(value_enum)]
        name: SchemaName,
    },
    /// Print the completions for a shell
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
        /// The command that is completed
        #[arg(long, value_enum, value_name = "COMMAND", default_value_t = Completed::Spectra)]
        command: Completed,
    },
    /// Write the manual pages of all commands into a folder
    #[command(after_help = MAN_EXAMPLES)]
    Man {
        /// The folder; it is made where it isn't there
        #[arg(value_name = "DIR")]
        folder: Utf8PathBuf,
    },
}

const PROJECT_EXAMPLES: &str = "\
Examples:
  spectra project plan config/projects/alana.yml
  spectra project apply .spectra/output/project/voice
  spectra project up config/projects/alana.yml --apply";

const SCHEMA_EXAMPLES: &str = "\
Examples:
  spectra schema manifest > manifest.schema.json
      Then, as a manifest's first line: # yaml-language-server: $schema=manifest.schema.json
  spectra schema plan | check-jsonschema --schemafile /dev/stdin .spectra/output/project/voice/plan.json
      Validate with another program";

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  spectra completions bash > ~/.local/share/bash-completion/completions/spectra
  spectra completions zsh > ~/.zfunc/_spectra
  spectra completions fish > ~/.config/fish/completions/spectra.fish
  spectra completions bash --command spectra-plan > ~/.local/share/bash-completion/completions/spectra-plan
  spectra completions bash --command spectra-apply > ~/.local/share/bash-completion/completions/spectra-apply";

const MAN_EXAMPLES: &str = "\
Examples:
  spectra man ~/.local/share/man/man1
  man spectra-apply";

/// A command that completions can be printed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Completed {
    /// The front door
    Spectra,
    /// The planning command
    SpectraPlan,
    /// The applying command
    SpectraApply,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ProjectCommand {
    /// Turn manifests into plans, offline: spectra-plan
    ///
    /// Reads each manifest with the files that it names, checks it as a whole and writes plan.json, plan.md and
    /// plan.sha256 for each of its boards.
    #[command(after_help = PROJECT_PLAN_EXAMPLES)]
    Plan(PlanArgs),
    /// Apply a plan: runs spectra-apply with these arguments
    #[command(disable_help_flag = true, after_help = PROJECT_APPLY_EXAMPLES)]
    Apply {
        /// What spectra-apply takes; see spectra-apply --help
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENT")]
        args: Vec<OsString>,
    },
    /// Plan a manifest, then hand each plan to spectra-apply
    ///
    /// The planner's flags may stand anywhere; everything else after the manifest is the applier's. Without one of the
    /// applier's modes nothing is changed: it shows what it would do. Several boards go in turn. A
    /// board that ended with 1 and has edges to boards after it goes once more at the end. The worst exit code is the end.
    #[command(after_help = UP_EXAMPLES)]
    Up(UpArgs),
}

const PROJECT_PLAN_EXAMPLES: &str = "\
Examples:
  spectra project plan config/projects/alana.yml
  spectra project plan config/projects/*.yml --check
  spectra project plan config/projects/*.yml --baseline main/plans
  spectra project plan config/projects/alana.yml --project voice --format json";

const PROJECT_APPLY_EXAMPLES: &str = "\
Examples:
  spectra project apply .spectra/output/project/voice
  spectra project apply .spectra/output/project/voice --apply
  spectra project apply --help";

const UP_EXAMPLES: &str = "\
Examples:
  spectra project up config/projects/alana.yml
      Plan, and show what would change on GitHub
  spectra project up config/projects/alana.yml --sandbox --apply
      The same against a GitHub inside the process, and do it
  spectra project up config/projects/alana.yml --project voice --apply
      Plan one board and apply it";

/// What `up` takes.
#[derive(Debug, Args)]
pub(crate) struct UpArgs {
    #[command(flatten)]
    pub(crate) place: Place,
    /// The manifest
    #[arg(value_name = "MANIFEST")]
    pub(crate) manifest: Utf8PathBuf,
    /// Handed on to spectra-apply: --dry-run, --apply, --sandbox, …
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
    use super::*;

    #[test]
    fn the_command_lines_are_consistent() {
        plan_command().debug_assert();
        spectra_command().debug_assert();
    }

    /// Every command, with the words that lead to it.
    fn commands(command: &clap::Command, path: &str, into: &mut Vec<(String, clap::Command)>) {
        into.push((path.to_owned(), command.clone()));
        for inner in command.get_subcommands() {
            commands(inner, &format!("{path} {}", inner.get_name()), into);
        }
    }

    #[test]
    fn every_command_has_examples_that_it_takes() {
        let mut all = Vec::new();
        commands(&plan_command(), "spectra-plan", &mut all);
        commands(&spectra_command(), "spectra", &mut all);
        assert!(all.len() > 8);
        for (path, command) in all {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            let examples: Vec<&str> = help
                .lines()
                .filter_map(|line| line.strip_prefix("  "))
                .filter(|line| line.starts_with("spectra"))
                .collect();
            assert!(!examples.is_empty(), "{path} has no examples");
            for example in examples {
                let words =
                    example.split(" > ").next().unwrap_or_default().split(" | ").next().unwrap_or_default();
                let whole =
                    if words.starts_with("spectra-plan") { plan_command() } else { spectra_command() };
                let taken = whole.try_get_matches_from(words.split_whitespace());
                assert!(taken.is_ok(), "{path}: {example}: {taken:?}");
            }
        }
    }
}

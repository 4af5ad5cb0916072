//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  spectra-apply .spectra/output/project/voice
      Look at GitHub and show what an apply would change (a dry run)
  spectra-apply .spectra/output/project/voice --apply
      Change GitHub so that it holds what the plan says
  spectra-apply .spectra/output/project/voice --apply --sandbox
      The same against a GitHub inside this process: no token, no network
  spectra-apply .spectra/output/project/voice --dry-run --detailed-exitcode
      In CI: exit code 2 when the board has drifted
  spectra-apply .spectra/output/project/voice --destroy
      Take away what Spectra made for the board, after you typed its slug
  spectra-apply sandbox --listen 127.0.0.1:8080
      Serve that GitHub to any client
  spectra-apply conformance --owner octo-org --repository octo-org/sandbox
      See whether GitHub still behaves as Spectra takes it to

The token is read from GH_TOKEN, else GITHUB_TOKEN. For GitHub Enterprise set GITHUB_API_URL.

Exit codes:
   0  done
   1  failed
   2  there are changes (--detailed-exitcode)
  64  the command line is wrong
  65  the plan is refused
  69  GitHub is out of reach
  74  a file can't be read or written
  75  stopped part-way: run again
  77  not allowed
  78  refused for safety";

const SANDBOX_EXAMPLES: &str = "\
Examples:
  spectra-apply sandbox
      Serve on a free port; the first line on stdout is the URL
  spectra-apply sandbox --listen 127.0.0.1:8080 --seed seed.json --state github.json
      Begin with the owners and repositories of a file, and keep what is done in another
  spectra-apply sandbox show --project acme/1
      Print a board that is kept";

const SHOW_EXAMPLES: &str = "\
Examples:
  spectra-apply sandbox show
  spectra-apply sandbox show --state github.json --project acme/1";

const CONFORMANCE_EXAMPLES: &str = "\
Examples:
  spectra-apply conformance --owner octo-org --repository octo-org/sandbox
      Check GitHub; says what it will make and asks first
  spectra-apply conformance --owner octo-org --repository octo-org/sandbox --only project issue/title-256 --format json
      Some checks only, for programs
  spectra-apply conformance --list
      Print the checks and their sources; nothing is sent
  spectra-apply conformance --sandbox --owner acme --repository acme/roadmap
      Check the GitHub inside this process";

/// Applies a reviewed plan to a GitHub Projects board.
#[derive(Debug, Parser)]
#[command(
    name = "spectra-apply",
    version,
    after_help = EXAMPLES,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    disable_help_subcommand = true
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) board: BoardArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serves a GitHub in a box to any client, until it is interrupted.
    ///
    /// The first line on stdout is its URL. GraphQL is at /graphql, /api/graphql and /, REST below / and /api/v3. A
    /// folder that is called `sandbox` is written `./sandbox`. Faults, limits and the clock are switched while it runs
    /// at /_sandbox.
    #[command(after_help = SANDBOX_EXAMPLES)]
    Sandbox(SandboxArgs),
    /// Checks whether GitHub behaves as Spectra takes it to.
    ///
    /// Makes throwaway projects, issues, labels and milestones, looks how GitHub answers, and removes them again. It
    /// says what it will make and asks first. It ends by itself: a check that comes to no verdict within
    /// --check-timeout is not run, and the whole takes --timeout at most. Exit code 0: what could be looked at holds;
    /// 1: something differs or stays behind; 69: checks had no answer; 75: time was up; 77: the token may not.
    #[command(after_help = CONFORMANCE_EXAMPLES)]
    Conformance(ConformanceArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ConformanceArgs {
    /// Organisation or user to make the projects under.
    #[arg(long, value_name = "LOGIN", required_unless_present = "list")]
    pub(crate) owner: Option<String>,
    /// Repository to make the issues in, best one that nobody watches.
    #[arg(long, value_name = "OWNER/NAME", required_unless_present = "list")]
    pub(crate) repository: Option<String>,
    /// How to print what was found.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Go on without asking.
    #[arg(long)]
    pub(crate) yes: bool,
    /// Only these checks; a part before the slash means all of it.
    #[arg(long, value_name = "NAME", num_args = 1..)]
    pub(crate) only: Vec<String>,
    /// Print the checks and their sources; nothing is sent.
    #[arg(long)]
    pub(crate) list: bool,
    /// Pacing: `github`, `none` (loopback only), or a JSON file with windows.
    #[arg(long, value_name = "LIMITS", default_value = "github")]
    pub(crate) limits: String,
    /// Most that one check may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 180, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) check_timeout: u64,
    /// Most that the whole may take, the last quarter of it for removing what was made.
    #[arg(long, value_name = "SECONDS", default_value_t = 2_400, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) timeout: u64,
    /// Check the GitHub inside this process instead.
    #[arg(long)]
    pub(crate) sandbox: bool,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub(crate) struct SandboxArgs {
    #[command(subcommand)]
    pub(crate) command: Option<SandboxCommand>,
    /// Address to listen on; port 0 picks a free one.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,
    /// File that keeps what it holds.
    #[arg(long, value_name = "FILE", default_value = ".spectra/sandbox/github.json")]
    pub(crate) state: PathBuf,
    /// JSON file with the owners, repositories and people to begin with.
    #[arg(long, value_name = "FILE")]
    pub(crate) seed: Option<PathBuf>,
    /// JSON file with faults to answer with.
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,
    /// What is enforced: `github`, `none`, or a JSON file with windows.
    #[arg(long, value_name = "LIMITS", default_value = "github")]
    pub(crate) limits: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SandboxCommand {
    /// Prints a board that a sandbox holds, as text.
    #[command(after_help = SHOW_EXAMPLES)]
    Show(ShowArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// File that keeps what the sandbox holds.
    #[arg(long, value_name = "FILE", default_value = ".spectra/sandbox/github.json")]
    pub(crate) state: PathBuf,
    /// Which board; all of them when left out.
    #[arg(long, value_name = "OWNER/NUMBER")]
    pub(crate) project: Option<String>,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[command(group = ArgGroup::new("mode").args(["dry_run", "apply", "destroy"]))]
pub(crate) struct BoardArgs {
    /// Folder that spectra-plan wrote: plan.json, plan.md and plan.sha256.
    #[arg(value_name = "PLAN_DIR")]
    pub(crate) plan: Option<PathBuf>,
    /// Look and show what would be changed; the default.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Change GitHub.
    #[arg(long)]
    pub(crate) apply: bool,
    /// Take away what Spectra made for the board: its issues as the plan's `onRemove` says, then the board itself if Spectra
    /// made it. Labels, milestones and what people made stay. Shows what it will do, and asks for the board's slug.
    #[arg(long)]
    pub(crate) destroy: bool,
    /// With --destroy: go on without asking. SLUG is the board's.
    #[arg(long, value_name = "SLUG", requires = "destroy")]
    pub(crate) confirm: Option<String>,
    /// Make a new board even where the plan's is there. That one is marked as superseded and otherwise left; the issues
    /// are filed on the new one.
    #[arg(long, conflicts_with = "destroy")]
    pub(crate) force_new_project: bool,
    /// With a dry run: exit with 2 when there are changes.
    #[arg(long)]
    pub(crate) detailed_exitcode: bool,
    /// How to print the change set.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// SHA-256 that plan.json must have: 64 hexadecimal digits.
    #[arg(long, value_name = "HEX", value_parser = digest)]
    pub(crate) expect_sha256: Option<String>,
    /// The `.review.json` of a dry run: refuse the apply when GitHub has moved since so that something else would be done.
    #[arg(long, value_name = "FILE", requires = "apply")]
    pub(crate) reviewed: Option<PathBuf>,
    /// Take over what has the title of something in the plan and isn't Spectra's: the board and the issues, all of them; with
    /// KEY=URL only these, with both these and all that are clear. KEY is the key, or the slug for the board. Takes back issues that lost their marker, too.
    #[arg(long, value_name = "KEY=URL", num_args = 0..=1, default_missing_value = "")]
    pub(crate) adopt: Vec<String>,
    /// Make new things beside those of the same title that Spectra didn't make.
    #[arg(long, conflicts_with = "adopt")]
    pub(crate) no_adopt: bool,
    /// Write the plan's text over managed regions that people rewrote.
    #[arg(long)]
    pub(crate) overwrite_edits: bool,
    /// How many things may be closed, archived or deleted because the plan no longer has them [default: 10, or a tenth of
    /// all managed things where that is more].
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) max_deletes: Option<usize>,
    /// Let through what loses data: options, iterations and fields that items hold values in, replaced views, deleted
    /// issues. A recovery file with what is lost is written first.
    #[arg(long)]
    pub(crate) allow_destructive: bool,
    /// Pacing: `github`, `none` (loopback only), or a JSON file with windows.
    #[arg(long, value_name = "LIMITS", default_value = "github")]
    pub(crate) limits: String,
    /// Talk to a GitHub inside this process instead.
    #[arg(long)]
    pub(crate) sandbox: bool,
    /// File that keeps what the sandbox holds.
    #[arg(long, value_name = "FILE", default_value = ".spectra/sandbox/github.json", requires = "sandbox")]
    pub(crate) sandbox_state: PathBuf,
    /// How to write the log on stderr; its level is set by `SPECTRA_LOG`.
    #[arg(long, value_enum, default_value_t = LogFormat::Text)]
    pub(crate) log_format: LogFormat,
}

/// A SHA-256 as it is written.
fn digest(text: &str) -> Result<String, String> {
    let is_digest = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_digest { Ok(text.to_ascii_lowercase()) } else { Err("not 64 hexadecimal digits".to_owned()) }
}

/// How to print the change set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// How to write the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// For programs: one JSON object a line.
    Json,
}

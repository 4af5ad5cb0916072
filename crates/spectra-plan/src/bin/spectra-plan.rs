//! The `spectra-plan` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    spectra_plan::on_this_terminal(|args, terminal, _| spectra_plan::run(args, terminal))
}

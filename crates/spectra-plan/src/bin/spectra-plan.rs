//! The `spectra-plan` command.

use std::process::ExitCode;

/// docs/decisions/0009-allocator.md
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    spectra_plan::on_this_terminal(|args, terminal, _| spectra_plan::run(args, terminal))
}

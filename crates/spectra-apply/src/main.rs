//! The `spectra-apply` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    spectra_apply::main()
}

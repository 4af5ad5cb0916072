//! The `spectra` front door.

use std::process::ExitCode;

fn main() -> ExitCode {
    spectra_plan::on_this_terminal(spectra_plan::spectra)
}

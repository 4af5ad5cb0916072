//! `cargo xtask`: see the library.

use std::io;
use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::run(std::env::args_os(), &mut io::stderr().lock())
}

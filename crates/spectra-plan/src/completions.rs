//! Completions: of the commands that are made here by what they parse by; of the applier, which is another program, as
//! they are in `docs/completions/`. They are made by the tests of the workspace, the only place that sees every command.

use clap_complete::Shell;

use crate::cli::{self, Completed};

macro_rules! of_the_applier {
    ($($shell:ident = $name:literal),* $(,)?) => {
        /// The applier's completions. None for a shell that is newer than they are.
        fn of_the_applier(shell: Shell) -> Option<&'static str> {
            match shell {
                $(Shell::$shell => Some(include_str!(concat!("../../../docs/completions/spectra-apply.", $name))),)*
                _ => None,
            }
        }
    };
}

of_the_applier![Bash = "bash", Elvish = "elvish", Fish = "fish", PowerShell = "powershell", Zsh = "zsh",];

/// The script for a shell that completes a command.
pub(crate) fn script(shell: Shell, command: Completed) -> String {
    let (mut command, name) = match command {
        Completed::Spectra => (cli::spectra_command(), "spectra"),
        Completed::SpectraPlan => (cli::plan_command(), "spectra-plan"),
        Completed::SpectraApply => return of_the_applier(shell).unwrap_or_default().to_owned(),
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn each_shell_completes_each_command() {
        for shell in Shell::value_variants() {
            for command in Completed::value_variants() {
                let name = command.to_possible_value().unwrap().get_name().to_owned();
                let script = script(*shell, *command);
                assert!(script.contains(&name), "{shell} {name}");
                let option =
                    if *command == Completed::SpectraApply { "detailed-exitcode" } else { "baseline" };
                assert!(script.contains(option), "{shell} {name} completes {option}");
            }
        }
    }
}

//! The manual pages of all commands, the applier's among them, as they are in `docs/man/`.
//!
//! They are made from the command lines by the tests of the workspace, the only place that sees every command.

macro_rules! pages {
    ($($name:literal),* $(,)?) => {
        /// The pages by the names of their files.
        pub(crate) const PAGES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../../docs/man/", $name)))),*];
    };
}

pages![
    "spectra.1",
    "spectra-apply.1",
    "spectra-apply-conformance.1",
    "spectra-apply-sandbox.1",
    "spectra-apply-sandbox-show.1",
    "spectra-completions.1",
    "spectra-man.1",
    "spectra-plan.1",
    "spectra-project.1",
    "spectra-project-apply.1",
    "spectra-project-plan.1",
    "spectra-project-up.1",
    "spectra-schema.1",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_page_is_there() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/man");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(files, PAGES.iter().map(|(name, _)| (*name).to_owned()).collect());
    }
}

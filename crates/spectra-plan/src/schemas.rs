//! The published JSON Schemas, as they are in `schemas/`.

use clap::ValueEnum;

/// A published schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaName {
    /// A manifest
    Manifest,
    /// A file that a manifest includes
    Fragment,
    /// A file of field templates
    Fields,
    /// spectra.toml
    Config,
    /// plan.json
    Plan,
    /// plan.diff.json
    Diff,
    /// What the applier leaves behind: a run, a review, a recovery file, latest.json
    Evidence,
}

impl SchemaName {
    /// The schema's text.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Manifest => spectra_planner::MANIFEST_SCHEMA,
            Self::Fragment => spectra_planner::FRAGMENT_SCHEMA,
            Self::Fields => spectra_planner::FIELDS_SCHEMA,
            Self::Config => spectra_planner::CONFIG_SCHEMA,
            Self::Plan => spectra_planner::PLAN_SCHEMA,
            Self::Diff => spectra_planner::DIFF_SCHEMA,
            Self::Evidence => include_str!("../../../schemas/evidence.schema.json"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_gives_the_schema_of_that_name() {
        for name in SchemaName::value_variants() {
            let schema: serde_json::Value = serde_json::from_str(name.text()).unwrap();
            let word = name.to_possible_value().unwrap();
            let id = schema["$id"].as_str().unwrap();
            assert!(id.ends_with(&format!("/schemas/{}.schema.json", word.get_name())), "{id}");
        }
    }
}

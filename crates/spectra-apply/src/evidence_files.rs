//! Where evidence lies, and how a run finds the one before it.
//!
//! `.spectra/evidence/project-provisioning/<slug>/<started>.json`, `.md` and `.review.json`; the last run of each slug
//! is condensed in `latest.json` two folders up, for audits to take in.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Value, json};
use spectra_model::evidence::Evidence;
use spectra_model::id::ProjectSlug;
use spectra_model::json::to_document;

use crate::error::Error;
use crate::files::replace;

/// The evidence files of one run.
#[derive(Debug)]
pub(crate) struct EvidenceFiles {
    root: PathBuf,
    slug: ProjectSlug,
    stem: String,
}

impl EvidenceFiles {
    /// Chooses names for a run that begins now. The second of two runs in one second gets `-2`.
    pub(crate) fn new(folder: &Path, slug: &ProjectSlug, started: Timestamp) -> Self {
        let root = folder.join(".spectra").join("evidence").join("project-provisioning");
        let second = started.strftime("%Y%m%dT%H%M%SZ").to_string();
        let own = root.join(slug.as_str());
        let is_taken = |stem: &String| own.join(format!("{stem}.json")).exists();
        let stem = std::iter::once(second.clone())
            .chain((2_u32..1_000).map(|n| format!("{second}-{n}")))
            .find(|stem| !is_taken(stem))
            .unwrap_or(second);
        Self { root, slug: slug.clone(), stem }
    }

    /// The run's evidence file.
    pub(crate) fn path(&self) -> PathBuf {
        self.file("json")
    }

    fn file(&self, extension: &str) -> PathBuf {
        self.root.join(self.slug.as_str()).join(format!("{}.{extension}", self.stem))
    }

    /// The seal of the run before in the same folder, where there is one that can be read.
    pub(crate) fn previous(&self) -> Option<String> {
        let entries = fs::read_dir(self.root.join(self.slug.as_str())).ok()?;
        let latest = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter_map(|name| {
                let stem = name.strip_suffix(".json").filter(|stem| !stem.contains('.'))?;
                let (second, n) = stem.split_once('-').unwrap_or((stem, "1"));
                Some((second.to_owned(), n.parse::<u32>().ok()?, name.clone()))
            })
            .max()?;
        let bytes = fs::read(self.root.join(self.slug.as_str()).join(latest.2)).ok()?;
        let evidence: Evidence = serde_json::from_slice(&bytes).ok()?;
        evidence.seal().ok()
    }

    /// Writes the run's evidence, its summary for people, and the condensed line in `latest.json`.
    ///
    /// # Errors
    /// When a file can't be written.
    pub(crate) fn write(&self, evidence: &Evidence, summary: &str) -> Result<(), Error> {
        replace(&self.path(), &self.document(evidence)?)?;
        replace(&self.file("md"), summary)?;
        let latest = self.root.join("latest.json");
        let mut runs = fs::read(&latest)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok())
            .and_then(|mut value| value.get_mut("runs").map(Value::take))
            .and_then(|runs| if let Value::Object(runs) = runs { Some(runs) } else { None })
            .unwrap_or_default();
        runs.insert(self.slug.to_string(), condensed(evidence, &self.stem));
        replace(&latest, &self.document(&json!({"schemaVersion": 1, "runs": runs}))?)
    }

    /// Writes what a dry run decided, for `--reviewed`.
    ///
    /// # Errors
    /// When the file can't be written.
    pub(crate) fn write_review(&self, review: &Value) -> Result<PathBuf, Error> {
        let path = self.file("review.json");
        replace(&path, &self.document(review)?)?;
        Ok(path)
    }

    fn document<T: serde::Serialize>(&self, value: &T) -> Result<String, Error> {
        to_document(value)
            .map_err(|error| Error::Write { path: self.path(), source: std::io::Error::other(error) })
    }
}

fn condensed(evidence: &Evidence, stem: &str) -> Value {
    json!({
        "runId": evidence.run_id,
        "mode": evidence.mode,
        "actor": evidence.actor,
        "startedAt": evidence.started_at,
        "finishedAt": evidence.finished_at,
        "exitCode": evidence.exit_code,
        "project": evidence.project,
        "planSha256": evidence.plan_sha256,
        "counts": evidence.counts,
        "evidence": format!("{}/{stem}.json", evidence.slug),
    })
}

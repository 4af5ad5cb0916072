//! Where evidence lies, and how a run finds the one before it.
//!
//! `.spectra/evidence/project-provisioning/<slug>/<started>.json`, `.md` and `.review.json`; the last run of each slug
//! is condensed in `latest.json` two folders up, for audits to take in.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Value, json};
use spectra_model::evidence::Evidence;
use spectra_model::id::ProjectSlug;
use spectra_model::json::to_document;

use crate::error::Error;
use crate::files::replace;
use crate::review::Review;

/// The evidence files of one run.
#[derive(Debug)]
pub(crate) struct EvidenceFiles {
    root: PathBuf,
    slug: ProjectSlug,
    second: String,
    /// The name that this run took.
    stem: Option<String>,
    /// How many recovery files it has written.
    kept: u32,
}

impl EvidenceFiles {
    /// The files of a run that began at this time.
    pub(crate) fn new(folder: &Path, slug: &ProjectSlug, started: Timestamp) -> Self {
        let root = folder.join(".spectra").join("evidence").join("project-provisioning");
        Self {
            root,
            slug: slug.clone(),
            second: started.strftime("%Y%m%dT%H%M%SZ").to_string(),
            stem: None,
            kept: 0,
        }
    }

    fn file(&self, stem: &str, extension: &str) -> PathBuf {
        self.root.join(self.slug.as_str()).join(format!("{stem}.{extension}"))
    }

    /// Takes a name that no other run has. The second of two runs in one second gets `-2`.
    fn reserve(&mut self) -> Result<String, Error> {
        if let Some(stem) = &self.stem {
            return Ok(stem.clone());
        }
        let own = self.root.join(self.slug.as_str());
        let failed = |path: &Path, source| Error::Write { path: path.to_owned(), source };
        fs::create_dir_all(&own).map_err(|source| failed(&own, source))?;
        for n in 1_u32.. {
            let stem = if n == 1 { self.second.clone() } else { format!("{}-{n}", self.second) };
            let path = self.file(&stem, "json");
            match File::create_new(&path) {
                Ok(_) => {
                    self.stem = Some(stem.clone());
                    return Ok(stem);
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(source) => return Err(failed(&path, source)),
            }
        }
        Ok(self.second.clone())
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

    /// Writes down what destructive changes are about to lose; the file's path. A later pass of the same run adds a file.
    ///
    /// # Errors
    /// When it can't be written.
    pub(crate) fn keep(&mut self, lost: &Value) -> Result<PathBuf, Error> {
        let stem = self.reserve()?;
        self.kept = self.kept.saturating_add(1);
        let extension =
            if self.kept == 1 { "recovery.json".to_owned() } else { format!("recovery-{}.json", self.kept) };
        let path = self.file(&stem, &extension);
        replace(&path, &document(&path, lost)?)?;
        Ok(path)
    }

    /// Writes the run's evidence, its summary for people, what a dry run decided, and the condensed line in
    /// `latest.json`; the evidence's path.
    ///
    /// # Errors
    /// When a file can't be written.
    pub(crate) fn write(
        &mut self,
        evidence: &Evidence,
        summary: &str,
        review: Option<&Review>,
    ) -> Result<PathBuf, Error> {
        let stem = self.reserve()?;
        let path = self.file(&stem, "json");
        replace(&path, &document(&path, evidence)?)?;
        replace(&self.file(&stem, "md"), summary)?;
        if let Some(review) = review {
            let path = self.file(&stem, "review.json");
            replace(&path, &document(&path, review)?)?;
        }
        self.condense(evidence, &stem)?;
        Ok(path)
    }

    fn condense(&self, evidence: &Evidence, stem: &str) -> Result<(), Error> {
        let latest = self.root.join("latest.json");
        // Runs of several boards may end at once. The lock goes with the file's handle.
        let path = self.root.join("latest.lock");
        let failed = |source| Error::Write { path: path.clone(), source };
        let guard = File::create(&path).map_err(failed)?;
        guard.lock().map_err(failed)?;
        let mut runs = fs::read(&latest)
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok())
            .and_then(|mut value| value.get_mut("runs").map(Value::take))
            .and_then(|runs| if let Value::Object(runs) = runs { Some(runs) } else { None })
            .unwrap_or_default();
        runs.insert(self.slug.to_string(), condensed(evidence, stem));
        replace(&latest, &document(&latest, &json!({"schemaVersion": 1, "runs": runs}))?)
    }
}

fn document<T: serde::Serialize>(path: &Path, value: &T) -> Result<String, Error> {
    to_document(value)
        .map_err(|error| Error::Write { path: path.to_owned(), source: std::io::Error::other(error) })
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

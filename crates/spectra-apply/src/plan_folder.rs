//! A plan on disk: read only if its checksums hold, so that what was reviewed is what is applied.

use std::fs;
use std::path::{Path, PathBuf};

use spectra_model::json::sha256;
use spectra_model::plan::Plan;

use crate::error::Error;

/// A plan and the digest of its bytes.
#[derive(Debug)]
pub(crate) struct ReviewedPlan {
    /// The plan.
    pub(crate) plan: Plan,
    /// SHA-256 of plan.json.
    pub(crate) sha256: String,
}

/// Reads the plan in a folder.
///
/// # Errors
/// When a file is missing, when plan.json or plan.md is not what plan.sha256 says, or when it is not a plan of this
/// version; of one that isn't `expected` either, that is said.
pub(crate) fn read(folder: &Path, expected: Option<&str>) -> Result<ReviewedPlan, Error> {
    let path = folder.join("plan.json");
    if folder.is_file() {
        return Err(Error::NotAFolder { file: folder.to_owned() });
    }
    if !path.is_file() {
        return Err(Error::NoPlan { folder: folder.to_owned() });
    }
    let bytes = bytes_of(&path)?;
    let sums_path = folder.join("plan.sha256");
    let sums = bytes_of(&sums_path)?;
    let sums = Sums::read(&sums_path, &sums)?;
    let found = sums.check(&path, "plan.json", &bytes)?;
    let review = folder.join("plan.md");
    sums.check(&review, "plan.md", &bytes_of(&review)?)?;
    match Plan::parse(&bytes) {
        Ok(plan) => Ok(ReviewedPlan { plan, sha256: found }),
        Err(source) => {
            is_expected(&found, expected)?;
            Err(Error::Plan { path, source })
        }
    }
}

impl ReviewedPlan {
    /// Refuses a plan other than the one that was asked for.
    ///
    /// # Errors
    /// When it is another one.
    pub(crate) fn is_expected(&self, expected: Option<&str>) -> Result<(), Error> {
        is_expected(&self.sha256, expected)
    }
}

fn is_expected(found: &str, expected: Option<&str>) -> Result<(), Error> {
    match expected.filter(|expected| *expected != found) {
        None => Ok(()),
        Some(expected) => Err(Error::Unexpected { found: found.to_owned(), expected: expected.to_owned() }),
    }
}

fn bytes_of(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })
}

/// The lines of plan.sha256, as `sha256sum` writes and checks them.
struct Sums {
    path: PathBuf,
    lines: Vec<(String, String)>,
}

impl Sums {
    fn read(path: &Path, bytes: &[u8]) -> Result<Self, Error> {
        let broken = |problem: String| Error::Checksum { file: path.to_owned(), problem };
        let text = std::str::from_utf8(bytes).map_err(|error| broken(format!("it is not text ({error})")))?;
        let lines = text
            .lines()
            .map(|line| {
                let (sum, name) = line.split_once("  ")?;
                Some((name.to_owned(), sum.to_owned()))
            })
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| broken("a line of it is not `<sum>  <file>`".to_owned()))?;
        Ok(Self { path: path.to_owned(), lines })
    }

    /// The file's digest, once it is known to be the right one.
    fn check(&self, file: &Path, name: &str, bytes: &[u8]) -> Result<String, Error> {
        let found = sha256(bytes);
        match self.lines.iter().find(|(line, _)| line == name) {
            Some((_, sum)) if *sum == found => Ok(found),
            Some((_, sum)) => Err(Error::Checksum {
                file: file.to_owned(),
                problem: format!("its SHA-256 is {found} and should be {sum}"),
            }),
            None => Err(Error::Checksum {
                file: file.to_owned(),
                problem: format!("{} has no line for it", self.path.display()),
            }),
        }
    }
}

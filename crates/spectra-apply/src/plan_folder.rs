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
/// When a file is missing, when plan.json or plan.md is not what plan.sha256 says, when plan.json is not the one that
/// `expected` names, or when it is not a plan of this version.
pub(crate) fn read(folder: &Path, expected: Option<&str>) -> Result<ReviewedPlan, Error> {
    let path = folder.join("plan.json");
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
    if let Some(expected) = expected.filter(|expected| !expected.eq_ignore_ascii_case(&found)) {
        return Err(Error::Unexpected { found, expected: expected.to_owned() });
    }
    let plan = Plan::parse(&bytes).map_err(|source| Error::Plan { path, source })?;
    Ok(ReviewedPlan { plan, sha256: found })
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

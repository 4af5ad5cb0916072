//! The root: the folder that paths in a plan are relative to. The working folder plays no part in it.

use camino::{Utf8Path, Utf8PathBuf};

use crate::error::Error;

/// The file that marks a root, and says what is other there than in the manifests.
pub(crate) const CONFIG: &str = "spectra.toml";

/// The root of a manifest, which was named and has this real path.
pub(crate) fn of(
    manifest: &Utf8Path,
    real: &Utf8Path,
    named: Option<&Utf8Path>,
) -> Result<Utf8PathBuf, Error> {
    let Some(named) = named else { return Ok(found(real)) };
    let root = self::real(named)?;
    if real.starts_with(&root) {
        Ok(root)
    } else {
        Err(Error::OutsideRoot { manifest: manifest.to_owned(), root })
    }
}

/// The nearest folder above with `spectra.toml`, else the nearest with `config/projects`, else the manifest's own.
fn found(manifest: &Utf8Path) -> Utf8PathBuf {
    let above = || manifest.ancestors().skip(1);
    above()
        // Whatever it is: one that can't be read is reported, not passed over.
        .find(|folder| folder.join(CONFIG).symlink_metadata().is_ok())
        .or_else(|| above().find(|folder| folder.join("config/projects").is_dir()))
        .or_else(|| manifest.parent())
        .unwrap_or(manifest)
        .to_owned()
}

/// A path with its symbolic links followed.
pub(crate) fn real(path: &Utf8Path) -> Result<Utf8PathBuf, Error> {
    let real = path.canonicalize().map_err(|source| Error::Read { path: path.to_owned(), source })?;
    Utf8PathBuf::from_path_buf(real).map_err(|_not_utf8| Error::NotUtf8 { path: path.to_owned() })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn relative(manifest: &Utf8Path, root: Option<&Utf8Path>) -> Result<String, Error> {
        let real = real(manifest)?;
        Ok(crate::files::relative(&of(manifest, &real, root)?, &real))
    }

    #[test]
    fn the_nearest_marked_folder_is_the_root() {
        let folder = tempfile::tempdir().unwrap();
        let top = Utf8Path::from_path(folder.path()).unwrap();
        fs::create_dir_all(top.join("a/config/projects/deep")).unwrap();
        let manifest = top.join("a/config/projects/deep/m.yml");
        fs::write(&manifest, "").unwrap();
        assert_eq!(relative(&manifest, None).unwrap(), "config/projects/deep/m.yml");
        fs::write(top.join("spectra.toml"), "").unwrap();
        assert_eq!(relative(&manifest, None).unwrap(), "a/config/projects/deep/m.yml");
        assert_eq!(relative(&manifest, Some(&top.join("a"))).unwrap(), "config/projects/deep/m.yml");
        fs::create_dir(top.join("b")).unwrap();
        assert!(matches!(relative(&manifest, Some(&top.join("b"))), Err(Error::OutsideRoot { .. })));
    }

    #[test]
    fn an_unmarked_manifest_is_its_own_root() {
        let folder = tempfile::tempdir().unwrap();
        let manifest = Utf8Path::from_path(folder.path()).unwrap().join("m.yml");
        fs::write(&manifest, "").unwrap();
        assert_eq!(relative(&manifest, None).unwrap(), "m.yml");
    }
}

//! A file that another one names: where it is to be found, and what to say when it is not to be had.

use crate::code::Code;
use crate::files::{Files, Looked};
use crate::glob::Listed;
use crate::limits::{FILES, FOLDER_ENTRIES, PATH_BYTES, TOTAL_BYTES};
use crate::path::{self, PathError};
use crate::report::Report;
use crate::sources::{Need, Refusal, RootId};
use crate::span::{FileId, Span};

/// The files of one root, as those that name them see them.
pub(crate) struct Links<'a> {
    pub(crate) files: &'a mut Files,
    pub(crate) root: RootId,
    pub(crate) report: &'a mut Report,
    pub(crate) needs: &'a mut std::collections::BTreeSet<Need>,
}

impl Links<'_> {
    /// A written path as one from the root. None where it can't be one, which is reported.
    pub(crate) fn resolve(&mut self, written: &str, span: Span) -> Option<String> {
        let error = match path::resolve(self.files.path(span.file), written) {
            Ok(path) => return Some(path),
            Err(error) => error,
        };
        let (code, message, help) = match error {
            PathError::Empty => {
                (Code::BadPath, "the path is empty".to_owned(), "write the path of a file".to_owned())
            }
            PathError::TooLong => (
                Code::TooMuchInput,
                format!("this path has {} bytes, and {PATH_BYTES} are read", written.len()),
                "write a shorter path".to_owned(),
            ),
            PathError::IllFormed => (
                Code::BadPath,
                format!("`{written}` is not a path"),
                "write names with `/` between them, and a file's at the end".to_owned(),
            ),
            PathError::Absolute => (
                Code::OutsideRoot,
                format!("`{written}` is an absolute path"),
                format!("write it relative to {}", self.files.path(span.file)),
            ),
            PathError::Outside => (
                Code::OutsideRoot,
                format!("`{written}` leaves the root"),
                "name a file below the root, or name a higher folder with --root".to_owned(),
            ),
        };
        self.report.say(code, span, message, help);
        None
    }

    /// The file at a path from the root. None where it must be asked for first, or isn't to be had, which is reported.
    pub(crate) fn find(
        &mut self,
        noun: &str,
        (written, path): (&str, &str),
        span: Span,
        most: u64,
    ) -> Option<FileId> {
        match self.files.file(self.root, path, most) {
            Looked::Found(file) => Some(file),
            Looked::Ask(need) => {
                self.needs.insert(need);
                None
            }
            Looked::Refused(Refusal::Missing) => {
                let help = self.what_is_there(path)?;
                let message = format!("there is no file `{written}`");
                self.report.say(Code::MissingFile, span, message, help);
                None
            }
            Looked::Refused(refusal) => {
                refused(&refusal, noun, written, span, most, self.report);
                None
            }
        }
    }

    /// What to say when a path leads nowhere. None where the folder must be listed first.
    fn what_is_there(&mut self, path: &str) -> Option<String> {
        let folder = path::folder(path);
        match self.files.folder(self.root, folder) {
            Looked::Ask(need) => {
                self.needs.insert(need);
                None
            }
            Looked::Refused(Refusal::Missing | Refusal::NotAFile(_)) => {
                Some(format!("there is no folder {folder}"))
            }
            Looked::Refused(_) => Some(format!("it was looked for as {path}")),
            Looked::Found(listed) => {
                let otherwise = format!("it was looked for as {path}");
                Some(nearest(self.report, path::name(path), listed, &otherwise))
            }
        }
    }
}

/// "did you mean …?" by the names in a folder.
pub(crate) fn nearest(report: &mut Report, name: &str, listed: &[Listed], otherwise: &str) -> String {
    report.did_you_mean(name, listed.iter().map(|entry| entry.name.as_str()), otherwise)
}

/// Reports why a file is not to be had.
pub(crate) fn refused(refusal: &Refusal, noun: &str, path: &str, span: Span, most: u64, report: &mut Report) {
    let (code, message, help) = match refusal {
        Refusal::Missing => {
            (Code::MissingFile, format!("there is no file `{path}`"), "create it, or leave it out".to_owned())
        }
        Refusal::Outside => (
            Code::OutsideRoot,
            format!("`{path}` is a symbolic link that leads out of the root"),
            "put the file itself below the root, or name a higher folder with --root".to_owned(),
        ),
        Refusal::NotAFile(what) => {
            (Code::NotAFile, format!("`{path}` is {what}"), format!("{noun} must be a file"))
        }
        Refusal::TooLarge => (
            Code::TooMuchInput,
            format!("`{path}` has more than {most} bytes"),
            format!("{noun} may have {most} bytes at most: split it"),
        ),
        Refusal::TooMuchInAll => (
            Code::TooMuchInput,
            format!("with `{path}` the files have more than {TOTAL_BYTES} bytes in all"),
            "plan fewer manifests at once, or split them".to_owned(),
        ),
        Refusal::TooManyFiles => (
            Code::TooMuchInput,
            format!("with `{path}` there are more than {FILES} files"),
            "plan fewer manifests at once, or put texts into the manifest".to_owned(),
        ),
        Refusal::Unreadable(why) => (
            Code::UnreadableFile,
            format!("`{path}` can't be read: {why}"),
            "see to it that whoever plans may read it".to_owned(),
        ),
    };
    report.say(code, span, message, help);
}

/// Reports why a folder that a glob leads into can't be looked into.
pub(crate) fn folder_refused(
    refusal: &Refusal,
    written: &str,
    folder: &str,
    span: Span,
    report: &mut Report,
) {
    let (code, message, help) = match refusal {
        Refusal::Missing | Refusal::NotAFile(_) => {
            (Code::EmptyGlob, format!("`{written}` matches no file"), format!("there is no folder {folder}"))
        }
        Refusal::Outside => (
            Code::OutsideRoot,
            format!("`{written}` leads into {folder}, a symbolic link out of the root"),
            "name folders below the root".to_owned(),
        ),
        Refusal::TooLarge | Refusal::TooMuchInAll | Refusal::TooManyFiles => (
            Code::TooMuchInput,
            format!("`{written}` leads into {folder}, which has more than {FOLDER_ENTRIES} entries"),
            "name a folder of its own for fragments".to_owned(),
        ),
        Refusal::Unreadable(why) => (
            Code::UnreadableFile,
            format!("`{written}` leads into {folder}, which can't be read: {why}"),
            "see to it that whoever plans may read it".to_owned(),
        ),
    };
    report.say(code, span, message, help);
}

//! Which fragments a manifest is made of, in the order in which they are joined.
//!
//! The includer first, then what it includes, each followed by what that includes; globs in the order of bytes. A file
//! that several ways lead to stands where it is met first, once.

use std::collections::BTreeSet;

use crate::code::Code;
use crate::files::{self, Looked};
use crate::glob::{self, Glob, Matches};
use crate::limits::{FRAGMENTS, GLOB_FOLDERS, GLOB_LOOKS, INCLUDE_DEPTH};
use crate::link::{self, Links};
use crate::schema::{Parts, Shape};
use crate::span::{FileId, Span};

/// The files of a manifest, itself first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gathered {
    pub(crate) files: Vec<FileId>,
    pub(crate) parts: Parts,
}

/// Gathers what a manifest includes. It is complete when nothing more is needed.
pub(crate) fn gather(manifest: FileId, links: Links<'_>) -> Gathered {
    let mut walk = Walk {
        links,
        chain: Vec::new(),
        files: Vec::new(),
        seen: BTreeSet::new(),
        all_read: true,
        full: false,
    };
    walk.visit(manifest, Shape::Manifest);
    let parts = match walk.files.len() {
        _ if !walk.all_read => Parts::NotAll,
        0 | 1 => Parts::One,
        _ => Parts::Several,
    };
    Gathered { files: walk.files, parts }
}

struct Walk<'a> {
    links: Links<'a>,
    /// The files from the manifest to the one that is looked at.
    chain: Vec<FileId>,
    files: Vec<FileId>,
    seen: BTreeSet<FileId>,
    all_read: bool,
    /// Whether it was reported that there are too many.
    full: bool,
}

impl Walk<'_> {
    fn visit(&mut self, file: FileId, shape: Shape) {
        self.seen.insert(file);
        let Some(tree) = self.links.files.tree(file, shape) else {
            self.all_read = false;
            return;
        };
        self.all_read &= tree.readable("includes");
        let listed = tree.get("includes").map(crate::yaml::Node::items).unwrap_or_default();
        self.all_read &= listed.iter().all(|item| item.sound);
        let sound = listed.iter().filter(|item| item.sound);
        let written: Vec<(String, Span)> =
            sound.filter_map(|item| Some((item.scalar()?.text.clone(), item.span))).collect();
        self.files.push(file);
        self.chain.push(file);
        for (written, span) in written {
            self.include(&written, span);
        }
        self.chain.pop();
    }

    fn include(&mut self, written: &str, span: Span) {
        let paths = self.links.resolve(written, span).and_then(|path| self.paths(written, path, span));
        let Some(paths) = paths else {
            self.all_read = false;
            return;
        };
        let is_glob = glob::is_glob(written);
        for path in paths {
            if self.full {
                return;
            }
            let named = if is_glob { path.as_str() } else { written };
            let most = files::most(Shape::Fragment);
            match self.links.find("a fragment", (named, &path), span, most) {
                Some(file) => self.enter(file, span, is_glob),
                None => self.all_read = false,
            }
        }
    }

    /// The files that a written path means. None where that isn't known yet, or is none, which is reported.
    fn paths(&mut self, written: &str, path: String, span: Span) -> Option<Vec<String>> {
        if !glob::is_glob(written) {
            return Some(vec![path]);
        }
        let glob = match Glob::parse(&path) {
            Ok(glob) => glob,
            Err(why) => {
                let message = format!("`{written}` is not a glob that is read here");
                self.links.report.say(Code::BadPath, span, message, why);
                return None;
            }
        };
        let root = self.links.root;
        if let Some(known) = self.links.files.followed(root, &path) {
            return Some(known.to_vec());
        }
        let mut looks = self.links.files.glob_looks;
        let files = &*self.links.files;
        let matches = glob.follow(&mut looks, |folder| match files.folder(root, folder) {
            Looked::Found(listed) => Some(Ok(listed)),
            Looked::Refused(refusal) => Some(Err(refusal)),
            Looked::Ask(_) => None,
        });
        self.links.files.glob_looks = looks;
        match matches {
            Matches::Files(found) if found.is_empty() => {
                let help = "put a file there, or leave the glob out";
                self.links.report.say(Code::EmptyGlob, span, format!("`{written}` matches no file"), help);
                None
            }
            Matches::Files(found) => {
                let found: Vec<String> = found.into_iter().collect();
                self.links.files.follow(root, path, found.clone());
                Some(found)
            }
            Matches::Needs(folders) => {
                for folder in folders {
                    if let Looked::Ask(need) = self.links.files.folder(root, &folder) {
                        self.links.needs.insert(need);
                    }
                }
                None
            }
            Matches::Failed(folder, refusal) => {
                link::folder_refused(&refusal, written, &folder, span, self.links.report);
                None
            }
            Matches::TooMuch => {
                let message =
                    format!("with `{written}` globs look at more than {GLOB_LOOKS} entries of folders");
                let help = "write fewer and simpler globs, or plan fewer manifests at once";
                self.links.report.say(Code::TooMuchInput, span, message, help);
                None
            }
            Matches::TooBroad => {
                let message = format!("`{written}` leads into more than {GLOB_FOLDERS} folders");
                self.links.report.say(
                    Code::TooMuchInput,
                    span,
                    message,
                    "name the folder that the fragments are in",
                );
                None
            }
        }
    }

    fn enter(&mut self, file: FileId, span: Span, by_glob: bool) {
        if let Some(from) = self.chain.iter().position(|one| *one == file) {
            self.all_read = false;
            let chain = self.chain.iter().skip(from).chain([&file]);
            let names: Vec<&str> = chain.map(|one| self.links.report.name(*one)).collect();
            let message = format!("these include each other: {}", names.join(" → "));
            let help = if by_glob { "let the glob match less" } else { "take one of the includes out" };
            self.links.report.say(Code::IncludeCycle, span, message, help);
        } else if !self.seen.contains(&file) {
            let (message, help) = if self.chain.len() > INCLUDE_DEPTH {
                (
                    format!(
                        "this is number {} in its chain of fragments, and {INCLUDE_DEPTH} are read",
                        self.chain.len()
                    ),
                    "include it further up",
                )
            } else if self.seen.len() > FRAGMENTS {
                (format!("the manifest has more than {FRAGMENTS} fragments"), "put several into one file")
            } else {
                return self.visit(file, Shape::Fragment);
            };
            self.all_read = false;
            if !self.full {
                self.full = true;
                self.links.report.say(Code::TooMuchInput, span, message, help);
            }
        }
    }
}

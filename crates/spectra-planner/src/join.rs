//! Each manifest as one tree: fragments gathered and joined, settings, texts and templates taken over, nothing missing.
//!
//! It goes as far as what is known allows. What was found on a way that was not gone to its end is forgotten, and found
//! again the next time.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{self, BoardNumber};
use crate::include::{self, Gathered};
use crate::link::Links;
use crate::linked;
use crate::merge;
use crate::report::Report;
use crate::schema::{Parts, Shape};
use crate::sources::{Need, RootId, Sources};
use crate::span::FileId;
use crate::yaml::Node;

/// A manifest with everything that belongs to it.
pub(crate) struct Joined {
    /// The manifest itself.
    pub(crate) file: FileId,
    /// None where the manifest can't be read, which was reported.
    pub(crate) tree: Option<Node>,
    /// The board that `spectra.toml` names.
    pub(crate) number: Option<BoardNumber>,
    /// Every file that had a part in it.
    pub(crate) used: BTreeSet<FileId>,
    pub(crate) report: Report,
}

/// Joins every manifest. Where something is needed first the result is of no use.
pub(crate) fn join(sources: &mut Sources, needs: &mut BTreeSet<Need>) -> Vec<Joined> {
    let manifests = sources.manifests.clone();
    let mut gathered = Vec::with_capacity(manifests.len());
    for (root, file) in manifests {
        let mut report = Report::new(sources.files.names());
        let links = Links { files: &mut sources.files, root, report: &mut report, needs };
        let found = include::gather(file, links);
        gathered.push((root, file, found, report));
    }
    if needs.is_empty() {
        for (root, _, found, _) in &gathered {
            ask(sources, *root, found, needs);
        }
    }
    if !needs.is_empty() {
        return Vec::new();
    }
    let mut uses: BTreeMap<(FileId, Shape), usize> = BTreeMap::new();
    for (_, _, found, _) in &gathered {
        for part in parts(found) {
            *uses.entry(part).or_default() += 1;
        }
    }
    let joined = gathered
        .into_iter()
        .map(|(root, file, found, report)| one(sources, root, file, &found, report, &mut uses));
    joined.collect()
}

/// The files of a manifest with what each is.
fn parts(found: &Gathered) -> impl Iterator<Item = (FileId, Shape)> {
    let shapes = std::iter::once(Shape::Manifest).chain(std::iter::repeat(Shape::Fragment));
    found.files.iter().copied().zip(shapes)
}

/// Asks for the texts and templates that the files of a manifest name. A file that names one names it alike when joined.
fn ask(sources: &mut Sources, root: RootId, found: &Gathered, needs: &mut BTreeSet<Need>) {
    let mut unheard = Report::new(sources.files.names());
    for (file, shape) in parts(found) {
        let Some(mut tree) = sources.files.take_tree(file, shape, true) else { continue };
        linked::ask(&mut tree, Links { files: &mut sources.files, root, report: &mut unheard, needs });
        sources.files.put_tree(file, shape, tree);
    }
}

fn one(
    sources: &mut Sources,
    root: RootId,
    file: FileId,
    found: &Gathered,
    mut report: Report,
    uses: &mut BTreeMap<(FileId, Shape), usize>,
) -> Joined {
    report.know(sources.files.names());
    let mut trees = Vec::with_capacity(found.files.len());
    for part in parts(found) {
        let left = uses.entry(part).or_default();
        *left = left.saturating_sub(1);
        let is_last = *left == 0;
        trees.extend(sources.files.take_tree(part.0, part.1, is_last));
    }
    let mut used: BTreeSet<FileId> = found.files.iter().copied().collect();
    let mut number = None;
    // Where the manifest itself can't be read there is no file at all.
    let merge::Merged { mut tree, left_out } = merge::merge(trees, &mut report);
    let parts = if left_out { Parts::NotAll } else { found.parts };
    if let Some(tree) = &mut tree {
        if let Some(config) = sources.config(root) {
            used.insert(config);
            number = config::apply(tree, sources.files.tree(config, Shape::Config), &mut report);
        }
        let mut nothing = BTreeSet::new();
        let links = Links { files: &mut sources.files, root, report: &mut report, needs: &mut nothing };
        used.extend(linked::fill(tree, links));
        sources.files.shapes().complete(tree, parts, &mut report);
        debug_assert!(nothing.is_empty() || parts == Parts::NotAll, "everything was asked for");
    }
    Joined { file, tree, number, used, report }
}

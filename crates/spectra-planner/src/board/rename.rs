//! Old keys of issues: what an author declares, and what follows from it for everything below; and every key once more
//! under each id that the project had before.

use std::collections::{BTreeMap, BTreeSet};

use spectra_model::id::{IssueKey, ProjectSlug};

use crate::backlog::{Backlog, Entry};
use crate::code::Code;
use crate::report::Report;
use crate::span::Span;

/// The old keys of each issue of the backlog, in its order: its own first, then those that its parents moved from, then
/// all of them under the project's old ids.
pub(super) fn renames(
    slug: Option<&ProjectSlug>,
    old_slugs: &[ProjectSlug],
    backlog: &Backlog<'_>,
    report: &mut Report,
) -> Vec<Vec<IssueKey>> {
    let declared = declared(backlog, report);
    let mut claimed = BTreeSet::new();
    let key = |slug: &ProjectSlug, path: &str| IssueKey::new(format!("{slug}/{path}"));
    backlog
        .entries
        .iter()
        .map(|entry| {
            let own = entry.issue.renamed_from.iter().map(|old| old.value.clone());
            let free =
                |path: &String| !declared.contains(path.as_str()) && !backlog.by_path.contains_key(path);
            let inherited =
                inherited(backlog, entry).filter(free).filter(|path| claimed.insert(path.clone()));
            let paths: Vec<String> = own.chain(inherited).collect();
            let under_slug = slug.into_iter().flat_map(|slug| paths.iter().map(|path| key(slug, path)));
            let under_old = old_slugs
                .iter()
                .flat_map(|old| std::iter::once(&entry.path).chain(&paths).map(|path| key(old, path)));
            under_slug.chain(under_old).collect()
        })
        .collect()
}

/// The declared old paths; reports those that are still in use or claimed twice.
fn declared<'m>(backlog: &Backlog<'m>, report: &mut Report) -> BTreeSet<&'m str> {
    let mut claims: BTreeMap<&str, Span> = BTreeMap::new();
    for entry in &backlog.entries {
        for old in &entry.issue.renamed_from {
            let (message, help) = if old.value == entry.path {
                (
                    format!("`{}` is the issue's own path", old.value),
                    "name the path that it had before".to_owned(),
                )
            } else if let Some(other) =
                backlog.by_path.get(&old.value).and_then(|at| backlog.entries.get(*at))
            {
                (
                    format!("`{}` can't be an old path: an issue still has it", old.value),
                    format!("it stands in {}", report.line(other.issue.place(), old.span)),
                )
            } else if let Some(first) = claims.insert(old.value.as_str(), old.span) {
                (
                    format!("`{}` is claimed as an old path twice", old.value),
                    format!("it is claimed in {} already", report.line(first, old.span)),
                )
            } else {
                continue;
            };
            report.say(Code::BadRename, old.span, message, help);
        }
    }
    claims.into_keys().collect()
}

/// Where an issue was when its parents were where they say they were.
fn inherited<'b>(backlog: &'b Backlog<'_>, entry: &'b Entry<'_>) -> impl Iterator<Item = String> + 'b {
    backlog.ancestors(entry).flat_map(move |above| {
        let below = entry.path.strip_prefix(above.path.as_str()).filter(|rest| rest.starts_with('/'));
        let old_paths = above.issue.renamed_from.iter();
        old_paths.filter_map(move |old| below.map(|below| format!("{}{below}", old.value)))
    })
}

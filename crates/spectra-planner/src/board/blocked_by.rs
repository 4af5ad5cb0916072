//! Dependencies: what they mean, whether they close on themselves, and whether they point at a later stage.
//!
//! Each becomes a blocked-by link of the plan.

use std::collections::BTreeMap;

use spectra_model::limits::LINKS_PER_RELATIONSHIP;
use spectra_model::plan::{IssueRef, Link};

use super::boards::Keys;
use crate::backlog::{Backlog, Entry, Stage};
use crate::code::Code;
use crate::manifest::Text;
use crate::report::{Report, Scope};

/// An issue's dependencies: the place of each in the backlog, and where it is written.
pub(super) type Edges<'m> = Vec<Vec<(usize, &'m Text)>>;

/// Reports every dependency that can't be; what each issue waits for, by its place in the backlog.
pub(super) fn check<'m>(backlog: &Backlog<'m>, report: &mut Report) -> Edges<'m> {
    let mut edges: Edges<'m> = Vec::with_capacity(backlog.entries.len());
    let mut blocking = vec![0_usize; backlog.entries.len()];
    for entry in &backlog.entries {
        let mut outgoing: Vec<(usize, &Text)> = Vec::new();
        // What a draft can't have was reported.
        let written = entry.issue.depends_on.iter().filter(|_| !entry.issue.draft);
        for written in written {
            let Some((index, target)) = resolve(backlog, entry, written, report) else { continue };
            if target.issue.draft {
                report.say(
                    Code::BadDraft,
                    written.span,
                    format!("`{}` is a draft, and no issue can wait for a draft", target.path),
                    "take the dependency out, or make an issue of the draft",
                );
            } else if outgoing.iter().any(|(other, _)| *other == index) {
                report.say(
                    Code::RepeatedDependency,
                    written.span,
                    format!("`{}` is named twice", target.path),
                    "GitHub has one link between two issues: take one of them out",
                );
            } else if !is_later(entry, target, written, report) {
                outgoing.push((index, written));
                blocks(&mut blocking, index, target, written, report);
            }
        }
        if let Some((_, first_too_many)) = outgoing.get(LINKS_PER_RELATIONSHIP) {
            report.say(
                Code::TooMany,
                first_too_many.span,
                format!(
                    "this issue waits for {}, and GitHub allows {LINKS_PER_RELATIONSHIP}",
                    outgoing.len()
                ),
                "let it wait for an issue above several of them",
            );
        }
        edges.push(outgoing);
    }
    cycles(backlog, &edges, report);
    edges
}

/// Counts what waits for an issue, and reports the first that is too many.
fn blocks(blocking: &mut [usize], index: usize, target: &Entry<'_>, written: &Text, report: &mut Report) {
    let Some(count) = blocking.get_mut(index) else { return };
    *count += 1;
    if *count == LINKS_PER_RELATIONSHIP + 1 {
        report.say(
            Code::TooMany,
            written.span,
            format!(
                "more than {LINKS_PER_RELATIONSHIP} issues wait for `{}`, and GitHub allows no more",
                target.path
            ),
            "let them wait for an issue above it, or let the issue above them wait",
        );
    }
}

/// The edges from a board's issues, in the order of the issues that wait.
pub(super) fn links(edges: &Edges<'_>, keys: &Keys<'_>, board: usize) -> Vec<Link> {
    let mut links = Vec::new();
    for (at, issue) in keys.on(board) {
        for by in edges.get(at).into_iter().flat_map(|outgoing| targets(outgoing, keys, board)) {
            links.push(Link::BlockedBy { issue: issue.clone(), by });
        }
    }
    links
}

/// What one issue of a board waits for.
pub(super) fn targets<'a>(
    outgoing: &'a [(usize, &Text)],
    keys: &'a Keys<'_>,
    board: usize,
) -> impl Iterator<Item = IssueRef> + 'a {
    outgoing.iter().filter_map(move |(at, _)| keys.seen_from(board, *at))
}

fn resolve<'b, 'm>(
    backlog: &'b Backlog<'m>,
    entry: &Entry<'m>,
    written: &Text,
    report: &mut Report,
) -> Option<(usize, &'b Entry<'m>)> {
    let find = |path: &str| {
        let index = *backlog.by_path.get(path)?;
        Some((index, backlog.entries.get(index)?))
    };
    let text = written.value.as_str();
    if text.contains('/') {
        let found = find(text);
        return if found.is_some() {
            refers(backlog, text, found, report)
        } else {
            unknown(backlog, entry, written, report)
        };
    }
    let own = entry.path.rsplit_once('/').map(|(parent, _)| [parent, "/", text].concat());
    let sibling = own.as_deref().and_then(find);
    match (sibling, find(text)) {
        (Some((_, sibling)), Some(_)) => {
            report.say(
                Code::AmbiguousDependency,
                written.span,
                format!("`{text}` may mean the sibling `{}` or `{text}` at the top", sibling.path),
                format!("write `{}` for the sibling, or give one of them another id", sibling.path),
            );
            None
        }
        (found @ Some(_), None) | (None, found @ Some(_)) => refers(backlog, text, found, report),
        (None, None) => unknown(backlog, entry, written, report),
    }
}

/// Where the issues of a project are looked up: it is known by its first issue.
fn scope(backlog: &Backlog<'_>) -> Scope {
    (Code::UnknownDependency, backlog.entries.first().map(|entry| entry.issue.span))
}

/// Notes which ids a dependency names: those of its path, the last one too.
fn refers<T>(backlog: &Backlog<'_>, text: &str, found: Option<T>, report: &mut Report) -> Option<T> {
    for id in text.split('/') {
        report.refers(scope(backlog), id);
    }
    found
}

fn unknown<T>(backlog: &Backlog<'_>, entry: &Entry<'_>, written: &Text, report: &mut Report) -> Option<T> {
    if !backlog.complete {
        return None;
    }
    let text = written.value.as_str();
    let places = || {
        let paths = backlog.by_path.iter().filter(|(path, _)| !path.contains('?'));
        paths.map(|(path, at)| {
            let id = backlog.entries.get(*at).and_then(|entry| entry.issue.id.as_ref());
            (path.as_str(), id.map(|id| id.span))
        })
    };
    // One id that isn't there is one mistake, however many paths lead through it.
    let (above, missing) = missing(backlog, text);
    report.of_several_places(
        scope(backlog),
        missing,
        written.span,
        format!("no issue is called `{text}` here"),
        |near| {
            // Somebody may have left out where the issue stands.
            let end = format!("/{text}");
            let meant = near.first(places().map(|(path, _)| path), |path| path.ends_with(&end));
            // Else it is mistyped: a sibling's id, one at the top, a path, or an id without where it stands.
            let beside = format!("{}/", entry.path.rsplit_once('/').map_or("", |(parent, _)| parent));
            let close = places().map(|(path, _)| {
                let id = path.strip_prefix(beside.as_str()).filter(|id| !id.contains('/'))?;
                Some((id, id))
            });
            let paths = places().map(|(path, _)| Some((path, path)));
            let ends = places().map(|(path, _)| (path.rsplit_once('/').map_or(path, |(_, id)| id), path));
            let meant =
                meant.or_else(|| near.neighbours(text, close.chain(paths)).nearest.map(|(_, meant)| meant));
            let meant = meant.or_else(|| near.neighbours(text, ends).nearest.map(|(_, meant)| meant));
            let help = match meant {
                Some(path) => format!("did you mean `{path}`?"),
                None => "write a sibling's id, an activity's id, or a path such as discover/define-scope"
                    .to_owned(),
            };
            let ids = places().map(|(path, place)| {
                let (its_above, id) = path.rsplit_once('/').unwrap_or(("", path));
                // A name alone may be a sibling's, wherever that is.
                (above.is_none_or(|above| above == its_above)).then_some((id, place))
            });
            let ids = near.neighbours(missing, ids).all;
            (help, ids.into_iter().filter_map(|(id, place)| Some((id.to_owned(), place?))).collect())
        },
    );
    None
}

/// The first id of a path that isn't there, and the path above it, where that is known.
fn missing<'t>(backlog: &Backlog<'_>, text: &'t str) -> (Option<&'t str>, &'t str) {
    let Some((mut above, mut id)) = text.rsplit_once('/') else { return (None, text) };
    while !above.is_empty() && !backlog.by_path.contains_key(above) {
        (above, id) = above.rsplit_once('/').unwrap_or(("", above));
    }
    (Some(above), id)
}

fn is_later(entry: &Entry<'_>, target: &Entry<'_>, written: &Text, report: &mut Report) -> bool {
    let (Stage::Known(own, own_name), Stage::Known(its, its_name)) = (entry.stage, target.stage) else {
        return false;
    };
    if its <= own {
        return false;
    }
    report.say(
        Code::LaterStage,
        written.span,
        format!("`{}` is of stage {its_name}, which comes after {own_name}", target.path),
        "depend on issues of the same or an earlier stage, or change the order of `stages`",
    );
    true
}

/// Reports each cycle once, from its first issue in the manifest's order.
fn cycles(backlog: &Backlog<'_>, edges: &[Vec<(usize, &Text)>], report: &mut Report) {
    let mut done = vec![false; edges.len()];
    for start in 0..edges.len() {
        if done.get(start) == Some(&true) {
            continue;
        }
        // The chain of issues under way, each with the next of its edges to follow; and where each stands in it.
        let mut chain: Vec<(usize, usize)> = vec![(start, 0)];
        let mut places: BTreeMap<usize, usize> = BTreeMap::from([(start, 0)]);
        while let Some((issue, next)) = chain.last_mut() {
            let current = *issue;
            let edge = edges.get(current).and_then(|outgoing| outgoing.get(*next));
            *next += 1;
            match edge {
                None => {
                    if let Some(flag) = done.get_mut(current) {
                        *flag = true;
                    }
                    places.remove(&current);
                    chain.pop();
                }
                Some((target, _)) => {
                    if let Some(from) = places.get(target) {
                        let cycle: Vec<usize> = chain.iter().skip(*from).map(|(issue, _)| *issue).collect();
                        tell(backlog, edges, cycle, report);
                    } else if done.get(*target) == Some(&false) {
                        places.insert(*target, chain.len());
                        chain.push((*target, 0));
                    }
                }
            }
        }
    }
}

fn tell(backlog: &Backlog<'_>, edges: &[Vec<(usize, &Text)>], mut cycle: Vec<usize>, report: &mut Report) {
    let first = cycle.iter().enumerate().min_by_key(|(_, issue)| **issue).map_or(0, |(at, _)| at);
    cycle.rotate_left(first);
    let (Some(start), next) = (cycle.first().copied(), cycle.get(1).or(cycle.first()).copied()) else {
        return;
    };
    let edge = edges.get(start).into_iter().flatten().find(|(target, _)| Some(*target) == next);
    let Some((_, written)) = edge else { return };
    let paths: Vec<&str> = cycle
        .iter()
        .chain(std::iter::once(&start))
        .filter_map(|issue| backlog.entries.get(*issue).map(|entry| entry.path.as_str()))
        .collect();
    report.say(
        Code::DependencyCycle,
        written.span,
        format!("these wait for each other: {}", paths.join(" → ")),
        "take one of the dependencies out",
    );
}

//! Dependencies: what they mean, whether they close on themselves, and whether they point at a later stage.
//!
//! They are checked and not yet planned; a warning says so.

use std::collections::BTreeMap;

use crate::backlog::{Backlog, Entry, Stage};
use crate::code::Code;
use crate::manifest::{Issue, Manifest, Text};
use crate::report::Report;

/// Reports every dependency that can't be.
pub(super) fn check(backlog: &Backlog<'_>, report: &mut Report) {
    let mut edges: Vec<Vec<(usize, &Text)>> = Vec::with_capacity(backlog.entries.len());
    for entry in &backlog.entries {
        let mut outgoing = Vec::new();
        for written in &entry.issue.depends_on {
            let Some((index, target)) = resolve(backlog, entry, written, report) else { continue };
            if !is_later(entry, target, written, report) {
                outgoing.push((index, written));
            }
        }
        edges.push(outgoing);
    }
    cycles(backlog, &edges, report);
}

/// Warns that the manifest's dependencies are checked only, at the first of them.
pub(crate) fn warn(manifest: &Manifest, report: &mut Report) {
    let mut issues = manifest
        .projects
        .iter()
        .flat_map(|project| project.initiative.iter().chain(&project.activities.items));
    if let Some(first) = issues.find_map(first_dependency) {
        report.say(
            Code::DependenciesNotApplied,
            first.span,
            "dependencies are checked, but this version doesn't write them to GitHub yet",
            "nothing needs to be done: a later version will add the blocked-by links",
        );
    }
}

fn first_dependency(issue: &Issue) -> Option<&Text> {
    issue.depends_on.first().or_else(|| issue.tasks.items.iter().find_map(first_dependency))
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
        return find(text).or_else(|| unknown(backlog, written, report));
    }
    let sibling = entry.path.rsplit_once('/').and_then(|(parent, _)| find(&format!("{parent}/{text}")));
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
        (found @ Some(_), None) | (None, found @ Some(_)) => found,
        (None, None) => unknown(backlog, written, report),
    }
}

fn unknown<T>(backlog: &Backlog<'_>, written: &Text, report: &mut Report) -> Option<T> {
    if backlog.complete {
        let text = written.value.as_str();
        let paths = || backlog.by_path.keys().map(String::as_str).filter(|path| !path.contains('?'));
        // Somebody may have left out where the issue stands.
        let end = format!("/{text}");
        let help = match report.first(paths(), |path| path.ends_with(&end)) {
            Some(path) => format!("did you mean `{path}`?"),
            None => report.did_you_mean(
                text,
                paths(),
                "write a sibling's id, an activity's id, or a path such as discover/define-scope",
            ),
        };
        report.say(Code::UnknownDependency, written.span, format!("no issue is called `{text}` here"), help);
    }
    None
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

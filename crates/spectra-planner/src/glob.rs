//! Globs: `*` and `?` within a name, `[a-z]` and `[!a]` for one character of it, `**` for any number of folders.
//!
//! A glob is followed through listings of folders that somebody else made, so it opens nothing. Names that begin with
//! a dot are meant only by a part that begins with one. `**` does not follow symbolic links to folders, so it ends.

use std::collections::BTreeSet;

use crate::limits::GLOB_FOLDERS;
use crate::path;

/// How many steps of matching a name count as one look: more than any usual pattern takes.
const COMPARED_AT_ONCE: usize = 512;

/// A glob, from the root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Glob {
    /// The folders before the first part that is a pattern.
    folder: String,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// `**`.
    Folders,
    /// A name or a pattern for one.
    Name(Vec<Token>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// This character.
    One(char),
    /// `?`.
    Any,
    /// `*`.
    Rest,
    /// `[…]`.
    Class { ranges: Vec<(char, char)>, negated: bool },
}

/// An entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// What it is, symbolic links followed.
    pub kind: ListedKind,
}

/// What an entry of a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ListedKind {
    /// A folder.
    Folder,
    /// A symbolic link that leads to a folder.
    LinkToFolder,
    /// Anything else, whether it can be read or not.
    Other,
}

/// What following a glob came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Matches<E> {
    /// The files, sorted by bytes.
    Files(BTreeSet<String>),
    /// Folders that must be listed first.
    Needs(Vec<String>),
    /// A folder that can't be listed, and why.
    Failed(String, E),
    /// It would look into more folders than a glob may.
    TooBroad,
    /// It would look at more entries than all globs may.
    TooMuch,
}

/// Whether a written path is a glob.
pub(crate) fn is_glob(written: &str) -> bool {
    written.contains(['*', '?', '['])
}

impl Glob {
    /// Reads a glob that was resolved to a path from the root. Err says what is wrong with it.
    pub(crate) fn parse(resolved: &str) -> Result<Self, &'static str> {
        if resolved.contains(['{', '}']) {
            return Err("braces are not read in a glob; write an entry for each");
        }
        let mut folder = String::new();
        let mut parts = Vec::new();
        for text in resolved.split('/') {
            if parts.is_empty() && !is_glob(text) {
                folder = path::join(&folder, text);
            } else if text == "**" {
                if parts.last() != Some(&Part::Folders) {
                    parts.push(Part::Folders);
                }
            } else {
                parts.push(Part::Name(tokens(text)?));
            }
        }
        if parts.last() == Some(&Part::Folders) {
            // All files below.
            parts.push(Part::Name(vec![Token::Rest]));
        }
        Ok(Self { folder, parts })
    }

    /// Follows the glob. `list` gives a folder's entries: None where they aren't known yet. `looks` is how many entries
    /// it may look at, and then how many are left.
    pub(crate) fn follow<'l, E>(
        &self,
        looks: &mut usize,
        mut list: impl FnMut(&str) -> Option<Result<&'l [Listed], E>>,
    ) -> Matches<E> {
        let mut files = BTreeSet::new();
        let mut needs = Vec::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![(self.folder.clone(), 0)];
        let mut folders = BTreeSet::new();
        while let Some((folder, at)) = open.pop() {
            if !seen.insert((folder.clone(), at)) {
                continue;
            }
            folders.insert(folder.clone());
            if folders.len() > GLOB_FOLDERS {
                return Matches::TooBroad;
            }
            let listed = match list(&folder) {
                None => {
                    needs.push(folder);
                    continue;
                }
                Some(Err(error)) => return Matches::Failed(folder, error),
                Some(Ok(listed)) => listed,
            };
            for entry in listed {
                let Some(left) = looks.checked_sub(self.looks(at, entry)) else { return Matches::TooMuch };
                *looks = left;
                self.enter(&folder, at, entry, &mut open, &mut files);
            }
        }
        if needs.is_empty() { Matches::Files(files) } else { Matches::Needs(needs) }
    }

    /// How much looking at an entry counts: once, and more where pattern and name are both long.
    fn looks(&self, at: usize, entry: &Listed) -> usize {
        let length = self.parts.get(at).map_or(0, |part| match part {
            Part::Folders => 0,
            Part::Name(tokens) => tokens.len(),
        });
        1 + length.saturating_mul(entry.name.len()) / COMPARED_AT_ONCE
    }

    /// What an entry of a folder comes to, for the part of the glob at which the folder stands.
    fn enter(
        &self,
        folder: &str,
        at: usize,
        entry: &Listed,
        open: &mut Vec<(String, usize)>,
        files: &mut BTreeSet<String>,
    ) {
        let Some(part) = self.parts.get(at) else { return };
        let path = path::join(folder, &entry.name);
        match part {
            Part::Folders => {
                if entry.kind == ListedKind::Folder && !entry.name.starts_with('.') {
                    open.push((path, at));
                }
                // No folder at all: the next part stands for this entry too.
                self.enter(folder, at + 1, entry, open, files);
            }
            Part::Name(tokens) => {
                if !matches(tokens, &entry.name) {
                    return;
                }
                let is_folder = entry.kind != ListedKind::Other;
                if at + 1 < self.parts.len() {
                    if is_folder {
                        open.push((path, at + 1));
                    }
                } else if !is_folder {
                    files.insert(path);
                }
            }
        }
    }
}

fn tokens(text: &str) -> Result<Vec<Token>, &'static str> {
    let mut tokens = Vec::new();
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let token = match character {
            '*' => Token::Rest,
            '?' => Token::Any,
            '[' => class(&mut rest).ok_or("a `[` has no `]`")?,
            other => Token::One(other),
        };
        if token != Token::Rest || tokens.last() != Some(&Token::Rest) {
            tokens.push(token);
        }
    }
    Ok(tokens)
}

/// The inside of `[…]`, after its beginning. A `]` that stands first is meant itself.
fn class(rest: &mut std::str::Chars<'_>) -> Option<Token> {
    let negated = rest.as_str().starts_with(['!', '^']);
    if negated {
        rest.next();
    }
    let mut ranges: Vec<(char, char)> = Vec::new();
    loop {
        let from = rest.next()?;
        if from == ']' && !ranges.is_empty() {
            return Some(Token::Class { ranges, negated });
        }
        let is_range = rest.as_str().starts_with('-') && !rest.as_str().starts_with("-]");
        let to = if is_range {
            rest.next();
            rest.next()?
        } else {
            from
        };
        ranges.push((from, to));
    }
}

/// Whether a name is meant. Takes time proportional to the product of both lengths at most.
fn matches(tokens: &[Token], name: &str) -> bool {
    if name.starts_with('.') && tokens.first() != Some(&Token::One('.')) {
        return false;
    }
    let name: Vec<char> = name.chars().collect();
    let (mut at, mut next) = (0, 0);
    // Where to go on when what follows the last `*` turns out not to fit: it takes one more character.
    let mut back: Option<(usize, usize)> = None;
    while let Some(character) = name.get(at) {
        match tokens.get(next) {
            Some(Token::Rest) => {
                back = Some((next + 1, at));
                next += 1;
            }
            Some(token) if one(token, *character) => {
                at += 1;
                next += 1;
            }
            Some(_) | None => {
                let Some((after, taken)) = back else { return false };
                back = Some((after, taken + 1));
                next = after;
                at = taken + 1;
            }
        }
    }
    tokens.get(next..).unwrap_or_default().iter().all(|token| *token == Token::Rest)
}

fn one(token: &Token, character: char) -> bool {
    match token {
        Token::One(own) => *own == character,
        Token::Any => true,
        Token::Rest => false,
        Token::Class { ranges, negated } => {
            ranges.iter().any(|(from, to)| (*from..=*to).contains(&character)) != *negated
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::limits::GLOB_LOOKS;

    fn meant(pattern: &str, name: &str) -> bool {
        matches(&tokens(pattern).unwrap(), name)
    }

    #[test]
    fn names_are_matched_as_a_shell_does() {
        for (pattern, yes, no) in [
            ("*.yml", "a.yml", "a.yaml"),
            ("*.yml", "a.b.yml", ".hidden.yml"),
            (".*", ".hidden", "shown"),
            ("a?c", "abc", "ac"),
            ("[a-c]x", "bx", "dx"),
            ("[!a-c]x", "dx", "bx"),
            ("[]]x", "]x", "[x"),
            ("[a-]x", "-x", "bx"),
            ("a*b*c", "aXbYbZc", "aXbYbZ"),
            ("*", "é", ""),
        ] {
            assert!(meant(pattern, yes), "{pattern} {yes}");
            assert!(!meant(pattern, no) || no.is_empty(), "{pattern} {no}");
        }
        assert!(Glob::parse("a/[b").is_err() && Glob::parse("a/{b,c}*").is_err());
    }

    #[test]
    fn many_stars_take_no_time() {
        assert!(!meant(&"*a".repeat(200), &"a".repeat(199)));
        assert!(!meant(&format!("{}b", "*a".repeat(500)), &"a".repeat(2_000)));
    }

    /// Follows a glob through a tree of folders.
    fn found(pattern: &str, tree: &[(&str, &[(&str, ListedKind)])]) -> Vec<String> {
        let tree: BTreeMap<&str, Vec<Listed>> = tree
            .iter()
            .map(|(folder, entries)| {
                let entries =
                    entries.iter().map(|(name, kind)| Listed { name: (*name).to_owned(), kind: *kind });
                (*folder, entries.collect())
            })
            .collect();
        let glob = Glob::parse(pattern).unwrap();
        match glob.follow(&mut { GLOB_LOOKS }, |folder| Some(tree.get(folder).map(Vec::as_slice).ok_or(()))) {
            Matches::Files(files) => files.into_iter().collect(),
            other @ (Matches::Needs(_) | Matches::Failed(..) | Matches::TooBroad | Matches::TooMuch) => {
                panic!("{other:?}")
            }
        }
    }

    #[test]
    fn files_are_found_through_folders_in_the_order_of_bytes() {
        use ListedKind::{Folder, LinkToFolder, Other};

        let tree: &[(&str, &[(&str, ListedKind)])] = &[
            ("", &[("c", Folder), ("m.yml", Other)]),
            (
                "c",
                &[
                    ("b.yml", Other),
                    ("B.yml", Other),
                    ("é.yml", Other),
                    ("d", Folder),
                    ("l", LinkToFolder),
                    (".h", Folder),
                ],
            ),
            ("c/d", &[("a.yml", Other), ("x.txt", Other)]),
            ("c/l", &[("z.yml", Other)]),
        ];
        assert_eq!(found("c/*.yml", tree), ["c/B.yml", "c/b.yml", "c/é.yml"]);
        assert_eq!(found("**/*.yml", tree), ["c/B.yml", "c/b.yml", "c/d/a.yml", "c/é.yml", "m.yml"]);
        assert_eq!(found("c/*/*.yml", tree), ["c/d/a.yml", "c/l/z.yml"]);
        assert_eq!(found("c/d/**", tree), ["c/d/a.yml", "c/d/x.txt"]);
        assert_eq!(found("*/d/?.yml", tree), ["c/d/a.yml"]);
        assert_eq!(found("c/*.json", tree), Vec::<String>::new());
    }

    #[test]
    fn a_glob_looks_into_so_many_folders_and_no_more() {
        let follow = |below: usize| {
            let inner: Vec<Listed> =
                (0..below).map(|n| Listed { name: format!("d{n}"), kind: ListedKind::Folder }).collect();
            let glob = Glob::parse("**/*.yml").unwrap();
            glob.follow(&mut { GLOB_LOOKS }, |folder| {
                Some(Ok::<_, ()>(if folder.is_empty() { inner.as_slice() } else { &[] }))
            })
        };
        assert_eq!(follow(GLOB_FOLDERS - 1), Matches::Files(BTreeSet::new()));
        assert_eq!(follow(GLOB_FOLDERS), Matches::TooBroad);
    }

    #[test]
    fn globs_look_at_so_many_entries_and_no_more() {
        let listed: Vec<Listed> =
            (0..100).map(|n| Listed { name: format!("{n:02}"), kind: ListedKind::Other }).collect();
        let follow = |pattern: &str, mut looks: usize| {
            let matches =
                Glob::parse(pattern).unwrap().follow(&mut looks, |_| Some(Ok::<_, ()>(listed.as_slice())));
            (matches, looks)
        };
        assert_eq!(follow("f/1*x", 100), (Matches::Files(BTreeSet::new()), 0));
        assert_eq!(follow("f/1*x", 99), (Matches::TooMuch, 0));
        // A pattern that takes long to match counts more.
        let long = format!("f/{}", "?".repeat(1_000));
        assert_eq!(follow(&long, 1_000).1, 1_000 - 100 * (1 + 2_000 / COMPARED_AT_ONCE));
    }

    proptest! {
        #[test]
        fn any_pattern_is_read_or_refused(pattern in "[a-c*?\\[\\]{}!/.-]{0,20}", name in "[a-c.]{0,10}") {
            if let Ok(glob) = Glob::parse(&pattern) {
                let listed = [Listed { name, kind: ListedKind::Other }];
                let _matches = glob.follow(&mut { GLOB_LOOKS }, |_| Some(Ok::<_, ()>(&listed)));
            }
        }
    }
}

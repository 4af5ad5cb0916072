//! The rooms and their arrows, over `cargo metadata`: who may name whom, what stays out of the pure crates, and that a
//! kind of thing has its file in every layer. `docs/architecture.md` says why.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "in a test a panic is the report")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};
use spectra_model::change::Kind;
use spectra_tests::repository::{root, text_files};

/// Each crate with the crates of ours that it names, builds included. Exactly these.
const ARROWS: &[(&str, &[&str])] = &[
    ("spectra-model", &[]),
    ("spectra-reconciler", &["spectra-model"]),
    ("spectra-planner", &["spectra-model", "spectra-reconciler"]),
    ("spectra-plan", &["spectra-model", "spectra-planner"]),
    ("spectra-github", &["spectra-model"]),
    ("spectra-sandbox", &[]),
    ("spectra-apply", &["spectra-github", "spectra-model", "spectra-reconciler", "spectra-sandbox"]),
];

/// They name others and nobody names them.
const LEAVES: &[&str] = &["spectra-tests", "xtask"];

const PURE: &[&str] = &["spectra-model", "spectra-planner", "spectra-reconciler"];

/// Crates that open sockets, drive those that do, or encrypt what goes through them.
const NETWORK: &[&str] = &[
    "async-io",
    "async-std",
    "aws-lc-rs",
    "axum",
    "curl",
    "h2",
    "h3",
    "hickory-resolver",
    "hyper",
    "hyper-util",
    "isahc",
    "mio",
    "native-tls",
    "openssl",
    "polling",
    "quinn",
    "reqwest",
    "ring",
    "rustls",
    "smol",
    "socket2",
    "surf",
    "tokio",
    "tungstenite",
    "ureq",
];

/// Crates that only a command has a use for.
const OF_COMMANDS: &[&str] = &["anstream", "clap", "clap_builder", "tracing-subscriber"];

/// What a pure crate's `clippy.toml` must ban at least.
const BANS: &[&str] = &[
    "std::collections::HashMap",
    "std::collections::HashSet",
    "std::env::args",
    "std::env::current_dir",
    "std::env::var",
    "std::env::var_os",
    "std::env::vars",
    "std::fs::File",
    "std::fs::read",
    "std::fs::read_dir",
    "std::fs::read_to_string",
    "std::fs::write",
    "std::io::stderr",
    "std::io::stdin",
    "std::io::stdout",
    "std::net::TcpListener",
    "std::net::TcpStream",
    "std::net::UdpSocket",
    "std::process::Command",
    "std::process::exit",
    "std::time::Instant::now",
    "std::time::SystemTime::now",
];

#[test]
fn arrows_are_as_drawn() {
    let workspace = Workspace::read();
    let drawn: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).chain(LEAVES.iter().copied()).collect();
    let members: BTreeSet<&str> = workspace.members().map(|package| package.name.as_str()).collect();
    assert_eq!(members, drawn, "a crate has a place on the map, and the map has no other");

    for (name, expected) in ARROWS {
        let named = workspace.arrows(name, &[DependencyKind::Normal, DependencyKind::Build]);
        assert_eq!(named, expected.iter().copied().collect(), "what {name} names");
    }
}

#[test]
fn tests_of_a_crate_follow_its_arrows_too() {
    let workspace = Workspace::read();
    for (name, expected) in ARROWS {
        for other in workspace.arrows(name, &[DependencyKind::Development]) {
            assert!(expected.contains(&other), "the tests of {name} name {other}: put them in tests/");
        }
    }
}

#[test]
fn nothing_that_plans_can_reach_a_network() {
    let workspace = Workspace::read();
    for name in ["spectra-plan", "spectra-planner", "spectra-reconciler", "spectra-model"] {
        for (found, path) in workspace.tree(name) {
            assert!(!NETWORK.contains(&found), "{path}");
        }
    }
}

#[test]
fn pure_crates_know_no_command_line() {
    let workspace = Workspace::read();
    for name in PURE {
        for (found, path) in workspace.tree(name) {
            assert!(!OF_COMMANDS.contains(&found), "{path}");
        }
    }
}

#[test]
fn the_search_finds_what_it_looks_for() {
    let tree = Workspace::read();
    let tree = tree.tree("spectra-apply");
    for name in ["tokio", "reqwest", "hyper", "rustls", "clap"] {
        assert!(
            tree.contains_key(name),
            "{name} was there when this was written: does the search still work?"
        );
    }
}

#[test]
fn only_sandbox_and_client_speak_http() {
    let workspace = Workspace::read();
    let speaks = |kind: DependencyKind, name: &str| -> BTreeSet<&str> {
        workspace
            .members()
            .filter(|package| !LEAVES.contains(&package.name.as_str()))
            .filter(|package| package.dependencies.iter().any(|it| it.kind == kind && it.name == name))
            .map(|package| package.name.as_str())
            .collect()
    };
    assert_eq!(speaks(DependencyKind::Normal, "reqwest"), BTreeSet::from(["spectra-github"]));
    assert_eq!(speaks(DependencyKind::Normal, "axum"), BTreeSet::from(["spectra-sandbox"]));
}

#[test]
fn pure_crates_ban_files_clocks_and_hash_maps() {
    let shared = fs::read_to_string(root().join(".clippy.toml")).unwrap();
    for name in PURE {
        let path = format!("crates/{name}/clippy.toml");
        let own = fs::read_to_string(root().join(&path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        for line in shared.lines() {
            assert!(own.lines().any(|it| it == line), "{path} replaces .clippy.toml, so it repeats `{line}`");
        }
        for ban in BANS {
            let entry = format!("{{ path = \"{ban}\", reason = \"");
            assert!(own.contains(&entry), "{path} bans {ban} and gives a reason");
        }
    }
}

#[test]
fn pure_crates_lift_no_ban_outside_their_tests() {
    for file in text_files().unwrap() {
        let in_pure = PURE.iter().any(|name| file.path.starts_with(&format!("crates/{name}/src/")));
        let is_test = file.path.contains("/tests/") || file.path.ends_with("/tests.rs");
        if in_pure && !is_test {
            let product = file.text.split("#[cfg(test)]").next().unwrap();
            assert!(!product.contains("clippy::disallowed"), "{} lifts a ban of its crate", file.path);
        }
    }
}

#[test]
fn versions_stand_in_one_place() {
    for (path, text) in member_manifests() {
        let mut lists_dependencies = false;
        for line in text.lines().map(str::trim) {
            if line.starts_with('[') {
                lists_dependencies = line.trim_end_matches(']').ends_with("dependencies");
            } else if lists_dependencies && !line.is_empty() && !line.starts_with('#') {
                let inherits = line.contains(".workspace = true") || line.contains("workspace = true,");
                assert!(inherits, "{path}: `{line}` belongs in [workspace.dependencies]");
            }
        }
    }
}

#[test]
fn every_crate_has_the_workspaces_lints_and_package_data() {
    for (path, text) in member_manifests() {
        assert!(text.contains("\n[lints]\nworkspace = true\n"), "{path} takes the workspace's lints");
        for key in ["version", "edition", "rust-version", "license", "publish"] {
            assert!(
                text.contains(&format!("\n{key}.workspace = true\n")),
                "{path} takes the workspace's {key}"
            );
        }
    }
}

/// One resource, one file, the same name in every layer.
#[test]
fn every_kind_of_thing_has_its_file_in_every_layer() {
    let layers = [
        "crates/spectra-planner/src/board",
        "crates/spectra-reconciler/src",
        "crates/spectra-github/src",
        "crates/spectra-sandbox/src/world",
    ];
    for kind in Kind::ALL {
        for layer in layers {
            let path = format!("{layer}/{}.rs", file_of(kind));
            assert!(root().join(&path).is_file(), "{path} is missing");
        }
    }
}

/// The name of a kind's file. A new kind doesn't compile until it is here.
fn file_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Project => "project",
        Kind::Label => "label",
        Kind::Milestone => "milestone",
        Kind::Field => "field",
        Kind::View => "view",
        Kind::Draft => "draft",
        Kind::Repository => "repository",
        Kind::Team => "team",
        Kind::Issue => "issue",
        Kind::SubIssue => "sub_issue",
        Kind::BlockedBy => "blocked_by",
    }
}

fn member_manifests() -> Vec<(String, String)> {
    let manifests: Vec<_> = text_files()
        .unwrap()
        .into_iter()
        .filter(|file| file.path.ends_with("/Cargo.toml"))
        .map(|file| (file.path, file.text))
        .collect();
    assert_eq!(manifests.len(), ARROWS.len() + LEAVES.len());
    manifests
}

/// What cargo says of the workspace on this machine's platform.
struct Workspace {
    metadata: Metadata,
}

impl Workspace {
    /// Nothing is fetched for it: the packages are those that this test was built with.
    fn read() -> Self {
        let options = ["--locked", "--filter-platform", "host-tuple"];
        let metadata = MetadataCommand::new()
            .manifest_path(root().join("Cargo.toml"))
            .other_options(options.map(str::to_owned))
            .exec()
            .unwrap();
        Self { metadata }
    }

    fn members(&self) -> impl Iterator<Item = &Package> {
        let members = &self.metadata.workspace_members;
        self.metadata.packages.iter().filter(|package| members.contains(&package.id))
    }

    fn member(&self, name: &str) -> &Package {
        self.members().find(|package| package.name.as_str() == name).unwrap()
    }

    /// The crates of ours that a member names in these ways.
    fn arrows(&self, name: &str, kinds: &[DependencyKind]) -> BTreeSet<&str> {
        let ours: BTreeSet<&str> = self.members().map(|package| package.name.as_str()).collect();
        let named = self.member(name).dependencies.iter().filter(|it| kinds.contains(&it.kind));
        named.filter_map(|it| ours.get(it.name.as_str()).copied()).collect()
    }

    /// Everything that is built into a member, its build scripts' needs included; each with the way that leads to it.
    fn tree(&self, name: &str) -> BTreeMap<&str, String> {
        let packages: BTreeMap<&PackageId, &Package> =
            self.metadata.packages.iter().map(|package| (&package.id, package)).collect();
        let nodes: BTreeMap<&PackageId, _> =
            self.metadata.resolve.as_ref().unwrap().nodes.iter().map(|node| (&node.id, node)).collect();
        let mut tree: BTreeMap<&str, String> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![(&self.member(name).id, name.to_owned())];
        while let Some((id, path)) = open.pop() {
            if !seen.insert(id) {
                continue;
            }
            for dependency in &nodes[id].deps {
                let is_built_in =
                    dependency.dep_kinds.iter().any(|it| it.kind != DependencyKind::Development);
                if is_built_in {
                    let path = format!("{path} -> {}", packages[&dependency.pkg].name);
                    open.push((&dependency.pkg, path));
                }
            }
            tree.insert(packages[id].name.as_str(), path);
        }
        tree
    }
}

//! How much is read: whatever a manifest names, reading it ends. GitHub's own limits are elsewhere
//! (`spectra_model::limits`). All of these are in `docs/diagnostics/SP067.md`, which a test holds to them.

/// The most bytes of a manifest or a fragment. Fifty thousand issues with bodies need about fifteen million.
pub const MANIFEST_BYTES: u64 = 32 * 1024 * 1024;
/// The most bytes of any other file: a body, a readme, templates, `spectra.toml`. GitHub's longest body is 65,536
/// characters, which are at most 262,144 bytes.
pub const TEXT_BYTES: u64 = 1024 * 1024;
/// The most bytes of a baseline: the plan of a board with as many items as GitHub allows, with long bodies.
pub const BASELINE_BYTES: u64 = 1024 * 1024 * 1024;
/// The most bytes of all files of one call, baselines apart.
pub const TOTAL_BYTES: u64 = 128 * 1024 * 1024;
/// The most files of one call: a board has at most 50,000 items, and each may have a body in a file of its own.
pub const FILES: usize = 51_000;
/// The most bytes of a written path: as many as Linux takes.
pub const PATH_BYTES: usize = 4_096;
/// The most fragments of one manifest.
pub const FRAGMENTS: usize = 1_000;
/// The longest chain of fragments that include each other, the manifest not counted.
pub const INCLUDE_DEPTH: usize = 16;
/// The most entries of a folder that a glob looks into.
pub const FOLDER_ENTRIES: usize = 10_000;
/// The most folders that one glob looks into.
pub const GLOB_FOLDERS: usize = 1_000;
/// The most entries of folders that all globs of one call look at: a name is looked at by each pattern that it may be
/// meant by, and a long one that is hard to match counts more than once.
pub const GLOB_LOOKS: usize = 2_000_000;
/// The most values of one YAML file: scalars, lists and mappings. Fifty thousand issues need about 1,150,000.
pub const YAML_VALUES: usize = 1_500_000;
/// The most aliases of one YAML file.
pub const YAML_ALIASES: usize = 1_000;
/// The most anchors of one YAML file.
pub const YAML_ANCHORS: usize = 10_000;
/// The most parser events that anchors keep and that aliases stand for, of each in all: what a bomb is made of. A scalar
/// is one, a list or a mapping two.
pub const YAML_EVENTS_BY_ALIAS: usize = 100_000;
/// The deepest nesting of one YAML file. Eight issues in a chain, each within a list within a mapping, need 22. Reading
/// takes stack with each level, and a thread may have no more than two megabytes of it.
pub const YAML_NESTING: usize = 40;
/// The most mistakes that are kept of one call; the others are counted. Nobody mends more at once, and each takes some
/// hundred bytes.
pub const MISTAKES: usize = 10_000;

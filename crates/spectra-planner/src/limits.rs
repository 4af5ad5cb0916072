//! How much is read: whatever a manifest names, reading it ends. GitHub's own limits are elsewhere
//! (`spectra_model::limits`); what one YAML file may hold is in `yaml`.

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

//! The files for people: `plan.md`, and the sums that cover it and `plan.json`.
//!
//! Rendering decides nothing. Whatever comes from a manifest passes through `escape`.

mod escape;
mod mermaid;
mod plan_md;

use std::fmt;

pub(crate) use self::plan_md::plan_md;

/// Appends to a page.
fn push(page: &mut String, text: fmt::Arguments<'_>) {
    page.push_str(&text.to_string());
}

/// The lines of a sums file, as `sha256sum -c` reads them.
pub(crate) fn sums(files: &[(&str, &str)]) -> String {
    files.iter().fold(String::new(), |mut lines, (name, text)| {
        push(&mut lines, format_args!("{}  {name}\n", spectra_model::json::sha256(text.as_bytes())));
        lines
    })
}

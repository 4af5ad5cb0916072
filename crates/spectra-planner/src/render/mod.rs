//! The files for people: `plan.md`, and the sums that cover it and `plan.json`.
//!
//! Rendering decides nothing. Whatever comes from a manifest passes through `escape`.

mod backlog;
mod board;
mod by_hand;
mod diff_md;
mod escape;
mod lines;
mod mermaid;
mod plan_md;
#[cfg(test)]
mod tests;

use std::fmt;

pub(crate) use self::diff_md::diff_md;
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

/// A table: its head, and a line for each row.
struct Table {
    head: String,
    columns: usize,
    rows: Vec<String>,
}

impl Table {
    fn new<const N: usize>(columns: [&str; N], rows: impl IntoIterator<Item = String>) -> Self {
        let head = format!("| {} |\n|{}\n", columns.join(" | "), " --- |".repeat(N));
        Self { head, columns: N, rows: rows.into_iter().collect() }
    }

    /// The table, without rows in its middle where it would be too long.
    fn render(&self, room: usize) -> String {
        let rows = shorten(&self.rows, room.saturating_sub(self.head.len()), |missing| {
            format!("| … {missing} rows are left out here |{}\n", " |".repeat(self.columns - 1))
        });
        format!("{}{rows}", self.head)
    }
}

/// The most characters of the line that says what is left out.
const GAP_CHARACTERS: usize = 60;

/// The blocks in order; where they are too long together, those in the middle are left out and their number is said.
fn shorten(blocks: &[String], room: usize, gap: impl Fn(usize) -> String) -> String {
    let lengths: Vec<usize> = blocks.iter().map(|block| block.chars().count()).collect();
    if lengths.iter().sum::<usize>() <= room {
        return blocks.concat();
    }
    let mut left = room.saturating_sub(GAP_CHARACTERS);
    let (mut first, mut last) = (0, 0);
    // From both ends in turns, until the next one doesn't fit.
    while first + last < blocks.len() {
        let from_start = first <= last;
        let at = if from_start { first } else { blocks.len() - 1 - last };
        let Some(rest) = lengths.get(at).and_then(|length| left.checked_sub(*length)) else { break };
        left = rest;
        if from_start { first += 1 } else { last += 1 }
    }
    let missing = blocks.len() - first - last;
    let head = blocks.get(..first).unwrap_or_default().concat();
    let tail = blocks.get(blocks.len() - last..).unwrap_or_default().concat();
    format!("{head}{}{tail}", gap(missing))
}

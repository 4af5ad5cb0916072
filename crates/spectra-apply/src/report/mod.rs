//! What is shown to people: the change set before, the outcomes after, and the summary beside the evidence.
//!
//! Text that came from outside is escaped here, control characters on a terminal and Markdown in the summary.

mod markdown;
mod text;

use std::fmt::Write as _;

pub(crate) use self::markdown::summary;
pub(crate) use self::text::{change_set, outcomes};

fn line(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    let _infallible = writeln!(text, "{arguments}");
}

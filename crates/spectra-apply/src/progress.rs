//! The bar on a terminal: how many writes are behind, how many are before, and what is waited for.
//!
//! It is drawn on stderr of a terminal and nowhere else, and it decides nothing: a run without it does the same.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

const STYLE: &str = "{prefix} {bar:30} {pos}/{len} {elapsed} {wide_msg}";

/// Whether a bar is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// On stderr, which is a terminal.
    OnTerminal,
    /// Nowhere.
    Nowhere,
}

/// The bar of one run.
#[derive(Debug)]
pub(crate) struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A bar for a board, not drawn until there is something to do.
    pub(crate) fn new(shown: Shown, slug: &str) -> Self {
        let target = match shown {
            Shown::OnTerminal => ProgressDrawTarget::stderr(),
            Shown::Nowhere => ProgressDrawTarget::hidden(),
        };
        let bar = ProgressBar::with_draw_target(None, target).with_prefix(slug.to_owned());
        if let Ok(style) = ProgressStyle::with_template(STYLE) {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// A pass begins that sends so many writes.
    pub(crate) fn begin(&self, writes: usize) {
        let behind = self.bar.position();
        self.bar.set_length(behind.saturating_add(u64::try_from(writes).unwrap_or(u64::MAX)));
        self.bar.set_message("");
    }

    /// So many writes are behind.
    pub(crate) fn advance(&self, writes: usize) {
        self.bar.inc(u64::try_from(writes).unwrap_or(u64::MAX));
        self.bar.set_message("");
    }

    /// Nothing is sent for a while, and why.
    pub(crate) fn wait(&self, wait: Duration, what_for: &str) {
        self.bar.set_message(format!("waiting {} s for {what_for}", wait.as_secs().max(1)));
    }

    /// The bar goes, so that the report stands on clean lines.
    pub(crate) fn end(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_pass_adds_to_the_first() {
        let progress = Progress::new(Shown::Nowhere, "voice");
        progress.begin(3);
        progress.advance(2);
        progress.begin(4);
        assert_eq!((progress.bar.position(), progress.bar.length()), (2, Some(6)));
    }
}

//! The summary beside the evidence, for people who read it in a browser.

use spectra_model::evidence::{Evidence, Mode, Status};

use super::line;

/// The run in a page of Markdown.
pub(crate) fn summary(evidence: &Evidence) -> String {
    let mode = match evidence.mode {
        Mode::DryRun => "Dry run",
        Mode::Apply => "Apply",
        Mode::Destroy => "Destroy",
    };
    let counts = &evidence.counts;
    let mut page = String::new();
    line(&mut page, format_args!("# {mode} of board {}\n", escaped(evidence.slug.as_str())));
    line(&mut page, format_args!("- Run: {}", escaped(evidence.run_id.as_str())));
    line(&mut page, format_args!("- Began: {}", evidence.started_at));
    line(&mut page, format_args!("- Ended: {} with exit code {}", evidence.finished_at, evidence.exit_code));
    if let Some(project) = &evidence.project {
        line(&mut page, format_args!("- Board: {}", project.url));
    }
    line(&mut page, format_args!("- Plan: `{}`", evidence.plan_sha256));
    if let Some(error) = &evidence.error {
        line(&mut page, format_args!("- Why it ended so: {}", escaped(error)));
    }
    page.push('\n');
    line(&mut page, format_args!("| created | updated | deleted | unchanged | skipped | failed |"));
    line(&mut page, format_args!("| ---: | ---: | ---: | ---: | ---: | ---: |"));
    line(
        &mut page,
        format_args!(
            "| {} | {} | {} | {} | {} | {} |",
            counts.created, counts.updated, counts.deleted, counts.unchanged, counts.skipped, counts.failed
        ),
    );
    let troubles = || {
        evidence.outcomes.iter().filter(|outcome| matches!(outcome.status, Status::Skipped | Status::Failed))
    };
    if troubles().next().is_some() {
        line(&mut page, format_args!("\n## What did not happen\n"));
        for outcome in troubles() {
            let because = outcome.because.as_deref().unwrap_or_default();
            line(&mut page, format_args!("- {}: {}", escaped(outcome.id.as_str()), escaped(because)));
        }
    }
    page
}

/// Text from outside, with what has a meaning in Markdown or to GitHub taken out of play.
fn escaped(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, c| {
        match c {
            '\n' | '\r' => escaped.push(' '),
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '@' => escaped.push_str("&#64;"),
            '#' => escaped.push_str("&#35;"),
            c if c.is_ascii_punctuation() && !matches!(c, ':' | '/' | '.' | ',' | '-' | '>' | ';') => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
        escaped
    })
}

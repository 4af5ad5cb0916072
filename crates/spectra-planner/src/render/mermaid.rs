//! The hierarchy of initiative and activities as a Mermaid flowchart.

use spectra_model::plan::{Level, Plan};

use super::{escape, push};

/// GitHub's Mermaid refuses diagrams with more edges (Mermaid's `maxEdges`).
const MAX_EDGES: usize = 500;
/// Titles are cut in a diagram, so that its boxes stay readable.
const TITLE_CHARACTERS: usize = 60;

/// The flowchart, as a fenced block. None where there is nothing to show.
pub(super) fn flowchart(plan: &Plan) -> Option<String> {
    let mut lines = String::new();
    let mut initiative = false;
    let mut activities = 0_usize;
    let mut rest = plan.issues.iter().peekable();
    while let Some(issue) = rest.next() {
        let title = escape::mermaid(&escape::cut(&issue.title, TITLE_CHARACTERS));
        match issue.level {
            Level::Initiative => {
                initiative = true;
                push(&mut lines, format_args!("  initiative[\"{title}\"]\n"));
            }
            Level::Activity => {
                let mut tasks = 0_usize;
                while rest.next_if(|issue| issue.level == Level::Task).is_some() {
                    tasks += 1;
                }
                activities += 1;
                if activities > MAX_EDGES {
                    continue;
                }
                let arrow = if initiative { "initiative --> " } else { "" };
                let noun = if tasks == 1 { "task" } else { "tasks" };
                push(&mut lines, format_args!("  {arrow}a{activities}[\"{title}<br/>{tasks} {noun}\"]\n"));
            }
            Level::Task => {}
        }
    }
    let left_out = activities.saturating_sub(MAX_EDGES);
    if left_out > 0 {
        push(&mut lines, format_args!("  more[\"{left_out} more activities\"]\n"));
    }
    (!lines.is_empty()).then(|| format!("```mermaid\nflowchart LR\n{lines}```\n"))
}

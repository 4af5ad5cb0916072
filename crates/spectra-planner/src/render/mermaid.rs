//! Diagrams for Mermaid: the hierarchy of initiative and activities, and milestones and iterations along time.
//!
//! Invariant: no diagram passes what GitHub's Mermaid draws, nor the room that the page has for it; what is left out is
//! said in the diagram or below it.

use spectra_model::limits::{MERMAID_CHARACTERS, MERMAID_EDGES};
use spectra_model::plan::{Level, Plan};

use super::{escape, push};

/// Titles are cut in a diagram, so that its boxes stay readable.
const TITLE_CHARACTERS: usize = 60;
/// Room for the end of a diagram that says what is left out.
const END_CHARACTERS: usize = 120;

/// The flowchart, as a fenced block. None where there is nothing to show.
pub(super) fn flowchart(plan: &Plan, room: usize) -> Option<String> {
    let mut diagram = Diagram::new("flowchart LR\n", room);
    let mut initiative = false;
    let mut activities = 0_usize;
    let mut shown = 0_usize;
    let mut rest = plan.issues.iter().peekable();
    while let Some(issue) = rest.next() {
        let title = || escape::mermaid(&escape::cut(&issue.title, TITLE_CHARACTERS));
        match issue.level {
            Level::Initiative => {
                initiative = true;
                diagram.add(&format!("  initiative[\"{}\"]\n", title()));
            }
            Level::Activity => {
                let mut tasks = 0_usize;
                while rest.next_if(|issue| issue.level == Level::Task).is_some() {
                    tasks += 1;
                }
                activities += 1;
                // The first that finds no room is the last that is tried, so that none is left out in between.
                if activities > MERMAID_EDGES || shown + 1 < activities {
                    continue;
                }
                let arrow = if initiative { "initiative --> " } else { "" };
                let noun = if tasks == 1 { "task" } else { "tasks" };
                let line = format!("  {arrow}a{activities}[\"{}<br/>{tasks} {noun}\"]\n", title());
                shown += usize::from(diagram.add(&line));
            }
            Level::Task => {}
        }
    }
    if activities > shown {
        diagram.end(&format!("  more[\"{} more activities\"]\n", activities - shown));
    }
    diagram.fenced()
}

/// Milestones and iterations along time, as a fenced block and a line on what it leaves out. None where nothing of them
/// has a day.
pub(super) fn gantt(plan: &Plan, room: usize) -> Option<String> {
    let mut diagram = Diagram::new("gantt\n  dateFormat YYYY-MM-DD\n  axisFormat %Y-%m-%d\n", room);
    let mut left_out = 0_usize;
    let first = plan.milestones.first().map(|milestone| &milestone.repository);
    let due: Vec<String> = plan
        .milestones
        .iter()
        .filter(|milestone| Some(&milestone.repository) == first)
        .filter_map(|milestone| {
            let title = escape::gantt(&escape::cut(milestone.title.as_str(), TITLE_CHARACTERS));
            Some(format!("    {title} :milestone, {}, 0d\n", milestone.due_on.value()?))
        })
        .collect();
    let fields = plan.fields.iter().filter(|field| !field.iterations.is_empty()).map(|field| {
        let bars = field.iterations.iter().map(|iteration| {
            let title = escape::gantt(&escape::cut(iteration.title.as_str(), TITLE_CHARACTERS));
            format!("    {title} :{}, {}d\n", iteration.start, iteration.duration)
        });
        (field.name.as_str(), bars.collect::<Vec<_>>())
    });
    for (name, bars) in
        std::iter::once(("Milestones", due)).chain(fields).filter(|(_, bars)| !bars.is_empty())
    {
        let section = format!("  section {}\n", escape::gantt(&escape::cut(name, TITLE_CHARACTERS)));
        let mut shown = 0;
        if left_out == 0 && diagram.add(&section) {
            shown = bars.iter().take_while(|bar| diagram.add(bar)).count();
        }
        left_out += bars.len() - shown;
    }
    let mut fenced = diagram.fenced()?;
    if left_out > 0 {
        push(&mut fenced, format_args!("\n_{left_out} more are left out of the diagram._\n"));
    }
    Some(fenced)
}

/// Lines of a diagram, as many as fit.
struct Diagram {
    head: &'static str,
    lines: String,
    left: usize,
}

impl Diagram {
    fn new(head: &'static str, room: usize) -> Self {
        let fence = "```mermaid\n```\n".len() + END_CHARACTERS;
        let left = room.min(MERMAID_CHARACTERS).saturating_sub(head.len() + fence);
        Self { head, lines: String::new(), left }
    }

    /// Adds a line if there is room for it.
    fn add(&mut self, line: &str) -> bool {
        let Some(left) = self.left.checked_sub(line.chars().count()) else { return false };
        self.left = left;
        self.lines.push_str(line);
        true
    }

    /// Adds the line for which room was kept.
    fn end(&mut self, line: &str) {
        self.lines.push_str(line);
    }

    fn fenced(self) -> Option<String> {
        (!self.lines.is_empty()).then(|| format!("```mermaid\n{}{}```\n", self.head, self.lines))
    }
}

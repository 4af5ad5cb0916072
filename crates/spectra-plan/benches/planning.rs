//! How long planning takes and how much memory it needs, beside the time in which the YAML crate reads the same bytes.
//!
//! `cargo bench -p spectra-plan`. Every measurement is a process of its own, so that its peak of memory is its own and
//! nothing is warm; of several runs the fastest counts. What counts are the ratios: they hold on other machines too.
//! `cargo bench -p spectra-plan --bench planning -- write 10000 manifest.yml` writes such a manifest, for a profiler.

#![expect(clippy::print_stdout, reason = "a table is what this program is for")]

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use camino::Utf8PathBuf;
use spectra_plan::{Surroundings, Terminal};

/// As the commands have it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many runs each measurement is the best of.
const RUNS: usize = 5;
/// As many tasks as an activity may have.
const TASKS: usize = 99;
/// As many activities as an initiative may have.
const ACTIVITIES: usize = 100;
/// Issues by board: initiative, activities, tasks.
const BOARD: usize = 1 + ACTIVITIES + ACTIVITIES * TASKS;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["nothing"] => Ok(()),
        ["read", path] => read(Path::new(path)),
        ["plan", folder] => plan(folder),
        ["write", issues, path] => write_manifest(issues, Path::new(path)),
        _ => table(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// The measured: reads the bytes into a plain value.
fn read(path: &Path) -> Result<(), Box<dyn Error>> {
    let text = std::fs::read_to_string(path)?;
    let options = serde_yaml::options! {
        budget: serde_yaml::budget! { max_nodes: usize::MAX, max_events: usize::MAX, max_total_scalar_bytes: usize::MAX },
    };
    let start = Instant::now();
    let value: serde_json::Value = serde_yaml::from_str_with_options(&text, options)?;
    report(start.elapsed());
    drop(value);
    Ok(())
}

/// The measured: `spectra-plan manifest.yml` in a folder.
fn plan(folder: &str) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let cores = std::thread::available_parallelism()?.get();
    let surroundings = Surroundings { folder: Utf8PathBuf::from(folder), cores, ..Surroundings::default() };
    let mut terminal = Terminal { stdout: &mut stdout, stderr: &mut stderr, surroundings };
    let args = ["spectra-plan", "manifest.yml", "--out", "plans"].map(Into::into).to_vec();
    let code = spectra_plan::run(args, &mut terminal);
    report(start.elapsed());
    if code == 0 { Ok(()) } else { Err(String::from_utf8_lossy(&stderr).into()) }
}

/// Writes a manifest, for a profiler.
fn write_manifest(issues: &str, path: &Path) -> Result<(), Box<dyn Error>> {
    Ok(std::fs::write(path, manifest(issues.parse()?)?)?)
}

/// Tells the process that started this one how long it took and the most memory that it had.
fn report(elapsed: Duration) {
    // Linux alone tells; elsewhere the column stays empty.
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    println!("{} {}", elapsed.as_micros(), peak.unwrap_or("0"));
}

/// What one run took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    inside: Duration,
    outside: Duration,
    kilobytes: u64,
}

/// Runs this program again, for a measurement.
fn run(args: &[&str]) -> Result<Run, Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    let start = Instant::now();
    let output = command.args(args).output()?;
    let outside = start.elapsed();
    let said = String::from_utf8(output.stdout)?;
    if !output.status.success() {
        return Err(format!("{args:?}: {said}").into());
    }
    let (micros, kilobytes) = said.trim().split_once(' ').unwrap_or(("0", "0"));
    Ok(Run { inside: Duration::from_micros(micros.parse()?), outside, kilobytes: kilobytes.parse()? })
}

fn best(args: &[&str]) -> Result<Run, Box<dyn Error>> {
    let runs = (0..RUNS).map(|_| run(args)).collect::<Result<Vec<_>, _>>()?;
    runs.into_iter().min().ok_or_else(|| "no run".into())
}

fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

fn table() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let mut table =
        "| issues | YAML, MB | plain read, ms | planned, ms | ratio | peak, MB | to the size before |\n\
                     | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n"
            .to_owned();
    let mut before: Option<Duration> = None;
    for issues in [1_000, 10_000, 50_000] {
        let place = folder.path().join(issues.to_string());
        std::fs::create_dir_all(&place)?;
        let path = place.join("manifest.yml");
        let text = manifest(issues)?;
        std::fs::write(&path, &text)?;
        let (path, place) = (path.to_string_lossy(), place.to_string_lossy());
        let (plain, planned) = (best(&["read", &path])?, best(&["plan", &place])?);
        let growth =
            before.map_or_else(String::new, |before| format!("{:.2}", ratio(planned.inside, before)));
        before = Some(planned.inside);
        let (megabytes, rest) = (text.len() / 1_000_000, text.len() % 1_000_000 / 10_000);
        writeln!(
            table,
            "| {issues} | {megabytes}.{rest:02} | {:.0} | {:.0} | {:.2} | {} | {growth} |",
            milliseconds(plain.inside),
            milliseconds(planned.inside),
            ratio(planned.inside, plain.inside),
            planned.kilobytes / 1_000,
        )?;
    }
    let place = folder.path().join("small");
    std::fs::create_dir_all(&place)?;
    std::fs::write(place.join("manifest.yml"), manifest(10)?)?;
    let (nothing, small) = (best(&["nothing"])?, best(&["plan", &place.to_string_lossy()])?);
    println!("{table}");
    println!(
        "A manifest of ten issues takes {:.1} ms more than a program that does nothing ({:.1} ms).",
        milliseconds(small.outside.saturating_sub(nothing.outside)),
        milliseconds(nothing.outside),
    );
    Ok(())
}

/// A manifest of so many issues, or a few more, with bodies, labels, values and dependencies, on as many boards as
/// GitHub's limits for one hierarchy ask for.
fn manifest(issues: usize) -> Result<String, std::fmt::Error> {
    let mut text = "schemaVersion: 1\nid: large\nowner: {type: org, slug: acme}\nrepository: acme/voice\n\
                    labels:\n  - {name: epic, color: 1f6feb}\n  - {name: task, color: 0e8a16}\nprojects:\n"
        .to_owned();
    let mut left = issues;
    let mut board = 0_usize;
    while left > 0 {
        board += 1;
        let own = left.min(BOARD);
        left = if left - own < BOARD / 100 { 0 } else { left - own };
        write!(
            text,
            "  - id: board-{board}
    projectProvisioning:
      title: Board {board}
      fields:
        - {{name: Estimate, type: number}}
        - {{name: Target, type: date}}
        - name: Priority
          type: singleSelect
          options: [{{name: High, color: red}}, {{name: Medium, color: yellow}}, {{name: Low, color: gray}}]
      issues:
        derive: {{activity: {{labels: [epic]}}, task: {{labels: [task]}}}}
    initiative: {{id: initiative, title: The endeavour of board {board}}}
    activities:
"
        )?;
        let tasks = own.saturating_sub(1 + own.div_ceil(TASKS + 1));
        for task in 0..tasks {
            if task % TASKS == 0 {
                let activity = task / TASKS + 1;
                write!(
                    text,
                    "      - id: activity-{activity}\n        title: Activity {activity}\n        tasks:\n"
                )?;
            }
            write_task(&mut text, task)?;
        }
    }
    Ok(text)
}

fn write_task(text: &mut String, task: usize) -> std::fmt::Result {
    let (activity, number) = (task / TASKS + 1, task % TASKS + 1);
    let priority = ["High", "Medium", "Low"].into_iter().nth(task % 3).unwrap_or("High");
    write!(
        text,
        "          - id: task-{number}
            title: Task {number} of activity {activity}
            body: |
              Do what has to be done, and write down what was learned.

              - [ ] Agreed with all who are concerned
              - [ ] Measured before and after
            fields: {{Priority: {priority}, Estimate: {}, Target: 2026-{:02}-{:02}}}
",
        task % 13 + 1,
        task % 12 + 1,
        task % 28 + 1
    )?;
    match (number, activity) {
        (1, 1) => Ok(()),
        (1, _) => writeln!(text, "            dependsOn: [activity-{}/task-1]", activity - 1),
        _ => writeln!(text, "            dependsOn: [task-{}]", number - 1),
    }
}

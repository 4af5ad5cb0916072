//! The command lines as documents: the pages of `docs/cli/`, the manual pages of `docs/man/`, and the applier's
//! completions in `docs/completions/`, which `spectra` prints.
//!
//! Both are made from what the programs themselves parse by, here because only the workspace's tests see every command.

use std::collections::BTreeMap;
use std::io;

use clap::{Arg, Command, ValueEnum as _};
use clap_complete::Shell;
use clap_mangen::Man;

/// A page's name in `docs/cli/` with the words of its command, and what of its subcommands stands on the page too.
const PAGES: &[(&str, &[&str], Inner)] = &[
    ("spectra", &["spectra"], Inner::Sections),
    ("spectra-plan", &["spectra-plan"], Inner::Sections),
    ("spectra-apply", &["spectra-apply"], Inner::Links),
    ("spectra-apply-sandbox", &["spectra-apply", "sandbox"], Inner::Sections),
    ("spectra-apply-conformance", &["spectra-apply", "conformance"], Inner::Sections),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inner {
    /// All of them, each as a section.
    Sections,
    /// None: each has a page of its own.
    Links,
}

/// The commands that people start, built.
pub fn programs() -> Vec<Command> {
    let all = [spectra_plan::spectra_command(), spectra_plan::plan_command(), spectra_apply::command()];
    all.into_iter()
        .map(|command| {
            let mut command = command.disable_help_subcommand(true);
            command.build();
            command
        })
        .collect()
}

/// The completions of the applier, by the names of their files: it is another program than the one that prints them.
pub fn applier_completions() -> BTreeMap<String, String> {
    let shells = Shell::value_variants().iter();
    shells
        .map(|shell| {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut spectra_apply::command(), "spectra-apply", &mut script);
            (format!("spectra-apply.{shell}"), String::from_utf8_lossy(&script).into_owned())
        })
        .collect()
}

/// Every page of `docs/cli/`, by the name of its file.
pub fn cli_pages() -> BTreeMap<String, String> {
    let programs = programs();
    let mut pages = BTreeMap::new();
    let mut index = String::from(
        "# Command lines\n\nWhat each command takes, made from what it parses by. What it is good for is in \
         [Provisioning boards](../provisioning.md).\n\n| command | what it does |\n| --- | --- |\n",
    );
    for (name, words, inner) in PAGES {
        let Some(command) = found(&programs, words) else { continue };
        let file = format!("{name}.md");
        add(&mut index, format_args!("| [`{}`]({file}) | {} |\n", words.join(" "), about(command)));
        let mut page = String::new();
        section(command, &words.join(" "), 1, *inner, &mut page);
        pages.insert(file, page);
    }
    index.push_str("\nManual pages: `spectra man DIR`. Completions: `spectra completions SHELL`.\n");
    pages.insert("README.md".to_owned(), index);
    pages
}

fn found<'c>(programs: &'c [Command], words: &[&str]) -> Option<&'c Command> {
    let (first, rest) = words.split_first()?;
    let program = programs.iter().find(|program| program.get_name() == *first)?;
    rest.iter().try_fold(program, |command, word| command.find_subcommand(word))
}

fn about(command: &Command) -> String {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    prose(about.trim_end_matches('.'))
}

fn section(command: &Command, path: &str, depth: usize, inner: Inner, page: &mut String) {
    let hashes = "#".repeat(depth);
    let about = command.get_long_about().or_else(|| command.get_about());
    add(page, format_args!("{hashes} {path}\n\n"));
    if let Some(about) = about {
        add(page, format_args!("{}\n\n", prose(&about.to_string())));
    }
    let usage = command.clone().render_usage().to_string();
    add(page, format_args!("```text\n{}\n```\n\n", usage.trim()));
    let (positional, options): (Vec<&Arg>, Vec<&Arg>) =
        command.get_arguments().filter(|arg| !arg.is_hide_set()).partition(|arg| arg.is_positional());
    for (title, args) in [("Arguments", positional), ("Options", options)] {
        if args.is_empty() {
            continue;
        }
        add(page, format_args!("{hashes}# {title}\n\n"));
        for arg in args {
            add(page, format_args!("- {}\n", argument(arg)));
        }
        page.push('\n');
    }
    if let Some(after) = command.get_after_help() {
        add(page, format_args!("```text\n{}\n```\n\n", after.to_string().trim_end()));
    }
    let subcommands: Vec<&Command> = command.get_subcommands().filter(|one| !one.is_hide_set()).collect();
    if !subcommands.is_empty() {
        add(page, format_args!("{hashes}# Commands\n\n"));
        for one in &subcommands {
            let full = format!("{path} {}", one.get_name());
            let target = match inner {
                Inner::Sections => format!("#{}", full.replace(' ', "-")),
                Inner::Links => format!("{}.md", full.replace(' ', "-")),
            };
            add(page, format_args!("- [`{full}`]({target}): {}\n", self::about(one)));
        }
        page.push('\n');
        if inner == Inner::Sections {
            for one in subcommands {
                section(one, &format!("{path} {}", one.get_name()), depth.saturating_add(1), inner, page);
            }
        }
    }
    let end = page.trim_end().len();
    page.truncate(end);
    page.push_str(if depth == 1 { "\n" } else { "\n\n" });
}

/// An argument: how it is written, what it means, its default and its words.
fn argument(arg: &Arg) -> String {
    let names: Vec<String> =
        [arg.get_short().map(|c| format!("-{c}")), arg.get_long().map(|long| format!("--{long}"))]
            .into_iter()
            .flatten()
            .collect();
    let takes_value = arg.get_num_args().is_some_and(|range| range.takes_values());
    let values: Vec<String> =
        arg.get_value_names().into_iter().flatten().map(|name| format!("<{name}>")).collect();
    let values = match (takes_value, values.is_empty()) {
        (false, _) => String::new(),
        (true, true) => format!("<{}>", arg.get_id().as_str().to_uppercase()),
        (true, false) => values.join(" "),
    };
    let several = if arg.get_num_args().is_some_and(|range| range.max_values() > 1) { "…" } else { "" };
    let written =
        [names.join(", "), format!("{values}{several}")].into_iter().filter(|part| !part.is_empty());
    let mut text = format!("`{}`", written.collect::<Vec<_>>().join(" "));
    if let Some(help) = arg.get_long_help().or_else(|| arg.get_help()) {
        add(&mut text, format_args!(": {}", prose(help.to_string().trim_end_matches('.'))));
    }
    let defaults: Vec<String> =
        arg.get_default_values().iter().map(|value| format!("`{}`", value.to_string_lossy())).collect();
    if takes_value && !defaults.is_empty() {
        add(&mut text, format_args!(". Default: {}", defaults.join(", ")));
    }
    let words: Vec<String> = arg
        .get_possible_values()
        .iter()
        .filter(|_| takes_value)
        .map(|value| match value.get_help() {
            Some(help) => {
                format!("`{}` ({})", value.get_name(), prose(help.to_string().trim_end_matches('.')))
            }
            None => format!("`{}`", value.get_name()),
        })
        .collect();
    if !words.is_empty() {
        add(&mut text, format_args!(". One of: {}", words.join(", ")));
    }
    text
}

/// Help text as Markdown: what is not code stays text.
fn prose(text: &str) -> String {
    let parts = text.split('`').enumerate().map(|(index, part)| {
        if index % 2 == 1 {
            format!("`{part}`")
        } else {
            part.replace('<', "\\<").replace('*', "\\*").replace('_', "\\_")
        }
    });
    parts.collect()
}

/// Every manual page, by the name of its file.
///
/// # Errors
/// When one can't be written: a defect, since it is written to memory.
pub fn manual_pages() -> io::Result<BTreeMap<String, String>> {
    let mut pages = BTreeMap::new();
    for program in programs() {
        manual(&program, &mut pages)?;
    }
    Ok(pages)
}

fn manual(command: &Command, pages: &mut BTreeMap<String, String>) -> io::Result<()> {
    let mut page = Vec::new();
    let man = Man::new(command.clone());
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    if command.get_arguments().next().is_some() {
        man.render_options_section(&mut page)?;
    }
    if command.get_subcommands().next().is_some() {
        man.render_subcommands_section(&mut page)?;
    }
    if let Some(after) = command.get_after_help() {
        // Its lines are as its author broke them, which the generator would join.
        page.extend_from_slice(b".SH EXAMPLES AND NOTES\n.nf\n");
        for line in after.to_string().lines() {
            let line = line.replace('\\', "\\\\").replace('-', "\\-");
            let guard = if line.starts_with(['.', '\'']) { "\\&" } else { "" };
            page.extend_from_slice(format!("{guard}{line}\n").as_bytes());
        }
        page.extend_from_slice(b".fi\n");
    }
    if command.get_version().is_some() {
        man.render_version_section(&mut page)?;
    }
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    let text = String::from_utf8(page).map_err(io::Error::other)?;
    pages.insert(format!("{name}.1"), text);
    command.get_subcommands().filter(|one| !one.is_hide_set()).try_for_each(|one| manual(one, pages))
}

/// Appends what is formatted.
fn add(text: &mut String, more: std::fmt::Arguments<'_>) {
    text.push_str(&more.to_string());
}

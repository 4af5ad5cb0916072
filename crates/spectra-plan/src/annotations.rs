//! Diagnostics as GitHub Actions' workflow commands, which the runner shows in the lines of a pull request.
//!
//! They go to stderr, so that stdout holds what it holds anywhere. GitHub's docs ("Workflow commands for GitHub
//! Actions") name stdout; the runner reads both alike (actions/runner, `ScriptHandler`).

use spectra_model::diagnostic::{Diagnostic, Severity};

/// One command a diagnostic. `path` gives a file's path from the folder that the repository is checked out in.
pub(crate) fn commands(diagnostics: &[Diagnostic], path: &dyn Fn(&str) -> String) -> String {
    diagnostics.iter().map(|diagnostic| command(diagnostic, &path(&diagnostic.file))).collect()
}

fn command(diagnostic: &Diagnostic, path: &str) -> String {
    let name = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let span = diagnostic.span;
    let mut properties = vec![("file", path.to_owned()), ("line", span.line.to_string())];
    if span.line == span.end_line {
        // The runner takes columns within one line only.
        properties.push(("col", span.column.to_string()));
        properties.push(("endLine", span.end_line.to_string()));
        properties.push(("endColumn", span.end_column.to_string()));
    } else {
        properties.push(("endLine", span.end_line.to_string()));
    }
    properties.push(("title", diagnostic.code.to_owned()));
    let properties: Vec<String> =
        properties.iter().map(|(key, value)| format!("{key}={}", property(value))).collect();
    let help = diagnostic.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    format!("::{name} {}::{}\n", properties.join(","), data(&format!("{}{help}", diagnostic.message)))
}

/// What follows the second `::` (actions/toolkit, `escapeData`).
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property's value (actions/toolkit, `escapeProperty`).
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// The beginning of a command in the runner's older form, which it obeys anywhere in a line.
const OLD_FORM: &str = "##[";

/// Text from outside that the runner takes for no command, in either form.
pub(crate) fn harmless(text: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let begins = line.trim_start().starts_with("::");
        if begins { line.replacen("::", ":\u{200b}:", 1) } else { line.to_owned() }
    });
    lines.collect::<String>().replace(OLD_FORM, "##\u{200b}[")
}

#[cfg(test)]
mod tests {
    use spectra_model::diagnostic::Span;

    use super::*;

    fn diagnostic(message: &str, help: Option<&str>, end_line: usize) -> Diagnostic {
        Diagnostic {
            file: "a,b:c%d.yml".to_owned(),
            span: Span { line: 3, column: 5, end_line, end_column: 9 },
            code: "SP016",
            severity: Severity::Error,
            message: message.to_owned(),
            help: help.map(str::to_owned),
        }
    }

    #[test]
    fn a_command_has_place_code_message_and_help() {
        let path = |file: &str| format!("deep/{file}");
        assert_eq!(
            commands(&[diagnostic("50% of `x`, y:\nz", Some("do"), 3)], &path),
            "::error file=deep/a%2Cb%3Ac%25d.yml,line=3,col=5,endLine=3,endColumn=9,title=SP016::\
             50%25 of `x`, y:%0Az%0Ahelp: do\n"
        );
    }

    #[test]
    fn over_several_lines_there_are_no_columns_and_a_warning_is_one() {
        let mut over = diagnostic("m\r", None, 4);
        over.severity = Severity::Warning;
        over.file = "m.yml".to_owned();
        assert_eq!(
            commands(&[over], &str::to_owned),
            "::warning file=m.yml,line=3,endLine=4,title=SP016::m%0D\n"
        );
    }

    #[test]
    fn text_cannot_command_the_runner() {
        for text in ["::add-mask::x", "  ::error::x\n\t::b::", "8 | a: ##[set-output name=x;]y"] {
            let shown = harmless(text);
            assert!(!shown.contains(OLD_FORM), "{shown}");
            assert!(shown.lines().all(|line| !line.trim_start().starts_with("::")), "{shown}");
        }
        assert_eq!(harmless("a :: b # [c]\n"), "a :: b # [c]\n");
    }
}

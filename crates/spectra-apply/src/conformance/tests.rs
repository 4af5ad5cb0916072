//! The checks against the sandbox in this process, and the documents about them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Cursor};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Value, json};
use spectra_github::{BoxFuture, Clock};
use spectra_sandbox::{Config, Faults, Rule, Sandbox, Seed};

use super::table::{Kind, checks, markdown};
use crate::{Stop, Terminal};

/// What the sandbox is known not to have. Whatever else is skipped is a defect.
const SKIPPED: &[&str] = &[];

/// A clock on which waits pass at once: what counts against a hanging server is the machine's time.
#[derive(Default)]
struct Hasty(Mutex<Duration>);

impl Clock for Hasty {
    fn now(&self) -> Timestamp {
        Timestamp::now() + *self.0.lock().unwrap()
    }

    fn sleep(&self, wait: Duration) -> BoxFuture<'_, ()> {
        *self.0.lock().unwrap() += wait;
        Box::pin(std::future::ready(()))
    }
}

fn run(arguments: &[&str], typed: Option<&str>, environment: &[(&str, &str)]) -> (u8, String, String) {
    run_until(arguments, typed, environment, &Stop::default())
}

fn run_until(
    arguments: &[&str],
    typed: Option<&str>,
    environment: &[(&str, &str)],
    stop: &Stop,
) -> (u8, String, String) {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut typed = typed.map(|text| Cursor::new(text.as_bytes().to_vec()));
    let stdin: Option<&mut (dyn BufRead + Send)> = match &mut typed {
        Some(typed) => Some(typed),
        None => None,
    };
    let folder = std::env::temp_dir();
    let mut terminal = Terminal {
        stdout: &mut stdout,
        stderr: &mut stderr,
        stdin,
        environment: environment.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
        folder,
        process: 1,
        clock: Arc::new(Hasty::default()),
        sandbox_clock: None,
        draws_progress: false,
    };
    let command = ["spectra-apply", "conformance"].iter().chain(arguments).map(Into::into);
    let code = crate::run(command, &mut terminal, stop);
    (code, String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

const HERE: [&str; 5] = ["--owner", "acme", "--repository", "acme/roadmap", "--sandbox"];

#[test]
fn the_sandbox_behaves_as_github_is_taken_to() {
    let (code, stdout, stderr) = run(&[&HERE[..], &["--format", "json"]].concat(), None, &[]);
    let report: Value = serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{stderr}"));
    let lines = report["checks"].as_array().unwrap();
    assert_eq!(lines.len(), checks().count(), "each check is reported: {stderr}");
    let of = |result: &str| -> Vec<&Value> { lines.iter().filter(|line| line["result"] == result).collect() };
    let differing: Vec<String> = of("differs").iter().map(|line| format!("{line:#}")).collect();
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    let skipped: Vec<(&str, &str)> = of("notRun")
        .iter()
        .map(|line| (line["name"].as_str().unwrap(), line["because"].as_str().unwrap_or_default()))
        .collect();
    let names: BTreeSet<&str> = skipped.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, SKIPPED.iter().copied().collect(), "{skipped:#?}");
    let kinds: BTreeMap<&str, Kind> = checks().map(|check| (check.name, check.kind)).collect();
    for line in lines {
        let kind = kinds[line["name"].as_str().unwrap()];
        let fits = match line["result"].as_str().unwrap() {
            "holds" | "differs" => kind == Kind::Claim,
            "answer" => kind == Kind::Question && line["answer"].as_str().is_some_and(|it| !it.is_empty()),
            _ => true,
        };
        assert!(fits, "a check holds or differs, a question is answered: {line:#}");
    }
    assert!(report["removed"]["projects"].as_u64().unwrap() > 3, "{}", report["removed"]);
    assert!(report["removed"]["issues"].as_u64().unwrap() > 30, "{}", report["removed"]);
    assert_eq!(report["removed"]["left"], json!([]));
    assert_eq!(code, 0, "{stderr}");
}

#[test]
fn some_checks_can_be_chosen_by_name_or_subject() {
    let (code, stdout, _) = run(&[&HERE[..], &["--only", "errors/unknown-id", "label"]].concat(), None, &[]);
    assert_eq!(code, 0, "{stdout}");
    assert!(stdout.starts_with("holds    label/create"), "{stdout}");
    assert!(stdout.contains("holds    errors/unknown-id") && !stdout.contains("project/"), "{stdout}");
    let (code, _, stderr) = run(&[&HERE[..], &["--only", "no/such"]].concat(), None, &[]);
    assert_eq!(code, 64);
    assert!(stderr.contains("no check `no/such`"), "{stderr}");
}

#[test]
fn nothing_is_sent_without_being_agreed_to() {
    let there = ["--owner", "acme", "--repository", "acme/roadmap"];
    // Nothing listens there: were anything sent, the code would be 69.
    let environment = [("GH_TOKEN", "t"), ("GITHUB_API_URL", "http://127.0.0.1:9")];
    let (code, _, stderr) = run(&there, None, &environment);
    assert_eq!(code, 64);
    assert!(stderr.contains("--yes") && stderr.contains("Spectra conformance"), "{stderr}");
    let (code, _, stderr) = run(&there, Some("acme corp\n"), &environment);
    assert_eq!(code, 64);
    assert!(stderr.contains("nothing was made"), "{stderr}");
    assert_eq!(run(&there, Some("acme\n"), &environment).0, 69);
    assert_eq!(run(&[&there[..], &["--yes"]].concat(), None, &environment).0, 69);
    assert_eq!(run(&[&there[..], &["--yes"]].concat(), None, &[]).0, 77);
}

/// A server that goes on between runs, and what goes wrong there.
fn against_a_server(test: impl FnOnce(&Faults, &dyn Fn(&[&str]) -> (u8, String, String))) {
    against_a_stoppable_server(|faults, run| test(faults, &|only| run(only, &Stop::default())));
}

fn against_a_stoppable_server(test: impl FnOnce(&Faults, &dyn Fn(&[&str], &Stop) -> (u8, String, String))) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let seed = Seed::new("octocat").organization("acme").repository("acme", "roadmap");
    let sandbox = runtime.block_on(Sandbox::start(Config::in_process(seed))).unwrap();
    let url = sandbox.url();
    let environment =
        [("GH_TOKEN", "ghp_0123456789012345678901234567890123456789"), ("GITHUB_API_URL", &url)];
    let arguments = ["--owner", "acme", "--repository", "acme/roadmap", "--yes", "--only"];
    test(&sandbox.faults(), &|only, stop| {
        run_until(&[&arguments[..], only].concat(), None, &environment, stop)
    });
    runtime.block_on(sandbox.stop()).unwrap();
}

fn refuse(field: &str, status: u16, body: &str) -> Rule {
    always("mutation", field, &json!({ "refuse": { "status": status, "body": body } }))
}

/// From the first request of this kind on.
fn always(on: &str, field: &str, effect: &Value) -> Rule {
    let matches = json!({ "on": on, "field": field, "times": 100_000 });
    serde_json::from_value(json!({ "match": matches, "effect": effect })).unwrap()
}

#[test]
fn what_differs_is_shown_and_everything_is_removed_all_the_same() {
    against_a_server(|faults, run| {
        let body = r#"{"data":{"createProjectV2Field":null},"errors":[{"type":"UNPROCESSABLE","path":["createProjectV2Field"],
            "message":"No, ghp_0123456789012345678901234567890123456789"}]}"#;
        faults.add(refuse("createProjectV2Field", 200, body));
        let (code, stdout, stderr) = run(&["field/types", "project/default-view"]);
        assert_eq!(code, 1, "{stderr}");
        assert!(stdout.contains("DIFFERS  field/types") && stdout.contains("holds    project/default-view"));
        assert!(stdout.contains("No, [token]") && !stdout.contains("ghp_"), "{stdout}");
        assert!(stderr.contains("removed 2 projects"), "{stderr}");
        faults.clear();
        let (code, _, stderr) = run(&["field/name-taken"]);
        assert_eq!(code, 0, "{stderr}");
        assert!(!stderr.contains("Of an earlier run"), "{stderr}");
    });
}

#[test]
fn what_a_run_could_not_remove_the_next_one_does() {
    against_a_server(|faults, run| {
        faults.add(refuse("deleteProjectV2", 502, ""));
        faults.add(refuse("deleteIssue", 403, r#"{"message":"Must have admin rights to Repository."}"#));
        let (code, _, stderr) = run(&["item/add-twice"]);
        assert_eq!(code, 1, "{stderr}");
        assert!(stderr.contains("left behind: project \"Spectra conformance"), "{stderr}");
        assert!(stderr.contains("closed 1 issues"), "{stderr}");
        faults.clear();
        let (code, _, stderr) = run(&["errors/unknown-id"]);
        assert_eq!(code, 0, "{stderr}");
        assert!(stderr.contains("Of an earlier run: removed 1 projects, 1 issues"), "{stderr}");
    });
}

#[test]
fn a_request_that_hangs_costs_its_check_and_no_other() {
    against_a_server(|faults, run| {
        faults.add(always("mutation", "addBlockedBy", &json!({ "slow": { "ms": 1_300 } })));
        let (code, stdout, stderr) =
            run(&["dependency/both-sides", "view/default-layout", "--check-timeout", "1"]);
        assert_eq!(code, 69, "{stdout} {stderr}");
        assert!(stdout.contains("not run  dependency/both-sides"), "{stdout}");
        assert!(stdout.contains("because: no "), "{stdout}");
        assert!(stdout.contains("answer   view/default-layout"), "{stdout}");
        assert!(stderr.contains("removed 1 projects, 2 issues"), "{stderr}");
    });
}

#[test]
fn a_server_that_stops_answering_ends_the_checks() {
    against_a_server(|faults, run| {
        let gone = json!({ "match": { "on": "request", "nth": 20, "times": 100_000 },
            "effect": { "refuse": { "status": 502, "body": "<html>", "headers": { "content-type": "text/html" } } } });
        faults.add(serde_json::from_value(gone).unwrap());
        let (code, stdout, stderr) = run(&["issue", "--format", "json"]);
        assert_eq!(code, 69, "{stderr}");
        let report: Value = serde_json::from_str(&stdout).unwrap();
        let last = report["checks"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["result"], "notRun");
        assert!(last["because"].as_str().unwrap().contains("the server stopped answering"), "{last}");
        let left = report["removed"]["left"].to_string();
        assert!(left.contains("issue \\\"Spectra conformance") && left.contains("http"), "{left}");
        assert!(report["took"]["requests"].as_u64().unwrap() < 80, "{}", report["took"]);
    });
}

#[test]
fn the_whole_has_an_end() {
    against_a_server(|faults, run| {
        faults.add(always("request", "", &json!({ "slow": { "ms": 150 } })));
        let begun = Instant::now();
        let (code, stdout, stderr) = run(&["item", "view", "--timeout", "3"]);
        assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
        assert_eq!(code, 75, "{stdout} {stderr}");
        let chosen = checks().filter(|it| it.name.starts_with("item/") || it.name.starts_with("view/"));
        assert_eq!(
            stdout.matches("\nnot run  ").count()
                + stdout.matches("\nholds").count()
                + stdout.matches("\nanswer").count()
                + 1,
            chosen.count(),
            "{stdout}"
        );
        assert!(stdout.contains("the run's time of 3 s was up"), "{stdout}");
        assert!(stderr.contains("removed "), "{stderr}");
    });
}

#[test]
fn what_was_made_is_removed_after_an_interruption_too() {
    against_a_stoppable_server(|faults, run| {
        faults.add(always("mutation", "addProjectV2ItemById", &json!({ "slow": { "ms": 300 } })));
        let stop = Stop::default();
        let asking = stop.clone();
        let asked = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(500));
            asking.ask();
        });
        let (code, stdout, stderr) = run(&["item"], &stop);
        asked.join().unwrap();
        assert_eq!(code, 75, "{stdout} {stderr}");
        assert!(stdout.contains("because: the run was interrupted"), "{stdout}");
        assert!(stderr.contains("interrupt again to leave it") && stderr.contains("removed "), "{stderr}");
        faults.clear();
        let (code, _, stderr) = run(&["errors/unknown-id"], &Stop::default());
        assert_eq!(code, 0, "{stderr}");
        assert!(!stderr.contains("Of an earlier run"), "{stderr}");
    });
}

#[test]
fn what_a_server_lacks_is_not_run() {
    against_a_server(|faults, run| {
        let body = r#"{"errors":[{"message":"Field 'createProjectV2View' doesn't exist on type 'Mutation'",
            "path":["mutation","createProjectV2View"],"extensions":{"code":"undefinedField"}}]}"#;
        faults.add(refuse("createProjectV2View", 200, body));
        let gone = json!({ "match": { "on": "rest", "times": 1000 },
            "effect": { "refuse": { "status": 404, "body": "{}" } } });
        faults.add(serde_json::from_value(gone).unwrap());
        let (code, stdout, stderr) =
            run(&["view/filter-verbatim", "view/default-layout", "milestone/due-on"]);
        assert_eq!(code, 0, "{stdout} {stderr}");
        assert_eq!(stdout.matches("because: the server doesn't have this: ").count(), 2, "{stdout}");
        assert!(stdout.contains("answer   view/default-layout"), "{stdout}");
        let (code, _, _) = run(&["milestone/due-on"]);
        assert_eq!(code, 1, "nothing could be looked at");
    });
}

#[test]
fn what_cannot_be_made_takes_no_check_with_it_that_does_without() {
    against_a_server(|faults, run| {
        let body =
            r#"{"data":{"createProjectV2":null},"errors":[{"type":"UNPROCESSABLE","message":"Not today"}]}"#;
        faults.add(refuse("createProjectV2", 200, body));
        let (code, stdout, _) = run(&["project/create", "field", "label/create"]);
        assert_eq!(code, 1);
        assert!(stdout.contains("DIFFERS  project/create:") && stdout.contains("Not today"), "{stdout}");
        assert!(stdout.contains("holds    label/create"), "{stdout}");
        let because = "because: a project can't be made: ";
        assert!(stdout.matches(because).count() > 8 && !stdout.contains("DIFFERS  field/"), "{stdout}");
    });
}

#[test]
fn a_cursor_that_stands_still_is_no_circle() {
    against_a_server(|faults, run| {
        let page = json!({ "nodes": [], "totalCount": 9, "pageInfo": { "hasNextPage": true,
            "hasPreviousPage": true, "startCursor": "x", "endCursor": "x" } });
        let body = json!({ "data": { "node": { "fields": page, "projectsV2": page, "issues": page, "labels": page } } });
        faults.add(always(
            "query",
            "node",
            &json!({ "refuse": { "status": 200, "body": body.to_string() } }),
        ));
        let (code, stdout, stderr) = run(&["reading/forwards", "reading/backwards"]);
        assert_eq!(code, 1, "{stderr}");
        assert_eq!(stdout.matches("the cursor is \"x\"").count(), 2, "{stdout}");
        assert!(stderr.contains("removed 1 projects"), "{stderr}");
    });
}

#[test]
fn a_token_that_is_not_accepted_is_77() {
    against_a_server(|faults, run| {
        faults.add(refuse("", 401, r#"{"message":"Bad credentials"}"#));
        assert_eq!(run(&["issue/marker"]).0, 77);
    });
}

#[test]
fn the_list_needs_no_github() {
    let (code, stdout, _) = run(&["--list", "--format", "json"], None, &[]);
    assert_eq!(code, 0);
    let list: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(list["checks"].as_array().unwrap().len(), checks().count());
}

#[test]
fn names_are_unique_and_say_their_subject() {
    let mut seen = BTreeSet::new();
    for check in checks() {
        assert!(seen.insert(check.name), "{} twice", check.name);
        let (subject, rest) = check.name.split_once('/').unwrap();
        let plain = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        };
        assert!(plain(subject) && plain(rest), "{}", check.name);
        assert!(!check.source.is_empty() && !check.claim.ends_with('.'), "{}", check.name);
    }
    assert_eq!(
        checks().last().map(|check| check.name),
        Some("errors/types"),
        "the sum of what was met comes last"
    );
}

#[test]
fn the_documents_have_the_table() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/conformance.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once("<!-- checks: begin -->\n").unwrap();
    let (found, after) = rest.split_once("<!-- checks: end -->").unwrap();
    if std::env::var_os("SPECTRA_WRITE_DOCS").is_some() {
        let written = format!("{before}<!-- checks: begin -->\n{}<!-- checks: end -->{after}", markdown());
        std::fs::write(&path, written).unwrap();
        return;
    }
    assert_eq!(
        found,
        markdown(),
        "write it anew: SPECTRA_WRITE_DOCS=1 cargo test -p spectra-apply the_documents_have"
    );
}

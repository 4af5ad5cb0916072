//! Two real processes on one state file, one of them killed in between.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A sandbox in a process of its own; dropping it kills it without warning.
struct Process {
    child: Child,
    address: String,
}

impl Process {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_spectra-apply"))
            .args(["sandbox", "--listen", "127.0.0.1:0", "--limits", "none", "--seed", "seed.json"])
            .args(["--state", "state/github.json"])
            .current_dir(folder)
            .env_clear()
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").unwrap().to_owned();
        Self { child, address }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // SIGKILL: nothing is tidied up.
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// A request with a connection of its own; `None` when it was not answered.
fn ask(address: &str, method: &str, path: &str, body: &Value) -> Option<(u16, Value)> {
    let mut stream = TcpStream::connect(address).ok()?;
    let body = body.to_string();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nuser-agent: x\r\nauthorization: token t\r\nconnection: close\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, serde_json::from_str(body).ok()?))
}

/// Makes issues one after another until the server is gone or there are so many; the numbers that were answered.
fn hammer(address: &str, who: &str, count: u32) -> Vec<u64> {
    let mut numbers = Vec::new();
    for issue in 0..count {
        let body = json!({ "title": format!("{who} {issue}") });
        let Some((status, made)) = ask(address, "POST", "/repos/acme/roadmap/issues", &body) else { break };
        assert_eq!(status, 201, "{made}");
        numbers.push(made["number"].as_u64().unwrap());
    }
    numbers
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let seed = json!({ "viewer": "octocat", "repositories": [{ "owner": "acme", "name": "roadmap" }] });
    std::fs::write(folder.path().join("seed.json"), seed.to_string()).unwrap();
    let path = folder.path().to_owned();
    (folder, path)
}

#[test]
fn two_processes_and_a_kill_lose_nothing_that_was_answered() {
    let (_folder, path) = folder();
    let (one, mut two) = (Process::start(&path), Process::start(&path));
    let doomed = two.address.clone();
    let mut answered: Vec<u64> = Vec::new();
    std::thread::scope(|scope| {
        let first = scope.spawn(|| hammer(&one.address, "one", 40));
        let killed = scope.spawn(|| hammer(&doomed, "two", 1_000_000));
        answered.extend(first.join().unwrap());
        // The other one is in the middle of something; its client sees the connection break.
        two.child.kill().unwrap();
        answered.extend(killed.join().unwrap());
    });
    let again = Process::start(&path);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| hammer(&one.address, "one again", 20));
        let second = scope.spawn(|| hammer(&again.address, "two again", 20));
        answered.extend(first.join().unwrap());
        answered.extend(second.join().unwrap());
    });
    let distinct: BTreeSet<u64> = answered.iter().copied().collect();
    assert_eq!(distinct.len(), answered.len(), "a number was given twice");
    assert!(answered.len() >= 80);
    for process in [&one, &again] {
        let mut found = BTreeSet::new();
        for page in 1.. {
            let path = format!("/repos/acme/roadmap/issues?state=all&per_page=100&page={page}");
            let (status, rows) = ask(&process.address, "GET", &path, &Value::Null).unwrap();
            assert_eq!(status, 200);
            let rows = rows.as_array().unwrap().clone();
            if rows.is_empty() {
                break;
            }
            found.extend(rows.iter().map(|row| row["number"].as_u64().unwrap()));
        }
        assert!(found.is_superset(&distinct));
        // At most the one request that was under way at the kill is there without having been answered.
        assert!(found.len() <= distinct.len() + 1, "{} of {}", found.len(), distinct.len());
    }
}

#[test]
fn a_board_is_shown_from_the_state_file() {
    let (_folder, path) = folder();
    let process = Process::start(&path);
    let owner = json!({ "query": "{ organization(login: \"acme\") { id } }" });
    let (_, owner) = ask(&process.address, "POST", "/graphql", &owner).unwrap();
    let create = json!({
        "query": "mutation($o: ID!) { createProjectV2(input: { ownerId: $o, title: \"Voice\" }) { projectV2 { id } } }",
        "variables": { "o": owner["data"]["organization"]["id"] },
    });
    ask(&process.address, "POST", "/graphql", &create).unwrap();
    hammer(&process.address, "card", 1);
    let item = json!({ "type": "Issue", "owner": "acme", "repo": "roadmap", "number": 1 });
    let (status, _) = ask(&process.address, "POST", "/orgs/acme/projectsV2/1/items", &item).unwrap();
    assert_eq!(status, 201);
    let show = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_spectra-apply"));
        command.args(["sandbox", "show", "--state", "state/github.json"]).args(more);
        let output = command.current_dir(&path).env_clear().output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, text, _) = show(&["--project", "acme/1"]);
    assert_eq!(code, Some(0));
    assert!(text.starts_with("acme/1  Voice\n") && text.contains("  #1  card 0\n"), "{text}");
    assert_eq!(show(&[]).1, text);
    let (code, text, problem) = show(&["--project", "acme/2"]);
    assert_eq!((code, text.as_str()), (Some(1), ""));
    assert!(problem.contains("acme/1  Voice (1 items)"), "{problem}");
    let (code, _, problem) = show(&["--state", "nothing.json"]);
    assert_eq!(code, Some(64), "one state file, not two: {problem}");
}

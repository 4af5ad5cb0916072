//! What a write counts as when its answer is late, lost or a refusal.

use serde_json::json;
use spectra_model::id::NodeId;
use spectra_model::observation::Value;

use super::*;
use crate::testing::{JumpingClock, Script, Scripted, data, ok, status};

fn id(text: &str) -> NodeId {
    NodeId::new(text)
}

fn create(title: &str) -> Write {
    Write::CreateIssue {
        repository: id("R_1"),
        title: title.to_owned(),
        body: String::new(),
        labels: Vec::new(),
        parent: None,
    }
}

fn set() -> Write {
    Write::SetValue { project: id("P"), item: id("T"), field: id("F"), value: Value::Number(1.0) }
}

fn issue(number: u64) -> serde_json::Value {
    json!({"issue": {"id": format!("I_{number}"), "number": number, "url": "u"}})
}

fn item() -> serde_json::Value {
    json!({"projectV2Item": {"id": "T"}})
}

/// Sends the writes; each result as a word, how many requests it took and how many seconds.
async fn send(writes: &[Write], answers: Vec<Scripted>) -> (Vec<String>, usize, i64) {
    let (script, clock) = (Script::of(answers), JumpingClock::new());
    let writer = Writer::new(script.client(&clock));
    let words = writer.send(writes).await.iter().map(word).collect();
    (words, script.asked().len(), clock.seconds())
}

fn word(result: &WriteResult) -> String {
    let name =
        |failure: &Failure| format!("{failure:?}").split([' ', '{']).next().unwrap_or_default().to_owned();
    match result {
        WriteResult::Done(Answer::Issue(issue)) => format!("#{}", issue.number),
        WriteResult::Done(_) => "done".to_owned(),
        WriteResult::Refused(failure) => format!("refused {}", name(failure)),
        WriteResult::NotRun(failure) => format!("not run {}", name(failure)),
        WriteResult::Unknown(failure) => format!("unknown {}", name(failure)),
    }
}

#[tokio::test]
async fn results_stand_in_the_order_of_the_writes() {
    let answer = data(&json!({"m1": item(), "m0": issue(1), "m2": issue(2)}));
    let (words, requests, _) = send(&[create("a"), set(), create("b")], vec![answer]).await;
    assert_eq!((words, requests), (vec!["#1".into(), "done".into(), "#2".into()], 1));
}

#[tokio::test]
async fn an_ambiguous_answer_is_reported_and_nothing_is_sent_again() {
    let wrong = json!({"errors": [{"message": "Something went wrong while executing your query."}]});
    for lost in [status(502, &[], ""), status(504, &[], ""), Scripted::Lost, ok(&wrong)] {
        let (words, requests, _) = send(&[create("a"), set()], vec![lost]).await;
        assert_eq!((words, requests), (vec!["unknown Ambiguous".into(); 2], 1));
    }
    let (words, requests, _) = send(&[create("a")], vec![status(200, &[], "{\"data\":")]).await;
    assert_eq!((words, requests), (vec!["unknown Malformed".into()], 1));
}

#[tokio::test]
async fn what_surely_did_not_run_is_sent_again() {
    let limited = status(403, &[("retry-after", "9")], "");
    let answer = || data(&json!({"m0": issue(1)}));
    let (words, requests, seconds) = send(&[create("a")], vec![limited, answer()]).await;
    assert_eq!((words, requests, seconds), (vec!["#1".into()], 2, 9));
    let (words, requests, _) = send(&[create("a")], vec![Scripted::NotSent, answer()]).await;
    assert_eq!((words, requests), (vec!["#1".into()], 2));
    let (words, requests, _) = send(&[create("a")], (0..9).map(|_| Scripted::NotSent).collect()).await;
    assert_eq!((words, requests), (vec!["not run Unreachable".into()], 5));
}

#[tokio::test]
async fn only_what_was_limited_is_sent_again() {
    let error = json!({"type": "UNPROCESSABLE", "path": ["m1"], "message": "was submitted too quickly"});
    let first = ok(&json!({"data": {"m0": issue(1), "m1": null, "m2": item()}, "errors": [error]}));
    let script = Script::of([first, data(&json!({"m0": issue(2)}))]);
    let clock = JumpingClock::new();
    let client = script.client(&clock);
    let results = Writer::new(client.clone()).send(&[create("a"), create("b"), set()]).await;
    assert_eq!(results.iter().map(word).collect::<Vec<_>>(), ["#1", "#2", "done"]);
    let second = script.asked().pop().unwrap();
    assert_eq!(second["variables"]["i0"]["title"], "b");
    assert_eq!(second["variables"].as_object().unwrap().len(), 1);
    assert_eq!((clock.seconds(), client.http().mutations, client.http().points), (60, 4, 10));
}

#[tokio::test]
async fn a_conflict_is_tried_again_unless_it_may_make_two() {
    let error = |alias: &str| {
        json!({"type": "UNPROCESSABLE", "path": [alias],
        "message": "Your attempt to move this item created a temporary conflict. Please try again."})
    };
    let first = ok(&json!({"data": {"m0": null, "m1": null}, "errors": [error("m0"), error("m1")]}));
    let (words, requests, _) = send(&[create("a"), set()], vec![first, data(&json!({"m0": item()}))]).await;
    assert_eq!((words, requests), (vec!["unknown TemporaryConflict".into(), "done".into()], 2));
}

#[tokio::test]
async fn a_request_that_was_too_much_is_never_sent_at_that_size_again() {
    let (script, clock) = (Script::of([status(502, &[], "")]), JumpingClock::new());
    let writer = Writer::new(script.client(&clock));
    let writes = vec![create("a"); 20];
    assert_eq!(writer.batch_len(&writes), 10);
    writer.send(&writes[..10]).await;
    assert_eq!(writer.batch_len(&writes), 5);
}

#[tokio::test]
async fn five_hundred_creations_take_the_forecast_s_time() {
    let answers = |count: u64| {
        (0..count).map(|n| {
            let payloads = (0..10).map(|slot| (format!("m{slot}"), issue(n * 10 + slot)));
            data(&serde_json::Value::Object(payloads.collect()))
        })
    };
    let (script, clock) = (Script::of(answers(60)), JumpingClock::new());
    let client = script.client(&clock);
    let writer = Writer::new(client.clone());
    let writes: Vec<Write> = (0..505).map(|n| create(&n.to_string())).collect();
    let mut rest = writes.as_slice();
    while !rest.is_empty() {
        let (now, later) = rest.split_at(writer.batch_len(rest));
        assert!(writer.send(now).await.iter().all(|result| matches!(result, WriteResult::Done(_))));
        rest = later;
    }
    let limits = spectra_model::forecast::Limits::github();
    let least = spectra_model::forecast::least_seconds(505, &limits.creations);
    assert_eq!(u64::try_from(clock.seconds()).unwrap(), least);
    assert_eq!((client.http().mutations, client.http().waited_seconds), (505, least));
}

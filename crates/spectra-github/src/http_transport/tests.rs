//! The transport and the client over real HTTP on the loopback.

use std::sync::Arc;

use serde_json::json;
use spectra_model::forecast::Limits;
use spectra_model::id::NodeId;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::matchers::{body_partial_json, header, method, path, query_param, query_param_is_missing};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;
use crate::testing::JumpingClock;
use crate::{Answer, Client, Config, Failure, Pacing, Reader, Token, Write, WriteResult, Writer};

fn client(address: &str, clock: &Arc<JumpingClock>) -> Arc<Client> {
    let endpoint = Endpoint::of(address).unwrap();
    let transport = HttpTransport::with_timeout(&endpoint, Duration::from_millis(400)).unwrap();
    Arc::new(Client::new(Config {
        transport: Arc::new(transport),
        clock: clock.clone(),
        endpoint,
        token: Token::new("ghp_secret").unwrap(),
        pacing: Pacing::Always(Limits::github()),
    }))
}

fn label() -> Write {
    Write::UpdateLabel { label: NodeId::new("L"), name: None, colour: None, description: None }
}

fn done() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({"data": {"m0": {"label": {"id": "L"}}}}))
}

async fn server(first: ResponseTemplate, later: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST"))
        .and(path("/graphql"))
        .and(header("authorization", "Bearer ghp_secret"))
        .and(header("x-github-api-version", "2022-11-28"))
        .and(header("accept", "application/vnd.github+json"))
        .and(header("user-agent", concat!("spectra/", env!("CARGO_PKG_VERSION"))))
        .and(body_partial_json(json!({"operationName": "Batch"})))
        .respond_with(first)
        .up_to_n_times(1)
        .mount(&server)
        .await;
    Mock::given(method("POST")).respond_with(later).mount(&server).await;
    server
}

/// What becomes of one write, how many requests the server saw, and how many seconds passed.
async fn write(server: &MockServer) -> (WriteResult, usize, i64) {
    let clock = JumpingClock::new();
    let mut results = Writer::new(client(&server.uri(), &clock)).send_patiently(&[label()]).await;
    (results.remove(0), server.received_requests().await.unwrap().len(), clock.seconds())
}

#[tokio::test]
async fn a_refusal_with_retry_after_is_waited_out() {
    let refused = ResponseTemplate::new(403)
        .insert_header("retry-after", "30")
        .set_body_json(json!({"message": "You have exceeded a secondary rate limit."}));
    let (result, requests, seconds) = write(&server(refused, done()).await).await;
    assert!(matches!(result, WriteResult::Done(Answer::Label(_))), "{result:?}");
    assert_eq!((requests, seconds), (2, 30));
}

#[tokio::test]
async fn a_mutation_that_got_no_answer_is_sent_once() {
    let slow = done().set_delay(Duration::from_secs(5));
    for fault in [ResponseTemplate::new(502), ResponseTemplate::new(504).set_body_string("<html>"), slow] {
        let (result, requests, _) = write(&server(fault, done()).await).await;
        assert!(matches!(result, WriteResult::Unknown(Failure::Ambiguous { .. })), "{result:?}");
        assert_eq!(requests, 1);
    }
    let (result, requests, _) =
        write(&server(ResponseTemplate::new(200).set_body_string("{"), done()).await).await;
    assert!(matches!(result, WriteResult::Unknown(Failure::Malformed { .. })), "{result:?}");
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn a_refused_token_is_said_and_not_shown() {
    let refused = ResponseTemplate::new(401).set_body_json(json!({"message": "Bad credentials"}));
    let (result, requests, _) = write(&server(refused, done()).await).await;
    assert!(matches!(result, WriteResult::Refused(Failure::Unauthorised { .. })), "{result:?}");
    assert!(!format!("{result:?}").contains("ghp_secret"));
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = ResponseTemplate::new(307).insert_header("location", "/elsewhere");
    let (result, requests, _) = write(&server(elsewhere, done()).await).await;
    let WriteResult::NotRun(Failure::Redirected { message }) = result else { panic!("{result:?}") };
    assert_eq!((message.as_str(), requests), ("HTTP 307", 1));
}

/// A server that reads a request and gives these bytes before it hangs up; how many connections it got.
async fn hangs_up_after(bytes: &'static [u8]) -> (String, Arc<std::sync::atomic::AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counter = connections.clone();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            counter.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let mut buffer = [0; 16_000];
            let read = stream.read(&mut buffer).await.unwrap();
            assert!(read > 0);
            stream.write_all(bytes).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    (address, connections)
}

#[tokio::test]
async fn a_cut_answer_may_have_been_done() {
    for bytes in [&b""[..], b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"data\":"] {
        let (address, connections) = hangs_up_after(bytes).await;
        let results = Writer::new(client(&address, &JumpingClock::new())).send(&[label()]).await;
        assert!(matches!(results[0], WriteResult::Unknown(Failure::Ambiguous { .. })), "{results:?}");
        assert_eq!(connections.load(std::sync::atomic::Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn a_closed_door_was_not_passed() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let clock = JumpingClock::new();
    let client = client(&address, &clock);
    let results = Writer::new(client.clone()).send(&[label()]).await;
    assert!(matches!(results[0], WriteResult::NotRun(Failure::Unreachable { .. })), "{results:?}");
    let viewer = Reader::new(client).viewer().await;
    assert!(matches!(viewer, Err(Failure::Unreachable { .. })));
    assert!(clock.seconds() >= 30, "there were pauses between the attempts");
}

#[tokio::test]
async fn an_enterprise_server_s_list_is_read_below_its_own_path() {
    let server = MockServer::start().await;
    let one = |number: u64| json!({"node_id": format!("M_{number}"), "number": number, "title": "M"});
    let list = "/api/v3/repos/o/r/milestones";
    let next = format!("<{}{list}?state=all&per_page=100&page=2>; rel=\"next\"", server.uri());
    let first =
        ResponseTemplate::new(200).set_body_json(json!([one(1)])).insert_header("link", next.as_str());
    let page = |name: &str| Mock::given(method("GET")).and(path(list)).and(query_param("page", name));
    page("2").respond_with(ResponseTemplate::new(200).set_body_json(json!([one(2)]))).mount(&server).await;
    Mock::given(method("GET"))
        .and(path(list))
        .and(query_param("state", "all"))
        .and(query_param_is_missing("page"))
        .and(header("x-github-api-version", "2022-11-28"))
        .respond_with(first)
        .mount(&server)
        .await;
    let reader = Reader::new(client(&format!("{}/api/v3", server.uri()), &JumpingClock::new()));
    let found = reader.milestones(&spectra_model::id::RepoSlug::parse("o/r").unwrap()).await.unwrap();
    assert_eq!(found.iter().map(|milestone| milestone.number).collect::<Vec<_>>(), [1, 2]);
}

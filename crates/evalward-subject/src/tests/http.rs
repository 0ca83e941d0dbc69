//! An application over HTTP.

use evalward_core::{CallErrorKind, Document, Example, Partition, Subject};
use evalward_models::{HttpMethod, Tape, Transport, TransportOptions};
use insta::assert_snapshot;
use serde_json::{Value, json};
use tempfile::TempDir;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{error_kind, outcome};
use crate::{HttpOptions, HttpSubject, Pointers};

fn options(url: &str) -> HttpOptions {
    let transport = TransportOptions { system_proxy: false, ..TransportOptions::default() };
    HttpOptions {
        headers: vec![("x-token".to_owned(), "token-of-ours".into())],
        ..HttpOptions::new(Transport::new(transport).unwrap(), url)
    }
}

fn example() -> Example {
    let mut example = Example::new("a-1", Partition::Golden).with_input("question", "Hi \"you\"");
    example.context = vec![Document::from_text("doc")];
    example
}

async fn server(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

/// Returns what is read in an answer with these pointers.
async fn read(pointers: Pointers, answer: ResponseTemplate) -> String {
    let server = server(answer).await;
    let subject = HttpSubject::new(HttpOptions { pointers, ..options(&server.uri()) }).unwrap();
    outcome(&subject, &example()).await.replace(&server.uri(), "http://server")
}

fn json_answer(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

#[tokio::test]
async fn the_body_is_filled_in_and_the_default_form_is_ours() {
    let server = server(json_answer(&json!({"output": "Hello", "extra": 1}))).await;
    let body = json!({"id": "{{ id }}", "q": "Q: {{ input.question }}", "all": "{{ input }}", "docs": ["{{ context }}", 7], "n": null});
    let custom =
        HttpOptions { body: Some(body), method: HttpMethod::Put, ..options(&server.uri()) };
    for options in [options(&server.uri()), custom] {
        let subject = HttpSubject::new(options).unwrap();
        assert!(!format!("{subject:?}").contains("token-of-ours"));
        subject.preflight(&example()).unwrap();
        assert_eq!(outcome(&subject, &example()).await, r#"{"output":"Hello"} (1 attempts)"#);
    }
    let seen = server.received_requests().await.unwrap();
    let body = |index: usize| evalward_core::canonical_json(&seen[index].body_json().unwrap());
    assert_snapshot!(body(0), @r#"{"input":{"question":"Hi \"you\""}}"#);
    assert_snapshot!(body(1), @r#"{"all":{"question":"Hi \"you\""},"docs":[[{"text":"doc"}],7],"id":"a-1","n":null,"q":"Q: Hi \"you\""}"#);
    assert_eq!(seen[1].method.as_str(), "PUT");
    assert_eq!(seen[1].headers["x-token"], "token-of-ours");
}

#[tokio::test]
async fn pointers_find_every_part() {
    let pointers = Pointers {
        output: "/data/0/text".to_owned(),
        context: Some("/docs".to_owned()),
        tool_calls: Some("/calls".to_owned()),
        usage: Some("/usage".to_owned()),
        model: Some("/m".to_owned()),
    };
    let answer = json!({
        "data": [{"text": {"a": 1}}], "docs": [{"id": "d"}], "calls": null,
        "usage": {"prompt_tokens": 3}, "m": "model",
    });
    assert_snapshot!(read(pointers.clone(), json_answer(&answer)).await, @r#"{"output":"{\"a\":1}","context":[{"id":"d"}],"usage":{"input_tokens":3},"model":"model"} (1 attempts)"#);
    assert_snapshot!(read(pointers.clone(), json_answer(&json!({"data": []}))).await, @r#"Malformed: `POST http://server/` answered what is no response: pointer `/data/0/text` for `output` finds nothing; the answer starts: {"data":[]}"#);
    let answer = json!({"data": [{"text": "x"}], "docs": "d"});
    assert_snapshot!(read(pointers, json_answer(&answer)).await, @r#"Malformed: `POST http://server/` answered what is no response: `/docs` is no `context` (invalid type: string "d", expected a sequence); the answer starts: {"data":[{"text":"x"}],"docs":"d"}"#);
}

#[tokio::test]
async fn plain_text_needs_the_empty_pointer() {
    let text = || ResponseTemplate::new(200).set_body_string("plain token-of-ours");
    let whole = Pointers { output: String::new(), ..Pointers::default() };
    assert_snapshot!(read(whole.clone(), text()).await, @r#"{"output":"plain token-of-ours"} (1 attempts)"#);
    assert_snapshot!(read(whole, json_answer(&json!("text"))).await, @r#"{"output":"text"} (1 attempts)"#);
    assert_snapshot!(read(Pointers::default(), text()).await, @r#"Malformed: `POST http://server/` answered what is no response: it is not JSON (expected value at line 1 column 1); the answer starts: "plain [secret]""#);
    assert_snapshot!(read(Pointers::default(), json_answer(&json!({"output": null}))).await, @r#"Malformed: `POST http://server/` answered what is no response: `/output`, where `output` should be, is null; the answer starts: {"output":null}"#);
}

#[tokio::test]
async fn undefined_variables_are_told_before_any_call() {
    for text in ["{{ input.qestion }}", "Q: {{ input.qestion }}"] {
        let body = Some(json!({"a": [{"b": text}]}));
        let subject =
            HttpSubject::new(HttpOptions { body, ..options("http://127.0.0.1:9") }).unwrap();
        let reason = subject.preflight(&example()).unwrap_err();
        assert!(reason.contains("`input.qestion` is undefined"), "{reason}");
        assert!(reason.ends_with("did you mean `input.question`?"), "{reason}");
        assert_eq!(error_kind(&subject, &example()).await, CallErrorKind::Failed);
    }
}

#[test]
fn unusable_options_are_refused() {
    let refused = |options| HttpSubject::new(options).unwrap_err().to_string();
    let body = Some(json!({"a": [1, "{% if %}"]}));
    assert_snapshot!(refused(HttpOptions { body, ..options("http://a.example") }), @"failed to read template at body.a[1]:1: unexpected end of block");
    let pointers = Pointers { output: "output".to_owned(), ..Pointers::default() };
    assert_snapshot!(refused(HttpOptions { pointers, ..options("http://a.example") }), @"failed to read JSON pointer `output` for `output`: it is neither empty nor starts with `/`");
}

#[tokio::test]
async fn a_replay_needs_no_server_and_records_no_address() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("calls.jsonl");
    let server = server(json_answer(&json!({"output": "Hello"}))).await;
    let tape = Tape::record(&path).unwrap();
    let live =
        HttpSubject::new(HttpOptions { tape: tape.clone(), ..options(&server.uri()) }).unwrap();
    let reply = live.respond(&example()).await.unwrap();
    tape.finish().unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains("127.0.0.1") && !text.contains("token"), "{text}");
    let tape = Tape::replay(&path).unwrap();
    let replay = HttpSubject::new(HttpOptions { tape, ..options("http://127.0.0.1:9") }).unwrap();
    let replayed = replay.respond(&example()).await.unwrap();
    assert_eq!(
        (replayed.response, replayed.latency_millis),
        (reply.response, reply.latency_millis)
    );
    assert_eq!(replayed.attempts, 0);
}

//! The spans that a receiver gets.

#![cfg(test)]

mod server;

use std::time::Duration;

use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use serde_json::{Value, json};
use server::{Answer, Server};
use tokio::time::Instant;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

/// Longer than any test: spans are sent once the server stops.
const AT_THE_END: (&str, &str) = ("OTEL_BSP_SCHEDULE_DELAY", "600000");
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN: &str = "00f067aa0ba902b7";

/// A receiver that gives the answers in turn, the last one for ever.
async fn receiver(answers: Vec<ResponseTemplate>) -> MockServer {
    let receiver = MockServer::start().await;
    let last = answers.len() - 1;
    for (index, answer) in answers.into_iter().enumerate() {
        let mock = Mock::given(any()).respond_with(answer);
        let mock = if index < last { mock.up_to_n_times(1) } else { mock };
        mock.mount(&receiver).await;
    }
    receiver
}

fn taken() -> ResponseTemplate {
    ResponseTemplate::new(200)
}

fn start(receiver: &MockServer, arguments: &[&str], more: &[(&str, &str)]) -> Server {
    let uri = receiver.uri();
    let mut variables = vec![("OTEL_EXPORTER_OTLP_ENDPOINT", uri.as_str())];
    variables.extend(more);
    Server::start(arguments, &variables)
}

fn ask(server: &Server, headers: &str, more: &Value) -> Answer {
    let mut body = json!({"input": {"question": "Do you take bitcoin?"}});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let answer = server.send("POST", "/answer", headers, &body.to_string());
    assert_eq!(answer.status(), "HTTP/1.1 200 OK");
    answer
}

/// Returns every request that the receiver got.
async fn exports(receiver: &MockServer) -> Vec<ExportTraceServiceRequest> {
    let requests = receiver.received_requests().await.unwrap();
    requests.iter().map(|request| Message::decode(request.body.as_slice()).unwrap()).collect()
}

fn spans(export: &ExportTraceServiceRequest) -> Vec<&Span> {
    export
        .resource_spans
        .iter()
        .flat_map(|spans| &spans.scope_spans)
        .flat_map(|s| &s.spans)
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from_digit(digit.into(), 16).unwrap()).collect()
}

fn text<'a>(attributes: &'a [KeyValue], key: &str) -> &'a str {
    let found =
        attributes.iter().find(|pair| pair.key == key).unwrap_or_else(|| panic!("no {key}"));
    match found.value.as_ref().unwrap().value.as_ref().unwrap() {
        any_value::Value::StringValue(text) => text,
        other => panic!("{key} is no text: {other:?}"),
    }
}

fn parsed(span: &Span, key: &str) -> Value {
    serde_json::from_str(text(&span.attributes, key)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_a_span_by_the_conventions() {
    let receiver = receiver(vec![taken()]).await;
    let headers = ("OTEL_EXPORTER_OTLP_HEADERS", "x-api-key=ew_%31");
    let server = start(&receiver, &["--release", "1.4.0"], &[AT_THE_END, headers]);
    let answer = ask(
        &server,
        &format!("traceparent: 00-{TRACE}-{SPAN}-01\r\n"),
        &json!({"conversation": "c-7"}),
    );
    let reply: Value = serde_json::from_str(&answer.body).unwrap();
    let (status, stderr) = server.terminate();
    assert!(status.success());
    assert_eq!(stderr, "");

    let requests = receiver.received_requests().await.unwrap();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].url.path(), "/v1/traces");
    assert_eq!(requests[0].headers["content-type"], "application/x-protobuf");
    assert_eq!(requests[0].headers["x-api-key"], "ew_1");
    let exports = exports(&receiver).await;
    let resource = &exports[0].resource_spans[0].resource.as_ref().unwrap().attributes;
    assert_eq!(text(resource, "service.name"), "support-assistant");
    assert_eq!(text(resource, "service.version"), "1.4.0");

    let [span] = spans(&exports[0])[..] else { panic!("one span") };
    assert_eq!((hex(&span.trace_id), hex(&span.parent_span_id)), (TRACE.into(), SPAN.into()));
    assert_eq!(answer.header("x-trace-id"), Some(TRACE));
    assert_eq!(answer.header("x-span-id"), Some(hex(&span.span_id).as_str()));
    assert!(span.start_time_unix_nano > 0 && span.start_time_unix_nano <= span.end_time_unix_nano);
    assert_eq!(text(&span.attributes, "gen_ai.operation.name"), "chat");
    assert_eq!(text(&span.attributes, "gen_ai.conversation.id"), "c-7");
    assert_eq!(
        parsed(span, "gen_ai.input.messages"),
        json!([{"role": "user", "parts": [{"type": "text", "content": "Do you take bitcoin?"}]}])
    );
    assert_eq!(
        parsed(span, "gen_ai.output.messages"),
        json!([{
            "role": "assistant",
            "parts": [{"type": "text", "content": reply["output"]}],
            "finish_reason": "stop",
        }])
    );
    let documents = parsed(span, "gen_ai.retrieval.documents");
    assert_eq!(documents[0]["id"], reply["context"][0]["id"]);
    assert_eq!(documents[0]["content"], reply["context"][0]["text"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_without_a_trace_start_their_own_and_travel_together() {
    let receiver = receiver(vec![taken()]).await;
    let server = start(&receiver, &["--patch", "holiday"], &[AT_THE_END]);
    let answers: Vec<Answer> = (0..5).map(|_| ask(&server, "", &json!({}))).collect();
    server.terminate();

    let exports = exports(&receiver).await;
    assert_eq!(exports.len(), 1);
    let resource = &exports[0].resource_spans[0].resource.as_ref().unwrap().attributes;
    assert_eq!(text(resource, "service.version"), concat!(env!("CARGO_PKG_VERSION"), "+holiday"));
    let sent: Vec<String> = spans(&exports[0]).iter().map(|span| hex(&span.trace_id)).collect();
    let told: Vec<&str> = answers.iter().filter_map(|answer| answer.header("x-trace-id")).collect();
    assert_eq!(sent, told);
    assert!(spans(&exports[0]).iter().all(|span| span.parent_span_id.is_empty()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_busy_gets_the_spans_again() {
    let busy = |status| ResponseTemplate::new(status).insert_header("retry-after", "0");
    let receiver = receiver(vec![busy(429), busy(503), taken()]).await;
    let server = start(&receiver, &[], &[("OTEL_BSP_SCHEDULE_DELAY", "1")]);
    ask(&server, "", &json!({}));
    let (_, stderr) = server.terminate();
    let exports = exports(&receiver).await;
    assert_eq!(exports.len(), 3);
    assert!(exports.iter().all(|export| export == &exports[0]));
    assert_eq!(
        stderr,
        "telemetry: spans cannot be sent and will be sent again: the receiver answered 429 Too Many Requests\n"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_receiver_refuses_is_told_and_not_sent_again() {
    let partial = ExportTraceServiceResponse {
        partial_success: Some(ExportTracePartialSuccess {
            rejected_spans: 1,
            error_message: "no input".to_owned(),
        }),
    };
    let some =
        ResponseTemplate::new(200).set_body_raw(partial.encode_to_vec(), "application/x-protobuf");
    for (answer, expected) in [
        (
            ResponseTemplate::new(401),
            "telemetry: lost 1 span: the receiver answered 401 Unauthorized\ntelemetry: lost 1 span in all\n",
        ),
        (some, "telemetry: the receiver rejected 1 span: no input\n"),
    ] {
        let receiver = receiver(vec![answer]).await;
        let server = start(&receiver, &[], &[AT_THE_END]);
        ask(&server, "", &json!({}));
        let (status, stderr) = server.terminate();
        assert!(status.success());
        assert_eq!(stderr, expected);
        assert_eq!(exports(&receiver).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_hangs_delays_no_answer_and_the_end_only_for_a_while() {
    let receiver = receiver(vec![taken().set_delay(Duration::from_mins(10))]).await;
    let server = start(&receiver, &[], &[("OTEL_BSP_SCHEDULE_DELAY", "1")]);
    let started = Instant::now();
    for _ in 0..20 {
        ask(&server, "", &json!({}));
    }
    let (status, stderr) = server.terminate();
    // The request would take ten seconds on its own; five are left for it once the server stops.
    assert!(started.elapsed() < Duration::from_secs(9), "{:?}", started.elapsed());
    assert!(status.success());
    assert_eq!(stderr, "telemetry: lost the last spans, which could not be sent in time\n");
}

#[test]
fn settings_that_cannot_be_read_keep_the_server_from_starting() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_support-assistant"))
        .arg("serve")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
        .env("OTEL_EXPORTER_OTLP_HEADERS", "sesame")
        .output()
        .unwrap();
    assert!(!output.status.success());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr.contains("`OTEL_EXPORTER_OTLP_HEADERS`") && !stderr.contains("sesame"),
        "{stderr}"
    );
}

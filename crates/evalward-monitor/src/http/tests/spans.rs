//! `POST /v1/traces` in both encodings.

use insta::assert_snapshot;
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use prost::Message as _;
use serde_json::{Value, json};

use super::server::{Answer, DECOMPRESSED_BYTES, Server, gzip};
use crate::http::Auth;

const ROUTE: &str = "/v1/traces";

fn text(key: &str, value: &str) -> KeyValue {
    let value = AnyValue { value: Some(any_value::Value::StringValue(value.to_owned())) };
    KeyValue { key: key.to_owned(), value: Some(value), ..KeyValue::default() }
}

fn span(number: u8) -> Span {
    Span {
        trace_id: [[7; 15].as_slice(), &[number]].concat(),
        span_id: vec![9; 8],
        name: format!("chat {number}"),
        start_time_unix_nano: 1_762_179_726_000_000_000,
        end_time_unix_nano: 1_762_179_727_000_000_000,
        attributes: vec![
            text("gen_ai.operation.name", "chat"),
            text("input.value", "Where is my order?"),
            text("output.value", "On its way."),
        ],
        ..Span::default()
    }
}

fn request(spans: Vec<Span>) -> Vec<u8> {
    let scope_spans = vec![ScopeSpans { spans, ..ScopeSpans::default() }];
    let resource_spans = vec![ResourceSpans { scope_spans, ..ResourceSpans::default() }];
    ExportTraceServiceRequest { resource_spans }.encode_to_vec()
}

async fn send(server: &Server, body: Vec<u8>) -> Answer {
    let request = server.post(ROUTE).header("content-type", "application/x-protobuf");
    Answer::of(request.body(body)).await
}

#[track_caller]
fn partial(answer: &Answer) -> Option<(i64, String)> {
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/x-protobuf");
    let response = ExportTraceServiceResponse::decode(answer.body.as_slice()).unwrap();
    response.partial_success.map(|partial| (partial.rejected_spans, partial.error_message))
}

#[derive(Clone, PartialEq, prost::Message)]
struct Status {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
}

/// Reads the `google.rpc.Status` of an error.
#[track_caller]
fn refused(answer: &Answer) -> String {
    assert_eq!(answer.header("content-type"), "application/x-protobuf");
    let status = Status::decode(answer.body.as_slice()).unwrap();
    format!("{} code {}: {}", answer.status.as_u16(), status.code, status.message)
}

#[tokio::test]
async fn all_spans_are_taken_once_however_often_they_are_sent() {
    let server = Server::start(Auth::Off).await;
    let body = request((1..=100).map(span).collect());
    for body in [body.clone(), body.clone()] {
        assert_eq!(partial(&send(&server, body).await), None);
    }
    let packed = server.post(ROUTE).header("content-type", "application/x-protobuf");
    let packed = packed.header("content-encoding", "gzip").body(gzip(&body));
    assert_eq!(partial(&Answer::of(packed).await), None);
    assert_eq!(server.stored("default").await, 100);
}

#[tokio::test]
async fn an_empty_request_succeeds() {
    let server = Server::start(Auth::Off).await;
    let answer = send(&server, Vec::new()).await;
    assert_eq!((partial(&answer), answer.body.len()), (None, 0));
    for body in ["{}", r#"{"resourceSpans":null}"#, r#"{"resourceSpans":[{"scopeSpans":[]}]}"#] {
        let answer = server.post_json(ROUTE, body).await;
        assert_eq!(answer.shown(), "200 application/json\n{}");
    }
}

#[tokio::test]
async fn one_bad_span_among_a_hundred_is_rejected_alone() {
    let server = Server::start(Auth::Off).await;
    let mut spans: Vec<_> = (1..=100).map(span).collect();
    spans[37].trace_id.pop();
    let (rejected, message) = partial(&send(&server, request(spans)).await).unwrap();
    assert_eq!(rejected, 1);
    assert_snapshot!(message, @"1 of 100 spans was rejected; span 37: its trace id has 15 bytes; it must have 16");
    assert_eq!(server.stored("default").await, 99);
}

#[tokio::test]
async fn a_span_that_is_no_protobuf_is_rejected_alone() {
    let server = Server::start(Auth::Off).await;
    let mut spans: Vec<_> = (1..=3).map(span).collect();
    spans[1].name = "chat ~~~~".to_owned();
    let mut body = request(spans);
    let place = body.windows(4).position(|window| window == b"~~~~").unwrap();
    body[place] = 0xff;
    let (rejected, message) = partial(&send(&server, body).await).unwrap();
    assert_eq!(rejected, 1);
    assert_snapshot!(message, @"1 of 3 spans was rejected; span 1: failed to decode Protobuf message: Span.name: invalid string value: data is not UTF-8 encoded");
    assert_eq!(server.stored("default").await, 2);
}

#[tokio::test]
async fn json_is_read_with_patience() {
    let server = Server::start(Auth::Off).await;
    let good = json!({
        "traceId": "5B8EFFF798038103D269B633813FC60C", "spanId": "EEE19b7ec3c1b174",
        "name": "chat", "kind": 3, "someday": {"new": [1]}, "events": null, "links": null,
        "startTimeUnixNano": 1_762_179_726_000_000_000_u64, "endTimeUnixNano": "1762179727532000000",
        "attributes": [
            {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}},
            {"key": "input.value", "value": {"stringValue": "q"}},
            {"key": "output.value", "value": {"stringValue": "x"}},
            {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "12"}},
            {"key": "gen_ai.usage.output_tokens", "value": {"intValue": 3}},
            {"key": "gen_ai.request.temperature", "value": {"doubleValue": "NaN"}},
            {"key": "gen_ai.request.top_p", "value": {"doubleValue": "-Infinity"}},
            {"key": "gen_ai.response.finish_reasons", "value": {"arrayValue": {"values": [{"stringValue": "stop"}]}}},
            {"key": "gen_ai.request.stop_sequences", "value": {"arrayValue": {"values": null}}},
            {"key": "nothing", "value": null},
        ],
        "status": {"code": 1},
    });
    let mut bad = good.clone();
    bad["spanId"] = json!("xyz");
    let mut worse = good.clone();
    worse["startTimeUnixNano"] = json!(-1);
    let spans = json!([bad, good, 3, worse]);
    let resource =
        json!({"attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]});
    let body = json!({"resourceSpans": [{"scopeSpans": [{"spans": spans}], "resource": resource}]});
    let answer = server.post_json(ROUTE, &body.to_string()).await;
    assert_snapshot!(answer.shown(), @r#"
    200 application/json
    {"partialSuccess":{"errorMessage":"3 of 4 spans were rejected; span 0: `spanId` is not hexadecimal; span 2: it is no object; span 3: `startTimeUnixNano` is no whole number of nanoseconds","rejectedSpans":"3"}}
    "#);
    let windows = server.stored("default").await;
    assert_eq!(windows, 1);
    let id = "5b8efff798038103d269b633813fc60c-eee19b7ec3c1b174";
    let id = evalward_core::InteractionId::new(id).unwrap();
    let stored = server.state.store.interaction("default", &id).await.unwrap().interaction;
    assert_eq!(stored.latency_millis, Some(1_532));
    assert_eq!(stored.service.as_deref(), Some("shop"));
    assert_eq!(stored.attributes["gen_ai.request.temperature"], "NaN");
    assert_eq!(stored.attributes["gen_ai.request.top_p"], "-Infinity");
    assert_eq!(stored.attributes["gen_ai.request.stop_sequences"], Value::Array(Vec::new()));
    let usage = stored.response.unwrap().usage.unwrap();
    assert_eq!((usage.input_tokens, usage.output_tokens), (Some(12), Some(3)));
}

#[tokio::test]
async fn nothing_of_a_bad_request_is_stored() {
    let server = Server::start(Auth::Off).await;
    let whole = request((1..=3).map(span).collect());
    let mut shown = Vec::new();
    shown.push(refused(&send(&server, whole[..whole.len() - 10].to_vec()).await));
    shown.push(refused(&send(&server, b"{\"resourceSpans\":[]}".to_vec()).await));
    let packed = |body: Vec<u8>| {
        let request = server.post(ROUTE).header("content-type", "application/x-protobuf");
        Answer::of(request.header("content-encoding", "gzip").body(body))
    };
    shown.push(refused(&packed(whole.clone()).await));
    shown.push(refused(&packed(gzip(&vec![0; DECOMPRESSED_BYTES + 1])).await));
    let brotli = server.post(ROUTE).header("content-type", "application/x-protobuf");
    let brotli = brotli.header("content-encoding", "br").body(whole.clone());
    shown.push(refused(&Answer::of(brotli).await));
    let other = server.post(ROUTE).header("content-type", "text/plain").body(whole.clone());
    shown.push(Answer::of(other).await.shown());
    for body in [
        "",
        "{\"resourceSpans\":",
        "[]",
        "{\"resourceSpans\":7}",
        "{\"resourceSpans\":[{\"scopeSpans\":3}]}",
    ] {
        shown.push(server.post_json(ROUTE, body).await.shown());
    }
    assert_snapshot!(shown.join("\n"), @r#"
    400 code 3: the body is not an OTLP trace request in protobuf: a field is longer than what holds it; is the body cut off?
    400 code 3: the body is not an OTLP trace request in protobuf: failed to decode Protobuf message: buffer underflow
    400 code 3: the body is not whole gzip data
    413 code 3: the decompressed body has more than 4194304 bytes; send less at once
    415 code 3: the content encoding `br` is not taken; send `gzip` or none
    415 application/json
    {"code":3,"message":"the content type `text/plain` is not taken; send `application/x-protobuf` or `application/json`"}
    400 application/json
    {"code":3,"message":"the body is not an OTLP trace request in JSON: EOF while parsing a value at line 1 column 0"}
    400 application/json
    {"code":3,"message":"the body is not an OTLP trace request in JSON: EOF while parsing a value at line 1 column 17"}
    400 application/json
    {"code":3,"message":"the body is not an OTLP trace request in JSON: `the request` is no object"}
    400 application/json
    {"code":3,"message":"the body is not an OTLP trace request in JSON: `resourceSpans` is no list"}
    400 application/json
    {"code":3,"message":"the body is not an OTLP trace request in JSON: `scopeSpans` is no list"}
    "#);
    assert_eq!(server.stored("default").await, 0);
}

#[tokio::test]
async fn a_full_backlog_asks_senders_to_come_back() {
    let server = Server::start_with(Auth::Off, 1, crate::http::router).await;
    assert_eq!(partial(&send(&server, request(vec![span(1)])).await), None);
    let answer = send(&server, request(vec![span(2)])).await;
    assert_snapshot!(refused(&answer), @"429 code 8: 1 samples wait for their evaluation, 1 at most may");
    assert_eq!(answer.header("retry-after"), "10");
    assert_eq!(server.stored("default").await, 1);
}

#[tokio::test]
async fn a_failed_store_can_be_tried_again() {
    let server = Server::start(Auth::Off).await;
    server.state.store.close().await.unwrap();
    let answer = send(&server, request(vec![span(1)])).await;
    assert_snapshot!(refused(&answer), @"503 code 14: the store does not answer; try again");
    assert_eq!(answer.header("retry-after"), "5");
}

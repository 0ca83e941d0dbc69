//! `POST /api/v1/interactions` and `POST /api/v1/feedback`.

use insta::assert_snapshot;
use serde_json::json;

use super::server::{Answer, BODY_BYTES, DECOMPRESSED_BYTES, Server, gzip};
use crate::http::Auth;

const ROUTE: &str = "/api/v1/interactions";

#[tokio::test]
async fn one_interaction_is_stored_once() {
    let server = Server::start(Auth::Off).await;
    let body = r#"{"id":"a","input":"Where is my order?","output":"On its way.","model":"m"}"#;
    let first = server.post_json(ROUTE, body).await;
    assert_snapshot!(first.shown(), @r#"
    202 application/json
    {"accepted":1,"sampled":1,"duplicate":0,"rejected":[]}
    "#);
    let second = server.post_json(ROUTE, body).await;
    assert_snapshot!(second.shown(), @r#"
    202 application/json
    {"accepted":0,"sampled":0,"duplicate":1,"rejected":[]}
    "#);
    assert_eq!(server.stored("default").await, 1);
    let id = "a".parse_id();
    let stored = server.state.store.interaction("default", &id).await.unwrap().interaction;
    assert_eq!(stored.input["question"], "Where is my order?");
    assert_eq!(stored.response.unwrap().model.as_deref(), Some("m"));
}

#[tokio::test]
async fn an_empty_error_is_none() {
    let server = Server::start(Auth::Off).await;
    let body = r#"{"id":"a","input":"Where is my order?","output":"On its way.","error":" "}"#;
    server.post_json(ROUTE, body).await;
    let stored = server.state.store.interaction("default", &"a".parse_id()).await.unwrap();
    assert_eq!((stored.stratum.as_str(), stored.interaction.error), ("base", None));
}

#[tokio::test]
async fn a_batch_takes_the_good_ones_and_names_the_field_of_each_mistake() {
    let server = Server::start(Auth::Off).await;
    let body = json!([
        {"id": "a", "input": {"question": "q"}, "output": "x", "latency_millis": 12},
        {"id": "b", "input": {"question": "q"}, "latency_millis": 1.5},
        {"input": "q"},
        {"id": "c", "input": "q", "output": 3},
        {"id": "d", "inptu": "q", "output": "x"},
        {"id": "e", "input": "q", "started_at": "yesterday"},
        {"id": "f", "input": "q", "output": "x", "response": {"output": "x"}},
        {"id": "g", "input": "q", "output": "x", "context": [{}]},
        {"id": "h", "input": {}},
        {"id": " ", "input": "q"},
        7,
        {"id": "z", "input": "q", "error": "timeout", "model": "m", "session": null},
    ]);
    let answer = server.post_json(ROUTE, &body.to_string()).await;
    assert_eq!(answer.status, 202);
    let said = answer.json();
    assert_eq!(said["accepted"], 2);
    let rejected = said["rejected"].as_array().unwrap();
    let lines: Vec<_> = rejected
        .iter()
        .map(|item| format!("{} {}: {}", item["index"], item["field"], item["reason"]))
        .collect();
    assert_snapshot!(lines.join("\n"), @r#"
    1 "/latency_millis": "this is no whole number from 0; send milliseconds without a fraction"
    2 "/id": "this is missing; send the id of the interaction"
    3 "/output": "this is a number; send a text"
    4 "/inptu": "this field is unknown; the fields are id, trace_id, session, started_at, latency_millis, service, version, environment, input, output, response, context, model, usage, error, attributes"
    5 "/started_at": "this is no RFC 3339 time; send one such as `2026-11-03T14:22:07Z`"
    6 "/output": "send either `output` or `response`"
    7 "/context": "a document needs an `id`, a `ref` or a `text`"
    8 "/input": "this is empty; send what the user asked"
    9 "/id": "an id must not be empty"
    10 "": "this is a number; send an object"
    "#);
    assert_eq!(server.stored("default").await, 2);
}

#[tokio::test]
async fn lines_are_taken_one_by_one() {
    let server = Server::start(Auth::Off).await;
    let body =
        "{\"id\":\"a\",\"input\":\"q\"}\n\n{\"id\":\"b\",\n{\"id\":\"c\",\"input\":\"q\"}\r\n";
    let request = server.post(ROUTE).header("content-type", "application/x-ndjson; charset=utf-8");
    let answer = Answer::of(request.header("content-encoding", "gzip").body(gzip(body.as_bytes())));
    assert_snapshot!(answer.await.shown(), @r#"
    202 application/json
    {"accepted":2,"sampled":2,"duplicate":0,"rejected":[{"index":1,"field":"","reason":"line 3, column 10: this is not JSON: EOF while parsing an object"}]}
    "#);
    assert_eq!(server.stored("default").await, 2);
}

#[tokio::test]
async fn nothing_of_a_bad_request_is_stored() {
    let server = Server::start(Auth::Off).await;
    let mut shown = Vec::new();
    let good = r#"{"id":"a","input":"q"}"#;
    for body in ["", "{", "[{\"id\":\"a\",\"input\":\"q\"},\n x]", "[]", "3", "{\"id\":\"a\"}"] {
        shown.push(format!("{body:?}\n{}", server.post_json(ROUTE, body).await.shown()));
    }
    let bare = Answer::of(server.post(ROUTE).body(good)).await;
    shown.push(format!("no content type\n{}", bare.shown()));
    let other = server.post(ROUTE).header("content-type", "text/csv").body(good);
    shown.push(format!("csv\n{}", Answer::of(other).await.shown()));
    let json =
        |body: Vec<u8>| server.post(ROUTE).header("content-type", "application/json").body(body);
    let zstd = json(good.into()).header("content-encoding", "zstd");
    shown.push(format!("zstd\n{}", Answer::of(zstd).await.shown()));
    let plain = json(good.into()).header("content-encoding", "gzip");
    shown.push(format!("no gzip\n{}", Answer::of(plain).await.shown()));
    let mut cut = gzip(good.as_bytes());
    cut.truncate(cut.len() - 6);
    let cut = json(cut).header("content-encoding", "gzip");
    shown.push(format!("half of gzip\n{}", Answer::of(cut).await.shown()));
    shown.push(format!("not UTF-8\n{}", Answer::of(json(vec![b'"', 0xff, b'"'])).await.shown()));
    let large = Answer::of(json(vec![b' '; BODY_BYTES + 1])).await;
    shown.push(format!("too large\n{}", large.shown()));
    let bomb = json(gzip(&vec![b' '; DECOMPRESSED_BYTES + 1])).header("content-encoding", "gzip");
    shown.push(format!("bomb\n{}", Answer::of(bomb).await.shown()));
    assert_snapshot!(shown.join("\n\n"), @r#"
    ""
    400 application/problem+json
    {"type":"about:blank","title":"Bad Request","status":400,"detail":"the body is not JSON: EOF while parsing a value at line 1 column 0"}

    "{"
    400 application/problem+json
    {"type":"about:blank","title":"Bad Request","status":400,"detail":"the body is not JSON: EOF while parsing an object at line 1 column 1"}

    "[{\"id\":\"a\",\"input\":\"q\"},\n x]"
    400 application/problem+json
    {"type":"about:blank","title":"Bad Request","status":400,"detail":"the body is not JSON: expected value at line 2 column 2"}

    "[]"
    202 application/json
    {"accepted":0,"sampled":0,"duplicate":0,"rejected":[]}

    "3"
    422 application/problem+json
    {"type":"about:blank","title":"Unprocessable Entity","status":422,"detail":"this is a number; send an object","rejected":[{"field":"","index":0,"reason":"this is a number; send an object"}]}

    "{\"id\":\"a\"}"
    422 application/problem+json
    {"type":"about:blank","title":"Unprocessable Entity","status":422,"detail":"`/input`: this is missing; send an object or a text","field":"/input","rejected":[{"field":"/input","index":0,"reason":"this is missing; send an object or a text"}]}

    no content type
    415 application/problem+json
    {"type":"about:blank","title":"Unsupported Media Type","status":415,"detail":"the request has no content type; send `application/json` or `application/x-ndjson`"}

    csv
    415 application/problem+json
    {"type":"about:blank","title":"Unsupported Media Type","status":415,"detail":"the content type `text/csv` is not taken; send `application/json` or `application/x-ndjson`"}

    zstd
    415 application/problem+json
    {"type":"about:blank","title":"Unsupported Media Type","status":415,"detail":"the content encoding `zstd` is not taken; send `gzip` or none"}

    no gzip
    400 application/problem+json
    {"type":"about:blank","title":"Bad Request","status":400,"detail":"the body is not whole gzip data"}

    half of gzip
    400 application/problem+json
    {"type":"about:blank","title":"Bad Request","status":400,"detail":"the body is not whole gzip data"}

    not UTF-8
    400 application/problem+json
    {"type":"about:blank","title":"Bad Request","status":400,"detail":"the body is not UTF-8 from byte 1 on"}

    too large
    413 application/problem+json
    {"type":"about:blank","title":"Payload Too Large","status":413,"detail":"the body has more than 1048576 bytes; send less at once"}

    bomb
    413 application/problem+json
    {"type":"about:blank","title":"Payload Too Large","status":413,"detail":"the decompressed body has more than 4194304 bytes; send less at once"}
    "#);
    assert_eq!(server.stored("default").await, 0);
}

#[tokio::test]
async fn too_many_interactions_at_once_are_refused_whole() {
    let server = Server::start(Auth::Off).await;
    let items: Vec<_> =
        (0..10_001).map(|id| json!({"id": format!("i{id}"), "input": "q"})).collect();
    let answer = server.post_json(ROUTE, &json!(items).to_string()).await;
    assert_snapshot!(answer.shown(), @r#"
    413 application/problem+json
    {"type":"about:blank","title":"Payload Too Large","status":413,"detail":"the request has more than 10000 interactions; send less at once"}
    "#);
    assert_eq!(server.stored("default").await, 0);
}

#[tokio::test]
async fn senders_wait_while_the_backlog_is_full() {
    let server = Server::start_with(Auth::Off, 1, crate::http::router).await;
    let first = server.post_json(ROUTE, r#"{"id":"a","input":"q","output":"x"}"#).await;
    assert_eq!(first.status, 202);
    let second = server.post_json(ROUTE, r#"{"id":"b","input":"q","output":"x"}"#).await;
    assert_snapshot!(second.shown(), @r#"
    429 application/problem+json
    {"type":"about:blank","title":"Too Many Requests","status":429,"detail":"1 samples wait for their evaluation, 1 at most may"}
    "#);
    assert_eq!(second.header("retry-after"), "10");
    assert_eq!(server.stored("default").await, 1);
}

#[tokio::test]
async fn feedback_is_recorded_once_and_waits_for_its_interaction() {
    let server = Server::start(Auth::Off).await;
    server.post_json(ROUTE, r#"{"id":"a","input":"q","output":"x"}"#).await;
    let mut shown = Vec::new();
    for body in [
        r#"{"interaction_id":"a","thumb":"down","comment":"wrong"}"#,
        r#"{"interaction_id":"a","thumb":"down"}"#,
        r#"{"interaction_id":"later","thumb":"up"}"#,
        r#"{"interaction_id":"a","thumb":"sideways"}"#,
        r#"{"thumb":"up"}"#,
        r#"{"interaction_id":"a","thumb":"up","stars":5}"#,
        "{",
    ] {
        shown.push(format!("{body}\n{}", server.post_json("/api/v1/feedback", body).await.shown()));
    }
    assert_snapshot!(shown.join("\n\n"), @r#"
    {"interaction_id":"a","thumb":"down","comment":"wrong"}
    202 application/json
    {"status":"recorded"}

    {"interaction_id":"a","thumb":"down"}
    202 application/json
    {"status":"repeated"}

    {"interaction_id":"later","thumb":"up"}
    202 application/json
    {"status":"waiting"}

    {"interaction_id":"a","thumb":"sideways"}
    422 application/problem+json
    {"type":"about:blank","title":"Unprocessable Entity","status":422,"detail":"`/thumb`: send `up` or `down`","field":"/thumb"}

    {"thumb":"up"}
    422 application/problem+json
    {"type":"about:blank","title":"Unprocessable Entity","status":422,"detail":"`/interaction_id`: this is missing; send the id of the interaction","field":"/interaction_id"}

    {"interaction_id":"a","thumb":"up","stars":5}
    422 application/problem+json
    {"type":"about:blank","title":"Unprocessable Entity","status":422,"detail":"`/stars`: this field is unknown; the fields are interaction_id, thumb, comment","field":"/stars"}

    {
    400 application/problem+json
    {"type":"about:blank","title":"Bad Request","status":400,"detail":"the body is not JSON: EOF while parsing an object at line 1 column 1"}
    "#);
}

trait ParseId {
    fn parse_id(&self) -> evalward_core::InteractionId;
}

impl ParseId for str {
    fn parse_id(&self) -> evalward_core::InteractionId {
        evalward_core::InteractionId::new(self).unwrap()
    }
}

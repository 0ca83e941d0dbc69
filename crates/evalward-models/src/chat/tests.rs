//! Both protocols against a fake server.

use std::sync::Arc;

use evalward_core::{
    CallError, CallErrorKind, ChatAnswer, ChatMessage, ChatModel, ChatRequest, Finite,
};
use insta::assert_snapshot;
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{AnthropicChat, AnthropicOptions, OpenAiChat, OpenAiOptions, Price};
use crate::{Transport, TransportOptions};

fn transport() -> Transport {
    Transport::new(TransportOptions { system_proxy: false, ..TransportOptions::default() }).unwrap()
}

fn price() -> Price {
    let usd = |usd| Finite::new(usd).unwrap();
    Price { input_per_million_usd: usd(100_000.0), output_per_million_usd: usd(0.0) }
}

fn openai(url: &str) -> Arc<dyn ChatModel> {
    let options = OpenAiOptions {
        base_url: format!("{url}/v1?api-version=3"),
        api_key: Some("sk-openai-key".into()),
        headers: vec![("api-key".to_owned(), "azure-key".into())],
        price: Some(price()),
    };
    Arc::new(OpenAiChat::new(transport(), &options).unwrap())
}

fn anthropic(url: &str) -> Arc<dyn ChatModel> {
    let options = AnthropicOptions {
        base_url: url.to_owned(),
        api_key: Some("sk-anthropic-key".into()),
        price: Some(price()),
        ..AnthropicOptions::default()
    };
    Arc::new(AnthropicChat::new(transport(), &options).unwrap())
}

/// Asks a server that gives this answer; returns what came of it and the request that the server saw.
async fn ask(
    client: fn(&str) -> Arc<dyn ChatModel>,
    request: &ChatRequest,
    answer: ResponseTemplate,
) -> (Result<ChatAnswer, CallError>, wiremock::Request) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let model = client(&server.uri());
    let shown = format!("{model:?}");
    assert!(!shown.contains("sk-") && !shown.contains("azure-key"), "{shown}");
    let outcome = model.complete(request).await.map_err(|error| CallError {
        message: error.message.replace(&server.uri(), "http://server"),
        ..error
    });
    (outcome, server.received_requests().await.unwrap().remove(0))
}

/// Returns what a client reads in an answer, as JSON or as the error's message.
async fn read(client: fn(&str) -> Arc<dyn ChatModel>, answer: Value) -> String {
    let request = ChatRequest::default();
    let template = ResponseTemplate::new(200).set_body_json(answer);
    match ask(client, &request, template).await.0 {
        Ok(answer) => serde_json::to_string(&ChatAnswer { latency_millis: 0, ..answer }).unwrap(),
        Err(error) => {
            assert_eq!(error.kind, CallErrorKind::Malformed);
            error.message
        }
    }
}

fn request() -> ChatRequest {
    let mut with_calls = ChatMessage::text("assistant", "");
    with_calls.content = Value::Null;
    with_calls.more.insert(
        "tool_calls".to_owned(),
        json!([{"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{\"x\":1}"}}]),
    );
    let mut result = ChatMessage::text("tool", "42");
    result.more.insert("tool_call_id".to_owned(), "c1".into());
    ChatRequest {
        model: "m".to_owned(),
        messages: vec![
            ChatMessage::text("system", "Be kind."),
            ChatMessage::text("user", "Hi"),
            with_calls,
            result,
        ],
        temperature: Some(Finite::ZERO),
        max_tokens: Some(7),
        parameters: [("seed".to_owned(), json!(1))].into_iter().collect(),
        sample: 3,
        label: "a-1".to_owned(),
    }
}

#[tokio::test]
async fn openai_is_sent_the_request_and_its_answer_is_kept() {
    let answer = json!({
        "model": "m-2026", "system_fingerprint": "fp",
        "choices": [{"message": {"content": "Hello"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12},
    });
    let template = ResponseTemplate::new(200).set_body_json(answer);
    let (outcome, seen) = ask(openai, &request(), template).await;
    let outcome = outcome.unwrap();
    assert_eq!(outcome.attempts, 1);
    assert_snapshot!(serde_json::to_string(&ChatAnswer { latency_millis: 0, ..outcome }).unwrap(), @r#"{"text":"Hello","model":"m-2026","fingerprint":"fp","finish_reason":"stop","usage":{"input_tokens":10,"output_tokens":2,"cost_usd":1.0},"latency_millis":0}"#);
    assert_eq!(
        (seen.url.path(), seen.url.query()),
        ("/v1/chat/completions", Some("api-version=3"))
    );
    assert_eq!(seen.headers["authorization"], "Bearer sk-openai-key");
    assert_eq!(seen.headers["api-key"], "azure-key");
    let body: Value = seen.body_json().unwrap();
    assert_snapshot!(evalward_core::canonical_json(&body), @r#"{"max_tokens":7,"messages":[{"content":"Be kind.","role":"system"},{"content":"Hi","role":"user"},{"content":null,"role":"assistant","tool_calls":[{"function":{"arguments":"{\"x\":1}","name":"look"},"id":"c1","type":"function"}]},{"content":"42","role":"tool","tool_call_id":"c1"}],"model":"m","seed":1,"temperature":0.0}"#);
}

#[tokio::test]
async fn a_negative_cost_is_none_and_the_price_of_the_suite_applies() {
    let answer = json!({
        "choices": [{"message": {"content": "Hello"}}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 2, "cost": -3.0},
    });
    assert_snapshot!(read(openai, answer).await, @r#"{"text":"Hello","usage":{"input_tokens":10,"output_tokens":2,"cost_usd":1.0},"latency_millis":0}"#);
}

#[tokio::test]
async fn anthropic_is_sent_its_own_form() {
    let answer = json!({
        "model": "c-2026", "stop_reason": "tool_use",
        "content": [
            {"type": "text", "text": "Let me look."},
            {"type": "tool_use", "id": "t1", "name": "look", "input": {"x": 1}},
        ],
        "usage": {"input_tokens": 8, "cache_read_input_tokens": 2, "output_tokens": 2},
    });
    let template = ResponseTemplate::new(200).set_body_json(answer);
    let (outcome, seen) = ask(anthropic, &request(), template).await;
    let outcome = outcome.unwrap();
    assert_snapshot!(serde_json::to_string(&ChatAnswer { latency_millis: 0, ..outcome }).unwrap(), @r#"{"text":"Let me look.","tool_calls":[{"id":"t1","name":"look","arguments":{"x":1}}],"model":"c-2026","finish_reason":"tool_use","usage":{"input_tokens":10,"output_tokens":2,"cost_usd":1.0},"latency_millis":0}"#);
    assert_eq!(seen.url.path(), "/v1/messages");
    assert_eq!(seen.headers["x-api-key"], "sk-anthropic-key");
    assert_eq!(seen.headers["anthropic-version"], "2023-06-01");
    let body: Value = seen.body_json().unwrap();
    assert_snapshot!(evalward_core::canonical_json(&body), @r#"{"max_tokens":7,"messages":[{"content":"Hi","role":"user"},{"content":[{"id":"c1","input":{"x":1},"name":"look","type":"tool_use"}],"role":"assistant"},{"content":[{"content":"42","tool_use_id":"c1","type":"tool_result"}],"role":"user"}],"model":"m","seed":1,"system":"Be kind.","temperature":0.0}"#);
}

#[tokio::test]
async fn openai_answers_without_content_are_told_apart() {
    let message = |message: Value, reason: &str| json!({"choices": [{"message": message, "finish_reason": reason}]});
    let calls = json!([{"id": "c", "function": {"name": "f", "arguments": "{\"a\":1}"}}, {"function": {"name": "g", "arguments": "oops"}}]);
    let answer = message(json!({"content": null, "tool_calls": calls}), "tool_calls");
    assert_snapshot!(read(openai, answer).await, @r#"{"text":"","tool_calls":[{"id":"c","name":"f","arguments":{"a":1}},{"name":"g","arguments":"oops"}],"finish_reason":"tool_calls","latency_millis":0}"#);
    let answer = message(json!({"content": null, "refusal": "I can't."}), "stop");
    assert_snapshot!(read(openai, answer).await, @r#"{"text":"I can't.","finish_reason":"stop","latency_millis":0}"#);
    let answer = message(json!({"content": null}), "length");
    assert_snapshot!(read(openai, answer).await, @r#"{"text":"","finish_reason":"length","latency_millis":0}"#);
    let answer =
        message(json!({"content": [{"type": "text", "text": "a"}, {"text": "b"}]}), "stop");
    assert_snapshot!(read(openai, answer).await, @r#"{"text":"ab","finish_reason":"stop","latency_millis":0}"#);
    let answer = message(json!({"content": null}), "stop");
    assert_snapshot!(read(openai, answer).await, @r#"`POST http://server/v1/chat/completions` answered with what is no chat answer: the message has neither `content` nor `tool_calls`; the answer starts: {"choices":[{"finish_reason":"stop","message":{"content":null}}]}"#);
}

#[tokio::test]
async fn an_answer_of_another_protocol_is_malformed() {
    assert_snapshot!(read(openai, json!({"choices": []})).await, @r#"`POST http://server/v1/chat/completions` answered with what is no chat answer: `choices` is missing or empty; the answer starts: {"choices":[]}"#);
    assert_snapshot!(read(anthropic, json!({"completion": "x"})).await, @r#"`POST http://server/v1/messages` answered with what is no chat answer: `content` is missing or no list; the answer starts: {"completion":"x"}"#);
    let garbage = ResponseTemplate::new(200).set_body_string("<html>sk-openai-key");
    let error = ask(openai, &ChatRequest::default(), garbage).await.0.unwrap_err();
    assert_eq!(error.kind, CallErrorKind::Malformed);
    assert_snapshot!(error.message, @"`POST http://server/v1/chat/completions` answered with what is no chat answer: expected value at line 1 column 1; the answer starts: <html>[secret]");
}

#[test]
fn unusable_options_are_refused() {
    let options = OpenAiOptions { base_url: String::new(), ..OpenAiOptions::default() };
    assert_snapshot!(OpenAiChat::new(transport(), &options).unwrap_err(), @"failed to read the address: relative URL without a base; write it as `https://host/path` (is a variable empty?)");
    let options = OpenAiOptions { api_key: Some("sk\n".into()), ..OpenAiOptions::default() };
    assert_snapshot!(OpenAiChat::new(transport(), &options).unwrap_err(), @"failed to use header `authorization`: its name or value has a character that is not allowed");
}

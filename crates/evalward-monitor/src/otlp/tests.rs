//! Each generation of instrumentation, from the form in which it sends to the interaction that is stored.

use evalward_core::{Interaction, Timestamp};
use serde_json::{Value, json};

use super::span::{base64, hex};
use super::{SpanChoice, read_json};

fn map(fixture: &str, choice: SpanChoice) -> (Vec<Interaction>, String) {
    let path = format!("{}/tests/fixtures/otlp/{fixture}.json", env!("CARGO_MANIFEST_DIR"));
    let body = std::fs::read(path).unwrap();
    let batch = read_json(&body, choice, Timestamp::from_millis(0)).unwrap();
    let counts = format!(
        "{} mapped, {} ignored, {} rejected, unmapped {:?}",
        batch.interactions.len(),
        batch.ignored,
        batch.rejected(),
        batch.unmapped
    );
    (batch.interactions, counts)
}

#[track_caller]
fn check(fixture: &str, choice: SpanChoice) {
    let (interactions, counts) = map(fixture, choice);
    let shown = format!("{counts}\n{}", serde_json::to_string_pretty(&interactions).unwrap());
    insta::assert_snapshot!(fixture, shown);
}

#[test]
fn opentelemetry_messages_in_attributes() {
    check("gen_ai_1_37", SpanChoice::Generations);
}

#[test]
fn opentelemetry_messages_in_events() {
    check("gen_ai_events", SpanChoice::Generations);
}

#[test]
fn openinference_indexed_messages() {
    check("openinference", SpanChoice::Generations);
}

#[test]
fn openllmetry_indexed_prompts() {
    check("openllmetry", SpanChoice::Generations);
}

/// What version 0.62.4 of the Python package sent for one call of a chat model.
#[test]
fn openllmetry_that_follows_opentelemetry() {
    check("openllmetry_0_62", SpanChoice::Generations);
}

#[test]
fn vercel_inner_calls() {
    check("vercel_ai", SpanChoice::Generations);
}

#[test]
fn errors_silence_and_contents_that_were_not_captured() {
    check("errors", SpanChoice::Generations);
}

#[test]
fn roots_with_input_and_output() {
    check("roots", SpanChoice::Roots);
}

/// Maps one span with these fields beside its ids.
#[track_caller]
fn one(fields: &Value) -> Interaction {
    let mut span =
        json!({"traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174"});
    span.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    let body = json!({"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}).to_string();
    let now = Timestamp::from_millis(1_762_179_726_000);
    let batch = read_json(body.as_bytes(), SpanChoice::Generations, now).unwrap();
    batch.interactions.into_iter().next().unwrap()
}

fn texts(pairs: &[(&str, &str)]) -> Value {
    let pair = |(key, value): &(&str, &str)| json!({"key": key, "value": {"stringValue": value}});
    pairs.iter().map(pair).collect()
}

#[test]
fn times_that_make_no_sense_are_left_out() {
    let attributes = texts(&[("gen_ai.operation.name", "chat"), ("input.value", "q")]);
    let backwards = one(&json!({
        "attributes": attributes, "startTimeUnixNano": "2000000000", "endTimeUnixNano": "1000000000",
    }));
    assert_eq!((backwards.started_at.as_millis(), backwards.latency_millis), (2_000, None));
    let without = one(&json!({"attributes": attributes, "endTimeUnixNano": "1000000000"}));
    assert_eq!(without.started_at.as_millis(), 1_762_179_726_000);
    assert_eq!(without.latency_millis, None);
}

#[test]
fn one_hidden_message_hides_the_conversation() {
    let hidden = one(&json!({"attributes": texts(&[
        ("openinference.span.kind", "LLM"),
        ("llm.input_messages.0.message.role", "system"),
        ("llm.input_messages.0.message.content", "Be brief."),
        ("llm.input_messages.1.message.role", "user"),
        ("llm.input_messages.1.message.content", "__REDACTED__"),
        ("llm.output_messages.0.message.content", "Yes."),
    ])}));
    assert_eq!(hidden.withheld.as_deref(), Some("the instrumentation hid `llm.input_messages`"));
    assert!(hidden.input.is_empty() && hidden.response.is_none());
}

#[test]
fn a_hidden_value_gives_way_to_a_source_that_says_something() {
    let shown = one(&json!({"attributes": texts(&[
        ("openinference.span.kind", "LLM"),
        ("input.value", "__REDACTED__"),
        ("traceloop.entity.input", "Where is it?"),
        ("output.value", ""),
        ("traceloop.entity.output", "\"On its way.\""),
    ])}));
    assert_eq!(shown.withheld, None);
    assert_eq!(shown.input["question"], "Where is it?");
    assert_eq!(shown.response.unwrap().output, "On its way.");
    assert_eq!(shown.lineage["response.output"], "traceloop.entity.output");
}

#[test]
fn an_exception_that_was_caught_does_not_undo_an_answer() {
    let event = json!({"name": "exception", "attributes": texts(&[("exception.type", "E")])});
    let answered = texts(&[("gen_ai.operation.name", "chat"), ("output.value", "x")]);
    let silent = texts(&[("gen_ai.operation.name", "chat"), ("input.value", "q")]);
    assert_eq!(one(&json!({"attributes": answered, "events": [event]})).error, None);
    let failed = one(&json!({"attributes": silent, "events": [event]}));
    assert_eq!(failed.error.as_deref(), Some("E"));
}

#[test]
fn bytes_are_written_as_protobuf_writes_them() {
    for (bytes, expected) in
        [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("\u{3ff}~", "z79+")]
    {
        assert_eq!(base64(bytes.as_bytes()), expected);
    }
    assert_eq!(hex(&[0, 0x9f, 0xff]), "009fff");
}

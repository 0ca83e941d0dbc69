//! Each generation of instrumentation, from the form in which it sends to the interaction that is stored.

use evalward_core::{Interaction, Timestamp};

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

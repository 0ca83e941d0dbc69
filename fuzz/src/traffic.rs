//! What senders post to the monitor, and what holds of every interaction.

use evalward_core::{Interaction, Timestamp};

use crate::otlp::{SpanChoice, read_json, read_protobuf};
use crate::redaction::redact_interaction;

/// Reads an item of the monitor's own form and checks the interaction.
pub fn native_item(body: &[u8]) {
    let Ok(item) = serde_json::from_slice(body) else { return };
    if let Some(interaction) = crate::native::read(item) {
        check(interaction);
    }
}

/// Reads a trace request in JSON and checks its interactions.
pub fn spans_of_json(body: &[u8]) {
    for choice in [SpanChoice::Generations, SpanChoice::Roots] {
        if let Ok(batch) = read_json(body, choice, Timestamp::from_millis(0)) {
            assert_eq!(batch.rejected() > 0, !batch.message().is_empty());
            batch.interactions.into_iter().for_each(check);
        }
    }
}

/// Reads a trace request in protobuf and checks its interactions.
pub fn spans_of_protobuf(body: &[u8]) {
    for choice in [SpanChoice::Generations, SpanChoice::Roots] {
        if let Ok(batch) = read_protobuf(body, choice, Timestamp::from_millis(0)) {
            assert_eq!(batch.rejected() > 0, !batch.message().is_empty());
            batch.interactions.into_iter().for_each(check);
        }
    }
}

/// What is stored of an interaction is its redacted form as JSON: it must read as the same, and hold nothing of what is masked.
fn check(interaction: Interaction) {
    let redacted = redact_interaction(interaction);
    let stored = serde_json::to_string(&redacted).expect("an interaction has only string keys");
    let again: Interaction = serde_json::from_str(&stored).expect("what is stored is readable");
    assert_eq!(again, redacted);
    let output = redacted.response.iter().map(|response| response.output.as_str());
    let input = redacted.input.values().filter_map(serde_json::Value::as_str);
    for text in output.chain(input).chain(redacted.error.as_deref()) {
        assert!(evalward_privacy::find(text).iter().all(|found| found.is_example), "{text:?}");
    }
    drop(redacted.to_example());
    drop(redacted.to_reply());
    assert_eq!(redact_interaction(redacted.clone()), redacted, "masking is not stable");
}

//! An answer as a span, by the names of OpenTelemetry's conventions for generative AI.

use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use serde_json::{Value, json};

use super::context::TraceContext;
use crate::protocol::{Input, Message, Reply};

/// One answered request.
#[derive(Debug)]
pub(crate) struct Answered<'a> {
    pub(crate) context: &'a TraceContext,
    pub(crate) input: &'a Input,
    pub(crate) reply: &'a Reply,
    pub(crate) conversation: Option<&'a str>,
    pub(crate) started: SystemTime,
    pub(crate) ended: SystemTime,
}

/// Returns the span of an answer.
pub(crate) fn span_of(answered: &Answered<'_>) -> Span {
    let Answered { context, input, reply, .. } = answered;
    let mut attributes = vec![
        attribute("gen_ai.operation.name", "chat".to_owned()),
        attribute("gen_ai.provider.name", "cobblenote".to_owned()),
        attribute("gen_ai.input.messages", messages(input).to_string()),
        attribute("gen_ai.output.messages", output(reply).to_string()),
    ];
    if let Some(conversation) = answered.conversation {
        attributes.push(attribute("gen_ai.conversation.id", conversation.to_owned()));
    }
    if !reply.context.is_empty() {
        let documents: Vec<Value> = reply
            .context
            .iter()
            .map(|document| json!({"id": document.id, "content": document.text}))
            .collect();
        attributes
            .push(attribute("gen_ai.retrieval.documents", Value::from(documents).to_string()));
    }
    Span {
        trace_id: context.trace.to_vec(),
        span_id: context.span.to_vec(),
        parent_span_id: context.parent.map(|span| span.to_vec()).unwrap_or_default(),
        name: "chat".to_owned(),
        kind: SpanKind::Server.into(),
        start_time_unix_nano: nanos(answered.started),
        end_time_unix_nano: nanos(answered.ended),
        attributes,
        ..Span::default()
    }
}

/// Returns an attribute with a text.
pub(crate) fn attribute(key: &str, value: String) -> KeyValue {
    let value = AnyValue { value: Some(any_value::Value::StringValue(value)) };
    KeyValue { key: key.to_owned(), value: Some(value), ..KeyValue::default() }
}

fn messages(input: &Input) -> Value {
    match input {
        Input::Question(question) => json!([message("user", question)]),
        Input::Messages(turns) => {
            turns.iter().map(|Message { role, content }| message(role, content)).collect()
        }
    }
}

fn output(reply: &Reply) -> Value {
    let mut said = message("assistant", &reply.output);
    said["finish_reason"] = json!("stop");
    json!([said])
}

fn message(role: &str, content: &str) -> Value {
    json!({"role": role, "parts": [{"type": "text", "content": content}]})
}

fn nanos(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

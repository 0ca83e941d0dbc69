//! Batches of spans as an instrumented application exports them: OTLP protobuf with the current `gen_ai` names.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Kind;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::{self as otlp, ResourceSpans, ScopeSpans};
use prost::Message as _;
use serde_json::json;

/// A call of a model, as far as it differs from others.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    /// The trace.
    pub(crate) trace_id: [u8; 16],
    /// The span within it.
    pub(crate) own_id: [u8; 8],
    /// What the user asked.
    pub(crate) question: String,
    /// What the model was told beside it.
    pub(crate) instructions: String,
    /// What was answered.
    pub(crate) answer: String,
    /// When the answer was ready, in nanoseconds since 1970.
    pub(crate) end_nanos: u64,
}

/// How long each call took, in nanoseconds.
const DURATION_NANOS: u64 = 850_000_000;

/// The kind of a span that calls somebody else.
const CLIENT: i32 = 3;

/// Encodes a batch of spans of one service.
pub(crate) fn encode_batch(service: &str, version: &str, spans: &[Span]) -> Vec<u8> {
    let attributes = vec![
        text("service.name", service),
        text("service.version", version),
        text("deployment.environment.name", "production"),
        text("telemetry.sdk.language", "python"),
        text("telemetry.sdk.name", "opentelemetry"),
    ];
    let scope = InstrumentationScope {
        name: "opentelemetry.instrumentation.openai_v2".to_owned(),
        ..InstrumentationScope::default()
    };
    let scope_spans = ScopeSpans {
        scope: Some(scope),
        spans: spans.iter().map(encode).collect(),
        ..ScopeSpans::default()
    };
    let resource_spans = ResourceSpans {
        resource: Some(Resource { attributes, ..Resource::default() }),
        scope_spans: vec![scope_spans],
        ..ResourceSpans::default()
    };
    ExportTraceServiceRequest { resource_spans: vec![resource_spans] }.encode_to_vec()
}

fn encode(span: &Span) -> otlp::Span {
    let instructions = json!([{"type": "text", "content": span.instructions}]);
    let question = json!([{"role": "user", "parts": [{"type": "text", "content": span.question}]}]);
    let answer = json!([{
        "role": "assistant",
        "parts": [{"type": "text", "content": span.answer}],
        "finish_reason": "stop",
    }]);
    otlp::Span {
        trace_id: span.trace_id.to_vec(),
        span_id: span.own_id.to_vec(),
        name: "chat gpt-4o-mini".to_owned(),
        kind: CLIENT,
        start_time_unix_nano: span.end_nanos.saturating_sub(DURATION_NANOS),
        end_time_unix_nano: span.end_nanos,
        attributes: vec![
            text("gen_ai.operation.name", "chat"),
            text("gen_ai.provider.name", "openai"),
            text("gen_ai.request.model", "gpt-4o-mini"),
            text("gen_ai.response.model", "gpt-4o-mini-2024-07-18"),
            text("gen_ai.system_instructions", &instructions.to_string()),
            text("gen_ai.input.messages", &question.to_string()),
            text("gen_ai.output.messages", &answer.to_string()),
            number("gen_ai.usage.input_tokens", 412),
            number("gen_ai.usage.output_tokens", 96),
            text("server.address", "api.openai.com"),
        ],
        ..otlp::Span::default()
    }
}

fn text(key: &str, value: &str) -> KeyValue {
    attribute(key, Kind::StringValue(value.to_owned()))
}

fn number(key: &str, value: i64) -> KeyValue {
    attribute(key, Kind::IntValue(value))
}

fn attribute(key: &str, value: Kind) -> KeyValue {
    KeyValue {
        key: key.to_owned(),
        value: Some(AnyValue { value: Some(value) }),
        ..KeyValue::default()
    }
}

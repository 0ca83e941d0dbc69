//! Whatever comes in, the decoders do not panic, and account for each span.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, header};
use evalward_core::Timestamp;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use proptest::prelude::*;
use prost::Message as _;
use tokio::runtime;

use super::server::gzip;
use crate::http::body;
use crate::http::interactions::{Form, parse};
use crate::otlp::{SpanChoice, read_json, read_protobuf};
use crate::state::Limits;

const NOW: i64 = 1_762_179_726_000;

/// Names that mean something to the mapping, and some that do not.
const NAMES: [&str; 24] = [
    "gen_ai.operation.name",
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.system_instructions",
    "openinference.span.kind",
    "input.value",
    "input.mime_type",
    "output.value",
    "output.mime_type",
    "llm.input_messages.0.message.content",
    "llm.input_messages.99999999999.message.role",
    "llm.input_messages.1.message.tool_calls.0.tool_call.function.arguments",
    "llm.output_messages..message",
    "gen_ai.prompt.0.content",
    "gen_ai.completion.0.tool_calls.x.name",
    "ai.prompt.messages",
    "ai.response.toolCalls",
    "ai.response.text",
    "retrieval.documents.0.document.score",
    "gen_ai.retrieval.documents",
    "gen_ai.usage.input_tokens",
    "llm.cost.total",
    "session.id",
    "other",
];

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("chat".to_owned()),
        Just("LLM".to_owned()),
        Just("application/json".to_owned()),
        Just(r#"[{"role":"user","parts":[{"type":"text","content":"a"},{"type":"tool_call_response"}]}]"#.to_owned()),
        Just(r#"[{"role":1,"content":[[],{"type":"tool_call"},null]},[]]"#.to_owned()),
        Just(r#"{"messages":[],"choices":[{"message":3}]}"#.to_owned()),
        Just("__REDACTED__".to_owned()),
        "\\PC{0,12}",
    ]
}

fn values() -> impl Strategy<Value = AnyValue> {
    use any_value::Value as Any;
    prop_oneof![
        4 => texts().prop_map(|text| Some(Any::StringValue(text))),
        1 => any::<i64>().prop_map(|number| Some(Any::IntValue(number))),
        1 => any::<f64>().prop_map(|number| Some(Any::DoubleValue(number))),
        1 => any::<Vec<u8>>().prop_map(|bytes| Some(Any::BytesValue(bytes))),
        1 => Just(None),
    ]
    .prop_map(|value| AnyValue { value })
}

prop_compose! {
    fn spans()(
        trace_id in prop_oneof![4 => Just(vec![1; 16]), 1 => any::<Vec<u8>>()],
        start in any::<u64>(),
        end in any::<u64>(),
        attributes in prop::collection::vec((prop::sample::select(&NAMES[..]), values()), 0..12),
    ) -> Span {
        let pair = |(key, value): (&str, AnyValue)| KeyValue {
            key: key.to_owned(),
            value: Some(value),
            ..KeyValue::default()
        };
        Span {
            trace_id,
            span_id: vec![2; 8],
            start_time_unix_nano: start,
            end_time_unix_nano: end,
            attributes: attributes.into_iter().map(pair).collect(),
            ..Span::default()
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in any::<Vec<u8>>()) {
        for choice in [SpanChoice::Generations, SpanChoice::Roots] {
            drop(read_protobuf(&bytes, choice, Timestamp::from_millis(NOW)));
            drop(read_json(&bytes, choice, Timestamp::from_millis(NOW)));
        }
    }

    #[test]
    fn any_spans_are_accounted_for(spans in prop::collection::vec(spans(), 0..8)) {
        let count = u64::try_from(spans.len()).unwrap();
        let request = ExportTraceServiceRequest {
            resource_spans: vec![ResourceSpans {
                scope_spans: vec![ScopeSpans { spans, ..ScopeSpans::default() }],
                ..ResourceSpans::default()
            }],
        };
        let body = request.encode_to_vec();
        for choice in [SpanChoice::Generations, SpanChoice::Roots] {
            let batch = read_protobuf(&body, choice, Timestamp::from_millis(NOW)).unwrap();
            prop_assert_eq!(batch.spans(), count);
            for interaction in &batch.interactions {
                // What is stored is JSON, and must read back as it was.
                let text = serde_json::to_string(interaction).unwrap();
                prop_assert_eq!(&serde_json::from_str::<evalward_core::Interaction>(&text).unwrap(), interaction);
            }
            // A request that is cut off is refused or loses spans; it never panics.
            drop(read_protobuf(&body[..body.len() / 2], choice, Timestamp::from_millis(NOW)));
        }
    }

    #[test]
    fn any_text_of_spans_is_read_or_refused(text in "[\\[\\]{}:,\"a-zA-Z0-9.-]{0,60}") {
        let body = format!(r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{text}]}}]}}]}}"#);
        drop(read_json(body.as_bytes(), SpanChoice::Generations, Timestamp::from_millis(NOW)));
    }

    #[test]
    fn any_text_of_interactions_is_accounted_for(
        text in prop_oneof![
            "[\\[\\]{}:,\"a-z0-9.\n -]{0,60}",
            prop::collection::vec("\\{\"id\":\"[a-c]\",\"(input|output|context|usage)\":(\"x\"|\\{\\}|\\[\\]|1e9|null)\\}", 0..5)
                .prop_map(|items| format!("[{}]", items.join(","))),
        ],
    ) {
        for form in [Form::Json, Form::Lines] {
            if let Ok(batch) = parse(form, text.as_bytes(), Timestamp::from_millis(NOW)) {
                prop_assert_eq!(batch.good.len() + batch.rejected.len(), batch.count);
            }
        }
    }

    #[test]
    fn any_compressed_body_is_read_or_refused(
        content in any::<Vec<u8>>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        kept in any::<prop::sample::Index>(),
    ) {
        let mut sent = [gzip(&content), gzip(b"second member")].concat();
        for (place, byte) in edits {
            let place = place.index(sent.len());
            sent[place] = byte;
        }
        let cut = kept.index(sent.len());
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        let limits = Limits { body_bytes: 1 << 20, decompressed_bytes: 64, backlog: 1 };
        let runtime = runtime::Builder::new_current_thread().enable_time().build().unwrap();
        for sent in [sent[..cut].to_vec(), sent] {
            let read = runtime.block_on(body::read(&headers, Body::from(sent), limits));
            prop_assert!(read.is_err() || read.is_ok_and(|bytes| bytes.len() <= 64));
        }
    }
}

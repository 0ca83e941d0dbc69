//! OTLP in protobuf.
//!
//! The levels above a span are walked by hand and each span is decoded alone: one that is broken loses no other, and a request
//! of countless tiny messages takes no more memory than its own bytes.

use evalward_core::Timestamp;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value};
use opentelemetry_proto::tonic::resource::v1::Resource as WireResource;
use opentelemetry_proto::tonic::trace::v1::Span as WireSpan;
use prost::Message as _;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};
use serde_json::Value;

use super::batch::{Batch, SpanChoice, Undecodable};
use super::map::Mapper;
use super::resource::{Resource, Scope};
use super::span::{Event, MAX_SPAN_BYTES, Span, Status, base64, double};

/// Reads a trace request in protobuf.
///
/// # Errors
/// [`Undecodable`] where the levels above the spans are broken.
pub(crate) fn read_protobuf(
    body: &[u8],
    choice: SpanChoice,
    now: Timestamp,
) -> Result<Batch, Undecodable> {
    let mut mapper = Mapper::new(choice, now);
    match request(body, &mut mapper) {
        Ok(()) => Ok(mapper.finish()),
        Err(problem) => Err(Undecodable { encoding: "protobuf", problem }),
    }
}

fn request(body: &[u8], mapper: &mut Mapper) -> Result<(), String> {
    each(body, 1, |resource_spans| {
        // A resource may stand behind the spans that it is of.
        let mut attributes = Vec::new();
        each(resource_spans, 1, |resource| {
            check_size(resource)?;
            let decoded = WireResource::decode(resource).map_err(text)?;
            attributes.extend(decoded.attributes);
            Ok(())
        })?;
        let resource = Resource::new(pairs(attributes));
        each(resource_spans, 2, |scope_spans| {
            let mut scope = Scope::default();
            each(scope_spans, 1, |fields| {
                each(fields, 1, |name| {
                    scope.name = String::from_utf8_lossy(name).into_owned();
                    Ok(())
                })
            })?;
            each(scope_spans, 2, |span| {
                mapper.take(&resource, &scope, decode(span));
                Ok(())
            })
        })
    })
}

/// Walks a message and hands over each field of one tag that is a message or a text.
fn each(
    mut message: &[u8],
    wanted: u32,
    mut take: impl FnMut(&[u8]) -> Result<(), String>,
) -> Result<(), String> {
    while !message.is_empty() {
        let (tag, wire_type) = decode_key(&mut message).map_err(text)?;
        if wire_type != WireType::LengthDelimited {
            skip_field(wire_type, tag, &mut message, DecodeContext::default()).map_err(text)?;
            continue;
        }
        let length = decode_varint(&mut message).map_err(text)?;
        let field =
            usize::try_from(length).ok().and_then(|length| message.split_at_checked(length));
        let Some((field, rest)) = field else {
            return Err("a field is longer than what holds it; is the body cut off?".to_owned());
        };
        message = rest;
        if tag == wanted {
            take(field)?;
        }
    }
    Ok(())
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` takes")]
fn text(error: prost::DecodeError) -> String {
    error.to_string()
}

fn check_size(bytes: &[u8]) -> Result<(), String> {
    if bytes.len() > MAX_SPAN_BYTES {
        return Err(format!("it has more than {MAX_SPAN_BYTES} bytes"));
    }
    Ok(())
}

fn decode(bytes: &[u8]) -> Result<Span, String> {
    check_size(bytes)?;
    let wire = WireSpan::decode(bytes).map_err(text)?;
    let status = wire.status.unwrap_or_default();
    let event = |event: opentelemetry_proto::tonic::trace::v1::span::Event| Event {
        name: event.name,
        attributes: pairs(event.attributes),
    };
    Ok(Span {
        trace_id: wire.trace_id,
        id: wire.span_id,
        parent_id: wire.parent_span_id,
        trace_state: wire.trace_state,
        name: wire.name,
        start_nanos: wire.start_time_unix_nano,
        end_nanos: wire.end_time_unix_nano,
        attributes: pairs(wire.attributes),
        events: wire.events.into_iter().map(event).collect(),
        status: Status::of_code(i64::from(status.code)),
        status_message: status.message,
    })
}

fn pairs(attributes: Vec<KeyValue>) -> Vec<(String, Value)> {
    attributes.into_iter().map(|pair| (pair.key, value(pair.value))).collect()
}

fn value(any: Option<AnyValue>) -> Value {
    use any_value::Value as Any;
    match any.and_then(|any| any.value) {
        // A value may also be a reference into a table that only profiles have.
        None | Some(Any::StringValueStrindex(_)) => Value::Null,
        Some(Any::StringValue(text)) => Value::String(text),
        Some(Any::BoolValue(flag)) => Value::Bool(flag),
        Some(Any::IntValue(number)) => number.into(),
        Some(Any::DoubleValue(number)) => double(number),
        Some(Any::ArrayValue(list)) => {
            list.values.into_iter().map(|item| value(Some(item))).collect()
        }
        Some(Any::KvlistValue(list)) => Value::Object(super::span::object(pairs(list.values))),
        Some(Any::BytesValue(bytes)) => base64(&bytes).into(),
    }
}

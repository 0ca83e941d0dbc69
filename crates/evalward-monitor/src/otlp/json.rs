//! OTLP in protobuf's JSON, read with patience.
//!
//! Identifiers in either case, 64-bit numbers as text or number, null for anything that is empty, fields that nobody knows: all
//! of it occurs. The body is walked without being held as values, and each span is read alone, so that one that is broken
//! loses no other.

use std::fmt;

use evalward_core::Timestamp;
use serde::Deserialize;
use serde::de::{Deserializer as _, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::batch::{Batch, SpanChoice, Undecodable};
use super::map::Mapper;
use super::resource::{Resource, Scope};
use super::span::{Event, MAX_SPAN_BYTES, Span, Status, double, object};

#[derive(Deserialize)]
struct Request<'a> {
    #[serde(borrow, default, rename = "resourceSpans", alias = "resource_spans")]
    resource_spans: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct ResourceSpans<'a> {
    #[serde(borrow, default)]
    resource: Option<&'a RawValue>,
    #[serde(borrow, default, rename = "scopeSpans", alias = "scope_spans")]
    scope_spans: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct ScopeSpans<'a> {
    #[serde(default)]
    scope: Option<ScopeName>,
    #[serde(borrow, default)]
    spans: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct ScopeName {
    #[serde(default)]
    name: Option<String>,
}

/// Reads a trace request in JSON.
///
/// # Errors
/// [`Undecodable`] where the text is no JSON, or the levels above the spans have another form.
pub(crate) fn read_json(
    body: &[u8],
    choice: SpanChoice,
    now: Timestamp,
) -> Result<Batch, Undecodable> {
    let mut mapper = Mapper::new(choice, now);
    match request(body, &mut mapper) {
        Ok(()) => Ok(mapper.finish()),
        Err(problem) => Err(Undecodable { encoding: "JSON", problem }),
    }
}

fn request(body: &[u8], mapper: &mut Mapper) -> Result<(), String> {
    // The whole text is checked here, so that what is wrong with it has its place.
    let whole: &RawValue = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let request: Request<'_> = fields("the request", whole.get())?;
    each("resourceSpans", request.resource_spans, &mut |raw| {
        let resource_spans: ResourceSpans<'_> = fields("resourceSpans", raw)?;
        let resource = Resource::new(resource_attributes(resource_spans.resource)?);
        each("scopeSpans", resource_spans.scope_spans, &mut |raw| {
            let scope_spans: ScopeSpans<'_> = fields("scopeSpans", raw)?;
            let name = scope_spans.scope.and_then(|scope| scope.name).unwrap_or_default();
            let scope = Scope { name };
            each("spans", scope_spans.spans, &mut |raw| {
                mapper.take(&resource, &scope, decode(raw));
                Ok(())
            })
        })
    })
}

fn resource_attributes(raw: Option<&RawValue>) -> Result<Vec<(String, Value)>, String> {
    let Some(raw) = raw else { return Ok(Vec::new()) };
    if raw.get().len() > MAX_SPAN_BYTES {
        return Err(format!("`resource` has more than {MAX_SPAN_BYTES} bytes"));
    }
    match serde_json::from_str(raw.get()) {
        Ok(Value::Object(mut fields)) => {
            pairs(fields.remove("attributes")).map_err(|problem| format!("`resource`: {problem}"))
        }
        Ok(_) => Err("`resource` is no object".to_owned()),
        Err(error) => Err(format!("`resource`: {error}")),
    }
}

/// Reads an object; a list of its fields, which the library takes too, is none.
fn fields<'a, T: Deserialize<'a>>(name: &str, raw: &'a str) -> Result<T, String> {
    if !raw.starts_with('{') {
        return Err(format!("`{name}` is no object"));
    }
    serde_json::from_str(raw).map_err(|error| format!("`{name}`: {error}"))
}

type Take<'a> = &'a mut dyn FnMut(&str) -> Result<(), String>;

/// Hands over each element of a list; nothing where it is absent or null.
fn each(name: &str, list: Option<&RawValue>, take: Take<'_>) -> Result<(), String> {
    struct Elements<'a, 'b>(Take<'a>, &'b mut Option<String>);

    impl<'de> Visitor<'de> for Elements<'_, '_> {
        type Value = ();

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("a list")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
            while let Some(raw) = elements.next_element::<&RawValue>()? {
                if let Err(problem) = (self.0)(raw.get()) {
                    *self.1 = Some(problem);
                    return Err(serde::de::Error::custom("an element is wrong"));
                }
            }
            Ok(())
        }
    }

    let Some(raw) = list else { return Ok(()) };
    let mut problem = None;
    let walked =
        serde_json::Deserializer::from_str(raw.get()).deserialize_seq(Elements(take, &mut problem));
    match (problem, walked) {
        (Some(problem), _) => Err(problem),
        (None, Err(_)) => Err(format!("`{name}` is no list")),
        (None, Ok(())) => Ok(()),
    }
}

fn decode(raw: &str) -> Result<Span, String> {
    if raw.len() > MAX_SPAN_BYTES {
        return Err(format!("it has more than {MAX_SPAN_BYTES} bytes"));
    }
    let value: Value = serde_json::from_str(raw).map_err(|error| error.to_string())?;
    let Value::Object(mut fields) = value else {
        return Err("it is no object".to_owned());
    };
    let status = match fields.remove("status") {
        Some(Value::Object(status)) => status,
        _ => Map::new(),
    };
    let mut events = Vec::new();
    for event in list(&mut fields, "events")? {
        events.push(event_of(event)?);
    }
    Ok(Span {
        trace_id: id(&mut fields, "traceId", "trace_id")?,
        id: id(&mut fields, "spanId", "span_id")?,
        parent_id: id(&mut fields, "parentSpanId", "parent_span_id")?,
        trace_state: text(&mut fields, "traceState", "trace_state"),
        name: text(&mut fields, "name", "name"),
        start_nanos: nanos(&mut fields, "startTimeUnixNano", "start_time_unix_nano")?,
        end_nanos: nanos(&mut fields, "endTimeUnixNano", "end_time_unix_nano")?,
        attributes: pairs(fields.remove("attributes"))?,
        events,
        status: status_of(status.get("code")),
        status_message: status.get("message").and_then(Value::as_str).unwrap_or("").to_owned(),
    })
}

fn event_of(event: Value) -> Result<Event, String> {
    let Value::Object(mut fields) = event else {
        return Err("an event is no object".to_owned());
    };
    let attributes = pairs(fields.remove("attributes"))?;
    Ok(Event { name: text(&mut fields, "name", "name"), attributes })
}

fn status_of(code: Option<&Value>) -> Status {
    match code {
        // The number is the rule and the name a habit of libraries that write any protobuf as JSON.
        Some(Value::String(name)) if name == "STATUS_CODE_ERROR" => Status::Error,
        Some(Value::String(name)) if name == "STATUS_CODE_OK" => Status::Ok,
        Some(code) => Status::of_code(integer(code).unwrap_or(0)),
        None => Status::Unset,
    }
}

fn take(fields: &mut Map<String, Value>, name: &str, other: &str) -> Option<Value> {
    fields.remove(name).or_else(|| fields.remove(other)).filter(|value| !value.is_null())
}

fn text(fields: &mut Map<String, Value>, name: &str, other: &str) -> String {
    match take(fields, name, other) {
        Some(Value::String(text)) => text,
        _ => String::new(),
    }
}

fn id(fields: &mut Map<String, Value>, name: &str, other: &str) -> Result<Vec<u8>, String> {
    let wrong = || format!("`{name}` is not hexadecimal");
    let text = match take(fields, name, other) {
        None => return Ok(Vec::new()),
        Some(Value::String(text)) => text,
        Some(_) => return Err(wrong()),
    };
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut bytes = Vec::with_capacity(text.len() / 2);
    for pair in text.as_bytes().chunks(2) {
        let [high, low] = pair else { return Err(wrong()) };
        match (digit(*high), digit(*low)) {
            (Some(high), Some(low)) => bytes.push(high << 4 | low),
            _ => return Err(wrong()),
        }
    }
    Ok(bytes)
}

fn nanos(fields: &mut Map<String, Value>, name: &str, other: &str) -> Result<u64, String> {
    let nanos = match take(fields, name, other) {
        None => return Ok(0),
        Some(Value::String(text)) => text.trim().parse().ok(),
        Some(value) => value.as_u64(),
    };
    nanos.ok_or_else(|| format!("`{name}` is no whole number of nanoseconds"))
}

fn list(fields: &mut Map<String, Value>, name: &str) -> Result<Vec<Value>, String> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(format!("`{name}` is no list")),
    }
}

fn pairs(list: Option<Value>) -> Result<Vec<(String, Value)>, String> {
    let items = match list {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(items)) => items,
        Some(_) => return Err("`attributes` is no list".to_owned()),
    };
    let mut pairs = Vec::with_capacity(items.len());
    for item in items {
        match item {
            Value::Null => {}
            Value::Object(mut fields) => {
                let key = text(&mut fields, "key", "key");
                pairs.push((key, any(fields.remove("value"))?));
            }
            _ => return Err("an attribute is no object".to_owned()),
        }
    }
    Ok(pairs)
}

/// Reads an `AnyValue`: an object of which at most one field is set.
fn any(value: Option<Value>) -> Result<Value, String> {
    let fields = match value {
        None | Some(Value::Null) => return Ok(Value::Null),
        Some(Value::Object(fields)) => fields,
        Some(_) => return Err("an attribute's value is no object such as `stringValue`".to_owned()),
    };
    for (name, value) in fields {
        if value.is_null() {
            continue;
        }
        let read = match name.as_str() {
            "stringValue" | "string_value" | "bytesValue" | "bytes_value" => {
                value.is_string().then_some(value)
            }
            "boolValue" | "bool_value" => value.is_boolean().then_some(value),
            "intValue" | "int_value" => integer(&value).map(Value::from),
            "doubleValue" | "double_value" => real(&value).map(double),
            "arrayValue" | "array_value" => Some(values(value)?),
            "kvlistValue" | "kvlist_value" => match value {
                Value::Object(mut fields) => {
                    Some(Value::Object(object(pairs(fields.remove("values"))?)))
                }
                _ => None,
            },
            _ => continue,
        };
        return read.ok_or_else(|| format!("an attribute's `{name}` has another form"));
    }
    Ok(Value::Null)
}

fn values(array: Value) -> Result<Value, String> {
    let Value::Object(mut fields) = array else {
        return Err("an attribute's `arrayValue` is no object".to_owned());
    };
    let mut read = Vec::new();
    for item in list(&mut fields, "values")? {
        read.push(any(Some(item))?);
    }
    Ok(Value::Array(read))
}

fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        // 3.0 and 1e3 are whole numbers too, and some libraries write them so.
        Value::Number(number) => number.as_i64().or_else(|| {
            let text = format!("{:.0}", number.as_f64().filter(|real| real.fract() == 0.0)?);
            text.parse().ok()
        }),
        _ => None,
    }
}

fn real(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => text.trim().parse().ok(),
        value => value.as_f64(),
    }
}

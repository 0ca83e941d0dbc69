//! A span as the mapping reads it, whatever encoding it came in.

use serde_json::{Map, Number, Value};

/// Bytes of one encoded span; a larger one is rejected before it is decoded.
pub(super) const MAX_SPAN_BYTES: usize = 4 << 20;

/// A span; unlike the protocol's type it holds attributes as JSON, which is what they become.
#[derive(Debug, Default)]
pub(super) struct Span {
    pub(super) trace_id: Vec<u8>,
    pub(super) id: Vec<u8>,
    pub(super) parent_id: Vec<u8>,
    pub(super) trace_state: String,
    pub(super) name: String,
    pub(super) start_nanos: u64,
    pub(super) end_nanos: u64,
    pub(super) attributes: Vec<(String, Value)>,
    pub(super) events: Vec<Event>,
    pub(super) status: Status,
    pub(super) status_message: String,
}

/// Something that happened within a span.
#[derive(Debug, Default)]
pub(super) struct Event {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, Value)>,
}

/// How a span ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Status {
    /// Nobody said.
    #[default]
    Unset,
    /// Well, and somebody said so.
    Ok,
    /// With an error.
    Error,
}

impl Status {
    pub(super) const fn of_code(code: i64) -> Self {
        match code {
            1 => Self::Ok,
            2 => Self::Error,
            _ => Self::Unset,
        }
    }
}

/// Returns a number as JSON; what JSON has no number for becomes the text that protobuf's JSON writes.
pub(super) fn double(number: f64) -> Value {
    match Number::from_f64(number) {
        Some(number) => Value::Number(number),
        None if number.is_nan() => "NaN".into(),
        None if number > 0.0 => "Infinity".into(),
        None => "-Infinity".into(),
    }
}

/// Returns attributes as an object.
pub(super) fn object(attributes: Vec<(String, Value)>) -> Map<String, Value> {
    attributes.into_iter().collect()
}

/// Writes bytes as lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}

/// Writes bytes as base64, which is how protobuf's JSON holds them.
pub(super) fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let at = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let group = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4_usize {
            if place > chunk.len() {
                text.push('=');
            } else {
                let shift = 18 - 6 * u32::try_from(place).unwrap_or(0);
                let digit = usize::try_from(group >> shift & 0x3f).unwrap_or(0);
                text.push(char::from(DIGITS[digit]));
            }
        }
    }
    text
}

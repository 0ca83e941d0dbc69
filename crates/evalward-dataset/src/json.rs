//! Parsing one JSON object with errors that point at the token to blame.

use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::lines::column_of;
use crate::suggest::humanize;

/// What is wrong with a line, and in which column.
pub(crate) struct LineProblem {
    pub(crate) column: u64,
    pub(crate) message: String,
}

/// Parses a line that must be one JSON object.
pub(crate) fn parse_object<T: DeserializeOwned>(text: &str) -> Result<T, LineProblem> {
    // Serde would also read a struct from an array, field by field.
    let start = text.len() - text.trim_start().len();
    if text.as_bytes().get(start) != Some(&b'{') {
        let message = "a line must be a JSON object, starting with `{`".to_owned();
        return Err(LineProblem { column: column_of(text.as_bytes(), start), message });
    }
    serde_json::from_str(text).map_err(|error| LineProblem {
        column: column_of(text.as_bytes(), blamed_offset(text, &error)),
        message: humanize(&message_of(&error)),
    })
}

/// Returns the message of an error without `serde_json`'s own position, which counts bytes and lies behind the culprit.
pub(crate) fn message_of(error: &serde_json::Error) -> String {
    let full = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    full.strip_suffix(&position).unwrap_or(&full).to_owned()
}

fn blamed_offset(text: &str, error: &serde_json::Error) -> usize {
    let reached = error.column().saturating_sub(1);
    match error.classify() {
        Category::Data => token_start(text.as_bytes(), reached),
        Category::Syntax | Category::Eof | Category::Io => reached,
    }
}

/// Returns where the token starts that holds the offset; for a closing bracket, where its pair opens; for a separator, where
/// the next token starts.
fn token_start(text: &[u8], offset: usize) -> usize {
    let mut open = Vec::new();
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let end = token_end(text, at);
        let paired = match byte {
            b'{' | b'[' => {
                open.push(at);
                at
            }
            b'}' | b']' => open.pop().unwrap_or(at),
            _ => at,
        };
        let separates = matches!(byte, b':' | b',' | b' ' | b'\t' | b'\r');
        if end > offset && !separates {
            return paired;
        }
        at = end;
    }
    offset
}

/// Returns the offset behind the token that starts here.
fn token_end(text: &[u8], start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let length = match rest.first() {
        Some(b'"') => {
            let mut escaped = false;
            let close = rest.iter().skip(1).position(|byte| {
                let closes = *byte == b'"' && !escaped;
                escaped = *byte == b'\\' && !escaped;
                closes
            });
            close.map_or(rest.len(), |close| close + 2)
        }
        Some(b'{' | b'}' | b'[' | b']' | b':' | b',' | b' ' | b'\t' | b'\r') => 1,
        _ => rest.iter().position(|byte| b",:]} \t\r".contains(byte)).unwrap_or(rest.len()).max(1),
    };
    start + length
}

/// Returns the column where a text occurs in a line as a JSON string, or 1.
pub(crate) fn column_of_string(line: &str, value: &str) -> u64 {
    column_in_string(line, value, 0)
}

/// Returns the column of a byte of a text that occurs in a line as a JSON string, or 1.
pub(crate) fn column_in_string(line: &str, value: &str, offset: usize) -> u64 {
    let encoded = serde_json::Value::from(value).to_string();
    let Some(start) = line.find(&encoded) else { return 1 };
    let before = value.get(..offset).unwrap_or_default();
    // The encoded prefix without its closing quote reaches up to the byte; an offset of 0 means the quote itself.
    let inside =
        if before.is_empty() { 0 } else { serde_json::Value::from(before).to_string().len() - 1 };
    column_of(line.as_bytes(), start + inside)
}

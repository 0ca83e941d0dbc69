//! Reading a line that a program answered.

use serde_json::{Map, Value};

use crate::excerpt;

/// A program's answer.
#[derive(Clone, Debug, PartialEq)]
pub struct ProgramAnswer {
    /// The object without its `id`, or a text.
    pub value: Value,
    /// The wall time of the successful attempt in milliseconds.
    pub latency_millis: u64,
    /// The number of attempts, the successful one included.
    pub attempts: u32,
}

/// Why a line is no answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoAnswer {
    /// The program says that it could not answer.
    Said(String),
    /// The line breaks the agreement, so that nothing that follows can be trusted either.
    Garbage(String),
}

/// Reads the answer to the request with this id.
pub(super) fn read(line: &str, id: &str) -> Result<Value, NoAnswer> {
    match serde_json::from_str(line) {
        Ok(Value::Object(fields)) => read_object(fields, id, line),
        Ok(text @ Value::String(_)) => Ok(text),
        Ok(_) => Err(garbage("what is neither an object nor a text", line)),
        Err(error) => Err(garbage(&format!("a line that is not JSON ({error})"), line)),
    }
}

/// Takes the id and a reported error out of an object.
pub(super) fn read_object(
    mut fields: Map<String, Value>,
    id: &str,
    line: &str,
) -> Result<Value, NoAnswer> {
    let answered = fields.remove("id").unwrap_or_default();
    if !answered.is_null() && answered != id {
        return Err(garbage(&format!("for id {answered}, where `{id}` was asked"), line));
    }
    match fields.remove("error") {
        None | Some(Value::Null) => Ok(Value::Object(fields)),
        Some(Value::String(error)) => Err(NoAnswer::Said(excerpt(&error))),
        Some(error) => Err(NoAnswer::Said(excerpt(&error.to_string()))),
    }
}

fn garbage(what: &str, line: &str) -> NoAnswer {
    let hint = "only answers may go to stdout, logs belong on stderr";
    NoAnswer::Garbage(format!("answered {what}: `{}`; {hint}", excerpt(line)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expected: &str) {
        let outcome = match read(line, "a-1") {
            Ok(value) => value.to_string(),
            Err(NoAnswer::Said(text)) => format!("said: {text}"),
            Err(NoAnswer::Garbage(text)) => text.split(';').next().unwrap_or_default().to_owned(),
        };
        assert_eq!(outcome, expected);
    }

    #[test]
    fn reads_answers_and_refuses_garbage() {
        check(r#"{"id":"a-1","output":"x"}"#, r#"{"output":"x"}"#);
        check(r#"{"output":"x"}"#, r#"{"output":"x"}"#);
        check(r#""x""#, r#""x""#);
        check(r#"{"id":"a-1","error":"no key"}"#, "said: no key");
        check(r#"{"id":null,"error":{"code":3}}"#, r#"said: {"code":3}"#);
        check(
            r#"{"id":"a-2","output":"x"}"#,
            r#"answered for id "a-2", where `a-1` was asked: `{"id":"a-2","output":"x"}`"#,
        );
        check("[1]", "answered what is neither an object nor a text: `[1]`");
        check(
            "loading",
            "answered a line that is not JSON (expected value at line 1 column 1): `loading`",
        );
    }
}

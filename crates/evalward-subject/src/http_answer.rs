//! Reading a response out of an application's answer.

use evalward_core::{CallError, Response};
use evalward_models::HttpAnswer;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::SubjectError;
use crate::json::malformed;

/// JSON pointers (RFC 6901) into an application's answer; the empty pointer is the whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pointers {
    /// Where the output is; with the empty pointer the answer may be plain text.
    pub output: String,
    /// Where the retrieved documents are.
    pub context: Option<String>,
    /// Where the tool calls are.
    pub tool_calls: Option<String>,
    /// Where the usage is.
    pub usage: Option<String>,
    /// Where the model's name is.
    pub model: Option<String>,
}

impl Default for Pointers {
    fn default() -> Self {
        Self {
            output: "/output".to_owned(),
            context: None,
            tool_calls: None,
            usage: None,
            model: None,
        }
    }
}

impl Pointers {
    pub(crate) fn check(&self) -> Result<(), SubjectError> {
        let optional = [
            ("context", &self.context),
            ("tool_calls", &self.tool_calls),
            ("usage", &self.usage),
            ("model", &self.model),
        ];
        let given =
            optional.into_iter().filter_map(|(field, pointer)| Some((field, pointer.as_ref()?)));
        for (field, pointer) in given.chain([("output", &self.output)]) {
            if !pointer.is_empty() && !pointer.starts_with('/') {
                return Err(SubjectError::Pointer { field, pointer: pointer.clone() });
            }
        }
        Ok(())
    }

    /// Reads the body as JSON; as plain text where it is not declared as JSON and the output is the whole answer.
    pub(crate) fn parse(&self, answer: &HttpAnswer, who: &str) -> Result<Value, CallError> {
        let text = String::from_utf8_lossy(&answer.body);
        if self.output.is_empty() && !answer.is_json {
            return Ok(Value::from(text));
        }
        serde_json::from_str(&text).map_err(|error| {
            malformed(who, &format!("it is not JSON ({error})"), &Value::from(text.as_ref()))
        })
    }

    /// Finds the parts of a response.
    pub(crate) fn extract(&self, answer: &Value, who: &str) -> Result<Response, CallError> {
        let output = match find(answer, "output", &self.output, who)? {
            Value::String(text) => text.clone(),
            Value::Null => {
                let reason = format!("`{}`, where `output` should be, is null", self.output);
                return Err(malformed(who, &reason, answer));
            }
            other => other.to_string(),
        };
        Ok(Response {
            output,
            context: read(answer, "context", self.context.as_deref(), who)?.unwrap_or_default(),
            tool_calls: read(answer, "tool_calls", self.tool_calls.as_deref(), who)?
                .unwrap_or_default(),
            usage: read(answer, "usage", self.usage.as_deref(), who)?,
            model: read(answer, "model", self.model.as_deref(), who)?,
            ..Response::default()
        })
    }
}

fn find<'a>(
    answer: &'a Value,
    field: &str,
    pointer: &str,
    who: &str,
) -> Result<&'a Value, CallError> {
    answer.pointer(pointer).ok_or_else(|| {
        malformed(who, &format!("pointer `{pointer}` for `{field}` finds nothing"), answer)
    })
}

/// Reads a part whose pointer is given; a null there is a part that is absent.
fn read<T: DeserializeOwned>(
    answer: &Value,
    field: &str,
    pointer: Option<&str>,
    who: &str,
) -> Result<Option<T>, CallError> {
    let Some(pointer) = pointer else { return Ok(None) };
    let found = find(answer, field, pointer, who)?;
    Option::<T>::deserialize(found)
        .map_err(|error| malformed(who, &format!("`{pointer}` is no `{field}` ({error})"), answer))
}

//! What a subject answers.

use std::fmt;

use schemars::JsonSchema;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::{Document, Finite};

/// A subject's answer: the output and, where the subject tells, how it came about.
///
/// A plain JSON string reads as a response with only an output; an output that is not a string is kept as its JSON text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Response {
    /// The text that the user would see.
    pub output: String,
    /// The documents that the subject retrieved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub context: Vec<Document>,
    /// The tools that the subject called, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<ToolCall>,
    /// The steps that the subject took, in order, in free form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
    /// The tokens and money that the answer took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// The model that answered, as the server names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
}

/// A step of an agent or chain, in free form.
pub type Step = Map<String, Value>;

/// A call of a tool by the subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ToolCall {
    /// The call's id, as the model gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The tool's name.
    pub name: String,
    /// The arguments, as JSON.
    #[serde(default)]
    pub arguments: Value,
}

/// Tokens and money; absent where the server does not say. Unknown fields are ignored, since servers add their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Usage {
    /// Tokens of the request.
    #[serde(alias = "prompt_tokens", skip_serializing_if = "Option::is_none")]
    pub input_tokens: Option<u64>,
    /// Tokens of the answer.
    #[serde(alias = "completion_tokens", skip_serializing_if = "Option::is_none")]
    pub output_tokens: Option<u64>,
    /// The price in US dollars.
    #[serde(alias = "cost", skip_serializing_if = "Option::is_none")]
    pub cost_usd: Option<Finite>,
}

impl Usage {
    /// Returns the price, unless it is negative: no answer earns money, so that such a price is not known.
    pub fn known_cost(self) -> Option<Finite> {
        self.cost_usd.filter(|cost| *cost >= Finite::ZERO)
    }
}

impl Response {
    /// Makes a response from its output alone.
    pub fn from_text(output: impl Into<String>) -> Self {
        Self { output: output.into(), ..Self::default() }
    }
}

const FIELDS: &[&str] = &["output", "context", "tool_calls", "steps", "usage", "model"];

impl<'de> Deserialize<'de> for Response {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ResponseVisitor;

        impl<'de> Visitor<'de> for ResponseVisitor {
            type Value = Response;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a text or an object with `output`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Response, E> {
                Ok(Response::from_text(text))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Response, A::Error> {
                let mut response = Response::default();
                let mut output = None;
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "output" => output = Some(map.next_value()?),
                        "context" => {
                            response.context = map.next_value::<Option<_>>()?.unwrap_or_default();
                        }
                        "tool_calls" => {
                            response.tool_calls =
                                map.next_value::<Option<_>>()?.unwrap_or_default();
                        }
                        "steps" => {
                            response.steps = map.next_value::<Option<_>>()?.unwrap_or_default();
                        }
                        "usage" => response.usage = map.next_value()?,
                        "model" => response.model = map.next_value()?,
                        other => return Err(de::Error::unknown_field(other, FIELDS)),
                    }
                }
                response.output = match output {
                    None => return Err(de::Error::missing_field("output")),
                    Some(Value::Null) => {
                        return Err(de::Error::custom(
                            "`output` is null; an empty answer is `\"\"`",
                        ));
                    }
                    Some(Value::String(text)) => text,
                    Some(other) => other.to_string(),
                };
                Ok(response)
            }
        }

        deserializer.deserialize_any(ResponseVisitor)
    }
}

/// A response together with what the call of the subject took.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// The answer.
    pub response: Response,
    /// The wall time of the successful attempt in milliseconds; of the original call where the answer is replayed or
    /// from the cache.
    pub latency_millis: u64,
    /// The number of attempts, the successful one included; 0 where nothing was called.
    pub attempts: u32,
    /// Whether the answer came from the cache.
    pub cached: bool,
}

impl From<Response> for Reply {
    fn from(response: Response) -> Self {
        Self { response, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, expected: &str) {
        let outcome = match serde_json::from_str::<Response>(json) {
            Ok(response) => serde_json::to_string(&response).unwrap(),
            Err(error) => error.to_string(),
        };
        assert_eq!(outcome, expected);
    }

    #[test]
    fn reads_text_objects_and_foreign_usage() {
        check(r#""plain""#, r#"{"output":"plain"}"#);
        check(r#"{"output":{"a":1}}"#, r#"{"output":"{\"a\":1}"}"#);
        check(
            r#"{"output":"x","usage":{"prompt_tokens":3,"total_tokens":9}}"#,
            r#"{"output":"x","usage":{"input_tokens":3}}"#,
        );
        check(
            r#"{"output":null}"#,
            "`output` is null; an empty answer is `\"\"` at line 1 column 15",
        );
        check(r#"{"context":[]}"#, "missing field `output` at line 1 column 14");
    }
}

//! The calls that an example expects, and how one is compared.

use evalward_core::ToolCall;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::json_equality::{Equality, TooManyComparisons};
use crate::pointing::push_step;
use crate::wording::{difference, excerpt};

/// How the arguments of a call are compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ArgumentMatch {
    /// They are the expected ones and no others.
    #[default]
    Exact,
    /// The expected ones are among them, at every depth.
    Subset,
    /// They do not matter.
    Ignore,
}

/// A call that is expected; without arguments, any will do.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedCall {
    pub(super) name: String,
    #[serde(default)]
    arguments: Option<Value>,
}

/// Compares single calls.
#[derive(Debug)]
pub(super) struct CallEquality {
    pub(super) arguments: ArgumentMatch,
    pub(super) equality: Equality,
}

impl CallEquality {
    pub(super) fn holds(
        &self,
        expected: &ExpectedCall,
        made: &ToolCall,
    ) -> Result<bool, TooManyComparisons> {
        self.equality.spend()?;
        if expected.name != made.name {
            return Ok(false);
        }
        match self.wanted(expected) {
            Some(arguments) => self.equality.holds(arguments, &arguments_of(made)),
            None => Ok(true),
        }
    }

    fn wanted<'a>(&self, expected: &'a ExpectedCall) -> Option<&'a Value> {
        match self.arguments {
            ArgumentMatch::Ignore => None,
            ArgumentMatch::Exact | ArgumentMatch::Subset => expected.arguments.as_ref(),
        }
    }

    /// Returns the first place where the arguments of two calls of one tool differ, as a JSON Pointer with both sides.
    pub(super) fn first_difference(
        &self,
        expected: &ExpectedCall,
        made: &ToolCall,
    ) -> Result<Option<ArgumentDifference>, TooManyComparisons> {
        let Some(wanted) = self.wanted(expected) else { return Ok(None) };
        let mut path = String::new();
        self.descend(&mut path, wanted, &arguments_of(made))
    }

    fn descend(
        &self,
        path: &mut String,
        expected: &Value,
        got: &Value,
    ) -> Result<Option<ArgumentDifference>, TooManyComparisons> {
        if self.equality.holds(expected, got)? {
            return Ok(None);
        }
        let length = path.len();
        match (expected, got) {
            (Value::Object(expected), Value::Object(got)) => {
                let extra = got
                    .keys()
                    .filter(|key| !self.equality.extra_allowed && !expected.contains_key(*key));
                for key in expected.keys().chain(extra) {
                    push_step(path, key);
                    let found = self.sides(path, expected.get(key), got.get(key))?;
                    path.truncate(length);
                    if found.is_some() {
                        return Ok(found);
                    }
                }
            }
            (Value::Array(expected), Value::Array(got)) => {
                for index in 0..expected.len().max(got.len()) {
                    push_step(path, &index.to_string());
                    let found = self.sides(path, expected.get(index), got.get(index))?;
                    path.truncate(length);
                    if found.is_some() {
                        return Ok(found);
                    }
                }
            }
            _ => {}
        }
        Ok(Some(ArgumentDifference::new(path, Some(expected), Some(got))))
    }

    fn sides(
        &self,
        path: &mut String,
        expected: Option<&Value>,
        got: Option<&Value>,
    ) -> Result<Option<ArgumentDifference>, TooManyComparisons> {
        match (expected, got) {
            (Some(expected), Some(got)) => self.descend(path, expected, got),
            (expected, got) => Ok(Some(ArgumentDifference::new(path, expected, got))),
        }
    }
}

/// A place where the arguments of two calls differ.
#[derive(Debug)]
pub(super) struct ArgumentDifference {
    path: String,
    expected: Option<String>,
    got: Option<String>,
}

impl ArgumentDifference {
    fn new(path: &str, expected: Option<&Value>, got: Option<&Value>) -> Self {
        let shown = |value: Option<&Value>| value.map(|value| excerpt(&value.to_string()));
        Self { path: path.to_owned(), expected: shown(expected), got: shown(got) }
    }

    pub(super) fn to_json(&self, expected: usize, made: usize, name: &str) -> Value {
        json!({
            "name": excerpt(name), "expected_call": expected, "made_call": made,
            "path": self.path, "expected": self.expected, "got": self.got,
        })
    }

    pub(super) fn sentence(&self) -> String {
        let path = if self.path.is_empty() { "the arguments" } else { &self.path };
        difference(path, self.expected.as_deref(), self.got.as_deref())
    }
}

/// Returns the arguments of a call; a text that holds a JSON object, as some servers send it, is read.
fn arguments_of(made: &ToolCall) -> std::borrow::Cow<'_, Value> {
    if let Value::String(text) = &made.arguments
        && let Ok(value @ Value::Object(_)) = serde_json::from_str(text)
    {
        return std::borrow::Cow::Owned(value);
    }
    std::borrow::Cow::Borrowed(&made.arguments)
}

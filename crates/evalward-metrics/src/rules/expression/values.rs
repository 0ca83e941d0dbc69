//! What an expression can read.

use std::collections::BTreeMap;
use std::sync::Arc;

use evalward_core::{Example, Reply};
use minijinja::value::{Enumerator, Object, ObjectRepr};
use minijinja::{Error, ErrorKind, Value};
use serde::Serialize;
use serde_json::{Number, Value as Json};

/// The names, in the order in which a message lists them.
pub(super) const NAMES: [&str; 17] = [
    "output",
    "input",
    "expected_output",
    "acceptable_outputs",
    "context",
    "metadata",
    "tags",
    "partition",
    "id",
    "tool_calls",
    "steps",
    "retrieved",
    "usage",
    "model",
    "latency_millis",
    "attempts",
    "cluster",
];

/// Returns the values of [`NAMES`] for an example and its reply.
pub(crate) fn values_of(example: &Example, reply: &Reply) -> Value {
    let response = &reply.response;
    Value::from_pairs([
        ("output", Value::from(response.output.as_str())),
        ("input", strict(&example.input)),
        ("expected_output", strict(&example.expected_output)),
        ("acceptable_outputs", strict(&example.acceptable_outputs)),
        ("context", strict(&example.context)),
        ("metadata", strict(&example.metadata)),
        ("tags", strict(&example.tags)),
        ("partition", Value::from(example.partition.name())),
        ("id", Value::from(example.id.as_str())),
        ("tool_calls", strict(&response.tool_calls)),
        ("steps", strict(&response.steps)),
        ("retrieved", strict(&response.context)),
        // What a server does not tell is missing, so that no comparison with it holds by chance.
        ("usage", strict(&response.usage.unwrap_or_default())),
        ("model", strict(&response.model)),
        ("latency_millis", Value::from(reply.latency_millis)),
        ("attempts", Value::from(reply.attempts)),
        ("cluster", strict(&example.cluster)),
    ])
}

fn strict(value: &impl Serialize) -> Value {
    match serde_json::to_value(value) {
        Ok(json) => from_json(json),
        Err(error) => Value::from(Error::new(ErrorKind::BadSerialization, error.to_string())),
    }
}

fn from_json(json: Json) -> Value {
    match json {
        Json::Object(fields) => {
            let fields = fields.into_iter().map(|(key, value)| (key, from_json(value)));
            Value::from_object(StrictMap(fields.collect()))
        }
        Json::Array(items) => {
            Value::from_object(StrictList(items.into_iter().map(from_json).collect()))
        }
        Json::Null => Value::from(()),
        Json::Bool(value) => Value::from(value),
        Json::String(text) => Value::from(text),
        Json::Number(number) => from_number(&number),
    }
}

fn from_number(number: &Number) -> Value {
    let whole = number.as_i64().map(Value::from).or_else(|| number.as_u64().map(Value::from));
    whole.unwrap_or_else(|| Value::from(number.as_f64().unwrap_or(f64::NAN)))
}

/// An object of which a field that is missing is an error: compared as undefined, it would make `!=` true.
///
/// `"field" in object` may ask for what is not there.
#[derive(Debug)]
struct StrictMap(BTreeMap<String, Value>);

impl Object for StrictMap {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.get(key.as_str()?).cloned()
    }

    fn get_value_by_str(self: &Arc<Self>, key: &str) -> Option<Value> {
        let found = self.0.get(key).cloned();
        Some(found.unwrap_or_else(|| {
            Value::from(Error::new(ErrorKind::UndefinedError, format!("there is no `{key}`")))
        }))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.keys().map(|key| Value::from(key.as_str())).collect())
    }
}

/// A list of which an item that is missing is an error.
#[derive(Debug)]
struct StrictList(Vec<Value>);

impl Object for StrictList {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let index = key.as_usize()?;
        let found = self.0.get(index).cloned();
        Some(found.unwrap_or_else(|| {
            let message = format!("there is no item {index} in a list of {}", self.0.len());
            Value::from(Error::new(ErrorKind::UndefinedError, message))
        }))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.0.len())
    }
}

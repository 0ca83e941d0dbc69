//! What a resource and a scope say of all their spans.

use serde_json::Value;

/// Attributes of a resource that describe the machine and the library, not the application: no one asks for them beside an
/// answer, and they would be stored with every interaction.
const MACHINE: [&str; 6] = ["telemetry.", "process.", "os.", "host.", "container.", "k8s."];

/// What a resource says of its spans.
#[derive(Debug, Default)]
pub(super) struct Resource {
    pub(super) service: Option<String>,
    pub(super) version: Option<String>,
    /// The environment with the name of the attribute that named it.
    pub(super) environment: Option<(String, &'static str)>,
    /// What stays an attribute of each interaction.
    pub(super) kept: Vec<(String, Value)>,
}

/// What an instrumentation scope says of its spans.
#[derive(Debug, Default)]
pub(super) struct Scope {
    pub(super) name: String,
}

impl Resource {
    pub(super) fn new(attributes: Vec<(String, Value)>) -> Self {
        let mut resource = Self::default();
        for (key, value) in attributes {
            match key.as_str() {
                "service.name" => resource.service = word(&value),
                "service.version" => resource.version = word(&value),
                "deployment.environment.name" => {
                    resource.environment =
                        word(&value).map(|name| (name, "deployment.environment.name"));
                }
                "deployment.environment" if resource.environment.is_none() => {
                    resource.environment =
                        word(&value).map(|name| (name, "deployment.environment"));
                }
                key if value.is_null() || MACHINE.iter().any(|start| key.starts_with(start)) => {}
                _ => resource.kept.push((format!("resource.{key}"), value)),
            }
        }
        resource
    }
}

/// Returns a value as a short name without control characters; `None` where nothing is left of it.
pub(super) fn word(value: &Value) -> Option<String> {
    const MAX_CHARS: usize = 200;
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let text: String = text.chars().filter(|char| !char.is_control()).take(MAX_CHARS).collect();
    (!text.is_empty()).then_some(text)
}

//! Models behind a chat API.

use serde_json::{Map, Value, json};

use super::super::source::{file_name_in, matching};
use super::{Answers, Reading, with_environment};
use crate::ImportError;
use crate::node::{Entry, Node};

/// Where a model is asked.
pub(super) struct Server {
    kind: &'static str,
    model: String,
    base_url: Option<String>,
    key: Option<&'static str>,
}

/// Servers that speak the OpenAI chat API: how promptfoo spells them, their address, and the variable of their key.
const COMPATIBLE: &[(&str, &str, Option<&str>)] = &[
    ("openrouter:", "https://openrouter.ai/api/v1", Some("OPENROUTER_API_KEY")),
    ("groq:", "https://api.groq.com/openai/v1", Some("GROQ_API_KEY")),
    ("deepseek:", "https://api.deepseek.com/v1", Some("DEEPSEEK_API_KEY")),
    ("mistral:", "https://api.mistral.ai/v1", Some("MISTRAL_API_KEY")),
    ("togetherai:", "https://api.together.xyz/v1", Some("TOGETHER_API_KEY")),
    ("fireworks:", "https://api.fireworks.ai/inference/v1", Some("FIREWORKS_API_KEY")),
    ("cerebras:", "https://api.cerebras.ai/v1", Some("CEREBRAS_API_KEY")),
    ("xai:", "https://api.x.ai/v1", Some("XAI_API_KEY")),
    ("ollama:chat:", "http://localhost:11434/v1", None),
    ("ollama:completion:", "http://localhost:11434/v1", None),
    ("ollama:", "http://localhost:11434/v1", None),
    ("localai:chat:", "http://localhost:8080/v1", None),
    ("localai:", "http://localhost:8080/v1", None),
    ("litellm:", "http://localhost:4000", None),
];

/// Returns the server that an id names, where it has a chat API that a subject speaks.
pub(super) fn server_of(id: &str) -> Option<Server> {
    let server = |kind, model: &str, base_url: Option<&str>, key| Server {
        kind,
        model: model.to_owned(),
        base_url: base_url.map(str::to_owned),
        key,
    };
    if let Some(rest) = id.strip_prefix("openai:") {
        let other = [
            "embedding",
            "embeddings",
            "image",
            "moderation",
            "assistant",
            "realtime",
            "speech",
            "transcription",
            "video",
            "agents",
            "chatkit",
            "codex-sdk",
        ];
        let (first, model) = rest.split_once(':').unwrap_or(("", rest));
        if other.contains(&first) {
            return None;
        }
        let model = match first {
            "" | "chat" | "completion" | "responses" => model,
            _ => rest,
        };
        return Some(server("openai", model, None, None));
    }
    if let Some(rest) = id.strip_prefix("anthropic:") {
        let (first, model) = rest.split_once(':').unwrap_or(("", rest));
        return match first {
            "" | "messages" => Some(server("anthropic", model, None, None)),
            _ => None,
        };
    }
    COMPATIBLE.iter().find_map(|(prefix, url, key)| {
        Some(server("openai", id.strip_prefix(prefix)?, Some(url), *key))
    })
}

/// Settings that are passed on as they are.
const PASSED_ON: &[&str] = &[
    "top_p",
    "top_k",
    "frequency_penalty",
    "presence_penalty",
    "seed",
    "stop",
    "response_format",
    "tools",
    "tool_choice",
    "functions",
    "function_call",
    "reasoning_effort",
    "max_completion_tokens",
    "logit_bias",
    "parallel_tool_calls",
    "service_tier",
    "stop_sequences",
    "thinking",
    "user",
    "metadata",
    "verbosity",
];

pub(super) fn read(
    server: &Server,
    config: &Node,
    reading: &mut Reading<'_>,
) -> Result<Answers, ImportError> {
    let mut keys = Map::new();
    keys.insert("model".to_owned(), json!(server.model));
    if let Some(url) = &server.base_url {
        keys.insert("base_url".to_owned(), json!(url));
    }
    if let Some(name) = server.key {
        keys.insert("api_key".to_owned(), json!(format!("${{{name}}}")));
    }
    // promptfoo's defaults, written out, so that a variant need not take away what the suite says.
    if !is_reasoning(&server.model) {
        keys.insert("temperature".to_owned(), json!(0.0));
        keys.insert("max_tokens".to_owned(), json!(1024));
    }
    let mut parameters = Map::new();
    for entry in config.entries().iter().filter(|entry| !entry.value.is_null()) {
        setting(entry, server, &mut keys, &mut parameters, reading)?;
    }
    if !parameters.is_empty() {
        keys.insert("parameters".to_owned(), Value::Object(parameters));
    }
    if reading.id.contains(":completion:") {
        let name = format!("provider `{}`", reading.id);
        let text = "it is asked by the chat API, not by the older one for completions";
        reading.remarks.differs(reading.place, name, text);
    }
    Ok(Answers::Chat { kind: server.kind, keys })
}

fn is_reasoning(model: &str) -> bool {
    let name = model.rsplit('/').next().unwrap_or(model);
    ["o1", "o3", "o4", "gpt-5"].iter().any(|family| name.starts_with(family))
}

fn setting(
    entry: &Entry,
    server: &Server,
    keys: &mut Map<String, Value>,
    parameters: &mut Map<String, Value>,
    reading: &mut Reading<'_>,
) -> Result<(), ImportError> {
    let (key, value) = (entry.key.as_str(), entry.value.to_json());
    let text = || entry.value.scalar_text().map(|text| with_environment(&text));
    match key {
        "temperature" => drop(keys.insert(key.to_owned(), as_fraction(&value))),
        "max_tokens" => drop(keys.insert(key.to_owned(), value)),
        "apiBaseUrl" => {
            if let Some((url, _)) = text() {
                keys.insert("base_url".to_owned(), json!(url));
            }
        }
        "apiHost" => {
            if let Some((host, _)) = text() {
                let path = if server.kind == "openai" { "/v1" } else { "" };
                keys.insert("base_url".to_owned(), json!(format!("https://{host}{path}")));
            }
        }
        "apiKeyEnvar" => {
            if let Some((name, _)) = text() {
                keys.insert("api_key".to_owned(), json!(format!("${{{name}}}")));
            }
        }
        "apiKey" => match text() {
            Some((reference, true)) => drop(keys.insert("api_key".to_owned(), json!(reference))),
            _ => reading.not_translated(
                &entry.place,
                key,
                "a key is not copied into a file; put it into the environment and write `api_key = \"${NAME}\"`",
            ),
        },
        "organization" => {
            if let Some((name, _)) = text() {
                headers(keys).insert("OpenAI-Organization".to_owned(), json!(name));
            }
        }
        "headers" => {
            for header in entry.value.entries() {
                if let Some(value) = header.value.scalar_text() {
                    headers(keys).insert(header.key.clone(), json!(with_environment(&value).0));
                }
            }
        }
        "passthrough" => {
            if let Value::Object(fields) = value {
                parameters.extend(fields);
            }
        }
        _ if PASSED_ON.contains(&key) => {
            parameters.insert(key.to_owned(), loaded(entry, reading)?);
        }
        _ => reading.not_translated(&entry.place, key, "it has no counterpart"),
    }
    Ok(())
}

fn headers(keys: &mut Map<String, Value>) -> &mut Map<String, Value> {
    let headers = keys.entry("headers").or_insert_with(|| Value::Object(Map::new()));
    headers.as_object_mut().expect("headers are made as an object")
}

fn as_fraction(value: &Value) -> Value {
    value.as_f64().map_or_else(|| value.clone(), |number| json!(number))
}

/// Returns a setting, read from the file that it may name.
fn loaded(entry: &Entry, reading: &Reading<'_>) -> Result<Value, ImportError> {
    let Some(name) = entry.value.text().and_then(file_name_in) else {
        return Ok(entry.value.to_json());
    };
    let files = matching(reading.root, name, &entry.place)?;
    let Some(file) = files.first() else { return Ok(entry.value.to_json()) };
    Ok(file.parse()?.to_json())
}

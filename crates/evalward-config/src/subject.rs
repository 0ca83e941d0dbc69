//! The subject tables of a suite file.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::ops::Range;

use evalward_core::Finite;
use evalward_models::ModelError;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use toml::Spanned;

use crate::{Address, Seconds, Secret};

/// The system under test.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SubjectConfig {
    /// A model behind any server that speaks the OpenAI chat API (OpenAI, vLLM, llama.cpp, Ollama, LiteLLM, Azure).
    Openai(ChatConfig),
    /// A model behind the Anthropic Messages API.
    Anthropic(ChatConfig),
    /// The team's own application, over HTTP.
    Http(HttpConfig),
    /// The team's own program, over JSON lines.
    Command(CommandConfig),
    /// Responses from a file or from an earlier run; nothing is called.
    Recorded(RecordedConfig),
}

impl SubjectConfig {
    /// The names of the kinds.
    pub(crate) const KINDS: [&'static str; 5] =
        ["openai", "anthropic", "http", "command", "recorded"];

    /// Returns the name of the kind as files spell it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Openai(_) => "openai",
            Self::Anthropic(_) => "anthropic",
            Self::Http(_) => "http",
            Self::Command(_) => "command",
            Self::Recorded(_) => "recorded",
        }
    }
}

/// A model behind a chat API, with its prompt.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChatConfig {
    /// The model's name.
    pub model: String,
    /// The family of the model, such as `llama`, where its name does not tell it: a judge of the same family is warned of.
    #[serde(default, skip_serializing)]
    #[schemars(with = "Option<String>")]
    pub family: Option<Spanned<String>>,
    /// The server's address, a query such as Azure's `?api-version=…` included. For `openai` up to `/v1`, by default
    /// `OPENAI_BASE_URL`, else `https://api.openai.com/v1`; for `anthropic` by default `ANTHROPIC_BASE_URL`, else
    /// `https://api.anthropic.com`.
    #[serde(default)]
    #[schemars(with = "Option<Address>")]
    pub base_url: Option<Spanned<Address>>,
    /// The API key; by default `OPENAI_API_KEY` or `ANTHROPIC_API_KEY`, where it is set.
    #[serde(default)]
    #[schemars(with = "Option<Secret>")]
    pub api_key: Option<Spanned<Secret>>,
    /// Further headers, such as `api-key` for Azure.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Secret>")]
    pub headers: BTreeMap<String, Spanned<Secret>>,
    /// The template of the user message: a file, relative to this one.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub prompt: Option<Spanned<String>>,
    /// The template of the system message: a file, relative to this one.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub system: Option<Spanned<String>>,
    /// The sampling temperature.
    #[serde(default)]
    pub temperature: Option<Finite>,
    /// The most tokens to generate; `anthropic` needs a bound and takes 1024 by default.
    #[serde(default)]
    pub max_tokens: Option<NonZeroU32>,
    /// Further parameters of the request, passed on as they are.
    #[serde(default)]
    pub parameters: BTreeMap<String, Value>,
    /// What tokens cost, where the server does not say.
    #[serde(default)]
    pub price: Option<PriceConfig>,
    /// How calls are made.
    #[serde(default, skip_serializing)]
    pub calls: CallsConfig,
}

/// The team's own application, over HTTP.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HttpConfig {
    /// The address.
    #[schemars(with = "Address")]
    pub url: Spanned<Address>,
    /// The version of the application, such as a commit: with it, answers are kept in the cache and not asked for again while
    /// it stays the same; without it they are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The method; `POST` by default.
    #[serde(default)]
    pub method: Option<String>,
    /// Headers; their values are secrets.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Secret>")]
    pub headers: BTreeMap<String, Spanned<Secret>>,
    /// The body: JSON in which each text is a template; by default `{ input = "{{ input }}" }`.
    #[serde(default)]
    #[schemars(with = "Option<Value>")]
    pub body: Option<Spanned<Value>>,
    /// The JSON pointer of the output; `/output` by default, empty for a plain-text answer.
    #[serde(default)]
    pub output: Option<String>,
    /// The JSON pointer of the retrieved documents.
    #[serde(default)]
    pub context: Option<String>,
    /// The JSON pointer of the tool calls.
    #[serde(default)]
    pub tool_calls: Option<String>,
    /// The JSON pointer of the usage.
    #[serde(default)]
    pub usage: Option<String>,
    /// The JSON pointer of the model's name.
    #[serde(default)]
    pub model: Option<String>,
    /// How calls are made.
    #[serde(default, skip_serializing)]
    pub calls: CallsConfig,
}

/// The team's own program: `{"id","input"}` a line in, a response object a line out.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CommandConfig {
    /// The program and its arguments.
    #[schemars(with = "Vec<String>")]
    pub command: Spanned<Vec<String>>,
    /// The version of the program, such as a commit: with it, answers are kept in the cache and not asked for again while
    /// it stays the same; without it they are not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// A command that is run once before the first start, such as a build.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub prepare: Option<Spanned<Vec<String>>>,
    /// The folder to run in; the folder of this file by default.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub cwd: Option<Spanned<String>>,
    /// Environment variables; their values are secrets.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Secret>")]
    pub env: BTreeMap<String, Spanned<Secret>>,
    /// Starts the program anew for each example, instead of once per worker.
    #[serde(default)]
    pub one_shot: bool,
    /// The longest wait for an answer; 60s by default.
    #[serde(default, skip_serializing)]
    pub timeout: Option<Seconds>,
    /// The longest wait for a worker's first answer; 120s by default.
    #[serde(default, skip_serializing)]
    pub start_timeout: Option<Seconds>,
}

/// Responses from a file or from an earlier run.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordedConfig {
    /// A JSONL file of `{"id", "output"}` or `{"id", "response"}` lines, or the `results.jsonl` of a run.
    #[schemars(with = "String")]
    pub file: Spanned<String>,
}

/// What tokens cost.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceConfig {
    /// US dollars for a million tokens of the request.
    pub input_per_million_usd: Finite,
    /// US dollars for a million tokens of the answer.
    pub output_per_million_usd: Finite,
}

/// How calls over HTTP are made; none of it moves a score.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CallsConfig {
    /// The longest wait for an answer, for each request; 60s by default.
    pub timeout: Option<Seconds>,
    /// Where an answer takes longer, the request is sent once more and the first answer counts; shorter than `timeout`, and never
    /// by default.
    #[schemars(with = "Option<Seconds>")]
    pub hedge_after: Option<Spanned<Seconds>>,
    /// The longest wait for a connection; 2s by default.
    pub connect_timeout: Option<Seconds>,
    /// The most attempts at one call, the first included; 5 by default.
    pub attempts: Option<NonZeroU32>,
    /// The longest time for all attempts at one call together; 60s by default.
    pub total_retry_time: Option<Seconds>,
    /// The most requests under way at once to one host; no bound but `run.concurrency` by default.
    pub per_host: Option<NonZeroU32>,
    /// The most requests to one host in any minute, repeated attempts included; no bound by default.
    pub requests_per_minute: Option<NonZeroU32>,
    /// The most tokens to one host in a minute, of requests and answers; no bound by default.
    pub tokens_per_minute: Option<NonZeroU32>,
    /// How long calls wait for a host that stopped answering, until the run stops; 8s by default.
    pub outage_time: Option<Seconds>,
}

impl CallsConfig {
    /// Returns the place of the setting that an error is about, where it is one of these.
    pub(crate) fn place_of(&self, error: &ModelError) -> Option<Range<usize>> {
        match error {
            ModelError::Hedge { .. } => self.hedge_after.as_ref().map(Spanned::span),
            _ => None,
        }
    }
}

//! The model of a judge.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use evalward_core::Finite;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use toml::Spanned;

use crate::build_chat::{ClientKeys, Provider};
use crate::subject::{CallsConfig, PriceConfig};
use crate::{Address, Secret};

/// A chat model, by whose protocol it speaks.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ModelConfig {
    /// A model behind any server that speaks the OpenAI chat API (OpenAI, vLLM, llama.cpp, Ollama, LiteLLM, Azure).
    Openai(ChatModelConfig),
    /// A model behind the Anthropic Messages API.
    Anthropic(ChatModelConfig),
}

/// A model behind a chat API.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChatModelConfig {
    /// The model's name.
    pub model: String,
    /// The family of the model, such as `llama`, where its name does not tell it.
    #[serde(default, skip_serializing)]
    #[schemars(with = "Option<String>")]
    pub family: Option<Spanned<String>>,
    /// The server's address, as for a subject.
    #[serde(default, skip_serializing)]
    #[schemars(with = "Option<Address>")]
    pub base_url: Option<Spanned<Address>>,
    /// The API key; by default `OPENAI_API_KEY` or `ANTHROPIC_API_KEY`, where it is set.
    #[serde(default, skip_serializing)]
    #[schemars(with = "Option<Secret>")]
    pub api_key: Option<Spanned<Secret>>,
    /// Further headers, such as `api-key` for Azure.
    #[serde(default, skip_serializing)]
    #[schemars(with = "BTreeMap<String, Secret>")]
    pub headers: BTreeMap<String, Spanned<Secret>>,
    /// The sampling temperature; 0.3 by default, more is unwise.
    #[serde(default)]
    #[schemars(with = "Option<Finite>")]
    pub temperature: Option<Spanned<Finite>>,
    /// The most tokens to generate; `anthropic` needs a bound and takes 1024 by default.
    #[serde(default)]
    pub max_tokens: Option<NonZeroU32>,
    /// Further parameters of the request, passed on as they are.
    #[serde(default)]
    pub parameters: BTreeMap<String, Value>,
    /// What tokens cost, where the server does not say.
    #[serde(default, skip_serializing)]
    pub price: Option<PriceConfig>,
    /// How calls are made.
    #[serde(default, skip_serializing)]
    pub calls: CallsConfig,
}

impl ModelConfig {
    /// Returns whose protocol is spoken, and the keys.
    pub(super) const fn parts(&self) -> (Provider, &ChatModelConfig) {
        match self {
            Self::Openai(config) => (Provider::OpenAi, config),
            Self::Anthropic(config) => (Provider::Anthropic, config),
        }
    }

    /// The sampling temperature of a judge whose file gives none.
    pub const TEMPERATURE: f64 = 0.3;

    /// Returns the sampling temperature.
    pub fn temperature(&self) -> Option<f64> {
        let given = self.parts().1.temperature.as_ref();
        Some(given.map_or(Self::TEMPERATURE, |it| it.get_ref().get()))
    }

    /// Returns the model's name.
    pub fn name(&self) -> &str {
        &self.parts().1.model
    }
}

impl<'a> From<&'a ChatModelConfig> for ClientKeys<'a> {
    fn from(config: &'a ChatModelConfig) -> Self {
        Self {
            base_url: config.base_url.as_ref(),
            api_key: config.api_key.as_ref(),
            headers: &config.headers,
            price: config.price,
            calls: &config.calls,
        }
    }
}

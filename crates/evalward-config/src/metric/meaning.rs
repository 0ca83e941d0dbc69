//! The tables of metrics that look at what a text says.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use evalward_core::Scale;
use evalward_metrics::{ContextSource, FactsCheck, SemanticSimilarity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::common::{metric_table, on_fraction};
use crate::subject::CallsConfig;
use crate::{Address, Secret};

metric_table! {
    /// The table of `semantic_similarity`.
    ///
    /// Without a `threshold`, 0.88 decides for golden examples and 0.85 elsewhere.
    SemanticSimilarityConfig {
        /// The name of a model on this machine; `all-minilm-l6-v2` by default. `evalward models list` shows those that there are.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<String>")]
        model: Option<Spanned<String>>,
        /// A model behind an embeddings API, in place of one on this machine.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        openai: Option<EmbeddingsConfig>,
        /// What becomes of numbers, prices, dates, negations and names that differ from the nearest right answer; `report` by
        /// default.
        #[serde(default)]
        facts: FactsCheck,
    }
}

/// A model behind any server that speaks the `OpenAI` embeddings API.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EmbeddingsConfig {
    /// The model's name.
    pub model: String,
    /// The server's address up to `/v1`; by default `OPENAI_BASE_URL`, else `https://api.openai.com/v1`.
    #[serde(default, skip_serializing)]
    #[schemars(with = "Option<Address>")]
    pub base_url: Option<Spanned<Address>>,
    /// The API key; by default `OPENAI_API_KEY`, where it is set.
    #[serde(default, skip_serializing)]
    #[schemars(with = "Option<Secret>")]
    pub api_key: Option<Spanned<Secret>>,
    /// Further headers, such as `api-key` for Azure.
    #[serde(default, skip_serializing)]
    #[schemars(with = "BTreeMap<String, Secret>")]
    pub headers: BTreeMap<String, Spanned<Secret>>,
    /// The length of the vectors, where the model lets one choose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dimensions: Option<NonZeroU32>,
    /// The most texts of one request, those of several examples together; 64 by default.
    #[serde(default, skip_serializing)]
    pub batch_size: Option<NonZeroU32>,
    /// How calls are made.
    #[serde(default, skip_serializing)]
    pub calls: CallsConfig,
}

metric_table! {
    /// The table of `support`.
    SupportConfig {
        /// Where the context comes from; by default the example, else the response.
        #[serde(default)]
        context: ContextSource,
        /// Counts the texts of the input as context too.
        #[serde(default)]
        input_counts: bool,
    }
}

on_fraction!(SupportConfig);

impl SemanticSimilarityConfig {
    #[expect(clippy::unused_self, reason = "tables of other kinds say their scale")]
    pub(crate) const fn scale(&self) -> Scale {
        SemanticSimilarity::SCALE
    }
}

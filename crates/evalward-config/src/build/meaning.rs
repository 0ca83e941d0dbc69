//! What a text says.

use std::ops::Range;
use std::sync::Arc;

use evalward_core::{Embedder, Finite, Metric, Partition, Thresholds};
use evalward_embedder::{DEFAULT_MODEL, LocalEmbedder, default_models_dir, find};
use evalward_metrics::{SemanticSimilarity, SemanticSimilarityOptions, Support, SupportOptions};
use evalward_models::{OpenAiEmbedder, OpenAiEmbedderOptions, TapedEmbedder};
use secrecy::SecretString;
use serde_json::json;

use crate::ConfigError;
use crate::build_subject::{BuildOptions, chain, transport};
use crate::load::Lookup;
use crate::metric::{EmbeddingsConfig, SemanticSimilarityConfig, SupportConfig};
use crate::resolve::{Resolver, to_usize};
use crate::source::Sources;

/// The thresholds where a suite gives none.
pub(super) fn default_thresholds() -> Thresholds {
    let value = |value: f64| Finite::new(value).expect("a literal is finite");
    Thresholds::everywhere(value(0.85)).with(Partition::Golden, value(0.88))
}

/// Builds the metric; without `clients` nothing can be embedded yet, which is enough to check a suite.
pub(super) fn semantic_similarity(
    config: &SemanticSimilarityConfig,
    span: &Range<usize>,
    sources: &Sources,
    environment: &Lookup,
    clients: Option<&BuildOptions>,
) -> Result<Arc<dyn Metric>, Vec<ConfigError>> {
    if let (Some(model), Some(_)) = (&config.model, &config.openai) {
        let error = sources.error("two embedding models are given", &model.span(), "");
        return Err(vec![error.help("remove `model`, or the table `openai`")]);
    }
    let embedder = match (clients, &config.openai) {
        (None, _) => Err("the embedding model is not loaded".to_owned()),
        (Some(options), Some(server)) => Ok(remote(server, span, sources, environment, options)?),
        (Some(_), None) => Ok(local(config, span, sources, environment)?),
    };
    let options = SemanticSimilarityOptions { embedder, facts: config.facts };
    Ok(Arc::new(SemanticSimilarity::new(options)))
}

fn local(
    config: &SemanticSimilarityConfig,
    span: &Range<usize>,
    sources: &Sources,
    environment: &Lookup,
) -> Result<Arc<dyn Embedder>, Vec<ConfigError>> {
    let name = config.model.as_ref().map_or(DEFAULT_MODEL, |name| name.get_ref().as_str());
    let place = config.model.as_ref().map_or_else(|| span.clone(), toml::Spanned::span);
    let opened = default_models_dir(|variable| environment(variable))
        .and_then(|folder| find(name, &folder))
        .and_then(|folder| LocalEmbedder::open(folder.path()));
    match opened {
        Ok(embedder) => Ok(Arc::new(embedder)),
        Err(error) => {
            let refused = sources.error(chain(&error), &place, "needed here");
            Err(vec![match error.hint() {
                Some(hint) => refused.help(hint),
                None => refused,
            }])
        }
    }
}

fn remote(
    config: &EmbeddingsConfig,
    span: &Range<usize>,
    sources: &Sources,
    environment: &Lookup,
    options: &BuildOptions,
) -> Result<Arc<dyn Embedder>, Vec<ConfigError>> {
    let mut resolver = Resolver::new(sources, environment).offline(options.offline);
    let defaults = OpenAiEmbedderOptions::new(config.model.as_str());
    let given = match &config.base_url {
        Some(address) => resolver.address(address),
        None => resolver.variable("OPENAI_BASE_URL"),
    };
    let api_key = match &config.api_key {
        Some(secret) => resolver.secret(secret),
        None => resolver.variable("OPENAI_API_KEY").map(SecretString::from),
    };
    let headers = resolver.secrets(&config.headers);
    if !resolver.errors.is_empty() {
        return Err(resolver.errors);
    }
    let settings = OpenAiEmbedderOptions {
        base_url: given.unwrap_or_else(|| defaults.base_url.clone()),
        api_key,
        headers,
        dimensions: config.dimensions,
        batch_size: config.batch_size.map_or(defaults.batch_size, to_usize),
        ..defaults
    };
    let embedder = transport(&config.calls, options)
        .and_then(|transport| OpenAiEmbedder::new(transport, settings))
        .map_err(|error| vec![sources.error(chain(&error), span, "")])?;
    let model = json!({"name": config.model, "dimensions": config.dimensions});
    Ok(Arc::new(TapedEmbedder::new(Arc::new(embedder), model, options.tape.clone())))
}

pub(super) fn support(config: &SupportConfig) -> Arc<dyn Metric> {
    let options = SupportOptions { context: config.context, input_counts: config.input_counts };
    Arc::new(Support::new(options))
}

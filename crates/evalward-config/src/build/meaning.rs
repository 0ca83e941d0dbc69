//! What a text says.

use std::ops::Range;
use std::sync::Arc;

use evalward_core::{Digest, Finite, Metric, Partition, Thresholds};
use evalward_metrics::{SemanticSimilarity, SemanticSimilarityOptions, Support, SupportOptions};

use super::embeddings::{self, Place};
use crate::ConfigError;
use crate::build_subject::BuildOptions;
use crate::load::Lookup;
use crate::metric::{SemanticSimilarityConfig, SupportConfig};
use crate::source::Sources;

/// The thresholds where a suite gives none.
pub(super) fn default_thresholds() -> Thresholds {
    let value = |value: f64| Finite::new(value).expect("a literal is finite");
    Thresholds::everywhere(value(0.85)).with(Partition::Golden, value(0.88))
}

/// The metric, and the hash of its model where that is known.
pub(super) struct Similarity {
    pub(super) metric: Arc<dyn Metric>,
    pub(super) model: Option<Digest>,
}

/// Builds the metric; without `clients` nothing can be embedded yet, which is enough to check a suite.
pub(super) fn semantic_similarity(
    config: &SemanticSimilarityConfig,
    span: &Range<usize>,
    sources: &Sources,
    environment: &Lookup,
    clients: Option<&BuildOptions>,
) -> Result<Similarity, Vec<ConfigError>> {
    if let (Some(model), Some(_)) = (&config.model, &config.openai) {
        let error = sources.error("two embedding models are given", &model.span(), "");
        return Err(vec![error.help("remove `model`, or the table `openai`")]);
    }
    let built = match clients {
        None => Err("the embedding model is not loaded".to_owned()),
        Some(options) => {
            let place = Place { span: span.clone(), sources, environment, options };
            Ok(match &config.openai {
                Some(server) => embeddings::remote(server, &place)?,
                None => embeddings::local(config, &place).map_err(|error| vec![error])?,
            })
        }
    };
    let model = built.as_ref().ok().and_then(|built| built.digest);
    let embedder = built.map(|built| built.embedder);
    let called = config.openai.as_ref().map(|server| server.model.clone());
    let options = SemanticSimilarityOptions { embedder, called, facts: config.facts };
    Ok(Similarity { metric: Arc::new(SemanticSimilarity::new(options)), model })
}

pub(super) fn support(config: &SupportConfig) -> Arc<dyn Metric> {
    let options = SupportOptions { context: config.context, input_counts: config.input_counts };
    Arc::new(Support::new(options))
}

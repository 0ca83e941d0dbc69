//! The embedding model of a metric, with the layers around it: the tape, the cache, the batches.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use evalward_core::{Digest, Embedder};
use evalward_embedder::{DEFAULT_MODEL, EmbedderError, LocalEmbedder, default_models_dir, find};
use evalward_models::{
    BatchLimits, BatchedEmbedder, CachedEmbedder, CallKey, OpenAiEmbedder, OpenAiEmbedderOptions,
    TapeAnswer, TapedEmbedder,
};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::ConfigError;
use crate::build_subject::{BuildOptions, chain, transport};
use crate::load::Lookup;
use crate::metric::{EmbeddingsConfig, SemanticSimilarityConfig};
use crate::resolve::{Resolver, to_usize};
use crate::source::Sources;

/// The most texts of one request to a server, where nobody says otherwise.
const OF_A_SERVER: NonZeroUsize = NonZeroUsize::new(64).expect("sixty-four is not zero");

/// The most texts that a model on this machine computes at once.
const OF_THIS_MACHINE: NonZeroUsize = NonZeroUsize::new(32).expect("thirty-two is not zero");

/// The kind of the line in a recording that says which model a name stood for.
const NAMED: &str = "embedding_model";

/// Models on this machine that are in memory already; clones share them.
#[derive(Clone, Debug, Default)]
pub struct LocalModels(Arc<Mutex<BTreeMap<PathBuf, Arc<LocalEmbedder>>>>);

impl LocalModels {
    fn open(&self, folder: &Path) -> Result<Arc<LocalEmbedder>, EmbedderError> {
        let mut models = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(model) = models.get(folder) {
            return Ok(Arc::clone(model));
        }
        let model = Arc::new(LocalEmbedder::open(folder)?);
        models.insert(folder.to_owned(), Arc::clone(&model));
        Ok(model)
    }
}

/// An embedding model, and what tells it from another one under the same name, where that is known.
pub(super) struct Built {
    pub(super) embedder: Arc<dyn Embedder>,
    pub(super) digest: Option<Digest>,
}

/// Where a table stands, and what it is built with.
pub(super) struct Place<'a> {
    pub(super) span: Range<usize>,
    pub(super) sources: &'a Sources,
    pub(super) environment: &'a Lookup,
    pub(super) options: &'a BuildOptions,
}

impl Place<'_> {
    fn error(&self, message: impl Into<String>, span: &Range<usize>) -> ConfigError {
        self.sources.error(message, span, "needed here")
    }

    /// Puts the cache before a model, and batches between them.
    fn layered(
        &self,
        embedder: Arc<dyn Embedder>,
        texts: NonZeroUsize,
        digest: Digest,
    ) -> Arc<dyn Embedder> {
        let batched = Arc::new(BatchedEmbedder::new(embedder, BatchLimits::of_texts(texts)));
        match &self.options.cache {
            Some(cache) => Arc::new(CachedEmbedder::new(batched, cache.clone(), digest)),
            None => batched,
        }
    }

    fn taped(&self, embedder: Option<Arc<dyn Embedder>>, model: Value) -> Arc<dyn Embedder> {
        Arc::new(TapedEmbedder::new(embedder, model, self.options.tape.clone()))
    }
}

/// Builds a model on this machine. A replay takes the one that was recorded, which need not be here.
pub(super) fn local(
    config: &SemanticSimilarityConfig,
    place: &Place<'_>,
) -> Result<Built, ConfigError> {
    let name = config.model.as_ref().map_or(DEFAULT_MODEL, |name| name.get_ref().as_str());
    let span = config.model.as_ref().map_or_else(|| place.span.clone(), toml::Spanned::span);
    let tape = &place.options.tape;
    let request = json!({"name": name});
    let key = CallKey::new(NAMED, &request);
    let refused = |error: evalward_core::CallError| place.error(error.message, &span);
    let recorded = tape.recorded(key).map_err(refused)?;
    let recorded = recorded.map(|answer| digest_of(&answer, name)).transpose();
    let recorded = recorded.map_err(|message| place.error(message, &span))?;
    let model = |digest: Digest| json!({"name": name, "digest": digest});
    if let Some(digest) = recorded
        && tape.is_replay()
    {
        return Ok(Built { embedder: place.taped(None, model(digest)), digest: Some(digest) });
    }
    let opened = open(name, place).map_err(|error| {
        let refused = place.error(chain(&error), &span);
        match error.hint() {
            Some(hint) => refused.help(hint),
            None => refused,
        }
    })?;
    let digest = opened.model().digest();
    if recorded.is_some_and(|recorded| recorded != digest) {
        let message = format!("the recording knows another model under the name `{name}`");
        let help = "record into another file, or choose the model that it was recorded with";
        return Err(place.error(message, &span).help(help));
    }
    let answer = TapeAnswer {
        value: json!({"digest": digest}),
        latency_millis: 0,
        attempts: 1,
        cached: false,
    };
    tape.keep(key, NAMED, answer).map_err(refused)?;
    let embedder = place.layered(opened, OF_THIS_MACHINE, digest);
    Ok(Built { embedder: place.taped(Some(embedder), model(digest)), digest: Some(digest) })
}

fn open(name: &str, place: &Place<'_>) -> Result<Arc<LocalEmbedder>, EmbedderError> {
    let folder = default_models_dir(|variable| (place.environment)(variable))?;
    place.options.models.open(find(name, &folder)?.path())
}

fn digest_of(answer: &TapeAnswer, name: &str) -> Result<Digest, String> {
    let digest = answer.value["digest"].as_str().and_then(|digest| digest.parse().ok());
    digest.ok_or_else(|| format!("the recording does not tell the hash of model `{name}`"))
}

/// Builds a model behind an embeddings API. A replay needs neither address nor key.
pub(super) fn remote(
    config: &EmbeddingsConfig,
    place: &Place<'_>,
) -> Result<Built, Vec<ConfigError>> {
    let model = json!({"name": config.model, "dimensions": config.dimensions});
    if place.options.tape.is_replay() {
        return Ok(Built { embedder: place.taped(None, model), digest: None });
    }
    let mut resolver =
        Resolver::new(place.sources, place.environment).offline(place.options.offline);
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
        ..defaults
    };
    let embedder = transport(&config.calls, place.options)
        .and_then(|transport| OpenAiEmbedder::new(transport, settings))
        .map_err(|error| {
            let span = config.calls.place_of(&error).unwrap_or(place.span.clone());
            vec![place.sources.error(chain(&error), &span, error.hint().unwrap_or_default())]
        })?;
    let digest = embedder.digest();
    let texts = config.batch_size.map_or(OF_A_SERVER, to_usize);
    let embedder = place.layered(Arc::new(embedder), texts, digest);
    Ok(Built { embedder: place.taped(Some(embedder), model), digest: None })
}

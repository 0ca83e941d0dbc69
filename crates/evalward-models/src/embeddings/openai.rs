//! Servers that speak the `OpenAI` embeddings API.

use std::num::NonZeroU32;

use evalward_core::{
    BoxFuture, CallError, CallErrorKind, Digest, Embedded, Embedder, EmbeddingCalls, Usage,
};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::{Address, Headers, HttpAnswer, HttpCall, HttpMethod, ModelError, Transport, excerpt};

/// Where an `OpenAI`-compatible server is, and what is asked of it.
#[derive(Clone, Debug)]
pub struct OpenAiEmbedderOptions {
    /// The model's name.
    pub model: String,
    /// The address before `/embeddings`, such as `https://api.openai.com/v1`; the whole address works too.
    pub base_url: String,
    /// The key that is sent as a bearer token; local servers need none.
    pub api_key: Option<SecretString>,
    /// Further headers, such as Azure's `api-key`.
    pub headers: Vec<(String, SecretString)>,
    /// The length of the vectors, where the model lets one choose.
    pub dimensions: Option<NonZeroU32>,
}

impl OpenAiEmbedderOptions {
    /// Asks `OpenAI` itself for a model's vectors.
    pub fn new(model: impl Into<String>) -> Self {
        Self {
            model: model.into(),
            base_url: "https://api.openai.com/v1".to_owned(),
            api_key: None,
            headers: Vec::new(),
            dimensions: None,
        }
    }
}

/// An embedding model behind the `OpenAI` API; each call is one request.
#[derive(Clone, Debug)]
pub struct OpenAiEmbedder {
    transport: Transport,
    address: Address,
    headers: Headers,
    model: String,
    dimensions: Option<NonZeroU32>,
}

impl OpenAiEmbedder {
    /// Checks the options; nothing is called yet.
    ///
    /// # Errors
    /// [`ModelError`] if the address or a header cannot be used.
    pub fn new(transport: Transport, options: OpenAiEmbedderOptions) -> Result<Self, ModelError> {
        let headers = Headers::with_bearer(options.api_key.as_ref(), &options.headers)?;
        let address = Address::parse(&options.base_url)?.with_path_end("embeddings");
        let OpenAiEmbedderOptions { model, dimensions, .. } = options;
        Ok(Self { transport, address, headers, model, dimensions })
    }

    /// Returns the hash of everything but the text that could move a vector: the address without its credentials, but with the
    /// hash of its query, the model, and the length of its vectors.
    pub fn digest(&self) -> Digest {
        let Self { address, model, dimensions, .. } = self;
        let address = address.identity();
        Digest::of_json(&json!({"address": address, "model": model, "dimensions": dimensions}))
    }

    async fn ask(&self, texts: &[String]) -> Result<Embedded, CallError> {
        if texts.is_empty() {
            return Ok(Embedded { vectors: Vec::new(), calls: EmbeddingCalls::default() });
        }
        let mut body = json!({"model": self.model, "input": texts, "encoding_format": "float"});
        if let Some(dimensions) = self.dimensions {
            body["dimensions"] = json!(dimensions);
        }
        let call = HttpCall {
            method: HttpMethod::Post,
            address: &self.address,
            headers: &self.headers,
            body: Some(&body),
            credential: "the API key (`api_key`, by default `OPENAI_API_KEY`)",
        };
        let HttpAnswer { body, attempts, .. } = self.transport.send(call).await?;
        let malformed = |reason: String| {
            let start = excerpt(&call.blank(&String::from_utf8_lossy(&body)));
            let message = format!(
                "`{} {}` answered with what are no embeddings: {reason}; the answer starts: {start}",
                call.method, call.address
            );
            CallError { attempts, ..CallError::new(CallErrorKind::Malformed, message) }
        };
        let answer: Value =
            serde_json::from_slice(&body).map_err(|error| malformed(error.to_string()))?;
        let vectors = read(&answer, texts.len()).map_err(malformed)?;
        check_lengths(&vectors, self.dimensions).map_err(malformed)?;
        let input_tokens = answer["usage"]["prompt_tokens"].as_u64();
        self.transport.meter().count_usage(&Usage { input_tokens, ..Usage::default() });
        let mut calls = EmbeddingCalls::of_texts(texts.len());
        calls.count_request(input_tokens);
        Ok(Embedded { vectors, calls })
    }
}

impl Embedder for OpenAiEmbedder {
    fn embed<'a>(&'a self, texts: &'a [String]) -> BoxFuture<'a, Result<Vec<Vec<f32>>, CallError>> {
        Box::pin(async move { Ok(self.ask(texts).await?.vectors) })
    }

    fn embed_and_count<'a>(
        &'a self,
        texts: &'a [String],
    ) -> BoxFuture<'a, Result<Embedded, CallError>> {
        Box::pin(self.ask(texts))
    }
}

/// Reads the vectors in the order of their indices, or says what is wrong with them.
fn read(answer: &Value, count: usize) -> Result<Vec<Vec<f32>>, String> {
    let data = answer["data"].as_array().ok_or("`data` is missing")?;
    let mut vectors: Vec<Option<Vec<f32>>> = vec![None; count];
    for (place, item) in data.iter().enumerate() {
        // Servers that leave the index out answer in the order of the texts.
        let index = item["index"].as_u64().map_or(Ok(place), usize::try_from);
        let slot = index.ok().and_then(|index| vectors.get_mut(index));
        let slot = slot.ok_or_else(|| format!("`data[{place}].index` names no text"))?;
        let vector: Vec<f32> = serde_json::from_value(item["embedding"].clone())
            .map_err(|_| format!("`data[{place}].embedding` is no list of numbers"))?;
        if vector.is_empty() || !vector.iter().all(|number| number.is_finite()) {
            return Err(format!("`data[{place}].embedding` is empty or not finite"));
        }
        if slot.replace(vector).is_some() {
            return Err(format!("`data[{place}].index` names a text a second time"));
        }
    }
    let vectors: Option<Vec<Vec<f32>>> = vectors.into_iter().collect();
    vectors.ok_or_else(|| format!("{} vectors for {count} texts", data.len()))
}

/// Checks that all vectors have one length: the one that was asked for, where one was.
fn check_lengths(vectors: &[Vec<f32>], asked: Option<NonZeroU32>) -> Result<(), String> {
    let asked = asked.map(|asked| usize::try_from(asked.get()).unwrap_or(usize::MAX));
    let Some(length) = asked.or_else(|| vectors.first().map(Vec::len)) else { return Ok(()) };
    match vectors.iter().find(|vector| vector.len() != length) {
        None => Ok(()),
        Some(other) => Err(match asked {
            Some(_) => format!(
                "a vector has {} numbers, not the {length} of `dimensions`; does the model let one choose?",
                other.len()
            ),
            None => format!("one vector has {length} numbers, another {}", other.len()),
        }),
    }
}

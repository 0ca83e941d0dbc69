//! Servers that speak the `OpenAI` embeddings API.

use std::num::{NonZeroU32, NonZeroUsize};

use evalward_core::{BoxFuture, CallError, CallErrorKind, Embedder};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::{Address, Headers, HttpAnswer, HttpCall, HttpMethod, ModelError, Transport, excerpt};

/// The most texts of one request, where nobody says otherwise.
const BATCH: NonZeroUsize = NonZeroUsize::new(64).expect("sixty-four is not zero");

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
    /// The most texts of one request.
    pub batch_size: NonZeroUsize,
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
            batch_size: BATCH,
        }
    }
}

/// An embedding model behind the `OpenAI` API.
#[derive(Clone, Debug)]
pub struct OpenAiEmbedder {
    transport: Transport,
    address: Address,
    headers: Headers,
    model: String,
    dimensions: Option<NonZeroU32>,
    batch_size: NonZeroUsize,
}

impl OpenAiEmbedder {
    /// Checks the options; nothing is called yet.
    ///
    /// # Errors
    /// [`ModelError`] if the address or a header cannot be used.
    pub fn new(transport: Transport, options: OpenAiEmbedderOptions) -> Result<Self, ModelError> {
        let headers = Headers::with_bearer(options.api_key.as_ref(), &options.headers)?;
        let address = Address::parse(&options.base_url)?.with_path_end("embeddings");
        let OpenAiEmbedderOptions { model, dimensions, batch_size, .. } = options;
        Ok(Self { transport, address, headers, model, dimensions, batch_size })
    }

    async fn ask(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, CallError> {
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
        read(&answer, texts.len()).map_err(malformed)
    }

    async fn ask_in_batches(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, CallError> {
        let mut vectors: Vec<Vec<f32>> = Vec::with_capacity(texts.len());
        for batch in texts.chunks(self.batch_size.get()) {
            vectors.extend(self.ask(batch).await?);
        }
        let length = vectors.first().map_or(0, Vec::len);
        if vectors.iter().any(|vector| vector.len() != length) {
            let message = format!("model `{}` gave vectors of different lengths", self.model);
            return Err(CallError::new(CallErrorKind::Malformed, message));
        }
        Ok(vectors)
    }
}

impl Embedder for OpenAiEmbedder {
    fn embed<'a>(&'a self, texts: &'a [String]) -> BoxFuture<'a, Result<Vec<Vec<f32>>, CallError>> {
        Box::pin(self.ask_in_batches(texts))
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

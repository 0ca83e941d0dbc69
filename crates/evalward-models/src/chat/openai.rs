//! Servers that speak the `OpenAI` chat API.

use evalward_core::{BoxFuture, CallError, ChatAnswer, ChatModel, ChatRequest};
use secrecy::SecretString;
use serde_json::{Map, Value, json};

use super::{Price, json::ask, openai_answer};
use crate::{Address, Headers, HttpCall, HttpMethod, ModelError, Transport};

/// Where an `OpenAI`-compatible server is, and what it needs to know of us.
#[derive(Clone, Debug)]
pub struct OpenAiOptions {
    /// The address before `/chat/completions`, such as `https://api.openai.com/v1`; the whole address works too.
    pub base_url: String,
    /// The key that is sent as a bearer token; local servers need none.
    pub api_key: Option<SecretString>,
    /// Further headers, such as Azure's `api-key`.
    pub headers: Vec<(String, SecretString)>,
    /// What tokens cost, for servers that do not say.
    pub price: Option<Price>,
}

impl Default for OpenAiOptions {
    fn default() -> Self {
        Self {
            base_url: "https://api.openai.com/v1".to_owned(),
            api_key: None,
            headers: Vec::new(),
            price: None,
        }
    }
}

/// A model behind the `OpenAI` chat API: `OpenAI`, vLLM, llama.cpp, Ollama, `LiteLLM`, Azure.
#[derive(Clone, Debug)]
pub struct OpenAiChat {
    transport: Transport,
    address: Address,
    headers: Headers,
    price: Option<Price>,
}

impl OpenAiChat {
    /// Checks the options; nothing is called yet.
    ///
    /// # Errors
    /// [`ModelError`] if the address or a header cannot be used.
    pub fn new(transport: Transport, options: &OpenAiOptions) -> Result<Self, ModelError> {
        let headers = Headers::with_bearer(options.api_key.as_ref(), &options.headers)?;
        let address = Address::parse(&options.base_url)?.with_path_end("chat/completions");
        Ok(Self { transport, address, headers, price: options.price })
    }
}

impl ChatModel for OpenAiChat {
    fn complete<'a>(
        &'a self,
        request: &'a ChatRequest,
    ) -> BoxFuture<'a, Result<ChatAnswer, CallError>> {
        Box::pin(async move {
            let body = body(request);
            let call = HttpCall {
                method: HttpMethod::Post,
                address: &self.address,
                headers: &self.headers,
                body: Some(&body),
                credential: "the API key (`api_key`, by default `OPENAI_API_KEY`)",
            };
            ask(&self.transport, call, self.price, openai_answer::read).await
        })
    }
}

fn body(request: &ChatRequest) -> Value {
    let mut body: Map<String, Value> = request.parameters.clone();
    body.insert("model".to_owned(), request.model.as_str().into());
    body.insert("messages".to_owned(), json!(request.messages));
    if let Some(temperature) = request.temperature {
        body.insert("temperature".to_owned(), json!(temperature));
    }
    // Reasoning models know the limit by another name only, which a suite gives as a parameter.
    if let Some(max_tokens) = request.max_tokens
        && !body.contains_key("max_completion_tokens")
    {
        body.insert("max_tokens".to_owned(), max_tokens.into());
    }
    Value::Object(body)
}

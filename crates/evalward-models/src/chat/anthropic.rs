//! The Messages API of Anthropic.

use evalward_core::{BoxFuture, CallError, ChatAnswer, ChatModel, ChatRequest};
use secrecy::SecretString;

use super::anthropic_request::body;
use super::{Price, anthropic_answer, json::ask};
use crate::{Address, Headers, HttpCall, HttpMethod, ModelError, Transport};

/// Where the Messages API is, and what it needs to know of us.
#[derive(Clone, Debug)]
pub struct AnthropicOptions {
    /// The address before `/v1/messages`; the whole address works too.
    pub base_url: String,
    /// The key that is sent as `x-api-key`.
    pub api_key: Option<SecretString>,
    /// Further headers, such as `anthropic-beta`.
    pub headers: Vec<(String, SecretString)>,
    /// What tokens cost; the API does not say.
    pub price: Option<Price>,
}

impl Default for AnthropicOptions {
    fn default() -> Self {
        Self {
            base_url: "https://api.anthropic.com".to_owned(),
            api_key: None,
            headers: Vec::new(),
            price: None,
        }
    }
}

/// A model behind the Messages API.
#[derive(Clone, Debug)]
pub struct AnthropicChat {
    transport: Transport,
    address: Address,
    headers: Headers,
    price: Option<Price>,
}

impl AnthropicChat {
    /// Checks the options; nothing is called yet.
    ///
    /// # Errors
    /// [`ModelError`] if the address or a header cannot be used.
    pub fn new(transport: Transport, options: &AnthropicOptions) -> Result<Self, ModelError> {
        let version = SecretString::from("2023-06-01");
        let headers = Headers::new(
            [("anthropic-version", &version)]
                .into_iter()
                .chain(options.api_key.iter().map(|key| ("x-api-key", key)))
                .chain(options.headers.iter().map(|(name, value)| (name.as_str(), value))),
        )?;
        let base = Address::parse(&options.base_url)?;
        let address = if base.to_string().trim_end_matches('/').ends_with("/v1") {
            base.with_path_end("messages")
        } else {
            base.with_path_end("v1/messages")
        };
        Ok(Self { transport, address, headers, price: options.price })
    }
}

impl ChatModel for AnthropicChat {
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
                credential: "the API key (`api_key`, by default `ANTHROPIC_API_KEY`)",
            };
            ask(&self.transport, call, self.price, anthropic_answer::read).await
        })
    }
}

//! Clients of chat models.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use evalward_core::ChatModel;
use evalward_models::{
    AnthropicChat, AnthropicOptions, ModelError, OpenAiChat, OpenAiOptions, Price,
};
use secrecy::SecretString;
use toml::Spanned;

use crate::build_subject::{BuildOptions, chain, transport};
use crate::resolve::Resolver;
use crate::subject::{CallsConfig, ChatConfig, PriceConfig};
use crate::{Address, Secret};

/// Whose protocol a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Provider {
    OpenAi,
    Anthropic,
}

/// The keys of a client, from the table of a subject or of a judge.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ClientKeys<'a> {
    pub(crate) base_url: Option<&'a Spanned<Address>>,
    pub(crate) api_key: Option<&'a Spanned<Secret>>,
    pub(crate) headers: &'a BTreeMap<String, Spanned<Secret>>,
    pub(crate) price: Option<PriceConfig>,
    pub(crate) calls: &'a CallsConfig,
}

impl<'a> From<&'a ChatConfig> for ClientKeys<'a> {
    fn from(config: &'a ChatConfig) -> Self {
        Self {
            base_url: config.base_url.as_ref(),
            api_key: config.api_key.as_ref(),
            headers: &config.headers,
            price: config.price,
            calls: &config.calls,
        }
    }
}

/// A client, and where it calls.
pub(crate) struct ChatClient {
    pub(crate) chat: Arc<dyn ChatModel>,
    /// The address, without credentials.
    pub(crate) address: String,
}

/// Makes a client; what cannot be resolved is among the resolver's errors, at the address or else at `span`.
pub(crate) fn chat_client(
    provider: Provider,
    keys: ClientKeys<'_>,
    span: &Range<usize>,
    resolver: &mut Resolver<'_>,
    options: &BuildOptions,
) -> Option<ChatClient> {
    let ClientKeys { base_url, api_key, headers, price, calls } = keys;
    let (address_variable, default_address, key_variable) = match provider {
        Provider::OpenAi => ("OPENAI_BASE_URL", "https://api.openai.com/v1", "OPENAI_API_KEY"),
        Provider::Anthropic => {
            ("ANTHROPIC_BASE_URL", "https://api.anthropic.com", "ANTHROPIC_API_KEY")
        }
    };
    let place = base_url.map_or(span.clone(), Spanned::span);
    let address = match base_url {
        Some(address) => resolver.address(address),
        None => resolver.variable(address_variable),
    };
    let base_url = address.unwrap_or_else(|| default_address.to_owned());
    let api_key = match api_key {
        Some(secret) => resolver.secret(secret),
        None => resolver.variable(key_variable).map(SecretString::from),
    };
    let headers = resolver.secrets(headers);
    let price = price.map(|price| Price {
        input_per_million_usd: price.input_per_million_usd,
        output_per_million_usd: price.output_per_million_usd,
    });
    let identity = evalward_models::Address::parse(&base_url).map(|it| it.identity());
    let client = transport(calls, options).and_then(|transport| match provider {
        Provider::OpenAi => {
            let options = OpenAiOptions { base_url, api_key, headers, price };
            OpenAiChat::new(transport, &options).map(boxed)
        }
        Provider::Anthropic => {
            let options = AnthropicOptions { base_url, api_key, headers, price };
            AnthropicChat::new(transport, &options).map(boxed)
        }
    });
    let client = client.and_then(|chat| Ok(ChatClient { chat, address: identity? }));
    let refuse = |error: ModelError| {
        let place = calls.place_of(&error).unwrap_or(place);
        resolver.refuse(chain(&error), &place, error.hint());
    };
    client.map_err(refuse).ok()
}

fn boxed(chat: impl ChatModel + 'static) -> Arc<dyn ChatModel> {
    Arc::new(chat)
}

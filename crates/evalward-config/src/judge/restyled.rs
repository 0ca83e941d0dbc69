//! The models that restyle the answers of an audit: the judge's own, and one of another family.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::ops::Range;
use std::sync::Arc;

use evalward_core::{ChatModel, ChatRequest, Finite};
use evalward_judge::audit::{Restyler, Restylers};
use evalward_judge::{Kinship, kinship};
use evalward_models::{CachedChat, TapedChat};
use serde_json::Value;
use toml::Spanned;

use super::ModelConfig;
use super::caution::known_families;
use crate::build_chat::{ClientKeys, Provider, chat_client};
use crate::build_subject::BuildOptions;
use crate::resolve::Resolver;
use crate::source::Sources;
use crate::{ConfigError, ConfigErrors, SubjectConfig, Suite};

/// The sampling temperature where a judge's model has none.
const TEMPERATURE: f64 = 0.3;

/// A bound on tokens that is meant for verdicts is too small for whole answers.
const LEAST_MAX_TOKENS: u32 = 3000;

/// Parameters that ask for another form than a text.
const NOT_PASSED_ON: [&str; 6] =
    ["response_format", "logprobs", "top_logprobs", "tools", "tool_choice", "n"];

/// A model's table.
struct Table<'a> {
    provider: Provider,
    name: &'a str,
    family: Option<&'a Spanned<String>>,
    keys: ClientKeys<'a>,
    temperature: Option<Finite>,
    max_tokens: Option<NonZeroU32>,
    parameters: &'a BTreeMap<String, Value>,
    span: Range<usize>,
    sources: &'a Sources,
}

impl<'a> Table<'a> {
    fn of_judge(model: &'a Spanned<ModelConfig>, sources: &'a Sources) -> Self {
        let (provider, config) = model.get_ref().parts();
        let temperature = config.temperature.as_ref().map(|it| *it.get_ref());
        Self {
            provider,
            name: &config.model,
            family: config.family.as_ref(),
            keys: config.into(),
            temperature: temperature.or_else(|| Finite::new(TEMPERATURE).ok()),
            max_tokens: config.max_tokens,
            parameters: &config.parameters,
            span: model.span(),
            sources,
        }
    }

    /// Returns the suite's subject, where it is a model with a prompt.
    fn of_subject(suite: &'a Suite) -> Option<Self> {
        let (provider, config) = match suite.file.subject.get_ref() {
            SubjectConfig::Openai(config) => (Provider::OpenAi, config),
            SubjectConfig::Anthropic(config) => (Provider::Anthropic, config),
            SubjectConfig::Http(_) | SubjectConfig::Command(_) | SubjectConfig::Recorded(_) => {
                return None;
            }
        };
        Some(Self {
            provider,
            name: &config.model,
            family: config.family.as_ref(),
            keys: config.into(),
            temperature: config.temperature,
            max_tokens: config.max_tokens,
            parameters: &config.parameters,
            span: suite.file.subject.span(),
            sources: &suite.sources,
        })
    }

    fn restyler(self, suite: &Suite, options: &BuildOptions) -> Result<Restyler, Vec<ConfigError>> {
        let mut resolver = Resolver::new(self.sources, &suite.environment).offline(options.offline);
        let client = chat_client(self.provider, self.keys, &self.span, &mut resolver, options);
        let client = client.filter(|_| resolver.errors.is_empty()).ok_or(resolver.errors)?;
        let chat: Arc<dyn ChatModel> = match &options.cache {
            Some(cache) => Arc::new(CachedChat::new(client.chat, cache.clone(), &client.address)),
            None => client.chat,
        };
        let parameters = self.parameters.iter();
        let parameters = parameters.filter(|(name, _)| !NOT_PASSED_ON.contains(&name.as_str()));
        let request = ChatRequest {
            model: self.name.to_owned(),
            temperature: self.temperature,
            max_tokens: self.max_tokens.map(|most| most.get().max(LEAST_MAX_TOKENS)),
            parameters: parameters.map(|(name, value)| (name.clone(), value.clone())).collect(),
            ..ChatRequest::default()
        };
        Ok(Restyler::new(Arc::new(TapedChat::new(chat, options.tape.clone())), request))
    }
}

/// Builds the models that restyle answers for the audit of a judge: its own, and `judges.other_family`, else the subject's.
pub(super) fn restylers(
    suite: &Suite,
    own: (&Spanned<ModelConfig>, &Sources),
    options: &BuildOptions,
) -> Result<Restylers, ConfigErrors> {
    let own = Table::of_judge(own.0, own.1);
    let named = suite.file.judges.other_family.as_ref();
    let is_named = named.is_some();
    let other = named.map(|model| Table::of_judge(model, &suite.sources));
    let Some(other) = other.or_else(|| Table::of_subject(suite)) else {
        return Ok(nobody("the suite names no second model", NAME_ONE));
    };
    let names = format!("`{}` and `{}`", own.name, other.name);
    let families = [&own, &other].map(|it| known_families(it.name, it.family));
    match kinship(&families[1], &families[0]) {
        Kinship::Apart => {}
        Kinship::Same { family, .. } | Kinship::Newer { family } => {
            return Ok(nobody(&format!("{names} are both of the family {family}"), NAME_ONE));
        }
        Kinship::Unknown => {
            let unknown = if families[0].is_empty() { own.name } else { other.name };
            let help = format!("say that of `{unknown}` by `family`");
            return Ok(nobody(&format!("the families of {names} are not both known"), &help));
        }
    }
    let own = own.restyler(suite, options).map_err(ConfigErrors)?;
    match other.restyler(suite, options) {
        Ok(other) => Ok(Restylers::Both { own: Arc::new(own), other: Arc::new(other) }),
        Err(errors) if is_named => Err(ConfigErrors(errors)),
        // An audit of stored answers does not need the subject otherwise.
        Err(errors) => {
            let reason = errors.first().map(ToString::to_string).unwrap_or_default();
            Ok(nobody(&format!("the subject's model cannot be asked ({reason})"), NAME_ONE))
        }
    }
}

const NAME_ONE: &str = "name a model of another family by `[judges.other_family.openai]` or `[judges.other_family.anthropic]`";

fn nobody(reason: &str, help: &str) -> Restylers {
    Restylers::Nobody(format!("{reason}; {help}"))
}

//! The models that a recipe of `evalward dataset generate` names, in the tables of a suite's models.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use evalward_core::{ChatModel, ChatRequest};
use evalward_models::TapedChat;
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::build_chat::{Provider, chat_client};
use crate::build_subject::BuildOptions;
use crate::merge::explain;
use crate::resolve::Resolver;
use crate::source::Sources;
use crate::subject::ChatConfig;
use crate::{ConfigError, ConfigErrors, Lookup};

/// The text of a recipe, of which this crate knows the models only.
pub struct RecipeFile {
    text: String,
    sources: Sources,
}

/// A model that writes paraphrases.
#[derive(Clone, Debug)]
pub struct RecipeModel {
    /// The client, with the tape around it.
    pub chat: Arc<dyn ChatModel>,
    /// The model's name and the parameters of each request.
    pub request: ChatRequest,
}

impl fmt::Debug for RecipeFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("RecipeFile").finish_non_exhaustive()
    }
}

impl RecipeFile {
    /// Reads a file.
    ///
    /// # Errors
    /// [`ConfigErrors`] if it cannot be read as text.
    pub fn read(path: &Path) -> Result<Self, ConfigErrors> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            let message = format!("failed to read `{}`: {error}", path.display());
            ConfigError::new(message).help(
                "write `generate.toml` in the dataset's folder, or name a recipe with `--recipe`",
            )
        })?;
        let mut sources = Sources::default();
        let folder = path.parent().unwrap_or(Path::new(""));
        // The first source is parsed as it is, so its spans are those of the file.
        let text = sources.add(&path.display().to_string(), folder, text);
        Ok(Self { text, sources })
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Makes an error that points at a span of the text.
    pub fn error(&self, message: impl Into<String>, span: &Range<usize>) -> ConfigError {
        self.sources.error(message, span, "")
    }

    /// Builds the models of all paraphrases by their ids; nothing is called yet.
    ///
    /// # Errors
    /// [`ConfigErrors`] for unknown keys, environment variables that are not set, and settings that make no sense, each with its
    /// place.
    pub fn models(
        &self,
        environment: &Lookup,
        options: &BuildOptions,
    ) -> Result<BTreeMap<String, RecipeModel>, ConfigErrors> {
        let mut recipe =
            DeTable::parse(&self.text).map_err(|error| explain(&self.sources, &error))?;
        let mut models = BTreeMap::new();
        let mut errors = Vec::new();
        let paraphrases = recipe.get_mut().get_mut("paraphrases").map(Spanned::get_mut);
        let Some(DeValue::Table(rules)) = paraphrases else { return Ok(models) };
        for (id, rule) in rules.iter_mut() {
            let DeValue::Table(rule) = rule.get_mut() else { continue };
            for (key, kind) in [("openai", Provider::OpenAi), ("anthropic", Provider::Anthropic)] {
                let Some(table) = rule.remove(key) else { continue };
                match self.model(kind, table, environment, options) {
                    Ok(model) => drop(models.insert(id.get_ref().to_string(), model)),
                    Err(found) => errors.extend(found),
                }
            }
        }
        if errors.is_empty() { Ok(models) } else { Err(ConfigErrors(errors)) }
    }

    fn model(
        &self,
        kind: Provider,
        table: Spanned<DeValue<'_>>,
        environment: &Lookup,
        options: &BuildOptions,
    ) -> Result<RecipeModel, Vec<ConfigError>> {
        let span = table.span();
        let DeValue::Table(table) = table.into_inner() else {
            return Err(vec![self.error("this is no table of a model", &span)]);
        };
        let table = toml::Deserializer::from(Spanned::new(span.clone(), table));
        let config =
            ChatConfig::deserialize(table).map_err(|error| vec![explain(&self.sources, &error)])?;
        let useless = [("prompt", &config.prompt), ("system", &config.system)];
        let refused: Vec<ConfigError> = useless
            .into_iter()
            .filter_map(|(key, value)| {
                let message = format!("`{key}` has no effect here: the prompt is evalward's");
                let error = self.error(message, &value.as_ref()?.span());
                Some(error.help("say more in `instructions` of the paraphrases"))
            })
            .collect();
        if !refused.is_empty() {
            return Err(refused);
        }
        let request = ChatRequest {
            model: config.model.clone(),
            temperature: config.temperature,
            max_tokens: config.max_tokens.map(Into::into),
            parameters: config.parameters.clone().into_iter().collect(),
            ..ChatRequest::default()
        };
        let mut resolver = Resolver::new(&self.sources, environment).offline(options.offline);
        let chat = chat_client(kind, (&config).into(), &span, &mut resolver, options);
        let chat = chat.filter(|_| resolver.errors.is_empty()).ok_or(resolver.errors)?.chat;
        let chat = Arc::new(TapedChat::new(chat, options.tape.clone()));
        Ok(RecipeModel { chat, request })
    }
}

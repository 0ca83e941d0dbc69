//! From a judge's definition to a metric that asks its model.

use std::num::NonZeroU32;
use std::ops::Range;
use std::sync::Arc;

use evalward_core::{
    BoxFuture, CallError, CallErrorKind, ChatAnswer, ChatMessage, ChatModel, ChatRequest, Digest,
    Finite, Metric,
};
use evalward_judge::{
    AbsoluteJudge, HallucinationJudge, JudgeError, JudgeModelOptions, KeptJudgements, Material,
    PairMaterial, PairwiseJudge,
};
use evalward_models::Tape;
use toml::Spanned;

use super::{Judge, JudgeConfig, ModelConfig};
use crate::build_chat::chat_client;
use crate::build_subject::BuildOptions;
use crate::load::Lookup;
use crate::resolve::Resolver;
use crate::source::Sources;
use crate::{ConfigError, ConfigErrors};

/// A judge that can be asked.
#[derive(Debug)]
pub struct BuiltJudge {
    judge: Kind,
    /// The hash of all that can move a score.
    pub version: Digest,
}

#[derive(Debug)]
enum Kind {
    Absolute(Arc<AbsoluteJudge>),
    Hallucination(Arc<HallucinationJudge>),
    Pairwise(Arc<PairwiseJudge>),
}

/// What a suite says of a judge beside its file.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SuiteWishes<'a> {
    /// The model in place of the file's.
    pub(crate) model: Option<&'a Spanned<ModelConfig>>,
    /// How often each answer is judged.
    pub(crate) samples: Option<NonZeroU32>,
}

/// Where a model's table stands, and with which environment it is resolved.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    pub(crate) sources: &'a Sources,
    pub(crate) environment: &'a Lookup,
    /// Where the judge is wanted.
    pub(crate) span: &'a Range<usize>,
}

impl Judge {
    /// Builds the judge; without `clients` it can be looked at and not asked.
    pub(crate) fn build(
        &self,
        wishes: SuiteWishes<'_>,
        suite: Surroundings<'_>,
        clients: Option<&BuildOptions>,
    ) -> Result<BuiltJudge, Vec<ConfigError>> {
        let (model, sources) = match (wishes.model, &self.file.model) {
            (Some(model), _) => (model, suite.sources),
            (None, Some(model)) => (model, &self.sources),
            (None, None) => return Err(vec![self.without_model(suite)]),
        };
        let options = self.model(model, sources, suite.environment, clients)?;
        self.build_with(options, wishes.samples)
    }

    /// Builds the judge to be looked at: with its file's model, or with the word `model` in its place.
    ///
    /// # Errors
    /// [`ConfigErrors`] where criteria, demonstrations or templates cannot be used.
    pub fn preview(&self) -> Result<BuiltJudge, ConfigErrors> {
        let environment: Lookup = Arc::new(|_| None);
        let options = match &self.file.model {
            Some(model) => self.model(model, &self.sources, &environment, None),
            None => Ok(JudgeModelOptions {
                chat: Arc::new(Nobody),
                name: "model".to_owned(),
                temperature: Finite::new(ModelConfig::TEMPERATURE).ok(),
                max_tokens: None,
                parameters: serde_json::Map::new(),
                structured_output: self.file.structured_output,
                tape: Tape::live(),
                kept: None,
            }),
        };
        options.and_then(|options| self.build_with(options, None)).map_err(ConfigErrors)
    }

    fn build_with(
        &self,
        model: JudgeModelOptions,
        samples: Option<NonZeroU32>,
    ) -> Result<BuiltJudge, Vec<ConfigError>> {
        let refused = |error: JudgeError| {
            vec![self.sources.error(error.to_string(), &self.place_of(&error), "")]
        };
        match self.file.judge.get_ref() {
            JudgeConfig::Absolute(config) => {
                let mut options =
                    self.absolute(config, model).map_err(|ConfigErrors(errors)| errors)?;
                options.samples = samples.unwrap_or(options.samples);
                let judge = AbsoluteJudge::new(options).map_err(refused)?;
                let version = judge.version();
                Ok(BuiltJudge { judge: Kind::Absolute(Arc::new(judge)), version })
            }
            JudgeConfig::Hallucination(config) => {
                let mut options = self.hallucination(config, model);
                options.samples = samples.unwrap_or(options.samples);
                let judge = HallucinationJudge::new(options).map_err(refused)?;
                let version = judge.version();
                Ok(BuiltJudge { judge: Kind::Hallucination(Arc::new(judge)), version })
            }
            JudgeConfig::Pairwise(config) => {
                let judge = PairwiseJudge::new(self.pairwise(config, model)).map_err(refused)?;
                let version = judge.version();
                Ok(BuiltJudge { judge: Kind::Pairwise(Arc::new(judge)), version })
            }
        }
    }

    /// Returns where in the judge's file a mistake stands: its own key where that is known, else the whole table.
    fn place_of(&self, error: &JudgeError) -> Range<usize> {
        let judge = self.file.judge.get_ref();
        let found = match error {
            JudgeError::Demonstration { number, .. } => {
                let index = number.saturating_sub(1);
                match judge {
                    JudgeConfig::Absolute(it) => it.demonstrations.get(index).map(Spanned::span),
                    JudgeConfig::Hallucination(it) => {
                        it.demonstrations.get(index).map(Spanned::span)
                    }
                    JudgeConfig::Pairwise(it) => it.demonstrations.get(index).map(Spanned::span),
                }
            }
            JudgeError::NoSuchCriterion(_) => {
                self.sources.place_of(&["judge", judge.kind(), "overall"])
            }
            JudgeError::Samples { .. } => {
                self.sources.place_of(&["judge", judge.kind(), "samples"])
            }
            _ => None,
        };
        found.unwrap_or_else(|| self.file.judge.span())
    }

    fn without_model(&self, suite: Surroundings<'_>) -> ConfigError {
        let message = format!("judge `{}` has no model", self.name);
        let error = suite.sources.error(message, suite.span, "asked for here");
        error.help("add `[judges.model.openai]` with a `model` to the suite, or `[model.openai]` to the judge's file")
    }

    fn model(
        &self,
        model: &Spanned<ModelConfig>,
        sources: &Sources,
        environment: &Lookup,
        clients: Option<&BuildOptions>,
    ) -> Result<JudgeModelOptions, Vec<ConfigError>> {
        let (provider, config) = model.get_ref().parts();
        let mut resolver = Resolver::new(sources, environment);
        let (chat, tape, kept): (Option<Arc<dyn ChatModel>>, Tape, _) = match clients {
            None => (Some(Arc::new(Nobody)), Tape::live(), None),
            Some(options) => {
                resolver = resolver.offline(options.offline);
                let span = model.span();
                let client = chat_client(provider, config.into(), &span, &mut resolver, options);
                let kept = client.as_ref().zip(options.cache.clone());
                let kept = kept.map(|(client, cache)| KeptJudgements::new(cache, &client.address));
                (client.map(|client| client.chat), options.tape.clone(), kept)
            }
        };
        let Some(chat) = chat.filter(|_| resolver.errors.is_empty()) else {
            return Err(resolver.errors);
        };
        let default = Finite::new(ModelConfig::TEMPERATURE).expect("a literal is finite");
        Ok(JudgeModelOptions {
            chat,
            name: config.model.clone(),
            temperature: Some(config.temperature.as_ref().map_or(default, |it| *it.get_ref())),
            max_tokens: config.max_tokens.map(Into::into),
            parameters: config.parameters.clone().into_iter().collect(),
            structured_output: self.file.structured_output,
            tape,
            kept,
        })
    }
}

impl BuiltJudge {
    /// Returns the judge as a metric; `None` for one that compares two answers.
    pub fn metric(&self) -> Option<Arc<dyn Metric>> {
        match &self.judge {
            Kind::Absolute(judge) => {
                let judge: Arc<AbsoluteJudge> = Arc::clone(judge);
                Some(judge)
            }
            Kind::Hallucination(judge) => {
                let judge: Arc<HallucinationJudge> = Arc::clone(judge);
                Some(judge)
            }
            Kind::Pairwise(_) => None,
        }
    }

    /// Returns the judge as a metric with its criteria in the reverse order; `None` where it has no several criteria in one call.
    pub(crate) fn with_criteria_reversed(&self) -> Option<Arc<dyn Metric>> {
        match &self.judge {
            Kind::Absolute(judge) => {
                let judge: Arc<dyn Metric> = Arc::new(judge.reversed()?);
                Some(judge)
            }
            Kind::Hallucination(_) | Kind::Pairwise(_) => None,
        }
    }

    /// Returns the judge where it compares two answers.
    pub const fn pairwise(&self) -> Option<&Arc<PairwiseJudge>> {
        match &self.judge {
            Kind::Pairwise(judge) => Some(judge),
            Kind::Absolute(_) | Kind::Hallucination(_) => None,
        }
    }

    /// Returns the conversation that would ask for a judgement, with a code that anybody may know.
    ///
    /// # Errors
    /// [`JudgeError`] where a template cannot be rendered.
    pub fn render(&self, material: &Material) -> Result<Vec<ChatMessage>, JudgeError> {
        match &self.judge {
            Kind::Absolute(judge) => judge.render(material),
            Kind::Hallucination(judge) => judge.render(material),
            Kind::Pairwise(judge) => {
                let second = "(the other answer)".to_owned();
                judge.render(&PairMaterial { material: material.clone(), second })
            }
        }
    }
}

/// Stands in for a model where nobody asks.
#[derive(Debug)]
struct Nobody;

impl ChatModel for Nobody {
    fn complete<'a>(
        &'a self,
        _request: &'a ChatRequest,
    ) -> BoxFuture<'a, Result<ChatAnswer, CallError>> {
        let error = CallError::new(CallErrorKind::Failed, "the judge was built to be looked at");
        Box::pin(async move { Err(error) })
    }
}

//! What a judge of the absolute kind is made of.

use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Demonstration;
use crate::prompt::JudgeTemplate;
use crate::{Criterion, JudgeModelOptions, Shown};

/// Whether all criteria are asked for at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CriteriaCalls {
    /// One call for all criteria: cheaper.
    #[default]
    Together,
    /// One call for each criterion: the scores do not lean on each other.
    Separately,
}

/// How a score is taken from an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scoring {
    /// The mean of the scores, weighted by how likely the model was to say each, where the server tells; else the score that it said.
    #[default]
    Weighted,
    /// The score that the model said.
    Said,
}

/// How much the model writes before a score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reasoning {
    /// A few sentences, strengths and weaknesses.
    #[default]
    Full,
    /// One sentence.
    Short,
    /// Nothing.
    None,
}

/// What the score of several criteria is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Overall {
    /// Their mean.
    #[default]
    Mean,
    /// The lowest of them.
    Lowest,
    /// That of one criterion.
    Of(String),
}

/// What a judge of the absolute kind is made of.
#[derive(Clone, Debug)]
pub struct AbsoluteOptions {
    /// The judge's name.
    pub name: String,
    /// The model.
    pub model: JudgeModelOptions,
    /// What is scored; at least one criterion.
    pub criteria: Vec<Criterion>,
    /// Scored examples.
    pub demonstrations: Vec<Demonstration>,
    /// What the judge sees beside the answer.
    pub shown: Vec<Shown>,
    /// What the judge should know of the application.
    pub background: Option<String>,
    /// The template of the system message, in place of the built-in one.
    pub system: Option<JudgeTemplate>,
    /// The template of the user's message, in place of the built-in one.
    pub prompt: Option<JudgeTemplate>,
    /// How often each answer is judged.
    pub samples: NonZeroU32,
    /// Whether all criteria are asked for at once.
    pub calls: CriteriaCalls,
    /// How a score is taken from an answer.
    pub scoring: Scoring,
    /// How much the model writes before a score.
    pub reasoning: Reasoning,
    /// What the score of several criteria is.
    pub overall: Overall,
}

impl AbsoluteOptions {
    /// Makes a judge that sees the input, samples three times and takes the mean.
    pub fn new(
        name: impl Into<String>,
        model: JudgeModelOptions,
        criteria: Vec<Criterion>,
    ) -> Self {
        Self {
            name: name.into(),
            model,
            criteria,
            demonstrations: Vec::new(),
            shown: vec![Shown::Input],
            background: None,
            system: None,
            prompt: None,
            samples: NonZeroU32::new(3).expect("three is not zero"),
            calls: CriteriaCalls::default(),
            scoring: Scoring::default(),
            reasoning: Reasoning::default(),
            overall: Overall::default(),
        }
    }
}

//! The tables of a judge's file. The comments here are its reference manual: `evalward schema judge` prints them.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use evalward_judge::{
    ClaimLabel, ClaimPolicies, CriteriaCalls, Preference, Reasoning, Scoring, Shown,
    StructuredOutput,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::ModelConfig;

/// A judge: a model, and what it is asked.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "evalward judge")]
pub struct JudgeFile {
    /// Another judge's file that this one builds on; keys given here win.
    #[serde(default, skip_serializing)]
    pub extends: Option<String>,
    /// The name, in reports; by default the file's.
    #[serde(default)]
    pub name: Option<String>,
    /// What the judge is for, for people.
    #[serde(default)]
    pub description: String,
    /// The model, as one table that names its kind: `[model.openai]`. A suite may name another.
    #[serde(default)]
    #[schemars(with = "Option<ModelConfig>")]
    pub model: Option<Spanned<ModelConfig>>,
    /// How the server is told the form of an answer; `json_schema` by default.
    #[serde(default)]
    pub structured_output: StructuredOutput,
    /// What the judge should know of the application.
    #[serde(default)]
    pub background: Option<String>,
    /// A template of the system message in place of the built-in one: a file, relative to this one.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub system: Option<Spanned<String>>,
    /// A template of the user's message in place of the built-in one: a file, relative to this one.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub prompt: Option<Spanned<String>>,
    /// What is asked, as one table that names its kind: `[judge.absolute]`.
    #[schemars(with = "JudgeConfig")]
    pub judge: Spanned<JudgeConfig>,
}

/// What a judge is asked.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum JudgeConfig {
    /// Scores on a scale with a text for every score.
    Absolute(AbsoluteConfig),
    /// What the answer states and its context does not bear out.
    Hallucination(HallucinationConfig),
    /// Which of two answers is better, for `evalward judge compare`.
    Pairwise(PairwiseConfig),
}

impl JudgeConfig {
    /// Returns the name of the kind as files spell it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Absolute(_) => Self::ABSOLUTE,
            Self::Hallucination(_) => Self::HALLUCINATION,
            Self::Pairwise(_) => Self::PAIRWISE,
        }
    }

    /// Returns the kind of the metric that asks such a judge.
    pub const fn metric(&self) -> &'static str {
        match self {
            Self::Absolute(_) => "judge",
            Self::Hallucination(_) => "hallucination",
            Self::Pairwise(_) => "pairwise",
        }
    }

    pub(crate) const ABSOLUTE: &'static str = "absolute";
    pub(crate) const HALLUCINATION: &'static str = "hallucination";
    pub(crate) const PAIRWISE: &'static str = "pairwise";
}

/// Scores on a scale with a text for every score.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AbsoluteConfig {
    /// What is scored, by name.
    pub criteria: BTreeMap<String, CriterionConfig>,
    /// What the judge sees beside the answer; `["input"]` by default.
    #[serde(default)]
    pub shown: Option<Vec<Shown>>,
    /// How often each answer is judged; 3 by default.
    #[serde(default)]
    pub samples: Option<NonZeroU32>,
    /// Whether all criteria are asked for at once; `together` by default.
    #[serde(default)]
    pub calls: CriteriaCalls,
    /// How a score is taken from an answer; `weighted` by default.
    #[serde(default)]
    pub scoring: Scoring,
    /// How much the model writes before a score; `full` by default.
    #[serde(default)]
    pub reasoning: Reasoning,
    /// What the score of several criteria is: `mean`, `lowest`, or the name of one; `mean` by default.
    #[serde(default)]
    pub overall: Option<String>,
    /// Scored examples, which the judge is shown.
    #[serde(default)]
    #[schemars(with = "Vec<DemonstrationConfig>")]
    pub demonstrations: Vec<Spanned<DemonstrationConfig>>,
}

/// A criterion: a question about the answer, and what each score means.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CriterionConfig {
    /// What is asked.
    pub question: String,
    /// What each score means: a text for every whole number from the lowest to the highest.
    #[schemars(with = "BTreeMap<String, String>")]
    pub anchors: Spanned<BTreeMap<String, String>>,
    /// Whether the criterion is about safety; a suite must then have a rule beside it.
    #[serde(default)]
    pub safety: bool,
}

/// A scored example.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DemonstrationConfig {
    /// What the user asked.
    #[serde(default)]
    pub input: Option<String>,
    /// The documents.
    #[serde(default)]
    pub context: Option<String>,
    /// The right answer.
    #[serde(default)]
    pub reference: Option<String>,
    /// The answer.
    pub answer: String,
    /// The verdict of each criterion.
    pub verdicts: BTreeMap<String, VerdictConfig>,
}

/// A score that an answer deserves, and why.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VerdictConfig {
    /// The score.
    pub score: i32,
    /// Why.
    #[serde(default)]
    pub reasoning: String,
    /// What speaks for the answer.
    #[serde(default)]
    pub strengths: Vec<String>,
    /// What speaks against it.
    #[serde(default)]
    pub weaknesses: Vec<String>,
}

/// What the answer states and its context does not bear out.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HallucinationConfig {
    /// How often each answer is judged; 1 by default.
    pub samples: Option<NonZeroU32>,
    /// What becomes of claims by their labels.
    pub policies: ClaimPolicies,
    /// Answers with their claims, which the judge is shown.
    #[schemars(with = "Vec<ClaimDemonstrationConfig>")]
    pub demonstrations: Vec<Spanned<ClaimDemonstrationConfig>>,
}

/// An answer with its claims.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimDemonstrationConfig {
    /// What the user asked.
    pub input: String,
    /// The documents.
    pub context: String,
    /// The answer.
    pub answer: String,
    /// Its claims, in order.
    pub claims: Vec<ClaimConfig>,
}

/// A claim with the label that it deserves.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimConfig {
    /// The words of the answer.
    pub claim: String,
    /// The words of the context that bear it out or contradict it.
    #[serde(default)]
    pub evidence: Option<String>,
    /// The label.
    pub label: ClaimLabel,
}

/// Which of two answers is better; each pair is asked for in both orders.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PairwiseConfig {
    /// By what the answers are compared: a question for each criterion, by its name.
    pub criteria: BTreeMap<String, String>,
    /// What the judge sees beside the answers; `["input"]` by default.
    #[serde(default)]
    pub shown: Option<Vec<Shown>>,
    /// How much the model writes before a preference; `full` by default.
    #[serde(default)]
    pub reasoning: Reasoning,
    /// Pairs with their preferences, which the judge is shown.
    #[serde(default)]
    #[schemars(with = "Vec<PairDemonstrationConfig>")]
    pub demonstrations: Vec<Spanned<PairDemonstrationConfig>>,
}

/// Two answers with the preference that they deserve.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PairDemonstrationConfig {
    /// What the user asked.
    #[serde(default)]
    pub input: Option<String>,
    /// The documents.
    #[serde(default)]
    pub context: Option<String>,
    /// The right answer.
    #[serde(default)]
    pub reference: Option<String>,
    /// The first answer.
    pub first: String,
    /// The second answer.
    pub second: String,
    /// Which one is better: `first`, `second` or `tie`.
    pub preferred: Preference,
    /// Why.
    #[serde(default)]
    pub reasoning: String,
}

//! What a sheet asks, and of which answers.

use std::collections::BTreeMap;

use evalward_core::{Digest, ExampleId, Finite, RunId, Seed};
use evalward_gate::labelling::{Stratum, StratumShare};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a sheet asks, and of which answers: the file that raters do not need.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    /// The version of this format.
    pub format: u32,
    /// The run whose answers they are.
    pub run_id: RunId,
    /// The suite of the run, with its variant.
    pub suite: String,
    /// The metric whose question people answer.
    pub metric: String,
    /// The hash of the metric's settings, its judge's included.
    pub metric_version: Digest,
    /// The judge, where the metric asks one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<SheetJudge>,
    /// The number that the drawing follows from.
    pub seed: u64,
    /// The raters.
    pub raters: Vec<String>,
    /// What is asked of each answer.
    pub questions: Vec<Question>,
    /// What the label of an answer is where several questions are asked.
    pub combination: Combination,
    /// What a rater may say of a claim; empty where claims are not asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claim_labels: Vec<ClaimChoice>,
    /// How many answers of each kind there were and are on the sheet.
    pub strata: BTreeMap<Stratum, StratumShare>,
    /// The answers, in the order of the run.
    pub answers: Vec<SheetAnswer>,
}

/// A judge whose scores are compared with labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetJudge {
    /// Its name.
    pub name: String,
    /// The first digits of its version, as the scores of the run have it.
    pub version: String,
}

/// A question that is asked of each answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its name.
    pub id: String,
    /// The question.
    pub text: String,
    /// The scores with what each means, the lowest first; empty where the answer is yes or no.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scale: Vec<ScaleStep>,
}

/// A score and what it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScaleStep {
    /// The score.
    pub score: i32,
    /// What it means.
    pub text: String,
}

/// What the label of an answer is where several questions are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Combination {
    /// The mean of the ratings.
    Mean,
    /// The lowest of them.
    Lowest,
}

/// What a rater may say of a claim.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimChoice {
    /// The label.
    pub label: String,
    /// What it means.
    pub meaning: String,
}

/// An answer of the sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SheetAnswer {
    /// The name by which raters know it, which tells nothing.
    pub code: String,
    /// The example.
    pub id: ExampleId,
    /// The number of the attempt, from 1.
    pub trial: u32,
    /// Which kind of case it is.
    pub stratum: Stratum,
    /// The probability with which it was drawn.
    pub probability: Finite,
    /// The answer's text.
    pub output: String,
}

/// What raters see of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SheetText {
    /// The name by which raters know it.
    pub code: String,
    /// What the user asked.
    pub input: String,
    /// The documents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// A right answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The answer.
    pub output: String,
}

impl Sheet {
    /// The version of the format that this code writes.
    pub const FORMAT: u32 = 1;

    /// Returns the name by which raters' files know the sheet: they tell neither the run nor the metric.
    pub fn name(&self) -> String {
        let content = serde_json::to_value(self).unwrap_or_default();
        Digest::of_json(&content).short()
    }

    /// Returns the name by which raters know an answer.
    pub fn code(seed: u64, run_id: &RunId, id: &ExampleId, trial: u32) -> String {
        let names = [run_id.as_str(), id.as_str()].map(|name| Digest::of(name.as_bytes()));
        let seed = Digest::of(&Seed::from_number(seed).bytes());
        let trial = Digest::of(&trial.to_le_bytes());
        let code = Digest::chain([seed, names[0], names[1], trial]).short();
        format!("a-{code}")
    }

    /// Returns the places of the answers in the order in which a rater sees them: another one for each.
    pub fn order_for(&self, rater: &str) -> Vec<usize> {
        let seed = Digest::of(&Seed::from_number(self.seed).derive(rater).bytes());
        let mut order: Vec<(Digest, usize)> = self
            .answers
            .iter()
            .enumerate()
            .map(|(index, answer)| {
                (Digest::chain([seed, Digest::of(answer.code.as_bytes())]), index)
            })
            .collect();
        order.sort_unstable();
        order.into_iter().map(|(_, index)| index).collect()
    }

    /// Returns the heading of a question's column in a table.
    pub(super) fn column(&self, question: &Question) -> String {
        match self.questions.as_slice() {
            [_] => "rating".to_owned(),
            _ => format!("rating: {}", question.id),
        }
    }
}

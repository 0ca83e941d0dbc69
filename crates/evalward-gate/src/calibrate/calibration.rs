//! What a calibration says, as it is stored.

use evalward_core::{Digest, Finite, Rate, RunId, ScoreCell, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::judge::JudgeFigures;
use crate::Estimate;

/// A label of an answer with the answer's score.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelledAnswer {
    /// What the person said: a rating, or 1 for good and 0 for not.
    pub label: Finite,
    /// Whether that means good.
    pub is_good: bool,
    /// What the answer shares with those it is not independent of: its example, its input or its cluster.
    pub group: String,
    /// The score, or that there is none.
    pub score: ScoreCell,
    /// The probability with which it was drawn to be labelled; absent where nobody knows.
    pub probability: Option<Rate>,
}

/// A threshold for a metric with what it rests on: the file that `evalward metric calibrate --write` writes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// The version of this format.
    pub format: u32,
    /// The suite.
    pub suite: String,
    /// The metric's id in the suite.
    pub metric: String,
    /// The kind of metric.
    pub kind: String,
    /// The hash of the metric's settings; a threshold of another version means something else.
    pub metric_version: Digest,
    /// The hash of the file of labels.
    pub labels: Digest,
    /// The run whose scores were used; absent where the metric was computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<RunId>,
    /// From which rating on an answer is good; absent where the labels say yes or no.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub positive_from: Option<Finite>,
    /// When it was made.
    pub created_at: Timestamp,
    /// What was found.
    pub figures: CalibrationFigures,
    /// What the judge is worth, for a metric that asks one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<JudgeFigures>,
}

impl Calibration {
    /// The version of the format that this code writes.
    pub const FORMAT: u32 = 2;

    /// The oldest version of the format that this code reads; it knows no judges.
    pub const OLDEST_FORMAT: u32 = 1;
}

/// How a threshold is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CalibrationRule {
    /// The largest F1; of equal ones the strictest threshold.
    BestF1,
    /// The most lenient threshold at which the lower end of the precision's interval is at least this.
    Precision(Rate),
}

/// What the labels say of the scores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalibrationFigures {
    /// How many labels there are, and of how many the score is known.
    pub counts: LabelCounts,
    /// Whether smaller scores are better; thresholds are then upper ends.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lower_is_better: bool,
    /// Whether shares weigh each label by one over the probability with which its answer was drawn; ranks and the AUC never do.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub weighted: bool,
    /// How the threshold was chosen.
    pub rule: CalibrationRule,
    /// The number that the folds follow from.
    pub seed: u64,
    /// Spearman's rank correlation of labels and scores; positive where better scores have better labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spearman: Option<Estimate>,
    /// The probability that a good answer scores better than one that is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auc: Option<Estimate>,
    /// The threshold; absent where the labels do not carry one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Finite>,
    /// Why there is no threshold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What it would take to have one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// What the threshold comes to on the labels that it was chosen on, which is too good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommended: Option<ThresholdFigures>,
    /// How the rule does on answers that it did not see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cross_validated: Option<CrossValidation>,
    /// What the suite's own thresholds come to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suite_thresholds: Vec<ThresholdFigures>,
    /// What thresholds come to, the strictest first.
    pub table: Vec<ThresholdFigures>,
}

/// Labels by what is known of them; what several raters say of one answer is one label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelCounts {
    /// All labels.
    pub labels: u64,
    /// Labels of an answer with a score.
    pub scored: u64,
    /// Labels of an answer to which the metric does not apply.
    pub skipped: u64,
    /// Labels of an answer whose score could not be had.
    pub errored: u64,
    /// Scored labels that say good.
    pub good: u64,
    /// Scored labels that do not.
    pub not_good: u64,
    /// The number of groups of scored labels that are independent of each other.
    pub groups: u64,
}

/// What a threshold comes to; a rate is absent where nothing is there to take it over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ThresholdFigures {
    /// The threshold; absent where several were used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Finite>,
    /// Good answers that pass.
    pub good_passing: u64,
    /// Answers that are not good and pass.
    pub bad_passing: u64,
    /// Good answers that do not pass.
    pub good_failing: u64,
    /// Answers that are not good and do not pass.
    pub bad_failing: u64,
    /// The share of answers that pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passing: Option<Estimate>,
    /// The share of good answers among those that pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Estimate>,
    /// The share of good answers that pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recall: Option<Estimate>,
    /// The harmonic mean of precision and recall.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub f1: Option<Estimate>,
}

/// How a rule does on answers that it did not see: each fold is judged by the threshold that the others choose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CrossValidation {
    /// The number of folds; none parts a group.
    pub folds: u64,
    /// Folds for which the others chose no threshold, so that nothing passed.
    pub without_threshold: u64,
    /// The strictest threshold that was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strictest: Option<Finite>,
    /// The most lenient threshold that was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub most_lenient: Option<Finite>,
    /// What became of all folds together.
    pub figures: ThresholdFigures,
}

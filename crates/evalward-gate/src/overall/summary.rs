//! The figures over a whole partition, as a summary holds them.

use evalward_core::Finite;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Estimate;

/// What a metric comes to over a whole partition, where that is no mean of its scores.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Overall {
    /// The confusion matrix of labels and its figures.
    Classification(Box<ClassificationSummary>),
    /// BLEU of the corpus: from the sums of all counts.
    CorpusBleu(CorpusScore),
    /// chrF of the corpus: from the sums of all counts.
    CorpusChrf(CorpusScore),
    /// Why there is no figure.
    Unstated(String),
}

/// Labels over a partition; definitions and names are those of scikit-learn, where a division by zero gives 0.
///
/// The labels are those that occur, as the right one or as the one given. An output without a label is wrong and belongs to no
/// label's predictions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassificationSummary {
    /// The number of scores; each planned trial of an example is one.
    pub n: u64,
    /// Scores of outputs that are no label.
    pub without_label: u64,
    /// The share of right labels.
    pub accuracy: Estimate,
    /// The mean of the recall of each label that is right somewhere.
    pub balanced_accuracy: Figure,
    /// Means over the labels, each weighing the same.
    #[serde(rename = "macro")]
    pub by_label: Averages,
    /// From the sums over all labels, each score weighing the same.
    #[serde(rename = "micro")]
    pub by_score: Averages,
    /// Means over the labels, each weighing as often as it is right.
    #[serde(rename = "weighted")]
    pub by_support: Averages,
    /// Cohen's kappa; absent where chance alone decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kappa: Option<Figure>,
    /// Matthews' correlation coefficient, in the form for many labels.
    pub mcc: Figure,
    /// Each label, sorted.
    pub labels: Vec<LabelSummary>,
    /// The cells of the confusion matrix that are not 0, sorted.
    pub confusion: Vec<ConfusionCell>,
    /// How the intervals were made, but for that of the accuracy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resampling: Option<Resampling>,
}

/// Precision, recall and F1 of several labels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Averages {
    /// The share of given labels that are right.
    pub precision: Figure,
    /// The share of right labels that were given.
    pub recall: Figure,
    /// The harmonic mean of both.
    pub f1: Figure,
}

/// A number with its interval; absent where resampling shows no spread, which is no proof that there is none.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// The observed value.
    pub value: Finite,
    /// The lower end of the interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<Finite>,
    /// The upper end of the interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<Finite>,
}

/// One label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelSummary {
    /// The label.
    pub label: String,
    /// How often it is right.
    pub support: u64,
    /// How often it was given.
    pub predicted: u64,
    /// The share of the times it was given where it is right.
    pub precision: Finite,
    /// The share of the times it is right where it was given.
    pub recall: Finite,
    /// The harmonic mean of both.
    pub f1: Finite,
}

/// How often one label was given where another is right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfusionCell {
    /// The right label.
    pub expected: String,
    /// The label that was given; absent for outputs that are no label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicted: Option<String>,
    /// How often.
    pub count: u64,
}

/// How intervals were made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resampling {
    /// `multinomial-bootstrap` or `poisson-bootstrap`.
    pub method: String,
    /// The confidence level.
    pub level: Finite,
    /// The number of resamples.
    pub draws: u32,
    /// The number that the generator starts from.
    pub seed: u64,
    /// The number of scores in each resample, where repeats and clusters make scores worth fewer than their number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_n: Option<u64>,
}

/// A score of a corpus.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorpusScore {
    /// The number of outputs; each planned trial of an example is one.
    pub n: u64,
    /// The score, from 0 to 100.
    pub score: Figure,
    /// How the interval was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resampling: Option<Resampling>,
}

//! What a judge's calibration holds beside its threshold.

use evalward_core::{CalibrationVerdict, ClaimLabel, Finite};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Estimate, Resampling};

/// What a judge's scores are worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeFigures {
    /// What it comes to.
    pub verdict: CalibrationVerdict,
    /// Why, in one sentence.
    pub message: String,
    /// How far the raters agree with each other.
    pub reliability: Reliability,
    /// How far the judge agrees with people; absent where nothing can be calibrated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement>,
    /// How far one rater agrees with the others: what a judge could reach at best.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ceiling: Option<Agreement>,
    /// What costs nothing, on the same answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub baselines: Vec<BaselineFigures>,
    /// Claim by claim, where people labelled claims and the judge names them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claims: Option<ClaimFigures>,
    /// How often the judge gave nothing usable, or did not know its own mind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<AskedFigures>,
    /// How the intervals of kappa, alpha, tau and differences were made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resampling: Option<Resampling>,
}

/// How far the raters of answers agree with each other.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reliability {
    /// Labels of answers by all raters.
    pub labels: u64,
    /// Answers with a label.
    pub answers: u64,
    /// Answers with labels of two raters or more.
    pub rated_twice: u64,
    /// Krippendorff's alpha over the raters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alpha: Option<Estimate>,
    /// What the distance of two labels means.
    pub scale: LabelScale,
    /// The least alpha of labels that may calibrate.
    pub min_alpha: Finite,
    /// What it comes to.
    pub status: ReliabilityStatus,
}

/// What the distance of two labels means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LabelScale {
    /// Yes and no: the same or not.
    Nominal,
    /// Ratings: the distance counts the ratings between.
    Ordinal,
}

/// Whether labels can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReliabilityStatus {
    /// The raters agree as far as is asked.
    Reliable,
    /// They do not, so that the labels calibrate nothing.
    Unreliable,
    /// Too few answers have several raters.
    Unknown,
}

/// What two sources of labels are compared as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComparedAs {
    /// Ratings on one scale, rounded to the nearest whole one.
    Ratings,
    /// Good or not.
    YesOrNo,
    /// They have no scale in common, so that ranks alone are compared.
    Ranks,
}

/// How far scores agree with what people say; a figure that is undefined is absent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// The number of pairs.
    pub n: u64,
    /// What accuracy, kappa, alpha and bias compare.
    pub compared_as: ComparedAs,
    /// The score from which on the judge says yes, where good or not is compared and it does not say so itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub yes_from: Option<Finite>,
    /// The share that says the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<Estimate>,
    /// Cohen's kappa, weighted by the squares of the distances.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kappa: Option<Estimate>,
    /// Krippendorff's alpha of the two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alpha: Option<Estimate>,
    /// Spearman's rank correlation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spearman: Option<Estimate>,
    /// Kendall's tau-b.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kendall_tau_b: Option<Estimate>,
    /// The probability that a good answer scores better than one that is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auc: Option<Estimate>,
    /// The mean of score less label; of good or not, the difference of the shares that are good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bias: Option<Estimate>,
}

/// A score that costs nothing, beside the judge's on the same answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BaselineFigures {
    /// `support` or `length`.
    pub name: String,
    /// Whether smaller values go with better labels, which the labels themselves tell.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub smaller_is_better: bool,
    /// Answers that both score.
    pub n: u64,
    /// Its rank correlation with the labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spearman: Option<Estimate>,
    /// Its probability of scoring a good answer better than one that is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auc: Option<Estimate>,
    /// The judge's correlation less this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge_less_spearman: Option<Estimate>,
    /// The judge's AUC less this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge_less_auc: Option<Estimate>,
}

/// Claims of people and judge side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimFigures {
    /// Answers whose claims people labelled and the judge named.
    pub answers: u64,
    /// Claims that both have.
    pub matched: u64,
    /// Claims of people alone.
    pub only_people: u64,
    /// Claims of the judge alone.
    pub only_judge: u64,
    /// Claims of people that are no words of the answer, and so can match nothing.
    pub unplaced_by_people: u64,
    /// Claims of the judge that are no words of the answer.
    pub unplaced_by_judge: u64,
    /// How often each pair of labels occurs.
    pub confusion: Vec<ClaimCell>,
    /// The share of matched claims with the same label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_label: Option<Estimate>,
    /// Of the claims that the judge does not find borne out, the share that people do not either; one that people do not have counts
    /// as wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Estimate>,
    /// Of the claims that people do not find borne out, the share that the judge does not either; one that the judge does not name
    /// counts as missed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recall: Option<Estimate>,
}

/// How often people give a claim one label and the judge another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClaimCell {
    /// The label of people; absent where they do not have the claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<ClaimLabel>,
    /// The label of the judge; absent where it does not name the claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<ClaimLabel>,
    /// How often.
    pub count: u64,
}

/// Shares of answers; those to which the judge does not apply are left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskedFigures {
    /// Of which the judge gave nothing usable, even when asked again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errored: Option<Estimate>,
    /// Of which it had to be asked again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_again: Option<Estimate>,
    /// Of which its samples lie more than 1.5 points apart; absent with one sample.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unstable: Option<Estimate>,
}

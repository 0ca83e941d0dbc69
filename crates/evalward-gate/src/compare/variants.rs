//! The comparison of the variants of a suite, in pairs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::decide::{advice, decision, judge};
use super::family::correct;
use super::{CompareError, ComparePolicy, ComparedScores, RunComparison, compare_runs};

/// The largest number of runs of which every two are compared; of more, each is compared with the first.
pub const ALL_PAIRS: usize = 4;

/// Two runs of one suite and what their comparison comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VariantPair {
    /// The run that is compared with: `base` for the suite itself, else a variant.
    pub baseline: String,
    /// The variant that is judged.
    pub candidate: String,
    /// The comparison, its p-values corrected over all pairs; absent where the two cannot be compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<RunComparison>,
    /// Why the two cannot be compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

impl VariantPair {
    /// Returns `base → shorter`.
    pub fn name(&self) -> String {
        format!("{} → {}", self.baseline, self.candidate)
    }
}

/// Compares the runs of a suite's variants in pairs, the suite itself first: each with the first, and every two where there are
/// at most [`ALL_PAIRS`].
///
/// All pairs and metrics are one family: Holm's correction goes over all of them, so that a suite with many variants has no
/// more false regressions than one with a single one. Two runs that cannot be compared say why and hinder no other pair.
pub fn compare_variants(
    runs: &[(String, ComparedScores)],
    policy: &ComparePolicy,
) -> Vec<VariantPair> {
    let mut pairs = Vec::new();
    for (first, (baseline, before)) in runs.iter().enumerate() {
        if first > 0 && runs.len() > ALL_PAIRS {
            break;
        }
        for (candidate, after) in &runs[first + 1..] {
            let (comparison, refused) = match compare_runs(before, after, policy) {
                Ok(comparison) => (Some(comparison), None),
                Err(error) => (None, Some(refusal(&error))),
            };
            let (baseline, candidate) = (baseline.clone(), candidate.clone());
            pairs.push(VariantPair { baseline, candidate, comparison, refused });
        }
    }
    correct_together(&mut pairs, policy);
    pairs
}

fn refusal(error: &CompareError) -> String {
    match error.hint() {
        Some(hint) => format!("{error}: {hint}"),
        None => error.to_string(),
    }
}

/// Corrects the p-values over the metrics of all pairs, and decides anew what follows from them.
fn correct_together(pairs: &mut [VariantPair], policy: &ComparePolicy) {
    let mut all = Vec::new();
    let mut lengths = Vec::new();
    for pair in pairs.iter_mut().filter_map(|pair| pair.comparison.as_mut()) {
        lengths.push(pair.metrics.len());
        all.append(&mut pair.metrics);
    }
    correct(&mut all, policy.alpha);
    judge(&mut all, policy);
    let mut rest = all.into_iter();
    for (pair, length) in pairs.iter_mut().filter_map(|pair| pair.comparison.as_mut()).zip(lengths)
    {
        pair.metrics = rest.by_ref().take(length).collect();
        pair.decision = decision(&pair.metrics);
        pair.exit_code = pair.decision.exit_code();
        pair.advice = advice(pair.decision, &pair.metrics);
    }
}

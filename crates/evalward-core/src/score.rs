//! What a metric measures.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Contribution, Finite};

/// A metric's value on one response, with what explains it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Score {
    /// The value.
    pub value: Finite,
    /// What the value lies on.
    pub scale: Scale,
    /// Whether the value is good enough; absent where the metric only reports.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed: Option<bool>,
    /// The threshold that decided, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Finite>,
    /// What broke, one sentence each; what people read as the reason of a failure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<String>,
    /// What explains the value: which rule, which tokens, which claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Value>,
    /// What the response adds to a figure over the whole partition, where the metric has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contribution: Option<Contribution>,
}

/// The range of a score and which end is better.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scale {
    /// The smallest value possible, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Finite>,
    /// The largest value possible, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Finite>,
    /// Whether smaller values are better.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lower_is_better: bool,
}

impl Scale {
    /// From 0 to 1, larger is better.
    pub const FRACTION: Self =
        Self { min: Some(Finite::ZERO), max: Some(Finite::ONE), lower_is_better: false };

    /// From 0 to 100, larger is better.
    pub const PERCENT: Self =
        Self { min: Some(Finite::ZERO), max: Some(Finite::HUNDRED), lower_is_better: false };

    /// From 0 upwards, smaller is better.
    pub const AMOUNT: Self = Self { min: Some(Finite::ZERO), max: None, lower_is_better: true };

    /// Returns whether `value` is at least as good as `threshold`.
    pub fn clears(self, value: Finite, threshold: Finite) -> bool {
        if self.lower_is_better { value <= threshold } else { value >= threshold }
    }

    /// Returns whether some value of the scale could miss the threshold.
    pub fn can_miss(self, threshold: Finite) -> bool {
        let worst = if self.lower_is_better { self.max } else { self.min };
        worst.is_none_or(|worst| !self.clears(worst, threshold))
    }

    /// Returns whether some value of the scale could clear the threshold.
    pub fn can_clear(self, threshold: Finite) -> bool {
        let best = if self.lower_is_better { self.min } else { self.max };
        best.is_none_or(|best| self.clears(best, threshold))
    }
}

impl Score {
    /// Makes a score from 0 to 1 that only reports.
    pub const fn fraction(value: Finite) -> Self {
        Self {
            value,
            scale: Scale::FRACTION,
            passed: None,
            threshold: None,
            problems: Vec::new(),
            detail: None,
            contribution: None,
        }
    }

    /// Makes a score of 1 that passed or of 0 that did not.
    pub fn yes_or_no(passed: bool) -> Self {
        Self { passed: Some(passed), ..Self::fraction(passed.into()) }
    }

    /// Adds what explains the value.
    #[must_use]
    pub fn with_detail(mut self, detail: Value) -> Self {
        self.detail = Some(detail);
        self
    }

    /// Adds what the response contributes to a figure over the whole partition.
    #[must_use]
    pub fn with_contribution(mut self, contribution: Contribution) -> Self {
        self.contribution = Some(contribution);
        self
    }

    /// Adds a sentence about what broke.
    #[must_use]
    pub fn with_problem(mut self, problem: impl fmt::Display) -> Self {
        self.problems.push(problem.to_string());
        self
    }

    /// Lets a threshold decide whether the score passed; without one the score keeps its own word.
    #[must_use]
    pub fn judged_by_threshold(mut self, threshold: Option<Finite>) -> Self {
        if let Some(threshold) = threshold {
            self.threshold = Some(threshold);
            self.passed = Some(self.scale.clears(self.value, threshold));
        }
        self
    }
}

/// The result of a metric on one response; a score that could not be had is a value of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Measurement {
    /// A score.
    Score(Score),
    /// The metric does not apply to this example, for this reason.
    Skipped(String),
    /// The metric could not be computed, for this reason; the example is errored, never passed.
    Errored(String),
}

impl Measurement {
    /// Returns whether the score passed; `None` where it only reports or there is no score.
    pub fn passed(&self) -> Option<bool> {
        self.score().and_then(|score| score.passed)
    }

    /// Returns the score, where there is one.
    pub const fn score(&self) -> Option<&Score> {
        match self {
            Self::Score(score) => Some(score),
            Self::Skipped(_) | Self::Errored(_) => None,
        }
    }
}

impl From<Score> for Measurement {
    fn from(score: Score) -> Self {
        Self::Score(score)
    }
}

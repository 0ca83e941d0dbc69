//! What is declared before a comparison is looked at.

use serde::Serialize;

/// What is declared before a comparison is looked at; checked by the comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Design {
    /// The one-sided error probability, such as 0.05; intervals have the level `1 - 2 alpha`.
    pub alpha: f64,
    /// The largest loss that does not matter, in score units; positive.
    pub margin: f64,
    /// The values that a score can take.
    pub range: ScoreRange,
    /// Which end of the range is better.
    pub direction: Direction,
    /// The power that [`Comparison::n_required`](super::Comparison::n_required) is computed for, such as 0.8.
    pub target_power: f64,
}

/// The values that a score can take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ScoreRange {
    /// 0 or 1.
    Binary,
    /// Grades between two ends, such as 1 to 5.
    Ordinal {
        /// The smallest grade.
        low: f64,
        /// The largest grade.
        high: f64,
    },
    /// Any number between two ends.
    Bounded {
        /// The smallest value.
        low: f64,
        /// The largest value.
        high: f64,
    },
    /// Any number.
    Real,
}

/// Which end of a range is better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Larger scores are better.
    #[default]
    HigherIsBetter,
    /// Smaller scores are better.
    LowerIsBetter,
}

//! What is declared before a comparison is looked at.

use serde::Serialize;

use super::planned::{Question, check_errors};
use crate::{Level, StatsError};

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

impl Design {
    /// Checks what is declared.
    pub(super) fn check(&self) -> Result<(), StatsError> {
        let refuse =
            |argument, value, expected| Err(StatsError::OutOfDomain { argument, value, expected });
        check_errors(self.alpha, self.target_power)?;
        if !(self.margin > 0.0 && self.margin.is_finite()) {
            return refuse("margin", self.margin, "a finite number above 0");
        }
        if let Some((low, high)) = self.range.ends()
            && !(low < high && (high - low).is_finite())
        {
            return refuse("range", high - low, "from a smaller to a larger finite number");
        }
        Ok(())
    }

    /// Checks the scores of one side.
    pub(super) fn check_scores(
        &self,
        argument: &'static str,
        scores: &[f64],
    ) -> Result<(), StatsError> {
        if let Some(index) = scores.iter().position(|score| !score.is_finite()) {
            return Err(StatsError::NotFinite { argument, index });
        }
        let Some((low, high)) = self.range.ends() else { return Ok(()) };
        match scores.iter().find(|score| **score < low || **score > high) {
            Some(&value) => Err(StatsError::OutOfDomain {
                argument,
                value,
                expected: "within the declared range",
            }),
            None => Ok(()),
        }
    }

    /// Returns the level of the two-sided interval whose ends err with `alpha` each.
    pub(super) fn level(&self) -> Result<Level, StatsError> {
        Level::new(1.0 - 2.0 * self.alpha)
    }

    /// Returns what the power and the needed number of examples are about.
    pub(super) fn question(&self) -> Question {
        Question { margin: self.margin, alpha: self.alpha, target_power: self.target_power }
    }

    /// Returns 1 where larger scores are better, else -1.
    pub(super) fn sign(&self) -> f64 {
        match self.direction {
            Direction::HigherIsBetter => 1.0,
            Direction::LowerIsBetter => -1.0,
        }
    }
}

impl ScoreRange {
    /// Returns the smallest and the largest value, where there are such.
    pub fn ends(&self) -> Option<(f64, f64)> {
        match *self {
            Self::Binary => Some((0.0, 1.0)),
            Self::Ordinal { low, high } | Self::Bounded { low, high } => Some((low, high)),
            Self::Real => None,
        }
    }
}

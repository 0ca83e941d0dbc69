//! Confusion matrices that might have been.

use evalward_core::Finite;
use evalward_stats::quantile;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

use super::figures::{Figures, Matrix};
use super::summary::{Figure, Resampling};
use crate::numbers::{count, finite};

/// The number that the generators of this module's resamples start from.
pub(super) const SEED: u64 = 1;
/// The confidence level of the intervals.
pub(super) const LEVEL: f64 = 0.95;

/// Resamples of a small matrix, and how many scores all resamples of a large one have at most.
const DRAWS: u64 = 1000;
const FEWEST_DRAWS: u64 = 200;
const MOST_SCORES: u64 = 20_000_000;

/// The figures of resamples.
#[derive(Debug)]
pub(super) struct Resamples {
    figures: Vec<Figures>,
    pub(super) how: Option<Resampling>,
}

impl Resamples {
    /// Makes no resample, so that no figure has an interval.
    pub(super) const fn none() -> Self {
        Self { figures: Vec::new(), how: None }
    }

    /// Draws as many scores as they are worth, with replacement, again and again.
    ///
    /// Efron and Tibshirani (1993), "An Introduction to the Bootstrap", section 13.3 (percentile intervals).
    pub(super) fn draw(matrix: &Matrix, n: u64, effective_n: u64) -> Self {
        if effective_n < 2 {
            return Self::none();
        }
        // The place of each score's cell, so that one draw is one look-up.
        let mut cells = Vec::new();
        for (index, (_, _, count)) in matrix.cells.iter().enumerate() {
            cells.extend((0..*count).map(|_| index));
        }
        let draws = (MOST_SCORES / effective_n).clamp(FEWEST_DRAWS, DRAWS);
        let mut generator = Xoshiro256PlusPlus::seed_from_u64(SEED);
        let mut counts = vec![0; matrix.cells.len()];
        let mut figures = Vec::new();
        for _ in 0..draws {
            counts.fill(0);
            for _ in 0..effective_n {
                counts[cells[generator.random_range(0..cells.len())]] += 1;
            }
            figures.push(matrix.margins(&counts).figures());
        }
        let how = Resampling {
            method: "multinomial-bootstrap".to_owned(),
            level: finite(LEVEL).unwrap_or_default(),
            draws: u32::try_from(draws).unwrap_or(u32::MAX),
            seed: SEED,
            effective_n: (effective_n < n).then_some(effective_n),
        };
        Self { figures, how: Some(how) }
    }

    /// Joins an observed value with its interval.
    pub(super) fn figure(&self, value: f64, pick: impl Fn(&Figures) -> Option<f64>) -> Figure {
        let value = finite(value).unwrap_or_default();
        let values: Vec<f64> = self.figures.iter().filter_map(pick).collect();
        // What is missing in every second resample has no interval that could be stated.
        let interval =
            if values.len() * 2 > self.figures.len() { percentiles(values) } else { None };
        Figure { value, low: interval.map(|it| it.0), high: interval.map(|it| it.1) }
    }
}

/// Returns the interval that the middle of the values takes, where they have any spread.
pub(super) fn percentiles(mut values: Vec<f64>) -> Option<(Finite, Finite)> {
    values.sort_unstable_by(f64::total_cmp);
    if count(values.len()) < 2 {
        return None;
    }
    let tail = (1.0 - LEVEL) / 2.0;
    let at = |q: f64| quantile(&values, q).ok().and_then(finite);
    at(tail).zip(at(1.0 - tail)).filter(|(low, high)| low < high)
}

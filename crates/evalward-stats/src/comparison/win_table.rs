//! Who won how often against whom, and the strengths that make it most likely.

use super::bradley_terry::Match;
use crate::StatsError;
use crate::convert::length_to_f64;

/// Ratings are found when none moves by more than this in a step.
const TOLERANCE: f64 = 1e-12;

/// The most steps; each makes the likelihood larger.
const MOST_STEPS: u32 = 200_000;

/// The wins of each system against each other one.
pub(super) struct WinTable {
    systems: usize,
    /// `wins[i * systems + j]` of `i` against `j`.
    wins: Vec<f64>,
}

impl WinTable {
    pub(super) fn new(systems: usize) -> Self {
        Self { systems, wins: vec![0.0; systems * systems] }
    }

    pub(super) fn add(&mut self, it: &Match) {
        self.wins[it.first * self.systems + it.second] += it.score;
        self.wins[it.second * self.systems + it.first] += 1.0 - it.score;
    }

    fn wins(&self, winner: usize, loser: usize) -> f64 {
        self.wins[winner * self.systems + loser]
    }

    /// Returns the ratings, and whether one tie of every two systems had to be added.
    pub(super) fn ratings(mut self) -> Result<(Vec<f64>, bool), StatsError> {
        let is_smoothed = !self.is_strongly_connected();
        if is_smoothed {
            for i in 0..self.systems {
                for j in (0..self.systems).filter(|j| *j != i) {
                    self.wins[i * self.systems + j] += 0.5;
                }
            }
        }
        Ok((self.maximum()?, is_smoothed))
    }

    /// Whether from every system a chain of wins leads to every other one: to all from the first, and to the first from all.
    fn is_strongly_connected(&self) -> bool {
        let reaches_all = |beats: &dyn Fn(usize, usize) -> bool| {
            let mut reached = vec![false; self.systems];
            let mut open = vec![0];
            reached[0] = true;
            while let Some(system) = open.pop() {
                for (other, is_reached) in reached.iter_mut().enumerate() {
                    if !*is_reached && beats(system, other) {
                        *is_reached = true;
                        open.push(other);
                    }
                }
            }
            reached.into_iter().all(|is_reached| is_reached)
        };
        reaches_all(&|i, j| self.wins(i, j) > 0.0) && reaches_all(&|i, j| self.wins(j, i) > 0.0)
    }

    fn maximum(&self) -> Result<Vec<f64>, StatsError> {
        let n = self.systems;
        let mut strengths = vec![1.0_f64; n];
        let totals: Vec<f64> = (0..n).map(|i| (0..n).map(|j| self.wins(i, j)).sum()).collect();
        for _ in 0..MOST_STEPS {
            let mut moved = 0.0_f64;
            for i in 0..n {
                // Each strength is used as soon as it is known, Hunter's cyclic variant of the algorithm.
                let weights = (0..n).map(|j| {
                    let games = self.wins(i, j) + self.wins(j, i);
                    games / (strengths[i] + strengths[j])
                });
                let strength = totals[i] / weights.sum::<f64>();
                moved = moved.max((strength / strengths[i]).ln().abs());
                strengths[i] = strength;
            }
            let centre = strengths.iter().map(|it| it.ln()).sum::<f64>() / length_to_f64(n);
            for strength in &mut strengths {
                *strength /= centre.exp();
            }
            if moved <= TOLERANCE {
                return Ok(strengths.iter().map(|it| it.ln()).collect());
            }
        }
        let reason = "the iteration for the ratings does not settle";
        Err(StatsError::Degenerate { statistic: "ratings", reason })
    }
}

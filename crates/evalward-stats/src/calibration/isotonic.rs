//! The increasing curve nearest to a series of points.

use crate::StatsError;
use crate::sample::{check_lengths, check_sample, safe_scale};
use crate::sorting::order;

/// An increasing curve through knots, flat beyond the first and the last.
#[derive(Clone, Debug, PartialEq)]
pub struct Isotonic {
    /// Ascending, each once.
    x: Vec<f64>,
    y: Vec<f64>,
}

/// Returns the increasing curve with the least weighted squared distance from the points.
///
/// The pool-adjacent-violators algorithm of Ayer, Brunk, Ewing, Reid and Silverman (1955); points of equal `x` are averaged
/// first. Without weights all points weigh the same; points of weight 0 have no say.
///
/// # Errors
/// Returns [`StatsError::TooFew`] without points of positive weight, [`StatsError::Unequal`] for series of different length,
/// [`StatsError::NotFinite`] for a NaN or infinite number and [`StatsError::OutOfDomain`] for a negative weight.
pub fn isotonic(x: &[f64], y: &[f64], weights: Option<&[f64]>) -> Result<Isotonic, StatsError> {
    check_lengths(("x", x.len()), ("y", y.len()))?;
    check_sample("isotonic regression", "x", x, 1)?;
    check_sample("isotonic regression", "y", y, 1)?;
    if let Some(weights) = weights {
        check_lengths(("x", x.len()), ("weights", weights.len()))?;
        check_sample("isotonic regression", "weights", weights, 1)?;
        if let Some(weight) = weights.iter().find(|weight| **weight < 0.0) {
            let (argument, expected) = ("weights", "not negative");
            return Err(StatsError::OutOfDomain { argument, value: *weight, expected });
        }
    }
    let weight_scale = weights.map_or(1.0, |weights| safe_scale(weights.iter()));
    let scale = safe_scale(y.iter());
    let mut blocks = Blocks::default();
    for position in order(x) {
        let weight = weights.map_or(1.0, |weights| weights[position] / weight_scale);
        if weight > 0.0 {
            blocks.push(x[position], y[position] / scale, weight);
        }
    }
    if blocks.knots.is_empty() {
        let statistic = "isotonic regression with positive weights";
        return Err(StatsError::TooFew { statistic, needed: 1, got: 0 });
    }
    Ok(blocks.pooled(scale))
}

/// A stretch of the curve on one level.
#[derive(Clone, Copy)]
struct Block {
    /// The weighted mean of its points.
    level: f64,
    weight: f64,
    /// How many knots it covers.
    knots: usize,
}

#[derive(Default)]
struct Blocks {
    /// The distinct values of x.
    knots: Vec<f64>,
    /// The mean at each knot.
    means: Vec<Block>,
}

impl Blocks {
    fn push(&mut self, x: f64, y: f64, weight: f64) {
        match (self.knots.last(), self.means.last_mut()) {
            (Some(last), Some(mean)) if *last >= x => mean.add(y, weight),
            _ => {
                self.knots.push(x);
                self.means.push(Block { level: y, weight, knots: 1 });
            }
        }
    }

    fn pooled(self, scale: f64) -> Isotonic {
        let mut blocks: Vec<Block> = Vec::with_capacity(self.means.len());
        for mut block in self.means {
            while let Some(before) = blocks.pop_if(|before| before.level >= block.level) {
                block.add(before.level, before.weight);
                block.knots += before.knots;
            }
            blocks.push(block);
        }
        // The ends of each level are all that lines between knots need.
        let mut curve = Isotonic { x: Vec::new(), y: Vec::new() };
        let mut knots = self.knots.as_slice();
        for block in blocks {
            let (level, rest) = knots.split_at(block.knots);
            knots = rest;
            let ends = [level.first(), level.last()];
            for x in ends.into_iter().flatten().take(block.knots) {
                curve.x.push(*x);
                curve.y.push(block.level * scale);
            }
        }
        curve
    }
}

impl Block {
    fn add(&mut self, level: f64, weight: f64) {
        let together = self.weight + weight;
        self.level = (self.level * self.weight + level * weight) / together;
        self.weight = together;
    }
}

impl Isotonic {
    /// Iterates over the knots of the curve, ascending: the ends of its levels.
    pub fn knots(&self) -> impl Iterator<Item = (f64, f64)> {
        self.x.iter().copied().zip(self.y.iter().copied())
    }

    /// Returns the height of the curve: on a straight line between knots, level beyond the outermost ones.
    ///
    /// # Errors
    /// Returns [`StatsError::NotFinite`] for NaN and infinities.
    pub fn predict(&self, x: f64) -> Result<f64, StatsError> {
        if !x.is_finite() {
            return Err(StatsError::NotFinite { argument: "x", index: 0 });
        }
        let above = self.x.partition_point(|knot| *knot < x);
        if above == self.x.len() {
            return Ok(self.y[above - 1]);
        }
        if above == 0 || self.x[above] <= x {
            return Ok(self.y[above]);
        }
        let ((left, right), (low, high)) =
            ((self.x[above - 1], self.x[above]), (self.y[above - 1], self.y[above]));
        // Halved, because the distance of two numbers may leave the range of f64.
        let share = (x / 2.0 - left / 2.0) / (right / 2.0 - left / 2.0);
        Ok((low * (1.0 - share) + high * share).clamp(low, high))
    }
}

//! The Hoeffding confidence sequence.

use super::bernstein::intersection;
use super::scale::{BoundedScale, check_alpha};
use crate::convert::count_to_f64;
use crate::{Interval, StatsError};

/// A confidence sequence for the mean of bounded observations that knows nothing of their variance, in constant memory.
///
/// Predictable plug-in Hoeffding with `lambda_t = min(1, sqrt(8 ln(2/alpha) / (t ln(1 + t))))`: Waudby-Smith and Ramdas (2024),
/// "Estimating means of bounded random variables by betting", JRSS B 86(1), proposition 1. Assumes what [`super::EmpiricalBernstein`]
/// assumes, and is wider when the observations vary little.
#[derive(Clone, Debug, PartialEq)]
pub struct HoeffdingSequence {
    scale: BoundedScale,
    n: u64,
    /// `ln(2 / alpha)`.
    threshold: f64,
    stakes: f64,
    winnings: f64,
    penalty: f64,
    running: Interval,
}

impl HoeffdingSequence {
    /// Starts a sequence for observations from `low` to `high`.
    ///
    /// # Errors
    /// Returns [`StatsError::OutOfDomain`] for an empty or infinite range and for an `alpha` outside `(0, 1)`.
    pub fn new(low: f64, high: f64, alpha: f64) -> Result<Self, StatsError> {
        let scale = BoundedScale::new(low, high)?;
        let threshold = -(check_alpha(alpha)? / 2.0).ln();
        let running = Interval { low, high };
        Ok(Self { scale, n: 0, threshold, stakes: 0.0, winnings: 0.0, penalty: 0.0, running })
    }

    /// Takes an observation in and returns the interval after it, which alone may be wider than the one before.
    ///
    /// # Errors
    /// Returns [`StatsError::NotFinite`] and [`StatsError::OutOfDomain`] for an observation outside the declared range, and then stays
    /// as it was.
    pub fn push(&mut self, x: f64) -> Result<Interval, StatsError> {
        let x = self.scale.to_unit(x, usize::try_from(self.n).unwrap_or(usize::MAX))?;
        self.n += 1;
        let t = count_to_f64(self.n);
        let bet = (8.0 * self.threshold / (t * t.ln_1p())).sqrt().min(1.0);
        self.stakes += bet;
        self.winnings += bet * x;
        self.penalty += bet * bet / 8.0;
        let centre = self.winnings / self.stakes;
        let half = (self.threshold + self.penalty) / self.stakes;
        let interval = Interval {
            low: self.scale.at_share((centre - half).max(0.0)),
            high: self.scale.at_share((centre + half).min(1.0)),
        };
        self.running = intersection(self.running, interval);
        Ok(interval)
    }

    /// Returns the intersection of the intervals so far; see [`super::EmpiricalBernstein::running`].
    pub const fn running(&self) -> Interval {
        self.running
    }
}

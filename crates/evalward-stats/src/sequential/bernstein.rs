//! The empirical Bernstein confidence sequence.

use super::bets::PluginBets;
use super::scale::{BoundedScale, check_alpha};
use crate::convert::count_to_f64;
use crate::{Interval, StatsError};

/// Bets are never larger than this share of what may be lost.
const TRUNCATION: f64 = 0.5;

/// A confidence sequence for the mean of bounded observations, from their running variance, in constant memory.
///
/// Predictable plug-in empirical Bernstein: Waudby-Smith and Ramdas (2024), "Estimating means of bounded random variables by
/// betting", JRSS B 86(1), theorem 2, each side at `alpha / 2`. Assumes that every observation lies in the declared range and has
/// the same mean given those before it; nothing else about their distribution. With probability `1 - alpha` the true mean lies in the
/// intervals of all times at once.
#[derive(Clone, Debug, PartialEq)]
pub struct EmpiricalBernstein {
    scale: BoundedScale,
    bets: PluginBets,
    /// `ln(2 / alpha)`.
    threshold: f64,
    /// The sum of the bets.
    stakes: f64,
    /// The sum of the bets times the observations.
    winnings: f64,
    /// The squared surprises of the lower side, weighted. The sides differ in the first one: each starts from the mean 0 of its own.
    lower_penalty: f64,
    /// The squared surprises of the upper side, weighted.
    upper_penalty: f64,
    running: Interval,
}

impl EmpiricalBernstein {
    /// Starts a sequence for observations from `low` to `high`.
    ///
    /// # Errors
    /// Returns [`StatsError::OutOfDomain`] for an empty or infinite range and for an `alpha` outside `(0, 1)`.
    pub fn new(low: f64, high: f64, alpha: f64) -> Result<Self, StatsError> {
        let scale = BoundedScale::new(low, high)?;
        let side = check_alpha(alpha)? / 2.0;
        Ok(Self {
            scale,
            bets: PluginBets::new(side),
            threshold: -side.ln(),
            stakes: 0.0,
            winnings: 0.0,
            lower_penalty: 0.0,
            upper_penalty: 0.0,
            running: Interval { low, high },
        })
    }

    /// Takes an observation in and returns the interval after it, which alone may be wider than the one before.
    ///
    /// # Errors
    /// Returns [`StatsError::NotFinite`] and [`StatsError::OutOfDomain`] for an observation outside the declared range, and then stays
    /// as it was.
    pub fn push(&mut self, x: f64) -> Result<Interval, StatsError> {
        let x = self.scale.to_unit(x, usize::try_from(self.bets.n()).unwrap_or(usize::MAX))?;
        let before = count_to_f64(self.bets.n());
        let mean = |sum: f64| if before > 0.0 { sum / before } else { 0.0 };
        let (low_mean, high_mean) = (mean(self.bets.sum()), mean(before - self.bets.sum()));
        let bet = self.bets.push(x).min(TRUNCATION);
        let weight = -(-bet).ln_1p() - bet;
        self.lower_penalty += weight * (x - low_mean) * (x - low_mean);
        self.upper_penalty += weight * (1.0 - x - high_mean) * (1.0 - x - high_mean);
        self.stakes += bet;
        self.winnings += bet * x;
        let centre = self.winnings / self.stakes;
        let low = centre - (self.threshold + self.lower_penalty) / self.stakes;
        let high = centre + (self.threshold + self.upper_penalty) / self.stakes;
        let interval = Interval {
            low: self.scale.at_share(low.max(0.0)),
            high: self.scale.at_share(high.min(1.0)),
        };
        self.running = intersection(self.running, interval);
        Ok(interval)
    }

    /// Returns the intersection of the intervals so far, at first the declared range.
    ///
    /// Where they have no point in common, which happens with probability `alpha` at most when the assumptions hold, it is the last
    /// intersection that was not empty.
    pub const fn running(&self) -> Interval {
        self.running
    }
}

/// Returns what two intervals have in common, and the first where that is nothing.
pub(super) fn intersection(first: Interval, second: Interval) -> Interval {
    let (low, high) = (first.low.max(second.low), first.high.min(second.high));
    if low <= high { Interval { low, high } } else { first }
}

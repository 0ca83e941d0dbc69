//! Bets that are made before the next observation is seen.

use super::scale::{BoundedScale, check_alpha};
use crate::StatsError;
use crate::convert::count_to_f64;

/// The predictable plug-in bets of empirical Bernstein sequences on `[0, 1]`.
///
/// `lambda_t = sqrt(2 ln(1/alpha) / (t ln(1 + t) sigma²_(t-1)))`, where the mean and the variance before `t` start from one made-up
/// observation with mean 1/2 and variance 1/4: Waudby-Smith and Ramdas (2024), "Estimating means of bounded random variables by
/// betting", JRSS B 86(1), equations (15) and (24). Not truncated; each use has its own bound.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PluginBets {
    /// `2 ln(1/alpha)`.
    budget: f64,
    n: u64,
    /// The sum of the observations.
    sum: f64,
    /// The sum of squared distances to the running means.
    squares: f64,
}

const PRIOR_MEAN: f64 = 0.5;
const PRIOR_VARIANCE: f64 = 0.25;

impl PluginBets {
    pub(super) fn new(alpha: f64) -> Self {
        Self { budget: -2.0 * alpha.ln(), n: 0, sum: 0.0, squares: 0.0 }
    }

    /// Returns the number of observations so far.
    pub(super) const fn n(&self) -> u64 {
        self.n
    }

    /// Returns the sum of the observations so far.
    pub(super) const fn sum(&self) -> f64 {
        self.sum
    }

    /// Returns the bet on the next observation.
    pub(super) fn next(&self) -> f64 {
        let t = count_to_f64(self.n) + 1.0;
        // The made-up observation keeps the variance above 0.
        let variance = (PRIOR_VARIANCE + self.squares) / t;
        (self.budget / (t * t.ln_1p() * variance)).sqrt()
    }

    /// Returns the bet that stood on `x`, and takes `x` into account for the bets after it.
    pub(super) fn push(&mut self, x: f64) -> f64 {
        let bet = self.next();
        self.n += 1;
        self.sum += x;
        let mean = ((PRIOR_MEAN + self.sum) / (count_to_f64(self.n) + 1.0)).min(1.0);
        self.squares += (x - mean) * (x - mean);
        bet
    }
}

/// Returns the bets, not truncated, that empirical Bernstein and betting sequences at `alpha` make on each of the observations in
/// `[0, 1]`: `sqrt(2 ln(2/alpha) / (t ln(1 + t) sigma²_(t-1)))`, for each side at `alpha / 2`.
///
/// # Errors
/// Returns [`StatsError::NotFinite`] and [`StatsError::OutOfDomain`] for an observation and for an `alpha` outside `(0, 1)`.
pub fn plugin_bets(x: &[f64], alpha: f64) -> Result<Vec<f64>, StatsError> {
    let unit = BoundedScale::new(0.0, 1.0)?;
    let mut bets = PluginBets::new(check_alpha(alpha)? / 2.0);
    x.iter().enumerate().map(|(index, x)| Ok(bets.push(unit.to_unit(*x, index)?))).collect()
}

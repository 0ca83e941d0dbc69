//! The asymptotic confidence sequence.

use serde::Serialize;

use super::scale::{check_alpha, check_finite, check_positive, out_of_domain};
use crate::StatsError;
use crate::convert::count_to_f64;

/// The state of an [`AsymptoticSequence`] after an observation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AsymptoticInterval {
    /// The mean of the observations.
    pub mean: f64,
    /// The distance from the mean to either end of the two-sided interval.
    pub half_width: f64,
    /// The end of the one-sided interval, which has no upper end.
    pub lower_one_sided: f64,
}

/// A confidence sequence for the mean of observations with a variance but no bounds, valid for large samples only.
///
/// Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024), "Time-uniform central limit theory and asymptotic confidence sequences",
/// Annals of Statistics 52(6), theorem 2.2 and its one-sided form (proposition B.1), with the mixing variance that is best at `t_opt`.
/// Early on it misses too often, above all for rates near 0 and 1: use [`super::HedgedBetting`] where there are bounds.
#[derive(Clone, Debug, PartialEq)]
pub struct AsymptoticSequence {
    alpha: f64,
    rho_squared: f64,
    n: u64,
    mean: f64,
    squares: f64,
}

impl AsymptoticSequence {
    /// Starts a sequence that is tightest after about `t_opt` observations.
    ///
    /// # Errors
    /// Returns [`StatsError::OutOfDomain`] for an `alpha` outside `(0, 1)` or so large that no mixing variance is best, and for a `t_opt`
    /// that is not positive.
    pub fn new(alpha: f64, t_opt: f64) -> Result<Self, StatsError> {
        let loss = -2.0 * check_alpha(alpha)?.ln();
        let rho_squared = (loss + loss.ln() + 1.0) / check_positive("t_opt", t_opt)?;
        if rho_squared > 0.0 && rho_squared.is_finite() {
            Ok(Self { alpha, rho_squared, n: 0, mean: 0.0, squares: 0.0 })
        } else {
            Err(out_of_domain("alpha", alpha, "small enough for a mixing variance"))
        }
    }

    /// Returns the mixing variance.
    pub const fn rho_squared(&self) -> f64 {
        self.rho_squared
    }

    /// Takes an observation in and returns the intervals after it.
    ///
    /// # Errors
    /// Returns [`StatsError::NotFinite`] for an observation that is not a finite number, and then stays as it was.
    pub fn push(&mut self, x: f64) -> Result<AsymptoticInterval, StatsError> {
        check_finite(x, self.n)?;
        self.n += 1;
        let t = count_to_f64(self.n);
        let distance = x - self.mean;
        self.mean += distance / t;
        self.squares += distance * (x - self.mean);
        let deviation = (self.squares / t).sqrt();
        let mixed = t * self.rho_squared + 1.0;
        let half = |log: f64| deviation * (2.0 * mixed / (t * t * self.rho_squared) * log).sqrt();
        Ok(AsymptoticInterval {
            mean: self.mean,
            half_width: half((mixed.sqrt() / self.alpha).ln()),
            lower_one_sided: self.mean - half((mixed.sqrt() / (2.0 * self.alpha)).ln_1p()),
        })
    }
}

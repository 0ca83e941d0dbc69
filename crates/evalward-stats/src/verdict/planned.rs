//! What the examples at hand can show, and how many would show it.

use super::compare::smallest;
use crate::special::{normal_quantile, normal_tails, t_quantile};

/// The two error probabilities of a question about a loss of the margin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question {
    pub(super) margin: f64,
    pub(super) alpha: f64,
    pub(super) target_power: f64,
}

impl Question {
    /// Returns the power of a one-sided t test to find a loss of the margin.
    ///
    /// The noncentral t distribution by Abramowitz and Stegun (1964), 26.7.10; within 0.01 from five degrees of freedom on.
    pub(super) fn power_of_t(self, se: f64, df: f64) -> f64 {
        let critical = t_quantile(1.0 - self.alpha, df);
        let distance = self.margin / se - critical * (1.0 - 1.0 / (4.0 * df));
        normal_tails(distance / (1.0 + critical * critical / (2.0 * df)).sqrt()).lower
    }

    /// Returns the number of units with this deviation at which a t test with `df(n)` degrees of freedom has the target power.
    pub(super) fn units_for_t(self, sd: f64, df: impl Fn(f64) -> f64) -> Option<u64> {
        let z = normal_quantile(1.0 - self.alpha);
        let effect = self.margin / sd;
        let start = ((z + normal_quantile(self.target_power)) / effect).powi(2) + z * z / 2.0;
        smallest(start, |n| {
            df(n) > 0.0 && self.power_of_t(sd / n.sqrt(), df(n)) >= self.target_power
        })
    }

    /// Returns the power of the score test on `n` pairs of rates, of which the share `changed` differs.
    ///
    /// Connor (1987), "Sample size for testing differences in proportions for the paired-sample design", Biometrics 43,
    /// equation (3), with at least as many changes as the loss itself makes.
    pub(super) fn power_of_paired_rates(self, n: f64, changed: f64) -> f64 {
        let z = normal_quantile(1.0 - self.alpha);
        let changed = changed.max(self.margin).min(1.0);
        let distance = self.margin * n.sqrt() - z * changed.sqrt();
        let spread = changed - self.margin * self.margin;
        if spread <= 0.0 {
            return if distance > 0.0 { 1.0 } else { 0.0 };
        }
        normal_tails(distance / spread.sqrt()).lower
    }

    /// Returns the number of pairs at which [`Self::power_of_paired_rates`] reaches the target.
    pub(super) fn pairs_of_rates(self, changed: f64) -> Option<u64> {
        let z = normal_quantile(1.0 - self.alpha) + normal_quantile(self.target_power);
        let start = changed.max(self.margin) * (z / self.margin).powi(2);
        smallest(start, |n| self.power_of_paired_rates(n, changed) >= self.target_power)
    }
}

//! What the examples at hand can show, and how many would show it.

use super::compare::smallest;
use crate::StatsError;
use crate::planning::{Alternative, TTest, TTestDesign};
use crate::special::{normal_quantile, normal_tails, t_quantile};

/// The most examples that are ever asked for.
const MOST: f64 = 1e12;

/// Returns the number of pairs at which a one-sided t test on their differences finds a loss of `effect` with the target power.
///
/// `sd` is the standard deviation of the differences. Exact for normal differences: [`TTestDesign::needed_n`], rounded up.
///
/// # Errors
/// Returns [`StatsError::OutOfDomain`] for an effect or a deviation that is not a finite number above 0, for an `alpha` not
/// between 0 and 0.5, for a target power not between `alpha` and 1, and where more than 10^12 pairs would be needed.
pub fn needed_pairs(
    effect: f64,
    sd: f64,
    alpha: f64,
    target_power: f64,
) -> Result<u64, StatsError> {
    needed(TTest::Paired, effect, sd, alpha, target_power)
}

/// Returns the size of each of two independent samples at which a one-sided t test finds a loss of `effect` with the target
/// power.
///
/// `sd` is the standard deviation of the difference of one observation from each.
///
/// # Errors
/// As [`needed_pairs`].
pub fn needed_each(effect: f64, sd: f64, alpha: f64, target_power: f64) -> Result<u64, StatsError> {
    needed(TTest::TwoSample { ratio: 1.0 }, effect, sd, alpha, target_power)
}

fn needed(
    test: TTest,
    effect: f64,
    sd: f64,
    alpha: f64,
    target_power: f64,
) -> Result<u64, StatsError> {
    for (argument, value) in [("effect", effect), ("sd", sd)] {
        if !(value > 0.0 && value.is_finite()) {
            let expected = "a finite number above 0";
            return Err(StatsError::OutOfDomain { argument, value, expected });
        }
    }
    check_errors(alpha, target_power)?;
    let one = match test {
        TTest::Paired => 1.0,
        TTest::TwoSample { .. } => 2.0_f64.sqrt(),
    };
    let out_of_reach = StatsError::OutOfDomain {
        argument: "effect",
        value: effect,
        expected: "large enough to be found with 10^12 examples",
    };
    // In deviations of one observation; a larger or smaller effect changes nothing.
    let d = (effect / sd * one).min(1e9);
    if d < 1e-9 {
        return Err(out_of_reach);
    }
    let design = TTestDesign { test, alpha, alternative: Alternative::Larger };
    if design.power(d, 2.0)? >= target_power {
        return Ok(2);
    }
    let n = design.needed_n(d, target_power)?.filter(|n| *n <= MOST).ok_or(out_of_reach.clone())?;
    // What rounding adds to a whole number asks for no further example.
    smallest(n, |whole| whole >= n * (1.0 - 1e-12)).ok_or(out_of_reach)
}

/// Refuses error probabilities that no test has.
pub(super) fn check_errors(alpha: f64, target_power: f64) -> Result<(), StatsError> {
    let refuse =
        |argument, value, expected| Err(StatsError::OutOfDomain { argument, value, expected });
    if !(alpha > 0.0 && alpha < 0.5) {
        return refuse("alpha", alpha, "above 0 and below 0.5");
    }
    if !(target_power > alpha && target_power < 1.0) {
        return refuse("target_power", target_power, "above `alpha` and below 1");
    }
    Ok(())
}

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
        self.power_at(t_quantile(1.0 - self.alpha, df), se, df)
    }

    /// Returns the power of a test that finds losses of more than `critical` standard errors.
    pub(super) fn power_at(self, critical: f64, se: f64, df: f64) -> f64 {
        let distance = self.margin / se - critical * (1.0 - 1.0 / (4.0 * df));
        let score = distance / (1.0 + critical * critical / (2.0 * df)).sqrt();
        // Beyond 38 deviations a tail is 0 anyway.
        normal_tails(score.clamp(-40.0, 40.0)).lower
    }

    /// Returns the number of units from which a guard on differences of up to `reach` costs a t test little power.
    ///
    /// The guard binds while `n` is below about `(z reach / sd)²`; by simulation, 0.4 of it does.
    pub(super) fn units_for_guard(self, reach: f64, sd: f64) -> Option<u64> {
        let z = normal_quantile(1.0 - self.alpha);
        let enough = 0.4 * (z * reach / sd).powi(2);
        smallest(enough, |n| n >= enough)
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

//! Plans with repeats within examples.

use super::Alternative;
use super::root::{check_not_negative, check_positive, check_probability};
use crate::StatsError;
use crate::special::{normal_quantile, normal_tails};

/// A comparison on the same examples, each of them repeated on both sides.
///
/// The variance of the mean difference is `deff (between + within_a / repeats_a + within_b / repeats_b) / n`: Miller (2024), "Adding
/// error bars to evals", arXiv 2411.00640, section 4.2 and equation (9), with a design effect. The plan is by the normal approximation,
/// for large `n`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RepeatedDesign {
    /// The variance between examples of the difference of their expected scores.
    pub between: f64,
    /// The variance between repeats of an example, on the first side.
    pub within_a: f64,
    /// The variance between repeats of an example, on the second side.
    pub within_b: f64,
    /// The number of repeats on the first side.
    pub repeats_a: f64,
    /// The number of repeats on the second side.
    pub repeats_b: f64,
    /// The factor by which clusters increase the variance, 1 without clusters.
    pub design_effect: f64,
    /// The probability of an error without a difference.
    pub alpha: f64,
    /// The alternatives; for one of the one-sided ones differences are given in its direction.
    pub alternative: Alternative,
}

impl RepeatedDesign {
    /// Returns the number of examples, not rounded, at which the difference is found with the target power; `None` for no difference.
    ///
    /// # Errors
    /// Returns [`StatsError::OutOfDomain`] for variances that are negative, repeats or design effects that are not positive,
    /// probabilities outside `(0, 1)` and a difference that is not finite.
    pub fn needed_n(&self, difference: f64, target_power: f64) -> Result<Option<f64>, StatsError> {
        check_difference(difference)?;
        let reach = self.reach(target_power)?;
        let n = self.variance()? * (reach / difference).powi(2);
        Ok(n.is_finite().then_some(n))
    }

    /// Returns the smallest difference that is found with the target power on `n` examples.
    ///
    /// # Errors
    /// Returns what [`RepeatedDesign::needed_n`] does, and [`StatsError::OutOfDomain`] for an `n` that is not positive.
    pub fn detectable(&self, n: f64, target_power: f64) -> Result<f64, StatsError> {
        let reach = self.reach(target_power)?;
        Ok(reach * (self.variance()? / check_positive("n", n)?).sqrt())
    }

    /// Returns the power for a difference on `n` examples; `None` where neither the difference nor anything else varies.
    ///
    /// # Errors
    /// Returns what [`RepeatedDesign::detectable`] does.
    pub fn power(&self, difference: f64, n: f64) -> Result<Option<f64>, StatsError> {
        check_difference(difference)?;
        let critical = self.critical()?;
        let shift = difference / (self.variance()? / check_positive("n", n)?).sqrt();
        if shift.is_nan() {
            return Ok(None);
        }
        let above = |shift: f64| normal_tails((shift - critical).clamp(-1e3, 1e3)).lower;
        Ok(Some(match self.alternative {
            Alternative::TwoSided => above(shift) + above(-shift),
            Alternative::Larger | Alternative::Smaller => above(shift),
        }))
    }

    /// Returns the variance of the mean difference, times the number of examples.
    fn variance(&self) -> Result<f64, StatsError> {
        check_not_negative("between", self.between)?;
        check_not_negative("within_a", self.within_a)?;
        check_not_negative("within_b", self.within_b)?;
        check_positive("repeats_a", self.repeats_a)?;
        check_positive("repeats_b", self.repeats_b)?;
        check_positive("design_effect", self.design_effect)?;
        let variance = self.design_effect
            * (self.between + self.within_a / self.repeats_a + self.within_b / self.repeats_b);
        check_not_negative("variance", variance)
    }

    fn critical(&self) -> Result<f64, StatsError> {
        let alpha = check_probability("alpha", self.alpha)?;
        Ok(match self.alternative {
            Alternative::TwoSided => -normal_quantile(alpha / 2.0),
            Alternative::Larger | Alternative::Smaller => -normal_quantile(alpha),
        })
    }

    fn reach(&self, target_power: f64) -> Result<f64, StatsError> {
        let reach =
            self.critical()? + normal_quantile(check_probability("target_power", target_power)?);
        Ok(reach.max(0.0))
    }
}

fn check_difference(difference: f64) -> Result<(), StatsError> {
    if difference.is_finite() {
        Ok(())
    } else {
        let argument = "difference";
        Err(StatsError::OutOfDomain { argument, value: difference, expected: "a finite number" })
    }
}

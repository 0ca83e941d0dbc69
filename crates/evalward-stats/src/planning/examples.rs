//! Numbers of examples for paired comparisons.

use super::root::{check_not_negative, check_positive};
use super::{Alternative, TTest, TTestDesign};
use crate::StatsError;
use crate::convert::{count_to_f64, floor_to_index};

/// Returns the smallest number of pairs, from 2, at which a one-sided paired t test at `alpha` finds a mean difference of `difference`
/// with the target power; `None` where no number does.
///
/// `sd` is the standard deviation of the differences of pairs. See [`TTestDesign::power`].
///
/// # Errors
/// Returns [`StatsError::OutOfDomain`] for a difference that is not positive, a negative deviation, and probabilities outside `(0, 1)`.
pub fn needed_examples(
    difference: f64,
    sd: f64,
    alpha: f64,
    target_power: f64,
) -> Result<Option<u64>, StatsError> {
    check_positive("difference", difference)?;
    let d = difference / check_not_negative("sd", sd)?;
    let design = one_sided(alpha);
    if !d.is_finite() || design.power(d, 2.0)? >= target_power {
        // A small difference still goes through the checks of the design.
        design.needed_n(1.0, target_power)?;
        return Ok(Some(2));
    }
    let n = design.needed_n(d, target_power)?;
    Ok(n.and_then(|n| u64::try_from(floor_to_index(n.ceil())).ok()))
}

/// Returns the smallest mean difference that a one-sided paired t test at `alpha` finds with the target power on `n` pairs.
///
/// `sd` is the standard deviation of the differences of pairs. See [`TTestDesign::power`].
///
/// # Errors
/// Returns [`StatsError::TooFew`] for fewer than 2 pairs and [`StatsError::OutOfDomain`] for a negative deviation, an `alpha` outside
/// `(0, 1)`, and a target that is not above it.
pub fn detectable_difference(
    n: u64,
    sd: f64,
    alpha: f64,
    target_power: f64,
) -> Result<f64, StatsError> {
    if n < 2 {
        return Err(StatsError::TooFew { statistic: "detectable difference", needed: 2, got: n });
    }
    check_not_negative("sd", sd)?;
    Ok(sd * one_sided(alpha).detectable(count_to_f64(n), target_power)?)
}

/// Returns the factor by which clusters of a size increase the variance of a mean, `1 + (size - 1) correlation`.
///
/// `correlation` is that of two observations of one cluster: Kish (1965), "Survey sampling", equation (5.4.4). A needed number of
/// examples is multiplied by it.
///
/// # Errors
/// Returns [`StatsError::OutOfDomain`] for a size below 1 and for a correlation outside `[0, 1]`.
pub fn design_effect(cluster_size: f64, correlation: f64) -> Result<f64, StatsError> {
    if !(cluster_size >= 1.0 && cluster_size.is_finite()) {
        let expected = "finite and at least 1";
        let argument = "cluster_size";
        return Err(StatsError::OutOfDomain { argument, value: cluster_size, expected });
    }
    if !(0.0..=1.0).contains(&correlation) {
        let argument = "correlation";
        return Err(StatsError::OutOfDomain {
            argument,
            value: correlation,
            expected: "in [0, 1]",
        });
    }
    Ok(1.0 + (cluster_size - 1.0) * correlation)
}

fn one_sided(alpha: f64) -> TTestDesign {
    TTestDesign { test: TTest::Paired, alpha, alternative: Alternative::Larger }
}

//! The gamma-exponential mixture.

use super::super::scale::{check_alpha, check_positive, out_of_domain};
use super::bisection::first_positive;
use super::normal::{Sides, best_rho, check_time};
use crate::StatsError;
use crate::special::{chi_squared_tails, ln_1p_minus, stirling_remainder};

/// What a gamma-exponential mixture is set by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaExponentialMixture {
    /// The intrinsic time at which the boundary is tightest.
    pub v_opt: f64,
    /// The `alpha` for which it is tightest there, below 1/2.
    pub alpha_opt: f64,
    /// The scale of the exponential tails.
    pub c: f64,
}

/// Returns the one-sided boundary of sub-exponential sums with scale `c` at the intrinsic time `v`.
///
/// Howard, Ramdas, `McAuliffe` and Sekhon (2021), proposition 9. The mixture is written by the remainders of Stirling's formula, so that
/// nothing cancels where `v / c²` is large.
///
/// # Errors
/// Returns [`StatsError::OutOfDomain`] for a negative or infinite time, for an `alpha` outside `(0, 1)` and for options that are not
/// positive and finite.
pub fn gamma_exponential_bound(
    v: f64,
    alpha: f64,
    options: &GammaExponentialMixture,
) -> Result<f64, StatsError> {
    check_time(v)?;
    let threshold = -check_alpha(alpha)?.ln();
    let c = check_positive("c", options.c)?;
    let rho = best_rho(options.v_opt, options.alpha_opt, Sides::One)?;
    let (start, shape) = (rho / (c * c), (v + rho) / (c * c));
    if !(start > 0.0 && shape.is_finite()) {
        return Err(out_of_domain("c", c, "of a size that can be compared with `v_opt`"));
    }
    let constant = stirling_remainder(shape)
        - stirling_remainder(start)
        - 0.5 * (shape / start).ln()
        - lower_gamma(start, start).ln();
    first_positive((v + rho).sqrt(), |s| {
        let excess = s / (c * shape);
        constant - shape * ln_1p_minus(excess) + lower_gamma(shape, shape * (1.0 + excess)).ln()
            - threshold
    })
    .ok_or_else(|| out_of_domain("v", v, "so small that the boundary is finite"))
}

/// Returns the regularized lower incomplete gamma function.
fn lower_gamma(shape: f64, x: f64) -> f64 {
    chi_squared_tails(2.0 * x, 2.0 * shape).lower
}

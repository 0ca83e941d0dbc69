//! Quantiles of Student's t distribution.

use super::beta::{BetaPoint, beta_tails};
use super::beta_quantile::{beta_quantile, beta_upper_quantile, halley};
use super::gamma::ln_gamma;
use super::normal::normal_upper_quantile;

/// More steps than the direct solution needs; after them it is given up.
const MAX_STEPS: u32 = 20;

/// The distance from the probability, on its logarithmic scale, from which one step settles the solution.
const NEAR: f64 = 1e-5;

/// Below this share the square of the point is near the end of the range of f64.
const FAR_OUT: f64 = 1e-290;

/// Returns the point that a t variable with `freedom > 0` degrees of freedom exceeds with probability `p`, for `0 < p <= 1/2`.
///
/// `t²/(freedom + t²)` has a beta distribution: Abramowitz and Stegun (1964), 26.7.1 with 26.5.27.
pub(crate) fn t_upper_quantile(p: f64, freedom: f64) -> f64 {
    if let Some(t) = solve(p, freedom) {
        return t;
    }
    let x = beta_upper_quantile(0.5, freedom / 2.0, 2.0 * p);
    // Not `1 - x`, which would lose the digits of a point far out.
    let y = beta_quantile(freedom / 2.0, 0.5, 2.0 * p);
    if y > FAR_OUT {
        return (freedom * x / y).sqrt();
    }
    // The leading term of the incomplete beta function, whose point is too small for an f64.
    let a = freedom / 2.0;
    let ln_beta = ln_gamma(a) + ln_gamma(0.5) - ln_gamma(a + 0.5);
    ((a * freedom.ln() - a.ln() - ln_beta - (2.0 * p).ln()) / freedom).exp()
}

/// Solves `ln tail = ln p` in `ln t` by Halley's method, which takes 2 or 3 steps where the normal expansion is near; `None` where
/// that may not be.
fn solve(p: f64, freedom: f64) -> Option<f64> {
    if !(1e-100..=0.4).contains(&p) || !(1.0..=1e12).contains(&freedom) {
        return None;
    }
    let mut t = start(p, freedom);
    for _ in 0..MAX_STEPS {
        let square = t * t;
        let (x, y) = (freedom / (freedom + square), square / (freedom + square));
        let point = BetaPoint { a: freedom / 2.0, b: 0.5, x, y };
        let reached = beta_tails(point.a, point.b, x, y).lower / 2.0;
        let slope = -point.kernel() / reached;
        let distance = (p / reached).ln();
        let step = halley(distance / slope, x - freedom * y - slope).exp();
        if !(step > 0.0 && step.is_finite()) {
            return None;
        }
        t *= step;
        if distance.abs() <= NEAR {
            return Some(t);
        }
    }
    None
}

/// Returns a first guess from the normal quantile: Abramowitz and Stegun (1964), 26.7.5.
fn start(p: f64, freedom: f64) -> f64 {
    let z = normal_upper_quantile(p);
    let w = z * z;
    let first = (w + 1.0) / 4.0;
    let second = ((5.0 * w + 16.0) * w + 3.0) / 96.0;
    let third = (((3.0 * w + 19.0) * w + 17.0) * w - 15.0) / 384.0;
    z * (1.0 + (first + (second + third / freedom) / freedom) / freedom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_agree_with_the_distributions_fixture() {
        // distributions.json, t ppf with the sign turned; mpmath 1.4.1.
        for (p, freedom, expected) in [
            (0.025, 1.0, 12.706_204_736_174_694),
            (1e-10, 1.0, 3_183_098_861.837_907),
            (0.4, 2.0, 0.288_675_134_594_812_8),
            (0.025, 4.5, 2.658_912_347_204_403),
            (1e-10, 30.0, 9.377_489_780_407_144),
            (0.025, 1e6, 1.959_966_356_814_106_6),
            (0.4, 1_999_998.0, 0.253_347_136_836_851_7),
        ] {
            let got = t_upper_quantile(p, freedom);
            let error = ((got - expected) / expected).abs();
            assert!(error < 1e-10, "p = {p}, freedom = {freedom}: {got}, off by {error:e}");
        }
    }
}

//! Quantiles of Student's t distribution.

use super::beta_quantile::{beta_quantile, beta_upper_quantile};

/// Returns the point that a t variable with `freedom > 0` degrees of freedom exceeds with probability `p`, for `0 < p <= 1/2`.
///
/// `t²/(freedom + t²)` has a beta distribution: Abramowitz and Stegun (1964), 26.7.1 with 26.5.27.
pub(crate) fn t_upper_quantile(p: f64, freedom: f64) -> f64 {
    let x = beta_upper_quantile(0.5, freedom / 2.0, 2.0 * p);
    // Not `1 - x`, which would lose the digits of a point far out.
    let y = beta_quantile(freedom / 2.0, 0.5, 2.0 * p);
    (freedom * x / y).sqrt()
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

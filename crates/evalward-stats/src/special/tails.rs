//! Tail probabilities of the distributions that tests refer to.

use statrs::function::erf::erfc;
use statrs::function::gamma::{gamma_lr, gamma_ur};

use super::beta::{Tails, beta_tails};
use super::normal::normal_upper_quantile;
use super::student::t_upper_quantile;

/// Returns both tails of the standard normal distribution at `x`.
pub(crate) fn normal_tails(x: f64) -> Tails {
    let scaled = x * std::f64::consts::FRAC_1_SQRT_2;
    Tails { lower: erfc(-scaled) / 2.0, upper: erfc(scaled) / 2.0 }
}

/// Returns the point below which a standard normal variable lies with probability `p`, for `0 < p < 1`.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    -normal_upper_quantile(p)
}

/// Returns both tails of Student's t distribution with `freedom > 0` at `t`.
///
/// Abramowitz and Stegun (1964), 26.7.1 with 26.5.27.
pub(crate) fn t_tails(t: f64, freedom: f64) -> Tails {
    let square = t * t;
    let (x, y) = if square.is_finite() {
        (freedom / (freedom + square), square / (freedom + square))
    } else {
        (0.0, 1.0)
    };
    let outside = beta_tails(freedom / 2.0, 0.5, x, y).lower / 2.0;
    if t >= 0.0 {
        Tails { lower: 1.0 - outside, upper: outside }
    } else {
        Tails { lower: outside, upper: 1.0 - outside }
    }
}

/// Returns the point below which a t variable with `freedom > 0` lies with probability `p`, for `0 < p < 1`.
pub(crate) fn t_quantile(p: f64, freedom: f64) -> f64 {
    if p <= 0.5 { -t_upper_quantile(p, freedom) } else { t_upper_quantile(1.0 - p, freedom) }
}

/// Returns both tails of the F distribution with `d1, d2 > 0` degrees of freedom at `x`.
///
/// Abramowitz and Stegun (1964), 26.6.2.
pub(crate) fn f_tails(x: f64, d1: f64, d2: f64) -> Tails {
    let part = d1 * x;
    let (low, high) =
        if part.is_finite() { (part / (part + d2), d2 / (part + d2)) } else { (1.0, 0.0) };
    beta_tails(d1 / 2.0, d2 / 2.0, low, high)
}

/// Returns both tails of the chi-squared distribution with `freedom > 0` at `x >= 0`.
pub(crate) fn chi_squared_tails(x: f64, freedom: f64) -> Tails {
    if x <= 0.0 {
        return Tails { lower: 0.0, upper: 1.0 };
    }
    Tails { lower: gamma_lr(freedom / 2.0, x / 2.0), upper: gamma_ur(freedom / 2.0, x / 2.0) }
}

/// Returns the probabilities of at most and of more than `k` successes in `n` trials of probability `p`.
pub(crate) fn binomial_tails(k: f64, n: f64, p: f64) -> Tails {
    if k < 0.0 {
        return Tails { lower: 0.0, upper: 1.0 };
    }
    if k >= n {
        return Tails { lower: 1.0, upper: 0.0 };
    }
    let Tails { lower, upper } = beta_tails(k + 1.0, n - k, p, 1.0 - p);
    Tails { lower: upper, upper: lower }
}

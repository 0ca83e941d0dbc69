//! Tail probabilities and quantiles of the distributions that tests refer to.

use super::beta::{Tails, beta_tails};
use super::beta_quantile::{beta_quantile, beta_upper_quantile};
use super::gamma::ln_gamma;
use super::gamma_quantile::{gamma_quantile, gamma_upper_quantile};
use super::gamma_tails::gamma_tails;
use super::normal::normal_upper_quantile;
use super::student::t_upper_quantile;

/// Returns both tails of the standard normal distribution at `x`.
///
/// Abramowitz and Stegun (1964), 26.4.19 with one degree of freedom.
pub(crate) fn normal_tails(x: f64) -> Tails {
    let outside = gamma_tails(0.5, x * x / 2.0);
    let (near, far) = (0.5 + outside.lower / 2.0, outside.upper / 2.0);
    if x >= 0.0 { Tails { lower: near, upper: far } } else { Tails { lower: far, upper: near } }
}

/// Returns the point below which a standard normal variable lies with probability `p`, for `0 < p < 1`.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    -normal_upper_quantile(p)
}

/// Returns both tails of Student's t distribution with `freedom > 0` at `t`.
///
/// Abramowitz and Stegun (1964), 26.7.1 with 26.5.27.
pub(crate) fn t_tails(t: f64, freedom: f64) -> Tails {
    let outside = t_outside(t, freedom) / 2.0;
    if t >= 0.0 {
        Tails { lower: 1.0 - outside, upper: outside }
    } else {
        Tails { lower: outside, upper: 1.0 - outside }
    }
}

/// Returns the probability that a t variable with `freedom > 0` is farther from 0 than `t`.
fn t_outside(t: f64, freedom: f64) -> f64 {
    let square = t * t;
    if square.is_finite() {
        let (x, y) = (freedom / (freedom + square), square / (freedom + square));
        return beta_tails(freedom / 2.0, 0.5, x, y).lower;
    }
    // The leading term of the incomplete beta function, whose point would be too small for an f64.
    let a = freedom / 2.0;
    let ln_beta = ln_gamma(a) + ln_gamma(0.5) - ln_gamma(a + 0.5);
    (a * freedom.ln() - freedom * t.abs().ln() - a.ln() - ln_beta).exp()
}

/// Returns the point below which a t variable with `freedom > 0` lies with probability `p`, for `0 < p < 1`.
pub(crate) fn t_quantile(p: f64, freedom: f64) -> f64 {
    if p <= 0.5 { -t_upper_quantile(p, freedom) } else { t_upper_quantile(1.0 - p, freedom) }
}

/// Returns both tails of the F distribution with `d1, d2 > 0` degrees of freedom at `x`.
///
/// Abramowitz and Stegun (1964), 26.6.2.
pub(crate) fn f_tails(x: f64, d1: f64, d2: f64) -> Tails {
    if x <= 0.0 {
        return Tails { lower: 0.0, upper: 1.0 };
    }
    // Whichever ratio is below 1 neither overflows nor leaves digits in a sum.
    let (low, high) = if x < d2 / d1 {
        let ratio = d1 / d2 * x;
        (ratio / (1.0 + ratio), 1.0 / (1.0 + ratio))
    } else {
        let ratio = d2 / d1 / x;
        (1.0 / (1.0 + ratio), ratio / (1.0 + ratio))
    };
    beta_tails(d1 / 2.0, d2 / 2.0, low, high)
}

/// Returns the point below which an F variable with `d1, d2 > 0` lies with probability `p`, for `0 < p < 1`.
pub(crate) fn f_quantile(p: f64, d1: f64, d2: f64) -> f64 {
    let share = beta_quantile(d1 / 2.0, d2 / 2.0, p);
    // Not `1 - share`, which would lose the digits of a point far out.
    d2 / d1 * share / beta_upper_quantile(d2 / 2.0, d1 / 2.0, p)
}

/// Returns the point above which an F variable with `d1, d2 > 0` lies with probability `p`, for `0 < p < 1`.
pub(crate) fn f_upper_quantile(p: f64, d1: f64, d2: f64) -> f64 {
    1.0 / f_quantile(p, d2, d1)
}

/// Returns both tails of the chi-squared distribution with `freedom > 0` at `x`.
pub(crate) fn chi_squared_tails(x: f64, freedom: f64) -> Tails {
    gamma_tails(freedom / 2.0, x / 2.0)
}

/// Returns the point below which a chi-squared variable with `freedom > 0` lies with probability `p`, for `0 < p < 1`.
pub(crate) fn chi_squared_quantile(p: f64, freedom: f64) -> f64 {
    2.0 * gamma_quantile(freedom / 2.0, p)
}

/// Returns the point above which a chi-squared variable with `freedom > 0` lies with probability `p`, for `0 < p < 1`.
pub(crate) fn chi_squared_upper_quantile(p: f64, freedom: f64) -> f64 {
    2.0 * gamma_upper_quantile(freedom / 2.0, p)
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

/// Returns the smallest number of successes in `n` trials at which a condition on the tails holds that holds from there on.
pub(crate) fn first_count(n: f64, p: f64, holds: impl Fn(Tails) -> bool) -> f64 {
    let (mut below, mut at) = (-1.0, n);
    while at - below > 1.0 {
        let middle = f64::midpoint(below, at).floor();
        // Above 2^53 neighbouring floats lie further apart than counts.
        if middle <= below || middle >= at {
            break;
        }
        if holds(binomial_tails(middle, n, p)) {
            at = middle;
        } else {
            below = middle;
        }
    }
    at
}

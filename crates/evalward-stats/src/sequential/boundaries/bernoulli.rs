//! The interval for a rate that holds at any number of trials.

use super::super::scale::{check_alpha, check_positive};
use super::bisection::sign_change;
use super::normal::{Sides, best_rho};
use crate::convert::count_to_f64;
use crate::intervals::failures;
use crate::special::ln_gamma;
use crate::{Interval, StatsError};

/// Returns the interval for a rate after some trials, one of a confidence sequence that is tightest at about `t_opt` trials.
///
/// It inverts the two-sided beta-binomial mixture: Howard, Ramdas, `McAuliffe` and Sekhon (2021), proposition 7. Valid for independent
/// trials, and for means of observations in `[0, 1]`, at every number of trials at once.
///
/// # Errors
/// Returns [`StatsError::TooFew`] when there are no trials and [`StatsError::OutOfDomain`] for more successes than trials, a `t_opt`
/// that is not positive, and an `alpha` or `alpha_opt` outside `(0, 1)`.
pub fn bernoulli_sequence_interval(
    successes: u64,
    trials: u64,
    alpha: f64,
    tightest: BestAt,
) -> Result<Interval, StatsError> {
    let failures = failures(successes, trials)?;
    let threshold = -check_alpha(alpha)?.ln();
    check_positive("t_opt", tightest.t_opt)?;
    let precision = (best_rho(tightest.t_opt, tightest.alpha_opt, Sides::Two)? - 1.0).max(1e-3);
    let (k, f) = (count_to_f64(successes), count_to_f64(failures));
    let rate = k / (k + f);
    let excess = |p: f64| log_mixture(k, f, precision, p) - threshold;
    // At 0 and at 1 themselves the mixture is infinite as soon as there is a trial against them.
    let low = if successes > 0 { sign_change(rate, 0.0, excess) } else { 0.0 };
    let high = if failures > 0 { sign_change(rate, 1.0, excess) } else { 1.0 };
    Ok(Interval { low: low.min(rate), high: high.max(rate) })
}

/// Where a sequence is tightest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BestAt {
    /// The number of trials.
    pub t_opt: f64,
    /// The `alpha`.
    pub alpha_opt: f64,
}

/// Returns the logarithm of the mixture's e-value against the rate `p`, for `k` successes and `f` failures.
fn log_mixture(k: f64, f: f64, precision: f64, p: f64) -> f64 {
    let q = 1.0 - p;
    let log_beta = |a: f64, b: f64| ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
    log_beta(f + q * precision, k + p * precision)
        - log_beta(q * precision, p * precision)
        - k * p.ln()
        - f * q.ln()
}

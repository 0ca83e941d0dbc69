//! The exact interval for a rate whose observations are worth less than their number.

use crate::special::{beta_quantile, beta_upper_quantile};
use crate::{Interval, Level, StatsError};

/// Returns the Clopper-Pearson interval for a rate of `successes` out of an effective number `n` of independent trials, which
/// need not be whole.
///
/// Beta quantiles extend the exact interval to real counts: Korn and Graubard (1998), "Confidence intervals for proportions with
/// small expected number of positive counts estimated from survey data", Survey Methodology 24(2), section 2. For whole counts
/// it is the interval of [`binomial_interval`](crate::binomial_interval). Shares between 0 and 1 may be summed to
/// `successes`: they spread less than successes and failures with the same mean, so the interval is wider than they need.
///
/// # Errors
/// [`StatsError::TooFew`] where `n` is 0, [`StatsError::NotFinite`] and [`StatsError::OutOfDomain`] where the numbers are no
/// counts, or there are more successes than trials.
pub fn effective_rate_interval(
    successes: f64,
    n: f64,
    level: Level,
) -> Result<Interval, StatsError> {
    for (argument, value) in [("successes", successes), ("n", n)] {
        if !value.is_finite() {
            return Err(StatsError::NotFinite { argument, index: 0 });
        }
    }
    if n <= 0.0 {
        return Err(StatsError::TooFew { statistic: "rate", needed: 1, got: 0 });
    }
    if !(0.0..=n).contains(&successes) {
        return Err(StatsError::OutOfDomain {
            argument: "successes",
            value: successes,
            expected: "between 0 and `n`",
        });
    }
    let (failures, tail) = (n - successes, level.tail());
    let low = if successes > 0.0 { beta_quantile(successes, failures + 1.0, tail) } else { 0.0 };
    let high =
        if failures > 0.0 { beta_upper_quantile(successes + 1.0, failures, tail) } else { 1.0 };
    let low = low.clamp(0.0, 1.0);
    Ok(Interval { low, high: high.clamp(low, 1.0) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BinomialMethod, binomial_interval};

    #[test]
    fn whole_counts_give_the_exact_interval() {
        for (successes, n) in [(0_u32, 10_u32), (10, 10), (95, 100), (1, 2)] {
            let exact = binomial_interval(
                successes.into(),
                n.into(),
                Level::P95,
                BinomialMethod::ClopperPearson,
            );
            let real = effective_rate_interval(successes.into(), n.into(), Level::P95);
            assert_eq!(real, exact);
        }
    }

    #[test]
    fn fewer_effective_trials_give_a_wider_interval() {
        let width = |n: f64| effective_rate_interval(0.9 * n, n, Level::P95).unwrap().width();
        assert!(width(12.5) > width(12.6) && width(12.6) > width(100.0));
    }

    #[test]
    fn numbers_that_are_no_counts_are_refused() {
        for (successes, n) in
            [(f64::NAN, 1.0), (1.0, f64::INFINITY), (0.0, 0.0), (2.0, 1.0), (-0.1, 1.0)]
        {
            assert!(effective_rate_interval(successes, n, Level::P95).is_err());
        }
    }
}

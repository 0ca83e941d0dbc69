//! Intervals for a rate from a count of successes.

use crate::convert::count_to_f64;
use crate::special::{beta_quantile, beta_upper_quantile, normal_upper_quantile};
use crate::{Interval, Level, StatsError};

/// The ways to put an interval around an observed rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinomialMethod {
    /// The normal approximation around the observed rate, clipped to `[0, 1]`.
    ///
    /// It is here as the anti-pattern: it covers 39 % instead of 95 % at
    /// `n = 50` and a true rate of 0.99, and an all-pass run gets `[1, 1]`.
    /// Brown, Cai and `DasGupta` (2001), "Interval estimation for a binomial
    /// proportion", Statistical Science 16(2), equation (1).
    Wald,
    /// The inverted score test, without continuity correction; the one to show.
    ///
    /// Wilson (1927), "Probable inference, the law of succession, and
    /// statistical inference", JASA 22; in Brown, Cai and `DasGupta` (2001) it is
    /// equation (4).
    Wilson,
    /// The inverted exact test, which never covers less than its level; the one
    /// to gate on.
    ///
    /// Clopper and Pearson (1934), "The use of confidence or fiducial limits
    /// illustrated in the case of the binomial", Biometrika 26(4); as beta
    /// quantiles in Brown, Cai and `DasGupta` (2001), section 4.2.1.
    ClopperPearson,
    /// The equal-tailed posterior interval under Jeffreys' prior, without the
    /// modification at the boundary, so it excludes 0 even when no success was
    /// seen.
    ///
    /// Brown, Cai and `DasGupta` (2001), equation (6).
    Jeffreys,
    /// Jeffreys' interval with the lower end 0 where no success was seen and the upper end 1 where no failure was.
    ///
    /// Brown, Cai and `DasGupta` (2001), section 4.3, the first of their modifications.
    JeffreysModified,
    /// The normal approximation around the centre of Wilson's interval, clipped to `[0, 1]`.
    ///
    /// Agresti and Coull (1998), "Approximate is better than exact for interval estimation of binomial proportions", The
    /// American Statistician 52(2); in Brown, Cai and `DasGupta` (2001) it is equation (5).
    AgrestiCoull,
    /// Wilson's interval with continuity correction, nearly as wide as the exact one.
    ///
    /// Newcombe (1998), "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17(8), method 4.
    WilsonCorrected,
}

/// Returns an interval for the success rate behind `successes` out of `n`
/// independent trials.
///
/// # Errors
/// Returns [`StatsError::TooFew`] when `n` is 0 and [`StatsError::OutOfDomain`]
/// when there are more successes than trials.
pub fn binomial_interval(
    successes: u64,
    n: u64,
    level: Level,
    method: BinomialMethod,
) -> Result<Interval, StatsError> {
    let failures = failures(successes, n)?;
    let (k, f) = (count_to_f64(successes), count_to_f64(failures));
    let interval = match method {
        BinomialMethod::Wald => wald(k, f, level),
        BinomialMethod::Wilson => wilson(k, f, level),
        BinomialMethod::ClopperPearson => clopper_pearson(k, f, level),
        BinomialMethod::Jeffreys => jeffreys(k, f, level),
        BinomialMethod::JeffreysModified => jeffreys_modified(k, f, level),
        BinomialMethod::AgrestiCoull => agresti_coull(k, f, level),
        BinomialMethod::WilsonCorrected => wilson_corrected(k, f, level),
    };
    // Rounding must not swap the ends of an interval of no width.
    let low = interval.low.clamp(0.0, 1.0);
    Ok(Interval { low, high: interval.high.clamp(low, 1.0) })
}

/// Returns the observed rate, `successes / n`.
///
/// # Errors
/// Returns [`StatsError::TooFew`] when `n` is 0 and [`StatsError::OutOfDomain`]
/// when there are more successes than trials.
pub fn observed_rate(successes: u64, n: u64) -> Result<f64, StatsError> {
    failures(successes, n)?;
    Ok(count_to_f64(successes) / count_to_f64(n))
}

/// Returns the number of trials that were not successes.
pub(crate) fn failures(successes: u64, n: u64) -> Result<u64, StatsError> {
    if n == 0 {
        return Err(StatsError::TooFew { statistic: "rate", needed: 1, got: 0 });
    }
    n.checked_sub(successes).ok_or(StatsError::OutOfDomain {
        argument: "successes",
        value: count_to_f64(successes),
        expected: "at most `n`",
    })
}

fn wald(k: f64, f: f64, level: Level) -> Interval {
    let n = k + f;
    let half = normal_upper_quantile(level.tail()) * (k / n * f / n / n).sqrt();
    Interval { low: k / n - half, high: k / n + half }
}

/// Each end is written as a ratio of sums of positive terms, the lower one as a
/// share of successes and the upper one as one minus a share of failures, so
/// that neither loses digits next to its boundary.
fn wilson(k: f64, f: f64, level: Level) -> Interval {
    let z = normal_upper_quantile(level.tail());
    Interval { low: wilson_low(k, f, z), high: 1.0 - wilson_low(f, k, z) }
}

/// Returns the smaller root `p` of `(k - n p)^2 = z^2 n p (1 - p)`, by the form
/// of the quadratic formula that does not cancel.
fn wilson_low(k: f64, f: f64, z: f64) -> f64 {
    if k <= 0.0 {
        return 0.0;
    }
    let n = k + f;
    let square = z * z;
    let spread = z * (square / 4.0 + k / n * f).sqrt();
    k / n * k / (k + square / 2.0 + spread)
}

fn clopper_pearson(k: f64, f: f64, level: Level) -> Interval {
    let tail = level.tail();
    let low = if k > 0.0 { beta_quantile(k, f + 1.0, tail) } else { 0.0 };
    let high = if f > 0.0 { beta_upper_quantile(k + 1.0, f, tail) } else { 1.0 };
    Interval { low, high }
}

fn jeffreys(k: f64, f: f64, level: Level) -> Interval {
    let tail = level.tail();
    Interval {
        low: beta_quantile(k + 0.5, f + 0.5, tail),
        high: beta_upper_quantile(k + 0.5, f + 0.5, tail),
    }
}

fn jeffreys_modified(k: f64, f: f64, level: Level) -> Interval {
    let Interval { low, high } = jeffreys(k, f, level);
    Interval { low: if k > 0.0 { low } else { 0.0 }, high: if f > 0.0 { high } else { 1.0 } }
}

fn agresti_coull(k: f64, f: f64, level: Level) -> Interval {
    let z = normal_upper_quantile(level.tail());
    let square = z * z;
    let n = k + f + square;
    let (passed, failed) = (k + square / 2.0, f + square / 2.0);
    let half = z * (passed / n * failed / n / n).sqrt();
    Interval { low: passed / n - half, high: passed / n + half }
}

fn wilson_corrected(k: f64, f: f64, level: Level) -> Interval {
    let z = normal_upper_quantile(level.tail());
    Interval { low: wilson_corrected_low(k, f, z), high: 1.0 - wilson_corrected_low(f, k, z) }
}

/// Returns the smaller root `p` of `(k - 1/2 - n p)^2 = z^2 n p (1 - p)`, by the form that does not cancel.
fn wilson_corrected_low(k: f64, f: f64, z: f64) -> f64 {
    if k <= 0.0 {
        return 0.0;
    }
    let (n, square) = (k + f, z * z);
    let passed = 2.0 * k - 1.0;
    let spread = z * (square - 2.0 - 1.0 / n + 4.0 * (k / n) * (f + 1.0)).max(0.0).sqrt();
    passed / n * passed / 2.0 / (passed + square + spread)
}

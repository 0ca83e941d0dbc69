//! The power of `McNemar`'s test.

use serde::Serialize;

use super::root::check_probability;
use crate::StatsError;
use crate::convert::count_to_f64;
use crate::special::binomial_tails;

/// Numbers of discordant pairs farther than this many standard deviations from their mean are left out.
const REACH: f64 = 12.0;

/// The power of `McNemar`'s two-sided test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct McnemarPower {
    /// Of the exact test.
    pub power_exact_test: f64,
    /// Of the test by the mid-p-value.
    pub power_midp_test: f64,
}

/// Returns the power of `McNemar`'s two-sided test on `n` pairs, of which the shares `p_b` and `p_c` are expected to differ one way and
/// the other.
///
/// It is the sum over the numbers of discordant pairs, each with the critical value that the test has for it: Lachenbruch (1992), "On the
/// sample size for studies based upon `McNemar`'s test", Statistics in Medicine 11(11). The mid-p test is that of Fagerland, Lydersen and
/// Laake (2013), "The `McNemar` test for binary matched-pairs data", BMC Medical Research Methodology 13:91.
///
/// # Errors
/// Returns [`StatsError::TooFew`] when there are no pairs and [`StatsError::OutOfDomain`] for shares that are negative or more than 1
/// together and for an `alpha` outside `(0, 1)`.
pub fn mcnemar_power(n: u64, p_b: f64, p_c: f64, alpha: f64) -> Result<McnemarPower, StatsError> {
    if n == 0 {
        return Err(StatsError::TooFew { statistic: "power of McNemar's test", needed: 1, got: 0 });
    }
    check_probability("alpha", alpha)?;
    for (argument, value) in [("p_b", p_b), ("p_c", p_c)] {
        if !(0.0..=1.0).contains(&value) {
            return Err(StatsError::OutOfDomain { argument, value, expected: "in [0, 1]" });
        }
    }
    let discordant = p_b + p_c;
    if discordant > 1.0 + 1e-12 {
        let expected = "at most 1 together with `p_c`";
        return Err(StatsError::OutOfDomain { argument: "p_b", value: p_b, expected });
    }
    let mut power = McnemarPower { power_exact_test: 0.0, power_midp_test: 0.0 };
    if discordant <= 0.0 {
        return Ok(power);
    }
    let (size, share) = (count_to_f64(n), (p_b / discordant).min(1.0));
    let discordant = discordant.min(1.0);
    let centre = size * discordant;
    let spread = REACH * (centre * (1.0 - discordant)).sqrt() + REACH;
    let (first, last) = ((centre - spread).max(1.0).floor(), (centre + spread).min(size).ceil());
    let mut pairs = first;
    while pairs <= last {
        let probability = point_probability(pairs, size, discordant);
        let found = |critical: Option<f64>| match critical {
            Some(critical) => {
                binomial_tails(critical, pairs, share).lower
                    + binomial_tails(pairs - critical - 1.0, pairs, share).upper
            }
            None => 0.0,
        };
        power.power_exact_test += probability * found(critical_value(pairs, alpha, exact_p));
        power.power_midp_test += probability * found(critical_value(pairs, alpha, mid_p));
        pairs += 1.0;
    }
    Ok(power)
}

/// Returns the largest smaller count of `pairs` discordant pairs at which the test rejects, where it ever does.
fn critical_value(pairs: f64, alpha: f64, p: impl Fn(f64, f64) -> f64) -> Option<f64> {
    if p(0.0, pairs) > alpha {
        return None;
    }
    let (mut low, mut high) = (0.0, (pairs / 2.0).floor());
    // Where both counts are equal the two tails overlap, and the test never rejects.
    if 2.0 * high >= pairs {
        high -= 1.0;
    }
    while low < high {
        let middle = f64::midpoint(low, high).ceil();
        if p(middle, pairs) <= alpha {
            low = middle;
        } else {
            high = middle - 1.0;
        }
    }
    Some(low)
}

fn exact_p(smaller: f64, pairs: f64) -> f64 {
    2.0 * binomial_tails(smaller, pairs, 0.5).lower
}

fn mid_p(smaller: f64, pairs: f64) -> f64 {
    binomial_tails(smaller, pairs, 0.5).lower + binomial_tails(smaller - 1.0, pairs, 0.5).lower
}

fn point_probability(k: f64, n: f64, p: f64) -> f64 {
    let below = binomial_tails(k - 1.0, n, p);
    let at = binomial_tails(k, n, p);
    if at.lower < 0.5 { at.lower - below.lower } else { below.upper - at.upper }
}

//! The score interval for the difference of two independent rates.

use super::failures;
use crate::convert::count_to_f64;
use crate::root::boundary;
use crate::special::normal_upper_quantile;
use crate::{Interval, Level, StatsError};

/// Steps of Newton's method after the closed form, which loses half of the digits where two of its roots meet.
const POLISH: usize = 3;

/// Returns Miettinen and Nurminen's score interval for the difference `k1 / n1 - k2 / n2` of two independent rates.
///
/// Miettinen and Nurminen (1985), "Comparative analysis of two rates", Statistics in Medicine 4, equations (8) and (9), with
/// their correction `N / (N - 1)` of the variance. It inverts the test whose variance is estimated under the difference that is
/// tested, so it has a width also where all trials succeeded. The trials are assumed independent.
///
/// # Errors
/// Returns [`StatsError::TooFew`] when a group is empty and [`StatsError::OutOfDomain`] for more successes than trials.
pub fn miettinen_nurminen_interval(
    k1: u64,
    n1: u64,
    k2: u64,
    n2: u64,
    level: Level,
) -> Result<Interval, StatsError> {
    let (f1, f2) = (failures(k1, n1)?, failures(k2, n2)?);
    let tables = Tables {
        one: Counts { passed: count_to_f64(k1), failed: count_to_f64(f1) },
        two: Counts { passed: count_to_f64(k2), failed: count_to_f64(f2) },
    };
    let z = normal_upper_quantile(level.tail());
    let estimate = tables.one.rate() - tables.two.rate();
    Ok(Interval {
        low: boundary(estimate, -1.0, |difference| tables.score(difference) <= z),
        high: boundary(estimate, 1.0, |difference| tables.score(difference) >= -z),
    })
}

#[derive(Clone, Copy)]
struct Counts {
    passed: f64,
    failed: f64,
}

impl Counts {
    fn size(self) -> f64 {
        self.passed + self.failed
    }

    fn rate(self) -> f64 {
        self.passed / self.size()
    }
}

#[derive(Clone, Copy)]
struct Tables {
    one: Counts,
    two: Counts,
}

impl Tables {
    /// Returns the score statistic of a difference: positive where the observed one is larger.
    fn score(self, difference: f64) -> f64 {
        let excess = self.one.rate() - self.two.rate() - difference;
        let second = self.second_rate(difference);
        let first = (second + difference).clamp(0.0, 1.0);
        let all = self.one.size() + self.two.size();
        let variance = (first * (1.0 - first) / self.one.size()
            + second * (1.0 - second) / self.two.size())
            * (all / (all - 1.0));
        if variance > 0.0 {
            excess / variance.sqrt()
        } else if excess.abs() > 0.0 {
            // No difference but the one that is tested could have been seen.
            f64::INFINITY.copysign(excess)
        } else {
            0.0
        }
    }

    /// Returns the second rate of highest likelihood under a difference: equation (9), the middle root of a cubic.
    fn second_rate(self, difference: f64) -> f64 {
        let (lowest, highest) = ((-difference).max(0.0), (1.0 - difference).min(1.0));
        let (n1, n2) = (self.one.size(), self.two.size());
        let all = n1 + n2;
        let passed = self.one.passed + self.two.passed;
        // The coefficients of the cubic, divided by the leading one.
        let c2 = ((n1 + 2.0 * n2) * difference - all - passed) / all;
        let c1 = ((n2 * difference - all - 2.0 * self.two.passed) * difference + passed) / all;
        let c0 = self.two.passed * difference * (1.0 - difference) / all;
        let third = c2 / 3.0;
        let q = third * third * third - c1 * c2 / 6.0 + c0 / 2.0;
        let p = (third * third - c1 / 3.0).max(0.0).sqrt().copysign(q);
        let cube = p * p * p;
        let angle = if cube.abs() > 0.0 { (q / cube).clamp(-1.0, 1.0).acos() } else { 0.0 };
        let root = 2.0 * p * ((std::f64::consts::PI + angle) / 3.0).cos() - third;
        self.polished(root.clamp(lowest, highest), difference, lowest, highest)
    }

    /// Improves a rate by Newton's method on the derivative of the likelihood, which falls all the way.
    fn polished(self, start: f64, difference: f64, lowest: f64, highest: f64) -> f64 {
        let mut second = start;
        for _ in 0..POLISH {
            let first = second + difference;
            let terms = [
                (self.one.passed, first),
                (-self.one.failed, 1.0 - first),
                (self.two.passed, second),
                (-self.two.failed, 1.0 - second),
            ];
            let (mut slope, mut bend) = (0.0, 0.0);
            for (count, rate) in terms {
                if count.abs() > 0.0 {
                    slope += count / rate;
                    bend += count.abs() / (rate * rate);
                }
            }
            let next = second + slope / bend;
            if !(next > lowest && next < highest) {
                break;
            }
            second = next;
        }
        second
    }
}

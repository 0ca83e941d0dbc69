//! Intervals for the difference of two rates on the same examples.

use crate::convert::count_to_f64;
use crate::root::boundary;
use crate::special::normal_upper_quantile;
use crate::{Interval, Level, StatsError};

/// Returns Tango's score interval for the difference of two paired rates.
///
/// `improved` pairs went from failure to success, `worsened` ones the other way, out of `n` pairs; the difference is
/// `(improved - worsened) / n`. Tango (1998), "Equivalence test and confidence interval for the difference in proportions for
/// the paired-sample design", Statistics in Medicine 17, equation (4).
///
/// # Errors
/// Returns [`StatsError::TooFew`] when `n` is 0 and [`StatsError::OutOfDomain`] when more pairs changed than there are.
pub fn tango_interval(
    improved: u64,
    worsened: u64,
    n: u64,
    level: Level,
) -> Result<Interval, StatsError> {
    if n == 0 {
        return Err(StatsError::TooFew { statistic: "paired rates", needed: 1, got: 0 });
    }
    let changed = improved.checked_add(worsened).filter(|changed| *changed <= n);
    if changed.is_none() {
        return Err(StatsError::OutOfDomain {
            argument: "improved",
            value: count_to_f64(improved),
            expected: "at most `n` together with `worsened`",
        });
    }
    let n = count_to_f64(n);
    let table = Changes { n, up: count_to_f64(improved) / n, down: count_to_f64(worsened) / n };
    let z = normal_upper_quantile(level.tail());
    Ok(Interval { low: -table.mirrored().upper(z), high: table.upper(z) })
}

/// The shares of pairs that changed.
#[derive(Clone, Copy)]
struct Changes {
    n: f64,
    up: f64,
    down: f64,
}

impl Changes {
    fn mirrored(self) -> Self {
        Self { n: self.n, up: self.down, down: self.up }
    }

    /// Returns the largest difference that the score test does not reject.
    fn upper(self, z: f64) -> f64 {
        let estimate = self.up - self.down;
        let is_compatible = |difference: f64| {
            (estimate - difference) * self.n.sqrt() + z * self.variance(difference).sqrt() > 0.0
        };
        boundary(estimate, 1.0, is_compatible)
    }

    /// Returns the variance of one pair's change where the true difference is `x`, by the constrained maximum of the likelihood.
    fn variance(self, x: f64) -> f64 {
        if x < 0.0 {
            // The share of the rarer change is found without cancellation.
            return self.mirrored().variance(-x);
        }
        let b = (2.0 - self.up + self.down) * x - self.up - self.down;
        let c = self.down * x * (1.0 - x);
        let root = (b * b + 8.0 * c).sqrt();
        let down = if b > 0.0 {
            if c > 0.0 { 2.0 * c / (root + b) } else { 0.0 }
        } else {
            (root - b) / 4.0
        };
        2.0 * down + x * (1.0 - x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(improved: u64, worsened: u64, n: u64, confidence: f64, expected: [f64; 2]) {
        let level = Level::new(confidence).unwrap();
        let interval = tango_interval(improved, worsened, n, level).unwrap();
        for (got, expected) in [interval.low, interval.high].into_iter().zip(expected) {
            assert!((got - expected).abs() < 1e-11, "{interval:?}, expected {expected}");
        }
    }

    #[test]
    fn intervals_agree_with_the_mcnemar_fixture() {
        // mcnemar.json, `ci_tango`: 40-digit bisection of the score equation.
        check(16, 6, 161, 0.95, [0.005_433_395_731_677_088, 0.124_023_432_464_068_15]);
        check(2, 10, 100, 0.99, [-0.187_992_852_182_951_28, 0.011_928_296_411_279_769]);
        check(0, 0, 50, 0.95, [-0.071_347_599_133_358_71, 0.071_347_599_133_358_71]);
        check(0, 1, 50, 0.9, [-0.084_805_294_248_309_46, 0.032_359_849_501_995_525]);
        check(6, 0, 55, 0.9, [0.057_090_815_694_752_93, 0.197_366_656_372_842_65]);
        check(5, 5, 10, 0.99, [-0.631_548_963_505_529, 0.631_548_963_505_529]);
        check(0, 20, 20, 0.99, [-1.0, -0.501_789_197_802_493_2]);
        check(20, 0, 20, 0.9, [0.761_684_325_278_071_1, 1.0]);
        check(
            49_000,
            50_000,
            1_000_000,
            0.95,
            [-0.001_616_708_389_446_186_4, -0.000_383_318_887_683_618],
        );
    }

    #[test]
    fn tables_that_are_none_are_refused() {
        assert!(matches!(tango_interval(0, 0, 0, Level::P95), Err(StatsError::TooFew { .. })));
        for (improved, worsened) in [(2, 2), (4, 0), (u64::MAX, 1)] {
            let refused = tango_interval(improved, worsened, 3, Level::P95);
            assert!(matches!(refused, Err(StatsError::OutOfDomain { .. })));
        }
    }
}

//! The regularized incomplete beta function.

use super::beta_fraction::fraction_tail;
use super::beta_panels::panel_tail;
use super::gamma::{ln_1p_minus, stirling_remainder};

/// Above this size of the smaller shape the continued fraction needs more terms
/// than the integration over panels needs evaluations.
const LARGE_SHAPE: f64 = 500.0;

/// A beta distribution's shapes and a point, given from both ends.
///
/// `y` is `1 - x`. Whoever knows the smaller of the two exactly passes it in,
/// so that points next to 1 keep their digits.
#[derive(Debug, Clone, Copy)]
pub(super) struct BetaPoint {
    pub(super) a: f64,
    pub(super) b: f64,
    pub(super) x: f64,
    pub(super) y: f64,
}

impl BetaPoint {
    fn mirrored(self) -> Self {
        Self { a: self.b, b: self.a, x: self.y, y: self.x }
    }

    /// Returns how far the mean lies above the point, in units of
    /// `1 / (a + b)`: `a - (a + b) x`.
    pub(super) fn below_mean(self) -> f64 {
        self.a * self.y - self.b * self.x
    }

    /// Returns `x^a y^b / B(a, b)`.
    ///
    /// The saddle-point form of Loader (2000), "Fast and accurate computation of
    /// binomial probabilities", continued to real shapes: it has no large terms
    /// that cancel.
    pub(super) fn kernel(self) -> f64 {
        let Self { a, b, x, y } = self;
        let n = a + b;
        let excess = -self.below_mean();
        let exponent = a * ln_minus(n * x / a, excess / a) + b * ln_minus(n * y / b, -excess / b);
        let remainder = stirling_remainder(n) - stirling_remainder(a) - stirling_remainder(b);
        (a / n * b / std::f64::consts::TAU).sqrt() * (exponent + remainder).exp()
    }
}

/// Returns `ln(ratio) - excess` where `excess` is `ratio - 1`, from whichever of
/// the two has the digits.
pub(super) fn ln_minus(ratio: f64, excess: f64) -> f64 {
    if excess.abs() <= 0.4 { ln_1p_minus(excess) } else { ratio.ln() - excess }
}

/// The two tail probabilities of a distribution at a point; their sum is 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Tails {
    /// The probability of at most the point.
    pub(crate) lower: f64,
    /// The probability of more than the point, exact where it is tiny.
    pub(crate) upper: f64,
}

/// Returns both tails of the beta distribution with shapes `a, b > 0` at `x`,
/// where `y` is `1 - x`; the lower one is the regularized incomplete beta
/// function `I_x(a, b)`.
///
/// The tail on the point's side of the mean is computed directly, by the
/// continued fraction for small shapes and by integration for large ones, and
/// the other is its complement, so both keep their relative precision.
pub(crate) fn beta_tails(a: f64, b: f64, x: f64, y: f64) -> Tails {
    if x <= 0.0 {
        return Tails { lower: 0.0, upper: 1.0 };
    }
    if y <= 0.0 {
        return Tails { lower: 1.0, upper: 0.0 };
    }
    let point = BetaPoint { a, b, x, y };
    if point.below_mean() >= 0.0 {
        let lower = outer_tail(point);
        Tails { lower, upper: 1.0 - lower }
    } else {
        let upper = outer_tail(point.mirrored());
        Tails { lower: 1.0 - upper, upper }
    }
}

/// Returns the lower tail at a point that is not above the mean.
fn outer_tail(point: BetaPoint) -> f64 {
    let tail =
        if point.a.min(point.b) > LARGE_SHAPE { panel_tail(point) } else { fraction_tail(point) };
    tail.clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Checks the relative error of the lower tail.
    fn check(a: f64, b: f64, x: f64, expected: f64) {
        let got = beta_tails(a, b, x, 1.0 - x).lower;
        let error = ((got - expected) / expected).abs();
        assert!(error < 1e-11, "a = {a}, b = {b}, x = {x}: {got:e}, off by {error:e}");
    }

    #[test]
    fn tails_agree_with_the_distributions_fixture() {
        // distributions.json, binom sf(k) of n at p is I_p(k + 1, n - k).
        check(6.0, 5.0, 0.5, 0.376_953_125);
        check(1.0, 20.0, 0.1, 0.878_423_345_409_430_7);
        check(91.0, 10.0, 0.95, 0.971_811_705_836_583_7);
        check(4_901.0, 5_100.0, 0.5, 0.976_707_236_147_526_3);
        check(500_001.0, 500_000.0, 0.5, 0.499_601_057_819_334_1);
        check(31.0, 970.0, 0.01, 6.419_928_603_137_666e-8);
        // Its cdf(k) is I_(1-p)(n - k, k + 1).
        check(503_000.0, 497_001.0, 0.5, 9.925_748_819_615_104e-10);
    }

    #[test]
    fn the_two_methods_agree_where_they_meet() {
        for a in [40.0, 400.0, 4_000.0] {
            for b in [60.0, 600.0, 60_000.0] {
                let mean: f64 = a / (a + b);
                for x in [0.5 * mean, 0.9 * mean, 0.99 * mean, mean] {
                    let point = BetaPoint { a, b, x, y: 1.0 - x };
                    let (fraction, panels) = (fraction_tail(point), panel_tail(point));
                    let error = (fraction - panels).abs();
                    assert!(error <= 1e-12 * fraction, "{point:?}: {fraction:e}, {panels:e}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn tails_are_probabilities_and_mirror(
            (a, b) in (-1.0..19.0, -1.0..19.0),
            x in 0.0..=1.0,
        ) {
            let (a, b) = (10_f64.powf(a), 10_f64.powf(b));
            let tails = beta_tails(a, b, x, 1.0 - x);
            let mirrored = beta_tails(b, a, 1.0 - x, x);
            prop_assert!((0.0..=1.0).contains(&tails.lower));
            prop_assert!((0.0..=1.0).contains(&tails.upper));
            prop_assert!((tails.lower + tails.upper - 1.0).abs() < 1e-15);
            prop_assert!((tails.lower - mirrored.upper).abs() < 1e-12);
        }
    }
}

//! The regularized incomplete gamma functions.

use super::beta::{Tails, ln_minus};
use super::gamma::{ln_gamma, stirling_remainder};
use super::panels::{NODES, PANEL_WIDTH};

/// Above this shape the series and the fraction need more terms than the integration over panels needs evaluations.
const LARGE_SHAPE: f64 = 200.0;

/// Far more terms than series and fraction need up to that shape; a bound, so that no argument can make them run on.
const MAX_TERMS: u32 = 10_000;

/// More panels than a tail can have before its density falls below rounding.
const MAX_PANELS: u32 = 100;

/// The smallest value that a denominator of the fraction takes.
const TINY: f64 = 1e-300;

/// Returns both tails of the gamma distribution with shape `a > 0` and scale 1 at `x`.
///
/// The tail on the point's side of the mean is computed directly and the other is its complement, so both keep their relative
/// precision: by the series of Abramowitz and Stegun (1964), 6.5.29, by the continued fraction 6.5.31, and for large shapes by
/// integration.
pub(crate) fn gamma_tails(a: f64, x: f64) -> Tails {
    if x <= 0.0 {
        return Tails { lower: 0.0, upper: 1.0 };
    }
    if x.is_infinite() {
        return Tails { lower: 1.0, upper: 0.0 };
    }
    let is_large = a > LARGE_SHAPE;
    if x < a {
        let lower = if is_large { panels(a, x, -1.0) } else { series(a, x) };
        let lower = lower.clamp(0.0, 1.0);
        Tails { lower, upper: 1.0 - lower }
    } else if !is_large && x < a + 1.0 {
        let lower = series(a, x).clamp(0.0, 1.0);
        Tails { lower, upper: 1.0 - lower }
    } else {
        let upper = if is_large { panels(a, x, 1.0) } else { fraction(a, x) };
        let upper = upper.clamp(0.0, 1.0);
        Tails { lower: 1.0 - upper, upper }
    }
}

/// Returns `x^a e^-x / gamma(a)`, the density times the point.
pub(super) fn gamma_kernel(a: f64, x: f64) -> f64 {
    if a < 1.0 {
        return (a * x.ln() - x - ln_gamma(a)).exp();
    }
    let exponent = a * ln_minus(x / a, (x - a) / a) - stirling_remainder(a);
    (a / std::f64::consts::TAU).sqrt() * exponent.exp()
}

fn series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut divisor) = (1.0, 1.0, a);
    for _ in 0..MAX_TERMS {
        divisor += 1.0;
        term *= x / divisor;
        sum += term;
        if term <= sum * f64::EPSILON * 0.1 {
            break;
        }
    }
    if a < 1.0 {
        // Divided before the exponential: `gamma(a)` may be larger than any f64.
        return (a * x.ln() - x - ln_gamma(a + 1.0)).exp() * sum;
    }
    gamma_kernel(a, x) / a * sum
}

/// Evaluates the fraction by the method of Lentz (1976), "Generating Bessel functions in Mie scattering calculations using
/// continued fractions", Applied Optics 15(3).
#[expect(clippy::many_single_char_names, reason = "the names of the published method")]
fn fraction(a: f64, x: f64) -> f64 {
    let kernel = gamma_kernel(a, x);
    if kernel <= 0.0 {
        return 0.0;
    }
    let mut b = x + 1.0 - a;
    let mut c = 1.0 / TINY;
    let mut d = 1.0 / b;
    let mut value = d;
    for term in 1..=MAX_TERMS {
        let i = f64::from(term);
        let numerator = -i * (i - a);
        b += 2.0;
        d = 1.0 / away_from_zero(numerator * d + b);
        c = away_from_zero(b + numerator / c);
        let change = c * d;
        value *= change;
        if (change - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    kernel * value
}

fn away_from_zero(value: f64) -> f64 {
    if value.abs() < TINY { TINY } else { value }
}

/// Integrates the density from the point away from the mean, panel after panel, until a panel adds nothing.
fn panels(a: f64, x: f64, direction: f64) -> f64 {
    let mut total = 0.0;
    let mut edge = x;
    for _ in 0..MAX_PANELS {
        let slope = (direction * (1.0 - (a - 1.0) / edge)).max(0.0);
        let width = PANEL_WIDTH / slope.max((a - 1.0).sqrt() / edge);
        let width = if direction < 0.0 { width.min(edge) } else { width };
        let panel = panel(a, edge, direction * width);
        total += panel;
        edge += direction * width;
        if panel <= total * f64::EPSILON * 0.1 || edge <= 0.0 {
            break;
        }
    }
    total
}

fn panel(a: f64, edge: f64, width: f64) -> f64 {
    let density = |share: f64| {
        let x = edge + width * share;
        if x <= 0.0 { 0.0 } else { gamma_kernel(a, x) / x }
    };
    let sum: f64 = NODES
        .iter()
        .map(|(node, weight)| weight * (density((1.0 - node) / 2.0) + density((1.0 + node) / 2.0)))
        .sum();
    sum * width.abs() / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tails_of_shape_one_are_exponential() {
        for x in [1e-300, 1e-9, 0.3, 1.0, 1.5, 2.0, 40.0, 690.0] {
            let tails = gamma_tails(1.0, x);
            let (lower, upper) = (-(-x).exp_m1(), (-x).exp());
            assert!(((tails.lower - lower) / lower).abs() < 1e-13, "x = {x}: {tails:?}");
            assert!(((tails.upper - upper) / upper).abs() < 1e-13, "x = {x}: {tails:?}");
        }
    }

    proptest! {
        /// `P(a, x) - P(a + 1, x) = x^a e^-x / gamma(a + 1)`: Abramowitz and Stegun (1964), 6.5.21. At the shapes around
        /// [`LARGE_SHAPE`] it ties the series and the fraction to the integration.
        #[test]
        fn tails_follow_the_recurrence(exponent in -2.0..6.0, share in -5.0..5.0) {
            for a in [10_f64.powf(exponent), LARGE_SHAPE - 0.5] {
                let x = f64::max(a + share * a.sqrt(), a / 10.0);
                let (here, next) = (gamma_tails(a, x), gamma_tails(a + 1.0, x));
                let step = gamma_kernel(a, x) / a;
                prop_assert!((here.lower - next.lower - step).abs() <= 1e-13, "a = {a}, x = {x}");
                prop_assert!((next.upper - here.upper - step).abs() <= 1e-13, "a = {a}, x = {x}");
            }
        }
    }
}

//! The inverse of the regularized incomplete beta function.

use super::beta::{BetaPoint, Tails, beta_tails};
use super::gamma::ln_gamma;
use super::normal::normal_upper_quantile;

/// Halley's method takes 2 to 8 steps; the bound covers pure bisection from 1
/// down to the smallest positive float.
const MAX_STEPS: u32 = 1_200;

/// The relative step at which the solution is settled: only the noise of the
/// tails remains.
const SETTLED: f64 = 4.0 * f64::EPSILON;

/// The distance from the probability, on its logarithmic scale, from which one
/// step settles the solution: the error left is of the order of its cube.
const NEAR: f64 = 1e-5;

/// Returns the point below which a beta variable with shapes `a, b > 0` lies
/// with probability `p`, for `0 < p < 1`.
pub(crate) fn beta_quantile(a: f64, b: f64, p: f64) -> f64 {
    quantile(Equation { a, b, tail: Tail::Lower, p })
}

/// Returns the point above which a beta variable with shapes `a, b > 0` lies
/// with probability `p`, for `0 < p < 1`.
pub(crate) fn beta_upper_quantile(a: f64, b: f64, p: f64) -> f64 {
    quantile(Equation { a, b, tail: Tail::Upper, p })
}

#[derive(Debug, Clone, Copy)]
enum Tail {
    Lower,
    Upper,
}

impl Tail {
    fn opposite(self) -> Self {
        match self {
            Self::Lower => Self::Upper,
            Self::Upper => Self::Lower,
        }
    }

    fn of(self, tails: Tails) -> f64 {
        match self {
            Self::Lower => tails.lower,
            Self::Upper => tails.upper,
        }
    }
}

/// Asks for the point at which one tail has probability `p`.
#[derive(Debug, Clone, Copy)]
struct Equation {
    a: f64,
    b: f64,
    tail: Tail,
    p: f64,
}

/// Turns the equation so that the tail is the smaller one and the point is
/// measured from the end it lies next to, which keeps the digits of both.
fn quantile(equation: Equation) -> f64 {
    let Equation { a, b, tail, p } = equation;
    let (tail, p) = if p <= 0.5 { (tail, p) } else { (tail.opposite(), 1.0 - p) };
    let at_half = tail.of(beta_tails(a, b, 0.5, 0.5));
    let is_in_lower_half = match tail {
        Tail::Lower => at_half >= p,
        Tail::Upper => at_half <= p,
    };
    if is_in_lower_half {
        solve(Equation { a, b, tail, p })
    } else {
        1.0 - solve(Equation { a: b, b: a, tail: tail.opposite(), p })
    }
}

/// Solves `ln tail = ln p` in `ln x` by Halley's method inside a bracket.
///
/// On that scale the lower tail is nearly straight far out, so the steps settle
/// from almost any start; where they leave the bracket, it is halved.
fn solve(equation: Equation) -> f64 {
    let Equation { a, b, tail, p } = equation;
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    let mut x = start(equation);
    for _ in 0..MAX_STEPS {
        let y = 1.0 - x;
        let reached = tail.of(beta_tails(a, b, x, y));
        let steepness = BetaPoint { a, b, x, y }.kernel() / (y * reached);
        let (is_below, slope) = match tail {
            Tail::Lower => (reached < p, steepness),
            Tail::Upper => (reached > p, -steepness),
        };
        if is_below {
            low = x;
        } else {
            high = x;
        }
        let distance = (p / reached).ln();
        let bend = a - (b - 1.0) * x / y - slope;
        let next = x * halley(distance / slope, bend).exp();
        if !(next > low && next < high) {
            x = middle(low, high);
            if x <= low || x >= high {
                return x;
            }
        } else if distance.abs() <= NEAR || (next - x).abs() <= SETTLED * x {
            return next;
        } else {
            x = next;
        }
    }
    x
}

/// Returns the step of Halley's method from that of Newton's and the relative
/// change of the slope there.
pub(super) fn halley(newton: f64, bend: f64) -> f64 {
    let divisor = 1.0 + newton * bend / 2.0;
    if (0.5..=2.0).contains(&divisor) { newton / divisor } else { newton }
}

/// Returns a point strictly between the ends of a bracket, if there is one.
fn middle(low: f64, high: f64) -> f64 {
    if low > 0.0 { low.sqrt() * high.sqrt() } else { high / 2.0 }
}

/// Returns a first guess inside (0, 1).
///
/// Shapes from 1: Abramowitz and Stegun (1964), 26.5.22, from the normal
/// quantile. Small ones: the leading term `x^a / (a B(a, b))` of the lower tail,
/// or the mean, from which the upper tail is reached as well as from anywhere.
fn start(equation: Equation) -> f64 {
    let Equation { a, b, tail, p } = equation;
    let guess = if a >= 1.0 && b >= 1.0 {
        let upper = normal_upper_quantile(p);
        let deviate = if matches!(tail, Tail::Lower) { upper } else { -upper };
        let (u, v) = (1.0 / (2.0 * a - 1.0), 1.0 / (2.0 * b - 1.0));
        let lambda = (deviate * deviate - 3.0) / 6.0;
        let h = 2.0 / (u + v);
        let w = deviate * (h + lambda).max(0.0).sqrt() / h
            - (v - u) * (lambda + 5.0 / 6.0 - 2.0 / (3.0 * h));
        a / (a + b * (2.0 * w).exp())
    } else {
        match tail {
            Tail::Lower => {
                let ln_beta = ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
                ((p.ln() + a.ln() + ln_beta) / a).exp()
            }
            Tail::Upper => a / (a + b),
        }
    };
    if guess.is_finite() { guess.clamp(f64::MIN_POSITIVE, 1.0 - f64::EPSILON) } else { 0.5 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Checks a relative error of both quantile functions.
    fn check(a: f64, b: f64, p: f64, expected: f64) {
        for got in [beta_quantile(a, b, p), 1.0 - beta_upper_quantile(b, a, p)] {
            let error = ((got - expected) / expected).abs();
            assert!(error < 1e-10, "a = {a}, b = {b}, p = {p}: {got:e}, off by {error:e}");
        }
    }

    #[test]
    fn quantiles_agree_with_the_distributions_fixture() {
        // distributions.json, beta ppf; mpmath 1.4.1.
        check(1.0, 10.0, 0.025, 0.002_528_578_544_461_784_8);
        check(10.0, 1.0, 0.975, 0.997_471_421_455_538_2);
        check(5.0, 6.0, 0.975, 0.737_621_923_393_054_9);
        check(50.0, 951.0, 0.025, 0.037_335_397_604_661_77);
        check(500_000.0, 500_001.0, 0.025, 0.499_019_519_195_311_84);
        check(500_000.0, 500_001.0, 0.975, 0.500_979_480_807_582_5);
        check(1e6 - 1.0, 2.0, 0.025, 0.999_994_428_369_344_8);
    }

    #[test]
    fn small_points_keep_their_digits() {
        // distributions.json, beta ppf; mpmath 1.4.1.
        for (p, expected) in
            [(0.025, 2.531_780_766_379_417_8e-8), (0.975, 3.688_872_650_206_488e-6)]
        {
            let got = beta_quantile(1.0, 1e6, p);
            assert!(((got - expected) / expected).abs() < 1e-13, "p = {p}: {got:e}");
        }
    }

    fn shape() -> impl Strategy<Value = f64> {
        (-0.3..7.0).prop_map(|exponent| 10_f64.powf(exponent))
    }

    proptest! {
        #[test]
        fn the_quantile_inverts_the_tail(a in shape(), b in shape(), exponent in -12.0..-0.31) {
            let p = 10_f64.powf(exponent);
            let x = beta_quantile(a, b, p);
            // One unit in the last place of x moves the tail by this share.
            let point = BetaPoint { a, b, x, y: 1.0 - x };
            let step = f64::EPSILON * point.kernel() / (x * (1.0 - x)).max(f64::MIN_POSITIVE);
            let error = (beta_tails(a, b, x, 1.0 - x).lower - p).abs();
            prop_assert!(error <= 1e-10 * p + 2.0 * step, "x = {x:e}, off by {error:e}");
        }

        #[test]
        fn quantiles_grow_with_the_probability(a in shape(), b in shape(), p in 0.001..0.998) {
            prop_assert!(beta_quantile(a, b, p) <= beta_quantile(a, b, p + 0.001));
        }
    }
}

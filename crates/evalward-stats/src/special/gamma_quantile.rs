//! The inverse of the regularized incomplete gamma functions.

use super::gamma::ln_gamma;
use super::gamma_tails::{gamma_kernel, gamma_tails};
use super::normal::normal_upper_quantile;

/// Newton's method takes 3 to 12 steps; the bound covers pure halving of the exponent down to the smallest positive float.
const MAX_STEPS: u32 = 1_200;

/// The relative step at which the solution is settled.
const SETTLED: f64 = 4.0 * f64::EPSILON;

/// Returns the point below which a gamma variable with shape `a > 0` and scale 1 lies with probability `p`, for `0 < p < 1`.
pub(crate) fn gamma_quantile(a: f64, p: f64) -> f64 {
    if p <= 0.5 { solve(a, p, true) } else { solve(a, 1.0 - p, false) }
}

/// Returns the point above which a gamma variable with shape `a > 0` and scale 1 lies with probability `p`, for `0 < p < 1`.
pub(crate) fn gamma_upper_quantile(a: f64, p: f64) -> f64 {
    if p <= 0.5 { solve(a, p, false) } else { solve(a, 1.0 - p, true) }
}

/// Solves `ln tail = ln p` in `ln x` by Newton's method inside a bracket.
fn solve(a: f64, p: f64, is_lower: bool) -> f64 {
    let (mut low, mut high) = (0.0_f64, f64::MAX);
    let mut x = start(a, p, is_lower);
    for _ in 0..MAX_STEPS {
        let tails = gamma_tails(a, x);
        let reached = if is_lower { tails.lower } else { tails.upper };
        if (reached < p) == is_lower {
            low = x;
        } else {
            high = x;
        }
        let slope = gamma_kernel(a, x) / reached;
        let slope = if is_lower { slope } else { -slope };
        let newton = x * ((p / reached).ln() / slope).exp();
        let next = if newton > low && newton < high { newton } else { middle(low, high) };
        if (next - x).abs() <= SETTLED * x || next <= low || next >= high {
            return next;
        }
        x = next;
    }
    x
}

/// Returns a point strictly between the ends of a bracket, if there is one.
fn middle(low: f64, high: f64) -> f64 {
    if low > 0.0 { low.sqrt() * high.sqrt() } else { high / 2.0 }
}

/// Returns a first guess: Wilson and Hilferty's (Abramowitz and Stegun (1964), 26.4.17), or the leading term
/// `x^a / gamma(a + 1)` of the lower tail where the shape is small.
fn start(a: f64, p: f64, is_lower: bool) -> f64 {
    let upper = normal_upper_quantile(p);
    let deviate = if is_lower { -upper } else { upper };
    let ninth = 1.0 / (9.0 * a);
    let root = 1.0 - ninth + deviate * ninth.sqrt();
    let guess = if root > 0.2 || !is_lower {
        a * root.max(0.2).powi(3)
    } else {
        ((p.ln() + ln_gamma(a + 1.0)) / a).exp()
    };
    if guess.is_finite() { guess.clamp(f64::MIN_POSITIVE, 1e300) } else { a }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_quantile_inverts_both_tails(
            shape in -0.5..6.5, exponent in -200.0..-0.31, is_lower in any::<bool>(),
        ) {
            let (a, p) = (10_f64.powf(shape), 10_f64.powf(exponent));
            let x = if is_lower { gamma_quantile(a, p) } else { gamma_upper_quantile(a, p) };
            prop_assume!(x > f64::MIN_POSITIVE);
            let tails = gamma_tails(a, x);
            let reached = if is_lower { tails.lower } else { tails.upper };
            // One unit in the last place of x moves the tail by this share.
            let step = f64::EPSILON * gamma_kernel(a, x);
            let error = (reached - p).abs();
            prop_assert!(error <= 1e-10 * p + 2.0 * step, "x = {x:e}, off by {error:e}");
        }
    }
}

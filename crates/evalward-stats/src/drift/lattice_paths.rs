//! The exact distribution of the two-sample Kolmogorov-Smirnov statistic.

use crate::convert::length_to_f64;

/// The probability is computed while it takes at most this many steps: about a second.
const LIMIT: usize = 200_000_000;

/// Returns the probability that the distribution functions of two samples of one continuous distribution come at least
/// `apart / lcm(m, n)` apart; nothing for samples too large to enumerate.
///
/// Hodges (1958), "The significance probability of the Smirnov two-sample test": the order of the pooled sample is a random
/// lattice path from `(0, 0)` to `(m, n)`, and the distance is how far it leaves the diagonal.
pub(super) fn outside_probability(m: usize, n: usize, apart: usize) -> Option<f64> {
    if apart == 0 {
        return Some(1.0);
    }
    if m == n {
        return Some(reflected(m, apart));
    }
    let common = divisor(m, n);
    let (steps_m, steps_n) = (m / common, n / common);
    let band = (2 * apart / steps_m).min(n) + 1;
    if m.checked_mul(band)? > LIMIT {
        return None;
    }
    Some(counted((m, n), (steps_m, steps_n), apart))
}

pub(super) fn divisor(mut a: usize, mut b: usize) -> usize {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Returns the probability for samples of one size `n`, by reflection at both lines: an alternating sum of ratios of binomial
/// coefficients, nested so that nothing cancels.
fn reflected(n: usize, apart: usize) -> f64 {
    let mut rest = 0.0;
    for reflections in (0..=n / apart).rev() {
        let shift = reflections * apart;
        let mut ratio = 1.0;
        for step in 0..apart {
            let Some(left) = n.checked_sub(shift + step) else { break };
            ratio *= length_to_f64(left) / length_to_f64(n + shift + step + 1);
        }
        rest = ratio * (1.0 - rest);
    }
    (2.0 * rest).clamp(0.0, 1.0)
}

/// Returns the probability by the share of paths to each point that have been outside: a mean of the shares of the two points
/// before it, weighted by the numbers of paths through them. All terms are positive, so small probabilities keep their digits.
fn counted((m, n): (usize, usize), (steps_m, steps_n): (usize, usize), apart: usize) -> f64 {
    // Outside is `|i steps_n - j steps_m| >= apart`; shares outside are 1.
    let mut shares = vec![1.0; n + 1];
    let mut first_before = 0;
    for i in 0..=m {
        let centre = i * steps_n;
        let first = if centre < apart { 0 } else { (centre - apart) / steps_m + 1 };
        let last = ((centre + apart - 1) / steps_m).min(n);
        for share in &mut shares[first_before..first.min(n + 1)] {
            *share = 1.0;
        }
        first_before = first.min(n + 1);
        let mut left = 1.0;
        let mut across = length_to_f64(first);
        let down = length_to_f64(i);
        for (offset, share) in shares.iter_mut().take(last + 1).skip(first).enumerate() {
            *share = if i == 0 && first + offset == 0 {
                0.0
            } else {
                (down * *share + across * left) / (down + across)
            };
            left = *share;
            across += 1.0;
        }
    }
    shares[n].clamp(0.0, 1.0)
}

//! The distribution of Kolmogorov's statistic, for samples of any size and in the limit.

use std::f64::consts::PI;

use super::kolmogorov_matrix::matrix_probability;
use crate::convert::length_to_f64;
use crate::special::{ln_1p_minus, stirling_remainder};

/// Returns the probability that the distribution function of a sample of `n` comes at least `d` from the true one.
///
/// The choice among formulas of Simard and L'Ecuyer (2011), "Computing the two-sided Kolmogorov-Smirnov distribution", section 3,
/// as in scipy's `kstwo`; where they count lattice paths up to `n = 140`, the matrix formula is exact as well.
pub(super) fn kolmogorov_tail(n: usize, d: f64) -> f64 {
    let size = length_to_f64(n);
    let scaled = size * d;
    if d >= 1.0 {
        return 0.0;
    }
    if scaled <= 0.5 {
        return 1.0;
    }
    if scaled <= 1.0 {
        return 1.0 - shortest(n, 2.0 * scaled - 1.0);
    }
    if scaled >= size - 1.0 {
        return (2.0 * (size * (-d).ln_1p()).exp()).clamp(0.0, 1.0);
    }
    let square = scaled * d;
    let far = if n <= 140 { 4.0 } else { 2.2 };
    if d >= 0.5 || square > far {
        return if n > 140 && square >= 370.0 { 0.0 } else { (2.0 * one_sided(n, d)).min(1.0) };
    }
    if n <= 140 || (n <= 100_000 && scaled * d.sqrt() <= 1.4) {
        return 1.0 - matrix_probability(n, d);
    }
    series(size, d)
}

/// Returns `n! (t / n)^n`, the probability of less than `d` where `t = 2 n d - 1` is at most 1.
fn shortest(n: usize, t: f64) -> f64 {
    let size = length_to_f64(n);
    // ln(n! / n^n) by Stirling's formula: n! = n gamma(n).
    let logarithm = size.ln() / 2.0 - size
        + PI.ln() / 2.0
        + std::f64::consts::LN_2 / 2.0
        + stirling_remainder(size);
    (logarithm + size * t.ln()).exp().clamp(0.0, 1.0)
}

/// Returns the probability that the distribution function of a sample of `n` comes at least `d` above the true one.
///
/// Birnbaum and Tingey (1951), "One-sided confidence contours for probability distribution functions", equation (3.0): a sum of
/// binomial probabilities, each at its own `p = d + j / n`, in the saddle-point form of Loader (2000).
fn one_sided(n: usize, d: f64) -> f64 {
    let size = length_to_f64(n);
    let excess = size * d;
    let of_all = stirling_remainder(size);
    let mut sum = (size * (-d).ln_1p()).exp();
    for count in 1..n {
        let j = length_to_f64(count);
        let rest = size - j;
        let q = rest - excess;
        if q <= 0.0 {
            break;
        }
        let exponent = j * ln_1p_minus(excess / j) + rest * ln_1p_minus(-excess / rest) + of_all
            - stirling_remainder(j)
            - stirling_remainder(rest);
        let binomial = (size / (2.0 * PI * j * rest)).sqrt() * exponent.exp();
        sum += binomial * excess / (j + excess);
    }
    sum.min(1.0)
}

/// Returns the probability of at least `d` by the expansion in powers of `1 / sqrt(n)`.
///
/// Pelz and Good (1976), "Approximating the lower tail-areas of the Kolmogorov-Smirnov one-sample statistic", equations (3) to
/// (6), as given by Simard and L'Ecuyer (2011), equation (12).
fn series(n: f64, d: f64) -> f64 {
    let z = n.sqrt() * d;
    let (z2, z4) = (z * z, z.powi(4));
    let z6 = z2 * z4;
    let exponent = -PI * PI / 8.0 / z2;
    if exponent < -708.0 {
        return 1.0;
    }
    let (pi2, pi4, pi6) = (PI.powi(2), PI.powi(4), PI.powi(6));
    let mut sums = [0.0; 4];
    // Terms fall as exp(-m² pi² / (8 z²)); past the last one counted they are below 1e-300.
    let mut odd = 1.0;
    while odd * odd * exponent > -700.0 {
        let (m2, m4) = (odd * odd, f64::powi(odd, 4));
        let weight = (m2 * exponent).exp();
        sums[0] += weight;
        sums[1] += weight * (pi2 / 4.0 * m2 - z2);
        sums[2] += weight
            * (6.0 * z6
                + 2.0 * z4
                + (2.0 * z4 - 5.0 * z2) * pi2 / 4.0 * m2
                + pi4 * (1.0 - 2.0 * z2) / 16.0 * m4);
        sums[3] += weight
            * (-30.0 * z6 - 90.0 * z4 * z4
                + pi2 * (135.0 * z4 - 96.0 * z6) / 4.0 * m2
                + pi4 * (212.0 * z4 - 60.0 * z2) / 16.0 * m4
                + pi6 * (5.0 - 30.0 * z2) / 64.0 * m2 * m4);
        odd += 2.0;
    }
    let root = (2.0 * PI).sqrt();
    let divisors = [z, 6.0 * z4, 72.0 * z6 * z, 6480.0 * z4 * z6];
    let mut terms = [0.0; 4];
    for ((term, sum), divisor) in terms.iter_mut().zip(sums).zip(divisors) {
        *term = sum * root / divisor;
    }
    let (mut second, mut third) = (0.0, 0.0);
    let mut k = 1.0;
    while k * k * 4.0 * exponent > -700.0 {
        let weight = (k * k * 4.0 * exponent).exp() * k * k;
        second += weight;
        third += weight * (3.0 * z2 - pi2 * k * k);
        k += 1.0;
    }
    terms[2] -= second * pi2 * root / (36.0 * z2 * z);
    terms[3] += third * pi2 * root / (216.0 * z6);
    let below = terms[0] + terms[1] / n.sqrt() + terms[2] / n + terms[3] / (n * n.sqrt());
    (1.0 - below).clamp(0.0, 1.0)
}

/// Returns the probability that Kolmogorov's limit variable is at least `x`.
///
/// Kolmogorov (1933), "Sulla determinazione empirica di una legge di distribuzione", and its transform by Jacobi's theta function,
/// which converges where the first does not.
pub(super) fn kolmogorov_limit(x: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    let mut sum = 0.0;
    if x < 1.0 {
        let exponent = -PI * PI / (8.0 * x * x);
        for odd in [1.0, 3.0, 5.0, 7.0, 9.0, 11.0_f64] {
            sum += (odd * odd * exponent).exp();
        }
        return (1.0 - (2.0 * PI).sqrt() / x * sum).clamp(0.0, 1.0);
    }
    let mut sign = 1.0;
    for k in 1..=8_u32 {
        let k = f64::from(k);
        sum += sign * (-2.0 * k * k * x * x).exp();
        sign = -sign;
    }
    (2.0 * sum).clamp(0.0, 1.0)
}

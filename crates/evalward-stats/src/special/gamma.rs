//! The logarithm of the gamma function, and its remainder beyond Stirling.

/// Half the logarithm of 2 pi.
const HALF_LN_TAU: f64 = 0.918_938_533_204_672_8;

/// Coefficients of 1/z, 1/z^3, ... in Stirling's series: B(2k) / (2k (2k - 1)).
const STIRLING: [f64; 10] = [
    1.0 / 12.0,
    -1.0 / 360.0,
    1.0 / 1260.0,
    -1.0 / 1680.0,
    1.0 / 1188.0,
    -691.0 / 360_360.0,
    1.0 / 156.0,
    -3617.0 / 122_400.0,
    43_867.0 / 244_188.0,
    -174_611.0 / 125_400.0,
];

/// From here on Stirling's series is exact to rounding.
const STIRLING_FROM: f64 = 7.0;

/// The reciprocals of 3, 5, 7, ...
const ODD_RECIPROCALS: [f64; 14] = [
    1.0 / 3.0,
    1.0 / 5.0,
    1.0 / 7.0,
    1.0 / 9.0,
    1.0 / 11.0,
    1.0 / 13.0,
    1.0 / 15.0,
    1.0 / 17.0,
    1.0 / 19.0,
    1.0 / 21.0,
    1.0 / 23.0,
    1.0 / 25.0,
    1.0 / 27.0,
    1.0 / 29.0,
];

/// Returns `1/3 + w/5 + w²/7 + ...` for `0 <= w <= 1/16`: `artanh(s) = s + s³ odd_series(s²)`.
fn odd_series(w: f64) -> f64 {
    ODD_RECIPROCALS.iter().rev().fold(0.0, |sum, term| sum * w + term)
}

/// Returns the logarithm of the gamma function for `z > 0`, to 1e-15 of
/// `max(1, |result|)`.
///
/// Stirling's series: Abramowitz and Stegun (1964), 6.1.41.
pub(crate) fn ln_gamma(z: f64) -> f64 {
    (z - 0.5) * z.ln() - z + HALF_LN_TAU + stirling_remainder(z)
}

/// Returns what Stirling's formula leaves out of [`ln_gamma`]:
/// `ln gamma(z) - (z - 1/2) ln z + z - ln(2 pi) / 2`.
///
/// Products of gamma functions with large arguments are built from remainders,
/// because differences of large logarithms would lose the digits that matter:
/// Didonato and Morris (1992), "Algorithm 708", ACM TOMS 18(3), equation (23).
pub(crate) fn stirling_remainder(z: f64) -> f64 {
    let mut shifted = z;
    let mut correction = 0.0;
    while shifted < STIRLING_FROM {
        // remainder(z) - remainder(z + 1) = (z + 1/2) ln(1 + 1/z) - 1, where ln(1 + 1/z) = 2 artanh(1 / (2z + 1)).
        correction += if shifted < 2.5 {
            (shifted + 0.5) * (1.0 / shifted).ln_1p() - 1.0
        } else {
            let twice = 2.0 * shifted + 1.0;
            let square = 1.0 / (twice * twice);
            square * odd_series(square)
        };
        shifted += 1.0;
    }
    let inverse_square = 1.0 / (shifted * shifted);
    let series = STIRLING.iter().rev().fold(0.0, |sum, term| sum * inverse_square + term);
    correction + series / shifted
}

/// Returns `ln(1 + x) - x` for `x > -1` without cancellation near 0.
pub(crate) fn ln_1p_minus(x: f64) -> f64 {
    if x.abs() > 0.4 {
        return x.ln_1p() - x;
    }
    // ln(1 + x) = 2 artanh(s) with s = x / (2 + x), and x = 2 s + x s.
    let s = x / (2.0 + x);
    let square = s * s;
    2.0 * s * square * odd_series(square) - x * s
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(got: f64, expected: f64, tolerance: f64) {
        let allowed = tolerance * expected.abs().max(1.0);
        assert!((got - expected).abs() <= allowed, "got {got:e}, expected {expected:e}");
    }

    #[test]
    fn ln_gamma_agrees_with_mpmath() {
        // mpmath.loggamma(z) at 40 digits.
        for (z, expected) in [
            (1e-10, 23.025_850_929_882_735),
            (0.5, 0.572_364_942_924_700_1),
            (1.0, 0.0),
            (2.0, 0.0),
            (3.7, 1.428_072_326_665_388),
            (9.99, 12.779_315_214_350_193),
            (10.0, 12.801_827_480_081_469),
            (1e3, 5_905.220_423_209_181),
            (1e7, 151_180_949.369_473_9),
        ] {
            check(ln_gamma(z), expected, 3e-15);
        }
    }

    #[test]
    fn factorials_follow_from_the_recurrence() {
        let mut expected = 0.0;
        for n in 1..100_u32 {
            check(ln_gamma(f64::from(n)), expected, 1e-14);
            expected += f64::from(n).ln();
        }
    }

    #[test]
    fn ln_1p_minus_keeps_its_digits_near_zero() {
        // mpmath.log1p(x) - x at 40 digits, relative error.
        for (x, expected) in [
            (1e-9, -4.999_999_996_666_667e-19),
            (-1e-5, -5.000_033_333_583_335e-11),
            (0.4, -0.063_527_763_378_787_07),
            (-0.4, -0.110_825_623_765_990_68),
        ] {
            let got = ln_1p_minus(x);
            assert!(((got - expected) / expected).abs() < 1e-14, "x = {x}: {got:e}");
        }
    }
}

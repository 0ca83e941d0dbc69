//! Functions of single numbers and rows, written so that the compiler can compute several at once.

use std::f32::consts::{FRAC_1_SQRT_2, LOG2_E};

/// How many numbers are summed side by side.
const LANES: usize = 8;

/// Returns the sum of a row.
pub(super) fn sum(row: &[f32]) -> f32 {
    sum_of(row, |number| number)
}

/// Returns the sum of a function of the numbers of a row.
pub(super) fn sum_of(row: &[f32], function: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = row.as_chunks::<LANES>();
    let mut sums = [0.0; LANES];
    for chunk in chunks {
        for (sum, number) in sums.iter_mut().zip(chunk) {
            *sum += function(*number);
        }
    }
    sums.iter().sum::<f32>() + rest.iter().map(|number| function(*number)).sum::<f32>()
}

/// Returns a size of a model as a number; none comes near the end of its range.
pub(super) fn count(size: usize) -> f32 {
    u16::try_from(size).map_or(f32::INFINITY, f32::from)
}

/// Returns e to the power of a number, with a relative error below 2e-7; beyond the range of `f32` its nearest end.
///
/// The power of two is split off by adding 1.5 * 2^23, which leaves the rounded exponent in the lowest bits; the rest is a
/// Taylor polynomial on half a unit to either side.
pub(super) fn exp(number: f32) -> f32 {
    const SHIFT: f32 = 12_582_912.0;
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    let number = number.clamp(-87.0, 88.0);
    let shifted = number * LOG2_E + SHIFT;
    let power = shifted - SHIFT;
    let rest = number - power * LN_2_HIGH - power * LN_2_LOW;
    let mut value = 1.0 / 5040.0;
    for coefficient in [1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0] {
        value = value * rest + coefficient;
    }
    let exponent = (shifted.to_bits() << 23).wrapping_add(127 << 23);
    value * f32::from_bits(exponent)
}

/// Returns the error function with an absolute error below 5e-7: the quotient of two polynomials that Eigen and XLA use for `f32`.
fn erf(number: f32) -> f32 {
    const ABOVE: [f32; 7] = [
        -2.726_142_3e-10,
        2.770_681_4e-8,
        -2.101_024e-6,
        -5.692_506_4e-5,
        -7.349_906_3e-4,
        -2.954_6e-3,
        -1.609_603_3e-2,
    ];
    const BELOW: [f32; 5] =
        [-1.456_607_2e-5, -2.133_740_6e-4, -1.682_827e-3, -7.373_329e-3, -1.426_473_9e-2];
    let number = number.clamp(-4.0, 4.0);
    let square = number * number;
    let polynomial = |coefficients: &[f32]| {
        coefficients.iter().fold(0.0, |value, coefficient| value * square + coefficient)
    };
    number * polynomial(&ABOVE) / polynomial(&BELOW)
}

/// Replaces each number x by x times the probability that a standard normal variable is below x (Hendrycks and Gimpel 2016,
/// "Gaussian Error Linear Units").
pub(super) fn gelu(row: &mut [f32]) {
    for number in row {
        *number = 0.5 * *number * (1.0 + erf(*number * FRAC_1_SQRT_2));
    }
}

/// Replaces each number x of a row by e^x over the sum of all of them.
pub(super) fn softmax(row: &mut [f32]) {
    let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for number in row.iter_mut() {
        *number = exp(*number - largest);
    }
    let scale = 1.0 / sum(row);
    for number in row {
        *number *= scale;
    }
}

/// Scales a row to the length 1; a row of zeros stays one.
pub(super) fn normalise(row: &mut [f32]) {
    const SMALLEST: f32 = 1e-12;
    let norm = sum_of(row, |number| number * number).sqrt().max(SMALLEST);
    for number in row {
        *number /= norm;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers from -12 to 12.
    fn grid() -> impl Iterator<Item = f32> {
        (-12_000_i16..=12_000).map(|step| f32::from(step) / 1000.0)
    }

    #[test]
    fn exp_agrees_with_the_standard_library() {
        for number in grid() {
            let expected = f64::from(number).exp();
            let error = (f64::from(exp(number)) - expected).abs() / expected;
            assert!(error < 4e-7, "exp({number}): {error}");
        }
        assert!(exp(-1e30) > 0.0 && exp(-1e30) < 1e-37);
        assert!(exp(1e30).is_finite());
    }

    #[test]
    fn gelu_agrees_with_the_values_of_scipy() {
        // 0.5 * x * (1 + scipy.special.erf(x / sqrt(2))), scipy 1.17.1.
        let cases = [
            (-6.0, -5.919_398e-9),
            (-3.0, -4.049_694e-3),
            (-1.0, -0.158_655_26),
            (-0.1, -0.046_017_22),
            (0.0, 0.0),
            (0.5, 0.345_731_23),
            (1.0, 0.841_344_8),
            (2.5, 2.484_475_8),
            (6.0, 6.0),
            (100.0, 100.0),
        ];
        for (number, expected) in cases {
            let mut row = [number];
            gelu(&mut row);
            assert!(
                (row[0] - expected).abs() < 1e-6 * number.abs().max(1.0),
                "gelu({number}) is {}",
                row[0]
            );
        }
    }

    #[test]
    fn softmax_sums_to_one_whatever_the_size_of_its_numbers() {
        for row in [vec![0.0], vec![1e30, -1e30, 1e30], vec![3.0; 17], vec![-5e4, -5e4 + 1.0]] {
            let mut row = row;
            softmax(&mut row);
            assert!((sum(&row) - 1.0).abs() < 1e-6, "{row:?}");
        }
    }
}

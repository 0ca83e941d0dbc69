//! Durbin's matrix formula for the Kolmogorov distribution.

use crate::convert::length_to_f64;

/// Powers of two that intermediate results are scaled by.
const LARGE: f64 = 3.402_823_669_209_385e38; // 2^128
const STEP: i32 = 128;

/// Returns the probability that the distribution function of a sample of `n` comes less than `d` from the true one.
///
/// Marsaglia, Tsang and Wang (2003), "Evaluating Kolmogorov's distribution", section 2: the middle entry of the `n`th power of a
/// matrix of `2k - 1` rows, where `k = ceil(n d)`.
pub(super) fn matrix_probability(n: usize, d: f64) -> f64 {
    let scaled = length_to_f64(n) * d;
    let mut k = 1;
    while length_to_f64(k) < scaled {
        k += 1;
    }
    let start = initial(k, length_to_f64(k) - scaled);
    let (power, mut exponent) = start.raised(n, k - 1);
    let mut probability = power;
    for i in 1..=n {
        probability *= length_to_f64(i) / length_to_f64(n);
        if probability < 1.0 / LARGE {
            probability *= LARGE;
            exponent -= STEP;
        }
    }
    (probability * f64::from(exponent).exp2()).clamp(0.0, 1.0)
}

struct Matrix {
    rows: usize,
    cells: Vec<f64>,
}

/// Returns the matrix of the recursion, where `h` is `k - n d`.
fn initial(k: usize, h: f64) -> Matrix {
    let rows = 2 * k - 1;
    let mut inverse_factorials = vec![1.0; rows + 1];
    for i in 1..=rows {
        inverse_factorials[i] = inverse_factorials[i - 1] / length_to_f64(i);
    }
    let mut matrix = Matrix { rows, cells: vec![0.0; rows * rows] };
    for row in 0..rows {
        for column in 0..rows.min(row + 2) {
            matrix.cells[row * rows + column] = inverse_factorials[row + 1 - column];
        }
    }
    let mut power = 1.0;
    for i in 0..rows {
        power *= h;
        let edge = (1.0 - power) * inverse_factorials[i + 1];
        matrix.cells[i * rows] = edge;
        matrix.cells[(rows - 1) * rows + (rows - 1 - i)] = edge;
    }
    let mut overlap = 1.0;
    for _ in 0..rows {
        overlap *= (2.0 * h - 1.0).max(0.0);
    }
    matrix.cells[(rows - 1) * rows] = (1.0 - 2.0 * power + overlap) * inverse_factorials[rows];
    matrix
}

impl Matrix {
    fn times(&self, other: &Self) -> Self {
        let rows = self.rows;
        let mut cells = vec![0.0; rows * rows];
        for (left, into) in self.cells.chunks(rows).zip(cells.chunks_mut(rows)) {
            for (factor, right) in left.iter().zip(other.cells.chunks(rows)) {
                for (cell, value) in into.iter_mut().zip(right) {
                    *cell += factor * value;
                }
            }
        }
        Self { rows, cells }
    }

    /// Returns the entry at `(middle, middle)` of the `n`th power, and the power of two that it is to be multiplied by.
    fn raised(self, n: usize, middle: usize) -> (f64, i32) {
        let place = middle * self.rows + middle;
        let (mut base, mut base_exponent) = (self, 0);
        let mut power: Option<Self> = None;
        let mut exponent = 0;
        let mut rest = n;
        while rest > 0 {
            if rest % 2 == 1 {
                power = Some(match power {
                    None => Self { rows: base.rows, cells: base.cells.clone() },
                    Some(power) => power.times(&base),
                });
                exponent += base_exponent;
            }
            rest /= 2;
            if rest > 0 {
                base = base.times(&base);
                base_exponent *= 2;
                if base.cells[place] > LARGE {
                    base.cells.iter_mut().for_each(|cell| *cell /= LARGE);
                    base_exponent += STEP;
                }
            }
        }
        (power.map_or(1.0, |power| power.cells[place]), exponent)
    }
}

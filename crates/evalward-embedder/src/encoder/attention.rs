//! Attention: every token of a text looks at all others of that text.

use std::ops::Range;

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, Axis, Slice};

use super::numerics::{count, softmax};

/// Computes the attention of all heads (Vaswani et al. 2017, equation 1).
///
/// A row of `projected` holds a token's query, key and value, each of all heads; a text is a range of rows.
pub(super) fn attend(projected: &Array2<f32>, texts: &[Range<usize>], heads: usize) -> Array2<f32> {
    let size = projected.ncols() / 3;
    let width = size / heads;
    let mut result = Array2::zeros((projected.nrows(), size));
    let scale = 1.0 / count(width).sqrt();
    for text in texts {
        let rows = Slice::from(text.clone());
        let (projected, mut result) =
            (projected.slice_axis(Axis(0), rows), result.slice_axis_mut(Axis(0), rows));
        for head in 0..heads {
            let part = |which: usize| {
                let start = which * size + head * width;
                projected.slice_axis(Axis(1), Slice::from(start..start + width))
            };
            let mut weights = Array2::zeros((text.len(), text.len()));
            general_mat_mul(scale, &part(0), &part(1).t(), 0.0, &mut weights);
            for mut row in weights.rows_mut() {
                softmax(row.as_slice_mut().expect("the rows of an owned matrix are contiguous"));
            }
            let start = head * width;
            let columns = Slice::from(start..start + width);
            let mut target = result.slice_axis_mut(Axis(1), columns);
            general_mat_mul(1.0, &weights, &part(2), 0.0, &mut target);
        }
    }
    result
}

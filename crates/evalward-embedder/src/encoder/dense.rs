//! The two things that happen to every row: a linear map, and the normalisation after a sum.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array1, Array2};

use super::numerics::{count, sum, sum_of};
use crate::weights::Tensors;

/// A linear map with its offset.
#[derive(Debug)]
pub(super) struct Dense {
    /// One row for each number that comes out.
    weight: Array2<f32>,
    bias: Array1<f32>,
}

impl Dense {
    /// Makes one of several maps of the same rows: their results stand side by side.
    ///
    /// # Errors
    /// What is wrong with a tensor.
    pub(super) fn of(
        tensors: &Tensors<'_>,
        names: &[String],
        inputs: usize,
        outputs: usize,
    ) -> Result<Self, String> {
        let mut weight = Array2::zeros((0, inputs));
        let mut bias = Vec::new();
        for name in names {
            let part = tensors.matrix(&format!("{name}.weight"), outputs, inputs)?;
            weight.append(ndarray::Axis(0), part.view()).map_err(|error| error.to_string())?;
            bias.extend(tensors.vector(&format!("{name}.bias"), outputs)?);
        }
        Ok(Self { weight, bias: Array1::from_vec(bias) })
    }

    /// Maps every row.
    pub(super) fn apply(&self, rows: &Array2<f32>) -> Array2<f32> {
        let shape = (rows.nrows(), self.bias.len());
        let mut result = Array2::from_shape_fn(shape, |(_, column)| self.bias[column]);
        general_mat_mul(1.0, rows, &self.weight.t(), 1.0, &mut result);
        result
    }
}

/// The normalisation of rows (Ba, Kiros and Hinton 2016, "Layer Normalization", equations 3 and 4).
#[derive(Debug)]
pub(super) struct LayerNorm {
    weight: Array1<f32>,
    bias: Array1<f32>,
    epsilon: f32,
}

impl LayerNorm {
    /// Reads the two tensors.
    ///
    /// # Errors
    /// What is wrong with a tensor.
    pub(super) fn of(
        tensors: &Tensors<'_>,
        name: &str,
        size: usize,
        epsilon: f32,
    ) -> Result<Self, String> {
        let weight = tensors.vector(&format!("{name}.weight"), size)?;
        let bias = tensors.vector(&format!("{name}.bias"), size)?;
        Ok(Self { weight, bias, epsilon })
    }

    /// Brings every row to the mean 0 and the variance 1, then scales and shifts it.
    pub(super) fn apply(&self, rows: &mut Array2<f32>) {
        for mut row in rows.rows_mut() {
            let row = row.as_slice_mut().expect("the rows of an owned matrix are contiguous");
            let size = count(row.len());
            let mean = sum(row) / size;
            let variance = sum_of(row, |number| (number - mean) * (number - mean)) / size;
            let scale = 1.0 / (variance + self.epsilon).sqrt();
            for ((number, weight), bias) in row.iter_mut().zip(&self.weight).zip(&self.bias) {
                *number = (*number - mean) * scale * weight + bias;
            }
        }
    }
}

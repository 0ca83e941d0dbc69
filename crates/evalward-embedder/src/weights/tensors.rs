//! Tensors by their names, checked before they are used.

use std::collections::BTreeMap;

use ndarray::{Array1, Array2};

use super::header::{Entry, split};

/// What models that hold more than the encoder put before its names.
const PREFIX: &str = "bert.";

/// The tensors of a file.
#[derive(Debug)]
pub(crate) struct Tensors<'a> {
    entries: BTreeMap<String, Entry>,
    data: &'a [u8],
}

impl<'a> Tensors<'a> {
    /// Reads the header of a safetensors file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn of(file: &'a [u8]) -> Result<Self, String> {
        let (entries, data) = split(file)?;
        Ok(Self { entries, data })
    }

    /// Returns a vector.
    ///
    /// # Errors
    /// What is wrong with it, as with [`Self::matrix`].
    pub(crate) fn vector(&self, name: &str, length: usize) -> Result<Array1<f32>, String> {
        self.numbers(name, &[length]).map(Array1::from_vec)
    }

    /// Returns a matrix.
    ///
    /// # Errors
    /// What is wrong: it is not there, or has another shape or type, or lies outside the file, or holds a number that is not
    /// finite.
    pub(crate) fn matrix(
        &self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<Array2<f32>, String> {
        let numbers = self.numbers(name, &[rows, columns])?;
        Array2::from_shape_vec((rows, columns), numbers).map_err(|error| error.to_string())
    }

    fn numbers(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
        let entry = self.entries.get(name);
        let entry = entry.or_else(|| self.entries.get(&format!("{PREFIX}{name}")));
        let entry = entry.ok_or_else(|| format!("it has no tensor `{name}`"))?;
        if entry.dtype != "F32" {
            return Err(format!("tensor `{name}` has numbers of type {}, not F32", entry.dtype));
        }
        if entry.shape != shape {
            return Err(format!("tensor `{name}` has the shape {:?}, not {shape:?}", entry.shape));
        }
        let (start, end) = entry.data_offsets;
        let bytes = self.data.get(start..end).ok_or_else(|| {
            format!("tensor `{name}` lies beyond the end of the file, which is cut short")
        })?;
        let (numbers, rest) = bytes.as_chunks::<4>();
        let count = shape.iter().try_fold(1_usize, |count, side| count.checked_mul(*side));
        if !rest.is_empty() || count != Some(numbers.len()) {
            return Err(format!(
                "tensor `{name}` has {} bytes, which is not the size of its shape",
                bytes.len()
            ));
        }
        let numbers: Vec<f32> = numbers.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
        if numbers.iter().all(|number| number.is_finite()) {
            Ok(numbers)
        } else {
            Err(format!("tensor `{name}` holds a number that is not finite"))
        }
    }
}

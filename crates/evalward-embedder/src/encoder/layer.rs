//! One layer of the encoder.

use std::ops::Range;

use ndarray::Array2;

use super::attention::attend;
use super::config::EncoderConfig;
use super::dense::{Dense, LayerNorm};
use super::numerics::gelu;
use crate::weights::Tensors;

/// A layer: attention, then a map of each token by itself; each adds to what went in.
#[derive(Debug)]
pub(super) struct Layer {
    heads: usize,
    query_key_value: Dense,
    attention_output: Dense,
    attention_norm: LayerNorm,
    inner: Dense,
    output: Dense,
    output_norm: LayerNorm,
}

impl Layer {
    /// Reads the tensors of a layer.
    ///
    /// # Errors
    /// What is wrong with a tensor.
    pub(super) fn of(
        tensors: &Tensors<'_>,
        number: usize,
        config: &EncoderConfig,
    ) -> Result<Self, String> {
        let name = |part: &str| format!("encoder.layer.{number}.{part}");
        let (size, inner) = (config.hidden_size, config.intermediate_size);
        let norm = |part: &str| LayerNorm::of(tensors, &name(part), size, config.layer_norm_eps);
        let projections = ["query", "key", "value"];
        let projections = projections.map(|which| name(&format!("attention.self.{which}")));
        let attention_output = name("attention.output.dense");
        Ok(Self {
            heads: config.num_attention_heads,
            query_key_value: Dense::of(tensors, &projections, size, size)?,
            attention_output: Dense::of(tensors, &[attention_output], size, size)?,
            attention_norm: norm("attention.output.LayerNorm")?,
            inner: Dense::of(tensors, &[name("intermediate.dense")], size, inner)?,
            output: Dense::of(tensors, &[name("output.dense")], inner, size)?,
            output_norm: norm("output.LayerNorm")?,
        })
    }

    /// Computes the layer for all texts of a batch.
    pub(super) fn apply(&self, rows: &Array2<f32>, texts: &[Range<usize>]) -> Array2<f32> {
        let projected = self.query_key_value.apply(rows);
        let attended = attend(&projected, texts, self.heads);
        let mut middle = self.attention_output.apply(&attended);
        middle += rows;
        self.attention_norm.apply(&mut middle);
        let mut inner = self.inner.apply(&middle);
        gelu(inner.as_slice_mut().expect("an owned matrix is contiguous"));
        let mut result = self.output.apply(&inner);
        result += &middle;
        self.output_norm.apply(&mut result);
        result
    }
}

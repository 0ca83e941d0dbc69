//! The encoder as a whole.

use std::ops::Range;

use ndarray::{Array2, Axis, Slice};

use super::config::EncoderConfig;
use super::dense::LayerNorm;
use super::layer::Layer;
use super::numerics::{count, normalise};
use crate::weights::Tensors;

/// An encoder with its numbers.
#[derive(Debug)]
pub(crate) struct Encoder {
    words: Array2<f32>,
    /// What is added at each place of a text; the kind of the text is part of it.
    places: Array2<f32>,
    norm: LayerNorm,
    layers: Vec<Layer>,
}

impl Encoder {
    /// Reads the tensors of an encoder.
    ///
    /// # Errors
    /// What is wrong with a tensor.
    pub(crate) fn of(tensors: &Tensors<'_>, config: &EncoderConfig) -> Result<Self, String> {
        let size = config.hidden_size;
        let table = |name: &str, rows| {
            tensors.matrix(&format!("embeddings.{name}_embeddings.weight"), rows, size)
        };
        let kinds = table("token_type", config.type_vocab_size)?;
        let mut places = table("position", config.max_position_embeddings)?;
        places += &kinds.row(0);
        let norm = LayerNorm::of(tensors, "embeddings.LayerNorm", size, config.layer_norm_eps)?;
        let layers = (0..config.num_hidden_layers).map(|number| Layer::of(tensors, number, config));
        let layers = layers.collect::<Result<_, _>>()?;
        Ok(Self { words: table("word", config.vocab_size)?, places, norm, layers })
    }

    /// Returns the length of a vector.
    pub(crate) fn dimensions(&self) -> usize {
        self.words.ncols()
    }

    /// Returns a vector of the length 1 for each text of a batch: the mean of its tokens' vectors.
    ///
    /// Every token must be in the vocabulary and no text longer than the table of places.
    pub(crate) fn encode(&self, batch: &[&[usize]]) -> Vec<Vec<f32>> {
        let mut texts: Vec<Range<usize>> = Vec::with_capacity(batch.len());
        for tokens in batch {
            let start = texts.last().map_or(0, |text| text.end);
            texts.push(start..start + tokens.len());
        }
        let mut rows = self.look_up(batch, texts.last().map_or(0, |text| text.end));
        self.norm.apply(&mut rows);
        for layer in &self.layers {
            rows = layer.apply(&rows, &texts);
        }
        let mean = |text: Range<usize>| {
            let size = count(text.len().max(1));
            let mut vector = rows.slice_axis(Axis(0), Slice::from(text)).sum_axis(Axis(0)).to_vec();
            for number in &mut vector {
                *number /= size;
            }
            normalise(&mut vector);
            vector
        };
        texts.into_iter().map(mean).collect()
    }

    fn look_up(&self, batch: &[&[usize]], count: usize) -> Array2<f32> {
        let mut rows = Array2::zeros((count, self.dimensions()));
        let tokens = batch.iter().flat_map(|tokens| tokens.iter().enumerate());
        for (mut row, (place, token)) in rows.rows_mut().into_iter().zip(tokens) {
            row += &self.words.row(*token);
            row += &self.places.row(place);
        }
        rows
    }
}

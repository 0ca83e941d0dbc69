//! The sizes of an encoder, as `config.json` states them.

use serde::Deserialize;

/// The sizes of an encoder. What else a `config.json` holds does not matter to it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct EncoderConfig {
    model_type: String,
    hidden_act: String,
    #[serde(default = "absolute")]
    position_embedding_type: String,
    /// The length of a vector.
    pub(crate) hidden_size: usize,
    /// The length of a vector within a layer.
    pub(crate) intermediate_size: usize,
    /// The number of layers.
    pub(crate) num_hidden_layers: usize,
    /// The number of parts into which attention splits a vector.
    pub(crate) num_attention_heads: usize,
    /// The most tokens of a text.
    pub(crate) max_position_embeddings: usize,
    /// The number of kinds of text.
    pub(crate) type_vocab_size: usize,
    /// The number of tokens in the vocabulary.
    pub(crate) vocab_size: usize,
    /// What is added to a variance before it divides.
    pub(crate) layer_norm_eps: f32,
}

fn absolute() -> String {
    "absolute".to_owned()
}

impl EncoderConfig {
    /// Tells what this encoder cannot compute.
    ///
    /// # Errors
    /// The first key whose value is not supported.
    pub(crate) fn check(&self) -> Result<(), String> {
        let expect = |key: &str, value: &str, supported: &str| {
            let message = || format!("`{key}` is `{value}`; only `{supported}` is supported");
            if value == supported { Ok(()) } else { Err(message()) }
        };
        expect("model_type", &self.model_type, "bert")?;
        expect("hidden_act", &self.hidden_act, "gelu")?;
        expect("position_embedding_type", &self.position_embedding_type, "absolute")?;
        let sizes = [
            ("hidden_size", self.hidden_size),
            ("intermediate_size", self.intermediate_size),
            ("num_attention_heads", self.num_attention_heads),
            ("type_vocab_size", self.type_vocab_size),
        ];
        if let Some((key, _)) = sizes.iter().find(|(_, size)| *size == 0) {
            return Err(format!("`{key}` is 0"));
        }
        if !self.hidden_size.is_multiple_of(self.num_attention_heads) {
            return Err("`hidden_size` is no multiple of `num_attention_heads`".to_owned());
        }
        if self.max_position_embeddings < 3 {
            return Err("`max_position_embeddings` is below 3".to_owned());
        }
        if self.layer_norm_eps >= 0.0 && self.layer_norm_eps.is_finite() {
            Ok(())
        } else {
            Err("`layer_norm_eps` is not a small positive number".to_owned())
        }
    }
}

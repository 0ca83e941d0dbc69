//! BERT's encoder: from tokens to a vector for each.
//!
//! Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional Transformers"; the layers are those of Vaswani et al. 2017,
//! "Attention Is All You Need", with the normalisation after each sum. Texts of one batch stand one below the other in one matrix
//! without padding, so that a short text costs what it is long.

mod attention;
mod config;
mod dense;
mod layer;
mod numerics;
mod stack;

pub(crate) use config::EncoderConfig;
pub(crate) use stack::Encoder;

//! A model in memory.

use std::fs;
use std::path::Path;

use evalward_core::Digest;
use serde::Deserialize;

use crate::EmbedderError;
use crate::encoder::{Encoder, EncoderConfig};
use crate::tokens::Vocabulary;
use crate::weights::Tensors;

/// How many texts are computed at once: more is no faster and takes more memory.
pub(crate) const BATCH: usize = 32;

/// The most tokens of a text where the model does not say it, as with sentence-transformers.
const MOST_TOKENS: usize = 256;

/// The files of a model, by their names in its folder.
pub(crate) const CONFIG: &str = "config.json";
pub(crate) const VOCABULARY: &str = "vocab.txt";
pub(crate) const WEIGHTS: &str = "model.safetensors";
pub(crate) const LIMITS: &str = "sentence_bert_config.json";

/// A sentence embedding model in memory: the mean of BERT's token vectors, scaled to the length 1 (Reimers and Gurevych 2019,
/// "Sentence-BERT").
#[derive(Debug)]
pub struct Model {
    vocabulary: Vocabulary,
    encoder: Encoder,
    most_tokens: usize,
    digest: Digest,
}

/// What sentence-transformers adds to the files of a model.
#[derive(Debug, Default, Deserialize)]
struct Limits {
    max_seq_length: Option<usize>,
}

impl Model {
    /// Reads a model from its folder.
    ///
    /// # Errors
    /// [`EmbedderError::File`] where a file is not there, [`EmbedderError::Malformed`] and [`EmbedderError::Unsupported`] where it
    /// does not hold what this crate can compute.
    pub fn open(folder: &Path) -> Result<Self, EmbedderError> {
        let config_path = folder.join(CONFIG);
        let config = read(&config_path)?;
        let config_digest = Digest::of(&config);
        let config: EncoderConfig = parse_json(&config_path, &config)?;
        config
            .check()
            .map_err(|reason| EmbedderError::Unsupported { path: config_path.clone(), reason })?;
        let most_tokens = most_tokens(folder, &config)?;
        let vocabulary_path = folder.join(VOCABULARY);
        let text = read(&vocabulary_path)?;
        let vocabulary_digest = Digest::of(&text);
        let vocabulary = parse_vocabulary(text, &config)
            .map_err(|reason| EmbedderError::Malformed { path: vocabulary_path, reason })?;
        let path = folder.join(WEIGHTS);
        let weights = read(&path)?;
        let encoder = Tensors::of(&weights).and_then(|tensors| Encoder::of(&tensors, &config));
        let encoder = encoder.map_err(|reason| EmbedderError::Malformed { path, reason })?;
        let limit = Digest::of(most_tokens.to_string().as_bytes());
        let digest = Digest::chain([config_digest, limit, vocabulary_digest, Digest::of(&weights)]);
        Ok(Self { vocabulary, encoder, most_tokens, digest })
    }

    /// Returns the length of a vector.
    pub fn dimensions(&self) -> usize {
        self.encoder.dimensions()
    }

    /// Returns the hash of everything that can move a vector.
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// Returns the most tokens of a text, the marks of its start and end included; what is beyond them does not count.
    pub const fn most_tokens(&self) -> usize {
        self.most_tokens
    }

    /// Returns the tokens of a text, as far as they count.
    pub fn tokens(&self, text: &str) -> Vec<usize> {
        self.vocabulary.encode(text, self.most_tokens)
    }

    /// Embeds each text; the vectors have the length 1 and come in the order of the texts.
    pub fn embed<T: AsRef<str>>(&self, texts: &[T]) -> Vec<Vec<f32>> {
        let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
        self.embed_while(&texts, || true).unwrap_or_default()
    }

    /// Embeds texts as long as somebody waits for them, which is asked before each batch.
    pub(crate) fn embed_while(
        &self,
        texts: &[&str],
        is_wanted: impl Fn() -> bool,
    ) -> Option<Vec<Vec<f32>>> {
        let tokens: Vec<Vec<usize>> = texts.iter().map(|text| self.tokens(text)).collect();
        // Texts of one length make batches of one size, so that the largest batch is as small as it can be.
        let mut order: Vec<usize> = (0..tokens.len()).collect();
        order.sort_by_key(|index| tokens[*index].len());
        let mut vectors = vec![Vec::new(); tokens.len()];
        for batch in order.chunks(BATCH) {
            if !is_wanted() {
                return None;
            }
            let rows: Vec<&[usize]> = batch.iter().map(|index| tokens[*index].as_slice()).collect();
            for (index, vector) in batch.iter().zip(self.encoder.encode(&rows)) {
                vectors[*index] = vector;
            }
        }
        Some(vectors)
    }
}

fn parse_vocabulary(bytes: Vec<u8>, config: &EncoderConfig) -> Result<Vocabulary, String> {
    let text = String::from_utf8(bytes).map_err(|error| format!("it is not UTF-8: {error}"))?;
    let vocabulary = Vocabulary::parse(&text)?;
    let (found, stated) = (vocabulary.size(), config.vocab_size);
    if found > stated {
        return Err(format!("it has {found} tokens, more than the {stated} of `{CONFIG}`"));
    }
    Ok(vocabulary)
}

fn most_tokens(folder: &Path, config: &EncoderConfig) -> Result<usize, EmbedderError> {
    let path = folder.join(LIMITS);
    let limits: Limits =
        if path.exists() { parse_json(&path, &read(&path)?)? } else { Limits::default() };
    let stated = limits.max_seq_length.unwrap_or(MOST_TOKENS);
    Ok(stated.clamp(3, config.max_position_embeddings))
}

fn read(path: &Path) -> Result<Vec<u8>, EmbedderError> {
    fs::read(path).map_err(|source| EmbedderError::File {
        action: "read",
        path: path.to_owned(),
        source,
    })
}

fn parse_json<T: for<'a> Deserialize<'a>>(path: &Path, bytes: &[u8]) -> Result<T, EmbedderError> {
    serde_json::from_slice(bytes).map_err(|error| EmbedderError::Malformed {
        path: path.to_owned(),
        reason: error.to_string(),
    })
}

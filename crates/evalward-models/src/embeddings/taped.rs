//! An embedding model whose answers are recorded or replayed.

use std::sync::Arc;

use evalward_core::{BoxFuture, CallError, CallErrorKind, Embedded, Embedder, EmbeddingCalls};
use serde_json::{Value, json};

use super::vector::{check_count, from_digits, to_digits};
use crate::{CallKey, Tape, TapeAnswer};

/// The kind of call in a recording, and what the calls are for.
const KIND: &str = "embeddings";

/// An embedding model with a [`Tape`] around it. Each text is a call of its own, so that a recording does not depend on which texts
/// came together.
#[derive(Clone, Debug)]
pub struct TapedEmbedder {
    embedder: Option<Arc<dyn Embedder>>,
    model: Value,
    tape: Tape,
}

impl TapedEmbedder {
    /// Puts the tape around the embedder; `model` is what identifies its vectors. Without an embedder, the tape must know all texts.
    pub const fn new(embedder: Option<Arc<dyn Embedder>>, model: Value, tape: Tape) -> Self {
        Self { embedder, model, tape }
    }

    async fn ask(&self, texts: &[String]) -> Result<Embedded, CallError> {
        let mut calls = EmbeddingCalls::of_texts(texts.len());
        let requests: Vec<Value> =
            texts.iter().map(|text| json!({"model": self.model, "text": text})).collect();
        let mut vectors: Vec<Option<Vec<f32>>> = Vec::with_capacity(texts.len());
        for request in &requests {
            let answer = self.tape.recorded(CallKey::new(KIND, request))?;
            vectors.push(answer.map(|answer| read(&answer)).transpose()?);
        }
        let missing: Vec<usize> =
            (0..).zip(&vectors).filter(|(_, it)| it.is_none()).map(|(place, _)| place).collect();
        if let Some(first) = missing.first() {
            let Embedded { vectors: fresh, calls: taken } =
                self.fresh(texts, &requests, &missing, *first).await?;
            calls.add_taken(&taken);
            for (place, vector) in missing.into_iter().zip(fresh) {
                vectors[place] = Some(vector);
            }
        }
        Ok(Embedded { vectors: vectors.into_iter().flatten().collect(), calls })
    }

    /// Embeds the texts that the recording lacks, and records them.
    async fn fresh(
        &self,
        texts: &[String],
        requests: &[Value],
        missing: &[usize],
        first: usize,
    ) -> Result<Embedded, CallError> {
        let Some(embedder) = &self.embedder else {
            return Err(self.tape.unrecorded(CallKey::new(KIND, &requests[first])));
        };
        let asked: Vec<String> = missing.iter().map(|place| texts[*place].clone()).collect();
        let Embedded { vectors, calls } = embedder.embed_and_count(&asked).await?;
        check_count(&vectors, asked.len())?;
        let mut kept = Vec::with_capacity(vectors.len());
        for (place, vector) in missing.iter().zip(vectors) {
            let value = json!({"vector": to_digits(&vector)});
            let answer = TapeAnswer { value, latency_millis: 0, attempts: 1, cached: false };
            // What is recorded counts: a run and its replay must see the very same vector.
            let answer = self.tape.keep(CallKey::new(KIND, &requests[*place]), KIND, answer)?;
            kept.push(read(&answer)?);
        }
        Ok(Embedded { vectors: kept, calls })
    }
}

impl Embedder for TapedEmbedder {
    fn embed<'a>(&'a self, texts: &'a [String]) -> BoxFuture<'a, Result<Vec<Vec<f32>>, CallError>> {
        Box::pin(async move { Ok(self.embed_and_count(texts).await?.vectors) })
    }

    fn embed_and_count<'a>(
        &'a self,
        texts: &'a [String],
    ) -> BoxFuture<'a, Result<Embedded, CallError>> {
        Box::pin(async move {
            match &self.embedder {
                Some(embedder) if self.tape.is_live() => embedder.embed_and_count(texts).await,
                _ => self.ask(texts).await,
            }
        })
    }
}

fn read(answer: &TapeAnswer) -> Result<Vec<f32>, CallError> {
    answer.value["vector"].as_str().and_then(from_digits).ok_or_else(|| {
        let message = "the recorded answer is no vector: hexadecimal digits of 32-bit numbers";
        CallError::new(CallErrorKind::Malformed, message)
    })
}

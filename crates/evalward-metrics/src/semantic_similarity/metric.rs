//! The metric.

use std::sync::Arc;

use evalward_core::{
    BoxFuture, CallError, Embedded, Embedder, EmbeddingCalls, Example, Finite, Measured,
    Measurement, Metric, ReasonKind, Reply, Scale, Score,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::cosine::cosine;
use crate::facts::{Fact, FactDifference};
use crate::wording::NO_REFERENCE;

/// What becomes of facts that differ between the output and the nearest right answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FactsCheck {
    /// They are listed; the score decides alone.
    #[default]
    Report,
    /// They fail the score.
    Fail,
    /// They are not looked for.
    Off,
}

/// What the metric needs.
#[derive(Clone, Debug)]
pub struct SemanticSimilarityOptions {
    /// The embedding model, or in words why it is not there.
    pub embedder: Result<Arc<dyn Embedder>, String>,
    /// The name of the model where it is behind an API, so that what it is asked for is counted.
    pub called: Option<String>,
    /// What becomes of facts that differ.
    pub facts: FactsCheck,
}

/// The cosine of the embeddings of the output and of the right answer that is nearest to it.
///
/// Reimers and Gurevych (2019), "Sentence-BERT: Sentence Embeddings using Siamese BERT-Networks", section 3. An output that equals a
/// right answer letter by letter scores 1 without the model. Negations and changed figures hardly move an embedding, which is why
/// facts are compared beside it.
#[derive(Clone, Debug)]
pub struct SemanticSimilarity {
    options: SemanticSimilarityOptions,
}

impl SemanticSimilarity {
    /// The scale of a cosine.
    pub const SCALE: Scale =
        Scale { min: Some(Finite::MINUS_ONE), max: Some(Finite::ONE), lower_is_better: false };

    /// Makes the metric; a missing model is told by [`Metric::preflight`].
    pub const fn new(options: SemanticSimilarityOptions) -> Self {
        Self { options }
    }

    async fn measure(&self, example: &Example, output: &str) -> Measured {
        let references: Vec<&str> = example.references().collect();
        if references.is_empty() {
            return Measurement::Skipped(NO_REFERENCE.to_owned()).into();
        }
        if let Some(index) = references.iter().position(|reference| *reference == output) {
            let detail = json!({"reference": index, "exact": true});
            return measured(self.certain(Finite::ONE).with_detail(detail));
        }
        if output.trim().is_empty() {
            let detail = json!({"empty_output": true});
            let score = self.certain(Finite::ZERO).with_detail(detail);
            return measured(score.with_problem("the output is empty"));
        }
        // A model may refuse an empty text, and its vector would mean nothing.
        let said: Vec<(usize, &str)> =
            (0..).zip(references.iter().copied()).filter(|(_, it)| !it.trim().is_empty()).collect();
        if said.is_empty() {
            let score = self.certain(Finite::ZERO).with_detail(json!({"empty_reference": true}));
            return measured(score.with_problem("the right answer is empty"));
        }
        match self.nearest(output, &said).await {
            Ok((index, value, calls)) => {
                let embeddings = self.options.called.clone();
                let embeddings = embeddings.map(|model| EmbeddingCalls { model, ..calls });
                let score = self.scored(output, &references, index, value);
                Measured { embeddings, ..measured(score) }
            }
            Err(error) => Measurement::Errored(error).into(),
        }
    }

    /// Makes a score that needs no model; where facts decide, one below 1 fails.
    fn certain(&self, value: Finite) -> Score {
        let passed = self.has_veto().then_some(value == Finite::ONE);
        Score { scale: Self::SCALE, passed, ..Score::fraction(value) }
    }

    async fn nearest(
        &self,
        output: &str,
        references: &[(usize, &str)],
    ) -> Result<(usize, Finite, EmbeddingCalls), String> {
        let embedder = self.options.embedder.as_ref().map_err(Clone::clone)?;
        let right = references.iter().map(|(_, reference)| *reference);
        let texts: Vec<String> = std::iter::once(output).chain(right).map(str::to_owned).collect();
        let failed = |error: CallError| format!("failed to embed the output: {error}");
        let Embedded { vectors, calls } = embedder.embed_and_count(&texts).await.map_err(failed)?;
        let broken = || "the embedding model gave vectors that cannot be compared".to_owned();
        let (first, others) = vectors.split_first().ok_or_else(broken)?;
        if others.len() != references.len() {
            return Err(broken());
        }
        let mut best: Option<(usize, Finite)> = None;
        for ((index, _), other) in references.iter().zip(others) {
            let value = cosine(first, other).ok_or_else(broken)?;
            if best.is_none_or(|(_, best)| value > best) {
                best = Some((*index, value));
            }
        }
        let (index, value) = best.ok_or_else(broken)?;
        Ok((index, value, calls))
    }

    fn scored(&self, output: &str, references: &[&str], index: usize, value: Finite) -> Score {
        let score = Score { scale: Self::SCALE, ..Score::fraction(value) };
        let reference = references.get(index).copied().unwrap_or_default();
        if self.options.facts == FactsCheck::Off {
            return score.with_detail(json!({"reference": index}));
        }
        let difference = FactDifference::new(output, reference);
        let detail = json!({
            "reference": index,
            "facts": {
                "added": listed(output, &difference.added),
                "missing": listed(reference, &difference.missing),
            },
        });
        let mut score = score.with_detail(detail);
        for sentence in difference.sentences() {
            score = score.with_problem(sentence);
        }
        if self.has_veto() {
            score.passed = Some(difference.is_empty());
        }
        score
    }
}

fn measured(score: Score) -> Measured {
    Measurement::from(score).into()
}

fn listed(text: &str, facts: &[Fact]) -> Vec<Value> {
    let fact = |fact: &Fact| {
        let mut place = crate::wording::span_with_text(text, &fact.span);
        place["kind"] = json!(fact.kind);
        place["value"] = json!(fact.value);
        place
    };
    facts.iter().take(LISTED).map(fact).collect()
}

/// How many facts of each side the detail lists.
const LISTED: usize = 50;

impl Metric for SemanticSimilarity {
    fn kind(&self) -> &'static str {
        "semantic_similarity"
    }

    fn scale(&self) -> Scale {
        Self::SCALE
    }

    fn decides(&self) -> bool {
        self.has_veto()
    }

    fn has_veto(&self) -> bool {
        self.options.facts == FactsCheck::Fail
    }

    fn reason_kind(&self) -> ReasonKind {
        ReasonKind::SemanticSimilarity
    }

    fn preflight(&self) -> Result<(), String> {
        self.options.embedder.as_ref().map(|_| ()).map_err(Clone::clone)
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move { self.measure(example, &reply.response.output).await.measurement })
    }

    fn score_and_count<'a>(
        &'a self,
        example: &'a Example,
        reply: &'a Reply,
    ) -> BoxFuture<'a, Measured> {
        Box::pin(self.measure(example, &reply.response.output))
    }
}

//! A judge that is probed while it scores.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use evalward_core::{
    BoxFuture, Example, ExampleId, Measured, Measurement, Metric, ProbePair, ProbeVerdict,
    ReasonKind, Reply, Scale, Score, Seed,
};
use futures::future::join_all;

use super::variants::{rank, variants};

/// How a judge is probed.
#[derive(Clone, Debug)]
pub struct ProbeOptions {
    /// The examples whose answers are judged again.
    pub examples: BTreeSet<ExampleId>,
    /// What the changes follow from.
    pub seed: Seed,
    /// Whether the judge sees documents, so that their order could matter.
    pub sees_context: bool,
}

impl ProbeOptions {
    /// Chooses `count` examples: the same ones of the same examples and seed.
    pub fn choose(
        examples: impl IntoIterator<Item = ExampleId>,
        count: usize,
        seed: Seed,
        sees_context: bool,
    ) -> Self {
        let mut chosen = BTreeSet::new();
        for id in examples {
            chosen.insert((rank(id.as_str(), seed), id));
            if chosen.len() > count {
                chosen.pop_last();
            }
        }
        let examples = chosen.into_iter().map(|(_, id)| id).collect();
        Self { examples, seed, sees_context }
    }
}

/// A metric that asks a judge, which is asked about some answers again, changed in known ways; what it says of these is kept aside.
///
/// The judge cannot tell a probe from an answer of the run: both are asked for in the same way, among each other.
pub struct ProbedMetric {
    metric: Arc<dyn Metric>,
    options: ProbeOptions,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Examples that were probed; fresh trials of them are not.
    probed: BTreeSet<ExampleId>,
    pairs: Vec<ProbePair>,
}

impl ProbedMetric {
    /// Wraps a metric.
    pub fn new(metric: Arc<dyn Metric>, options: ProbeOptions) -> Self {
        Self { metric, options, state: Mutex::default() }
    }

    /// Returns the examples that are probed.
    pub fn examples(&self) -> Vec<ExampleId> {
        self.options.examples.iter().cloned().collect()
    }

    /// Returns what the probes showed, in the order of the examples' names.
    pub fn pairs(&self) -> Vec<ProbePair> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut pairs = state.pairs.clone();
        pairs.sort_by(|left, right| {
            (&left.example_id, left.kind).cmp(&(&right.example_id, right.kind))
        });
        pairs
    }

    /// Returns whether an example is to be probed now, and sees to it that it is so only once.
    fn is_due(&self, id: &ExampleId) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.options.examples.contains(id) && state.probed.insert(id.clone())
    }

    async fn measure(&self, example: &Example, reply: &Reply) -> Measured {
        if !self.is_due(&example.id) {
            return self.metric.score_and_count(example, reply).await;
        }
        let variants = variants(example, reply, &self.options);
        let changed = variants.iter().map(|it| self.metric.score_and_count(&it.example, &it.reply));
        let (Measured { measurement, mut calls, embeddings }, verdicts) =
            futures::future::join(self.metric.score_and_count(example, reply), join_all(changed))
                .await;
        // What the probes took counts, too, or the run would seem cheaper than it is.
        for more in verdicts.iter().filter_map(|it| it.calls.as_ref()) {
            calls.get_or_insert_default().add(more);
        }
        // Without a score there is nothing that a probe could be compared with.
        let Measurement::Score(score) = &measurement else {
            return Measured { measurement, calls, embeddings };
        };
        let before = verdict(score);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        for (variant, after) in variants.into_iter().zip(verdicts) {
            let (after, cause) = match after.measurement {
                Measurement::Score(score) => (Some(verdict(&score)), None),
                Measurement::Skipped(cause) | Measurement::Errored(cause) => (None, Some(cause)),
            };
            state.pairs.push(ProbePair {
                example_id: example.id.clone(),
                kind: variant.kind,
                change: variant.change,
                before,
                after,
                cause,
            });
        }
        drop(state);
        Measured { measurement, calls, embeddings }
    }
}

const fn verdict(score: &Score) -> ProbeVerdict {
    ProbeVerdict { score: score.value, passed: score.passed }
}

impl fmt::Debug for ProbedMetric {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("ProbedMetric").field(&self.metric).finish()
    }
}

impl Metric for ProbedMetric {
    fn kind(&self) -> &str {
        self.metric.kind()
    }

    fn scale(&self) -> Scale {
        self.metric.scale()
    }

    fn decides(&self) -> bool {
        self.metric.decides()
    }

    fn has_veto(&self) -> bool {
        self.metric.has_veto()
    }

    fn reason_kind(&self) -> ReasonKind {
        self.metric.reason_kind()
    }

    fn preflight(&self) -> Result<(), String> {
        self.metric.preflight()
    }

    fn shutdown(&self) -> BoxFuture<'_, ()> {
        self.metric.shutdown()
    }

    fn score<'a>(&'a self, example: &'a Example, reply: &'a Reply) -> BoxFuture<'a, Measurement> {
        Box::pin(async move { self.measure(example, reply).await.measurement })
    }

    fn score_and_count<'a>(
        &'a self,
        example: &'a Example,
        reply: &'a Reply,
    ) -> BoxFuture<'a, Measured> {
        Box::pin(self.measure(example, reply))
    }
}

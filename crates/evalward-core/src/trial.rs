//! The stored row of one attempt at an example.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Digest, EmbeddingCalls, Example, ExampleId, Finite, JudgeCalls, Measurement, Outcome,
    OutcomeKind, Partition, Reason, Response, Timestamp,
};

/// One attempt at an example in a run: what was asked, answered and measured, and what became of it.
///
/// A line of `results.jsonl` is one trial. Everything that a summary, a gate or a report says is computed from these rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Row", into = "Row")]
#[schemars(with = "Row")]
pub struct Trial {
    /// The example.
    pub example_id: ExampleId,
    /// Its partition.
    pub partition: Partition,
    /// Its content hash, by which runs are paired.
    pub example_hash: Digest,
    /// The number of the attempt, from 1.
    pub trial: u32,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether the trial was made to confirm a failure of the first ones; such a row counts for the gate alone, since only
    /// failures have one.
    pub confirms: bool,
    /// Whether the run stopped before the example was evaluated; such a row is errored, and no gate tolerates it.
    pub unfinished: bool,
    /// The example's input, for people who read the row.
    pub input: BTreeMap<String, Value>,
    /// The example's expected output.
    pub expected_output: Option<String>,
    /// The example's tags.
    pub tags: Vec<String>,
    /// The example's cluster.
    pub cluster: Option<String>,
    /// The subject's answer; absent where there was none.
    pub response: Option<Response>,
    /// Each metric's result, by its id in the suite.
    pub scores: BTreeMap<String, Measurement>,
    /// The subject's wall time in milliseconds.
    pub latency_millis: Option<u64>,
    /// The number of attempts that the subject's call took; 0 where nothing was called.
    pub attempts: u32,
    /// Whether the subject's answer came from the cache; time and price are those of the call that once gave it.
    pub cached: bool,
    /// The price in US dollars, where it is known.
    pub cost_usd: Option<Finite>,
    /// What judges were asked for, by the ids of their metrics in the suite.
    pub judge_calls: BTreeMap<String, JudgeCalls>,
    /// What embedding models behind an API were asked for, by the ids of their metrics in the suite.
    pub embedding_calls: BTreeMap<String, EmbeddingCalls>,
    /// When the trial started.
    pub started_at: Timestamp,
}

impl Trial {
    /// Makes the row of an example that was not evaluated yet.
    pub fn new(example: &Example, outcome: Outcome, started_at: Timestamp) -> Self {
        Self {
            example_id: example.id.clone(),
            partition: example.partition,
            example_hash: example.content_hash(),
            trial: 1,
            outcome,
            confirms: false,
            unfinished: false,
            input: example.input.clone(),
            expected_output: example.expected_output.clone(),
            tags: example.tags.clone(),
            cluster: example.cluster.clone(),
            response: None,
            scores: BTreeMap::new(),
            latency_millis: None,
            attempts: 0,
            cached: false,
            cost_usd: None,
            judge_calls: BTreeMap::new(),
            embedding_calls: BTreeMap::new(),
            started_at,
        }
    }
}

/// The flat form in which a trial is stored, so that `jq 'select(.outcome == "failed")'` works.
#[derive(Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Trial")]
struct Row {
    example_id: ExampleId,
    partition: Partition,
    trial: u32,
    outcome: OutcomeKind,
    /// Why the example failed, the most important reason first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<Reason>,
    /// Why the example errored or was skipped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cause: Option<String>,
    /// Whether the trial was made to confirm a failure.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    confirms: bool,
    /// Whether the run stopped before the example was evaluated.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unfinished: bool,
    scores: BTreeMap<String, Measurement>,
    input: BTreeMap<String, Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expected_output: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    response: Option<Response>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cluster: Option<String>,
    example_hash: Digest,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    latency_millis: Option<u64>,
    attempts: u32,
    /// Whether the subject's answer came from the cache.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    cached: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cost_usd: Option<Finite>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    judge_calls: BTreeMap<String, JudgeCalls>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    embedding_calls: BTreeMap<String, EmbeddingCalls>,
    started_at: Timestamp,
}

impl From<Trial> for Row {
    fn from(trial: Trial) -> Self {
        let outcome = trial.outcome.kind();
        let (reasons, cause) = match trial.outcome {
            Outcome::Passed => (Vec::new(), None),
            Outcome::Failed(reasons) => (reasons, None),
            Outcome::Errored(cause) | Outcome::Skipped(cause) => (Vec::new(), Some(cause)),
        };
        Self {
            example_id: trial.example_id,
            partition: trial.partition,
            trial: trial.trial,
            outcome,
            reasons,
            cause,
            confirms: trial.confirms,
            unfinished: trial.unfinished,
            scores: trial.scores,
            input: trial.input,
            expected_output: trial.expected_output,
            response: trial.response,
            tags: trial.tags,
            cluster: trial.cluster,
            example_hash: trial.example_hash,
            latency_millis: trial.latency_millis,
            attempts: trial.attempts,
            cached: trial.cached,
            cost_usd: trial.cost_usd,
            judge_calls: trial.judge_calls,
            embedding_calls: trial.embedding_calls,
            started_at: trial.started_at,
        }
    }
}

impl TryFrom<Row> for Trial {
    type Error = &'static str;

    fn try_from(row: Row) -> Result<Self, &'static str> {
        let outcome = match (row.outcome, row.cause) {
            (OutcomeKind::Passed, None) if row.reasons.is_empty() => Outcome::Passed,
            (OutcomeKind::Failed, None) if !row.reasons.is_empty() => Outcome::Failed(row.reasons),
            (OutcomeKind::Errored, Some(cause)) if row.reasons.is_empty() => {
                Outcome::Errored(cause)
            }
            (OutcomeKind::Skipped, Some(cause)) if row.reasons.is_empty() => {
                Outcome::Skipped(cause)
            }
            _ => return Err("the row's outcome does not fit its reasons and cause"),
        };
        let fits = match outcome {
            Outcome::Passed => passes(&row.scores),
            Outcome::Failed(_) => row.scores.values().any(|score| score.passed() == Some(false)),
            Outcome::Errored(_) => true,
            Outcome::Skipped(_) => row.scores.values().all(|score| score.passed().is_none()),
        };
        if !fits || (row.unfinished && row.outcome != OutcomeKind::Errored) {
            return Err("the row's outcome does not follow from its scores");
        }
        Ok(Self {
            example_id: row.example_id,
            partition: row.partition,
            example_hash: row.example_hash,
            trial: row.trial,
            outcome,
            confirms: row.confirms,
            unfinished: row.unfinished,
            input: row.input,
            expected_output: row.expected_output,
            tags: row.tags,
            cluster: row.cluster,
            response: row.response,
            scores: row.scores,
            latency_millis: row.latency_millis,
            attempts: row.attempts,
            cached: row.cached,
            cost_usd: row.cost_usd,
            judge_calls: row.judge_calls,
            embedding_calls: row.embedding_calls,
            started_at: row.started_at,
        })
    }
}

/// Returns whether something gating passed, nothing failed and nothing is errored.
fn passes(scores: &BTreeMap<String, Measurement>) -> bool {
    let errored = scores.values().any(|score| matches!(score, Measurement::Errored(_)));
    let mut gating = scores.values().filter_map(Measurement::passed).peekable();
    !errored && gating.peek().is_some() && gating.all(|passed| passed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_survives_its_text_and_contradictions_are_refused() {
        let example = Example::new("a-1", Partition::Golden);
        let trial =
            Trial::new(&example, Outcome::Errored("down".to_owned()), Timestamp::from_millis(0));
        let line = serde_json::to_string(&trial).unwrap();
        assert_eq!(serde_json::from_str::<Trial>(&line).unwrap(), trial);
        let forged =
            line.replace("\"outcome\":\"errored\",\"cause\":\"down\"", "\"outcome\":\"passed\"");
        assert!(serde_json::from_str::<Trial>(&forged).is_err());
        let forged = line.replace("\"errored\"", "\"passed\"");
        assert!(serde_json::from_str::<Trial>(&forged).is_err());
    }
}

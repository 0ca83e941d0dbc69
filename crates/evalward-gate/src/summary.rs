//! What a run comes to.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use evalward_core::{EmbeddingCalls, Finite, JudgeCalls, OutcomeKind, Partition, Scale};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::correct::Corrected;
use crate::probe::Susceptibility;
use crate::{Decision, GateResult, Overall};

/// What a run comes to: counts, rates, scores and the decision of its gates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// The version of this format.
    pub format: u32,
    /// What all gates together come to.
    pub decision: Decision,
    /// The exit code that belongs to the decision.
    pub exit_code: u8,
    /// What to do now, in one sentence.
    pub advice: String,
    /// What to know about the decision, without changing it.
    pub warnings: Vec<String>,
    /// The number of examples by outcome, over all partitions.
    pub counts: Counts,
    /// Each partition that was evaluated.
    pub partitions: BTreeMap<Partition, PartitionSummary>,
    /// Each gate.
    pub gates: Vec<GateResult>,
    /// What people's labels make of judged metrics, where there are labels; they decide nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Corrected>,
    /// What hidden probes say of judges, where there were any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub probes: Vec<Susceptibility>,
    /// Where the subject's answers came from; absent where nothing was asked, as in a replay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<SubjectCalls>,
    /// What the judges were asked for over all rows, by the ids of their metrics; apart from what the subject took.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub judges: BTreeMap<String, JudgeCalls>,
    /// What they were asked for the frozen answers, which no row tells of.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub canary_calls: BTreeMap<String, JudgeCalls>,
    /// What embedding models behind an API were asked for over all rows, by the ids of their metrics.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub embeddings: BTreeMap<String, EmbeddingCalls>,
}

/// Where the subject's answers came from, over all rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubjectCalls {
    /// The answers of the subject, those from the cache among them.
    pub answers: u64,
    /// The answers that came from the cache.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub cached: u64,
}

impl Summary {
    /// The version of the format that this code writes.
    pub const FORMAT: u32 = 1;
}

/// The number of examples by outcome; `total` is always their sum.
///
/// An example of several trials passed if each of them did; where its gate confirms failures, the majority decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// All examples.
    pub total: u64,
    /// Examples that passed.
    pub passed: u64,
    /// Examples that failed.
    pub failed: u64,
    /// Examples of which a trial could not be evaluated.
    pub errored: u64,
    /// Examples to which nothing that can fail applies.
    pub skipped: u64,
    /// Those of the errored examples that the run never came to, because it was stopped.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unfinished: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Counts {
    pub(crate) fn add(&mut self, outcome: OutcomeKind, unfinished: bool) {
        self.total += 1;
        self.unfinished += u64::from(unfinished);
        match outcome {
            OutcomeKind::Passed => self.passed += 1,
            OutcomeKind::Failed => self.failed += 1,
            OutcomeKind::Errored => self.errored += 1,
            OutcomeKind::Skipped => self.skipped += 1,
        }
    }

    pub(crate) fn add_all(&mut self, other: &Self) {
        self.total += other.total;
        self.passed += other.passed;
        self.failed += other.failed;
        self.errored += other.errored;
        self.skipped += other.skipped;
        self.unfinished += other.unfinished;
    }

    /// Returns the examples that a rate is taken over: those that passed or failed.
    pub const fn evaluated(&self) -> u64 {
        self.passed + self.failed
    }
}

/// What a partition comes to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartitionSummary {
    /// The number of examples by outcome.
    pub counts: Counts,
    /// The number of trials, where it differs from the number of examples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trials: Option<u64>,
    /// What the repeats of each example say, where there are any and all trials of an example were evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<RepeatSummary>,
    /// Examples that failed and passed by the majority of fresh trials.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub overturned: u64,
    /// Examples that failed and did so again by the majority of fresh trials.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub confirmed: u64,
    /// The share of evaluated trials that passed, each example weighing the same; absent where none was evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pass_rate: Option<Estimate>,
    /// Each metric.
    pub metrics: BTreeMap<String, MetricSummary>,
    /// How often each metric was a reason of a failure.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub reasons: BTreeMap<String, u64>,
    /// The subject's wall time in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_millis: Option<Spread>,
    /// Tokens of all requests, over the trials that report them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_tokens: Option<u64>,
    /// Tokens of all answers, over the trials that report them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_tokens: Option<u64>,
    /// US dollars spent, over the trials whose price is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_usd: Option<Finite>,
}

/// What repeats say about how steady the answers are; over the examples whose trials were all evaluated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepeatSummary {
    /// The number of trials of each example.
    pub k: NonZeroU32,
    /// The share of examples that passed at least once (pass@k).
    pub pass_at_k: Estimate,
    /// The share of examples that passed each time (pass^k).
    pub pass_hat_k: Estimate,
    /// The share of examples that passed and failed.
    pub flaky: Estimate,
    /// What fewer trials would show, estimated from all of them: for one trial and each power of two below their number.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fewer: Vec<RepeatRates>,
    /// Examples that are in none of these rates, because a trial of theirs was not evaluated.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: u64,
}

/// What a number of trials would show.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepeatRates {
    /// The number of trials.
    pub k: NonZeroU32,
    /// How often at least one of them passes, over examples (pass@k).
    pub pass_at_k: Estimate,
    /// How often all of them pass, over examples (pass^k).
    pub pass_hat_k: Estimate,
}

/// An estimate, such as a share, with its interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// The observed value.
    pub value: Finite,
    /// The number of examples or labels that it is taken over.
    pub n: u64,
    /// The number of independent ones that they are worth, where clusters or groups make it smaller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_n: Option<Finite>,
    /// The lower end of the interval.
    pub low: Finite,
    /// The upper end of the interval.
    pub high: Finite,
    /// The confidence level.
    pub level: Finite,
    /// The method of the interval.
    pub method: String,
}

/// A metric over a partition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricSummary {
    /// The scale of the scores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Scale>,
    /// The mean of the scores; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<Finite>,
    /// The number of scores.
    pub scored: u64,
    /// Scores that passed.
    pub passed: u64,
    /// Scores that did not pass; the rest only reports.
    pub failed: u64,
    /// Trials to which the metric does not apply.
    pub skipped: u64,
    /// Trials on which the metric could not be computed.
    pub errored: u64,
    /// What the scores come to over the whole partition, where that is no mean of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overall: Option<Overall>,
}

/// Quantiles of a quantity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// The number of values.
    pub n: u64,
    /// The median.
    pub p50: Finite,
    /// The value that 90 % do not exceed.
    pub p90: Finite,
    /// The value that 95 % do not exceed.
    pub p95: Finite,
    /// The largest value.
    pub max: Finite,
}

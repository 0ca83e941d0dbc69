//! From counts to a decision.

use std::collections::BTreeMap;

use evalward_core::{GatePolicy, Partition};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::bar::add_comparisons;
use crate::calibrated::calibration_warnings;
use crate::compare::MetricComparison;
use crate::judge::judge;
use crate::tally::Folded;
use crate::words::count_of;
use crate::{Counts, Estimate, GateError, Plan, RunScores, Summary};

/// What all gates of a run together come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Every gate holds.
    Holds,
    /// A gate failed.
    Failed,
    /// The evaluation could not be completed, so nothing is known about the gates.
    Incomplete,
    /// The evidence is too thin for a gate that was asked for.
    Inconclusive,
    /// The run is one of several shards, all of it was evaluated, and the gates are decided when the shards are merged.
    Deferred,
}

impl Decision {
    /// Returns the exit code.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Holds | Self::Deferred => 0,
            Self::Failed => 1,
            Self::Incomplete => 3,
            Self::Inconclusive => 4,
        }
    }
}

/// What a gate comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GateStatus {
    /// The partition is as good as it must be.
    Holds,
    /// The partition is worse than it must be.
    Failed,
    /// Too many examples could not be evaluated, or rows are missing.
    Incomplete,
    /// The interval lies on both sides of the bound.
    Inconclusive,
    /// As `inconclusive`, where the policy asks only for a warning.
    Warned,
    /// The baseline that the gate compares with was not there, so the gate was left out.
    Skipped,
    /// The partition has no gate and every example was evaluated.
    Reported,
    /// The rows are those of one shard, and the gate is decided when the shards are merged.
    Deferred,
}

/// A gate and what it comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GateResult {
    /// The partition.
    pub partition: Partition,
    /// Whether this is the comparison with a baseline; the rate of a partition is a gate of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub against_baseline: bool,
    /// Whether the gate is incomplete because a judge lacks the calibration that is asked for.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub uncalibrated: bool,
    /// What was asked for; absent where the partition has no gate and only completeness counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<GatePolicy>,
    /// What the gate comes to.
    pub status: GateStatus,
    /// The comparison with a baseline, where that is what the gate asks for; a rate is a gate of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comparison: Option<MetricComparison>,
    /// The interval of the rate that decided, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Estimate>,
    /// The number of examples that today's rate would need for a conclusion, where the gate is inconclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed_n: Option<u64>,
    /// What happened, in one sentence.
    pub message: String,
}

impl GateResult {
    pub(crate) const fn new(partition: Partition, status: GateStatus, message: String) -> Self {
        Self {
            partition,
            against_baseline: false,
            uncalibrated: false,
            policy: None,
            status,
            comparison: None,
            interval: None,
            needed_n: None,
            message,
        }
    }
}

pub(crate) fn decide(
    partitions: BTreeMap<Partition, Folded>,
    scores: Option<&RunScores>,
    plan: &Plan,
) -> Result<Summary, GateError> {
    let mut counts = Counts::default();
    let mut gates = Vec::new();
    for partition in Partition::ALL {
        let expected = plan.expected.get(&partition).copied();
        let folded = partitions.get(&partition);
        let rows = folded.map_or_else(Counts::default, |folded| folded.summary.counts);
        counts.add_all(&rows);
        if expected.is_some()
            || rows.total > 0
            || (plan.whole && plan.gates.contains_key(&partition))
        {
            gates.extend(judge(partition, folded, expected.unwrap_or(0), plan)?);
        }
    }
    if plan.is_shard {
        defer(&mut gates);
    } else if plan.whole {
        let evaluated: Vec<Partition> = partitions
            .iter()
            .filter(|(_, folded)| folded.summary.counts.evaluated() > 0)
            .map(|(partition, _)| *partition)
            .collect();
        add_comparisons(&mut gates, &evaluated, scores, plan);
    }
    let decision = combine(&gates, counts, plan);
    let mut warnings: Vec<String> = gates
        .iter()
        .filter(|gate| matches!(gate.status, GateStatus::Warned | GateStatus::Skipped))
        .map(|gate| format!("{}: {}", gate.partition, gate.message))
        .collect();
    warnings.extend(calibration_warnings(plan));
    let suspended = plan.suspended.iter();
    warnings.extend(suspended.map(|(id, reason)| format!("metric `{id}` only reports: {reason}")));
    Ok(Summary {
        format: Summary::FORMAT,
        decision,
        exit_code: decision.exit_code(),
        advice: match suspended_advice(decision, counts, plan) {
            Some(advice) => advice,
            None => advice(decision, &gates, counts),
        },
        warnings,
        counts,
        partitions: partitions.into_iter().map(|(key, folded)| (key, folded.summary)).collect(),
        gates,
        corrections: Vec::new(),
        probes: Vec::new(),
        subject: None,
        judges: BTreeMap::new(),
        canary_calls: BTreeMap::new(),
        embeddings: BTreeMap::new(),
    })
}

/// Leaves to the merge what one shard cannot know.
fn defer(gates: &mut [GateResult]) {
    for gate in gates.iter_mut().filter(|gate| gate.status != GateStatus::Incomplete) {
        gate.status = GateStatus::Deferred;
        "decided when the shards are merged".clone_into(&mut gate.message);
        gate.interval = None;
        gate.needed_n = None;
    }
}

/// A broken evaluation never looks like a good or a bad model, hence the order.
fn combine(gates: &[GateResult], counts: Counts, plan: &Plan) -> Decision {
    let any = |status| gates.iter().any(|gate| gate.status == status);
    if plan.fail_fast && any(GateStatus::Failed) {
        // Whatever the rest had come to, this gate could not hold any more.
        Decision::Failed
    } else if any(GateStatus::Incomplete) {
        Decision::Incomplete
    } else if plan.is_shard {
        Decision::Deferred
    } else if any(GateStatus::Failed) {
        Decision::Failed
    } else if any(GateStatus::Inconclusive) {
        Decision::Inconclusive
    } else if counts.evaluated() == 0 {
        if counts.errored > 0 { Decision::Incomplete } else { Decision::Inconclusive }
    } else if any(GateStatus::Holds) || any(GateStatus::Warned) {
        Decision::Holds
    } else {
        // Nothing was gated, so nothing was found out.
        Decision::Incomplete
    }
}

/// Says what to do where nothing but a suspended judge could have failed an example.
fn suspended_advice(decision: Decision, counts: Counts, plan: &Plan) -> Option<String> {
    let is_it = decision == Decision::Incomplete
        && counts.evaluated() == 0
        && counts.errored == 0
        && !plan.suspended.is_empty();
    is_it.then(|| {
        let names: Vec<String> = plan.suspended.keys().map(|id| format!("`{id}`")).collect();
        format!(
            "Nothing is decided: the judge of {} was swayed by hidden probes and is suspended. Take a stronger judge, or add a rule.",
            names.join(", ")
        )
    })
}

fn advice(decision: Decision, gates: &[GateResult], counts: Counts) -> String {
    let named = |status| {
        let mut names: Vec<&str> = gates
            .iter()
            .filter(|gate| gate.status == status)
            .map(|gate| gate.partition.name())
            .collect();
        names.dedup();
        names.join(", ")
    };
    let any = |status| gates.iter().any(|gate| gate.status == status);
    match decision {
        Decision::Holds if any(GateStatus::Skipped) => format!(
            "No gate failed, but {} was not compared: there is no baseline yet. Set the first one: `evalward baseline set RUN --initial`.",
            named(GateStatus::Skipped)
        ),
        Decision::Holds if gates.iter().any(|gate| gate.status == GateStatus::Warned) => format!(
            "No gate failed, but {} is inconclusive: add examples to know.",
            named(GateStatus::Warned)
        ),
        Decision::Holds => "All gates hold.".to_owned(),
        Decision::Deferred => {
            "Nothing is decided yet: merge the shards, `evalward merge RUN...`.".to_owned()
        }
        Decision::Failed => format!(
            "Blocked by {}: look at the failing examples above, fix them or the expectation, and run again.",
            named(GateStatus::Failed)
        ),
        Decision::Incomplete if gates.iter().all(|gate| gate.status == GateStatus::Reported) => {
            "Nothing is decided: no partition has a gate.".to_owned()
        }
        Decision::Incomplete if !any(GateStatus::Incomplete) => format!(
            "Nothing is decided: the gate of {} has no baseline yet. Set the first one: `evalward baseline set RUN --initial`.",
            named(GateStatus::Skipped)
        ),
        Decision::Incomplete if counts.unfinished > 0 => format!(
            "Nothing is decided: the run stopped with {} still to evaluate. `evalward run SUITE --resume` goes on with it.",
            count_of(counts.unfinished, "example")
        ),
        Decision::Incomplete
            if gates
                .iter()
                .all(|gate| gate.status != GateStatus::Incomplete || gate.uncalibrated) =>
        {
            format!(
                "Nothing is decided: the gate of {} asks for calibrated judges. Calibrate with the command above, and run again.",
                named(GateStatus::Incomplete)
            )
        }
        Decision::Incomplete if counts.errored > 0 => format!(
            "Nothing is decided: {} could not be evaluated. Remove the causes above and run again.",
            count_of(counts.errored, "example")
        ),
        Decision::Incomplete
            if gates
                .iter()
                .all(|gate| gate.status != GateStatus::Incomplete || gate.against_baseline) =>
        {
            format!(
                "Nothing is decided: {} cannot be compared with its baseline.",
                named(GateStatus::Incomplete)
            )
        }
        Decision::Incomplete => format!(
            "Nothing is decided: the run was cut short, and results are missing for {}. Run it again.",
            named(GateStatus::Incomplete)
        ),
        Decision::Inconclusive if counts.evaluated() == 0 => {
            "Nothing was evaluated: no gating metric applies to any example.".to_owned()
        }
        Decision::Inconclusive => format!(
            "Inconclusive for {}: add examples, or set `on_inconclusive = \"warn\"` where a warning is enough.",
            named(GateStatus::Inconclusive)
        ),
    }
}

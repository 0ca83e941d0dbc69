//! From counts to a decision.

use std::collections::BTreeMap;

use evalward_core::{Finite, GatePolicy, OnInconclusive, Partition, Rate, RunManifest};
use evalward_stats::{BinomialMethod, Interval, Level, binomial_interval, needed_n_for_rate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Counts, GateError, PartitionSummary, RateEstimate, Summary};

/// What a run set out to do: how many rows each partition must have, and which gates decide.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The number of trials that each partition must have.
    pub expected: BTreeMap<Partition, u64>,
    /// The gates.
    pub gates: BTreeMap<Partition, GatePolicy>,
    /// Whether whole partitions were asked for; a hand-picked selection is judged example by example instead of by rates.
    pub whole: bool,
}

impl Plan {
    /// Makes the plan of a run over whole partitions.
    pub fn new(
        expected: impl IntoIterator<Item = (Partition, u64)>,
        gates: impl IntoIterator<Item = (Partition, GatePolicy)>,
    ) -> Self {
        Self {
            expected: expected.into_iter().collect(),
            gates: gates.into_iter().collect(),
            whole: true,
        }
    }
}

impl From<&RunManifest> for Plan {
    fn from(manifest: &RunManifest) -> Self {
        Self {
            expected: manifest.dataset.selected.clone(),
            gates: manifest.gates.clone(),
            whole: manifest.selection.keeps_partitions_whole(),
        }
    }
}

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
}

impl Decision {
    /// Returns the exit code.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Holds => 0,
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
    /// The partition has no gate and every example was evaluated.
    Reported,
}

/// A gate and what it comes to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GateResult {
    /// The partition.
    pub partition: Partition,
    /// What was asked for; absent where the partition has no gate and only completeness counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<GatePolicy>,
    /// What the gate comes to.
    pub status: GateStatus,
    /// The interval that decided, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<RateEstimate>,
    /// The number of examples that today's rate would need for a conclusion, where the gate is inconclusive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed_n: Option<u64>,
    /// What happened, in one sentence.
    pub message: String,
}

pub(crate) fn decide(
    counts: Counts,
    partitions: BTreeMap<Partition, PartitionSummary>,
    plan: &Plan,
) -> Result<Summary, GateError> {
    let mut gates = Vec::new();
    for partition in Partition::ALL {
        let expected = plan.expected.get(&partition).copied();
        let rows = partitions.get(&partition).map(|summary| summary.counts).unwrap_or_default();
        if expected.is_some()
            || rows.total > 0
            || (plan.whole && plan.gates.contains_key(&partition))
        {
            gates.push(judge(partition, rows, expected.unwrap_or(0), plan)?);
        }
    }
    let decision = combine(&gates, counts);
    let warnings = gates
        .iter()
        .filter(|gate| gate.status == GateStatus::Warned)
        .map(|gate| format!("{}: {}", gate.partition, gate.message))
        .collect();
    Ok(Summary {
        format: Summary::FORMAT,
        decision,
        exit_code: decision.exit_code(),
        advice: advice(decision, &gates, counts),
        warnings,
        counts,
        partitions,
        gates,
    })
}

/// A broken evaluation never looks like a good or a bad model, hence the order.
fn combine(gates: &[GateResult], counts: Counts) -> Decision {
    let any = |status| gates.iter().any(|gate| gate.status == status);
    if any(GateStatus::Incomplete) {
        Decision::Incomplete
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

fn judge(
    partition: Partition,
    rows: Counts,
    expected: u64,
    plan: &Plan,
) -> Result<GateResult, GateError> {
    let policy = plan.gates.get(&partition).cloned();
    let result = |status, message| GateResult {
        partition,
        policy: policy.clone(),
        status,
        interval: None,
        needed_n: None,
        message,
    };
    if rows.total != expected {
        let message = format!("{} of {expected} examples have a result", rows.total);
        return Ok(result(GateStatus::Incomplete, message));
    }
    if rows.unfinished > 0 {
        let message = format!(
            "the run stopped with {} still to evaluate",
            count_of(rows.unfinished, "example")
        );
        return Ok(result(GateStatus::Incomplete, message));
    }
    let max_errored = policy.as_ref().map_or(Rate::ZERO, |policy| policy.max_errored);
    if exceeds(rows.errored, rows.total, max_errored) {
        let message = format!(
            "{} of {} could not be evaluated; {} allowed",
            rows.errored,
            count_of(rows.total, "example"),
            if max_errored == Rate::ZERO {
                "none is".to_owned()
            } else {
                format!("{} is", percent(max_errored.get()))
            },
        );
        return Ok(result(GateStatus::Incomplete, message));
    }
    if !plan.whole {
        return Ok(judge_selection(rows, result));
    }
    match &policy {
        None => Ok(result(GateStatus::Reported, "not gated".to_owned())),
        Some(_) if rows.evaluated() == 0 => {
            let message = format!(
                "none of {} was evaluated{}",
                count_of(rows.total, "example"),
                left_out(rows)
            );
            Ok(result(GateStatus::Inconclusive, message))
        }
        Some(policy) => match policy.pass_rate {
            Some(Rate::ONE) => Ok(judge_exactly(rows, result)),
            Some(rate) => judge_rate(partition, rows, rate, policy),
            None => {
                Ok(result(GateStatus::Incomplete, "the gate has no rate to judge by".to_owned()))
            }
        },
    }
}

fn judge_selection(rows: Counts, result: impl Fn(GateStatus, String) -> GateResult) -> GateResult {
    if rows.failed > 0 {
        result(
            GateStatus::Failed,
            format!("{} of {} failed", rows.failed, count_of(rows.total, "selected example")),
        )
    } else if rows.passed == 0 {
        result(
            GateStatus::Inconclusive,
            "nothing was evaluated: every selected example was skipped".to_owned(),
        )
    } else {
        result(
            GateStatus::Holds,
            format!("every selected example passed ({}){}", rows.passed, left_out(rows)),
        )
    }
}

fn judge_exactly(rows: Counts, result: impl Fn(GateStatus, String) -> GateResult) -> GateResult {
    match (rows.failed, rows.evaluated()) {
        (0, 1) => result(GateStatus::Holds, format!("the only example passed{}", left_out(rows))),
        (0, evaluated) => {
            result(GateStatus::Holds, format!("all {evaluated} examples passed{}", left_out(rows)))
        }
        (failed, evaluated) => {
            let message =
                format!("{failed} of {} failed; all must pass", count_of(evaluated, "example"));
            result(GateStatus::Failed, message)
        }
    }
}

fn judge_rate(
    partition: Partition,
    rows: Counts,
    rate: Rate,
    policy: &GatePolicy,
) -> Result<GateResult, GateError> {
    let n = rows.evaluated();
    let statistic =
        |source| GateError::Statistic { what: "the gate's interval", partition, source };
    let interval = binomial_interval(rows.passed, n, Level::P95, BinomialMethod::ClopperPearson)
        .map_err(statistic)?;
    let bound = rate.get();
    let text = format!(
        "{} of {n} passed, 95 % interval {} to {}, must reach {}",
        rows.passed,
        percent_beside(interval.low, bound, f64::floor),
        percent_beside(interval.high, bound, f64::ceil),
        percent(bound),
    );
    let (status, needed_n, message) = if interval.low >= bound {
        (GateStatus::Holds, None, text)
    } else if interval.high < bound {
        (GateStatus::Failed, None, text)
    } else {
        let needed = needed_n_for_rate(rows.passed, n, bound, Level::P95).map_err(statistic)?;
        let status = match policy.on_inconclusive {
            OnInconclusive::Fail => GateStatus::Inconclusive,
            OnInconclusive::Warn => GateStatus::Warned,
        };
        (status, needed, format!("{text}: {}", needed_text(needed)))
    };
    let interval = Some(estimate(rows, interval));
    Ok(GateResult { partition, policy: Some(policy.clone()), status, interval, needed_n, message })
}

/// Says how many rows a count leaves out, so that nobody takes it for all of them.
fn left_out(rows: Counts) -> String {
    let count =
        |count, outcome| if count > 0 { format!(", {count} {outcome}") } else { String::new() };
    count(rows.skipped, "skipped") + &count(rows.errored, "errored")
}

fn needed_text(needed: Option<u64>) -> String {
    match needed {
        Some(needed) => format!("too few examples to tell; at this rate it would take {needed}"),
        None => {
            "the observed rate is so close to the bound that no feasible number of examples would tell".to_owned()
        }
    }
}

fn estimate(rows: Counts, interval: Interval) -> RateEstimate {
    let finite = |value: f64| Finite::new(value).unwrap_or_default();
    RateEstimate {
        value: finite(ratio(rows.passed, rows.evaluated())),
        n: rows.evaluated(),
        low: finite(interval.low),
        high: finite(interval.high),
        level: finite(Level::P95.confidence()),
        method: "clopper-pearson".to_owned(),
    }
}

fn advice(decision: Decision, gates: &[GateResult], counts: Counts) -> String {
    let named = |status| {
        let names: Vec<&str> = gates
            .iter()
            .filter(|gate| gate.status == status)
            .map(|gate| gate.partition.name())
            .collect();
        names.join(", ")
    };
    match decision {
        Decision::Holds if gates.iter().any(|gate| gate.status == GateStatus::Warned) => format!(
            "No gate failed, but {} is inconclusive: add examples to know.",
            named(GateStatus::Warned)
        ),
        Decision::Holds => "All gates hold.".to_owned(),
        Decision::Failed => format!(
            "Blocked by {}: look at the failing examples above, fix them or the expectation, and run again.",
            named(GateStatus::Failed)
        ),
        Decision::Incomplete if gates.iter().all(|gate| gate.status == GateStatus::Reported) => {
            "Nothing is decided: no partition has a gate.".to_owned()
        }
        Decision::Incomplete if counts.unfinished > 0 => format!(
            "Nothing is decided: the run stopped with {} still to evaluate. Run it again.",
            count_of(counts.unfinished, "example")
        ),
        Decision::Incomplete if counts.errored > 0 => format!(
            "Nothing is decided: {} could not be evaluated. Remove the causes above and run again.",
            count_of(counts.errored, "example")
        ),
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

/// Compares a share with its bound in whole numbers where the bound is zero, so that rounding cannot let one through.
fn exceeds(part: u64, whole: u64, bound: Rate) -> bool {
    part > 0 && ratio(part, whole) > bound.get()
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "counts of examples stay far below 2^53"
)]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

fn percent(share: f64) -> String {
    let text = format!("{:.1}", share * 100.0);
    format!("{} %", text.strip_suffix(".0").unwrap_or(&text))
}

/// Writes an end of an interval, rounded outwards, with as many decimals as it takes to see on which side of the bound it lies.
fn percent_beside(share: f64, bound: f64, round: fn(f64) -> f64) -> String {
    let shown = |scale: f64| round(share * 100.0 * scale) / scale;
    let tells = |scale: f64| (shown(scale) >= bound * 100.0) == (share >= bound);
    let scales = [(1, 10.0), (2, 100.0), (3, 1e3), (4, 1e4), (6, 1e6)];
    let (decimals, scale) = scales.into_iter().find(|(_, scale)| tells(*scale)).unwrap_or((8, 1e8));
    let text = format!("{:.decimals$}", shown(scale));
    format!("{} %", text.strip_suffix(".0").unwrap_or(&text))
}

fn count_of(count: u64, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

//! The gate of a partition: are all rows there, and is the rate what it must be?

use evalward_core::{GatePolicy, OnInconclusive, Partition, Rate};
use evalward_stats::{Level, needed_n_for_rate};

use crate::calibrated::uncalibrated;
use crate::numbers::float;
use crate::passes::Passes;
use crate::tally::Folded;
use crate::words::{count_of, percent, percent_beside, shown_n};
use crate::{Counts, GateError, GateResult, GateStatus, PartitionSummary, Plan};

/// Judges a partition by completeness and by its rate; `None` where all that is asked for is a comparison with a baseline.
pub(crate) fn judge(
    partition: Partition,
    folded: Option<&Folded>,
    expected: u64,
    plan: &Plan,
) -> Result<Option<GateResult>, GateError> {
    let policy = plan.gates.get(&partition);
    let rows = folded.map_or_else(Counts::default, |folded| folded.summary.counts);
    let result = |status, message| {
        Some(GateResult { policy: policy.cloned(), ..GateResult::new(partition, status, message) })
    };
    if plan.is_shard {
        // A share of errors is one of the whole run, and so is a rate.
        let unfinished = rows.total != expected || rows.unfinished > 0;
        let message = incomplete(policy, folded, expected, plan).filter(|_| unfinished);
        let status = message.as_ref().map_or(GateStatus::Deferred, |_| GateStatus::Incomplete);
        return Ok(result(status, message.unwrap_or_default()));
    }
    if plan.fail_fast
        && let Some(message) = certain_failure(policy, rows, plan)
    {
        return Ok(result(GateStatus::Failed, message));
    }
    if let Some(message) = incomplete(policy, folded, expected, plan) {
        return Ok(result(GateStatus::Incomplete, message));
    }
    if plan.unprobed {
        let message = "the run ended before its probes were evaluated, so that nobody knows whether its judges were swayed";
        return Ok(result(GateStatus::Incomplete, message.to_owned()));
    }
    if rows.evaluated() == 0
        && let Some(metric) = plan.suspended.keys().next()
    {
        let message =
            format!("the judge of `{metric}` is suspended, and nothing else can fail an example");
        return Ok(result(GateStatus::Incomplete, message));
    }
    if !plan.whole {
        let (status, message) = judge_selection(rows);
        return Ok(result(status, message));
    }
    let Some(policy) = policy else {
        return Ok(result(GateStatus::Reported, "not gated".to_owned()));
    };
    if let Some(message) = uncalibrated(policy, plan) {
        return Ok(Some(GateResult {
            policy: Some(policy.clone()),
            uncalibrated: true,
            ..GateResult::new(partition, GateStatus::Incomplete, message)
        }));
    }
    let Some(folded) = folded.filter(|_| rows.evaluated() > 0) else {
        let message =
            format!("none of {} was evaluated{}", count_of(rows.total, "example"), left_out(rows));
        return Ok(result(GateStatus::Inconclusive, message));
    };
    match policy.pass_rate {
        Some(Rate::ONE) => {
            let (status, message) = judge_exactly(&folded.summary, plan);
            Ok(result(status, message))
        }
        Some(rate) => judge_rate(partition, folded, rate, policy).map(Some),
        None if policy.no_worse_than.is_some() => Ok(None),
        None => Ok(result(GateStatus::Incomplete, "the gate asks for nothing".to_owned())),
    }
}

/// Says why nothing can be said about a partition yet.
fn incomplete(
    policy: Option<&GatePolicy>,
    folded: Option<&Folded>,
    expected: u64,
    plan: &Plan,
) -> Option<String> {
    let rows = folded.map_or_else(Counts::default, |folded| folded.summary.counts);
    if rows.total != expected {
        return Some(format!("{} of {expected} examples have a result", rows.total));
    }
    let trials = folded.map_or(0, |folded| folded.planned_trials);
    let planned = expected.saturating_mul(plan.repeats.get().into());
    if trials != planned {
        return Some(format!("{trials} of {planned} trials have a result"));
    }
    if rows.unfinished > 0 {
        return Some(format!(
            "the run stopped with {} still to evaluate",
            count_of(rows.unfinished, "example")
        ));
    }
    let max_errored = policy.map_or(Rate::ZERO, |policy| policy.max_errored);
    exceeds(rows.errored, rows.total, max_errored).then(|| {
        format!(
            "{} of {} could not be evaluated; {} allowed",
            rows.errored,
            count_of(rows.total, "example"),
            if max_errored == Rate::ZERO {
                "none is".to_owned()
            } else {
                format!("{} is", percent(max_errored.get()))
            },
        )
    })
}

/// Says what failed where one failure is enough, however few examples were evaluated.
fn certain_failure(policy: Option<&GatePolicy>, rows: Counts, plan: &Plan) -> Option<String> {
    let each_must_pass = !plan.whole || policy?.pass_rate == Some(Rate::ONE);
    (each_must_pass && rows.failed > 0 && rows.unfinished > 0).then(|| {
        format!(
            "{} failed, and all must pass; {} left out by `--fail-fast`",
            count_of(rows.failed, "example"),
            match rows.unfinished {
                1 => "1 was".to_owned(),
                unfinished => format!("{unfinished} were"),
            }
        )
    })
}

fn judge_selection(rows: Counts) -> (GateStatus, String) {
    if rows.failed > 0 {
        let message =
            format!("{} of {} failed", rows.failed, count_of(rows.total, "selected example"));
        (GateStatus::Failed, message)
    } else if rows.passed == 0 {
        let message = "nothing was evaluated: every selected example was skipped".to_owned();
        (GateStatus::Inconclusive, message)
    } else {
        let message = format!("every selected example passed ({}){}", rows.passed, left_out(rows));
        (GateStatus::Holds, message)
    }
}

fn judge_exactly(summary: &PartitionSummary, plan: &Plan) -> (GateStatus, String) {
    let rows = summary.counts;
    let each = match plan.repeats.get() {
        1 => String::new(),
        repeats => format!(" in all {repeats} trials"),
    };
    let rest = left_out(rows) + &confirmations(summary);
    match (rows.failed, rows.evaluated()) {
        (0, 1) => (GateStatus::Holds, format!("the only example passed{each}{rest}")),
        (0, evaluated) => {
            (GateStatus::Holds, format!("all {evaluated} examples passed{each}{rest}"))
        }
        (failed, evaluated) => {
            let of = count_of(evaluated, "example");
            let message =
                format!("{failed} of {of} failed; all must pass{each}{}", confirmations(summary));
            (GateStatus::Failed, message)
        }
    }
}

/// Says what fresh trials came to, so that nobody takes an overturned failure for none.
fn confirmations(summary: &PartitionSummary) -> String {
    let PartitionSummary { overturned, confirmed, .. } = summary;
    match overturned + confirmed {
        0 => String::new(),
        asked => {
            format!("; fresh trials overturned {overturned} of {}", count_of(asked, "failure"))
        }
    }
}

fn judge_rate(
    partition: Partition,
    folded: &Folded,
    rate: Rate,
    policy: &GatePolicy,
) -> Result<GateResult, GateError> {
    let passes = folded.passes;
    let statistic =
        |source| GateError::Statistic { what: "the gate's interval", partition, source };
    let interval = passes.exact_interval().map_err(statistic)?;
    let bound = rate.get();
    let text = format!(
        "{}, 95 % interval {} to {}, must reach {}{}",
        observed(passes),
        percent_beside(interval.low, bound, f64::floor),
        percent_beside(interval.high, bound, f64::ceil),
        percent(bound),
        confirmations(&folded.summary),
    );
    let (status, needed_n, message) = if interval.low >= bound {
        (GateStatus::Holds, None, text)
    } else if interval.high < bound {
        (GateStatus::Failed, None, text)
    } else {
        let needed = needed_examples(passes, bound).map_err(statistic)?;
        let status = inconclusive(policy);
        (status, needed, format!("{text}: {}", needed_text(needed)))
    };
    let estimate = passes.estimate(interval, "clopper-pearson").map_err(statistic)?;
    Ok(GateResult {
        policy: Some(policy.clone()),
        interval: Some(estimate),
        needed_n,
        ..GateResult::new(partition, status, message)
    })
}

/// Returns what an inconclusive gate comes to.
pub(crate) const fn inconclusive(policy: &GatePolicy) -> GateStatus {
    match policy.on_inconclusive {
        OnInconclusive::Fail => GateStatus::Inconclusive,
        OnInconclusive::Warn => GateStatus::Warned,
    }
}

/// Says what was observed; shares of repeats are a rate, and clusters say what they are worth.
fn observed(passes: Passes) -> String {
    let worth = if passes.effective_n < float(passes.n) {
        format!(" (worth {} independent)", shown_n(passes.effective_n))
    } else {
        String::new()
    };
    if passes.whole {
        format!("{} of {} passed{worth}", passes.passed(), passes.n)
    } else {
        let examples = count_of(passes.n, "example");
        format!("{} of the trials of {examples} passed{worth}", percent(passes.rate()))
    }
}

/// Returns how many examples like these it would take; those of a cluster count as much as they do now.
fn needed_examples(passes: Passes, bound: f64) -> Result<Option<u64>, evalward_stats::StatsError> {
    let needed = needed_n_for_rate(passes.passed(), passes.n, bound, Level::P95)?;
    Ok(needed.map(|needed| passes.scaled_up(needed)))
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

/// Compares a share with its bound in whole numbers where the bound is zero, so that rounding cannot let one through.
fn exceeds(part: u64, whole: u64, bound: Rate) -> bool {
    part > 0 && float(part) / float(whole) > bound.get()
}

//! From comparisons to a decision.

use evalward_core::OnInconclusive;

use super::{
    ComparePolicy, ComparisonVerdict, MetricComparison, MetricRole, Requirement, SubjectOfMetric,
};
use crate::numbers::ratio;
use crate::{Decision, GateStatus};

/// Says of each comparison what it means for the decision.
pub(crate) fn judge(comparisons: &mut [MetricComparison], policy: &ComparePolicy) {
    for comparison in comparisons {
        comparison.status = status(comparison, policy);
    }
}

fn status(comparison: &MetricComparison, policy: &ComparePolicy) -> GateStatus {
    if comparison.role == MetricRole::Exploratory {
        return GateStatus::Reported;
    }
    match comparison.verdict {
        // What was asked for by its name has to decide.
        ComparisonVerdict::Described if policy.metrics.is_empty() => GateStatus::Reported,
        ComparisonVerdict::Described | ComparisonVerdict::Invalid => GateStatus::Incomplete,
        ComparisonVerdict::Regression => GateStatus::Failed,
        _ if errors_could_hide_a_loss(comparison) || is_mostly_one_sided(comparison, policy) => {
            GateStatus::Incomplete
        }
        _ if passes(comparison) => GateStatus::Holds,
        _ => match (policy.requirement, policy.on_inconclusive) {
            (Requirement::NoRegression, OnInconclusive::Warn) => GateStatus::Warned,
            _ => GateStatus::Inconclusive,
        },
    }
}

/// Returns whether the pairs that were scored on both sides prove that nothing is lost that matters.
fn passes(comparison: &MetricComparison) -> bool {
    match comparison.verdict {
        ComparisonVerdict::Improvement
        | ComparisonVerdict::Equivalent
        | ComparisonVerdict::Trivial => true,
        ComparisonVerdict::Inconclusive => comparison.non_inferior,
        _ => false,
    }
}

/// Returns whether the errored examples might have lost the margin, had they been scored; on a scale without ends one of them
/// may have lost anything.
pub(crate) fn errors_could_hide_a_loss(comparison: &MetricComparison) -> bool {
    match (&comparison.worst_case, comparison.margin) {
        (Some(worst), Some(margin)) => worst.low.get() <= -margin.get(),
        _ => comparison.errored > 0,
    }
}

/// Returns whether too small a share of the answers has a score on both sides: what is left may be the easy part.
fn is_mostly_one_sided(comparison: &MetricComparison, policy: &ComparePolicy) -> bool {
    let of = comparison.n + comparison.one_sided;
    comparison.one_sided > 0 && ratio(comparison.n, of) < policy.min_overlap.get()
}

/// Returns what all blocking comparisons come to: incomplete before failed before inconclusive.
pub(crate) fn decision(comparisons: &[MetricComparison]) -> Decision {
    let any = |status| comparisons.iter().any(|it| it.status == status);
    if comparisons.iter().all(|it| it.status == GateStatus::Reported) || any(GateStatus::Incomplete)
    {
        Decision::Incomplete
    } else if any(GateStatus::Failed) {
        Decision::Failed
    } else if any(GateStatus::Inconclusive) {
        Decision::Inconclusive
    } else {
        Decision::Holds
    }
}

/// Says what to do.
pub(crate) fn advice(decision: Decision, comparisons: &[MetricComparison]) -> String {
    let of = |status| comparisons.iter().filter(move |it| it.status == status);
    let named = |status| {
        let names: Vec<String> = of(status).map(name).collect();
        shortened(&names)
    };
    match decision {
        Decision::Failed => format!(
            "Blocked: {} got worse. Look at the examples that worsened, mend the subject or what is expected of it, and run again.",
            named(GateStatus::Failed)
        ),
        Decision::Incomplete if of(GateStatus::Incomplete).next().is_none() => {
            "Nothing is decided: no metric that can fail an example is in both runs with a margin."
                .to_owned()
        }
        Decision::Incomplete
            if of(GateStatus::Incomplete).all(|it| it.verdict == ComparisonVerdict::Described) =>
        {
            format!(
                "Nothing is decided for {}: a scale without ends needs a margin. Give one with `--margin`, or in the suite.",
                named(GateStatus::Incomplete)
            )
        }
        Decision::Incomplete => format!(
            "Nothing is decided for {}: too much could not be evaluated on both sides. Remove the causes and run again.",
            named(GateStatus::Incomplete)
        ),
        Decision::Inconclusive => format!(
            "Inconclusive for {}: {}",
            named(GateStatus::Inconclusive),
            needed(of(GateStatus::Inconclusive))
        ),
        Decision::Holds if of(GateStatus::Warned).next().is_some() => format!(
            "No regression was found, but one may be there, inconclusive for {}: {}",
            named(GateStatus::Warned),
            needed(of(GateStatus::Warned))
        ),
        // A comparison is of whole runs, and never waits for the rest of one.
        Decision::Holds | Decision::Deferred => {
            "Nothing that decides lost as much as its margin.".to_owned()
        }
    }
}

/// Names the first few; the tables name all.
fn shortened(names: &[String]) -> String {
    match names {
        [first, second, third, rest @ ..] if rest.len() > 1 => {
            format!("{first}, {second}, {third} and {} more", rest.len())
        }
        names => names.join(", "),
    }
}

/// Writes `pass rate in golden`.
pub(crate) fn name(comparison: &MetricComparison) -> String {
    format!("{} in {}", comparison.what, comparison.partition)
}

/// Says how many examples would tell.
fn needed<'a>(inconclusive: impl Iterator<Item = &'a MetricComparison>) -> String {
    let needed = inconclusive
        .filter_map(|it| Some((it.n_required.filter(|needed| *needed > it.n)?, it)))
        .max_by_key(|(needed, _)| *needed);
    let Some((needed, comparison)) = needed else {
        return "add examples or repeats, or declare a wider margin.".to_owned();
    };
    format!(
        "a loss of {} would be found with {needed} examples in {} ({} now). Add examples, or declare a wider margin.",
        margin(comparison),
        comparison.partition,
        comparison.n,
    )
}

/// Writes the margin as the tables do: of rates in percent.
fn margin(comparison: &MetricComparison) -> String {
    match (comparison.margin, &comparison.what) {
        (None, _) => "the margin".to_owned(),
        (Some(margin), SubjectOfMetric::PassRate) => format!("{:.1} %", margin.get() * 100.0),
        (Some(margin), SubjectOfMetric::Metric(_)) => margin.to_string(),
    }
}

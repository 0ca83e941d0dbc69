//! From comparisons to a decision.

use evalward_core::{Finite, OnInconclusive};

use super::{ComparePolicy, ComparisonVerdict, MetricComparison, MetricRole, Requirement};
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
        ComparisonVerdict::Described => GateStatus::Reported,
        ComparisonVerdict::Invalid => GateStatus::Incomplete,
        ComparisonVerdict::Regression => GateStatus::Failed,
        _ if passes(comparison) && errors_could_hide_a_loss(comparison) => GateStatus::Incomplete,
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

/// Returns whether the errored examples might have lost the margin, had they been scored.
pub(crate) fn errors_could_hide_a_loss(comparison: &MetricComparison) -> bool {
    let (Some(worst), Some(margin)) = (&comparison.worst_case, comparison.margin) else {
        return false;
    };
    worst.low.get() <= -margin.get()
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
        Decision::Incomplete => format!(
            "Nothing is decided for {}: too much could not be evaluated. Remove the causes and run again.",
            named(GateStatus::Incomplete)
        ),
        Decision::Inconclusive => format!(
            "Inconclusive for {}: {}",
            named(GateStatus::Inconclusive),
            needed(of(GateStatus::Inconclusive))
        ),
        Decision::Holds if of(GateStatus::Warned).next().is_some() => format!(
            "No regression was found, but {} is inconclusive, so one may be there: {}",
            named(GateStatus::Warned),
            needed(of(GateStatus::Warned))
        ),
        Decision::Holds => "Nothing that decides lost as much as its margin.".to_owned(),
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
        margin(comparison.margin),
        comparison.partition,
        comparison.n,
    )
}

fn margin(margin: Option<Finite>) -> String {
    margin.map_or_else(|| "the margin".to_owned(), |margin| margin.to_string())
}

//! The gates that compare a partition with a baseline.

use evalward_core::{GatePolicy, NoWorseThan, Partition, Scale};

use crate::compare::{
    ComparePolicy, ComparisonVerdict, MetricComparison, MetricRole, Pair, Question, Sample,
    SubjectOfMetric, compare_metric, correct, errors_could_hide_a_loss,
};
use crate::judge::inconclusive;
use crate::numbers::{count, ratio};
use crate::words::{count_of, number, signed};
use crate::{Baseline, GateResult, GateStatus, Plan, RunScores};

/// A comparison whose verdict waits for the others of its family.
struct Open<'a> {
    policy: &'a GatePolicy,
    baseline: &'a Baseline,
}

/// Adds the gates that compare with a baseline, for each partition that was evaluated whole, and sorts all gates by partition.
pub(crate) fn add_comparisons(
    gates: &mut Vec<GateResult>,
    evaluated: &[Partition],
    scores: Option<&RunScores>,
    plan: &Plan,
) {
    let policy = ComparePolicy { companions: plan.companions, ..ComparePolicy::default() };
    let (mut open, mut comparisons) = (Vec::new(), Vec::new());
    for (partition, gate) in &plan.gates {
        let Some(bar) = &gate.no_worse_than else { continue };
        let is_incomplete = gates
            .iter()
            .any(|it| it.partition == *partition && it.status == GateStatus::Incomplete);
        if is_incomplete || !evaluated.contains(partition) {
            continue;
        }
        match question(*partition, bar, scores, plan) {
            Ok((baseline, question, sample)) => {
                open.push(Open { policy: gate, baseline });
                comparisons.push(compare_metric(&question, &sample, &policy));
            }
            Err((status, message)) => gates.push(GateResult {
                policy: Some(gate.clone()),
                against_baseline: true,
                ..GateResult::new(*partition, status, message)
            }),
        }
    }
    correct(&mut comparisons, policy.alpha);
    gates.extend(open.into_iter().zip(comparisons).map(|(open, made)| open.decide(made)));
    gates.sort_by_key(|gate| gate.partition);
}

/// Returns what is compared with which baseline, or why nothing is.
fn question<'a>(
    partition: Partition,
    bar: &NoWorseThan,
    scores: Option<&RunScores>,
    plan: &'a Plan,
) -> Result<(&'a Baseline, Question, Sample), (GateStatus, String)> {
    let incomplete = |message: String| (GateStatus::Incomplete, message);
    let baseline = match (plan.baselines.get(&bar.baseline), plan.stamps.get(&bar.baseline)) {
        (Some(baseline), _) => baseline,
        (None, Some(stamp)) => {
            let message = format!("the baseline of run `{}` is not at hand", stamp.run_id);
            return Err(incomplete(message));
        }
        (None, None) => {
            let message = format!("not compared: there is no baseline `{}` yet", bar.baseline);
            return Err((GateStatus::Skipped, message));
        }
    };
    let scores = scores.ok_or_else(|| {
        incomplete("the scores to compare with the baseline were not kept".to_owned())
    })?;
    let what = bar.metric.clone().map_or(SubjectOfMetric::PassRate, SubjectOfMetric::Metric);
    let scale = match &bar.metric {
        None => Scale::FRACTION,
        Some(id) => *scores.scales.get(id).ok_or_else(|| {
            (GateStatus::Inconclusive, format!("metric `{id}` scored no example"))
        })?,
    };
    let pairs = pairs(partition, &baseline.scores, scores);
    let of = baseline
        .count(partition)
        .min(count(scores.examples.values().filter(|it| it.partition == partition).count()));
    if of == 0 || ratio(count(pairs.len()), of) < Baseline::MIN_OVERLAP {
        let of = count_of(of, "example");
        let message =
            format!("only {} of {of} are in the baseline with the same content", pairs.len());
        return Err(incomplete(message));
    }
    let sample = Sample::new(&pairs, &what, scale);
    check_sample(&sample, bar, scale, baseline).map_err(incomplete)?;
    let margin = Some(bar.margin);
    let question = Question { what, partition, role: MetricRole::Blocking, scale, margin };
    Ok((baseline, question, sample))
}

/// Refuses scores of two scales, and a candidate that leaves out what the baseline was scored on: the rest may be the easy part.
fn check_sample(
    sample: &Sample,
    bar: &NoWorseThan,
    scale: Scale,
    baseline: &Baseline,
) -> Result<(), String> {
    let before = bar.metric.as_ref().and_then(|id| baseline.scores.scales.get(id));
    if before.is_some_and(|before| *before != scale) {
        return Err("the scores of the baseline have another scale".to_owned());
    }
    if sample.errored > 0 && sample.worst_case().is_none() {
        let errored = count_of(sample.errored, "pair");
        return Err(format!("{errored} errored, and a scale without ends bounds nothing"));
    }
    let both = count(sample.baseline.len());
    let of = both + sample.one_sided;
    if both > 0 && ratio(both, of) < Baseline::MIN_OVERLAP {
        let of = count_of(of, "pair");
        return Err(format!("only {both} of {of} were scored on both sides"));
    }
    Ok(())
}

/// Returns the examples of a partition with the same id and content on both sides.
fn pairs<'a>(
    partition: Partition,
    baseline: &'a RunScores,
    candidate: &'a RunScores,
) -> Vec<Pair<'a>> {
    let of_partition = candidate.examples.iter().filter(|(_, it)| it.partition == partition);
    of_partition
        .filter_map(|(id, candidate)| {
            let baseline = baseline.examples.get(id)?;
            Some(Pair { id, baseline, candidate })
        })
        .filter(|pair| pair.baseline.hash == pair.candidate.hash)
        .filter(|pair| pair.baseline.partition == partition)
        .collect()
}

impl Open<'_> {
    /// A loss that is real blocks; else the interval must lie above the margin.
    fn decide(self, mut made: MetricComparison) -> GateResult {
        let Self { policy, baseline } = self;
        let status = match made.verdict {
            ComparisonVerdict::Regression => GateStatus::Failed,
            ComparisonVerdict::Invalid | ComparisonVerdict::Described => GateStatus::Incomplete,
            _ if made.non_inferior && errors_could_hide_a_loss(&made) => GateStatus::Incomplete,
            _ if made.non_inferior => GateStatus::Holds,
            _ => inconclusive(policy),
        };
        made.status = status;
        let is_thin = matches!(status, GateStatus::Inconclusive | GateStatus::Warned);
        let mut result = GateResult {
            policy: Some(policy.clone()),
            against_baseline: true,
            needed_n: made.n_required.filter(|_| is_thin),
            ..GateResult::new(made.partition, status, message(&made, baseline, is_thin))
        };
        result.comparison = Some(made);
        result
    }
}

fn message(made: &MetricComparison, baseline: &Baseline, is_thin: bool) -> String {
    let what = match &made.what {
        SubjectOfMetric::PassRate => "pass rate".to_owned(),
        SubjectOfMetric::Metric(id) => format!("`{id}`"),
    };
    let (Some(before), Some(now), Some(low), Some(high)) =
        (made.baseline_mean, made.candidate_mean, made.low, made.high)
    else {
        let notes = made.notes.join("; ");
        return format!("{what} cannot be compared with run `{}`: {notes}", baseline.run_id);
    };
    let margin = made.margin.unwrap_or_default().get();
    let mut text = format!(
        "{what} {} against {} in run `{}` ({}), 90 % interval of the difference {} to {}, must lie above {}",
        number(now.get()),
        number(before.get()),
        baseline.run_id,
        count_of(made.n, "pair"),
        signed(low.get()),
        signed(high.get()),
        signed(-margin),
    );
    if is_thin {
        text.push_str(": too few examples to tell");
        if let Some(needed) = made.n_required {
            text.push_str("; it would take ");
            text.push_str(&needed.to_string());
        }
    } else if made.status == GateStatus::Incomplete {
        let errored = made.worst_case.as_ref().map_or(0, |worst| worst.errored);
        text.push_str(": ");
        text.push_str(&count_of(errored, "errored pair"));
        text.push_str(" could hide a loss of as much");
    } else if made.verdict == ComparisonVerdict::Regression {
        text.push_str(if made.confirmed { ": worse by more than that" } else { ": it is worse" });
    }
    text
}

//! The comparison of two runs.

use std::collections::BTreeSet;

use evalward_core::{Finite, Margin, Partition, Scale};

use super::decide::{advice, decision, judge};
use super::error::OtherMetric;
use super::family::correct;
use super::flips::flips;
use super::legacy;
use super::metric::{Question, compare, examples};
use super::pairing::{Pairing, pair};
use super::sample::Sample;
use super::tradeoff::{lengths, tradeoffs};
use super::{
    CompareError, ComparePolicy, ComparedScores, MetricComparison, MetricRole, Procedure,
    RunComparison, SubjectOfMetric, UncomparedMetric,
};
use crate::{Decision, GateStatus};

/// Why a metric is not compared that applied to nothing.
const NO_SCORE: &str = "it scored no example in either run";

/// Compares a candidate with a baseline.
///
/// Examples are paired by equal id and content; the trials of an example are averaged before. Each metric is compared in each
/// partition, and so is the pass rate where the same metrics decide in both runs.
///
/// # Errors
/// [`CompareError`] where the two cannot be compared; its hint says what to do.
pub fn compare_runs(
    baseline: &ComparedScores,
    candidate: &ComparedScores,
    policy: &ComparePolicy,
) -> Result<RunComparison, CompareError> {
    check(baseline, candidate, policy)?;
    let pairing = pair(baseline, candidate, policy)?;
    let uncompared = uncompared(baseline, candidate, policy);
    let mut metrics = Vec::new();
    for question in questions(baseline, candidate, &pairing, policy) {
        let sample = match policy.procedure {
            Procedure::Paired => {
                let pairs = pairing.pairs.get(&question.partition).map_or(&[][..], Vec::as_slice);
                Sample::new(pairs, &question.what, question.scale)
            }
            Procedure::Welch => {
                let sides = [&baseline.scores, &candidate.scores];
                Sample::unpaired(sides, question.partition, &question.what)
            }
        };
        if !sample.is_empty() {
            metrics.push(match policy.procedure {
                Procedure::Paired => compare(&question, &sample, policy),
                Procedure::Welch => legacy::compare(&question, &sample, policy),
            });
        }
    }
    refuse_what_is_not_there(&pairing, &metrics, &uncompared, policy)?;
    if policy.procedure == Procedure::Paired {
        correct(&mut metrics, policy.alpha);
        judge(&mut metrics, policy);
    }
    let lengths = lengths(&pairing, policy);
    let (worsened, improved) = if pass_rates_differ(baseline, candidate).is_none() {
        flips(&pairing, candidate)
    } else {
        // What passes under other rules tells nothing about the subject.
        (Vec::new(), Vec::new())
    };
    let decision = decision(&metrics);
    Ok(RunComparison {
        format: RunComparison::FORMAT,
        decision,
        exit_code: decision.exit_code(),
        advice: match policy.procedure {
            Procedure::Welch if decision == Decision::Holds => legacy::HOLDS.to_owned(),
            _ => advice(decision, &metrics),
        },
        warnings: warnings(baseline, candidate, &pairing, &metrics, policy),
        baseline: baseline.run.clone(),
        candidate: candidate.run.clone(),
        overlap: pairing.overlap,
        alpha: Finite::new(policy.alpha).unwrap_or_default(),
        procedure: policy.procedure,
        requirement: policy.requirement,
        tradeoffs: tradeoffs(&metrics, &lengths),
        metrics,
        uncompared,
        lengths,
        worsened,
        improved,
    })
}

/// Returns the differences of a metric in a partition, candidate - baseline in the better direction, in the order of the ids.
///
/// # Errors
/// As [`compare_runs`].
pub fn paired_differences(
    baseline: &ComparedScores,
    candidate: &ComparedScores,
    comparison: &MetricComparison,
    policy: &ComparePolicy,
) -> Result<Vec<f64>, CompareError> {
    let pairing = pair(baseline, candidate, policy)?;
    let pairs = pairing.pairs.get(&comparison.partition).map_or(&[][..], Vec::as_slice);
    let sample =
        Sample::new(pairs, &comparison.what, scale_of(&comparison.what, [candidate, baseline]));
    let sign = if comparison.lower_is_better { -1.0 } else { 1.0 };
    let differences = sample.candidate.iter().zip(&sample.baseline);
    Ok(differences.map(|(after, before)| sign * (after - before)).collect())
}

/// Refuses what cannot be compared, whatever the examples are.
fn check(
    baseline: &ComparedScores,
    candidate: &ComparedScores,
    policy: &ComparePolicy,
) -> Result<(), CompareError> {
    for side in [baseline, candidate] {
        let run = side.run.run_id.clone();
        if side.missing > 0 {
            return Err(CompareError::Unfinished { run, missing: side.missing });
        }
        if side.selection.only_failed.is_some() {
            return Err(CompareError::OnlyFailed { run });
        }
    }
    if baseline.dataset != candidate.dataset {
        return Err(CompareError::OtherDataset {
            baseline: baseline.dataset.clone(),
            candidate: candidate.dataset.clone(),
        });
    }
    if !(policy.alpha > 0.0 && policy.alpha < 0.5) {
        let error = format!("alpha must lie between 0 and 0.5, not {}", policy.alpha);
        return Err(CompareError::Policy(error));
    }
    check_names(baseline, candidate, policy)?;
    let metrics = other_metrics(baseline, candidate, policy);
    if metrics.is_empty() || policy.compares_the_rest {
        Ok(())
    } else {
        Err(CompareError::OtherMetrics { baseline: baseline.run.run_id.clone(), metrics })
    }
}

/// Lists the metrics that are defined otherwise on the two sides.
fn other_metrics(
    baseline: &ComparedScores,
    candidate: &ComparedScores,
    policy: &ComparePolicy,
) -> Vec<OtherMetric> {
    let both = candidate
        .stamps
        .iter()
        .filter(|(id, _)| policy.wants(&SubjectOfMetric::Metric((*id).clone())))
        .filter_map(|(id, after)| {
            let before = baseline.stamps.get(id)?;
            let scales = [baseline, candidate].map(|side| side.scores.scales.get(id));
            let other_scale = matches!(scales, [Some(before), Some(after)] if before != after);
            let differs =
                before.kind != after.kind || before.version != after.version || other_scale;
            differs.then(|| OtherMetric {
                id: id.clone(),
                baseline_kind: before.kind.clone(),
                candidate_kind: after.kind.clone(),
            })
        });
    both.collect()
}

/// Refuses names and margins that no metric answers to, which are misspelt more often than not.
fn check_names(
    baseline: &ComparedScores,
    candidate: &ComparedScores,
    policy: &ComparePolicy,
) -> Result<(), CompareError> {
    let known = |name: &str| {
        name == ComparePolicy::PASS_RATE
            || [baseline, candidate]
                .iter()
                .any(|side| side.stamps.contains_key(name) || side.scores.scales.contains_key(name))
    };
    let mut names = policy.metrics.iter().chain(policy.margins.keys());
    if let Some(name) = names.find(|name| !known(name)) {
        let all: BTreeSet<&str> = [baseline, candidate]
            .iter()
            .flat_map(|side| side.stamps.keys())
            .map(String::as_str)
            .chain([ComparePolicy::PASS_RATE])
            .collect();
        let all: Vec<&str> = all.into_iter().collect();
        let error = format!("neither run has a metric `{name}`; there are {}", all.join(", "));
        return Err(CompareError::Policy(error));
    }
    Ok(())
}

/// Lists what is compared: blocking before exploratory, the pass rate first.
fn questions(
    baseline: &ComparedScores,
    candidate: &ComparedScores,
    pairing: &Pairing<'_>,
    policy: &ComparePolicy,
) -> Vec<Question> {
    let mut whats = Vec::new();
    if pass_rates_differ(baseline, candidate).is_none() {
        whats.push((SubjectOfMetric::PassRate, true));
    }
    let others = other_metrics(baseline, candidate, policy);
    let is_another = |id: &String| others.iter().any(|other| other.id == *id);
    // A metric that scored nothing on one side is a finding, not a metric less.
    let ids: BTreeSet<&String> = [baseline, candidate]
        .iter()
        .flat_map(|side| side.stamps.keys().chain(side.scores.scales.keys()))
        .collect();
    for id in ids.into_iter().filter(|id| !is_another(id)) {
        let gating = match (baseline.stamps.get(id), candidate.stamps.get(id)) {
            (Some(_), Some(stamp)) => stamp.gating,
            // The example's own checks have no stamp; their content is part of the example.
            (None, None) => false,
            _ => continue,
        };
        whats.push((SubjectOfMetric::Metric(id.clone()), gating));
    }
    whats.retain(|(what, _)| policy.wants(what));
    let mut questions: Vec<Question> = whats
        .into_iter()
        .flat_map(|(what, gating)| {
            let scale = scale_of(&what, [candidate, baseline]);
            let stamp = candidate.stamps.get(what.name());
            let declared = policy.margin(&what, stamp, scale);
            let decides = gating || !policy.metrics.is_empty();
            let role = if decides { MetricRole::Blocking } else { MetricRole::Exploratory };
            pairing.pairs.keys().map(move |partition| Question {
                what: what.clone(),
                partition: *partition,
                role,
                scale,
                margin: policy
                    .margins
                    .get(what.name())
                    .copied()
                    .or_else(|| gate_margin(candidate, *partition, &what))
                    .or(declared),
            })
        })
        .collect();
    questions.sort_by_key(|it| it.role == MetricRole::Exploratory);
    questions
}

/// Returns the margin of the candidate's gate that compares the same with a baseline.
fn gate_margin(
    candidate: &ComparedScores,
    partition: Partition,
    what: &SubjectOfMetric,
) -> Option<Margin> {
    let bar = candidate.bars.get(&partition)?;
    let metric = match what {
        SubjectOfMetric::PassRate => None,
        SubjectOfMetric::Metric(id) => Some(id),
    };
    (bar.metric.as_ref() == metric).then_some(bar.margin)
}

/// Returns the scale of a metric; where no side has a score, one without ends, because none is known.
fn scale_of(what: &SubjectOfMetric, sides: [&ComparedScores; 2]) -> Scale {
    const UNKNOWN: Scale = Scale { min: None, max: None, lower_is_better: false };
    match what {
        SubjectOfMetric::PassRate => Scale::FRACTION,
        SubjectOfMetric::Metric(id) => {
            sides.iter().find_map(|side| side.scores.scales.get(id)).copied().unwrap_or(UNKNOWN)
        }
    }
}

/// Returns why the pass rates mean different things: other metrics, or other versions, decide whether an example passes, or the
/// same ones ask for something else.
fn pass_rates_differ(
    baseline: &ComparedScores,
    candidate: &ComparedScores,
) -> Option<&'static str> {
    let deciding = |side: &ComparedScores| -> Vec<_> {
        let gating = side.stamps.iter().filter(|(_, stamp)| stamp.gating);
        gating.map(|(id, stamp)| (id.clone(), stamp.version)).collect()
    };
    let gating = candidate.stamps.iter().filter(|(_, stamp)| stamp.gating);
    let mut both = gating.filter_map(|(id, after)| Some((baseline.stamps.get(id)?, after)));
    if deciding(baseline) != deciding(candidate) {
        Some("other metrics decide in the two runs whether an example passes")
    } else if both.any(|(before, after)| !before.asks_the_same(after)) {
        Some("a `threshold` or a `where` differs between the two runs")
    } else {
        None
    }
}

fn uncompared(
    baseline: &ComparedScores,
    candidate: &ComparedScores,
    policy: &ComparePolicy,
) -> Vec<UncomparedMetric> {
    let only = |has: &ComparedScores, lacks: &ComparedScores, side: &str| -> Vec<_> {
        let ids = has.stamps.keys().filter(|id| !lacks.stamps.contains_key(*id));
        ids.map(|id| UncomparedMetric {
            metric: id.clone(),
            cause: format!("only the {side} has it"),
        })
        .collect()
    };
    let mut list = only(baseline, candidate, "baseline");
    list.extend(only(candidate, baseline, "candidate"));
    for id in candidate.stamps.keys().filter(|id| baseline.stamps.contains_key(*id)) {
        let is_scored = |side: &ComparedScores| {
            side.scores.examples.values().any(|example| example.metrics.contains_key(id))
        };
        // Every suite has the examples' own checks, whether any example has some or not.
        let is_expected = id != "checks";
        if is_expected && !is_scored(baseline) && !is_scored(candidate) {
            list.push(UncomparedMetric { metric: id.clone(), cause: NO_SCORE.to_owned() });
        }
    }
    list.extend(other_metrics(baseline, candidate, policy).into_iter().map(|other| {
        UncomparedMetric { metric: other.id, cause: "its settings differ".to_owned() }
    }));
    list.extend(pass_rates_differ(baseline, candidate).map(|cause| UncomparedMetric {
        metric: ComparePolicy::PASS_RATE.to_owned(),
        cause: cause.to_owned(),
    }));
    list.retain(|it| policy.metrics.is_empty() || policy.metrics.contains(&it.metric));
    list
}

/// Refuses where nothing is left to compare, and where something that was asked for by its name is not.
fn refuse_what_is_not_there(
    pairing: &Pairing<'_>,
    metrics: &[MetricComparison],
    uncompared: &[UncomparedMetric],
    policy: &ComparePolicy,
) -> Result<(), CompareError> {
    if let Some(partition) = policy.partitions.iter().find(|it| !pairing.pairs.contains_key(it)) {
        let error = format!("no example of partition `{partition}` is in both runs");
        return Err(CompareError::Nothing(error));
    }
    for name in &policy.metrics {
        if metrics.iter().any(|it| it.what.name() == name) {
            continue;
        }
        let cause = uncompared.iter().find(|it| it.metric == *name);
        let cause = cause.map_or(NO_SCORE, |it| it.cause.as_str());
        return Err(CompareError::Nothing(format!("`{name}` cannot be compared: {cause}")));
    }
    if metrics.is_empty() {
        return Err(CompareError::Nothing("no metric has scores in both runs".to_owned()));
    }
    Ok(())
}

fn warnings(
    baseline: &ComparedScores,
    candidate: &ComparedScores,
    pairing: &Pairing<'_>,
    metrics: &[MetricComparison],
    policy: &ComparePolicy,
) -> Vec<String> {
    let mut warnings = Vec::new();
    if policy.procedure == Procedure::Welch {
        warnings.push(
            "the older procedure passes a drop as large as its threshold in most cases: `--method paired` does not".to_owned(),
        );
    }
    let (before, after) = (&baseline.run, &candidate.run);
    if before.run_id == after.run_id {
        warnings.push("both sides are the same run".to_owned());
    } else if before.started_at > after.started_at {
        warnings.push(
            "the baseline is younger than the candidate: are they the wrong way round?".to_owned(),
        );
    }
    if before.suite != after.suite {
        warnings.push(format!(
            "the runs are of two suites, `{}` and `{}`; metrics are compared where both define them alike",
            before.suite, after.suite
        ));
    }
    for (side, scores) in [("baseline", baseline), ("candidate", candidate)] {
        if scores.selection.is_hand_picked() {
            warnings.push(format!(
                "the {side} evaluated hand-picked examples, which say nothing about the others"
            ));
        }
    }
    let partitions: Vec<&str> = pairing.unpaired_partitions.iter().map(|it| it.name()).collect();
    if !partitions.is_empty() {
        warnings.push(format!("only one run has {}", partitions.join(", ")));
    }
    warnings.extend(errored(pairing));
    warnings.extend(metrics.iter().filter_map(|it| {
        let undecided = it.role == MetricRole::Blocking
            && it.status == GateStatus::Reported
            && it.margin.is_none();
        undecided.then(|| {
            format!("`{}` does not decide: its scale has no ends, so it needs a margin", it.what)
        })
    }));
    let mut seen = BTreeSet::new();
    warnings.retain(|warning| seen.insert(warning.clone()));
    warnings
}

/// Says how many paired examples errored on each side; a side that errs more is not as well as it looks.
fn errored(pairing: &Pairing<'_>) -> Option<String> {
    let pairs = || pairing.pairs.values().flatten();
    let count = |test: fn(&crate::ExampleScores) -> bool, candidate: bool| {
        let sides = pairs().map(|pair| if candidate { pair.candidate } else { pair.baseline });
        crate::numbers::count(sides.filter(|example| test(example)).count())
    };
    let (before, after) = (count(|it| it.errored > 0, false), count(|it| it.errored > 0, true));
    (before + after > 0).then(|| {
        format!(
            "{} errored in the baseline, {} in the candidate",
            examples(before),
            examples(after)
        )
    })
}

//! The comparison of one metric in one partition.

use evalward_core::{Finite, Margin, Partition, Scale};
use evalward_stats::StatsError;
use evalward_stats::verdict::{
    Companions, Comparison, Design, Direction, IntervalMethod, ScoreRange, Verdict,
    companions_paired, compare_paired,
};

use super::sample::Sample;
use super::{
    ComparePolicy, ComparisonCompanions, ComparisonVerdict, MetricComparison, MetricRole,
    SubjectOfMetric,
};
use crate::GateStatus;
use crate::numbers::{count, finite};

/// What is compared, and how it is to be read.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) what: SubjectOfMetric,
    pub(crate) partition: Partition,
    pub(crate) role: MetricRole,
    pub(crate) scale: Scale,
    pub(crate) margin: Option<Margin>,
}

/// Compares paired scores.
pub(crate) fn compare(
    question: &Question,
    sample: &Sample,
    policy: &ComparePolicy,
) -> MetricComparison {
    let range = sample.range(question.scale);
    let mut result = blank(question, sample);
    let margin = question.margin;
    if sample.baseline.is_empty() {
        result.notes.push("no example has a score on both sides".to_owned());
        return result;
    }
    let clusters = (!sample.clusters.is_empty()).then_some(sample.clusters.as_slice());
    let design = design(policy, question.scale, range, margin);
    match compare_paired(&sample.baseline, &sample.candidate, clusters, &design) {
        Ok(comparison) => {
            fill(&mut result, &comparison, margin.is_some());
            if policy.companions {
                let seed = policy.seed.derive(&question.what.to_string());
                let seed = seed.derive(question.partition.name()).number();
                let (before, after) = (&sample.baseline, &sample.candidate);
                let beside = companions_paired(before, after, clusters, &design, seed);
                result.companions = beside.ok().as_ref().map(companions);
            }
        }
        // One pair shows no variance: the evidence is thin, not wrong.
        Err(StatsError::TooFew { needed, got, .. }) => {
            result.verdict = unproven(margin);
            result
                .notes
                .push(format!("too few examples to tell anything: {got}, of at least {needed}"));
            result.n = got;
        }
        // Differences that are all alike bound nothing where the scale has no ends.
        Err(StatsError::Degenerate { .. }) => {
            fill_means(&mut result, sample);
            if result.difference == Some(Finite::ZERO) || margin.is_none() {
                result.verdict = unproven(margin);
            }
            result.notes.push(
                "all differences are alike, and a scale without ends does not tell how large others may be"
                    .to_owned(),
            );
        }
        Err(error) => result.notes.push(format!("failed to {error}")),
    }
    result
}

/// Returns what thin evidence comes to.
const fn unproven(margin: Option<Margin>) -> ComparisonVerdict {
    match margin {
        Some(_) => ComparisonVerdict::Inconclusive,
        None => ComparisonVerdict::Described,
    }
}

/// Fills in what needs no interval.
fn fill_means(result: &mut MetricComparison, sample: &Sample) {
    let mean = |scores: &[f64]| evalward_stats::mean(scores).ok();
    let (before, after) = (mean(&sample.baseline), mean(&sample.candidate));
    result.baseline_mean = before.and_then(finite);
    result.candidate_mean = after.and_then(finite);
    let sign = if result.lower_is_better { -1.0 } else { 1.0 };
    result.difference =
        before.zip(after).and_then(|(before, after)| finite(sign * (after - before)));
}

fn design(
    policy: &ComparePolicy,
    scale: Scale,
    range: ScoreRange,
    margin: Option<Margin>,
) -> Design {
    Design {
        alpha: policy.alpha,
        // Without a margin only what does not depend on one is taken from the comparison.
        margin: margin.map_or(1.0, Margin::get),
        range,
        direction: if scale.lower_is_better {
            Direction::LowerIsBetter
        } else {
            Direction::HigherIsBetter
        },
        target_power: policy.target_power,
    }
}

/// Returns the comparison before its statistics: invalid, with what is known from counting.
pub(crate) fn blank(question: &Question, sample: &Sample) -> MetricComparison {
    let worst_case = sample.worst_case();
    let mut notes = Vec::new();
    if sample.one_sided > 0 {
        notes.push(format!(
            "{} left out: the metric did not apply to one of the two answers",
            examples(sample.one_sided)
        ));
    }
    if sample.errored > 0 && worst_case.is_none() {
        notes.push(format!(
            "{} errored, and a scale without ends does not bound what they could have scored",
            examples(sample.errored)
        ));
    }
    MetricComparison {
        what: question.what.clone(),
        partition: question.partition,
        role: question.role,
        lower_is_better: question.scale.lower_is_better,
        margin: question.margin.and_then(|margin| finite(margin.get())),
        n: count(sample.baseline.len()),
        one_sided: sample.one_sided,
        errored: sample.errored,
        baseline_trials: sample.trials[0],
        candidate_trials: sample.trials[1],
        clusters: count(sample.baseline.len()),
        baseline_mean: None,
        candidate_mean: None,
        difference: None,
        low: None,
        high: None,
        method: None,
        reason: None,
        verdict: ComparisonVerdict::Invalid,
        conclusion: None,
        status: GateStatus::Reported,
        confirmed: false,
        non_inferior: false,
        p_regression: None,
        p_adjusted: None,
        companions: None,
        power: None,
        n_required: None,
        worst_case,
        notes,
    }
}

fn fill(result: &mut MetricComparison, comparison: &Comparison, judged: bool) {
    result.n = count(comparison.n);
    result.clusters = count(comparison.clusters);
    result.baseline_mean = finite(comparison.baseline_mean);
    result.candidate_mean = finite(comparison.candidate_mean);
    result.difference = finite(comparison.estimate);
    result.low = finite(comparison.ci.low);
    result.high = finite(comparison.ci.high);
    result.method = Some(method(comparison.method).to_owned());
    result.reason = Some(comparison.reason.to_owned());
    result.p_regression = finite(comparison.p_regression);
    if judged {
        result.verdict = verdict(comparison.verdict);
        result.confirmed = comparison.confirmed;
        result.non_inferior = comparison.non_inferior;
        result.power = comparison.power.and_then(finite);
        result.n_required = comparison.n_required;
    } else {
        result.verdict = ComparisonVerdict::Described;
        result.notes.push("no margin is declared".to_owned());
    }
}

const fn verdict(verdict: Verdict) -> ComparisonVerdict {
    match verdict {
        Verdict::Regression => ComparisonVerdict::Regression,
        Verdict::Improvement => ComparisonVerdict::Improvement,
        Verdict::Equivalent => ComparisonVerdict::Equivalent,
        Verdict::Trivial => ComparisonVerdict::Trivial,
        Verdict::Inconclusive => ComparisonVerdict::Inconclusive,
    }
}

const fn method(method: IntervalMethod) -> &'static str {
    match method {
        IntervalMethod::PairedT => "paired_t",
        IntervalMethod::ClusterRobust => "cluster_robust",
        IntervalMethod::Tango => "tango",
        IntervalMethod::Betting => "betting",
        IntervalMethod::Welch => "welch",
        IntervalMethod::MiettinenNurminen => "miettinen_nurminen",
    }
}

fn companions(companions: &Companions) -> ComparisonCompanions {
    ComparisonCompanions {
        p_permutation: companions.p_permutation.and_then(finite),
        p_mcnemar: companions.p_mcnemar.and_then(finite),
        cliffs_delta: companions.cliffs_delta.and_then(finite),
        hedges_g: companions.hedges_g.and_then(finite),
        baseline_low_share: companions.baseline_low_share.and_then(finite),
        candidate_low_share: companions.candidate_low_share.and_then(finite),
        ranks_disagree: companions.ranks_disagree,
    }
}

/// Writes a number of examples.
pub(crate) fn examples(count: u64) -> String {
    match count {
        0 => "no example".to_owned(),
        1 => "1 example".to_owned(),
        count => format!("{count} examples"),
    }
}

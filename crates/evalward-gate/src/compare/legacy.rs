//! The older procedure: Welch's test on all scores with an effect threshold, without pairs, clusters or corrections.

use evalward_core::{Margin, OnInconclusive};
use evalward_stats::verdict::{Lesson, LessonConclusion, lesson};

use super::metric::{Question, blank};
use super::sample::Sample;
use super::{ComparePolicy, ComparisonVerdict, MetricComparison, MetricRole};
use crate::GateStatus;
use crate::numbers::{count, finite};

/// What a comparison by this procedure says where it recommends to proceed.
pub(crate) const HOLDS: &str = "No significant loss of the threshold or more was seen, which does not show that there is none.";

/// Compares all scores of a metric in a partition by the older procedure, and lets it decide as it recommends.
///
/// Scores of which smaller ones are better are turned around, so that a gain is never called a regression.
pub(crate) fn compare(
    question: &Question,
    sample: &Sample,
    policy: &ComparePolicy,
) -> MetricComparison {
    let mut result = blank(question, sample);
    result.n = count(sample.baseline.len().min(sample.candidate.len()));
    result.clusters = result.n;
    let sign = if question.scale.lower_is_better { -1.0 } else { 1.0 };
    let turned = |scores: &[f64]| scores.iter().map(|score| sign * score).collect::<Vec<_>>();
    let (before, after) = (turned(&sample.baseline), turned(&sample.candidate));
    let effect = question.margin.map_or(0.3, Margin::get);
    match lesson(&before, &after, policy.alpha, effect) {
        Ok(lesson) => fill(&mut result, &lesson, sign),
        Err(error) => result.notes.push(format!("failed to {error}")),
    }
    result.status = status(&result, policy);
    result
}

fn fill(result: &mut MetricComparison, lesson: &Lesson, sign: f64) {
    let (verdict, conclusion) = match lesson.conclusion {
        LessonConclusion::InsufficientData => {
            (ComparisonVerdict::Inconclusive, "insufficient_data")
        }
        LessonConclusion::Regression => (ComparisonVerdict::Regression, "regression"),
        LessonConclusion::Improvement => (ComparisonVerdict::Improvement, "improvement"),
        LessonConclusion::StatisticallySignificantButTrivial => {
            (ComparisonVerdict::Trivial, "statistically_significant_but_trivial")
        }
        LessonConclusion::NoChange => (ComparisonVerdict::Inconclusive, "no_change"),
    };
    result.verdict = verdict;
    result.conclusion = Some(conclusion.to_owned());
    result.baseline_mean = lesson.baseline_mean.and_then(|mean| finite(sign * mean));
    result.candidate_mean = lesson.candidate_mean.and_then(|mean| finite(sign * mean));
    result.difference = lesson.effect_size.and_then(finite);
    result.low = lesson.ci.and_then(|ci| finite(ci.low));
    result.high = lesson.ci.and_then(|ci| finite(ci.high));
    result.method = Some("welch".to_owned());
    result.reason =
        Some("asked for; it ignores pairs, clusters and the number of metrics".to_owned());
    result.p_regression = lesson.p_value.and_then(finite);
    result.notes.extend(match lesson.conclusion {
        LessonConclusion::InsufficientData => Some("it needs 10 scores on each side".to_owned()),
        LessonConclusion::NoChange => Some(
            "the difference is not significant, which does not show that there is none".to_owned(),
        ),
        _ => None,
    });
}

fn status(result: &MetricComparison, policy: &ComparePolicy) -> GateStatus {
    match (result.role, result.conclusion.as_deref()) {
        (MetricRole::Exploratory, _) => GateStatus::Reported,
        (_, None) => GateStatus::Incomplete,
        (_, Some("regression")) => GateStatus::Failed,
        (_, Some("insufficient_data")) if policy.on_inconclusive == OnInconclusive::Fail => {
            GateStatus::Inconclusive
        }
        (_, Some("insufficient_data")) => GateStatus::Warned,
        _ => GateStatus::Holds,
    }
}

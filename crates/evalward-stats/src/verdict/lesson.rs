//! A rule that many teams started with, kept for them: Welch's test beside an effect threshold.

use serde::Serialize;

use crate::comparison::welch_t;
use crate::{Interval, Level, StatsError};

/// The smallest sample that the rule looks at.
const MIN_N: usize = 10;

/// What the rule concludes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LessonConclusion {
    /// A sample has fewer than 10 scores.
    InsufficientData,
    /// The means differ significantly, the candidate's is lower, by the effect threshold or more.
    Regression,
    /// The means differ significantly, the candidate's is higher, by the effect threshold or more.
    Improvement,
    /// The means differ significantly, by less than the effect threshold.
    StatisticallySignificantButTrivial,
    /// The means do not differ significantly; this shows nothing about whether they are equal.
    NoChange,
}

/// What the rule recommends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LessonRecommendation {
    /// After a regression.
    BlockDeployment,
    /// After anything else that it concluded from data, also where it saw nothing.
    Proceed,
}

/// What the rule makes of two samples.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Lesson {
    /// The conclusion.
    pub conclusion: LessonConclusion,
    /// The recommendation; `None` where there are too few scores.
    pub recommendation: Option<LessonRecommendation>,
    /// The mean of the baseline's scores; `None` where there are too few.
    pub baseline_mean: Option<f64>,
    /// The mean of the candidate's scores; `None` where there are too few.
    pub candidate_mean: Option<f64>,
    /// The candidate's mean minus the baseline's; `None` where there are too few scores.
    pub effect_size: Option<f64>,
    /// The interval for the effect at level `1 - alpha`; `None` where neither sample varies.
    pub ci: Option<Interval>,
    /// The two-sided p-value of Welch's test; `None` where neither sample varies and their means are equal.
    pub p_value: Option<f64>,
}

/// Applies Welch's two-sided test with an effect threshold to two samples in which larger scores are better.
///
/// It takes the samples for independent, so that it wastes the pairing; and it takes silence for consent: a true drop of
/// exactly the threshold gets "no change" or "trivial" in 98 % of simulated cases with 20 examples and in 48 % with 200. Use
/// [`compare_paired`](super::compare_paired) to decide anything.
///
/// # Errors
/// Returns [`StatsError`] for scores that are not finite and for an `alpha` that is no probability.
pub fn lesson(
    baseline: &[f64],
    candidate: &[f64],
    alpha: f64,
    effect: f64,
) -> Result<Lesson, StatsError> {
    let level = Level::new(1.0 - alpha)?;
    if baseline.len().min(candidate.len()) < MIN_N {
        return Ok(Lesson {
            conclusion: LessonConclusion::InsufficientData,
            recommendation: None,
            baseline_mean: None,
            candidate_mean: None,
            effect_size: None,
            ci: None,
            p_value: None,
        });
    }
    let test = welch_t(candidate, baseline, level)?;
    let is_significant = test.p_two_sided.is_some_and(|p| p < alpha);
    let is_meaningful = test.diff.abs() >= effect;
    let conclusion = match (is_significant, is_meaningful) {
        (true, true) if test.diff < 0.0 => LessonConclusion::Regression,
        (true, true) => LessonConclusion::Improvement,
        (true, false) => LessonConclusion::StatisticallySignificantButTrivial,
        (false, _) => LessonConclusion::NoChange,
    };
    let recommendation = match conclusion {
        LessonConclusion::Regression => LessonRecommendation::BlockDeployment,
        _ => LessonRecommendation::Proceed,
    };
    Ok(Lesson {
        conclusion,
        recommendation: Some(recommendation),
        baseline_mean: Some(crate::mean(baseline)?),
        candidate_mean: Some(crate::mean(candidate)?),
        effect_size: Some(test.diff),
        ci: test.diff_ci,
        p_value: test.p_two_sided,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(baseline: &[f64], candidate: &[f64], expected: LessonConclusion) -> Lesson {
        let lesson = lesson(baseline, candidate, 0.05, 0.3).unwrap();
        assert_eq!(lesson.conclusion, expected, "{lesson:?}");
        lesson
    }

    /// Scores that alternate around a mean.
    fn around(mean: f64, n: u32) -> Vec<f64> {
        (0..n).map(|index| mean + if index % 2 == 0 { 0.5 } else { -0.5 }).collect()
    }

    #[test]
    fn each_conclusion_can_be_reached() {
        let few = check(&around(4.0, 9), &around(1.0, 40), LessonConclusion::InsufficientData);
        assert_eq!(few.recommendation, None);
        let drop = check(&around(4.0, 40), &around(3.5, 40), LessonConclusion::Regression);
        assert_eq!(drop.recommendation, Some(LessonRecommendation::BlockDeployment));
        check(&around(3.5, 40), &around(4.0, 40), LessonConclusion::Improvement);
        let small = LessonConclusion::StatisticallySignificantButTrivial;
        check(&around(4.0, 400), &around(3.8, 400), small);
        let silent = check(&around(4.0, 12), &around(3.7, 12), LessonConclusion::NoChange);
        assert_eq!(silent.recommendation, Some(LessonRecommendation::Proceed));
        check(&[4.0; 10], &[4.0; 10], LessonConclusion::NoChange);
    }

    #[test]
    fn a_score_that_is_no_number_is_refused() {
        let mut scores = around(4.0, 20);
        scores[3] = f64::NAN;
        assert!(lesson(&around(4.0, 20), &scores, 0.05, 0.3).is_err());
    }

    // scipy 1.16, ttest_ind([5,4,4,5,3,4,5,4,4,5,3], [4,3,4,3,3,4,4,2,4,3], equal_var=False).
    #[test]
    fn the_p_value_is_that_of_the_reference() {
        let baseline = [5.0, 4.0, 4.0, 5.0, 3.0, 4.0, 5.0, 4.0, 4.0, 5.0, 3.0];
        let candidate = [4.0, 3.0, 4.0, 3.0, 3.0, 4.0, 4.0, 2.0, 4.0, 3.0];
        let lesson = check(&baseline, &candidate, LessonConclusion::Regression);
        assert!((lesson.p_value.unwrap() - 0.023_129_918_221_124_944).abs() < 1e-12, "{lesson:?}");
    }
}

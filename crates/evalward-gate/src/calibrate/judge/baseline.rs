//! What costs nothing, beside a judge.

use evalward_core::{Finite, ScoreCell};
use evalward_stats::agreement::correlation;
use evalward_stats::calibration::roc;
use evalward_stats::comparison::Resampling;
use evalward_stats::intervals::cluster_percentiles;
use evalward_stats::{Level, StatsError};

use super::asked::group_numbers;
use super::figures::BaselineFigures;
use super::judged::JudgedAnswer;
use super::reliability::resampled;
use crate::numbers::count;

/// The fewest answers on which a comparison says anything.
const MIN_ANSWERS: usize = 10;

/// Compares the baseline in one place of each answer with the judge; nothing where too few answers have both scores.
pub(super) fn baseline(
    name: &str,
    place: usize,
    answers: &[JudgedAnswer],
    resampling: Resampling,
) -> Result<Option<BaselineFigures>, StatsError> {
    let mut columns = Columns::default();
    for answer in answers {
        let ScoreCell::Score { value, .. } = answer.score else { continue };
        let Some(free) = answer.baselines.get(place).copied().flatten() else { continue };
        let Some(label) = mean(&answer.labels.ratings) else { continue };
        columns.judge.push(value.get());
        columns.free.push(free.get());
        columns.labels.push(label);
        columns.good.push(answer.is_good);
        columns.groups.push(&answer.labels.group);
    }
    if columns.judge.len() < MIN_ANSWERS {
        return Ok(None);
    }
    let rank = correlation(&columns.free, &columns.labels, Level::P95)?.spearman;
    let smaller_is_better = rank.is_some_and(|rank| rank < 0.0);
    if smaller_is_better {
        columns.free.iter_mut().for_each(|value| *value = 0.0 - *value);
    }
    let groups = group_numbers(columns.groups.iter().copied());
    let values = columns.statistics(&(0..columns.judge.len()).collect::<Vec<_>>());
    let intervals =
        cluster_percentiles(&groups, resampling, Level::P95, |places| columns.statistics(places));
    let n = count(columns.judge.len());
    let mut estimates = values
        .into_iter()
        .zip(intervals)
        .map(|(value, interval)| resampled(value?, n, &groups, interval?));
    let mut next = || estimates.next().flatten();
    Ok(Some(BaselineFigures {
        name: name.to_owned(),
        smaller_is_better,
        n,
        spearman: next(),
        auc: next(),
        judge_less_spearman: next(),
        judge_less_auc: next(),
    }))
}

/// Returns the mean of an answer's ratings.
pub(super) fn mean(ratings: &[Finite]) -> Option<f64> {
    let n = u32::try_from(ratings.len()).ok().filter(|n| *n > 0)?;
    Some(ratings.iter().map(|rating| rating.get()).sum::<f64>() / f64::from(n))
}

#[derive(Default)]
struct Columns<'a> {
    judge: Vec<f64>,
    free: Vec<f64>,
    labels: Vec<f64>,
    good: Vec<bool>,
    groups: Vec<&'a str>,
}

impl Columns<'_> {
    /// Returns correlation and AUC of the baseline, and what the judge has more of both.
    fn statistics(&self, places: &[usize]) -> Vec<Option<f64>> {
        let pick = |values: &[f64]| -> Vec<f64> {
            places.iter().filter_map(|place| values.get(*place).copied()).collect()
        };
        let good: Vec<bool> =
            places.iter().filter_map(|place| self.good.get(*place).copied()).collect();
        let labels = pick(&self.labels);
        let both = |scores: &[f64]| {
            let rank = correlation(scores, &labels, Level::P95).ok().and_then(|it| it.spearman);
            (rank, roc(&good, scores).ok().and_then(|curve| curve.area()))
        };
        let (free, judge) = (both(&pick(&self.free)), both(&pick(&self.judge)));
        let less = |one: Option<f64>, two: Option<f64>| Some(one? - two?);
        vec![free.0, free.1, less(judge.0, free.0), less(judge.1, free.1)]
    }
}

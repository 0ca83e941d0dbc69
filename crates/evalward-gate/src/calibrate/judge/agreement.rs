//! How far scores agree with what people say.

use evalward_core::{Finite, Scale, ScoreCell};
use evalward_stats::agreement::{
    RatingTable, Ratings, cohen_kappa, correlation, krippendorff_alpha,
};
use evalward_stats::calibration::{DrawnLabels, drawn_labels_mean, roc};
use evalward_stats::comparison::Resampling;
use evalward_stats::intervals::{cluster_percentiles, cluster_robust_mean};
use evalward_stats::{Level, StatsError};

use super::asked::grouped_share;
use super::figures::{Agreement, ComparedAs, LabelScale};
use super::reliability::{measurement, resampled};
use crate::Estimate;
use crate::calibrate::LabelledAnswer;
use crate::calibrate::compute::Scored;
use crate::numbers::{count, finite};

/// The longest scale of whole ratings that has categories.
const LONGEST_SCALE: i32 = 100;

/// A score and what people say.
#[derive(Clone, Debug)]
pub(super) struct Pair<'a> {
    pub(super) score: Finite,
    /// Whether the score means good; absent where nothing says so.
    pub(super) says_yes: Option<bool>,
    pub(super) label: Finite,
    pub(super) is_good: bool,
    pub(super) group: &'a str,
    /// What it weighs in shares and in the bias.
    pub(super) weight: f64,
}

/// The pairs as numbers to be compared.
struct Compared {
    scores: Vec<f64>,
    labels: Vec<f64>,
    categories: Vec<f64>,
    scale: LabelScale,
}

/// Computes all figures.
pub(super) fn agreement(
    pairs: &[Pair<'_>],
    (compared_as, scale): (ComparedAs, Scale),
    resampling: Resampling,
) -> Result<Agreement, StatsError> {
    let scored = Scored::of(&pairs.iter().map(labelled).collect::<Vec<_>>(), false);
    let mut found = Agreement {
        n: count(pairs.len()),
        compared_as,
        yes_from: None,
        accuracy: None,
        kappa: None,
        alpha: None,
        spearman: None,
        kendall_tau_b: None,
        auc: None,
        bias: None,
    };
    if pairs.is_empty() {
        return Ok(found);
    }
    let groups = scored.groups();
    let (scores, labels) = scored.columns();
    found.spearman = scored.spearman()?;
    found.auc = scored.auc(&roc(&pairs.iter().map(|it| it.is_good).collect::<Vec<_>>(), scores)?);
    let compared = compared(pairs, compared_as, scale);
    let statistics = |places: &[usize]| -> Vec<Option<f64>> {
        let pick = |values: &[f64]| -> Vec<f64> {
            places.iter().filter_map(|place| values.get(*place).copied()).collect()
        };
        let tau = correlation(&pick(scores), &pick(labels), Level::P95);
        let (kappa, alpha) = match &compared {
            Some(it) => kappa_and_alpha(&pick(&it.scores), &pick(&it.labels), it),
            None => (None, None),
        };
        vec![tau.ok().and_then(|it| it.kendall_tau_b), kappa, alpha]
    };
    let values = statistics(&(0..pairs.len()).collect::<Vec<_>>());
    let intervals = cluster_percentiles(groups, resampling, Level::P95, statistics);
    let mut estimates = values
        .into_iter()
        .zip(intervals)
        .map(|(value, interval)| resampled(value?, count(pairs.len()), groups, interval?));
    let mut next = || estimates.next().flatten();
    (found.kendall_tau_b, found.kappa, found.alpha) = (next(), next(), next());
    if let Some(compared) = &compared {
        let same = |(one, two): (&f64, &f64)| (one - two).abs() < 0.5;
        let both = compared.scores.iter().zip(&compared.labels).map(same);
        found.accuracy =
            grouped_share(both.zip(pairs).map(|(same, pair)| (same, pair.group, pair.weight)));
        found.bias = bias(pairs, compared_as, groups)?;
    }
    Ok(found)
}

fn labelled(pair: &Pair<'_>) -> LabelledAnswer {
    let score = ScoreCell::Score { value: pair.score, scale: Scale::FRACTION, passed: None };
    // Ranks and the AUC are of the labels as they are.
    LabelledAnswer {
        label: pair.label,
        is_good: pair.is_good,
        group: pair.group.to_owned(),
        score,
        probability: None,
    }
}

/// Rounds both sides to categories, where they have a scale in common.
fn compared(pairs: &[Pair<'_>], compared_as: ComparedAs, scale: Scale) -> Option<Compared> {
    match compared_as {
        ComparedAs::Ranks => None,
        ComparedAs::YesOrNo => {
            let said: Vec<f64> = pairs
                .iter()
                .map(|pair| Some(f64::from(u8::from(pair.says_yes?))))
                .collect::<Option<_>>()?;
            let labels = pairs.iter().map(|pair| f64::from(u8::from(pair.is_good))).collect();
            let categories = vec![0.0, 1.0];
            Some(Compared { scores: said, labels, categories, scale: LabelScale::Nominal })
        }
        ComparedAs::Ratings => Some(Compared {
            scores: pairs.iter().map(|pair| pair.score.get().round()).collect(),
            labels: pairs.iter().map(|pair| pair.label.get().round()).collect(),
            categories: categories(scale)?,
            scale: LabelScale::Ordinal,
        }),
    }
}

/// Returns the whole ratings of a scale with two whole ends; nothing for others.
pub(super) fn categories(scale: Scale) -> Option<Vec<f64>> {
    let (low, high) = (scale.min?.get(), scale.max?.get());
    let is_whole = |end: f64| (end - end.round()).abs() < 1e-9;
    let places = (0..=LONGEST_SCALE).map(|step| low + f64::from(step));
    let found: Vec<f64> = places.take_while(|value| *value <= high).collect();
    let reaches = found.last().is_some_and(|last| (last - high).abs() < 1e-9);
    (is_whole(low) && reaches && found.len() > 1).then_some(found)
}

fn kappa_and_alpha(
    scores: &[f64],
    labels: &[f64],
    compared: &Compared,
) -> (Option<f64>, Option<f64>) {
    let table = RatingTable::of_ratings(scores, labels, Some(&compared.categories));
    let kappa = table.ok().and_then(|table| cohen_kappa(&table, Level::P95).quadratic);
    let ratings = Ratings::of_raters(&[scores.to_vec(), labels.to_vec()]);
    let alpha = ratings.ok().and_then(|it| krippendorff_alpha(&it, measurement(compared.scale)));
    (kappa, alpha)
}

/// Returns the mean of score less label with its cluster-robust interval.
fn bias(
    pairs: &[Pair<'_>],
    compared_as: ComparedAs,
    groups: &[usize],
) -> Result<Option<Estimate>, StatsError> {
    let number = |is: bool| f64::from(u8::from(is));
    let difference = |pair: &Pair<'_>| match compared_as {
        ComparedAs::YesOrNo => Some(number(pair.says_yes?) - number(pair.is_good)),
        ComparedAs::Ratings => Some(pair.score.get() - pair.label.get()),
        ComparedAs::Ranks => None,
    };
    let Some(differences) = pairs.iter().map(difference).collect::<Option<Vec<f64>>>() else {
        return Ok(None);
    };
    if pairs.iter().any(|pair| (pair.weight - 1.0).abs() > 1e-12) {
        return Ok(weighted_bias(&differences, pairs, groups));
    }
    let mean = cluster_robust_mean(&differences, groups, Level::P95)?;
    let Some(interval) = mean.ci_cr2 else { return Ok(None) };
    let made = resampled(mean.mean, count(pairs.len()), groups, interval);
    Ok(made.map(|it| Estimate { method: "cluster-robust-t".to_owned(), ..it }))
}

/// Returns Hájek's mean of the differences with its t interval; nothing where none can be had.
fn weighted_bias(differences: &[f64], pairs: &[Pair<'_>], groups: &[usize]) -> Option<Estimate> {
    let probabilities: Vec<f64> = pairs.iter().map(|pair| 1.0 / pair.weight).collect();
    // Without a judge's word on the others, the estimate rests on the labels alone.
    let nothing = vec![0.0; differences.len()];
    let drawn = DrawnLabels {
        labels: differences,
        judged: &nothing,
        probabilities: &probabilities,
        clusters: groups,
    };
    let mean = drawn_labels_mean(drawn, &nothing, groups, Level::P95).ok()?;
    let made = resampled(mean.estimate, count(pairs.len()), groups, mean.ci)?;
    let effective_n = finite(mean.n_eff).or(made.effective_n);
    Some(Estimate { method: "cluster-robust-t, weighted".to_owned(), effective_n, ..made })
}

/// Returns what a score says beside a threshold.
pub(super) fn clears(score: Finite, threshold: Option<Finite>) -> Option<bool> {
    threshold.map(|threshold| score >= threshold)
}

/// Returns a number that a message can state.
pub(super) fn midpoint(scale: Scale) -> Option<Finite> {
    finite(f64::midpoint(scale.min?.get(), scale.max?.get()))
}

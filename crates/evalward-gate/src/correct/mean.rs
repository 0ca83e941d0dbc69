//! The mean score.

use evalward_stats::Level;
use evalward_stats::intervals::cluster_robust_mean;

use super::answer::{CorrectedAnswer, LabelledBy, Series};
use super::figure::{CorrectedFigure, estimate, powered};
use crate::numbers::{count, float};

/// The fewest labels that correct a mean: with fewer the interval is too narrow where scores are skewed.
const FEWEST: usize = 50;

/// Corrects the mean score by ratings on the same scale; nothing where nobody rated on it, or where no interval can be had.
pub fn correct_mean(answers: &[CorrectedAnswer]) -> Option<CorrectedFigure> {
    let rating = |label: &LabelledBy| label.rating;
    let series = Series::of(answers, |answer| Some(answer.score), rating);
    if series.labels.is_empty() {
        return None;
    }
    let raw = cluster_robust_mean(&series.all, &series.all_clusters, Level::P95).ok()?;
    let n = series.all.len();
    let raw = estimate(raw.mean, raw.ci_cr2?, (n, float(count(n))), "t")?;
    let corrected = if series.labels.len() < FEWEST {
        Err(format!("{} labels are too few; it takes {FEWEST}", series.labels.len()))
    } else {
        powered(&series)
    };
    Some(CorrectedFigure::new(raw, corrected))
}

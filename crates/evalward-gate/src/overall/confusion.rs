//! From pairs of labels to the figures of their confusion matrix.

use std::collections::BTreeMap;

use evalward_stats::StatsError;

use super::figures::{Figures, Margins, Matrix, Three};
use super::labels::LabelTally;
use super::resample::Resamples;
use super::summary::{Averages, ClassificationSummary, ConfusionCell, LabelSummary, Overall};
use crate::numbers::{finite, float};
use crate::passes::{Passes, shown_rate};

/// Computes the figures of the pairs, of which there is at least one.
pub(super) fn summarize(tally: &LabelTally, intervals: bool) -> Result<Overall, StatsError> {
    let (n, effective_n) = tally.sizes();
    let matrix = matrix(tally);
    let counts: Vec<u64> = matrix.cells.iter().map(|cell| cell.2).collect();
    let margins = matrix.margins(&counts);
    let resamples =
        if intervals { Resamples::draw(&matrix, n, whole(effective_n)) } else { Resamples::none() };
    let correct = Passes { sum: float(margins.all_right()), n, effective_n, whole: true };
    let Some(accuracy) = shown_rate(correct)? else {
        return Ok(Overall::Unstated("there is no score".to_owned()));
    };
    let figures = margins.figures();
    let average = |pick: fn(&Figures) -> Three| average(&resamples, pick, pick(&figures));
    Ok(Overall::Classification(Box::new(ClassificationSummary {
        n,
        without_label: margins.without_label,
        accuracy,
        balanced_accuracy: resamples
            .figure(figures.balanced_accuracy, |it| Some(it.balanced_accuracy)),
        by_label: average(|it| it.by_label),
        by_score: average(|it| it.by_score),
        by_support: average(|it| it.by_support),
        kappa: figures.kappa.map(|kappa| resamples.figure(kappa, |it| it.kappa)),
        mcc: resamples.figure(figures.mcc, |it| Some(it.mcc)),
        labels: labels(tally, &margins),
        confusion: cells(tally),
        resampling: resamples.how,
    })))
}

fn average(resamples: &Resamples, pick: fn(&Figures) -> Three, observed: Three) -> Averages {
    Averages {
        precision: resamples.figure(observed.precision, |it| Some(pick(it).precision)),
        recall: resamples.figure(observed.recall, |it| Some(pick(it).recall)),
        f1: resamples.figure(observed.f1, |it| Some(pick(it).f1)),
    }
}

fn matrix(tally: &LabelTally) -> Matrix {
    let places: BTreeMap<&str, usize> =
        tally.labels.iter().enumerate().map(|(place, label)| (label.as_str(), place)).collect();
    let place = |label: &str| places.get(label).copied();
    let cells = tally.pairs.iter().filter_map(|((expected, predicted), count)| {
        Some((place(expected)?, predicted.as_deref().and_then(place), *count))
    });
    Matrix { size: places.len(), cells: cells.collect() }
}

fn labels(tally: &LabelTally, margins: &Margins) -> Vec<LabelSummary> {
    let summary = |(place, label): (usize, &String)| {
        let three = margins.of_label(place);
        let share = |value| finite(value).unwrap_or_default();
        LabelSummary {
            label: label.clone(),
            support: margins.support[place],
            predicted: margins.predicted[place],
            precision: share(three.precision),
            recall: share(three.recall),
            f1: share(three.f1),
        }
    };
    tally.labels.iter().enumerate().map(summary).collect()
}

/// Returns the cells sorted by right label and then by given one, outputs without a label last.
fn cells(tally: &LabelTally) -> Vec<ConfusionCell> {
    let mut cells: Vec<ConfusionCell> = tally
        .pairs
        .iter()
        .map(|((expected, predicted), count)| ConfusionCell {
            expected: expected.clone(),
            predicted: predicted.clone(),
            count: *count,
        })
        .collect();
    cells.sort_by(|left, right| {
        let key = |cell: &ConfusionCell| (cell.expected.clone(), cell.predicted.is_none());
        key(left).cmp(&key(right)).then_with(|| left.predicted.cmp(&right.predicted))
    });
    cells
}

/// Rounds a number of scores down.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of scores; `as` saturates"
)]
fn whole(effective_n: f64) -> u64 {
    // A hair below a whole number is rounding.
    (effective_n + 1e-9).floor() as u64
}

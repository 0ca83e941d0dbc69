//! Whether people agree with each other.

use evalward_core::{Finite, Seed};
use evalward_stats::agreement::{Measurement, Ratings, krippendorff_alpha};
use evalward_stats::comparison::Resampling;
use evalward_stats::intervals::cluster_percentiles;
use evalward_stats::{Interval, Level, StatsError};

use super::asked::{draws, group_numbers};
use super::figures::{LabelScale, Reliability, ReliabilityStatus};
use super::judged::RatedLabels;
use crate::Estimate;
use crate::numbers::{count, finite};

/// The fewest answers with several raters that tell anything of their agreement.
const MIN_RATED_TWICE: u64 = 10;

/// The method of intervals that are made of resamples.
pub(super) const BOOTSTRAP: &str = "cluster-bootstrap-percentile";

/// Returns how far the raters of answers agree, and whether that is enough.
///
/// Alpha itself decides, not an end of its interval: by the lower end, few labels would never do, and by the upper one the fewest
/// would always do.
///
/// # Errors
/// [`StatsError`] where a number leaves the range of floats.
pub fn label_reliability(
    answers: &[RatedLabels],
    scale: LabelScale,
    min_alpha: Finite,
    seed: u64,
) -> Result<Reliability, StatsError> {
    let labelled: Vec<&RatedLabels> =
        answers.iter().filter(|answer| !answer.ratings.is_empty()).collect();
    let twice: Vec<&RatedLabels> =
        labelled.iter().copied().filter(|answer| answer.ratings.len() > 1).collect();
    let alpha = alpha_of(&twice, scale, seed)?;
    let rated_twice = count(twice.len());
    let status = match &alpha {
        _ if rated_twice < MIN_RATED_TWICE => ReliabilityStatus::Unknown,
        Some(alpha) if alpha.value < min_alpha => ReliabilityStatus::Unreliable,
        Some(_) => ReliabilityStatus::Reliable,
        // All labels are the same, which tells nothing.
        None => ReliabilityStatus::Unknown,
    };
    Ok(Reliability {
        labels: labelled.iter().map(|answer| count(answer.ratings.len())).sum(),
        answers: count(labelled.len()),
        rated_twice,
        alpha,
        scale,
        min_alpha,
        status,
    })
}

fn alpha_of(
    twice: &[&RatedLabels],
    scale: LabelScale,
    seed: u64,
) -> Result<Option<Estimate>, StatsError> {
    if twice.is_empty() {
        return Ok(None);
    }
    let most = twice.iter().map(|answer| answer.ratings.len()).max().unwrap_or_default();
    let of = |places: &[usize]| -> Result<Option<f64>, StatsError> {
        // Who said what does not matter to alpha, so that each answer's first label may stand in the first row.
        let row = |rater: usize| {
            let rating = |place: &usize| twice.get(*place)?.ratings.get(rater).copied();
            places.iter().map(|place| rating(place).map_or(f64::NAN, Finite::get)).collect()
        };
        let rows: Vec<Vec<f64>> = (0..most).map(row).collect();
        Ok(krippendorff_alpha(&Ratings::of_raters(&rows)?, measurement(scale)))
    };
    let all: Vec<usize> = (0..twice.len()).collect();
    let Some(value) = of(&all)? else { return Ok(None) };
    let groups = group_numbers(twice.iter().map(|answer| answer.group.as_str()));
    let seed = Seed::from_number(seed).derive("reliability of labels").number();
    let resampling = Resampling { resamples: draws(twice.len() * most), seed };
    let interval = cluster_percentiles(&groups, resampling, Level::P95, |places| {
        vec![of(places).ok().flatten()]
    });
    let interval = interval.into_iter().next().flatten();
    Ok(interval.and_then(|interval| resampled(value, count(twice.len()), &groups, interval)))
}

pub(super) const fn measurement(scale: LabelScale) -> Measurement {
    match scale {
        LabelScale::Nominal => Measurement::Nominal,
        LabelScale::Ordinal => Measurement::Ordinal,
    }
}

/// Joins a value with its interval of resamples.
pub(super) fn resampled(
    value: f64,
    n: u64,
    groups: &[usize],
    interval: Interval,
) -> Option<Estimate> {
    let clusters = count(groups.iter().max().map_or(0, |last| last + 1));
    Some(Estimate {
        value: finite(value)?,
        n,
        effective_n: (clusters < n).then(|| finite(crate::numbers::float(clusters))).flatten(),
        low: finite(interval.low.min(value))?,
        high: finite(interval.high.max(value))?,
        level: finite(Level::P95.confidence())?,
        method: BOOTSTRAP.to_owned(),
    })
}

//! Shares of answers in groups, and how often a judge gave nothing usable.

use std::collections::BTreeMap;

use evalward_core::ScoreCell;
use evalward_stats::Level;
use evalward_stats::intervals::effective_rate_interval;

use super::figures::AskedFigures;
use super::judged::JudgedAnswer;
use crate::Estimate;
use crate::numbers::{count, finite, float};

/// A hit or none, with its group and what it weighs.
pub(super) type Hit<'a> = (bool, &'a str, f64);

/// Returns the weighted share of hits with the exact interval for as many independent ones as weights and groups make of them (Kish
/// 1965).
pub(super) fn grouped_share<'a>(hits: impl IntoIterator<Item = Hit<'a>>) -> Option<Estimate> {
    let (mut n, mut total, mut hit_weight, mut is_weighted) = (0_u64, 0.0, 0.0, false);
    let mut sizes: BTreeMap<&str, f64> = BTreeMap::new();
    for (is_hit, group, weight) in hits {
        n += 1;
        total += weight;
        hit_weight += if is_hit { weight } else { 0.0 };
        is_weighted |= (weight - 1.0).abs() > 1e-12;
        *sizes.entry(group).or_default() += weight;
    }
    if n == 0 {
        return None;
    }
    let squares: f64 = sizes.values().map(|size| size * size).sum();
    let effective = (total * total / squares).min(float(n));
    let share = (hit_weight / total).min(1.0);
    let interval = effective_rate_interval(share * effective, effective, Level::P95).ok()?;
    Some(Estimate {
        value: finite(share)?,
        n,
        effective_n: finite(effective).filter(|effective| effective.get() < float(n)),
        low: finite(interval.low.min(share))?,
        high: finite(interval.high.max(share))?,
        level: finite(Level::P95.confidence())?,
        method: if is_weighted { "clopper-pearson, weighted" } else { "clopper-pearson" }
            .to_owned(),
    })
}

/// Returns how often the judge gave nothing usable, or did not know its own mind.
pub(super) fn asked(answers: &[JudgedAnswer]) -> AskedFigures {
    let asked = || answers.iter().filter(|it| !matches!(it.score, ScoreCell::Skipped(_)));
    let scored = || asked().filter(|it| matches!(it.score, ScoreCell::Score { .. }));
    let hit = |is: bool, it: &'_ JudgedAnswer| (is, it.labels.group.clone(), it.labels.weight());
    let share = |hits: Vec<(bool, String, f64)>| {
        grouped_share(hits.iter().map(|(is, group, weight)| (*is, group.as_str(), *weight)))
    };
    AskedFigures {
        errored: share(
            asked().map(|it| hit(matches!(it.score, ScoreCell::Errored(_)), it)).collect(),
        ),
        asked_again: share(scored().map(|it| hit(it.was_asked_again, it)).collect()),
        unstable: share(scored().filter_map(|it| Some(hit(it.is_unstable?, it))).collect()),
    }
}

/// Returns the number of different groups.
pub(super) fn group_numbers<'a>(groups: impl IntoIterator<Item = &'a str>) -> Vec<usize> {
    let groups: Vec<&str> = groups.into_iter().collect();
    let mut numbers: BTreeMap<&str, usize> = groups.iter().map(|group| (*group, 0)).collect();
    for (number, place) in numbers.values_mut().enumerate() {
        *place = number;
    }
    groups.iter().map(|group| numbers.get(group).copied().unwrap_or_default()).collect()
}

/// How many resamples intervals are made of: fewer where there is much to draw.
pub(super) fn draws(n: usize) -> u32 {
    const MOST: u64 = 1_000;
    const FEWEST: u64 = 200;
    const MOST_ROWS: u64 = 4_000_000;
    u32::try_from((MOST_ROWS / count(n).max(1)).clamp(FEWEST, MOST)).unwrap_or(200)
}

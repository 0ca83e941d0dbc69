//! Shares of answers in groups, and how often a judge gave nothing usable.

use std::collections::BTreeMap;

use evalward_core::ScoreCell;
use evalward_stats::Level;
use evalward_stats::intervals::effective_rate_interval;

use super::figures::AskedFigures;
use super::judged::JudgedAnswer;
use crate::Estimate;
use crate::numbers::{count, finite, float};

/// Returns the share of hits with the exact interval for as many independent ones as groups make of them (Kish 1965).
pub(super) fn grouped_share<'a>(
    hits: impl IntoIterator<Item = (bool, &'a str)>,
) -> Option<Estimate> {
    let (mut n, mut hit_count) = (0_u64, 0_u64);
    let mut sizes: BTreeMap<&str, u64> = BTreeMap::new();
    for (is_hit, group) in hits {
        n += 1;
        hit_count += u64::from(is_hit);
        *sizes.entry(group).or_default() += 1;
    }
    if n == 0 {
        return None;
    }
    let squares: f64 = sizes.values().map(|size| float(*size) * float(*size)).sum();
    let effective = float(n) * float(n) / squares;
    let share = float(hit_count) / float(n);
    let interval = effective_rate_interval(share * effective, effective, Level::P95).ok()?;
    Some(Estimate {
        value: finite(share)?,
        n,
        effective_n: finite(effective).filter(|effective| effective.get() < float(n)),
        low: finite(interval.low.min(share))?,
        high: finite(interval.high.max(share))?,
        level: finite(Level::P95.confidence())?,
        method: "clopper-pearson".to_owned(),
    })
}

/// Returns how often the judge gave nothing usable, or did not know its own mind.
pub(super) fn asked(answers: &[JudgedAnswer]) -> AskedFigures {
    let asked = || answers.iter().filter(|it| !matches!(it.score, ScoreCell::Skipped(_)));
    let scored = || asked().filter(|it| matches!(it.score, ScoreCell::Score { .. }));
    let share = |hits: Vec<(bool, &str)>| grouped_share(hits);
    AskedFigures {
        errored: share(
            asked()
                .map(|it| (matches!(it.score, ScoreCell::Errored(_)), it.labels.group.as_str()))
                .collect(),
        ),
        asked_again: share(
            scored().map(|it| (it.was_asked_again, it.labels.group.as_str())).collect(),
        ),
        unstable: share(
            scored().filter_map(|it| Some((it.is_unstable?, it.labels.group.as_str()))).collect(),
        ),
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

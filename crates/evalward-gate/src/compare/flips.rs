//! Which examples changed their outcome.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use evalward_core::{Finite, Scale};

use super::pairing::{Pair, Pairing};
use super::{ComparedScores, Flip};
use crate::ExampleScores;

/// A flip with what it is ranked by: the change of the share of passed trials, then the largest change of a score.
struct Ranked {
    flip: Flip,
    change: Finite,
    largest: Finite,
}

/// Returns the examples that pass less often than in the baseline, and those that pass more often; the largest changes first.
pub(crate) fn flips(pairing: &Pairing<'_>, candidate: &ComparedScores) -> (Vec<Flip>, Vec<Flip>) {
    let mut worsened = Vec::new();
    let mut improved = Vec::new();
    for pair in pairing.pairs.values().flatten() {
        let (Some(before), Some(after)) = (share(pair.baseline), share(pair.candidate)) else {
            continue;
        };
        let change = after - before;
        // Shares of small counts that are equal are equal bit by bit.
        if change < 0.0 {
            worsened.push(ranked(pair, -change, candidate));
        } else if change > 0.0 {
            improved.push(ranked(pair, change, candidate));
        }
    }
    (sorted(worsened), sorted(improved))
}

fn sorted(mut flips: Vec<Ranked>) -> Vec<Flip> {
    // The sort is stable, so that equal changes stay in the order of partitions and ids.
    flips.sort_by_key(|ranked| Reverse((ranked.change, ranked.largest)));
    flips.into_iter().map(|ranked| ranked.flip).collect()
}

fn share(example: &ExampleScores) -> Option<f64> {
    let n = example.evaluated();
    (n > 0).then(|| f64::from(example.passed) / f64::from(n))
}

fn ranked(pair: &Pair<'_>, change: f64, candidate: &ComparedScores) -> Ranked {
    let mut scores = BTreeMap::new();
    let mut largest = 0.0_f64;
    for (id, after) in pair.candidate.metrics.iter() {
        let Some(before) = pair.baseline.metrics.get(id).filter(|before| before.n > 0) else {
            continue;
        };
        if after.n > 0 && before.mean != after.mean {
            scores.insert(id.to_owned(), [before.mean, after.mean]);
            let range = candidate.scores.scales.get(id).and_then(range).unwrap_or(1.0);
            largest = largest.max((after.mean.get() - before.mean.get()).abs() / range);
        }
    }
    let count = |example: &ExampleScores| format!("{}/{}", example.passed, example.evaluated());
    Ranked {
        flip: Flip {
            example_id: pair.id.clone(),
            partition: pair.candidate.partition,
            baseline: count(pair.baseline),
            candidate: count(pair.candidate),
            scores,
        },
        change: Finite::new(change).unwrap_or(Finite::ONE),
        largest: Finite::new(largest).unwrap_or(Finite::MAX),
    }
}

fn range(scale: &Scale) -> Option<f64> {
    let range = scale.max?.get() - scale.min?.get();
    (range > 0.0).then_some(range)
}

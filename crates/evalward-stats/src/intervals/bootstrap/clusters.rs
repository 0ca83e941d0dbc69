//! Intervals of any statistics of clustered observations.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

use crate::comparison::Resampling;
use crate::description::quantile_of;
use crate::sorting::ascending;
use crate::{Interval, Level};

/// Returns the percentile interval of each of several statistics, drawing whole clusters with replacement.
///
/// `clusters` tells the cluster of each observation. `statistics` is handed the places of a resample's observations, and returns
/// as many numbers each time, absent where one is undefined. A statistic has no interval where it is undefined in more than half
/// of the resamples, and none has one below two clusters, since one shows no spread. Davison and Hinkley (1997), "Bootstrap
/// Methods and their Application", section 3.8, strategy 1; Efron and Tibshirani (1993), "An Introduction to the Bootstrap",
/// section 13.3. Clusters are assumed independent. Below 20 of them the intervals are somewhat too short.
pub fn cluster_percentiles(
    clusters: &[usize],
    resampling: Resampling,
    level: Level,
    mut statistics: impl FnMut(&[usize]) -> Vec<Option<f64>>,
) -> Vec<Option<Interval>> {
    let mut members: Vec<Vec<usize>> = Vec::new();
    for (place, cluster) in clusters.iter().enumerate() {
        if members.len() <= *cluster {
            members.resize_with(*cluster + 1, Vec::new);
        }
        members[*cluster].push(place);
    }
    members.retain(|cluster| !cluster.is_empty());
    if members.len() < 2 {
        return Vec::new();
    }
    let mut random = Xoshiro256PlusPlus::seed_from_u64(resampling.seed);
    let mut resample = Vec::with_capacity(clusters.len());
    let mut found: Vec<Vec<f64>> = Vec::new();
    for _ in 0..resampling.resamples {
        resample.clear();
        for _ in 0..members.len() {
            resample.extend_from_slice(&members[random.random_range(0..members.len())]);
        }
        let values = statistics(&resample);
        found.resize_with(values.len().max(found.len()), Vec::new);
        for (list, value) in found.iter_mut().zip(values) {
            list.extend(value.filter(|value| value.is_finite()));
        }
    }
    let needed = usize::try_from(resampling.resamples / 2).unwrap_or(usize::MAX);
    let interval = |values: Vec<f64>| {
        let is_known = values.len() > needed;
        let sorted = ascending(values.into_iter());
        is_known.then(|| Interval {
            low: quantile_of(&sorted, level.tail()),
            high: quantile_of(&sorted, 1.0 - level.tail()),
        })
    };
    found.into_iter().map(interval).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: Resampling = Resampling { resamples: 400, seed: 7 };

    fn mean_interval(values: &[f64], clusters: &[usize]) -> Option<Interval> {
        let mean = |places: &[usize]| {
            let n = f64::from(u32::try_from(places.len()).unwrap());
            vec![Some(places.iter().map(|place| values[*place]).sum::<f64>() / n)]
        };
        cluster_percentiles(clusters, DRAWS, Level::P95, mean).into_iter().next().flatten()
    }

    #[test]
    fn copies_in_a_cluster_say_nothing_more() {
        let values: Vec<f64> = (0..30).map(|it| f64::from(it % 7)).collect();
        let alone: Vec<usize> = (0..30).collect();
        let doubled: Vec<f64> = values.iter().flat_map(|it| [*it, *it]).collect();
        let pairs: Vec<usize> = (0..60).map(|it| it / 2).collect();
        let one = mean_interval(&values, &alone).unwrap();
        let two = mean_interval(&doubled, &pairs).unwrap();
        assert!((one.low - two.low).abs() < 1e-12 && (one.high - two.high).abs() < 1e-12);
        let apart = mean_interval(&doubled, &(0..60).collect::<Vec<_>>()).unwrap();
        assert!(apart.width() < one.width());
    }

    #[test]
    fn what_is_mostly_undefined_or_of_one_cluster_has_no_interval() {
        assert_eq!(mean_interval(&[1.0, 2.0], &[0, 0]), None);
        let mut calls = 0;
        let found = cluster_percentiles(&[0, 1, 2], DRAWS, Level::P95, |_| {
            calls += 1;
            vec![(calls % 3 == 0).then_some(1.0), (calls % 3 > 0).then_some(2.0), None]
        });
        assert_eq!(found, [None, Some(Interval { low: 2.0, high: 2.0 }), None]);
    }
}

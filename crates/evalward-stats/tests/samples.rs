//! The laws that descriptions of samples, their intervals and the bootstrap obey.

use evalward_stats::comparison::Resampling;
use evalward_stats::description::{describe, quantile_interval};
use evalward_stats::intervals::{
    Draws, PairDraws, Statistic, bootstrap, bootstrap_clusters, bootstrap_difference, mean_interval,
};
use evalward_stats::{Level, StatsError};
use proptest::prelude::*;

const PROBS: [f64; 3] = [0.25, 0.5, 0.9];
const STATISTICS: [Statistic; 4] =
    [Statistic::Mean, Statistic::Median, Statistic::Quantile(0.9), Statistic::Variance];
const RANDOM: Draws<'static> = Draws::Seeded(Resampling { resamples: 40, seed: 7 });

fn sample() -> impl Strategy<Value = Vec<f64>> {
    prop_oneof![
        prop::collection::vec(-1e3..1e3, 2..60),
        prop::collection::vec((1..=5_u8).prop_map(f64::from), 2..60),
    ]
}

fn hostile() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(
        prop_oneof![prop::num::f64::ANY, Just(0.0), Just(1e300), Just(-1e300), Just(4.0)],
        0..8,
    )
}

fn near(a: Option<f64>, b: Option<f64>, tolerance: f64) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= tolerance * a.abs().max(b.abs()).max(1e-12),
        (a, b) => a.is_none() && b.is_none(),
    }
}

proptest! {
    #[test]
    fn a_power_of_two_carries_over_to_every_moment(sample in sample(), exponent in -300..300_i32) {
        let factor = 2.0_f64.powi(exponent);
        let scaled: Vec<f64> = sample.iter().map(|value| value * factor).collect();
        let (here, there) = (describe(&sample, &PROBS).unwrap(), describe(&scaled, &PROBS).unwrap());
        prop_assert!(near(Some(here.mean * factor), Some(there.mean), 1e-15));
        prop_assert!(near(here.sd.map(|sd| sd * factor), there.sd, 1e-14));
        prop_assert!(near(here.skewness, there.skewness, 1e-12));
        prop_assert!(near(here.excess_kurtosis, there.excess_kurtosis, 1e-12));
    }

    #[test]
    fn a_mirrored_sample_has_no_skewness(sample in sample(), centre in -1000..1000_i32) {
        let centre = f64::from(centre);
        // Whole deviations, so that the sample is a mirror to the last digit.
        let deviations: Vec<f64> = sample.iter().map(|value| value.round()).collect();
        let mirrored: Vec<f64> =
            deviations.iter().flat_map(|value| [centre + value, centre - value]).collect();
        let skewness = describe(&mirrored, &[]).unwrap().skewness;
        prop_assert!(skewness.is_none_or(|skewness| skewness.abs() < 1e-15), "{skewness:?}");
    }

    #[test]
    fn large_samples_are_described_as_small_ones_are(sample in sample()) {
        // Repeating a sample changes no moment with divisor n; above 4096 the sums are made in another way.
        let repeats = 4200 / sample.len() + 1;
        let large: Vec<f64> = sample.iter().copied().cycle().take(repeats * sample.len()).collect();
        let (here, there) = (describe(&sample, &[]).unwrap(), describe(&large, &[]).unwrap());
        prop_assert!(near(here.skewness, there.skewness, 1e-10));
        prop_assert!(near(here.excess_kurtosis, there.excess_kurtosis, 1e-10));
        prop_assert!(near(Some(here.mean), Some(there.mean), 1e-13));
    }

    #[test]
    fn quantile_intervals_hold_the_median_and_nest(sample in sample(), a in 0.5..0.99, b in 0.5..0.99) {
        let at = |level: f64| quantile_interval(&sample, 0.5, Level::new(level).unwrap()).unwrap();
        let (inner, outer) = (at(f64::min(a, b)), at(f64::max(a, b)));
        let low = |end: Option<f64>| end.unwrap_or(f64::NEG_INFINITY);
        let high = |end: Option<f64>| end.unwrap_or(f64::INFINITY);
        prop_assert!(low(outer.ci.low) <= low(inner.ci.low));
        prop_assert!(high(inner.ci.high) <= high(outer.ci.high));
        prop_assert!(low(inner.ci.low) <= inner.quantile_type7 && inner.quantile_type7 <= high(inner.ci.high));
        let description = describe(&sample, &[]).unwrap();
        let estimate = inner.harrell_davis.unwrap();
        prop_assert!(description.min - 1e-9 <= estimate && estimate <= description.max + 1e-9);
    }

    #[test]
    fn the_interval_of_a_mean_holds_what_the_test_does_not_reject(sample in sample(), supposed in -100.0..100.0) {
        let result = mean_interval(&sample, supposed, Level::P95).unwrap();
        if let (Some(ci), Some(p)) = (result.ci, result.p_two_sided) {
            prop_assert!((p - 0.05).abs() < 1e-9 || ci.contains(supposed) == (p > 0.05), "{result:?}");
        }
        let mirrored: Vec<f64> = sample.iter().map(|value| -value).collect();
        let mirrored = mean_interval(&mirrored, -supposed, Level::P95).unwrap();
        prop_assert!(near(result.p_less, mirrored.p_greater, 1e-9));
    }

    #[test]
    fn seeded_bootstraps_repeat_themselves_and_follow_a_shift(sample in sample(), shift in 1..100_u8) {
        let shift = f64::from(shift) * 1024.0;
        let moved: Vec<f64> = sample.iter().map(|value| value + shift).collect();
        for statistic in STATISTICS {
            let here = bootstrap(&sample, statistic, RANDOM, Level::P90).unwrap();
            prop_assert_eq!(&here, &bootstrap(&sample, statistic, RANDOM, Level::P90).unwrap());
            let there = bootstrap(&moved, statistic, RANDOM, Level::P90).unwrap();
            let by = if statistic == Statistic::Variance { 0.0 } else { shift };
            prop_assert!((there.percentile.low - here.percentile.low - by).abs() < 1e-5);
            prop_assert!((there.basic.high - here.basic.high - by).abs() < 1e-5);
        }
    }

    #[test]
    fn clusters_of_one_are_the_plain_bootstrap(sample in sample()) {
        let clusters: Vec<usize> = (0..sample.len()).collect();
        let plain = bootstrap(&sample, Statistic::Mean, RANDOM, Level::P90).unwrap();
        let clustered = bootstrap_clusters(&sample, &clusters, RANDOM, Level::P90).unwrap();
        prop_assert!(near(Some(plain.percentile.low), Some(clustered.percentile.low), 1e-9));
        prop_assert!(near(Some(plain.percentile.high), Some(clustered.percentile.high), 1e-9));
    }

    #[test]
    fn no_sample_panics_or_gives_nan(sample in hostile(), other in hostile(), p in prop::num::f64::ANY) {
        if let Ok(result) = describe(&sample, &[0.0, 0.3, 1.0]) {
            let numbers = [Some(result.mean), result.var, result.sd, result.sem, result.skewness, result.excess_kurtosis];
            prop_assert!(numbers.into_iter().flatten().chain(result.q).all(f64::is_finite));
        }
        if let Ok(result) = quantile_interval(&sample, p, Level::P95) {
            prop_assert!(result.quantile_type7.is_finite());
            prop_assert!(result.harrell_davis.is_none_or(f64::is_finite));
        }
        if let Ok(result) = mean_interval(&sample, p, Level::P95) {
            let numbers = [Some(result.mean), result.se, result.t, result.p_two_sided, result.p_less];
            prop_assert!(numbers.into_iter().flatten().all(f64::is_finite), "{result:?}");
        }
        let pair = PairDraws::Seeded(Resampling { resamples: 20, seed: 1 });
        for statistic in STATISTICS {
            let one = bootstrap(&sample, statistic, RANDOM, Level::P95);
            let two = bootstrap_difference((&sample, &other), statistic, pair, Level::P95);
            for result in [one, two].into_iter().flatten() {
                let numbers = [result.theta, result.percentile.low, result.basic.low, result.basic.high];
                prop_assert!(numbers.into_iter().all(f64::is_finite), "{result:?}");
                prop_assert!(result.se.is_none_or(f64::is_finite));
            }
        }
    }
}

#[test]
fn rows_that_do_not_fit_the_sample_are_errors() {
    let check = |rows: &[Vec<usize>]| {
        bootstrap(&[1.0, 2.0], Statistic::Mean, Draws::Given(rows), Level::P95)
            .expect_err("no resample")
    };
    assert!(matches!(check(&[vec![0]]), StatsError::Unequal { .. }));
    assert!(matches!(check(&[vec![0, 2]]), StatsError::OutOfDomain { .. }));
    assert!(matches!(check(&[]), StatsError::TooFew { .. }));
}

#[test]
fn equal_observations_have_no_corrected_interval() {
    let result = bootstrap(&[0.1; 6], Statistic::Mean, RANDOM, Level::P95).expect("a sample");
    assert_eq!(result.bca, None);
}

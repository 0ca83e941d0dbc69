//! The laws that means of clustered observations obey.

use evalward_stats::intervals::{ClusterMean, cluster_robust_mean, cluster_robust_mean_cr2};
use evalward_stats::{Level, StatsError};
use proptest::prelude::*;

fn cr2(values: &[f64], clusters: &[usize]) -> ClusterMean {
    cluster_robust_mean_cr2(values, clusters).expect("a clustered sample")
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).expect("small"))
}

/// Returns the standard error and the degrees of freedom by the matrices of the definition.
fn by_matrices(values: &[f64], clusters: &[usize]) -> (f64, f64) {
    let n = float(values.len());
    let mean = values.iter().sum::<f64>() / n;
    let mut labels = clusters.to_vec();
    labels.sort_unstable();
    labels.dedup();
    let members = |label: usize| values.iter().zip(clusters).filter(move |pair| *pair.1 == label);
    let sizes: Vec<f64> = labels.iter().map(|label| float(members(*label).count())).collect();
    let scaled: Vec<f64> = sizes.iter().map(|size| 1.0 / (1.0 - size / n).sqrt()).collect();
    let squares = labels.iter().zip(&scaled).map(|(label, scale)| {
        (scale * members(*label).map(|(value, _)| value - mean).sum::<f64>()).powi(2)
    });
    let se = squares.sum::<f64>().sqrt() / n;
    let (mut trace, mut of_square) = (0.0, 0.0);
    for i in 0..sizes.len() {
        for j in 0..sizes.len() {
            let mut entry = -scaled[i] * sizes[i] * scaled[j] * sizes[j] / n;
            if i == j {
                entry += scaled[i] * scaled[i] * sizes[i];
                trace += entry;
            }
            of_square += entry * entry;
        }
    }
    (se, trace * trace / of_square)
}

fn near(got: f64, expected: f64, tolerance: f64) -> bool {
    (got - expected).abs() <= tolerance * expected.abs().max(1.0)
}

fn clustered() -> impl Strategy<Value = (Vec<f64>, Vec<usize>)> {
    prop::collection::vec((-5.0..5.0, 0..6_usize), 2..40)
        .prop_map(|pairs| pairs.into_iter().unzip())
        .prop_filter("two clusters", |(_, clusters): &(Vec<f64>, Vec<usize>)| {
            clusters.iter().any(|cluster| *cluster != clusters[0])
        })
}

proptest! {
    #[test]
    fn cr2_is_its_definition((values, clusters) in clustered()) {
        let got = cr2(&values, &clusters);
        let (se, df) = by_matrices(&values, &clusters);
        prop_assert!(near(got.se, se, 1e-12), "se {} is not {se}", got.se);
        prop_assert!(near(got.df, df, 1e-10), "df {} is not {df}", got.df);
    }

    #[test]
    fn single_observations_give_the_usual_t(values in prop::collection::vec(-5.0..5.0, 2..40)) {
        let clusters: Vec<usize> = (0..values.len()).collect();
        let got = cr2(&values, &clusters);
        let n = float(values.len());
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|x: &f64| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
        prop_assert!(near(got.se, (variance / n).sqrt(), 1e-12));
        prop_assert!(near(got.df, n - 1.0, 1e-12));
    }

    #[test]
    fn names_and_order_change_nothing((values, clusters) in clustered(), shift in 0..1_000_000_usize) {
        let mut pairs: Vec<(f64, usize)> =
            values.iter().copied().zip(clusters.iter().map(|c| usize::MAX - shift - 7 * c)).collect();
        pairs.reverse();
        let (turned, renamed): (Vec<f64>, Vec<usize>) = pairs.into_iter().unzip();
        let (here, there) = (cr2(&values, &clusters), cr2(&turned, &renamed));
        prop_assert!(near(here.se, there.se, 1e-12) && near(here.df, there.df, 1e-12));
        prop_assert_eq!(here.clusters, there.clusters);
    }

    #[test]
    fn scale_carries_over((values, clusters) in clustered(), exponent in -250..250_i32) {
        let factor = 2.0_f64.powi(exponent);
        let scaled: Vec<f64> = values.iter().map(|value| value * factor).collect();
        let (here, there) = (cr2(&values, &clusters), cr2(&scaled, &clusters));
        prop_assert!(((there.se / factor - here.se) / here.se.max(1e-300)).abs() < 1e-12);
    }

    #[test]
    fn no_sample_panics_or_gives_nan(
        values in prop::collection::vec(prop::num::f64::ANY, 0..12),
        clusters in prop::collection::vec(any::<usize>(), 0..12),
    ) {
        if let Ok(result) = cluster_robust_mean_cr2(&values, &clusters) {
            prop_assert!(result.mean.is_finite() && result.se.is_finite() && result.df.is_finite());
        }
        if let Ok(result) = cluster_robust_mean(&values, &clusters, Level::P95) {
            prop_assert!(result.mean.is_finite());
            let numbers = [result.se_iid, result.se_cr0, result.se_cr1, result.se_cr2, result.icc1,
                result.deff, result.n_eff, result.df_cr2];
            prop_assert!(numbers.into_iter().flatten().all(f64::is_finite), "{result:?}");
        }
    }
}

#[test]
fn a_cluster_that_outweighs_all_others_keeps_its_digits() {
    // One cluster of n - m among m single observations: tr(K²) by hand.
    let (giant, m) = (1_000_000.0, 3.0);
    let n = giant + m;
    let mut clusters = vec![0_usize; 1_000_000];
    clusters.extend([1, 2, 3]);
    let values: Vec<f64> =
        (0..clusters.len()).map(|index| f64::from(u8::from(index % 3 == 0))).collect();
    let (q_giant, q_one) = (n * giant * giant / m, n / (n - 1.0));
    let cross = m * q_giant * q_one + m * (m - 1.0) / 2.0 * q_one * q_one;
    let expected = n * n / (giant * giant + m + 2.0 * cross / (n * n));
    let got = cr2(&values, &clusters).df;
    assert!(near(got, expected, 1e-12), "{got} is not {expected}");
}

#[test]
fn what_is_no_clustered_sample_is_an_error() {
    assert!(matches!(cluster_robust_mean_cr2(&[], &[]), Err(StatsError::TooFew { .. })));
    assert!(matches!(
        cluster_robust_mean_cr2(&[1.0, 2.0], &[4, 4]),
        Err(StatsError::TooFew { needed: 2, got: 1, .. })
    ));
    assert!(matches!(cluster_robust_mean_cr2(&[1.0], &[]), Err(StatsError::Unequal { .. })));
    assert!(matches!(
        cluster_robust_mean_cr2(&[1.0, f64::NAN], &[0, 1]),
        Err(StatsError::NotFinite { index: 1, .. })
    ));
}

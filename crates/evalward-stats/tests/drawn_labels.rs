//! Means that labels of unequal probability correct.

use evalward_stats::calibration::{
    DrawnLabels, Scores, drawn_labels_mean, prediction_powered_mean,
};
use evalward_stats::{Level, StatsError};
use proptest::prelude::*;

fn numbers(count: usize) -> Vec<usize> {
    (0..count).collect()
}

proptest! {
    #[test]
    fn labels_of_all_items_are_their_own_mean(
        pairs in prop::collection::vec((1.0..5.0, 1.0..5.0), 4..40),
    ) {
        let (labels, judged): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let (ones, clusters) = (vec![1.0; labels.len()], numbers(labels.len()));
        let drawn = DrawnLabels { labels: &labels, judged: &judged, probabilities: &ones, clusters: &clusters };
        let found = drawn_labels_mean(drawn, &judged, &clusters, Level::P95).expect("they vary");
        let mean = evalward_stats::mean(&labels).expect("numbers");
        prop_assert!((found.estimate - mean).abs() < 1e-9);
        prop_assert!((0.0..=1.0).contains(&found.lambda));
        prop_assert!(found.ci.low <= mean && mean <= found.ci.high);
    }

    #[test]
    fn units_and_the_scale_of_probabilities_change_nothing(
        rows in prop::collection::vec((1.0..5.0, 1.0..5.0, 0.05..0.5), 5..30),
        rest in prop::collection::vec(1.0..5.0, 1..30),
    ) {
        let labels: Vec<f64> = rows.iter().map(|row| row.0).collect();
        let judged: Vec<f64> = rows.iter().map(|row| row.1).collect();
        let probabilities: Vec<f64> = rows.iter().map(|row| row.2).collect();
        let all: Vec<f64> = judged.iter().chain(&rest).copied().collect();
        let clusters = numbers(all.len());
        let of = |labels: &[f64], judged: &[f64], probabilities: &[f64], all: &[f64]| {
            let clusters = &clusters[..labels.len()];
            let drawn = DrawnLabels { labels, judged, probabilities, clusters };
            drawn_labels_mean(drawn, all, &numbers(all.len()), Level::P95)
        };
        let Ok(one) = of(&labels, &judged, &probabilities, &all) else { return Ok(()) };
        let moved = |values: &[f64]| values.iter().map(|it| 4.0 * it - 1.0).collect::<Vec<_>>();
        let doubled: Vec<f64> = probabilities.iter().map(|it| 2.0 * it).collect();
        let other = of(&moved(&labels), &moved(&judged), &doubled, &moved(&all)).expect("as before");
        prop_assert!((4.0 * one.estimate - 1.0 - other.estimate).abs() < 1e-8);
        prop_assert!((4.0 * one.ci.low - 1.0 - other.ci.low).abs() < 1e-6 * one.ci.width().max(1.0));
        prop_assert!((one.df - other.df).abs() < 1e-6);
    }
}

#[test]
fn equal_probabilities_come_close_to_the_estimate_for_random_samples() {
    let judged: Vec<f64> = (0..400_u32).map(|it| f64::from(it * 7 % 11) / 2.0).collect();
    let labels: Vec<f64> = (0..100_u32)
        .map(|it| f64::from(it * 7 % 11) / 2.0 - 0.5 + f64::from(it % 3) / 4.0)
        .collect();
    let drawn = DrawnLabels {
        labels: &labels,
        judged: &judged[..100],
        probabilities: &[0.25; 100],
        clusters: &numbers(100),
    };
    let found = drawn_labels_mean(drawn, &judged, &numbers(400), Level::P95).expect("they vary");
    let scores = Scores {
        labels: &labels,
        judged: &judged[..100],
        unlabelled: &judged[100..],
        weights: None,
    };
    let powered = prediction_powered_mean(scores, 0.0, Level::P95).expect("they vary");
    let interval = powered.recommended_ci_t.expect("they vary");
    assert!((found.estimate - interval.estimate).abs() < 0.02, "{found:?} {interval:?}");
    assert!((found.ci.width() / interval.ci.width() - 1.0).abs() < 0.2, "{found:?} {interval:?}");
}

#[test]
fn what_cannot_be_is_refused() {
    let of = |labels: &[f64], probabilities: &[f64]| {
        let clusters = &numbers(labels.len());
        let drawn = DrawnLabels { labels, judged: labels, probabilities, clusters };
        drawn_labels_mean(drawn, &[1.0, 2.0, 3.0, 4.0], &numbers(4), Level::P95)
    };
    let wrong = of(&[1.0, 2.0, 3.0], &[0.5, 0.0, 0.5]);
    assert!(matches!(wrong, Err(StatsError::OutOfDomain { .. })), "{wrong:?}");
    let wrong = of(&[1.0, f64::NAN, 3.0], &[0.5; 3]);
    assert!(matches!(wrong, Err(StatsError::NotFinite { .. })), "{wrong:?}");
    let wrong = of(&[1.0, 2.0], &[0.5; 2]);
    assert!(matches!(wrong, Err(StatsError::TooFew { .. })), "{wrong:?}");
    let clusters = [0, 0, 0];
    let one = DrawnLabels {
        labels: &[1.0, 2.0, 3.0],
        judged: &[1.0, 2.0, 2.0],
        probabilities: &[0.5; 3],
        clusters: &clusters,
    };
    let wrong = drawn_labels_mean(one, &[1.0, 2.0, 2.0], &clusters, Level::P95);
    assert!(matches!(wrong, Err(StatsError::TooFew { .. })), "{wrong:?}");
}

//! The laws that calibration of judges and corrected rates obey.

use std::num::NonZeroUsize;

use evalward_stats::calibration::{
    Bins, JudgedRate, Scores, brier_score, expected_calibration_error, isotonic, judge_calibration,
    prediction_powered_mean, reliability_bins, roc, rogan_gladen,
};
use evalward_stats::{Level, StatsError};
use proptest::prelude::*;

fn labelled() -> impl Strategy<Value = (Vec<bool>, Vec<f64>)> {
    let score = prop_oneof![0.0..=1.0, (0..=4_u8).prop_map(|level| f64::from(level) / 4.0)];
    prop::collection::vec((any::<bool>(), score), 1..40).prop_map(|all| all.into_iter().unzip())
}

fn is_clean(result: &impl std::fmt::Debug) -> bool {
    let text = format!("{result:?}");
    !text.contains("NaN") && !text.contains("inf")
}

fn near(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-9 * left.abs().max(1.0)
}

fn hostile() -> impl Strategy<Value = f64> {
    let special = [0.0, 1.0, 1e300, -1e300, f64::MAX, f64::MIN_POSITIVE, f64::NAN, f64::INFINITY];
    prop_oneof![3 => -2.0..2.0, 1 => prop::sample::select(special.to_vec())]
}

proptest! {
    #[test]
    fn the_area_counts_pairs((labels, scores) in labelled()) {
        let (mut higher, mut pairs) = (0.0, 0.0);
        for (label, score) in labels.iter().zip(&scores).filter(|(label, _)| **label) {
            for (other, below) in labels.iter().zip(&scores).filter(|(other, _)| !**other) {
                assert_ne!(label, other);
                pairs += 1.0;
                higher += if score > below { 1.0 } else if score < below { 0.0 } else { 0.5 };
            }
        }
        let found = roc(&labels, &scores).expect("scores").area();
        match found {
            Some(area) => prop_assert!(near(area, higher / pairs)),
            None => prop_assert!(pairs < 1.0),
        }
    }

    #[test]
    fn the_area_asks_for_an_order_alone((labels, scores) in labelled()) {
        let of = |scores: &[f64]| roc(&labels, scores).expect("scores");
        let stretched: Vec<f64> = scores.iter().map(|score| 1e5 * score.powi(3) - 7.0).collect();
        let turned: Vec<f64> = scores.iter().map(|score| -score).collect();
        let (one, same, other) = (of(&scores), of(&stretched), of(&turned));
        // Cubes of tiny scores may fall together.
        prop_assume!(one.points().len() == same.points().len());
        prop_assert_eq!(one.area(), same.area());
        prop_assert_eq!(one.best_f1().map(|(_, f1)| f1), same.best_f1().map(|(_, f1)| f1));
        prop_assert!(one.area().zip(other.area()).is_none_or(|(one, other)| near(one, 1.0 - other)));
        let errors = one.standard_error().zip(other.standard_error());
        prop_assert!(errors.is_none_or(|(one, other)| near(one, other)));
    }

    #[test]
    fn no_threshold_beats_the_best_one((labels, scores) in labelled()) {
        let curve = roc(&labels, &scores).expect("scores");
        let Some((_, best)) = curve.best_youden() else { return Ok(()) };
        let share = |count: u64, of: u64| {
            f64::from(u32::try_from(count).expect("small")) / f64::from(u32::try_from(of).expect("small"))
        };
        for point in curve.points() {
            let j = share(point.true_positives, curve.positives())
                - share(point.false_positives, curve.negatives());
            prop_assert!(j <= best);
        }
    }

    #[test]
    fn calibration_errors_are_shares_and_bins_hold_all((labels, scores) in labelled(), bins in 1..15_usize) {
        let bins = NonZeroUsize::new(bins).expect("not zero");
        for bins in [Bins::EqualWidth(bins), Bins::EqualMass(bins)] {
            let error = expected_calibration_error(&labels, &scores, bins).expect("scores");
            prop_assert!((0.0..=1.0).contains(&error));
            let found = reliability_bins(&labels, &scores, bins).expect("scores");
            prop_assert_eq!(found.iter().map(|bin| bin.n).sum::<usize>(), scores.len());
        }
    }

    #[test]
    fn the_isotonic_curve_rises_keeps_the_mean_and_is_its_own_fit(
        points in prop::collection::vec(((0..8_u8).prop_map(f64::from), -3.0..3.0, 0.1..2.0), 1..30),
    ) {
        let x: Vec<f64> = points.iter().map(|(x, _, _)| *x).collect();
        let y: Vec<f64> = points.iter().map(|(_, y, _)| *y).collect();
        let weights: Vec<f64> = points.iter().map(|(_, _, weight)| *weight).collect();
        let curve = isotonic(&x, &y, Some(&weights)).expect("points");
        let knots: Vec<(f64, f64)> = curve.knots().collect();
        prop_assert!(knots.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1));
        let fitted: Vec<f64> = x.iter().map(|x| curve.predict(*x).expect("finite")).collect();
        let mean = |y: &[f64]| y.iter().zip(&weights).map(|(y, weight)| y * weight).sum::<f64>();
        prop_assert!((mean(&y) - mean(&fitted)).abs() < 1e-9);
        let again = isotonic(&x, &fitted, Some(&weights)).expect("points");
        for (x, fitted) in x.iter().zip(&fitted) {
            prop_assert!((again.predict(*x).expect("finite") - fitted).abs() < 1e-9);
        }
    }

    #[test]
    fn isotonic_calibration_never_raises_the_brier_score((labels, scores) in labelled()) {
        let found = judge_calibration(&labels, &scores).expect("scores");
        let fitted = brier_score(&labels, &found.isotonic).expect("probabilities");
        prop_assert!(fitted <= found.brier + 1e-12);
    }

    #[test]
    fn a_corrected_rate_is_a_rate_and_mirrors(
        (p, q0, q1) in (0.0..=1.0, 0.0..=1.0, 0.0..=1.0),
        (n, bad, good) in (1..500_u64, 1..500_u64, 1..500_u64),
    ) {
        let judged =
            JudgedRate { pass_rate: p, n, specificity: q0, bad, sensitivity: q1, good };
        let mirrored = JudgedRate {
            pass_rate: 1.0 - p, n, specificity: q1, bad: good, sensitivity: q0, good: bad,
        };
        let found = rogan_gladen(&judged, Level::P90);
        prop_assert_eq!(found.is_ok(), q0 + q1 - 1.0 > 0.0);
        if let (Ok(found), Ok(other)) = (found, rogan_gladen(&mirrored, Level::P90)) {
            prop_assert!((0.0..=1.0).contains(&found.theta));
            prop_assert!(0.0 <= found.ci_lr.low && found.ci_lr.low <= found.ci_lr.high);
            prop_assert!(found.ci_lr.high <= 1.0);
            // Next to no information the digits of the quotient go.
            if q0 + q1 > 1.01 {
                prop_assert!((found.theta - (1.0 - other.theta)).abs() < 1e-9);
                prop_assert!((found.ci_lr.low - (1.0 - other.ci_lr.high)).abs() < 1e-7);
            }
        }
    }

    #[test]
    fn powered_means_move_with_their_unit(
        labelled in prop::collection::vec((1.0..5.0, 1.0..5.0), 2..20),
        unlabelled in prop::collection::vec(1.0..5.0, 1..30),
    ) {
        let (labels, judged): (Vec<f64>, Vec<f64>) = labelled.into_iter().unzip();
        let of = |labels: &[f64], judged: &[f64], unlabelled: &[f64], null| {
            let scores = Scores { labels, judged, unlabelled, weights: None };
            prediction_powered_mean(scores, null, Level::P95).expect("scores")
        };
        let moved = |values: &[f64]| values.iter().map(|it| 4.0 * it - 1.0).collect::<Vec<_>>();
        let one = of(&labels, &judged, &unlabelled, 3.0);
        let other = of(&moved(&labels), &moved(&judged), &moved(&unlabelled), 11.0);
        let classical = labels.iter().sum::<f64>() / labels.iter().map(|_| 1.0).sum::<f64>();
        prop_assert!(near(one.lam0.estimate, classical));
        prop_assert!((0.0..=1.0).contains(&one.lam_used));
        prop_assert!(near(one.lam_used, other.lam_used));
        prop_assert!(near(4.0 * one.tuned.ci.low - 1.0, other.tuned.ci.low));
        prop_assert!(one.tuned.ci.width() <= one.lam0.ci.width() * (1.0 + 1e-9)
            || one.tuned.ci.width() <= one.lam1.ci.width() * (1.0 + 1e-9));
        if let Some(recommended) = one.recommended_ci_t {
            prop_assert!(recommended.ci.width() >= one.tuned.ci.width());
        }
    }

    #[test]
    fn hostile_numbers_give_an_error_or_clean_results(
        a in prop::collection::vec(hostile(), 0..6),
        b in prop::collection::vec(hostile(), 0..6),
        rest in prop::collection::vec(hostile(), 0..6),
    ) {
        let labels: Vec<bool> = a.iter().map(|it| *it > 0.5).collect();
        prop_assert!(is_clean(&judge_calibration(&labels, &b).ok()));
        prop_assert!(is_clean(&roc(&labels, &b).ok().map(|it| (it.area(), it.standard_error()))));
        for weights in [None, Some(rest.as_slice())] {
            let curve = isotonic(&a, &b, weights);
            prop_assert!(is_clean(&curve.as_ref().ok().map(|it| it.knots().collect::<Vec<_>>())));
            prop_assert!(is_clean(&curve.ok().and_then(|it| it.predict(0.3).ok())));
            let scores = Scores { labels: &a, judged: &b, unlabelled: &rest, weights };
            prop_assert!(is_clean(&prediction_powered_mean(scores, 0.5, Level::P95).ok()));
        }
    }
}

#[test]
fn a_judge_without_information_is_refused() {
    let coin =
        JudgedRate { pass_rate: 0.5, n: 10, specificity: 0.5, bad: 5, sensitivity: 0.5, good: 5 };
    let found = rogan_gladen(&coin, Level::P95);
    assert!(matches!(found, Err(StatsError::Degenerate { .. })), "{found:?}");
    let empty = JudgedRate { sensitivity: 0.9, good: 0, ..coin };
    let found = rogan_gladen(&empty, Level::P95);
    assert!(matches!(found, Err(StatsError::TooFew { .. })), "{found:?}");
}

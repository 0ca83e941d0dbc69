//! The laws that measures of agreement obey.

use evalward_stats::agreement::{
    Measurement, RatingTable, Ratings, cohen_kappa, correlation, fleiss_kappa,
    intraclass_correlation, krippendorff_alpha,
};
use evalward_stats::{Level, StatsError};
use proptest::prelude::*;

const MEASUREMENTS: [Measurement; 4] =
    [Measurement::Nominal, Measurement::Ordinal, Measurement::Interval, Measurement::Ratio];

fn near(left: Option<f64>, right: Option<f64>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => (left - right).abs() <= 1e-9 * left.abs().max(1.0),
        (left, right) => left == right,
    }
}

fn stars() -> impl Strategy<Value = f64> {
    (1..=5_u8).prop_map(f64::from)
}

fn pairs() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    prop::collection::vec((stars(), stars()), 1..40).prop_map(|pairs| pairs.into_iter().unzip())
}

/// Ratings by up to five raters of up to twelve units, some missing.
fn ratings() -> impl Strategy<Value = Vec<Vec<f64>>> {
    let rating = prop_oneof![4 => stars(), 1 => Just(f64::NAN)];
    (1..5_usize, 1..12_usize).prop_flat_map(move |(raters, units)| {
        prop::collection::vec(prop::collection::vec(rating.clone(), units), raters)
    })
}

/// Any number a caller may hand over.
fn hostile() -> impl Strategy<Value = f64> {
    let special =
        [0.0, -0.0, 1.0, 1e300, -1e300, f64::MAX, f64::MIN_POSITIVE, f64::NAN, f64::INFINITY];
    prop_oneof![3 => -2.0..2.0, 1 => prop::sample::select(special.to_vec())]
}

fn is_clean(result: &impl std::fmt::Debug) -> bool {
    let text = format!("{result:?}");
    !text.contains("NaN") && !text.contains("inf")
}

fn alpha(raters: &[Vec<f64>], measurement: Measurement) -> Option<f64> {
    krippendorff_alpha(&Ratings::of_raters(raters).expect("ratings"), measurement)
}

fn mapped(raters: &[Vec<f64>], by: impl Fn(f64) -> f64) -> Vec<Vec<f64>> {
    raters.iter().map(|row| row.iter().map(|rating| by(*rating)).collect()).collect()
}

/// Alpha from all pairs of ratings, as its definition has it.
fn alpha_of_pairs(raters: &[Vec<f64>], distance: impl Fn(f64, f64) -> f64) -> Option<f64> {
    let units: Vec<Vec<f64>> = (0..raters[0].len())
        .map(|unit| raters.iter().map(|row| row[unit]).filter(|it| !it.is_nan()).collect())
        .filter(|unit: &Vec<f64>| unit.len() > 1)
        .collect();
    let sum = |values: &[f64]| -> f64 {
        values.iter().flat_map(|left| values.iter().map(|right| distance(*left, *right))).sum()
    };
    let count = |values: &[f64]| values.iter().map(|_| 1.0).sum::<f64>();
    let all: Vec<f64> = units.iter().flatten().copied().collect();
    let observed: f64 = units.iter().map(|unit| sum(unit) / (count(unit) - 1.0)).sum();
    let expected = sum(&all) / (count(&all) - 1.0);
    (expected > 0.0).then(|| 1.0 - observed / expected)
}

proptest! {
    #[test]
    fn kappa_is_the_same_from_either_side_and_at_most_one((a, b) in pairs()) {
        let kappa = |a: &[f64], b: &[f64]| {
            cohen_kappa(&RatingTable::of_ratings(a, b, None).expect("ratings"), Level::P95)
        };
        let (one, other) = (kappa(&a, &b), kappa(&b, &a));
        prop_assert!(near(one.unweighted, other.unweighted));
        prop_assert!(near(one.linear, other.linear));
        prop_assert!(near(one.quadratic, other.quadratic));
        prop_assert!(near(one.se_fleiss, other.se_fleiss));
        prop_assert!(near(one.gwet_ac1, other.gwet_ac1));
        prop_assert!(near(one.scott_pi, other.scott_pi));
        for value in [one.unweighted, one.linear, one.quadratic, one.scott_pi].into_iter().flatten() {
            prop_assert!(value <= 1.0 + 1e-12);
        }
        let same = kappa(&a, &a);
        prop_assert!(near(same.unweighted, same.quadratic));
        prop_assert!(same.unweighted.is_none_or(|it| (it - 1.0).abs() < 1e-12));
        prop_assert!(same.se_fleiss.is_none_or(|it| it == 0.0));
    }

    #[test]
    fn weights_do_not_matter_with_two_categories((a, b) in pairs()) {
        let coarse = |ratings: &[f64]| ratings.iter().map(|it| it.max(4.0)).collect::<Vec<_>>();
        let table = RatingTable::of_ratings(&coarse(&a), &coarse(&b), None).expect("ratings");
        let kappa = cohen_kappa(&table, Level::P95);
        prop_assert!(near(kappa.unweighted, kappa.linear));
        prop_assert!(near(kappa.unweighted, kappa.quadratic));
    }

    #[test]
    fn counts_and_ratings_give_one_kappa(counts in prop::collection::vec(prop::collection::vec(0..5_u64, 4), 4)) {
        prop_assume!(counts.iter().flatten().any(|count| *count > 0));
        let categories = [0.0, 1.0, 2.0, 3.0];
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for (row, columns) in categories.iter().zip(&counts) {
            for (column, count) in categories.iter().zip(columns) {
                for _ in 0..*count {
                    a.push(*row);
                    b.push(*column);
                }
            }
        }
        prop_assert_eq!(
            RatingTable::of_counts(&counts),
            RatingTable::of_ratings(&a, &b, Some(&categories))
        );
    }

    #[test]
    fn fleiss_kappa_does_not_ask_for_an_order(
        units in prop::collection::vec(prop::collection::vec(0..3_usize, 4), 1..12),
    ) {
        let counts: Vec<Vec<u64>> = units.iter().map(|unit| {
            let mut counts = vec![0; 3];
            for category in unit {
                counts[*category] += 1;
            }
            counts
        }).collect();
        let turned: Vec<Vec<u64>> =
            counts.iter().rev().map(|unit| unit.iter().rev().copied().collect()).collect();
        let (one, other) = (fleiss_kappa(&counts).expect("counts"), fleiss_kappa(&turned).expect("counts"));
        prop_assert!(near(one.fleiss, other.fleiss));
        prop_assert!(near(one.randolph, other.randolph));
        prop_assert!(one.fleiss.is_none_or(|it| it <= 1.0 + 1e-12));
    }

    #[test]
    fn alpha_agrees_with_its_definition_over_all_pairs(raters in ratings()) {
        let nominal = |x: f64, y: f64| if (x - y).abs() > 0.0 { 1.0 } else { 0.0 };
        prop_assert!(near(alpha(&raters, Measurement::Nominal), alpha_of_pairs(&raters, nominal)));
        let interval = |x: f64, y: f64| (x - y).powi(2);
        prop_assert!(near(alpha(&raters, Measurement::Interval), alpha_of_pairs(&raters, interval)));
        let ratio = |x: f64, y: f64| ((x - y) / (x + y)).powi(2);
        prop_assert!(near(alpha(&raters, Measurement::Ratio), alpha_of_pairs(&raters, ratio)));
    }

    #[test]
    fn alpha_keeps_to_what_its_measurement_means(raters in ratings()) {
        let stretched = mapped(&raters, |rating| rating.powi(3));
        prop_assert!(near(alpha(&raters, Measurement::Ordinal), alpha(&stretched, Measurement::Ordinal)));
        let moved = mapped(&raters, |rating| 7.0 - 2.0 * rating);
        prop_assert!(near(alpha(&raters, Measurement::Interval), alpha(&moved, Measurement::Interval)));
        let scaled = mapped(&raters, |rating| 3e200 * rating);
        prop_assert!(near(alpha(&raters, Measurement::Ratio), alpha(&scaled, Measurement::Ratio)));
        let turned: Vec<Vec<f64>> = raters.iter().rev().cloned().collect();
        for measurement in MEASUREMENTS {
            prop_assert!(near(alpha(&raters, measurement), alpha(&turned, measurement)));
        }
    }

    #[test]
    fn correlations_are_symmetric_and_turn_their_sign(
        pairs in prop::collection::vec((-2.0..2.0, stars()), 2..30),
    ) {
        let (x, y): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let down: Vec<f64> = y.iter().map(|y| -y).collect();
        let of = |x: &[f64], y: &[f64]| correlation(x, y, Level::P95).expect("pairs");
        let (one, other, turned) = (of(&x, &y), of(&y, &x), of(&x, &down));
        prop_assert!(near(one.pearson, other.pearson));
        prop_assert!(near(one.spearman, other.spearman));
        prop_assert!(near(one.kendall_tau_b, other.kendall_tau_b));
        prop_assert!(near(one.lin_ccc, other.lin_ccc));
        prop_assert!(near(one.pearson.map(|r| -r), turned.pearson));
        prop_assert!(near(one.kendall_tau_b.map(|r| -r), turned.kendall_tau_b));
        prop_assert!(near(one.p_spearman, turned.p_spearman));
        if let (Some(concordance), Some(pearson)) = (one.lin_ccc, one.pearson) {
            prop_assert!(concordance.abs() <= pearson.abs() + 1e-12);
        }
    }

    #[test]
    fn tau_counts_pairs(pairs in prop::collection::vec((stars(), stars()), 2..30)) {
        let (x, y): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let sign = |by: f64| if by == 0.0 { 0.0 } else { by.signum() };
        let (mut agreeing, mut in_x, mut in_y) = (0.0, 0.0, 0.0);
        for i in 0..x.len() {
            for j in 0..i {
                let (of_x, of_y) = (sign(x[i] - x[j]), sign(y[i] - y[j]));
                agreeing += of_x * of_y;
                in_x += of_x * of_x;
                in_y += of_y * of_y;
            }
        }
        let tau = agreeing / f64::sqrt(in_x * in_y);
        let found = correlation(&x, &y, Level::P95).expect("pairs").kendall_tau_b;
        prop_assert!(near(found, tau.is_finite().then_some(tau)));
    }

    #[test]
    fn hostile_numbers_give_an_error_or_clean_results(
        a in prop::collection::vec(hostile(), 0..8),
        b in prop::collection::vec(hostile(), 0..8),
    ) {
        prop_assert!(is_clean(&correlation(&a, &b, Level::P95).ok()));
        let table = RatingTable::of_ratings(&a, &b, None);
        prop_assert!(is_clean(&table.map(|table| cohen_kappa(&table, Level::P95)).ok()));
        let rows = vec![a, b];
        prop_assert!(is_clean(&intraclass_correlation(&rows, Level::P95).ok()));
        if let Ok(ratings) = Ratings::of_raters(&rows) {
            for measurement in MEASUREMENTS {
                prop_assert!(is_clean(&krippendorff_alpha(&ratings, measurement)));
            }
        }
    }
}

proptest! {
    // Each case takes a dozen quantiles.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn consistency_does_not_see_how_strict_a_rater_is(
        units in prop::collection::vec(prop::collection::vec(-3.0..3.0, 3), 2..12),
    ) {
        let strict: Vec<Vec<f64>> =
            units.iter().map(|unit| vec![unit[0], unit[1] - 1.0, 2.5 + unit[2]]).collect();
        let scaled: Vec<Vec<f64>> =
            units.iter().map(|unit| unit.iter().map(|rating| 4.0 * rating).collect()).collect();
        let icc = |units: &[Vec<f64>]| intraclass_correlation(units, Level::P95).expect("ratings");
        let (one, other, scaled) = (icc(&units), icc(&strict), icc(&scaled));
        prop_assert!(near(one.icc3, other.icc3));
        prop_assert!(near(one.icc2, scaled.icc2));
        for (value, interval) in [(one.icc1, one.ci_icc1), (one.icc3, one.ci_icc3)] {
            if let (Some(value), Some(interval)) = (value, interval) {
                prop_assert!(interval.contains(value));
            }
        }
    }
}

#[test]
fn the_exact_probability_of_tau_counts_orders() {
    // Of the 24 orders of four items, 1, 4, 9, 15, 20, 23 and 24 have at most 0, 1, ... 6 exchanges.
    let x = [1.0, 2.0, 3.0, 4.0];
    let p = |y: [f64; 4]| correlation(&x, &y, Level::P95).expect("pairs").p_kendall_exact;
    assert!(near(p([1.0, 2.0, 3.0, 4.0]), Some(2.0 / 24.0)));
    assert!(near(p([2.0, 1.0, 3.0, 4.0]), Some(8.0 / 24.0)));
    assert!(near(p([4.0, 3.0, 1.0, 2.0]), Some(8.0 / 24.0)));
    assert!(near(p([3.0, 1.0, 2.0, 4.0]), Some(18.0 / 24.0)));
    assert_eq!(p([1.0, 2.0, 2.0, 4.0]), None);
}

#[test]
fn very_many_ties_are_one_group() {
    let mut ties = vec![3.0; 100_000];
    ties.extend([1.0, 2.0]);
    let found = correlation(&ties, &ties, Level::P95).expect("pairs");
    assert!(near(found.kendall_tau_b, Some(1.0)), "{found:?}");
    assert!(near(found.spearman, Some(1.0)), "{found:?}");
    let table = RatingTable::of_ratings(&ties, &ties, None).expect("ratings");
    assert_eq!(cohen_kappa(&table, Level::P95).se_fleiss, Some(0.0));
}

#[test]
fn an_interval_of_icc2_with_hardly_any_freedom_ends_at_its_limit() {
    // The F quantile is beyond the floats; scipy's stops at 4e305, where the end is the limit too.
    let units = [vec![3.022, 3.102, 2.842], vec![2.944, 3.103, 2.894]];
    let found = intraclass_correlation(&units, Level::P95).expect("ratings");
    let ends = found.ci_icc2.expect("an interval");
    assert!((ends.low + 0.050_688_794_196_643_114).abs() < 1e-10, "{ends:?}");
    assert!((ends.high + 0.050_688_718_150_901_34).abs() < 1e-10, "{ends:?}");
}

#[test]
fn wrong_ratings_are_refused_by_name() {
    let unequal = RatingTable::of_ratings(&[1.0], &[1.0, 2.0], None);
    assert!(matches!(unequal, Err(StatsError::Unequal { .. })), "{unequal:?}");
    let foreign = RatingTable::of_ratings(&[1.0], &[9.0], Some(&[1.0, 2.0]));
    assert!(matches!(foreign, Err(StatsError::OutOfDomain { argument: "b", .. })), "{foreign:?}");
    let uneven = fleiss_kappa(&[vec![2, 1], vec![2, 2]]);
    assert!(matches!(uneven, Err(StatsError::OutOfDomain { .. })), "{uneven:?}");
    let alone = intraclass_correlation(&[vec![1.0], vec![2.0]], Level::P95);
    assert!(matches!(alone, Err(StatsError::TooFew { .. })), "{alone:?}");
}

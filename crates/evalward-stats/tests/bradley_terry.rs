//! Ratings from comparisons: the reference, and the laws.

use evalward_stats::comparison::{Match, Resampling, bradley_terry, bradley_terry_bootstrap};
use evalward_stats::{Level, StatsError};
use proptest::prelude::*;
use serde_json::Value;

fn of(first: usize, second: usize, score: f64) -> Match {
    Match { first, second, score }
}

fn close(left: &[f64], right: &[f64], tolerance: f64) -> bool {
    left.len() == right.len()
        && left.iter().zip(right).all(|(left, right)| (left - right).abs() <= tolerance)
}

#[test]
fn ratings_are_those_of_the_reference() {
    let fixture: Value = serde_json::from_str(include_str!("fixtures/bradley_terry.json")).unwrap();
    for case in fixture["cases"].as_array().unwrap() {
        let index = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
        let matches: Vec<Match> = case["input"]["matches"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| of(index(&it[0]), index(&it[1]), it[2].as_f64().unwrap()))
            .collect();
        let wanted: Vec<f64> = case["expected"]["ratings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it.as_f64().unwrap())
            .collect();
        let rated = bradley_terry(index(&case["input"]["systems"]), &matches).unwrap();
        assert!(close(&rated.ratings, &wanted, 1e-9), "{}: {rated:?} {wanted:?}", case["id"]);
        assert!(!rated.is_smoothed);
    }
}

#[test]
fn two_systems_have_the_odds_of_their_wins() {
    let matches = [of(0, 1, 1.0), of(0, 1, 1.0), of(0, 1, 1.0), of(1, 0, 1.0)];
    let rated = bradley_terry(2, &matches).unwrap();
    assert!((rated.ratings[0] - rated.ratings[1] - 3.0_f64.ln()).abs() < 1e-9);
}

#[test]
fn a_system_that_never_lost_and_systems_that_never_met_are_smoothed() {
    let unbeaten = bradley_terry(2, &[of(0, 1, 1.0), of(0, 1, 1.0)]).unwrap();
    assert!(unbeaten.is_smoothed);
    // With the tie that is added, 2.5 wins to 0.5.
    assert!((unbeaten.ratings[0] - unbeaten.ratings[1] - 5.0_f64.ln()).abs() < 1e-9);
    let apart = bradley_terry(4, &[of(0, 1, 1.0), of(2, 3, 0.5)]).unwrap();
    assert!(apart.is_smoothed && apart.ratings.iter().all(|rating| rating.is_finite()));
}

#[test]
fn what_is_no_comparison_is_refused() {
    let out = |matches: &[Match]| bradley_terry(2, matches).unwrap_err();
    assert!(matches!(bradley_terry(1, &[]), Err(StatsError::TooFew { .. })));
    assert!(matches!(out(&[]), StatsError::TooFew { .. }));
    for it in [of(0, 2, 1.0), of(1, 1, 1.0), of(0, 1, 1.5), of(0, 1, f64::NAN)] {
        assert!(matches!(out(&[it]), StatsError::OutOfDomain { .. }), "{it:?}");
    }
    let one = [of(0, 1, 1.0), of(1, 0, 1.0)];
    let with = |clusters: &[usize], resamples| {
        let resampling = Resampling { resamples, seed: 1 };
        bradley_terry_bootstrap(2, &one, clusters, resampling, Level::P95)
    };
    assert!(matches!(with(&[0, 0], 9), Err(StatsError::TooFew { .. })));
    assert!(matches!(with(&[0, 1], 0), Err(StatsError::TooFew { .. })));
    assert!(matches!(with(&[0], 9), Err(StatsError::Unequal { .. })));
}

#[test]
fn intervals_narrow_with_more_examples_and_repeat_with_their_seed() {
    let matches = |n: usize| -> Vec<Match> {
        (0..n).map(|it| of(0, 1, if it % 3 == 0 { 0.0 } else { 1.0 })).collect()
    };
    let with = |n: usize, seed| {
        let clusters: Vec<usize> = (0..n).collect();
        let resampling = Resampling { resamples: 400, seed };
        bradley_terry_bootstrap(2, &matches(n), &clusters, resampling, Level::P95).unwrap()
    };
    let (few, many) = (with(30, 1), with(300, 1));
    assert!(many.intervals[0].width() < few.intervals[0].width() / 2.0);
    assert!(few.intervals[0].contains(few.estimate.ratings[0]));
    let mirrored = few.differences[1][0];
    assert!((few.differences[0][1].low + mirrored.high).abs() < 1e-12);
    assert_eq!(with(30, 1), few);
    assert_ne!(with(30, 2).intervals, few.intervals);
    // Repeating each comparison within its cluster adds no evidence.
    let twice: Vec<Match> = matches(30).into_iter().flat_map(|it| [it, it]).collect();
    let clusters: Vec<usize> = (0..30).flat_map(|it| [it, it]).collect();
    let resampling = Resampling { resamples: 400, seed: 1 };
    let again = bradley_terry_bootstrap(2, &twice, &clusters, resampling, Level::P95).unwrap();
    assert!((again.intervals[0].width() - few.intervals[0].width()).abs() < 0.02);
}

fn matches() -> impl Strategy<Value = Vec<Match>> {
    let score = prop::sample::select(vec![0.0, 0.5, 1.0]);
    let one = (0_usize..4, 1_usize..4, score);
    prop::collection::vec(one.prop_map(|(i, step, score)| of(i, (i + step) % 4, score)), 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn ratings_sum_to_nothing_and_know_no_sides(matches in matches()) {
        let rated = bradley_terry(4, &matches).unwrap();
        prop_assert!(rated.ratings.iter().sum::<f64>().abs() < 1e-8);
        let mut turned: Vec<Match> =
            matches.iter().map(|it| of(it.second, it.first, 1.0 - it.score)).collect();
        turned.reverse();
        prop_assert!(close(&bradley_terry(4, &turned).unwrap().ratings, &rated.ratings, 1e-6));
        let lost: Vec<Match> = matches.iter().map(|it| of(it.first, it.second, 1.0 - it.score)).collect();
        let negated: Vec<f64> = rated.ratings.iter().map(|it| -it).collect();
        prop_assert!(close(&bradley_terry(4, &lost).unwrap().ratings, &negated, 1e-6));
    }

    #[test]
    fn names_of_systems_do_not_matter(matches in matches()) {
        let rated = bradley_terry(4, &matches).unwrap();
        let renamed: Vec<Match> =
            matches.iter().map(|it| of(3 - it.first, 3 - it.second, it.score)).collect();
        let mut mirrored = bradley_terry(4, &renamed).unwrap().ratings;
        mirrored.reverse();
        prop_assert!(close(&mirrored, &rated.ratings, 1e-6));
    }

    #[test]
    fn the_same_comparisons_twice_give_the_same_ratings(matches in matches()) {
        let rated = bradley_terry(4, &matches).unwrap();
        prop_assume!(!rated.is_smoothed);
        let twice: Vec<Match> = matches.iter().chain(&matches).copied().collect();
        prop_assert!(close(&bradley_terry(4, &twice).unwrap().ratings, &rated.ratings, 1e-6));
    }
}

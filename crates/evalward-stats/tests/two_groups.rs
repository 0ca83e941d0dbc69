//! The laws that intervals and tests for two independent rates obey.

use evalward_stats::intervals::{TwoProportions, miettinen_nurminen_interval, two_proportions};
use evalward_stats::{Interval, Level, StatsError};
use proptest::prelude::*;

type Table = (u64, u64, u64, u64);

fn level(confidence: f64) -> Level {
    Level::new(confidence).expect("a level")
}

fn score(table: Table, confidence: f64) -> Interval {
    let (k1, n1, k2, n2) = table;
    miettinen_nurminen_interval(k1, n1, k2, n2, level(confidence)).expect("a table")
}

fn all(table: Table, confidence: f64) -> TwoProportions {
    let (k1, n1, k2, n2) = table;
    two_proportions(k1, n1, k2, n2, level(confidence)).expect("a table")
}

fn float(count: u64) -> f64 {
    f64::from(u32::try_from(count).expect("small"))
}

fn table(largest: u64) -> impl Strategy<Value = Table> {
    (1..=largest, 1..=largest).prop_flat_map(|(n1, n2)| (0..=n1, Just(n1), 0..=n2, Just(n2)))
}

/// Returns the square of the score statistic of a difference, with the constrained rate found by halving.
fn squared_score((k1, n1, k2, n2): Table, difference: f64) -> f64 {
    let [k1, n1, k2, n2] = [k1, n1, k2, n2].map(float);
    let (mut low, mut high) = ((-difference).max(0.0), (1.0 - difference).min(1.0));
    let term = |count: f64, rate: f64| if count > 0.0 { count / rate } else { 0.0 };
    for _ in 0..200 {
        let second = f64::midpoint(low, high);
        let first = second + difference;
        let slope = term(k1, first) - term(n1 - k1, 1.0 - first) + term(k2, second)
            - term(n2 - k2, 1.0 - second);
        if slope > 0.0 { low = second } else { high = second }
    }
    let second = f64::midpoint(low, high);
    let first = second + difference;
    let variance = first * (1.0 - first) / n1 + second * (1.0 - second) / n2;
    let variance = variance * (n1 + n2) / (n1 + n2 - 1.0);
    (k1 / n1 - k2 / n2 - difference).powi(2) / variance
}

proptest! {
    #[test]
    fn the_score_interval_ends_where_the_test_rejects(table in table(300)) {
        let interval = score(table, 0.95);
        let square = 1.959_963_984_540_054_f64.powi(2);
        for (end, inwards) in [(interval.low, 1e-6), (interval.high, -1e-6)] {
            if end.abs() < 1.0 - 2e-6 {
                prop_assert!(squared_score(table, end + inwards) < square, "{interval:?}");
                prop_assert!(squared_score(table, end - inwards) > square, "{interval:?}");
            }
        }
    }

    #[test]
    fn swapping_the_groups_mirrors_everything(table in table(200), confidence in 0.5..0.999) {
        let (k1, n1, k2, n2) = table;
        let (here, there) = (all(table, confidence), all((k2, n2, k1, n1), confidence));
        let mirrored = |a: Interval, b: Interval| {
            (a.low + b.high).abs() < 1e-9 && (a.high + b.low).abs() < 1e-9
        };
        prop_assert!(mirrored(here.ci_miettinen_nurminen, there.ci_miettinen_nurminen));
        prop_assert!(mirrored(here.ci_newcombe, there.ci_newcombe));
        prop_assert!(mirrored(here.ci_agresti_caffo, there.ci_agresti_caffo));
        let near = |a: Option<f64>, b: Option<f64>| (a.unwrap() - b.unwrap()).abs() < 1e-12;
        prop_assert!(near(here.p_fisher, there.p_fisher));
        prop_assert!(near(here.p_fisher_less, there.p_fisher_greater));
    }

    #[test]
    fn intervals_hold_the_difference_and_nest(table in table(100_000), a in 0.5..0.999, b in 0.5..0.999) {
        let (inner, outer) = (all(table, f64::min(a, b)), all(table, f64::max(a, b)));
        for (inner, outer) in [
            (inner.ci_miettinen_nurminen, outer.ci_miettinen_nurminen),
            (inner.ci_newcombe, outer.ci_newcombe),
        ] {
            prop_assert!(outer.low <= inner.low + 1e-12 && inner.high <= outer.high + 1e-12);
        }
        let interval = inner.ci_miettinen_nurminen;
        prop_assert!(interval.low <= inner.diff && inner.diff <= interval.high);
        prop_assert!(-1.0 <= interval.low && interval.high <= 1.0 && interval.width() > 0.0);
    }

    #[test]
    fn fisher_sums_the_tables_with_the_same_margins(table in table(25)) {
        let (k1, n1, k2, n2) = table;
        let choose = |n: u64, k: u64| (0..k).fold(1.0, |product, i| product * float(n - i) / float(i + 1));
        let passed = k1 + k2;
        let weight = |x: u64| choose(n1, x) * choose(n2, passed - x);
        let range = passed.saturating_sub(n2)..=passed.min(n1);
        let sum = |keep: &dyn Fn(u64) -> bool| range.clone().filter(|x| keep(*x)).map(weight).sum::<f64>();
        let total = sum(&|_| true);
        let result = all(table, 0.95);
        let near = |got: Option<f64>, expected: f64| (got.unwrap() - expected / total).abs() < 1e-12;
        prop_assert!(near(result.p_fisher_less, sum(&|x| x <= k1)));
        prop_assert!(near(result.p_fisher_greater, sum(&|x| x >= k1)));
        prop_assert!(near(result.p_fisher, sum(&|x| weight(x) <= weight(k1) * (1.0 + 1e-10))));
    }

    #[test]
    fn no_table_panics_or_gives_nan(
        k1 in any::<u64>(), n1 in any::<u64>(), k2 in any::<u64>(), n2 in any::<u64>(),
        confidence in 0.001..0.999_999,
    ) {
        if let Ok(result) = two_proportions(k1, n1, k2, n2, level(confidence)) {
            for interval in [result.ci_wald, result.ci_newcombe, result.ci_miettinen_nurminen, result.ci_agresti_caffo] {
                prop_assert!(interval.low.is_finite() && interval.low <= interval.high);
            }
        }
    }
}

#[test]
fn equal_samples_get_an_interval_that_is_its_own_mirror() {
    // statsmodels 0.15.0 has -0.17748 and 0.17723 here; its cubic takes a count for a size.
    let interval = score((60, 100, 60, 100), 0.99);
    assert!((interval.low + interval.high).abs() < 1e-14, "{interval:?}");
    assert!((interval.high - 0.177_5).abs() < 5e-3, "{interval:?}");
}

#[test]
fn what_is_no_table_is_an_error() {
    assert!(matches!(
        miettinen_nurminen_interval(0, 0, 1, 2, Level::P95),
        Err(StatsError::TooFew { .. })
    ));
    assert!(matches!(two_proportions(3, 2, 1, 2, Level::P95), Err(StatsError::OutOfDomain { .. })));
}

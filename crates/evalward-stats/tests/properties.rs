//! The laws the intervals for a rate obey.

use evalward_stats::{
    BinomialMethod, Interval, Level, StatsError, binomial_interval, needed_n_for_rate,
};
use proptest::prelude::*;

const METHODS: [BinomialMethod; 4] = [
    BinomialMethod::Wald,
    BinomialMethod::Wilson,
    BinomialMethod::ClopperPearson,
    BinomialMethod::Jeffreys,
];

fn interval(successes: u64, n: u64, confidence: f64, method: BinomialMethod) -> Interval {
    let level = Level::new(confidence).expect("a level");
    binomial_interval(successes, n, level, method).expect("a valid count")
}

fn rate(successes: u64, n: u64) -> f64 {
    f64::from(u32::try_from(successes).expect("small"))
        / f64::from(u32::try_from(n).expect("small"))
}

fn counts() -> impl Strategy<Value = (u64, u64)> {
    prop_oneof![1..200_u64, 1..10_000_000_u64].prop_flat_map(|n| (0..=n, Just(n)))
}

fn method() -> impl Strategy<Value = BinomialMethod> {
    prop::sample::select(METHODS.as_slice())
}

proptest! {
    #[test]
    fn the_interval_contains_the_estimate((k, n) in counts(), confidence in 0.5..0.9999) {
        let estimate = rate(k, n);
        for method in METHODS {
            // Without its boundary modification Jeffreys excludes 0 and 1.
            if method == BinomialMethod::Jeffreys && (k == 0 || k == n) {
                continue;
            }
            let interval = interval(k, n, confidence, method);
            prop_assert!(interval.low <= estimate + 1e-15, "{method:?}: {interval:?}");
            prop_assert!(interval.high >= estimate - 1e-15, "{method:?}: {interval:?}");
        }
    }

    #[test]
    fn swapping_successes_and_failures_mirrors_the_interval(
        (k, n) in counts(), method in method(), confidence in 0.01..0.9999,
    ) {
        let here = interval(k, n, confidence, method);
        let there = interval(n - k, n, confidence, method);
        prop_assert!((here.low + there.high - 1.0).abs() < 1e-12);
        prop_assert!((here.high + there.low - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_higher_level_gives_a_wider_interval(
        (k, n) in counts(), method in method(), a in 0.01..0.9999, b in 0.01..0.9999,
    ) {
        let inner = interval(k, n, f64::min(a, b), method);
        let outer = interval(k, n, f64::max(a, b), method);
        prop_assert!(outer.low <= inner.low + 1e-14 && inner.high <= outer.high + 1e-14);
    }

    #[test]
    fn one_more_success_raises_both_ends((k, n) in counts(), confidence in 0.5..0.9999) {
        prop_assume!(k < n);
        // Wald is left out: next to the boundaries it is not monotone.
        for method in [BinomialMethod::Wilson, BinomialMethod::ClopperPearson, BinomialMethod::Jeffreys] {
            let fewer = interval(k, n, confidence, method);
            let more = interval(k + 1, n, confidence, method);
            prop_assert!(fewer.low <= more.low + 1e-14 && fewer.high <= more.high + 1e-14);
        }
    }

    #[test]
    fn no_count_panics_or_leaves_the_unit_interval(
        k in any::<u64>(), n in any::<u64>(), confidence in 0.0..1.0, gate in 0.0..=1.0,
    ) {
        prop_assume!(confidence > 0.0);
        let level = Level::new(confidence).expect("a level");
        for method in METHODS {
            match binomial_interval(k, n, level, method) {
                Ok(Interval { low, high }) => {
                    prop_assert!(k <= n && 0.0 <= low && low <= high && high <= 1.0);
                }
                Err(error) => prop_assert!(n == 0 || k > n, "{error}"),
            }
        }
        let needed = needed_n_for_rate(k, n, gate, level);
        prop_assert_eq!(needed.is_ok(), n > 0 && k <= n);
    }

    #[test]
    fn the_needed_n_is_the_first_that_decides(
        (k, n) in (1..40_u64).prop_flat_map(|n| (0..=n, Just(n))), gate in 0.0..=1.0,
    ) {
        let needed = needed_n_for_rate(k, n, gate, Level::P95).expect("a valid count");
        let first = (1..400).find(|size| decides(k, n, gate, *size));
        match first {
            Some(_) => prop_assert_eq!(needed, first),
            None => prop_assert!(needed.is_none_or(|needed| needed >= 400)),
        }
    }
}

/// Tells whether `size` trials at the rate `k / n`, rounded towards the gate,
/// put the Clopper-Pearson interval wholly on one side of the gate.
fn decides(k: u64, n: u64, gate: f64, size: u64) -> bool {
    let is_above = rate(k, n) > gate;
    let successes = if is_above { k * size / n } else { (k * size).div_ceil(n) };
    let interval = interval(successes, size, 0.95, BinomialMethod::ClopperPearson);
    if is_above { interval.low >= gate } else { interval.high < gate }
}

#[test]
fn extreme_counts_and_levels_have_intervals() {
    let levels = [f64::from_bits(1), 1e-9, 0.95, 1.0 - f64::EPSILON / 2.0];
    for n in [1, 2, 1 << 53, u64::MAX] {
        for k in [0, 1, n / 3, n / 2, n - 1, n] {
            for confidence in levels {
                for method in METHODS {
                    let Interval { low, high } = interval(k, n, confidence, method);
                    assert!(
                        0.0 <= low && low <= high && high <= 1.0,
                        "{k} of {n}, {method:?} at {confidence}: [{low}, {high}]"
                    );
                }
            }
        }
    }
}

#[test]
fn clopper_pearson_covers_at_least_its_level() {
    for confidence in [0.8, 0.95, 0.99] {
        for n in 1..=60 {
            let intervals: Vec<Interval> = (0..=n)
                .map(|k| interval(k, n, confidence, BinomialMethod::ClopperPearson))
                .collect();
            for step in 0..=40_u32 {
                let p = f64::from(step) / 40.0;
                let covered: f64 = binomial_masses(n, p)
                    .zip(&intervals)
                    .filter(|(_, interval)| interval.contains(p))
                    .map(|(mass, _)| mass)
                    .sum();
                assert!(covered >= confidence - 1e-12, "n = {n}, p = {p}: covers {covered}");
            }
        }
    }
}

/// Returns the probabilities of 0 to `n` successes.
fn binomial_masses(n: u64, p: f64) -> impl Iterator<Item = f64> {
    let n = i32::try_from(n).expect("small");
    let mut choose = 1.0;
    (0..=n).map(move |k| {
        let mass = choose * p.powi(k) * (1.0 - p).powi(n - k);
        choose *= f64::from(n - k) / f64::from(k + 1);
        mass
    })
}

#[test]
fn a_rate_at_the_gate_is_never_decided() {
    for (k, n, gate) in [(17, 20, 0.85), (0, 5, 0.0), (5, 5, 1.0), (1, 3, 1.0 / 3.0)] {
        assert_eq!(needed_n_for_rate(k, n, gate, Level::P95), Ok(None), "{k} of {n}");
    }
}

#[test]
fn needed_n_for_known_plans() {
    let check = |k, n, gate, expected| {
        assert_eq!(needed_n_for_rate(k, n, gate, Level::P95), Ok(expected), "{k} of {n} at {gate}");
    };
    // All passed: L = 0.025^(1/n) >= 0.95 from ln 0.025 / ln 0.95 = 71.9.
    check(10, 10, 0.95, Some(72));
    // All failed: U = 1 - 0.025^(1/n) < 0.05, from the mirrored equation.
    check(0, 10, 0.05, Some(72));
    // A single failure refutes a gate of 1, no success is needed for a gate of 0.
    check(99, 100, 1.0, Some(100));
    check(1, 100, 0.0, Some(1));
    // Too close to tell within the cap.
    check(500_001, 1_000_000, 0.5, None);
}

#[test]
fn unusable_plans_are_typed_errors() {
    let plan = |k, n, gate| needed_n_for_rate(k, n, gate, Level::P95);
    assert!(matches!(plan(0, 0, 0.5), Err(StatsError::TooFew { .. })));
    assert!(matches!(plan(2, 1, 0.5), Err(StatsError::OutOfDomain { .. })));
    for gate in [-0.1, 1.1, f64::NAN] {
        assert!(matches!(plan(1, 2, gate), Err(StatsError::OutOfDomain { .. })), "{gate}");
    }
}

//! The laws of means and rates from samples with unequal probabilities.

use evalward_stats::{
    BinomialMethod, Interval, Level, RateMethod, StatsError, WeightedSums, binomial_interval,
};
use proptest::prelude::*;

type Sample = Vec<(f64, f64)>;

fn sums(sample: &[(f64, f64)]) -> WeightedSums {
    let mut sums = WeightedSums::default();
    for (y, pi) in sample {
        sums.push(*y, *pi).expect("a valid member");
    }
    sums
}

/// Returns the rate's interval in a population that is larger than the sample.
fn rate(sums: WeightedSums) -> Interval {
    sums.rate_interval(u64::MAX, Level::P95).expect("members").interval
}

fn close(a: f64, b: f64, scale: f64) -> bool {
    (a - b).abs() <= 1e-9 * scale.abs().max(1e-9)
}

fn assert_close(a: WeightedSums, b: WeightedSums) {
    assert_eq!(a.n, b.n);
    // Sums of signed values cancel, so their rounding is of the size of the weights.
    for (a, b, scale) in [
        (a.w, b.w, a.w),
        (a.ww, b.ww, a.ww),
        (a.wy, b.wy, 10.0 * a.w),
        (a.v, b.v, a.ww),
        (a.vy, b.vy, 10.0 * a.ww),
        (a.vyy, b.vyy, 100.0 * a.ww),
    ] {
        assert!(close(a, b, scale), "{a} is not {b}");
    }
}

fn probability() -> impl Strategy<Value = f64> {
    prop_oneof![Just(1.0), Just(0.05), 0.01..1.0]
}

fn scores() -> impl Strategy<Value = Sample> {
    prop::collection::vec((-10.0..10.0, probability()), 0..40)
}

fn verdicts() -> impl Strategy<Value = Sample> {
    let rate = prop_oneof![Just(0.0), Just(1.0), 0.0..1.0];
    (rate, 1..60_usize).prop_flat_map(|(rate, n)| {
        let passed = prop::bool::weighted(rate).prop_map(|passed| f64::from(u8::from(passed)));
        prop::collection::vec((passed, probability()), n)
    })
}

proptest! {
    #[test]
    fn merging_is_pushing_all_in_any_order(a in scores(), b in scores()) {
        let merged = sums(&a).merged(sums(&b));
        let all: Sample = b.iter().chain(&a).copied().collect();
        assert_close(merged, sums(&all));
    }

    #[test]
    fn without_takes_back_what_was_merged(a in scores(), b in scores()) {
        let (kept, taken) = (sums(&a), sums(&b));
        assert_close(kept.merged(taken).without(taken), kept);
        prop_assert_eq!(taken.without(taken), WeightedSums::default());
    }

    #[test]
    fn without_leaves_no_doubt_about_those_that_are_certain(
        certain in prop::collection::vec(0..=1_u8, 1..20), chance in verdicts(),
    ) {
        let certain: Sample = certain.into_iter().map(|y| (f64::from(y), 1.0)).collect();
        let n = u64::try_from(certain.len()).expect("small");
        let left = sums(&certain).merged(sums(&chance)).without(sums(&chance));
        let found = left.rate_interval(n, Level::P95).expect("members");
        prop_assert_eq!(found.method, RateMethod::Census);
        prop_assert!(found.interval.width() <= 1e-12);
    }

    #[test]
    fn shifting_and_scaling_values_does_so_to_the_mean(
        sample in scores(), shift in -5.0..5.0, factor in 0.1..10.0,
    ) {
        prop_assume!(!sample.is_empty());
        let moved: Sample = sample.iter().map(|(y, pi)| (factor * y + shift, *pi)).collect();
        let (before, after) = (sums(&sample).mean().expect("members"), sums(&moved).mean().expect("members"));
        prop_assert!(close(after.mean, factor * before.mean + shift, 100.0));
        prop_assert!(close(after.variance, factor * factor * before.variance, 1e4));
        prop_assert!(close(after.effective_n, before.effective_n, before.effective_n));
    }

    #[test]
    fn one_probability_for_all_gives_the_plain_mean(
        values in prop::collection::vec(-10.0..10.0, 1..40), pi in 0.01..1.0,
    ) {
        let sample: Sample = values.iter().map(|y: &f64| (*y, pi)).collect();
        let estimate = sums(&sample).mean().expect("members");
        prop_assert!(close(estimate.mean, evalward_stats::mean(&values).expect("values"), 10.0));
    }

    #[test]
    fn the_interval_of_a_rate_holds_the_estimate_within_zero_and_one(
        sample in verdicts(), confidence in 0.5..0.999, missing in 0..1_000_u64,
    ) {
        let sums = sums(&sample);
        let level = Level::new(confidence).expect("a level");
        let Interval { low, high } =
            sums.rate_interval(sums.n + missing, level).expect("members").interval;
        let mean = sums.mean().expect("members").mean.clamp(0.0, 1.0);
        prop_assert!(0.0 <= low && low <= mean && mean <= high && high <= 1.0, "[{low}, {high}]");
    }

    #[test]
    fn the_interval_of_a_rate_is_at_least_the_linearised_one(sample in verdicts()) {
        let sums = sums(&sample);
        let estimate = sums.mean().expect("members");
        let half = 1.959_963_984 * estimate.variance.sqrt();
        let interval = rate(sums);
        prop_assert!(interval.low <= f64::max(0.0, estimate.mean - half) + 1e-9);
        prop_assert!(interval.high >= f64::min(1.0, estimate.mean + half) - 1e-9);
    }

    #[test]
    fn swapping_passed_and_failed_mirrors_the_interval(sample in verdicts()) {
        let swapped: Sample = sample.iter().map(|(y, pi)| (1.0 - y, *pi)).collect();
        let (here, there) = (rate(sums(&sample)), rate(sums(&swapped)));
        prop_assert!((here.low + there.high - 1.0).abs() < 1e-9);
        prop_assert!((here.high + there.low - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_higher_level_gives_a_wider_interval(sample in verdicts(), a in 0.5..0.999, b in 0.5..0.999) {
        let at = |confidence| {
            let level = Level::new(confidence).expect("a level");
            sums(&sample).rate_interval(u64::MAX, level).expect("members").interval
        };
        let (inner, outer) = (at(f64::min(a, b)), at(f64::max(a, b)));
        prop_assert!(outer.low <= inner.low + 1e-12 && inner.high <= outer.high + 1e-12);
    }
}

#[test]
fn a_sample_that_agrees_proves_no_more_than_its_size() {
    for n in [1, 5, 60] {
        let failed = rate(sums(&vec![(0.0, 0.001); n]));
        let trials = u64::try_from(n).expect("small");
        // With almost nothing observed the population is as good as endless.
        let exact = binomial_interval(0, trials, Level::P95, BinomialMethod::ClopperPearson)
            .expect("a count");
        assert!(failed.low <= 0.0, "{failed:?}");
        assert!((failed.high - exact.high).abs() < 0.003, "{n}: {failed:?}, {exact:?}");
    }
}

#[test]
fn certain_failures_do_not_hide_what_the_few_by_chance_leave_open() {
    let mut sample = vec![(0.0, 1.0); 10];
    sample.extend(vec![(1.0, 0.05); 20]);
    // 10 certain failures and about 400 ordinary members of which 20 passed: 16 % of those may have failed.
    let interval = rate(sums(&sample));
    assert!(interval.low > 0.80 && interval.low < 0.85, "{interval:?}");
    assert!(interval.high > 0.98 && interval.high < 0.995, "{interval:?}");
}

#[test]
fn a_population_observed_wholly_has_a_known_rate() {
    let sums = sums(&[(1.0, 1.0), (0.0, 1.0), (1.0, 1.0), (1.0, 1.0)]);
    let found = sums.rate_interval(4, Level::P95).expect("members");
    assert_eq!(found.method, RateMethod::Census);
    assert_eq!(found.interval, Interval { low: 0.75, high: 0.75 });
    assert_eq!(sums.mean_interval(Level::P95), Ok(Interval { low: 0.75, high: 0.75 }));
}

#[test]
fn members_nobody_stands_for_may_be_anything() {
    // One failure that is always sampled, and nine others of which none was.
    let found = sums(&[(0.0, 1.0)]).rate_interval(10, Level::P95).expect("a member");
    assert_eq!(found.method, RateMethod::Bounds);
    assert_eq!(found.interval, Interval { low: 0.0, high: 0.9 });
}

#[test]
fn a_mean_without_spread_has_no_interval() {
    let check = |sample: &[(f64, f64)]| {
        let result = sums(sample).mean_interval(Level::P95);
        assert!(matches!(result, Err(StatsError::Degenerate { .. })), "{sample:?}: {result:?}");
    };
    check(&[(0.1, 0.05); 30]);
    check(&[(4.0, 0.05), (4.0, 0.5), (1.0, 1.0)]);
    let one = sums(&[(4.0, 0.05)]).mean_interval(Level::P95);
    assert!(matches!(one, Err(StatsError::TooFew { .. })), "{one:?}");
}

#[test]
fn nothing_has_no_mean() {
    let empty = WeightedSums::default();
    assert!(matches!(empty.mean(), Err(StatsError::TooFew { .. })));
    assert!(matches!(empty.rate_interval(0, Level::P95), Err(StatsError::TooFew { .. })));
    assert!(matches!(empty.mean_interval(Level::P95), Err(StatsError::TooFew { .. })));
}

#[test]
fn members_that_cannot_be_weighted_are_refused_and_leave_the_sums_alone() {
    let mut sums = sums(&[(1.0, 0.5)]);
    let before = sums;
    for pi in [0.0, -0.1, 1.1, f64::NAN, f64::INFINITY, f64::MIN_POSITIVE] {
        assert!(matches!(sums.push(1.0, pi), Err(StatsError::OutOfDomain { .. })), "{pi}");
    }
    for y in [f64::NAN, f64::INFINITY] {
        assert_eq!(sums.push(y, 0.5), Err(StatsError::NotFinite { argument: "y", index: 1 }));
    }
    assert_eq!(sums, before);
}

/// Returns the probability that the interval holds the true rate of a population, over all samples that have a member: `certain`
/// failures, and `passing` and `failing` members that are chosen by chance.
fn coverage([certain, passing, failing]: [u32; 3], pi: f64) -> f64 {
    let number = |count: u32| i32::try_from(count).expect("small");
    let truth = f64::from(passing) / f64::from(certain + passing + failing);
    let chosen = |of: u32| masses(number(of), pi);
    let (mut covered, mut all) = (0.0, 0.0);
    let mut with_passed = sums(&vec![(0.0, 1.0); usize::try_from(certain).expect("small")]);
    for (passed, mass) in (0..).zip(chosen(passing)) {
        let mut sample = with_passed;
        for (failed, other) in (0..).zip(chosen(failing)) {
            if passed + failed > 0 {
                let Interval { low, high } = rate(sample);
                all += mass * other;
                if low - 1e-12 <= truth && truth <= high + 1e-12 {
                    covered += mass * other;
                }
            }
            sample.push(0.0, pi).expect("a valid member");
        }
        with_passed.push(1.0, pi).expect("a valid member");
    }
    covered / all
}

/// Returns the probabilities of 0 to `n` successes.
fn masses(n: i32, p: f64) -> impl Iterator<Item = f64> {
    let mut choose = 1.0;
    (0..=n).map(move |k| {
        let mass = choose * p.powi(k) * (1.0 - p).powi(n - k);
        choose *= f64::from(n - k) / f64::from(k + 1);
        mass
    })
}

#[test]
fn the_interval_of_a_rate_covers_at_least_its_level() {
    let check = |population: [u32; 3]| {
        for pi in [0.05, 0.2, 0.5, 0.8, 0.95] {
            let coverage = coverage(population, pi);
            assert!(coverage >= 0.95, "{population:?} at {pi}: {coverage}");
        }
    };
    for failing in 0..=10 {
        check([0, 10 - failing, failing]);
    }
    for failing in [0, 1, 2, 5, 13, 20, 33, 40] {
        check([0, 40 - failing, failing]);
        check([10, 40 - failing, failing]);
    }
    for failing in [0, 1, 3, 99] {
        check([5, 100 - failing, failing]);
    }
}

//! The laws of quantiles from samples with unequal probabilities.

use evalward_stats::Level;
use evalward_stats::weighting::{WeightedDistribution, WeightedQuantile, WeightedValue};
use proptest::prelude::*;

type Sample = Vec<(f64, f64)>;

/// Members beyond the sample, so that not all of the population was observed.
const MORE: u64 = 1_000_000;

fn distribution(sample: &[(f64, f64)]) -> WeightedDistribution {
    let member = |(value, pi): &(f64, f64)| {
        let w = 1.0 / pi;
        WeightedValue { value: *value, n: 1, w, ww: w * w }
    };
    WeightedDistribution::new(sample.iter().map(member)).expect("members")
}

fn quantile(sample: &[(f64, f64)], p: f64) -> WeightedQuantile {
    distribution(sample).quantile(p, MORE, Level::P95).expect("a quantile")
}

fn sample() -> impl Strategy<Value = Sample> {
    let pi = prop_oneof![Just(1.0), Just(0.05), 0.01..1.0];
    let value = prop_oneof![-10.0..10.0, (1..=5_i8).prop_map(f64::from)];
    prop::collection::vec((value, pi), 1..60)
}

proptest! {
    #[test]
    fn it_is_the_smallest_value_with_so_much_weight_below(sample in sample(), p in 0.01..0.99) {
        let found = quantile(&sample, p).value;
        let share = |is_counted: &dyn Fn(f64) -> bool| {
            let weight = |(_, pi): &(f64, f64)| 1.0 / pi;
            let counted = sample.iter().filter(|(value, _)| is_counted(*value));
            counted.map(weight).sum::<f64>() / sample.iter().map(weight).sum::<f64>()
        };
        prop_assert!(share(&|value| value <= found) >= p - 1e-9);
        prop_assert!(share(&|value| value < found) <= p + 1e-9);
        prop_assert!(sample.iter().any(|(value, _)| value.to_bits() == found.to_bits()));
    }

    #[test]
    fn values_may_be_given_together_and_in_any_order(sample in sample(), p in 0.01..0.99) {
        let mut shuffled = sample.clone();
        shuffled.reverse();
        let twice = |(value, pi): &(f64, f64)| WeightedValue {
            value: *value, n: 2, w: 2.0 / pi, ww: 2.0 / (pi * pi),
        };
        let doubled: Sample = sample.iter().chain(&shuffled).copied().collect();
        let together = WeightedDistribution::new(sample.iter().map(twice)).expect("members");
        let here = together.quantile(p, MORE, Level::P95).expect("a quantile");
        let there = quantile(&doubled, p);
        prop_assert_eq!(here.value.to_bits(), there.value.to_bits());
        prop_assert!((together.effective_n() / distribution(&doubled).effective_n() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_interval_holds_it_and_a_higher_level_or_quantile_moves_out(
        sample in sample(), p in 0.01..0.98, more in 0.001..0.01,
    ) {
        let all = distribution(&sample);
        let at = |p, level| all.quantile(p, MORE, level).expect("a quantile");
        let (inner, outer) = (at(p, Level::new(0.8).expect("a level")), at(p, Level::P95));
        let low = |it: &WeightedQuantile| it.interval.low.unwrap_or(f64::NEG_INFINITY);
        let high = |it: &WeightedQuantile| it.interval.high.unwrap_or(f64::INFINITY);
        prop_assert!(low(&inner) <= inner.value && inner.value <= high(&inner));
        prop_assert!(low(&outer) <= low(&inner) && high(&inner) <= high(&outer));
        prop_assert!(at(p + more, Level::P95).value >= inner.value);
    }
}

#[test]
fn a_small_sample_bounds_no_tail() {
    let ten: Sample = (1..=10).map(|value| (f64::from(value), 0.01)).collect();
    let tenth = quantile(&ten, 0.1);
    assert_eq!((tenth.value, tenth.interval.low), (1.0, None));
    assert!(tenth.interval.high.is_some());
    let last = quantile(&ten, 0.9);
    assert_eq!((last.value, last.interval.high), (9.0, None));
    let median = quantile(&ten, 0.5);
    let is_bounded = median.interval.low.is_some() && median.interval.high.is_some();
    assert_eq!((median.value, is_bounded), (5.0, true), "{median:?}");
}

#[test]
fn what_was_observed_wholly_is_known() {
    let sample: Sample = [4.0, 1.0, 5.0, 5.0].into_iter().map(|value| (value, 1.0)).collect();
    let all = distribution(&sample);
    let known = all.quantile(0.5, 4, Level::P95).unwrap();
    assert_eq!((known.value, known.interval.low, known.interval.high), (4.0, Some(4.0), Some(4.0)));
    // Members that stand for themselves alone say nothing of others.
    let open = all.quantile(0.5, 5, Level::P95).unwrap();
    assert_eq!((open.value, open.interval.low, open.interval.high), (4.0, None, None));
}

#[test]
fn what_is_no_sample_is_refused() {
    let one = WeightedValue { value: 1.0, n: 1, w: 1.0, ww: 1.0 };
    let refused = |value| WeightedDistribution::new([value]).is_err();
    assert!(WeightedDistribution::new([]).is_err());
    assert!(refused(WeightedValue { n: 0, ..one }));
    assert!(refused(WeightedValue { value: f64::NAN, ..one }));
    assert!(refused(WeightedValue { w: f64::INFINITY, ..one }));
    let all = WeightedDistribution::new([one]).unwrap();
    for p in [0.0, 1.0, -0.1, f64::NAN] {
        assert!(all.quantile(p, 1, Level::P95).is_err(), "{p}");
    }
}

/// Numbers that look random: splitmix64.
struct Numbers(u64);

impl Numbers {
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let high = u32::try_from((number ^ (number >> 31)) >> 32).expect("32 bits");
        f64::from(high) / f64::from(u32::MAX)
    }
}

/// Returns how often the interval holds the quantile of a population of which some are always sampled and score low.
fn covered(members: u32, certain: f64, pi: f64, is_ordinal: bool, p: f64) -> u32 {
    let mut numbers = Numbers(u64::from(members));
    let mut covered = 0;
    for _ in 0..ROUNDS {
        let population: Vec<(f64, f64)> = (0..members)
            .map(|_| {
                let is_certain = numbers.share() < certain;
                let share = numbers.share();
                let value = if is_certain { share * share } else { share.sqrt() };
                let value = if is_ordinal { 1.0 + (value * 4.999).floor() } else { value };
                (value, if is_certain { 1.0 } else { pi })
            })
            .collect();
        let sample: Sample =
            population.iter().copied().filter(|(_, pi)| numbers.share() < *pi).collect();
        let mut values: Vec<f64> = population.iter().map(|(value, _)| *value).collect();
        values.sort_by(f64::total_cmp);
        let mut rank = 0.0;
        let truth = values.iter().copied().find(|_| {
            rank += 1.0;
            rank >= p * f64::from(members) - 1e-9
        });
        let truth = truth.expect("a population");
        let interval = quantile(&sample, p).interval;
        let holds = interval.low.is_none_or(|low| low <= truth)
            && interval.high.is_none_or(|high| truth <= high);
        covered += u32::from(holds);
    }
    covered
}

const ROUNDS: u32 = 400;

#[test]
fn the_interval_holds_the_quantile_of_the_population() {
    for (members, certain, pi) in [(2_000, 0.0, 0.02), (2_000, 0.1, 0.05), (400, 0.3, 0.5)] {
        for is_ordinal in [false, true] {
            for p in [0.1, 0.5, 0.9] {
                let covered = covered(members, certain, pi, is_ordinal, p);
                let case = (members, certain, pi, is_ordinal, p);
                assert!(covered >= ROUNDS * 95 / 100, "{covered} of {ROUNDS} for {case:?}");
            }
        }
    }
}

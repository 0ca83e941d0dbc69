//! Laws of the sequences and detectors that are looked at after every observation.

use evalward_stats::StatsError;
use evalward_stats::sequential::boundaries::{
    BestAt, GammaExponentialMixture, NormalMixture, PolyStitching, Sides,
    bernoulli_sequence_interval, gamma_exponential_bound, poly_stitching_bound,
};
use evalward_stats::sequential::{
    Adwin, AdwinOptions, AsymptoticSequence, BetaBinomialTest, Cusum, CusumOptions, EDetector,
    EDetectorKind, EDetectorOptions, EmpiricalBernstein, Ewma, EwmaOptions, HedgedBetting,
    HoeffdingSequence, MixtureRatioTest, PageHinkley, PageHinkleyOptions, alpha_for_run_length,
    betting_log_capital, confidence_sequence,
};
use proptest::prelude::*;

/// Returns uniform numbers in `[0, 1)` by splitmix64.
fn uniforms(seed: u64) -> impl Iterator<Item = f64> {
    (1_u64..).map(move |i| {
        let mut z = seed.wrapping_add(i.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        f64::from(u32::try_from((z ^ (z >> 31)) >> 32).expect("32 bits")) / 4_294_967_296.0
    })
}

#[test]
fn the_true_rate_is_missed_ever_in_at_most_alpha_of_streams() {
    let (rate, alpha, streams) = (0.95, 0.1, 200);
    let mut missed = [0_u32; 3];
    for stream in 0..streams {
        let mut betting = HedgedBetting::new(0.0, 1.0, alpha).unwrap();
        let mut bernstein = EmpiricalBernstein::new(0.0, 1.0, alpha).unwrap();
        let mut hoeffding = HoeffdingSequence::new(0.0, 1.0, alpha).unwrap();
        let mut ever = [false; 3];
        for u in uniforms(stream * 7919).take(400) {
            let x = if u < rate { 1.0 } else { 0.0 };
            let intervals = [betting.push(x), bernstein.push(x), hoeffding.push(x)];
            for (ever, interval) in ever.iter_mut().zip(intervals) {
                *ever |= !interval.unwrap().contains(rate);
            }
        }
        for (missed, ever) in missed.iter_mut().zip(ever) {
            *missed += u32::from(ever);
        }
    }
    // Three Monte-Carlo errors above alpha would be 33.
    assert!(missed.iter().all(|missed| *missed <= 20), "{missed:?} of {streams} streams missed");
}

#[test]
fn betting_is_tighter_than_bernstein_and_that_than_hoeffding_where_little_varies() {
    let x: Vec<f64> = uniforms(5).map(|u| if u < 0.97 { 1.0 } else { 0.0 }).take(1500).collect();
    let mut bernstein = EmpiricalBernstein::new(0.0, 1.0, 0.05).unwrap();
    let mut hoeffding = HoeffdingSequence::new(0.0, 1.0, 0.05).unwrap();
    for x in &x {
        bernstein.push(*x).unwrap();
        hoeffding.push(*x).unwrap();
    }
    let (lower, upper) = confidence_sequence(&x, 0.0, 1.0, 0.05).unwrap();
    let widths =
        [upper[1499] - lower[1499], bernstein.running().width(), hoeffding.running().width()];
    assert!(widths.is_sorted() && widths[0] < 0.04, "{widths:?}");
}

#[test]
fn unusable_arguments_are_typed_errors() {
    assert!(matches!(confidence_sequence(&[], 0.0, 1.0, 0.05), Err(StatsError::TooFew { .. })));
    assert!(matches!(
        confidence_sequence(&[0.5, f64::NAN], 0.0, 1.0, 0.05),
        Err(StatsError::NotFinite { argument: "x", index: 1 })
    ));
    for (x, low, high, alpha) in [
        (1.1, 0.0, 1.0, 0.05),
        (0.5, 1.0, 1.0, 0.05),
        (0.5, 0.0, f64::INFINITY, 0.05),
        (0.5, f64::NAN, 1.0, 0.05),
        (0.0, -1e308, 1e308, 0.05),
        (0.5, 0.0, 1.0, 0.0),
        (0.5, 0.0, 1.0, 1.0),
        (0.5, 0.0, 1.0, f64::NAN),
    ] {
        let outcome = confidence_sequence(&[x], low, high, alpha);
        assert!(matches!(outcome, Err(StatsError::OutOfDomain { .. })), "{outcome:?}");
    }
}

fn drop_detector(kind: EDetectorKind) -> EDetector {
    let options = EDetectorOptions { kind, low: 0.0, high: 1.0, floor: 0.9, bets: Vec::new() };
    EDetector::new(&options).expect("sound options")
}

#[test]
fn e_detectors_are_quiet_for_their_run_length_and_find_a_drop() {
    let alpha = alpha_for_run_length(2_000).unwrap();
    let first_alarm = |kind, seed: u64, share: f64| {
        let mut detector = drop_detector(kind);
        uniforms(seed * 6151 + 1).take(6_000).position(|u| {
            detector.push(f64::from(u8::from(u < share))).unwrap();
            detector.is_alarm(alpha)
        })
    };
    for kind in [EDetectorKind::ShiryaevRoberts, EDetectorKind::Cusum] {
        let runs = 20;
        let mut observations = 0;
        for seed in 0..runs {
            observations += first_alarm(kind, seed, 0.9).unwrap_or(6_000);
            let found = first_alarm(kind, seed, 0.75);
            assert!(found.is_some_and(|after| after < 400), "{kind:?}: {found:?}");
        }
        // Cut off at 6,000 observations, a mean of 2,000 or more stays above 1,900.
        let mean = observations / usize::try_from(runs).unwrap();
        assert!(mean > 1_900, "{kind:?}: an alarm after {mean} observations");
    }
}

#[test]
fn no_length_of_a_change_overflows_an_e_detector() {
    for kind in [EDetectorKind::ShiryaevRoberts, EDetectorKind::Cusum] {
        let mut detector = drop_detector(kind);
        let mut last = f64::NEG_INFINITY;
        for _ in 0..20_000 {
            let log = detector.push(0.0).unwrap();
            assert!(log.is_finite() && log > last, "{log} after {last}");
            last = log;
        }
        assert!(last > 1_000.0);
        for _ in 0..200_000 {
            last = detector.push(1.0).unwrap();
        }
        assert!(last.is_finite() && last < 5.0, "recovery ends at {last}");
        detector.reset();
        assert!(!detector.is_alarm(0.05));
    }
}

#[test]
fn adwin_forgets_what_was_before_a_change_and_keeps_little() {
    let mut adwin = Adwin::new(AdwinOptions::default()).unwrap();
    let x = |t: usize| if t < 5_000 { 1.0 } else { 0.0 };
    let found: Vec<usize> = (0..10_000).filter(|t| adwin.push(x(*t)).unwrap()).collect();
    assert!(matches!(found[..], [at] if (5_000..5_100).contains(&at)), "{found:?}");
    assert_eq!(adwin.estimation(), Some(0.0));
    assert!((adwin.width() - 4_950.0).abs() < 60.0);
}

#[test]
fn detectors_refuse_what_is_not_finite_and_stay_as_they_were() {
    let mut page = PageHinkley::new(PageHinkleyOptions::default()).unwrap();
    let mut adwin = Adwin::new(AdwinOptions::default()).unwrap();
    let mut cusum = Cusum::new(CusumOptions { mean: 0.0, slack: 0.5, threshold: 5.0 }).unwrap();
    let options = EwmaOptions { mean: 0.0, deviation: 1.0, weight: 0.2, width: 3.0 };
    let mut ewma = Ewma::new(options).unwrap();
    let before = (page.clone(), adwin.clone(), cusum.clone(), ewma.clone());
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        for outcome in [page.push(bad), adwin.push(bad), cusum.push(bad), ewma.push(bad)] {
            assert!(matches!(outcome, Err(StatsError::NotFinite { index: 0, .. })));
        }
    }
    assert_eq!((page, adwin, cusum, ewma), before);
    for (delta, clock) in [(0.0, 1), (1.0, 1), (f64::NAN, 1), (0.1, 0)] {
        let options = AdwinOptions { delta, clock, ..AdwinOptions::default() };
        assert!(Adwin::new(options).is_err());
    }
}

proptest! {
    #[test]
    fn sequences_nest_stay_in_the_range_and_follow_the_scale(
        levels in prop::collection::vec(0_u8..=4, 1..200),
        alpha in 0.001..0.5,
    ) {
        let units: Vec<f64> = levels.iter().map(|level| f64::from(*level) / 4.0).collect();
        let scores: Vec<f64> = levels.iter().map(|level| f64::from(*level) + 1.0).collect();
        let (lower, upper) = confidence_sequence(&scores, 1.0, 5.0, alpha).unwrap();
        let (unit_lower, unit_upper) = confidence_sequence(&units, 0.0, 1.0, alpha).unwrap();
        prop_assert!(lower.is_sorted() && upper.iter().rev().is_sorted());
        for t in 0..levels.len() {
            prop_assert!(1.0 <= lower[t] && lower[t] <= upper[t] && upper[t] <= 5.0);
            prop_assert!((lower[t] - 1.0 - 4.0 * unit_lower[t]).abs() < 1e-12);
            prop_assert!((upper[t] - 1.0 - 4.0 * unit_upper[t]).abs() < 1e-12);
        }
    }

    #[test]
    fn mirrored_observations_mirror_the_sequence(
        x in prop::collection::vec(0.0..=1.0, 1..200),
        alpha in 0.001..0.5,
    ) {
        let mirrored: Vec<f64> = x.iter().map(|x| 1.0 - x).collect();
        let mut pairs = (
            EmpiricalBernstein::new(0.0, 1.0, alpha).unwrap(),
            EmpiricalBernstein::new(0.0, 1.0, alpha).unwrap(),
        );
        for (x, mirrored) in x.iter().zip(&mirrored) {
            let (here, there) = (pairs.0.push(*x).unwrap(), pairs.1.push(*mirrored).unwrap());
            prop_assert!((here.low - (1.0 - there.high)).abs() < 1e-9);
            prop_assert!((here.high - (1.0 - there.low)).abs() < 1e-9);
        }
        let (lower, upper) = confidence_sequence(&x, 0.0, 1.0, alpha).unwrap();
        let (other_lower, other_upper) = confidence_sequence(&mirrored, 0.0, 1.0, alpha).unwrap();
        for t in 0..x.len() {
            // Rounding may put a candidate on either side of the threshold.
            prop_assert!((lower[t] - (1.0 - other_upper[t])).abs() < 1.5e-3);
            prop_assert!((upper[t] - (1.0 - other_lower[t])).abs() < 1.5e-3);
        }
    }

    #[test]
    fn detectors_survive_numbers_of_any_size(
        x in prop::collection::vec(-1e300..1e300, 1..200),
        (clock, max_buckets) in (1_u64..5, 1_usize..4),
    ) {
        let options = AdwinOptions { clock, max_buckets, min_window_length: 0, grace_period: 0, delta: 0.5 };
        let mut adwin = Adwin::new(options).unwrap();
        let mut page = PageHinkley::new(PageHinkleyOptions::default()).unwrap();
        let mut cusum = Cusum::new(CusumOptions { mean: 0.0, slack: 0.5, threshold: 5.0 }).unwrap();
        for x in x {
            adwin.push(x).unwrap();
            page.push(x).unwrap();
            cusum.push(x).unwrap();
            prop_assert!(adwin.width() >= 1.0);
            prop_assert!(adwin.estimation().is_none_or(f64::is_finite));
            prop_assert!(cusum.sums().iter().all(|sum| *sum >= 0.0));
        }
    }

    #[test]
    fn boundaries_grow_with_time_and_confidence(
        (v, more) in (0.0..1e5, 0.0..1e5),
        (v_opt, c) in (1.0..1e4, 0.1..3.0),
        (alpha, smaller) in (0.01..0.3, 0.1..1.0),
    ) {
        let one = NormalMixture::new(v_opt, 0.05, Sides::One).unwrap();
        let two = NormalMixture::new(v_opt, 0.05, Sides::Two).unwrap();
        let gamma = GammaExponentialMixture { v_opt, alpha_opt: 0.05, c };
        let stitching = PolyStitching { v_min: v_opt, c, s: 1.4, eta: 2.0 };
        let bounds = |v: f64, alpha: f64| {
            [
                one.bound(v, alpha).unwrap(),
                two.bound(v, alpha).unwrap(),
                gamma_exponential_bound(v, alpha, &gamma).unwrap(),
                poly_stitching_bound(v, alpha, &stitching).unwrap(),
            ]
        };
        let (at, later, surer) =
            (bounds(v, alpha), bounds(v + more, alpha), bounds(v, alpha * smaller));
        for index in 0..at.len() {
            prop_assert!(at[index] > 0.0 && at[index].is_finite());
            prop_assert!(later[index] >= at[index] * (1.0 - 1e-9));
            prop_assert!(surer[index] >= at[index] * (1.0 - 1e-9));
        }
        // A boundary is where the mixture reaches 1 / alpha, and exponential tails need a higher one than normal ones.
        prop_assert!((one.log_e(at[0], v).unwrap() + alpha.ln()).abs() < 1e-6);
        prop_assert!((two.log_e(at[1], v).unwrap() + alpha.ln()).abs() < 1e-6);
        prop_assert!(at[2] >= at[0] * (1.0 - 1e-6));
    }

    #[test]
    fn the_interval_of_a_rate_holds_the_observed_rate_and_mirrors(
        (trials, share) in (1_u32..2_000, 0.0..=1.0),
        alpha in 0.001..0.5,
    ) {
        let successes = (1..=trials).filter(|trial| f64::from(*trial) <= share * f64::from(trials)).count();
        let successes = u64::try_from(successes).unwrap();
        let best = BestAt { t_opt: 100.0, alpha_opt: 0.05 };
        let of = |successes| {
            bernoulli_sequence_interval(successes, u64::from(trials), alpha, best).unwrap()
        };
        let (here, mirrored) = (of(successes), of(u64::from(trials) - successes));
        let rate = f64::from(u32::try_from(successes).unwrap()) / f64::from(trials);
        prop_assert!(0.0 <= here.low && here.contains(rate) && here.high <= 1.0);
        prop_assert!((here.low - (1.0 - mirrored.high)).abs() < 1e-9);
        prop_assert!((here.high - (1.0 - mirrored.low)).abs() < 1e-9);
    }

    #[test]
    fn evidence_is_finite_and_p_values_never_grow(
        x in prop::collection::vec(0.0..=1.0, 1..200),
        mean in 0.0..=1.0,
    ) {
        let capitals = betting_log_capital(&x, mean, 0.05).unwrap();
        prop_assert!(capitals.iter().all(|log| log.is_finite()));
        let mut test = MixtureRatioTest::new(mean, 0.25, 0.01).unwrap();
        let mut asymptotic = AsymptoticSequence::new(0.05, 100.0).unwrap();
        let mut binomial = BetaBinomialTest::new(0.3).unwrap();
        let mut last = 1.0;
        for x in x {
            test.push(x).unwrap();
            prop_assert!(0.0 < test.p() && test.p() <= last);
            last = test.p();
            let interval = asymptotic.push(x).unwrap();
            prop_assert!(interval.half_width >= 0.0 && interval.half_width.is_finite());
            prop_assert!(binomial.push(x > 0.5).is_finite());
        }
    }
}

//! Laws of the sequences and detectors that are looked at after every observation.

use evalward_stats::StatsError;
use evalward_stats::sequential::{
    EmpiricalBernstein, HedgedBetting, HoeffdingSequence, confidence_sequence,
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
}

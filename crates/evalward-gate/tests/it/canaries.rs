//! Frozen answers of two runs.

use std::collections::BTreeMap;

use evalward_core::{Digest, Finite, Measurement, Scale, Score};
use evalward_gate::canaries::{JudgedCanaries, RunCanaries, judge_drift};
use proptest::prelude::*;

fn grades() -> Scale {
    let end = |value: f64| Finite::new(value).ok();
    Scale { min: end(1.0), max: end(5.0), lower_is_better: false }
}

fn run(scores: &[f64]) -> RunCanaries {
    let mut judged = JudgedCanaries::new(Digest::of(b"judge"), grades());
    for (number, value) in scores.iter().enumerate() {
        let score = Score { scale: grades(), ..Score::fraction(Finite::new(*value).unwrap()) };
        judged.push(&format!("canary-{number:02}"), &Measurement::Score(score).into());
    }
    let judges = BTreeMap::from([("helpful".to_owned(), judged)]);
    RunCanaries { format: RunCanaries::FORMAT, set: Digest::of(b"set"), judges }
}

const BEFORE: [f64; 20] = [
    5.0, 2.0, 3.0, 5.0, 1.0, 2.0, 5.0, 1.0, 5.0, 3.0, 1.0, 5.0, 2.0, 5.0, 3.0, 5.0, 2.0, 5.0, 2.0,
    3.0,
];

fn changed(change: impl Fn(usize, f64) -> f64) -> RunCanaries {
    let scores: Vec<f64> = BEFORE
        .iter()
        .enumerate()
        .map(|(place, score)| change(place, *score).clamp(1.0, 5.0))
        .collect();
    run(&scores)
}

#[test]
fn a_judge_that_is_the_same_has_not_shifted() {
    assert_eq!(judge_drift(&run(&BEFORE), &run(&BEFORE)), []);
    // One answer in ten by one point: that is noise.
    let noisy = changed(|place, score| if place % 10 == 0 { score - 1.0 } else { score });
    assert_eq!(judge_drift(&run(&BEFORE), &noisy), []);
    let both_ways = changed(|place, score| if place % 2 == 0 { score + 0.5 } else { score - 0.5 });
    assert_eq!(judge_drift(&run(&BEFORE), &both_ways), []);
}

#[test]
fn a_stricter_judge_has_shifted() {
    let stricter = changed(|_, score| score - 1.0);
    let shifted = judge_drift(&run(&BEFORE), &stricter);
    assert_eq!((shifted.len(), shifted[0].n), (1, 20));
    assert!(shifted[0].high < Finite::ZERO, "{shifted:?}");
    assert!(shifted[0].candidate_mean < shifted[0].baseline_mean);
    let back = judge_drift(&stricter, &run(&BEFORE));
    assert!(back[0].low > Finite::ZERO);
}

#[test]
fn a_shift_by_the_same_amount_everywhere_is_found() {
    let low = [1.0; 20];
    assert_eq!(judge_drift(&run(&low), &run(&[4.0; 20])).len(), 1);
    assert_eq!(judge_drift(&run(&low), &run(&low)), []);
}

#[test]
fn what_was_not_scored_or_is_another_judge_shows_nothing() {
    let stricter = changed(|_, score| score - 1.0);
    let mut other = stricter.clone();
    other.judges.get_mut("helpful").unwrap().version = Digest::of(b"other");
    assert_eq!(judge_drift(&run(&BEFORE), &other), []);
    let other_set = RunCanaries { set: Digest::of(b"another"), ..stricter };
    assert_eq!(judge_drift(&run(&BEFORE), &other_set), []);
    assert_eq!(judge_drift(&run(&BEFORE), &run(&[])), []);
    assert_eq!(judge_drift(&run(&BEFORE), &run(&[1.0])), []);
}

#[test]
fn what_is_missing_is_counted_with_its_cause() {
    let mut judged = JudgedCanaries::new(Digest::of(b"judge"), grades());
    judged.push("canary-01", &Measurement::Errored("no answer".to_owned()).into());
    judged.push("canary-02", &Measurement::Skipped("no claim".to_owned()).into());
    assert_eq!((judged.missing, judged.cause.as_deref()), (2, Some("no answer")));
    let text = serde_json::to_string(&judged).unwrap();
    assert_eq!(serde_json::from_str::<JudgedCanaries>(&text).unwrap(), judged);
}

proptest! {
    #[test]
    fn a_judge_is_never_shifted_from_itself(scores in prop::collection::vec(1.0_f64..5.0, 0..20)) {
        prop_assert_eq!(judge_drift(&run(&scores), &run(&scores)), []);
    }
}

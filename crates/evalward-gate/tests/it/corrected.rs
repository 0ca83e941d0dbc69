//! Figures that labels correct.

use std::num::NonZeroU32;

use evalward_core::{ExampleId, Seed};
use evalward_gate::correct::{CorrectedAnswer, LabelledBy, correct_mean, correct_rate};
use evalward_gate::labelling::{Judged, LabelCandidate, draw};
use insta::assert_snapshot;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

/// The number of simulated runs, and of answers of each.
const RUNS: u64 = 300;
const ANSWERS: usize = 400;

/// A run of a judge that rates from 1 to 5, is kinder than people and passes from 4 on.
fn biased_run(random: &mut Xoshiro256PlusPlus) -> (Vec<CorrectedAnswer>, Vec<f64>) {
    let mut truths = Vec::new();
    let answers = (0..ANSWERS)
        .map(|number| {
            let truth =
                [1.0, 2.0, 3.0, 4.0, 4.0, 4.0, 5.0, 5.0, 5.0, 5.0][random.random_range(0..10)];
            let kindness = [0.0, 0.0, 1.0, 1.0, 2.0][random.random_range(0..5)];
            let score = f64::min(truth + kindness, 5.0);
            truths.push(truth);
            CorrectedAnswer {
                cluster: number.to_string(),
                score,
                passed: Some(score >= 4.0),
                label: None,
            }
        })
        .collect();
    (answers, truths)
}

/// Labels as many answers as asked for: at random, or as a sheet draws them.
fn label(answers: &mut [CorrectedAnswer], truths: &[f64], (n, is_sheet): (u32, bool), run: u64) {
    let candidates: Vec<LabelCandidate> = answers
        .iter()
        .enumerate()
        .map(|(number, answer)| LabelCandidate {
            id: ExampleId::new(format!("a-{number}")).unwrap(),
            trial: 1,
            features: Vec::new(),
            judged: is_sheet.then_some(Judged {
                value: answer.score,
                ends: Some((1.0, 5.0)),
                threshold: Some(4.0),
                passed: answer.passed,
                samples: (answer.score, answer.score),
            }),
        })
        .collect();
    let drawing = draw(&candidates, NonZeroU32::new(n).unwrap(), Seed::from_number(run));
    for drawn in drawing.drawn {
        let truth = truths[drawn.index];
        answers[drawn.index].label = Some(LabelledBy {
            rating: Some(truth),
            is_good: Some(truth >= 4.0),
            probability: is_sheet.then_some(drawn.probability),
        });
    }
}

/// Returns how often the intervals cover the truth, in percent: of the judge alone and corrected, for the rate and for the mean.
fn coverage(labels: (u32, bool)) -> [u64; 4] {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(7);
    let mut covered = [0; 4];
    for run in 0..RUNS {
        let (mut answers, truths) = biased_run(&mut random);
        label(&mut answers, &truths, labels, run);
        let figures = [(correct_rate(&answers), 0.7), (correct_mean(&answers), 3.8)];
        for (place, (figure, truth)) in figures.into_iter().enumerate() {
            let figure = figure.expect("there are labels");
            let corrected = figure.corrected.expect("there are enough labels");
            for (offset, estimate) in [figure.raw, corrected].into_iter().enumerate() {
                let is_covered = estimate.low.get() <= truth && truth <= estimate.high.get();
                covered[2 * place + offset] += u64::from(is_covered);
            }
        }
    }
    covered.map(|count| 100 * count / RUNS)
}

#[test]
fn corrected_intervals_cover_the_truth_and_the_judges_do_not() {
    for labels in [(60, false), (120, false), (60, true), (120, true)] {
        let [raw_rate, rate, raw_mean, mean] = coverage(labels);
        assert!(raw_rate <= 10 && raw_mean == 0, "{labels:?}: {raw_rate} {raw_mean}");
        assert!(rate >= 92 && mean >= 92, "{labels:?}: {rate} {mean}");
    }
}

fn answer(number: usize, passed: bool, is_good: Option<bool>) -> CorrectedAnswer {
    let label = is_good.map(|is_good| LabelledBy {
        rating: None,
        is_good: Some(is_good),
        probability: None,
    });
    let score = if passed { 1.0 } else { 0.0 };
    CorrectedAnswer { cluster: number.to_string(), score, passed: Some(passed), label }
}

#[test]
fn a_judge_that_says_nothing_and_labels_that_say_little_correct_nothing() {
    let reason = |label: &dyn Fn(usize) -> Option<bool>| {
        let answers: Vec<_> = (0..200).map(|it| answer(it, it % 3 > 0, label(it))).collect();
        correct_rate(&answers).and_then(|figure| figure.reason).unwrap_or_default()
    };
    assert_snapshot!(reason(&|it| (it < 10).then_some(true)), @"10 labels are too few; it takes 20");
    assert_snapshot!(reason(&|it| (it < 30).then_some(true)), @"people found all of them good, or none: label more answers");
    assert_snapshot!(reason(&|it| (it < 60).then_some(it % 2 > 0)), @"the judge hardly tells good answers from bad ones: it passes 67 % of the good and 67 % of the bad");
    assert_eq!(correct_rate(&[answer(0, true, None)]), None);
    assert_eq!(correct_mean(&[answer(0, true, Some(true))]), None);
}

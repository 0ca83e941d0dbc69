//! Drawing answers to label.

use std::num::NonZeroU32;

use evalward_core::{
    Example, Finite, Measurement, Outcome, Partition, Response, Scale, Score, Seed, Timestamp,
    Trial,
};
use evalward_gate::labelling::{LabelCandidate, Stratum, draw};
use proptest::prelude::*;
use serde_json::json;

/// An answer with a grade from 1 to 5, of which 4 passes.
fn graded(number: usize, grade: Option<f64>, tag: &str) -> LabelCandidate {
    let example = Example {
        tags: vec![tag.to_owned()],
        ..Example::new(&format!("a-{number}"), Partition::Distribution)
    };
    let mut trial = Trial::new(&example, Outcome::Passed, Timestamp::from_millis(0));
    trial.response = Some(Response::from_text("An answer."));
    let measurement = match grade {
        None => Measurement::Errored("the judge said nothing".to_owned()),
        Some(grade) => {
            let scale = Scale {
                min: Some(Finite::ONE),
                max: Some(Finite::from(5)),
                lower_is_better: false,
            };
            let value = Finite::new(grade).unwrap();
            let score = Score { scale, ..Score::fraction(value) };
            score.judged_by_threshold(Some(Finite::from(4))).into()
        }
    };
    trial.scores.insert("helpful".to_owned(), measurement);
    LabelCandidate::of(&trial, "helpful").unwrap()
}

/// A hundred answers: mostly clearly good, some near the threshold, few bad, rare or without a score.
fn answers() -> Vec<LabelCandidate> {
    (0..100)
        .map(|number| match number {
            0..8 => graded(number, Some(3.8), "common"),
            8..12 => graded(number, Some(1.0), "common"),
            12..15 => graded(number, None, "common"),
            15..19 => graded(number, Some(5.0), "refund"),
            _ => graded(number, Some(5.0), "common"),
        })
        .collect()
}

fn n(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap()
}

#[test]
fn each_kind_of_case_is_on_the_sheet_and_each_answer_may_be() {
    let answers = answers();
    let drawing = draw(&answers, n(20), Seed::from_number(1));
    assert_eq!(drawing.n(), 20);
    let share = |stratum| (drawing.strata[&stratum].answers, drawing.strata[&stratum].drawn);
    assert_eq!(share(Stratum::Rare).0, 4);
    assert_eq!(share(Stratum::Uncertain).0, 8);
    assert_eq!(share(Stratum::ConfidentGood).0, 81);
    assert_eq!(share(Stratum::ConfidentBad).0, 4);
    assert_eq!(share(Stratum::Unscored).0, 3);
    for stratum in Stratum::ALL {
        assert!(share(stratum).1 > 0, "{stratum:?}");
    }
    assert_eq!(drawing, draw(&answers, n(20), Seed::from_number(1)));
    assert_ne!(drawing, draw(&answers, n(20), Seed::from_number(2)));
}

#[test]
fn the_stated_probability_is_the_share_of_sheets_that_an_answer_is_on() {
    let answers = answers();
    let mut seen = vec![0_u32; answers.len()];
    let mut stated = vec![0.0; answers.len()];
    for seed in 0..2000 {
        for drawn in draw(&answers, n(12), Seed::from_number(seed)).drawn {
            seen[drawn.index] += 1;
            stated[drawn.index] = drawn.probability;
        }
    }
    for (times, probability) in seen.iter().zip(&stated) {
        let share = f64::from(*times) / 2000.0;
        let error = 5.0 * (probability * (1.0 - probability) / 2000.0).sqrt();
        assert!(
            *probability > 0.0 && (share - probability).abs() <= error + 1e-12,
            "{share} {probability}"
        );
    }
}

#[test]
fn a_sheet_that_takes_all_has_all_of_them_once() {
    let answers = answers();
    let drawing = draw(&answers, n(500), Seed::from_number(3));
    assert_eq!(
        drawing.drawn.iter().map(|it| it.index).collect::<Vec<_>>(),
        (0..100).collect::<Vec<_>>()
    );
    assert!(drawing.drawn.iter().all(|it| it.probability >= 1.0));
    assert!(draw(&[], n(5), Seed::from_number(3)).drawn.is_empty());
}

#[test]
fn trials_that_confirm_failures_and_those_without_an_answer_are_left_out() {
    let mut trial = Trial::new(
        &Example::new("a-1", Partition::Golden),
        Outcome::Passed,
        Timestamp::from_millis(0),
    );
    assert_eq!(LabelCandidate::of(&trial, "helpful"), None);
    trial.response = Some(Response::from_text("An answer."));
    let detail = json!({"constraints": [{"constraint": "short", "result": "failed"}]});
    trial.scores.insert("rules".to_owned(), Score::yes_or_no(true).with_detail(detail).into());
    let found = LabelCandidate::of(&trial, "helpful").unwrap();
    assert_eq!(found.features, ["partition golden", "rule rules short"]);
    trial.confirms = true;
    assert_eq!(LabelCandidate::of(&trial, "helpful"), None);
}

proptest! {
    #[test]
    fn as_many_are_drawn_as_asked_for(
        grades in prop::collection::vec((prop::option::of(1.0..=5.0), 0..4_u8), 1..60),
        wanted in 1..80_u32,
        seed in any::<u64>(),
    ) {
        let answers: Vec<LabelCandidate> = grades
            .iter()
            .enumerate()
            .map(|(number, (grade, tag))| graded(number, *grade, &format!("t{tag}")))
            .collect();
        let drawing = draw(&answers, n(wanted), Seed::from_number(seed));
        let all = u64::try_from(answers.len()).unwrap();
        prop_assert_eq!(drawing.n(), all.min(u64::from(wanted)));
        prop_assert!(drawing.drawn.iter().all(|it| it.probability > 0.0 && it.probability <= 1.0));
        let counted: u64 = drawing.strata.values().map(|share| share.answers).sum();
        prop_assert_eq!(counted, all);
    }
}

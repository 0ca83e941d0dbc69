//! What judges are worth, as laws.

use evalward_core::{CalibrationVerdict, Finite, Scale, ScoreCell};
use evalward_gate::Estimate;
use evalward_gate::calibrate::{
    Agreement, CalibrateOptions, CalibrationRule, ComparedAs, JudgeFigures, JudgeOptions,
    JudgedAnswer, LabelScale, RatedLabels, ReliabilityStatus, calibrate_judge, label_reliability,
};
use proptest::prelude::*;

fn finite(value: f64) -> Finite {
    Finite::new(value).unwrap()
}

fn scale() -> Scale {
    Scale { min: Some(finite(1.0)), max: Some(finite(5.0)), lower_is_better: false }
}

fn options() -> JudgeOptions {
    JudgeOptions {
        threshold: CalibrateOptions {
            rule: CalibrationRule::BestF1,
            lower_is_better: false,
            suite_thresholds: Vec::new(),
            seed: 3,
        },
        labels: LabelScale::Ordinal,
        positive_from: Some(finite(3.0)),
        scale: scale(),
        decides: false,
        min_alpha: finite(0.2),
        baselines: vec!["length".to_owned()],
    }
}

/// An answer that is rated so, and scored so by a judge.
fn answer(place: usize, ratings: &[u8], score: f64) -> JudgedAnswer {
    let ratings: Vec<Finite> = ratings.iter().map(|it| finite(f64::from(*it))).collect();
    let sum: f64 = ratings.iter().map(|it| it.get()).sum();
    let mean = sum / f64::from(u32::try_from(ratings.len()).unwrap());
    JudgedAnswer {
        labels: RatedLabels { ratings, group: format!("answer {place:03}"), probability: None },
        is_good: mean >= 3.0,
        score: ScoreCell::Score { value: finite(score), scale: scale(), passed: None },
        was_asked_again: false,
        is_unstable: None,
        baselines: vec![Some(finite(f64::from(u32::try_from(place % 7).unwrap())))],
        claims: None,
    }
}

fn judge(answers: &[JudgedAnswer], options: &JudgeOptions) -> JudgeFigures {
    calibrate_judge(answers, options).unwrap().1
}

fn agreement(answers: &[JudgedAnswer]) -> Agreement {
    // Labels by chance are looked at all the same.
    let lenient = JudgeOptions { min_alpha: finite(-2.0), ..options() };
    judge(answers, &lenient).agreement.unwrap()
}

fn all(figures: &Agreement) -> [Option<&Estimate>; 7] {
    let Agreement { accuracy, kappa, alpha, spearman, kendall_tau_b, auc, bias, .. } = figures;
    [accuracy, kappa, alpha, spearman, kendall_tau_b, auc, bias].map(Option::as_ref)
}

#[test]
fn a_judge_that_says_what_all_people_say_agrees_perfectly() {
    let answers: Vec<JudgedAnswer> = (0..50_u8)
        .map(|place| {
            let rating = place % 5 + 1;
            answer(place.into(), &[rating, rating], f64::from(rating))
        })
        .collect();
    let found = judge(&answers, &options());
    assert_eq!(found.verdict, CalibrationVerdict::Calibrated, "{}", found.message);
    let figures = found.agreement.unwrap();
    for estimate in all(&figures).into_iter().take(6) {
        assert!((estimate.unwrap().value.get() - 1.0).abs() < 1e-12, "{figures:?}");
    }
    assert_eq!(figures.bias.unwrap().value, Finite::ZERO);
    assert_eq!(figures.compared_as, ComparedAs::Ratings);
    assert!((found.ceiling.unwrap().kappa.unwrap().value.get() - 1.0).abs() < 1e-12);
}

#[test]
fn ratings_beside_the_scale_are_compared_as_good_or_not() {
    let answers: Vec<JudgedAnswer> = (0..50_u8)
        .map(|place| answer(place.into(), &[place % 8], f64::from(place % 5 + 1)))
        .collect();
    let figures = agreement(&answers);
    assert_eq!(figures.compared_as, ComparedAs::YesOrNo);
    assert!(figures.yes_from.is_some(), "{figures:?}");
}

#[test]
fn alpha_itself_decides_and_few_answers_leave_it_open() {
    let reliability = |answers: u8, min_alpha: f64| {
        let labels: Vec<RatedLabels> = (0..answers)
            .map(|place| answer(place.into(), &[place % 5 + 1, (place / 5) % 5 + 1], 1.0).labels)
            .collect();
        label_reliability(&labels, LabelScale::Ordinal, finite(min_alpha), 0).unwrap()
    };
    let found = reliability(40, 0.2);
    let alpha = found.alpha.clone().unwrap();
    assert_eq!(found.status, ReliabilityStatus::Unreliable, "{found:?}");
    let at = |least: f64| reliability(40, least).status;
    assert_eq!(at(alpha.value.get()), ReliabilityStatus::Reliable);
    assert_eq!(at(alpha.value.get() + 1e-9), ReliabilityStatus::Unreliable);
    assert_eq!(reliability(9, 0.9).status, ReliabilityStatus::Unknown);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]

    #[test]
    fn what_holds_of_any_ratings(ratings in prop::collection::vec((1_u8..6, 1_u8..6, 1_u8..6), 12..20)) {
        let answers: Vec<JudgedAnswer> = ratings
            .iter()
            .enumerate()
            .map(|(place, (one, two, score))| answer(place, &[*one, *two], f64::from(*score)))
            .collect();
        let figures = agreement(&answers);
        for estimate in all(&figures).into_iter().flatten() {
            prop_assert!(estimate.low <= estimate.value && estimate.value <= estimate.high, "{estimate:?}");
        }
        // Who said what first does not matter.
        let swapped: Vec<RatedLabels> = answers
            .iter()
            .map(|answer| {
                let mut labels = answer.labels.clone();
                labels.ratings.reverse();
                labels
            })
            .collect();
        let labels: Vec<RatedLabels> = answers.iter().map(|answer| answer.labels.clone()).collect();
        let alpha = |labels: &[RatedLabels]| {
            let found = label_reliability(labels, LabelScale::Ordinal, finite(0.2), 0).unwrap();
            found.alpha.map(|it| it.value.get())
        };
        prop_assert_eq!(alpha(&labels), alpha(&swapped));
        // Ranks see the order of scores alone.
        let stretched: Vec<JudgedAnswer> = ratings
            .iter()
            .enumerate()
            .map(|(place, (one, two, score))| answer(place, &[*one, *two], f64::from(*score).exp()))
            .collect();
        let other = agreement(&stretched);
        prop_assert_eq!(figures.spearman, other.spearman);
        prop_assert_eq!(figures.kendall_tau_b, other.kendall_tau_b);
        prop_assert_eq!(figures.auc, other.auc);
    }
}

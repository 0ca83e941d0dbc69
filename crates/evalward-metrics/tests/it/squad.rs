//! Token F1 and exact match against values computed by the rules of SQuAD's scripts.

use evalward_core::Metric;
use evalward_metrics::{ExactMatch, Normalization, TokenF1, TokenF1Options, token_f1};
use proptest::prelude::*;
use serde::Deserialize;

use crate::support::{detail, example_with, measure, written};

#[derive(Deserialize)]
struct Fixture {
    cases: Vec<Case>,
}

#[derive(Debug, Deserialize)]
struct Case {
    prediction: String,
    reference: String,
    precision: f64,
    recall: f64,
    f1: f64,
    exact: bool,
}

#[track_caller]
fn check(fixture: &str, at_least: usize) {
    let fixture: Fixture = serde_json::from_str(fixture).unwrap();
    assert!(fixture.cases.len() >= at_least);
    let exact_match = ExactMatch { normalization: Normalization::Squad };
    for case in &fixture.cases {
        let example = example_with(&[&case.reference]);
        let measurement = measure(&TokenF1::default(), &example, &case.prediction);
        let detail = detail(&measurement);
        let near = |value: f64, expected: f64| (value - expected).abs() <= 1e-12;
        assert!(near(measurement.score().unwrap().value.get(), case.f1), "{case:?}");
        assert!(near(detail["precision"].as_f64().unwrap(), case.precision), "{case:?}");
        assert!(near(detail["recall"].as_f64().unwrap(), case.recall), "{case:?}");
        let measurement = measure(&exact_match, &example, &case.prediction);
        assert_eq!(measurement.passed(), Some(case.exact), "{case:?}");
    }
}

#[test]
fn hand_made_cases_agree_with_the_script() {
    check(include_str!("../fixtures/squad_cases.json"), 60);
}

#[test]
fn real_answers_agree_with_the_script() {
    check(include_str!("../fixtures/dstc9_pairs.json"), 320);
}

#[test]
fn the_best_reference_counts_and_explains_the_value() {
    let example = example_with(&["Rome", "the capital is Paris", "Paris, the capital"]);
    let measurement = measure(&TokenF1::default(), &example, "It is Paris, the capital!");
    insta::assert_snapshot!(detail(&measurement), @r#"{"output_tokens":4,"precision":0.75,"recall":1.0,"reference":1,"reference_tokens":3,"shared":["is","paris","capital"],"shared_tokens":3}"#);
}

#[test]
fn raw_tokens_keep_case_and_punctuation() {
    let raw = TokenF1 {
        options: TokenF1Options { normalization: Normalization::Raw, ..TokenF1Options::default() },
    };
    let measurement = measure(&raw, &example_with(&["the cat."]), "The cat.");
    assert_eq!(written(&measurement), "reported 0.5");
}

#[test]
fn token_f1_reports_and_exact_match_decides() {
    assert!(!TokenF1::default().decides());
    assert!(ExactMatch::default().decides());
}

proptest! {
    #[test]
    fn ascii_and_other_texts_have_the_same_words(
        left in words_of_any_length(),
        right in words_of_any_length(),
    ) {
        let options = TokenF1Options::default();
        let plain = token_f1(&left, &right, &options);
        // The word is not ASCII, so that both texts are read in the general way.
        let other = token_f1(&format!("{left} é"), &format!("É {right}"), &options);
        prop_assert_eq!(plain.shared + 1, other.shared);
        prop_assert_eq!(plain.in_output + 1, other.in_output);
        prop_assert_eq!(plain.in_reference + 1, other.in_reference);
    }
}

fn words_of_any_length() -> impl Strategy<Value = String> {
    let word = prop_oneof!["[aAbTtHhEeNn]{1,3}", "[aA]{12,28}", "[abAB]{1,4}['.-]{1,2}[bB]{1,30}"];
    let space = prop::sample::select(vec![" ", "\n\t", " - ", ", ", "\u{1c}"]);
    prop::collection::vec((word, space), 0..10)
        .prop_map(|parts| parts.into_iter().map(|(word, space)| word + space).collect())
}

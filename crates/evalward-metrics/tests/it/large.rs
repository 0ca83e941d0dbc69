//! Outputs of megabytes.

use evalward_core::{Finite, Metric};
use evalward_metrics::{
    Constraints, Contains, ContainsOptions, ExactMatch, Extent, Normalization, Rouge, RougeOptions,
    RougeVariant, TokenF1,
};
use serde_json::{Value, json};

use crate::support::{example, example_with, measure, rules};

/// Ten megabytes of ordinary text, and one each of what could be slow out of proportion.
fn outputs() -> Vec<String> {
    [("word é ", 10_000_000), ("\u{301}", 1_000_000), ("a a ", 1_000_000), ("1.", 1_000_000)]
        .map(|(unit, size)| unit.repeat(size / unit.len()))
        .to_vec()
}

/// Scores each output with itself as a right answer.
fn finishes(metric: &dyn Metric) {
    for output in outputs() {
        let measurement = measure(metric, &example_with(&["no", &output]), &output);
        assert_eq!(measurement.score().unwrap().value, Finite::ONE);
    }
}

#[test]
fn an_exact_match_finishes() {
    finishes(&ExactMatch { normalization: Normalization::Squad });
}

#[test]
fn an_overlap_finishes() {
    finishes(&TokenF1::default());
}

#[test]
fn a_search_between_words_finishes() {
    let options = ContainsOptions { word_bounded: true, ..ContainsOptions::default() };
    finishes(&Contains::new(&options).unwrap());
}

/// Holds each output to rules of which one at least is broken.
fn rules_finish(json: Value) {
    let constraints = Constraints::new(&[("all".to_owned(), rules(json))]).unwrap();
    for output in outputs() {
        assert_eq!(measure(&constraints, &example(), &output).passed(), Some(false));
    }
}

#[test]
fn counts_of_words_and_tokens_finish() {
    rules_finish(json!({"words": {"min": 1}, "tokens": {"min": 1}, "ends_with": "no"}));
}

#[test]
fn counts_of_characters_and_sentences_finish() {
    rules_finish(json!({"characters": {"min": 1}, "sentences": {"min": 1}, "ends_with": "no"}));
}

#[test]
fn searches_for_texts_finish() {
    rules_finish(json!({
        "includes_any": ["none"], "excludes_any": ["\u{301}", "a"], "word_bounded": true,
        "starts_with": "no", "ends_with": "no",
    }));
}

#[test]
fn patterns_and_documents_finish() {
    rules_finish(json!({
        "regex": "x$", "not_regex": "(a|b)+c", "valid_json": true, "json_schema": {"type": "string"},
    }));
}

#[test]
fn a_search_for_links_finishes() {
    rules_finish(json!({"allowed_links": ["example.com"], "ends_with": "no"}));
}

#[test]
fn a_search_for_refusals_finishes() {
    rules_finish(json!({"refusal": true}));
}

#[test]
fn an_expression_finishes() {
    rules_finish(json!({"expression": "output|length < 10"}));
}

#[test]
fn a_search_for_personal_data_finishes() {
    rules_finish(json!({"no_personal_data": true, "ends_with": "no"}));
}

#[test]
fn a_search_for_secrets_finishes() {
    rules_finish(json!({"no_secrets": true, "ends_with": "no"}));
}

#[test]
fn readability_finishes_where_there_is_nothing_to_read() {
    let easy = rules(json!({"readability": {"grade": {"max": 1}}}));
    let constraints = Constraints::new(&[("easy".to_owned(), easy)]).unwrap();
    for output in outputs() {
        let measurement = measure(&constraints, &example(), &output);
        assert_ne!(measurement.passed(), Some(true));
    }
}

#[test]
fn one_endless_line_finishes_in_every_rouge() {
    let words = |step: usize| -> Vec<String> {
        (0..500_000).step_by(step).map(|number| format!("w{number}")).collect()
    };
    let (different, few) = (words(1).join(" "), words(5_000).join(" "));
    let alike = "one two ".repeat(250_000);
    for variant in
        [RougeVariant::Rouge1, RougeVariant::Rouge2, RougeVariant::RougeL, RougeVariant::RougeLsum]
    {
        let options = RougeOptions { variant, ..RougeOptions::default() };
        let metric = Rouge { options, measure: Extent::Recall };
        for (output, reference) in [(&different, &few), (&few, &different)] {
            let measurement = measure(&metric, &example_with(&[reference]), output);
            let expected = if variant == RougeVariant::Rouge2 { 0.0 } else { 1.0 };
            let recall = measurement.score().unwrap().value.get();
            let expected = if reference.len() < output.len() { expected } else { expected * 2e-4 };
            assert!((recall - expected).abs() < 1e-12, "{variant:?}: {recall}");
        }
        let measurement = measure(&metric, &example_with(&["two one two"]), &alike);
        assert_eq!(measurement.score().unwrap().value, Finite::ONE);
    }
}

//! Outputs of megabytes.

use evalward_core::{Finite, Metric};
use evalward_metrics::{
    Constraints, Contains, ContainsOptions, ExactMatch, Normalization, TokenF1,
};
use serde_json::json;

use crate::support::{example, example_with, measure, rules};

/// Ten megabytes of ordinary text, and one each of what could be slow out of proportion.
fn outputs() -> Vec<String> {
    [("word é ", 10_000_000), ("\u{301}", 1_000_000), ("a a ", 1_000_000), ("1.", 1_000_000)]
        .map(|(unit, size)| unit.repeat(size / unit.len()))
        .to_vec()
}

#[test]
fn metrics_with_a_reference_finish() {
    let squad = ExactMatch { normalization: Normalization::Squad };
    let contains =
        Contains::new(&ContainsOptions { word_bounded: true, ..ContainsOptions::default() })
            .unwrap();
    let metrics: [&dyn Metric; 3] = [&squad, &TokenF1::default(), &contains];
    for output in outputs() {
        for metric in metrics {
            let measurement = measure(metric, &example_with(&["no", &output]), &output);
            assert_eq!(measurement.score().unwrap().value, Finite::ONE);
        }
    }
}

#[test]
fn every_rule_finishes() {
    let all = json!({
        "words": {"min": 1}, "characters": {"min": 1}, "sentences": {"min": 1}, "tokens": {"min": 1},
        "includes_any": ["none"], "excludes_any": ["\u{301}", "a"], "word_bounded": true,
        "regex": "x$", "not_regex": "(a|b)+c", "starts_with": "no", "ends_with": "no",
        "valid_json": true, "json_schema": {"type": "string"},
        "allowed_links": ["example.com"], "refusal": true,
        "expression": "output|length < 10", "no_personal_data": true, "no_secrets": true,
    });
    let constraints = Constraints::new(&[("all".to_owned(), rules(all))]).unwrap();
    for output in outputs() {
        assert_eq!(measure(&constraints, &example(), &output).passed(), Some(false));
    }
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

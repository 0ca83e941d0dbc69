//! An expected output above the first NUL and an output below it, through every metric on texts.

#![no_main]

use std::sync::LazyLock;

use evalward_core::{Metric, Rules};
use evalward_fuzz::{example, measure};
use evalward_metrics::{
    Constraints, Contains, ContainsOptions, ExactMatch, Normalization, TokenF1,
};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

static METRICS: LazyLock<Vec<Box<dyn Metric>>> = LazyLock::new(|| {
    let rules = json!({
        "words": {"min": 3, "max": 5}, "characters": {"max": 5}, "sentences": {"max": 1}, "tokens": {"max": 2},
        "includes_any": ["x", "é"], "excludes_any": ["a", "\u{307}"], "word_bounded": true,
        "regex": "a+b", "not_regex": r"\d", "starts_with": "A", "ends_with": ".",
        "valid_json": true, "json_schema": {"type": "object", "required": ["a"]},
        "readability": {"flesch": {"min": 60}, "grade": {"max": 8}},
        "allowed_links": ["example.com"], "refusal": false, "expression": "output|length < 10",
        "no_personal_data": true, "no_secrets": true,
    });
    let language = json!({"language": "en"});
    let constraints = |rules: serde_json::Value| {
        let rules: Rules = serde_json::from_value(rules).expect("the rules are constants");
        Box::new(Constraints::new(&[("all".to_owned(), rules)]).expect("the rules are constants"))
    };
    let contains = ContainsOptions { word_bounded: true, ..ContainsOptions::default() };
    vec![
        Box::new(ExactMatch { normalization: Normalization::Squad }),
        Box::new(TokenF1::default()),
        Box::new(Contains::new(&contains).expect("the options are constants")),
        constraints(rules),
        constraints(language),
    ]
});

fuzz_target!(|text: &str| {
    let (expected, output) = text.split_once('\0').unwrap_or(("expected", text));
    for metric in &*METRICS {
        measure(metric.as_ref(), &example(expected), output);
    }
});

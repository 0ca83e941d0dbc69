//! Laws that hold for all texts.

use evalward_core::{Example, Measurement};
use evalward_metrics::{
    Constraints, Contains, ContainsOptions, ExactMatch, ExampleChecks, Normalization, RegexMatch,
    TokenF1, TokenF1Options,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{detail, example, example_with, measure, rules};

/// Texts with what breaks text code: lone marks, joiners, right-to-left letters, NUL, regional indicators, case that changes length.
pub(crate) fn texts() -> impl Strategy<Value = String> {
    let nasty = prop::sample::select(vec![
        "\u{301}",
        "\u{200d}",
        "\0",
        "א",
        "ب",
        "\u{202e}",
        "🇩",
        "👨‍👩‍👧",
        "İ",
        "ß",
        "ẞ",
        "ς",
        "Σ",
        "ﬁ",
        "각",
        "\u{1100}",
        "\u{1161}",
        "\u{93e}",
        "ก",
        "中",
        "\r\n",
        "\u{feff}",
        "\u{1c}",
        "'",
        ".",
        " ",
        "the",
        "a",
        "49",
        "\u{344}",
        "\u{fb1d}",
        "é",
        "e\u{301}\u{323}",
    ]);
    let pieces = prop_oneof![
        nasty.prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
        "[a-d ]{0,6}"
    ];
    prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat())
}

fn f1(prediction: &str, reference: &str, normalization: Normalization) -> (f64, f64, f64) {
    let metric = TokenF1 { options: TokenF1Options { normalization, ..TokenF1Options::default() } };
    let measurement = measure(&metric, &example_with(&[reference]), prediction);
    let detail = detail(&measurement);
    let part = |key: &str| detail[key].as_f64().unwrap();
    (measurement.score().unwrap().value.get(), part("precision"), part("recall"))
}

fn every_rule(text: &str) -> Value {
    let text = format!("{text}x");
    json!({
        "words": {"min": 1}, "characters": {"max": 5}, "sentences": {"min": 1}, "tokens": {"min": 2},
        "includes_any": [text, "é"], "includes_all": [text, "σ"],
        "excludes_any": [text, "e", "i", "\u{307}", "中"], "excludes_all": [text, "a"],
        "regex": "a+|é", "not_regex": r"\PL", "starts_with": text, "ends_with": text,
        "valid_json": true, "json_schema": {"type": "string"},
        "no_personal_data": true, "no_secrets": true,
    })
}

/// Follows every span in a detail and demands that it can be cut out.
fn assert_spans_fit(detail: &Value, output: &str) {
    if let (Some(start), Some(end)) = (detail["start"].as_u64(), detail["end"].as_u64()) {
        let span = usize::try_from(start).unwrap()..usize::try_from(end).unwrap();
        let is_end = span == (output.len()..output.len());
        let fits = output.get(span).is_some_and(|text| !text.is_empty() || is_end);
        assert!(fits, "{detail} in {output:?}");
    }
    if detail["rule"].is_string() {
        let has_spans = detail["spans"].as_array().is_some_and(|spans| !spans.is_empty());
        assert_eq!(detail["result"] == "failed", has_spans, "{detail}");
    }
    match detail {
        Value::Array(items) => items.iter().for_each(|item| assert_spans_fit(item, output)),
        Value::Object(map) => map.values().for_each(|value| assert_spans_fit(value, output)),
        _ => {}
    }
}

fn assert_sound(measurement: &Measurement, output: &str) {
    let Some(score) = measurement.score() else { return };
    assert!((0.0..=1.0).contains(&score.value.get()));
    assert_eq!(score.passed == Some(false), !score.problems.is_empty());
    score.detail.iter().for_each(|detail| assert_spans_fit(detail, output));
}

proptest! {
    #[test]
    fn token_f1_is_symmetric_and_bounded(left in texts(), right in texts()) {
        for normalization in [Normalization::Raw, Normalization::Squad] {
            let (value, precision, recall) = f1(&left, &right, normalization);
            let swapped = f1(&right, &left, normalization);
            prop_assert!((value - swapped.0).abs() < 1e-15);
            prop_assert_eq!((precision, recall), (swapped.2, swapped.1));
            prop_assert!((0.0..=1.0).contains(&value));
        }
    }

    #[test]
    fn a_text_agrees_with_itself(text in texts()) {
        for normalization in [Normalization::Raw, Normalization::Squad] {
            prop_assert_eq!(f1(&text, &text, normalization), (1.0, 1.0, 1.0));
            let exact = measure(&ExactMatch { normalization }, &example_with(&[&text]), &text);
            prop_assert_eq!(exact.passed(), Some(true));
        }
    }

    #[test]
    fn equal_texts_have_the_same_tokens(left in texts(), right in texts()) {
        let squad = ExactMatch { normalization: Normalization::Squad };
        if measure(&squad, &example_with(&[&right]), &left).passed() == Some(true) {
            prop_assert_eq!(f1(&left, &right, Normalization::Squad), (1.0, 1.0, 1.0));
        }
    }

    #[test]
    fn a_part_between_clusters_is_found(before in texts(), part in texts(), after in texts()) {
        prop_assume!(!part.is_empty());
        let output = format!("{before}\n{part}\n{after}");
        for case_sensitive in [false, true] {
            let options = ContainsOptions { texts: Some(vec![part.clone()]), case_sensitive, word_bounded: false };
            let measurement = measure(&Contains::new(&options).unwrap(), &example(), &output);
            prop_assert_eq!(measurement.passed(), Some(true));
            assert_sound(&measurement, &output);
        }
    }

    #[test]
    fn no_text_makes_a_rule_panic_or_lie_about_a_place(output in texts(), other in texts(), case_sensitive: bool, word_bounded: bool) {
        let mut example: Example = example_with(&[&other, "x"]);
        let mut json = every_rule(&other);
        json["case_sensitive"] = case_sensitive.into();
        json["word_bounded"] = word_bounded.into();
        let constraints = Constraints::new(&[("all".to_owned(), rules(json.clone()))]).unwrap();
        assert_sound(&measure(&constraints, &example, &output), &output);
        example.checks = Some(rules(json));
        assert_sound(&measure(&ExampleChecks, &example, &output), &output);
    }

    #[test]
    fn no_text_makes_a_metric_panic_or_lie_about_a_place(output in texts(), other in texts(), case_sensitive: bool, word_bounded: bool) {
        let example: Example = example_with(&[&other, "x"]);
        let language = Constraints::new(&[("language".to_owned(), rules(json!({"language": "en"})))]).unwrap();
        let options = ContainsOptions { texts: None, case_sensitive, word_bounded };
        assert_sound(&measure(&language, &example, &output), &output);
        assert_sound(&measure(&Contains::new(&options).unwrap(), &example, &output), &output);
        assert_sound(&measure(&RegexMatch::new(".").unwrap(), &example, &output), &output);
    }
}

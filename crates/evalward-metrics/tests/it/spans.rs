//! Where in the output a rule is broken.

use evalward_core::Measurement;
use serde_json::{Value, json};

use crate::support::{by_rules, first_rule};

/// Returns the parts of the output that break the rule.
fn broken(measurement: &Measurement, output: &str) -> Vec<String> {
    let rule = first_rule(measurement);
    let place = |span: &Value, end: &str| usize::try_from(span[end].as_u64().unwrap()).unwrap();
    let spans = rule["spans"].as_array().unwrap();
    let cut = |span| output.get(place(span, "start")..place(span, "end")).unwrap().to_owned();
    spans.iter().map(cut).collect()
}

#[track_caller]
fn check(rules: Value, output: &str, expected: &[&str]) {
    assert_eq!(broken(&by_rules(rules, output), output), expected);
}

#[test]
fn a_count_shows_what_is_too_much() {
    let text = "One two. Three four! Five?  ";
    check(json!({"words": {"max": 3}}), text, &["four! Five"]);
    check(json!({"words": {"max": 0}}), text, &["One two. Three four! Five"]);
    check(json!({"sentences": {"max": 1}}), text, &["Three four! Five?  "]);
    check(json!({"characters": {"max": 26}}), text, &["  "]);
    check(json!({"tokens": {"min": 1, "max": 7}}), text, &["?"]);
    check(json!({"characters": {"max": 1}}), "e\u{301}🇩🇪", &["🇩🇪"]);
}

#[test]
fn what_is_missing_is_missing_from_the_whole() {
    let text = "One two.";
    for rules in [
        json!({"words": {"min": 3}}),
        json!({"includes_any": "three"}),
        json!({"includes_all": ["one", "three"]}),
        json!({"regex": r"\d"}),
        json!({"valid_json": true, "regex": "x"}),
    ] {
        let measurement = by_rules(rules.clone(), text);
        let rule = first_rule(&measurement);
        if rule["rule"] != "valid_json" {
            check(rules, text, &[text]);
        }
    }
    check(json!({"regex": "x"}), "", &[""]);
    check(json!({"valid_json": false}), "{}", &["{}"]);
    let german = "Möchten Sie einen Tisch für heute Abend reservieren?";
    check(json!({"language": "en"}), german, &[german]);
}

#[test]
fn what_must_not_occur_is_shown_at_each_place() {
    let text = "Refund approved: 60 days.";
    check(json!({"excludes_any": ["60 DAYS", "refund"]}), text, &["60 days", "Refund"]);
    check(json!({"excludes_all": ["refund", "approved"]}), text, &["Refund", "approved"]);
    check(json!({"not_regex": r"\d+"}), text, &["60"]);
    check(json!({"no_personal_data": true}), "Ask a@b.de or c@d.de!", &["a@b.de", "c@d.de"]);
}

#[test]
fn an_edge_shows_as_much_as_the_longest_text_has() {
    let text = "\n Hello there, bye. ";
    check(json!({"starts_with": ["Dear", "Hi"]}), text, &["Hell"]);
    check(json!({"ends_with": ["!", "you."]}), text, &["bye."]);
    check(json!({"starts_with": "Dear", "word_bounded": true}), "Dearest", &["Dear"]);
    check(json!({"starts_with": "longer than it"}), "it", &["it"]);
    check(json!({"ends_with": "longer than it"}), "it ", &["it"]);
    check(json!({"ends_with": "x"}), " \n", &[""]);
}

#[test]
fn json_shows_where_it_ends_to_be_json() {
    let measurement = by_rules(json!({"valid_json": true}), "{\n \"a\": nö}");
    assert_eq!(first_rule(&measurement)["offset"], 9);
    check(json!({"valid_json": true}), "{\n \"a\": nö}", &["ö"]);
    check(json!({"valid_json": true}), "[1, 2", &[""]);
    check(json!({"valid_json": true}), "```json\n1\n```", &["`"]);
    check(json!({"valid_json": true}), "{} {}", &["{"]);
}

#[test]
fn a_schema_shows_the_value_that_does_not_fit() {
    let schema = json!({"json_schema": {
        "properties": {"a/b": {"items": {"type": "number"}}, "c": {"maxLength": 2}},
        "required": ["c"],
    }});
    check(schema.clone(), r#"{"c": "x", "a/b": [1, {"d": [2]} , 3]}"#, &[r#"{"d": [2]}"#]);
    check(schema.clone(), r#" {"c": "x", "c" : "long\u00e9"}"#, &[r#""long\u00e9""#]);
    check(schema.clone(), r#" {"a": 1} "#, &[r#"{"a": 1}"#]);
    check(schema, "[1", &[""]);
}

//! Rules that count, and rules on texts that occur.

use serde_json::{Value, json};

use crate::support::{by_rules, first_rule, written};

#[track_caller]
fn check(rules: Value, output: &str, expected: &str) {
    assert_eq!(written(&by_rules(rules, output)), expected);
}

#[track_caller]
fn check_holds(rules: Value, output: &str) {
    check(rules, output, "passed 1");
}

#[track_caller]
fn check_broken(rules: Value, output: &str, problem: &str) {
    check(rules, output, &format!("failed 0\nc: {problem}"));
}

#[test]
fn counts_are_those_of_unicode() {
    let exactly = |unit: &str, count: u64| json!({ unit: { "min": count, "max": count } });
    let text = "It's 3.5 m — isn't it? Yes, e\u{301}t\u{e9} 🇩🇪!";
    check_holds(exactly("words", 7), text);
    check_holds(exactly("tokens", 12), text);
    check_holds(exactly("sentences", 2), text);
    check_holds(exactly("characters", 34), text);
    check_holds(exactly("words", 0), " … ");
    check_holds(exactly("characters", 0), "");
}

#[test]
fn a_count_outside_its_range_is_told_with_the_range() {
    let text = "one two three";
    check_broken(json!({"words": {"min": 20, "max": 200}}), text, "3 words, expected 20 to 200");
    check_broken(json!({"words": {"min": 4}}), text, "3 words, expected at least 4");
    check_broken(json!({"tokens": {"max": 2}}), text, "3 tokens, expected at most 2");
    check_broken(
        json!({"sentences": {"min": 2, "max": 2}}),
        text,
        "1 sentence, expected exactly 2",
    );
    let measurement = by_rules(json!({"words": {"min": 4}}), text);
    insta::assert_snapshot!(first_rule(&measurement), @r#"{"count":3,"message":"3 words, expected at least 4","result":"failed","rule":"words","spans":[{"end":13,"start":0,"text":"one two three"}]}"#);
}

#[test]
fn includes_and_excludes() {
    let text = "Brand A beats Brand B.";
    check_holds(json!({"includes_any": ["brand c", "BRAND B"]}), text);
    check_broken(
        json!({"includes_any": ["Brand C", "Brand D"]}),
        text,
        "lacks `Brand C` or `Brand D`",
    );
    check_holds(json!({"includes_all": ["brand a", "brand b"]}), text);
    check_broken(json!({"includes_all": ["Brand A", "Brand C"]}), text, "lacks `Brand C`");
    check_holds(json!({"excludes_any": ["Brand C"]}), text);
    check_broken(
        json!({"excludes_any": ["brand b", "brand a"]}),
        text,
        "has `brand b` at byte 14 and `brand a` at byte 0",
    );
    check_holds(json!({"excludes_all": ["Brand A", "Brand C"]}), text);
    check_broken(
        json!({"excludes_all": ["Brand A", "Brand B"]}),
        text,
        "has `Brand A` at byte 0 and `Brand B` at byte 14 together",
    );
}

#[test]
fn case_is_folded_unless_it_matters() {
    check_holds(json!({"includes_all": "οδοσ"}), "ΟΔΟΣ");
    check_holds(json!({"includes_all": "ΟΔΟΣ"}), "οδος");
    check_holds(json!({"includes_all": "i\u{307}zmir"}), "İzmir");
    check_holds(json!({"includes_all": "ÉTÉ"}), "e\u{301}te\u{301}");
    check_broken(json!({"includes_all": "ÉTÉ", "case_sensitive": true}), "été", "lacks `ÉTÉ`");
    check_holds(json!({"excludes_any": "IT", "case_sensitive": true}), "it");
}

#[test]
fn words_are_bounded_on_demand() {
    let bounded = |text: &str| json!({"includes_any": text, "word_bounded": true});
    for (text, output) in [
        ("cat", "the cat, black"),
        ("Brand", "Brand's, and brand.com"),
        ("brand", "We like Brand.They like us"),
        ("C++", "I write C++."),
        ("49", "it costs $49."),
        ("猫", "黑猫在睡觉"),
        ("a a", "xa a a"),
    ] {
        check_holds(bounded(text), output);
    }
    for (text, output) in [
        ("cat", "concatenate cats"),
        ("49", "it costs 49.99 or 1,49"),
        ("brand", "brand_new"),
        ("e", "e\u{323}"),
    ] {
        check_broken(bounded(text), output, &format!("lacks `{text}`"));
    }
}

#[test]
fn spans_are_those_of_the_original_output() {
    let output = "İİ e\u{301}té — OTHERBRAND";
    let measurement = by_rules(json!({"excludes_any": ["otherbrand", "É"]}), output);
    let found = &first_rule(&measurement)["spans"];
    let cut = |index: usize| {
        let place = |end: &str| usize::try_from(found[index][end].as_u64().unwrap()).unwrap();
        output.get(place("start")..place("end")).unwrap()
    };
    assert_eq!((cut(0), cut(1)), ("OTHERBRAND", "e\u{301}"));
}

#[test]
fn edges_leave_white_space_aside() {
    check_holds(json!({"starts_with": ["No", "Yes"]}), "\n yes, we do");
    check_holds(json!({"ends_with": "Goodbye! "}), "Thanks. goodbye!\n");
    check_holds(json!({"starts_with": "E\u{301}"}), "\u{e9}t\u{e9}");
    check_broken(
        json!({"starts_with": ["No", "Yes"]}),
        "Well",
        "does not start with `No` or `Yes`",
    );
    check_broken(json!({"ends_with": "."}), "Well", "does not end with `.`");
    check_broken(
        json!({"ends_with": "longer than it"}),
        "it",
        "does not end with `longer than it`",
    );
    let bounded = json!({"starts_with": "Yes", "word_bounded": true});
    check_broken(bounded.clone(), "Yesterday", "does not start with `Yes`");
    check_holds(bounded, "Yes.");
    check_broken(
        json!({"ends_with": "day", "word_bounded": true}),
        "Yesterday",
        "does not end with `day`",
    );
}

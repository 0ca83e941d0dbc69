//! Readability.

use serde_json::{Value, json};

use crate::support::{by_rules, first_rule, written};

#[track_caller]
fn check(rules: &Value, output: &str, expected: &str) {
    assert_eq!(written(&by_rules(json!({ "readability": rules }), output)), expected);
}

const EASY: &str = "The cat sat on the mat. It was a big red cat. The dog ran to the door.";

const HARD: &str = "Notwithstanding the aforementioned considerations, subscription cancellation necessitates \
    comprehensive documentation. You can call us at any time.";

#[test]
fn the_formulas_are_those_of_flesch_and_kincaid() {
    let measurement =
        by_rules(json!({"readability": {"flesch": {"min": 60}, "grade": {"max": 8}}}), EASY);
    // 18 words of one syllable in 3 sentences: 206.835 - 1.015 * 6 - 84.6 and 0.39 * 6 + 11.8 - 15.59.
    insta::assert_snapshot!(first_rule(&measurement), @r#"{"flesch":116.15,"grade":-1.45,"result":"passed","rule":"readability","sentences":3,"syllables":18,"words":18}"#);
}

#[test]
fn a_hard_text_shows_its_hardest_sentence() {
    let measurement =
        by_rules(json!({"readability": {"flesch": {"min": 60}, "grade": {"max": 8}}}), HARD);
    insta::assert_snapshot!(written(&measurement), @"
    failed 0
    c: Flesch reading ease -28.6, expected at least 60 and grade 19.2, expected at most 8
    ");
    let rule = first_rule(&measurement);
    assert_eq!((&rule["spans"][0]["start"], &rule["spans"][0]["end"]), (&json!(0), &json!(118)));
    check(
        &json!({"flesch": {"max": 90}}),
        EASY,
        "failed 0\nc: Flesch reading ease 116.1, expected at most 90",
    );
    check(
        &json!({"grade": {"min": 1, "max": 5}}),
        EASY,
        "failed 0\nc: grade -1.4, expected 1 to 5",
    );
}

#[test]
fn what_the_formulas_are_not_made_for_is_errored() {
    let wanted = || json!({"flesch": {"min": 60}});
    let errored = |why: &str| format!("errored: c: `readability`: {why}");
    let few = errored("the readability of a text with fewer than 10 words cannot be told");
    for output in ["", "...", "One two three four five six seven eight nine."] {
        check(&wanted(), output, &few);
    }
    let german =
        "Die Kündigung ist jederzeit zum Monatsende möglich, wenn Sie uns rechtzeitig schreiben.";
    check(&wanted(), german, &errored("the formulas are made for English, the text is in German"));
}

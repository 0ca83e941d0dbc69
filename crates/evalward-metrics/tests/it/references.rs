//! Metrics that compare with a reference or look for a text: `exact_match`, `contains`, `regex`.

use evalward_core::Metric;
use evalward_metrics::{Contains, ContainsOptions, ExactMatch, Normalization, RegexMatch, TokenF1};

use crate::support::{detail, example, example_with, measure, written};

#[track_caller]
fn check(metric: &dyn Metric, references: &[&str], output: &str, expected: &str) {
    assert_eq!(written(&measure(metric, &example_with(references), output)), expected);
}

fn contains(texts: &[&str]) -> Contains {
    contains_with(texts, &ContainsOptions::default())
}

fn contains_with(texts: &[&str], options: &ContainsOptions) -> Contains {
    let texts = texts.iter().map(|&text| text.to_owned()).collect();
    Contains::new(&ContainsOptions { texts: Some(texts), ..options.clone() }).unwrap()
}

fn contains_reference() -> Contains {
    Contains::new(&ContainsOptions::default()).unwrap()
}

#[test]
fn exact_match_takes_any_reference() {
    let raw = ExactMatch::default();
    check(&raw, &["Paris"], "Paris", "passed 1");
    check(&raw, &["Paris"], "paris", "failed 0\nthe output is not the expected output");
    check(&raw, &["Rome", "paris"], "paris", "passed 1");
    check(
        &raw,
        &["Rome", "Paris"],
        "paris",
        "failed 0\nthe output is none of the 2 outputs that are right",
    );
    let squad = ExactMatch { normalization: Normalization::Squad };
    check(&squad, &["The Eiffel Tower"], "eiffel  tower.", "passed 1");
}

#[test]
fn without_a_reference_there_is_nothing_to_compare_with() {
    let skipped = "skipped: has no expected output";
    check(&ExactMatch::default(), &[], "x", skipped);
    check(&TokenF1::default(), &[], "x", skipped);
    check(&contains_reference(), &[], "x", skipped);
}

#[test]
fn contains_needs_every_text_that_it_names() {
    let contains = contains(&["API access", "Pro plan", "free"]);
    check(&contains, &[], "The PRO PLAN has api access, for free.", "passed 1");
    check(&contains, &[], "API access", "failed 0\nthe output lacks `Pro plan` and `free`");
}

#[test]
fn contains_takes_any_reference_where_it_names_no_text() {
    check(&contains_reference(), &["9 am", "nine"], "We open at Nine.", "passed 1");
    check(
        &contains_reference(),
        &["9 am", "nine"],
        "We are closed.",
        "failed 0\nthe output lacks `9 am` or `nine`",
    );
}

#[test]
fn contains_passes_nothing_for_a_blank_reference() {
    check(&contains_reference(), &[" "], "x", "skipped: has only blank expected outputs");
    check(&contains_reference(), &["", "y"], "x", "failed 0\nthe output lacks `y`");
}

#[test]
fn contains_minds_case_and_words_on_demand() {
    let sensitive = ContainsOptions { case_sensitive: true, ..ContainsOptions::default() };
    check(&contains_with(&["Pro"], &sensitive), &[], "pro", "failed 0\nthe output lacks `Pro`");
    check(&contains_with(&["caf\u{e9}"], &sensitive), &[], "cafe\u{301}", "passed 1");
    let bounded = ContainsOptions { word_bounded: true, ..ContainsOptions::default() };
    check(
        &contains_with(&["cat"], &bounded),
        &[],
        "concatenate",
        "failed 0\nthe output lacks `cat`",
    );
}

#[test]
fn regex_finds_a_span() {
    let regex = RegexMatch::new(r"\d+ EUR").unwrap();
    let measurement = measure(&regex, &example(), "That is 49 EUR.");
    insta::assert_snapshot!(detail(&measurement), @r#"{"end":14,"start":8,"text":"49 EUR"}"#);
    check(&regex, &[], "free", "failed 0\nnothing matches `\\d+ EUR`");
}

//! `support`: how much of an output its context has.

use evalward_core::{Document, Example, Finite, Measurement};
use evalward_metrics::{Support, SupportOptions};
use insta::assert_snapshot;
use proptest::prelude::*;

use crate::support::{detail, example, measure, written};

fn grounded(context: &str) -> Example {
    Example { context: vec![Document::from_text(context)], ..example() }
}

fn check(context: &str, output: &str) -> String {
    written(&measure(&Support::default(), &grounded(context), output))
}

const PRICES: &str =
    "The Basic plan costs $49 a month. API access is included. Cancel within 30 days.";

#[test]
fn what_the_context_says_is_supported() {
    assert_snapshot!(check(PRICES, "The Basic plan costs $49 a month, and API access is included."), @"reported 0.9583333333333333");
    assert_snapshot!(check(PRICES, "You can cancel within thirty days. Anything else?"), @"reported 0.8333333333333333");
}

#[test]
fn what_it_does_not_say_is_named() {
    assert_snapshot!(check(PRICES, "The Basic plan costs $59 a month."), @r"
    reported 0.6628571428571428
    the context does not state `$59`
    the context lacks `59`
    ");
    assert_snapshot!(check(PRICES, "API access is not included."), @r"
    reported 0.7200000000000001
    the context seems to say the opposite of `API access is not included.`
    ");
}

#[test]
fn without_a_context_or_a_word_nothing_is_scored() {
    assert_snapshot!(written(&measure(&Support::default(), &example(), "Yes.")), @"skipped: has no context with a text");
    assert_snapshot!(check(PRICES, " ... "), @"skipped: the output has no word");
    assert_snapshot!(check(PRICES, ""), @"skipped: the output has no word");
}

#[test]
fn the_input_counts_where_it_is_asked_to() {
    let example = grounded(PRICES).with_input("question", "Is Zanzibar included?");
    let output = "Zanzibar is included.";
    let strict = measure(&Support::default(), &example, output);
    let lenient = Support::new(SupportOptions { input_counts: true, ..SupportOptions::default() });
    assert!(
        strict.score().unwrap().value < measure(&lenient, &example, output).score().unwrap().value
    );
    assert_eq!(detail(&strict)["unsupported"][0]["text"], "Zanzibar");
}

#[test]
fn a_text_that_is_too_long_is_an_error_that_names_the_limit() {
    let long = "word ".repeat(1 << 20);
    assert_snapshot!(check(PRICES, &long), @"errored: a text of 5242880 bytes is longer than the 4194304 that `support` reads");
}

proptest! {
    #[test]
    fn a_text_supports_itself(text in r"[a-zA-Z0-9 .,?!'$%éß-]{0,80}") {
        if let Measurement::Score(score) = measure(&Support::default(), &grounded(&text), &text) {
            prop_assert_eq!(score.value, Finite::ONE, "{:?}", score.problems);
        }
    }

    #[test]
    fn anything_has_a_defined_score(context in r"(?s).{0,60}", output in r"(?s).{0,60}") {
        if let Measurement::Score(score) = measure(&Support::default(), &grounded(&context), &output) {
            prop_assert!((0.0..=1.0).contains(&score.value.get()));
        }
    }
}

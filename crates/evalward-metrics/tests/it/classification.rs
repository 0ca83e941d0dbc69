//! `classification`: finding labels and what each score adds to the confusion matrix.

use evalward_core::{Contribution, Measurement};
use evalward_metrics::{Classification, ClassificationOptions};

use crate::support::{detail, example_with, measure, written, written_error};

fn with(change: impl FnOnce(&mut ClassificationOptions)) -> Classification {
    let mut options = ClassificationOptions::default();
    change(&mut options);
    Classification::new(&options).unwrap()
}

fn closed() -> Classification {
    with(|it| it.labels = Some(["Card lost", "PIN", "Other"].map(str::to_owned).to_vec()))
}

fn pair(measurement: &Measurement) -> (String, Option<String>) {
    match measurement.score().unwrap().contribution.clone() {
        Some(Contribution::Label { expected, predicted }) => (expected, predicted),
        other => panic!("no label: {other:?}"),
    }
}

#[track_caller]
fn check(metric: &Classification, references: &[&str], output: &str, expected: &str) {
    assert_eq!(written(&measure(metric, &example_with(references), output)), expected);
}

#[test]
fn white_space_and_case_do_not_matter() {
    let open = with(|_| {});
    check(&open, &["Card"], " card\n", "passed 1");
    check(&open, &["card"], "PIN", "failed 0\nthe label is `pin`, expected `card`");
    check(&open, &["card", "pin"], "PIN", "passed 1");
    check(&open, &["card"], "card.", "failed 0\nthe label is `card.`, expected `card`");
    let sensitive = with(|it| it.case_sensitive = true);
    check(&sensitive, &["Card"], "card", "failed 0\nthe label is `card`, expected `Card`");
    check(&open, &[], "x", "skipped: has no expected output");
}

#[test]
fn a_closed_list_gives_the_spelling_and_knows_what_is_no_label() {
    let measurement = measure(&closed(), &example_with(&["card lost"]), "CARD LOST");
    assert_eq!(pair(&measurement), ("Card lost".to_owned(), Some("Card lost".to_owned())));
    let measurement = measure(&closed(), &example_with(&["card lost"]), "I think it is PIN");
    assert_eq!(
        written(&measurement),
        "failed 0\n`I think it is PIN` is none of the 3 labels; expected `Card lost`"
    );
    assert_eq!(pair(&measurement), ("Card lost".to_owned(), None));
    check(
        &closed(),
        &["cash"],
        "PIN",
        "errored: the right answer `cash` is no label: it is none of the 3 labels",
    );
    check(&with(|_| {}), &[" "], "x", "errored: the right answer ` ` is no label: it is empty");
}

#[test]
fn a_pattern_finds_the_label_in_its_group() {
    let pattern = with(|it| it.pattern = Some(r"(?i)label:\s*(\w+)".to_owned()));
    let measurement = measure(&pattern, &example_with(&["pin"]), "Reasoning…\nLabel: PIN!");
    insta::assert_snapshot!(detail(&measurement), @r#"{"expected":"pin","predicted":"pin","span":{"end":23,"start":20,"text":"PIN"}}"#);
    check(
        &pattern,
        &["pin"],
        "PIN",
        "failed 0\nnothing in the output matches the pattern of the label; expected `pin`",
    );
}

#[test]
fn an_acceptable_label_counts_as_the_expected_one() {
    let measurement = measure(&closed(), &example_with(&["PIN", "Other"]), "other");
    assert_eq!(pair(&measurement), ("Other".to_owned(), Some("Other".to_owned())));
    let measurement = measure(&closed(), &example_with(&["PIN", "Other"]), "Card lost");
    assert_eq!(pair(&measurement), ("PIN".to_owned(), Some("Card lost".to_owned())));
}

#[test]
fn empty_and_endless_outputs_have_no_label() {
    let open = with(|_| {});
    check(&open, &["a"], " \n", "failed 0\nthe output has no label: it is empty; expected `a`");
    check(
        &open,
        &["a"],
        &"x".repeat(10_000_000),
        "failed 0\nthe output has no label: it is longer than 200 characters; expected `a`",
    );
}

#[test]
fn patterns_and_lists_that_make_no_sense_are_refused() {
    let refused = |change: fn(&mut ClassificationOptions)| {
        let mut options = ClassificationOptions::default();
        change(&mut options);
        written_error(&Classification::new(&options).unwrap_err())
    };
    for pattern in ["label", "(a)(b)"] {
        let options =
            ClassificationOptions { pattern: Some(pattern.to_owned()), ..Default::default() };
        assert_eq!(
            written_error(&Classification::new(&options).unwrap_err()),
            "compile `pattern`: it needs exactly one group in parentheses, which finds the label"
        );
    }
    assert_eq!(
        refused(|it| it.labels = Some(vec!["A".to_owned(), "a ".to_owned()])),
        "compile `labels`: a label stands in it twice"
    );
    assert_eq!(refused(|it| it.labels = Some(vec![])), "compile `labels`: there is no label");
}

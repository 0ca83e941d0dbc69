//! `evalward metric calibrate` where several people label an answer, or label its claims.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::calibrations::{OVERLAP, WORDS, answer, head, is_good, labelled, lines, yes_or_no};
use crate::support::evalward;

/// The same answers, each labelled by several people.
fn rated(count: usize, label: impl Fn(usize, usize, usize) -> Value) -> String {
    let people = ["ann", "bob", "cleo"];
    let line = |number: usize, rater: usize| {
        let right = number * 3 % 11;
        json!({
            "input": {"number": number},
            "output": answer(right),
            "expected_output": WORDS.join(" "),
            "annotator": people[rater],
            "label": label(right, number, rater),
        })
        .to_string()
    };
    let lines = (0..count).flat_map(|number| [0, 1, 2].map(|rater| line(number, rater)));
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

#[test]
fn several_people_make_one_label_of_each_answer() {
    let scratch = labelled(&rated(60, |right, number, rater| {
        (is_good(right, number) ^ (rater == number % 7)).into()
    }));
    let majority = evalward(&scratch, OVERLAP).run().expect_code(0);
    assert_snapshot!(head(&majority.stdout), @"
    overlap (token_f1): 180 labels of labels.jsonl
    180 labels by 3 annotators on 60 answers: the majority of each counts, and a tie is not good
    60 with a score: 27 good, 33 not
    Spearman  0.759 [0.604, 0.859]
    AUC       0.994 [0.967, 0.999]
    ");
    let rating = |right: usize, number: usize, rater: usize| {
        json!(2 + right / 3 + usize::from(number.is_multiple_of(5)) - rater)
    };
    scratch.file("labels.jsonl", &rated(60, rating));
    let mean = evalward(&scratch, &format!("{OVERLAP} --positive-from 3")).run().expect_code(0);
    assert_snapshot!(head(&mean.stdout), @"
    overlap (token_f1): 180 labels of labels.jsonl, a rating of at least 3 is good
    180 labels by 3 annotators on 60 answers: the mean rating of each counts
    60 with a score: 30 good, 30 not
    Spearman  0.911 [0.842, 0.951]
    AUC       0.979 [0.921, 0.995]
    ");
    let twice = rated(2, rating).replace("cleo", "ann");
    scratch.file("labels.jsonl", &twice);
    let refused = evalward(&scratch, &format!("{OVERLAP} --positive-from 3")).run();
    assert_snapshot!(refused.expect_code(2).clean_stderr(), @"
    error: labels.jsonl:3:1: annotator `ann` labels the answer of line 1 again; leave one of the two out
    ");
}

#[test]
fn claims_say_whether_an_answer_is_good() {
    let claims = |right: usize, number: usize| {
        let label = if is_good(right, number) { "REASONABLE_INFERENCE" } else { "CONTRADICTED" };
        json!([{"claim": "one", "label": "SUPPORTED"}, {"claim": "two", "label": label}])
    };
    let scratch = labelled(&lines(80, claims).replace("\"label\":[", "\"claims\":["));
    let by_claims = evalward(&scratch, OVERLAP).run().expect_code(0);
    scratch.file("labels.jsonl", &lines(80, yes_or_no));
    let by_labels = evalward(&scratch, OVERLAP).run().expect_code(0);
    assert_eq!(by_claims.stdout, by_labels.stdout);
}

//! The exact words for input that is wrong: exit 2, nothing was run.

use evalward_testkit::Scratch;
use insta::assert_snapshot;

use crate::support::{RIGHT, evalward, recorded, suite};

/// Runs a suite that must be refused and returns what people read.
#[track_caller]
fn refused(scratch: &Scratch) -> String {
    let run = evalward(scratch, "run --quiet").run().expect_code(2);
    assert_eq!(run.stdout, "");
    assert!(scratch.runs().is_empty(), "nothing was run");
    run.clean_stderr().to_owned()
}

#[test]
fn an_unknown_key() {
    let scratch = recorded(&RIGHT);
    let suite = scratch.read("evalward.toml");
    scratch.file("evalward.toml", &suite.replace("threshold", "treshold"));
    assert_snapshot!(refused(&scratch), @"
     × unknown key `treshold`
      ╭─[evalward.toml:6:1]
    5 │ [metrics.right.contains]
    6 │ treshold = 1.0
      · ────────
    7 │
      ╰────
     help: did you mean `threshold`?
    ");
}

#[test]
fn no_suite() {
    assert_snapshot!(refused(&Scratch::new()), @"
    × failed to read `evalward.toml`: No such file or directory (os error 2)
    help: name a suite file, such as `evalward.toml`; `evalward init` makes one
    ");
}

#[test]
fn no_dataset() {
    let scratch = recorded(&RIGHT);
    std::fs::remove_file(scratch.path("dataset/dataset.toml")).unwrap();
    assert_snapshot!(refused(&scratch), @"
    error: `dataset` is not a dataset: it has no `dataset.toml`
      hint: name the folder that holds `dataset.toml`, or make one with `evalward dataset import`
    ");
}

#[test]
fn a_malformed_line() {
    let scratch = recorded(&RIGHT);
    let lines = scratch.read("dataset/golden.jsonl");
    scratch.file("dataset/golden.jsonl", &format!("{lines}{{\"id\":\"x\",\"input\":{{}}\n"));
    assert_snapshot!(refused(&scratch), @"
    dataset/golden.jsonl:4:20: error[malformed-line]: EOF while parsing an object
    error: the dataset has 1 error
      hint: `evalward dataset check` lists them all
    ");
}

#[test]
fn an_unknown_field_of_an_example() {
    let scratch = recorded(&RIGHT);
    let lines = scratch.read("dataset/golden.jsonl");
    scratch.file("dataset/golden.jsonl", &lines.replacen("expected_output", "expected_ouput", 1));
    assert_snapshot!(refused(&scratch), @"
    dataset/golden.jsonl:1:76: error[malformed-line]: unknown field `expected_ouput`; did you mean `expected_output`?
    error: the dataset has 1 error
      hint: `evalward dataset check` lists them all
    ");
}

#[test]
fn a_duplicate_id() {
    let scratch = recorded(&RIGHT);
    let lines = scratch.read("dataset/golden.jsonl");
    scratch.file("dataset/golden.jsonl", &lines.replacen("\"japan\"", "\"france\"", 1));
    assert_snapshot!(refused(&scratch), @"
    dataset/golden.jsonl:2:1: error[missing-approvals]: golden example `france` has 0 of 2 approvals (2 outdated by an edit)
      hint: an owner who agrees runs `evalward dataset approve dataset france --reviewer NAME`
    dataset/golden.jsonl:2:1: error[duplicate-id]: id `france` is taken by the example at dataset/golden.jsonl:1
      hint: ids are unique across all partitions
    error: the dataset has 2 errors
      hint: `evalward dataset check` lists them all
    ");
}

#[test]
fn a_golden_example_with_one_reviewer() {
    let scratch = recorded(&RIGHT);
    let reviews = scratch.read("dataset/reviews.jsonl");
    let is_lost = |line: &&str| !(line.contains("\"peru\"") && line.contains("\"bob\""));
    let kept: Vec<_> = reviews.lines().filter(is_lost).collect();
    scratch.file("dataset/reviews.jsonl", &(kept.join("\n") + "\n"));
    assert_snapshot!(refused(&scratch), @"
    dataset/golden.jsonl:3:1: error[missing-approvals]: golden example `peru` has 1 of 2 approvals
      hint: an owner who agrees runs `evalward dataset approve dataset peru --reviewer NAME`
    error: the dataset has 1 error
      hint: `evalward dataset check` lists them all
    ");
}

#[test]
fn an_edited_golden_example_loses_its_approvals() {
    let scratch = recorded(&RIGHT);
    let lines = scratch.read("dataset/golden.jsonl");
    scratch.file("dataset/golden.jsonl", &lines.replacen("\"Lima\"", "\"Cusco\"", 1));
    assert_snapshot!(refused(&scratch), @"
    dataset/golden.jsonl:3:1: error[missing-approvals]: golden example `peru` has 0 of 2 approvals (2 outdated by an edit)
      hint: an owner who agrees runs `evalward dataset approve dataset peru --reviewer NAME`
    error: the dataset has 1 error
      hint: `evalward dataset check` lists them all
    ");
}

#[test]
fn a_variable_that_is_not_set() {
    let subject =
        "[subject.openai]\nmodel = \"m\"\nprompt = \"prompt.j2\"\nbase_url = \"${MODEL_URL}\"\n";
    assert_snapshot!(refused(&suite(subject)), @r#"
     × environment variable `MODEL_URL` is not set
       ╭─[evalward.toml:14:12]
    13 │ prompt = "prompt.j2"
    14 │ base_url = "${MODEL_URL}"
       ·            ───────┬──────
       ·                   ╰── needed here
       ╰────
     help: set it, in the environment or in `.env`: `export MODEL_URL=...`
    "#);
}

#[test]
fn an_undefined_variable_of_a_template() {
    let scratch = suite("[subject.openai]\nmodel = \"m\"\nprompt = \"prompt.j2\"\n");
    scratch.file("prompt.j2", "Answer in one word.\n{{ input.qestion }}\n");
    assert_snapshot!(refused(&scratch), @"
    error: dataset/golden.jsonl:1: template prompt.j2:2 cannot be rendered: `input.qestion` is undefined; example `france` offers `id`, `context`, `input.question`; did you mean `input.question`?
    dataset/golden.jsonl:2: template prompt.j2:2 cannot be rendered: `input.qestion` is undefined; example `japan` offers `id`, `context`, `input.question`; did you mean `input.question`?
    dataset/golden.jsonl:3: template prompt.j2:2 cannot be rendered: `input.qestion` is undefined; example `peru` offers `id`, `context`, `input.question`; did you mean `input.question`?
    ");
}

#[test]
fn a_replay_of_what_is_no_recording() {
    let scratch = suite("[subject.openai]\nmodel = \"m\"\nprompt = \"prompt.j2\"\n");
    scratch.file("calls.jsonl", "{\"some\":\"file\"}\n");
    let run = evalward(&scratch, "run --quiet --replay calls.jsonl").run().expect_code(2);
    assert_snapshot!(run.clean_stderr(), @r#"error: failed to read recording at calls.jsonl:1: this is no recording; one starts with `{"evalward_recording":1}`"#);
    let run = evalward(&scratch, "run --quiet --record calls.jsonl").run().expect_code(2);
    assert_snapshot!(run.clean_stderr(), @r#"error: failed to read recording at calls.jsonl:1: this is no recording; one starts with `{"evalward_recording":1}`"#);
    assert_eq!(scratch.read("calls.jsonl"), "{\"some\":\"file\"}\n", "a foreign file is kept");
}

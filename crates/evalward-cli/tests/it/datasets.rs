//! What `evalward dataset check` finds beside malformed lines: inputs that repeat each other, or stand in a prompt.

use evalward_core::Partition;
use evalward_testkit::Scratch;
use insta::assert_snapshot;

use crate::support::{evalward, example, suite};

const SUBJECT: &str = "[subject.openai]\nmodel = \"m\"\nprompt = \"prompt.j2\"\n\n[variants.long]\nsubject.prompt = \"long.j2\"\n";

/// A suite with a prompt, and a dataset with near-duplicates.
fn scratch() -> Scratch {
    let scratch = suite(SUBJECT);
    let asks = |id, partition, question| example(id, partition, question, "x");
    scratch.dataset(&[
        asks("a", Partition::Adversarial, "Which city is the capital of France?"),
        asks("b", Partition::Adversarial, "which CITY is the capital of France"),
        asks("c", Partition::Distribution, "Which city is the capital of all France?"),
        asks("d", Partition::Distribution, "From which city is Peru governed today?"),
        asks("e", Partition::Distribution, "Peru?"),
    ]);
    scratch
}

fn checked(scratch: &Scratch, arguments: &str, code: i32) -> String {
    let run = evalward(scratch, &format!("dataset check dataset {arguments}")).run();
    let run = run.expect_code(code);
    format!("{}\n---\n{}", run.clean_stdout(), run.clean_stderr())
}

#[test]
fn near_duplicates_are_warnings_with_both_places() {
    let scratch = scratch();
    assert_snapshot!(checked(&scratch, "", 0), @r"
    dataset/golden.jsonl:1:1: warning[partition-size]: partition `golden` has 3 examples; 50 to 200 serve it best
    dataset/distribution.jsonl:1:1: warning[partition-size]: partition `distribution` has 3 examples; 500 to 5000 serve it best
    dataset/adversarial.jsonl:1:1: warning[near-duplicate]: the input of `a` is that of `france` at dataset/golden.jsonl:1
      hint: keep it in one partition; `golden` and `adversarial` would measure the same
    dataset/adversarial.jsonl:2:1: warning[near-duplicate]: the input of `b` is that of `france` at dataset/golden.jsonl:1 but for case, punctuation or spaces
      hint: keep it in one partition; `golden` and `adversarial` would measure the same
    dataset/distribution.jsonl:1:1: warning[near-duplicate]: the input of `c` is nearly that of `france` at dataset/golden.jsonl:1 (similarity 0.74)
      hint: keep it in one partition; `golden` and `distribution` would measure the same
    dataset: 8 examples (golden 3, adversarial 2, distribution 3): 0 errors, 5 warnings

    ---
    ");
    assert_snapshot!(checked(&scratch, "--near-duplicates 1", 0), @r"
    dataset/golden.jsonl:1:1: warning[partition-size]: partition `golden` has 3 examples; 50 to 200 serve it best
    dataset/distribution.jsonl:1:1: warning[partition-size]: partition `distribution` has 3 examples; 500 to 5000 serve it best
    dataset/adversarial.jsonl:1:1: warning[near-duplicate]: the input of `a` is that of `france` at dataset/golden.jsonl:1
      hint: keep it in one partition; `golden` and `adversarial` would measure the same
    dataset/adversarial.jsonl:2:1: warning[near-duplicate]: the input of `b` is that of `france` at dataset/golden.jsonl:1 but for case, punctuation or spaces
      hint: keep it in one partition; `golden` and `adversarial` would measure the same
    dataset: 8 examples (golden 3, adversarial 2, distribution 3): 0 errors, 4 warnings

    ---
    ");
    assert_snapshot!(checked(&scratch, "--near-duplicates off", 0), @r"
    dataset/golden.jsonl:1:1: warning[partition-size]: partition `golden` has 3 examples; 50 to 200 serve it best
    dataset/distribution.jsonl:1:1: warning[partition-size]: partition `distribution` has 3 examples; 500 to 5000 serve it best
    dataset: 8 examples (golden 3, adversarial 2, distribution 3): 0 errors, 2 warnings

    ---
    ");
    assert_snapshot!(checked(&scratch, "--near-duplicates 7", 2), @r"

    ---
    error: invalid value '7' for '--near-duplicates <SIMILARITY|off>': `7` is not a number from 0.5 to 1

    For more information, try '--help'.
    ");
}

#[test]
fn inputs_in_prompts_and_training_files_are_found() {
    let scratch = scratch();
    scratch.file(
        "prompt.j2",
        "Q: Which city\nis the capital of France?\nA: Paris.\n\n{{ input.question }}",
    );
    scratch.file("long.j2", "From which city is Peru governed now? Lima.\n\n{{ input.question }}");
    scratch.file(
        "train.jsonl",
        "{\"q\":\"-\"}\n{\"q\":\"from which city is Peru governed, today\"}\n",
    );
    let arguments = "--near-duplicates off --suite evalward.toml";
    assert_snapshot!(checked(&scratch, arguments, 1), @r"
    dataset/golden.jsonl:1:1: warning[partition-size]: partition `golden` has 3 examples; 50 to 200 serve it best
    dataset/distribution.jsonl:1:1: warning[partition-size]: partition `distribution` has 3 examples; 500 to 5000 serve it best
    dataset/golden.jsonl:1:1: error[contamination]: the input of `france` stands in the prompt prompt.j2:1, word for word
      hint: take it out of one of them; the prompt gives the answer away
    dataset/adversarial.jsonl:1:1: error[contamination]: the input of `a` stands in the prompt prompt.j2:1, word for word
      hint: take it out of one of them; the prompt gives the answer away
    dataset/adversarial.jsonl:2:1: error[contamination]: the input of `b` stands in the prompt prompt.j2:1, word for word
      hint: take it out of one of them; the prompt gives the answer away
    dataset/distribution.jsonl:1:1: warning[contamination]: the input of `c` nearly stands in the prompt prompt.j2:1 (0.80 of its 5-grams)
      hint: take it out of one of them; the prompt gives the answer away
    dataset/distribution.jsonl:2:1: warning[contamination]: the input of `d` nearly stands in the prompt long.j2:1 (0.85 of its 5-grams)
      hint: take it out of one of them; the prompt gives the answer away
    dataset: 8 examples (golden 3, adversarial 2, distribution 3): 3 errors, 4 warnings

    ---
    1 input of fewer than 12 characters not looked for in other files
    ");
    let arguments = "--near-duplicates off --training train.jsonl --format json";
    assert_snapshot!(checked(&scratch, arguments, 1), @r#"
    {
      "version": 1,
      "dataset": "dataset",
      "unlisted": 0,
      "report": {
        "findings": [
          {
            "severity": "warning",
            "code": "partition-size",
            "place": {
              "path": "dataset/golden.jsonl",
              "line": 1,
              "column": 1
            },
            "message": "partition `golden` has 3 examples; 50 to 200 serve it best"
          },
          {
            "severity": "warning",
            "code": "partition-size",
            "place": {
              "path": "dataset/distribution.jsonl",
              "line": 1,
              "column": 1
            },
            "message": "partition `distribution` has 3 examples; 500 to 5000 serve it best"
          },
          {
            "severity": "error",
            "code": "contamination",
            "place": {
              "path": "dataset/distribution.jsonl",
              "line": 2,
              "column": 1
            },
            "example": "d",
            "message": "the input of `d` stands in the training file train.jsonl:2, word for word",
            "hint": "take it out of one of them; the model may know the answer by heart"
          }
        ],
        "errors": 1,
        "warnings": 2,
        "counts": {
          "golden": 3,
          "adversarial": 2,
          "distribution": 3
        },
        "hash": "[hash]"
      }
    }

    ---
    1 input of fewer than 12 characters not looked for in other files
    "#);
    let arguments = "--near-duplicates off --training missing.jsonl";
    assert_snapshot!(checked(&scratch, arguments, 2), @r"

    ---
    error: failed to read `missing.jsonl`
      cause: No such file or directory (os error 2)
    ");
}

const RECIPE: &str = r#"name = "capitals"
seed = 7

[templates.seat]
text = "Which city is the seat of {body}?"
count = 2

[templates.seat.slots.body]
values = ["the court of Chile", "the army of Kenya", "the bank of Norway"]

[perturbations.slips.typos]
count = 2
rate = 0.08
"#;

#[test]
fn examples_are_generated_from_a_recipe() {
    let scratch = suite(SUBJECT);
    scratch.file("dataset/generate.toml", RECIPE);
    let generated = |arguments: &str, code: i32| {
        let run = evalward(&scratch, &format!("dataset generate dataset {arguments}")).run();
        let run = run.expect_code(code);
        format!("{}\n---\n{}", run.clean_stdout(), run.clean_stderr())
    };
    assert_snapshot!(generated("--dry-run", 0), @r#"
    {"id":"gen-capitals-f27cf89ae7d7","input":{"question":"Which city is the seat of the army of Kenya?"},"metadata":{"generated":{"by":"evalward dataset generate","kind":"template","parameters":{"body":"the army of Kenya"},"recipe":"capitals","rule":"seat","seed":7}},"tags":["generated"],"cluster":"capitals-seat"}
    {"id":"gen-capitals-004601bc321a","input":{"question":"Which city is the seat of the court of Chile?"},"metadata":{"generated":{"by":"evalward dataset generate","kind":"template","parameters":{"body":"the court of Chile"},"recipe":"capitals","rule":"seat","seed":7}},"tags":["generated"],"cluster":"capitals-seat"}
    {"id":"gen-capitals-c14007130e1e","input":{"question":"Name the sat if Jappan's gooernemnt."},"expected_output":"Tokyo","metadata":{"generated":{"by":"evalward dataset generate","kind":"typos","parameters":{"rate":0.08},"parent":"japan","recipe":"capitals","rule":"slips","seed":7}},"tags":["generated"],"cluster":"japan"}
    {"id":"gen-capitals-2ccd47688861","input":{"question":"Which city is yhe ccaoital of France?"},"expected_output":"Paris","metadata":{"generated":{"by":"evalward dataset generate","kind":"typos","parameters":{"rate":0.08},"parent":"france","recipe":"capitals","rule":"slips","seed":7}},"tags":["generated"],"cluster":"france"}

    ---
    would add 4 examples (adversarial 2, distribution 2); nothing was written
    "#);
    assert!(!scratch.path("dataset/adversarial.jsonl").exists());
    assert_snapshot!(generated("", 0), @r"
    dataset: added 4 examples (adversarial 2, distribution 2)

    ---
    ");
    assert_snapshot!(generated("", 0), @r"
    dataset: added 0 examples

    ---
    the dataset has 4 examples of the recipe already
    ");
    assert_snapshot!(generated("--seed 8 --format json", 0), @r#"
    {
      "version": 1,
      "dataset": "dataset",
      "written": true,
      "added": {
        "adversarial": 2
      },
      "present": 2,
      "missing": 0,
      "near_duplicates": 0,
      "dropped": []
    }

    ---
    "#);
    scratch.file("dataset/generate.toml", &RECIPE.replace("rate", "rat"));
    assert_snapshot!(generated("", 2), @r"
    ---
      × unknown field `rat`; did you mean `rate`?
        ╭─[dataset/generate.toml:13:1]
     12 │ count = 2
     13 │ rat = 0.08
        · ───
        ╰────
    ");
    assert_snapshot!(generated("--recipe missing.toml", 2), @r"
    ---
      × failed to read `missing.toml`: No such file or directory (os error 2)
      help: write `generate.toml` in the dataset's folder, or name a recipe with `--recipe`
    ");
}

//! What a run comes to, and what people read of it.

use evalward_core::Partition;
use insta::assert_snapshot;

use crate::support::{RIGHT, evalward, example, golden, recorded, recorded_with};

const WRONG: [(&str, &str); 3] = [
    ("france", "It is Paris."),
    ("japan", "It is Kyoto, which was the seat of the court for a very long time."),
    ("peru", "It is Cusco."),
];

#[test]
fn all_pass() {
    let scratch = recorded(&RIGHT);
    let run = evalward(&scratch, "run -j 1").run().expect_code(0);
    assert_snapshot!(run.clean_stdout(), @"
    capitals (unit)
      run      [run]
      subject  recorded answers.jsonl
      dataset  capitals, 3 examples

    partition  examples  passed  failed  errored  skipped              pass rate   p50   p95
    ────────────────────────────────────────────────────────────────────────────────────────
    golden            3       3       0        0        0  100.0 % [43.9, 100.0] [n] ms [n] ms
    pass rate: passed of passed and failed, with its 95 % Wilson interval

    metric  partition   mean  n  failed  errored  skipped
    ─────────────────────────────────────────────────────
    right   golden     1.000  3       0        0        0
    short   golden     1.000  3       0        0        0

    gates
      ✓ holds         golden        all 3 examples passed

    All gates hold. (exit 0)
    ");
    assert_snapshot!(run.clean_stderr(), @"
    warning: the dataset has 1 warning: `evalward dataset check dataset`
    1/3 evaluated: 1 passed, 0 failed
    2/3 evaluated: 2 passed, 0 failed
    3/3 evaluated: 3 passed, 0 failed
    The run is kept in .evalward/runs/[run]; `evalward report .evalward/runs/[run]` shows it again.
    ");
    assert_eq!(scratch.rows().len(), 3);
}

#[test]
fn a_failure_blocks_with_all_its_reasons() {
    let scratch = recorded(&WRONG);
    let run = evalward(&scratch, "run -j 1").run().expect_code(1);
    assert_snapshot!(run.clean_stdout(), @"
    capitals (unit)
      run      [run]
      subject  recorded answers.jsonl
      dataset  capitals, 3 examples

    partition  examples  passed  failed  errored  skipped           pass rate   p50   p95
    ─────────────────────────────────────────────────────────────────────────────────────
    golden            3       1       2        0        0  33.3 % [6.1, 79.2] [n] ms [n] ms
    pass rate: passed of passed and failed, with its 95 % Wilson interval

    metric  partition   mean  n  failed  errored  skipped
    ─────────────────────────────────────────────────────
    right   golden     0.333  3       2        0        0
    short   golden     0.667  3       1        0        0

    golden: 2 failed

      ✗ japan
        short: length: 15 words, expected at most 8
        right: the output lacks `Tokyo`
          input   Name the seat of Japan's government.
          diff    [-Tokyo-]
                  {+It is Kyoto, which was the seat of the court for a very long time.+}

      ✗ peru
        right: the output lacks `Lima`
          input   From where is Peru governed?
          diff    [-Lima-]
                  {+It is Cusco.+}

    gates
      ✗ failed        golden        2 of 3 examples failed; all must pass

    Blocked by golden: look at the failing examples above, fix them or the expectation, and run again. (exit 1)
    ");
    let run = evalward(&scratch, "run --quiet --exit-codes promptfoo").run();
    assert_eq!((run.code, run.stderr.as_str()), (Some(100), ""));
}

#[test]
fn an_answer_that_is_missing_is_errored_and_no_verdict() {
    let scratch = recorded(&RIGHT[..2]);
    let run = evalward(&scratch, "run --quiet").run().expect_code(3);
    assert_snapshot!(run.clean_stdout(), @"
    capitals (unit)
      run      [run]
      subject  recorded answers.jsonl
      dataset  capitals, 3 examples

    partition  examples  passed  failed  errored  skipped              pass rate   p50   p95
    ────────────────────────────────────────────────────────────────────────────────────────
    golden            3       2       0        1        0  100.0 % [34.2, 100.0] [n] ms [n] ms
    pass rate: passed of passed and failed, with its 95 % Wilson interval

    metric  partition   mean  n  failed  errored  skipped
    ─────────────────────────────────────────────────────
    right   golden     1.000  2       0        0        0
    short   golden     1.000  2       0        0        0

    1 errored
      1 × `answers.jsonl` has no response for example `peru`
          peru

    gates
      ! incomplete    golden        1 of 3 examples could not be evaluated; none is allowed

    Nothing is decided: 1 example could not be evaluated. Remove the causes above and run again. (exit 3)
    ");
}

#[test]
fn an_errored_example_hides_no_failure_and_is_hidden_by_none() {
    let scratch = recorded(&WRONG[1..]);
    let run = evalward(&scratch, "run --quiet").run().expect_code(3);
    for text in ["peru", "japan", "france"] {
        assert!(run.stdout.contains(text), "{text} is missing in\n{}", run.stdout);
    }
}

#[test]
fn thin_evidence_is_inconclusive_with_the_number_it_would_take() {
    let tables = "[gates.golden]\npass_rate = 0.9\n";
    let scratch = recorded_with(&golden(), &RIGHT, tables);
    let run = evalward(&scratch, "run --quiet").run().expect_code(4);
    let from_gates: String = run
        .clean_stdout()
        .lines()
        .skip_while(|line| *line != "gates")
        .collect::<Vec<_>>()
        .join("\n");
    assert_snapshot!(from_gates, @r#"
    gates
      ? inconclusive  golden        3 of 3 passed, 95 % interval 29.2 % to 100 %, must reach 90 %: too few examples to tell; at this rate it would take 36

    Inconclusive for golden: add examples, or set `on_inconclusive = "warn"` where a warning is enough. (exit 4)
    "#);
    let warns = format!("{tables}on_inconclusive = \"warn\"\n");
    let scratch = recorded_with(&golden(), &RIGHT, &warns);
    drop(evalward(&scratch, "run --quiet").run().expect_code(0));
}

#[test]
fn metrics_that_apply_nowhere_decide_nothing() {
    let scratch = recorded(&RIGHT);
    let run = evalward(&scratch, "run")
        .arg("--set=metrics.right.contains.where.tags_any=[\"none\"]")
        .arg("--set=metrics.short.constraints.where.tags_any=[\"none\"]")
        .run()
        .expect_code(4);
    assert!(run.stderr.contains("metric `right` applies to no example that is selected"));
    assert!(run.stdout.contains("none of 3 examples was evaluated, 3 skipped"));
}

#[test]
fn every_partition_has_its_row_and_its_gate() {
    let mut examples = golden();
    let small = |id, question, answer| example(id, Partition::Distribution, question, answer);
    examples.push(small("chile", "Chile: the largest town?", "Santiago"));
    examples.push(small("kenya", "Who hosts Kenya's parliament?", "Nairobi"));
    let answers = [&RIGHT[..], &[("chile", "Santiago"), ("kenya", "Mombasa")]].concat();
    let scratch = recorded_with(&examples, &answers, "");
    let run = evalward(&scratch, "run --quiet").run().expect_code(0);
    assert_snapshot!(run.clean_stdout(), @"
    capitals (unit)
      run      [run]
      subject  recorded answers.jsonl
      dataset  capitals, 5 examples

    partition     examples  passed  failed  errored  skipped              pass rate   p50   p95
    ───────────────────────────────────────────────────────────────────────────────────────────
    golden               3       3       0        0        0  100.0 % [43.9, 100.0] [n] ms [n] ms
    distribution         2       1       1        0        0     50.0 % [9.5, 90.5] [n] ms [n] ms
    pass rate: passed of passed and failed, with its 95 % Wilson interval

    metric  partition      mean  n  failed  errored  skipped
    ────────────────────────────────────────────────────────
    right   golden        1.000  3       0        0        0
    right   distribution  0.500  2       1        0        0
    short   golden        1.000  3       0        0        0
    short   distribution  1.000  2       0        0        0

    distribution: 1 failed

      ✗ kenya
        right: the output lacks `Nairobi`
          input   Who hosts Kenya's parliament?
          diff    [-Nairobi-]
                  {+Mombasa+}

    gates
      ✓ holds         golden        all 3 examples passed
      – reported      distribution  not gated

    All gates hold. (exit 0)
    ");
}

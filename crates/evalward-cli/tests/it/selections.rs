//! `--id`, `--tag`, `--partition`, `--only-failed`.

use evalward_core::Partition;
use evalward_testkit::Scratch;
use insta::assert_snapshot;

use crate::support::{RIGHT, evalward, example, golden, recorded, recorded_with};

/// Runs with a selection and returns the ids of the rows.
#[track_caller]
fn selected(scratch: &Scratch, arguments: &str, code: i32) -> Vec<String> {
    drop(evalward(scratch, &format!("run --quiet {arguments}")).run().expect_code(code));
    let run = scratch.runs().pop().unwrap();
    let id = |line: &str| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        row["example_id"].as_str().unwrap().to_owned()
    };
    let ids = scratch.read(run.join("results.jsonl")).lines().map(id).collect();
    std::fs::remove_dir_all(run).unwrap();
    ids
}

#[test]
fn one_example_in_full() {
    let scratch = recorded(&RIGHT);
    let run = evalward(&scratch, "run --quiet --id japan -v").run().expect_code(0);
    assert_snapshot!(run.clean_stdout(), @r#"
    japan (golden): passed

    input
      Name the seat of Japan's government.

    expected output
      Tokyo

    output
      It is Tokyo.

    difference
      [-Tokyo-]
      {+It is Tokyo.+}

    call
     [n] ms

    scores
      right  1 (at least 1)  passed
          {
            "found": [
              {
                "end": 11,
                "start": 6,
                "text": "Tokyo"
              }
            ]
          }
      short  1  passed
          {
            "constraints": [
              {
                "constraint": "length",
                "result": "passed",
                "rules": [
                  {
                    "count": 3,
                    "result": "passed",
                    "rule": "words"
                  }
                ]
              }
            ],
            "held": 1,
            "of": 1
          }

    capitals (unit)
      run      [run]
      subject  recorded answers.jsonl
      dataset  capitals, 1 of 3 examples

    partition  examples  passed  failed  errored  skipped              pass rate   p50   p95
    ────────────────────────────────────────────────────────────────────────────────────────
    golden            1       1       0        0        0  100.0 % [20.7, 100.0] [n] ms [n] ms
    pass rate: passed of passed and failed, with its 95 % Wilson interval

    metric  partition   mean  n  failed  errored  skipped
    ─────────────────────────────────────────────────────
    right   golden     1.000  1       0        0        0
    short   golden     1.000  1       0        0        0

    gates
      ✓ holds         golden        every selected example passed (1)

    All gates hold. (exit 0)
    "#);
}

#[test]
fn by_id_tag_and_partition() {
    let mut examples = golden();
    examples.push(example("chile", Partition::Adversarial, "Chile: the largest town?", "Santiago"));
    let answers = [&RIGHT[..], &[("chile", "Valparaiso")]].concat();
    let scratch = recorded_with(&examples, &answers, "");
    assert_eq!(selected(&scratch, "", 0), ["france", "japan", "peru", "chile"]);
    assert_eq!(selected(&scratch, "--id peru --id france", 0), ["france", "peru"]);
    assert_eq!(selected(&scratch, "--tag asia --tag america", 0), ["japan", "peru"]);
    assert_eq!(selected(&scratch, "--partition golden", 0), ["france", "japan", "peru"]);
    assert_eq!(selected(&scratch, "--id chile", 1), ["chile"]);
    assert_eq!(selected(&scratch, "--partition golden --tag asia", 0), ["japan"]);
}

#[test]
fn what_failed_or_errored_last_time() {
    let scratch = recorded(&[("france", "It is Lyon."), ("japan", "It is Tokyo.")]);
    drop(evalward(&scratch, "run --quiet").run().expect_code(3));
    scratch.answers("answers.jsonl", &RIGHT);
    assert_eq!(selected(&scratch, "--only-failed latest", 0), ["france", "peru"]);
    let first = scratch.only_run();
    assert_eq!(
        selected(&scratch, &format!("--only-failed {}", first.display()), 0),
        ["france", "peru"]
    );
}

#[test]
fn a_selection_of_nothing_is_refused() {
    let scratch = recorded(&RIGHT);
    let refused = |arguments: &str| {
        let run = evalward(&scratch, &format!("run --quiet {arguments}")).run().expect_code(2);
        assert_eq!(run.stdout, "");
        run.clean_stderr().to_owned()
    };
    assert_snapshot!(refused("--id pery"), @"
    error: no example is selected
      hint: no example has the id `pery`
    ");
    assert_snapshot!(refused("--id peru --id pery"), @"
    error: no example of the dataset has the id `pery`
      hint: check the ids, tags and partitions that you asked for
    ");
    assert_snapshot!(refused("--tag asia --tag azia"), @"
    error: no example of the dataset has the tag `azia`
      hint: check the ids, tags and partitions that you asked for
    ");
    assert_snapshot!(refused("--partition golden --partition adversarial"), @"
    error: no example of the dataset has the partition `adversarial`
      hint: check the ids, tags and partitions that you asked for
    ");
    assert_snapshot!(refused("--id peru --tag asia"), @"
    error: no example is selected
      hint: nothing fits all the ids, tags and partitions that you asked for
    ");
    assert_snapshot!(refused("--partition adversarial"), @"
    error: no example is selected
      hint: no example has the partition `adversarial`
    ");
    assert_snapshot!(refused("--only-failed latest"), @"
    error: there are no runs in `.evalward/runs`
      hint: run a suite first: `evalward run SUITE`
    ");
    assert_snapshot!(refused("--partition goldn"), @"
    error: invalid value 'goldn' for '--partition <PARTITION>': unknown partition `goldn`: expected `golden`, `regression`, `adversarial` or `distribution`

    For more information, try '--help'.
    ");
    drop(evalward(&scratch, "run --quiet").run().expect_code(0));
    assert_snapshot!(refused("--only-failed latest"), @"
    error: no example is selected
      hint: no example failed in that run
    ");
    assert_snapshot!(refused("--only-failed 1999"), @"
    error: no run in `.evalward/runs` is called `1999` or starts with it
      hint: name a run by its id, the start of its id, its folder, or `latest`
    ");
    assert_eq!(scratch.runs().len(), 1, "a refused run leaves no folder");
}

//! Folders of runs that earlier versions wrote.

use std::fs;
use std::path::Path;

use evalward_testkit::Scratch;
use insta::assert_snapshot;

use crate::support::evalward;

/// A run of format 1 as it was before manifests knew repeats and baselines, and rows knew confirmations.
const OLD: &str = "20261125-201938-313-9cf111";

fn with_old_run() -> Scratch {
    let scratch = Scratch::new();
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/runs").join(OLD);
    for name in ["manifest.json", "results.jsonl"] {
        let text = fs::read_to_string(from.join(name)).unwrap();
        scratch.file(Path::new(".evalward/runs").join(OLD).join(name), &text);
    }
    scratch
}

#[test]
fn an_old_run_is_reported() {
    let scratch = with_old_run();
    let run = evalward(&scratch, "report latest").run().expect_code(0);
    let (_, gates) = run.clean_stdout().split_once("gates\n").unwrap();
    assert_snapshot!(gates, @"
      ✓ holds         golden        all 3 examples passed
      ✓ holds         regression    the only example passed
      – reported      adversarial   not gated

    All gates hold. (exit 0)
    ");
}

#[test]
fn an_old_run_is_compared_and_makes_a_baseline() {
    let scratch = with_old_run();
    let run = evalward(&scratch, "compare latest latest --format json").run().expect_code(4);
    let comparison: serde_json::Value = serde_json::from_str(run.clean_stdout()).unwrap();
    assert_eq!(comparison["overlap"]["paired"], 5);
    drop(evalward(&scratch, "baseline set latest --file b.json").run().expect_code(0));
    drop(evalward(&scratch, "baseline show b.json").run().expect_code(0));
}

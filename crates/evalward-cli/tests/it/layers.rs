//! `--set` and `extends` through the command line.

use insta::assert_snapshot;

use crate::support::{RIGHT, evalward, recorded};

#[test]
fn a_value_and_a_kind_are_replaced() {
    let scratch = recorded(&RIGHT);
    scratch.answers("other.jsonl", &[("france", "Lyon"), ("japan", "Kyoto"), ("peru", "Cusco")]);
    let run = |set: &str| evalward(&scratch, "run --quiet").arg(&format!("--set={set}")).run();
    drop(run("subject.recorded.file=other.jsonl").expect_code(1));
    drop(run("metrics.short.constraints.length.words.max=1").expect_code(1));
    drop(run("metrics.right.exact_match.threshold=1.0").expect_code(1));
    drop(run("subject.command.command=[\"cat\"]").expect_code(3));
    drop(run("suite.name=mine").expect_code(0));
}

#[test]
fn a_mistake_names_the_flag() {
    let scratch = recorded(&RIGHT);
    let run = evalward(&scratch, "run --set suite.nmae=x").run().expect_code(2);
    assert_snapshot!(run.clean_stderr(), @r#"
     × unknown key `nmae`
      ╭─[--set suite.nmae:1:7]
    1 │ suite.nmae = "x"
      ·       ────
      ╰────
     help: did you mean `name`?
    "#);
}

#[test]
fn an_extended_suite_takes_its_paths_along() {
    let scratch = recorded(&RIGHT);
    let base = scratch.read("evalward.toml");
    scratch.file(
        "nightly/evalward.toml",
        "extends = \"../evalward.toml\"\n[suite]\nname = \"nightly\"\n",
    );
    let run = evalward(&scratch, "run --quiet nightly/evalward.toml").run().expect_code(0);
    assert!(run.stdout.starts_with("nightly (unit)"), "{}", run.stdout);
    scratch.file("evalward.toml", &base.replace("threshold", "treshold"));
    let run = evalward(&scratch, "run nightly/evalward.toml").run().expect_code(2);
    assert_snapshot!(run.clean_stderr(), @"
     × unknown key `treshold`
      ╭─[nightly/../evalward.toml:6:1]
    5 │ [metrics.right.contains]
    6 │ treshold = 1.0
      · ────────
    7 │
      ╰────
     help: did you mean `threshold`?
    ");
}

//! `evalward history`: the runs that were recorded.

use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{RIGHT, evalward, recorded};

#[test]
fn every_run_is_recorded() {
    let scratch = recorded(&RIGHT);
    drop(evalward(&scratch, "run --quiet").run().expect_code(0));
    scratch.answers("answers.jsonl", &[("france", "It is Lyon."), RIGHT[1], RIGHT[2]]);
    drop(evalward(&scratch, "run --quiet").run().expect_code(1));
    let history = evalward(&scratch, "history").run().expect_code(0);
    assert_snapshot!(history.clean_stdout(), @"
    capitals
    time                  run                         decision  golden                      subject        prompt
    ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
    [time]  [run]  holds     100.0 % [43.9, 100.0] of 3  answers.jsonl  -
    [time]  [run]  failed    66.7 % [20.8, 93.9] of 3    answers.jsonl  -

      golden  █▁
      pass rates, the oldest run first, from ▁ 66.7 % to █ 100.0 %
      in brackets: the 95 % Wilson interval
    ");
    assert!(scratch.path(".evalward/evalward.db").is_file());
    let newest =
        evalward(&scratch, "history capitals --limit 1 --format json").run().expect_code(0);
    let newest: Value = serde_json::from_str(&newest.stdout).unwrap();
    let runs = newest["runs"].as_array().unwrap();
    assert_eq!(runs.len(), 1);
    assert_eq!(runs[0]["decision"], "failed");
    assert_eq!(runs[0]["partitions"][0]["passed"], 2);
    assert_eq!(runs[0]["exit_code"], 1);
    let run = runs[0]["run_id"].as_str().unwrap();
    assert!(scratch.runs().iter().any(|folder| folder.ends_with(run)), "{run}");
}

#[test]
fn nothing_recorded_is_no_error() {
    let scratch = recorded(&RIGHT);
    let history = evalward(&scratch, "history").run().expect_code(0);
    assert_eq!(
        (history.stdout.as_str(), history.stderr.as_str()),
        ("", "no run is recorded yet\n")
    );
    assert!(!scratch.path(".evalward").exists(), "a look makes no store");
    let named = evalward(&scratch, "history --store sqlite://nope.db").run().expect_code(2);
    let problem = "error: failed to open the store `sqlite://nope.db`: there is no such file\n";
    assert_eq!(named.stderr, problem);
    assert!(!scratch.path("nope.db").exists(), "a look makes no store");
    drop(evalward(&scratch, "run --quiet").run().expect_code(0));
    let other = evalward(&scratch, "history rivers").run().expect_code(0);
    assert_eq!(other.stderr, "no run of suite `rivers` is recorded yet\n");
}

#[test]
fn a_store_that_fails_changes_nothing_about_a_run() {
    let scratch = recorded(&RIGHT);
    scratch.file(
        ".evalward/evalward.db",
        "no database, but long enough to be taken for a file of one",
    );
    let run = evalward(&scratch, "run").run().expect_code(0);
    assert!(run.stdout.contains("All gates hold."), "{}", run.stdout);
    let note = "warning: the run is not in the history: failed to open the store";
    assert!(run.stderr.contains(note), "{}", run.stderr);
    let unreachable = evalward(&scratch, "run")
        .env("EVALWARD_DATABASE_URL", "postgres://nobody:secret@127.0.0.1:1/none")
        .run()
        .expect_code(0);
    assert!(
        unreachable.stderr.contains("warning: the run is not in the history: "),
        "{}",
        unreachable.stderr
    );
    assert!(!unreachable.stderr.contains("secret"), "{}", unreachable.stderr);
}

#[test]
fn runs_are_recorded_beside_their_folder() {
    let scratch = recorded(&RIGHT);
    drop(evalward(&scratch, "run --quiet --runs-dir elsewhere/runs").run().expect_code(0));
    assert!(scratch.path("elsewhere/evalward.db").is_file());
    let history = evalward(&scratch, "history --runs-dir elsewhere/runs").run().expect_code(0);
    assert!(history.stdout.contains("100.0 % [43.9, 100.0] of 3"), "{}", history.stdout);
}

//! Gates that ask for calibrated judges.

use evalward_testkit::{FakeModel, Scratch};
use insta::assert_snapshot;
use serde_json::Value;

use crate::judge_calibrations::{CALIBRATE, grade, grader, judged, labels};
use crate::support::evalward;

const GATE: &str = "require_calibration = true\n";
const FILE: &str = "calibrations/helpful.json";

/// A suite whose judge is calibrated, and its model.
async fn calibrated(gate: &str) -> (Scratch, FakeModel) {
    let scratch = judged(gate);
    // People and judge look at the same grade.
    scratch.file("labels.jsonl", &labels(60, 3, |item, _| grade(item)));
    let model = grader(|grade, _| grade).await;
    let run = evalward(&scratch, &format!("{CALIBRATE} --write"));
    drop(run.env("JUDGE_URL", &model.address()).run().expect_code(0));
    (scratch, model)
}

/// Runs the suite, and returns what it says of its gates.
fn gates(scratch: &Scratch, model: &FakeModel, code: i32) -> String {
    let run = evalward(scratch, "run").env("JUDGE_URL", &model.address()).run().expect_code(code);
    let (_, gates) = run.clean_stdout().split_once("gates\n").expect("there are gates");
    gates.to_owned()
}

/// Changes a field of the calibration.
fn change(scratch: &Scratch, edit: impl FnOnce(&mut Value)) {
    let mut record: Value = serde_json::from_str(&scratch.read(FILE)).unwrap();
    edit(&mut record);
    scratch.file(FILE, &record.to_string());
}

#[tokio::test]
async fn a_run_without_a_calibration_decides_nothing() {
    let (scratch, model) = calibrated(GATE).await;
    drop(gates(&scratch, &model, 0));
    std::fs::remove_file(scratch.path(FILE)).unwrap();
    assert_snapshot!(gates(&scratch, &model, 3), @"
      ! incomplete    golden        the judge of `helpful` was never calibrated: `evalward judge calibrate evalward.toml --metric helpful --labels FILE --write`

    Nothing is decided: the gate of golden asks for calibrated judges. Calibrate with the command above, and run again. (exit 3)
    ");
    // The calibration of later does not mend the run of before, nor does its loss spoil one.
    let runs = scratch.runs();
    let report = |run: usize, code: i32| {
        evalward(&scratch, &format!("report {}", runs[run].display()))
            .run()
            .expect_code(code)
            .stdout
    };
    drop(report(0, 0));
    assert!(report(1, 3).contains("was never calibrated"));
}

#[tokio::test]
async fn a_calibration_of_another_version_does_not_count() {
    let (scratch, model) = calibrated(GATE).await;
    let judge = scratch.read("own.toml");
    scratch.file("own.toml", &judge.replace("It helps much.", "It helps a lot."));
    assert_snapshot!(gates(&scratch, &model, 3), @"
      ! incomplete    golden        the calibration of `helpful` is of another version of its judge: `evalward judge calibrate evalward.toml --metric helpful --labels FILE --write`

    Nothing is decided: the gate of golden asks for calibrated judges. Calibrate with the command above, and run again. (exit 3)
    ");
}

#[tokio::test]
async fn an_old_calibration_or_a_weak_judge_does_not_count() {
    let (scratch, model) = calibrated(GATE).await;
    change(&scratch, |record| record["created_at"] = "2020-01-01T00:00:00Z".into());
    let old = gates(&scratch, &model, 3);
    assert!(old.contains("days old, and 90 days is allowed"), "{old}");
    change(&scratch, |record| {
        record["created_at"] = "2999-01-01T00:00:00Z".into();
        record["judge"]["verdict"] = "weak".into();
    });
    let weak = gates(&scratch, &model, 3);
    assert!(
        weak.contains(
            "finds its judge weak, so it needs a better judge first: `evalward judge calibrate"
        ),
        "{weak}"
    );
}

#[tokio::test]
async fn where_none_is_required_a_bad_calibration_is_a_warning() {
    let (scratch, model) = calibrated("max_calibration_age_days = 4000000\n").await;
    let told = || {
        let run = evalward(&scratch, "run").env("JUDGE_URL", &model.address()).run();
        let run = run.expect_code(0);
        run.stdout + &run.stderr
    };
    let warned = |words: &str| assert!(told().contains(words), "{words}: {}", told());
    change(&scratch, |record| record["created_at"] = "2020-01-01T00:00:00Z".into());
    assert!(!told().contains("calibration"), "{}", told());
    let suite = scratch.read("evalward.toml");
    scratch.file("evalward.toml", &suite.replace("4000000", "30"));
    warned("the calibration of `helpful` is ");
    change(&scratch, |record| record["judge"]["verdict"] = "weak".into());
    warned("the calibration of `helpful` finds its judge weak, so it needs a better judge first");
    change(&scratch, |record| record["judge"] = Value::Null);
    warned("it has a threshold alone; make it with `evalward judge calibrate`");
    let old = include_str!("../fixtures/calibration-format-1.json");
    scratch.file(FILE, old);
    warned("it has a threshold alone; make it with `evalward judge calibrate`");
    scratch.file(FILE, &old.replacen(": 1,", ": 99,", 1));
    warned("its format is 99, and this evalward reads 1 to 2");
    scratch.file(FILE, "{\"format\": 2,");
    warned("counts for nothing: EOF");
}

#[tokio::test]
async fn a_calibration_is_kept_in_the_history_too() {
    let (scratch, _model) = calibrated("").await;
    let url = evalward_store::Store::url_of_file(&scratch.path(".evalward/evalward.db"));
    let store = evalward_store::Store::open(&url, evalward_store::StoreOptions::default());
    let store = store.await.unwrap();
    let known = store.calibrations("graded", "helpful", 9).await.unwrap();
    store.close().await.unwrap();
    assert_eq!(known.len(), 1);
    assert_eq!(
        (known[0].verdict.as_str(), &known[0].document),
        ("calibrated", &scratch.read(FILE))
    );
}

#[test]
fn a_gate_that_asks_for_a_judge_that_is_not_there_is_refused() {
    let scratch = judged(GATE);
    let suite = scratch.read("evalward.toml");
    let without = suite.replace(
        "helpful.judge]\njudge = \"./own.toml\"\nthreshold = 3.0",
        "helpful.token_f1]\nthreshold = 0.3",
    );
    scratch.file("evalward.toml", &without);
    let run = evalward(&scratch, "run").run().expect_code(2);
    assert!(
        run.stderr.contains("asks for calibrated judges, and no metric has one"),
        "{}",
        run.stderr
    );
}

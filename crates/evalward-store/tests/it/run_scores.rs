//! The scores of offline runs, trial by trial.

use std::collections::BTreeMap;

use evalward_core::{
    Digest, Example, ExampleId, Finite, KeptScore, Measurement, Outcome, OutcomeKind, Partition,
    Reason, ReasonKind, RunId, Score, ScoreRow, Timestamp, Trial, TrialScores,
};
use evalward_store::{Store, StoreError};

use crate::runs::{ALL, run};
use crate::support::{WITHOUT_SCORES, on_both_engines, on_both_urls, open, tamper};

on_both_engines!(
    scores_of_an_example_are_listed_over_the_runs,
    a_run_that_is_recorded_again_loses_its_old_scores,
    scores_are_written_whole_or_not_at_all,
    many_rows_are_written_once_each,
    the_oldest_scores_of_a_suite_are_taken_out_piece_by_piece,
    newer_runs_of_the_suite_that_have_scores_are_counted,
);
on_both_urls!(runs_of_an_older_store_are_kept_and_get_scores,);

type Rows = Vec<Result<ScoreRow, std::io::Error>>;

fn id(name: &str) -> RunId {
    RunId::new(name).unwrap()
}

fn row(example: &str, number: u32, passed: bool) -> ScoreRow {
    let example = Example::with_id(ExampleId::new(example).unwrap(), Partition::Golden);
    let reason =
        Reason { kind: ReasonKind::Judge, metric: "helpful".to_owned(), message: "no".to_owned() };
    let outcome = if passed { Outcome::Passed } else { Outcome::Failed(vec![reason]) };
    let mut trial = Trial::new(&example, outcome, Timestamp::from_millis(0));
    trial.trial = number;
    trial.scores = BTreeMap::from([
        ("helpful".to_owned(), Score::yes_or_no(passed).into()),
        ("length".to_owned(), Score::fraction(Finite::new(0.25).unwrap()).into()),
        ("a \"quoted\" one".to_owned(), Measurement::Skipped("no context".to_owned())),
        ("judge".to_owned(), Measurement::Errored("no answer".to_owned())),
    ]);
    ScoreRow::from(&trial)
}

async fn record(store: &Store, name: &str, suite: &str, seconds: i64, rows: &[ScoreRow]) {
    store.record_run(&run(name, suite, seconds)).await.unwrap();
    let rows: Rows = rows.iter().cloned().map(Ok).collect();
    store.record_scores(&id(name), rows).await.unwrap();
}

/// Each trial with its run.
async fn listed(store: &Store, example: &str, runs: &[&str]) -> Vec<String> {
    let runs: Vec<RunId> = runs.iter().map(|name| id(name)).collect();
    let runs: Vec<&RunId> = runs.iter().collect();
    let found = store.scores_of_example(example, &runs).await.unwrap();
    let shown = found.iter().map(|it| format!("{}#{} {:?}", it.run, it.trial, it.outcome));
    shown.collect()
}

async fn scores_of_an_example_are_listed_over_the_runs(store: Store) {
    let odd = "Ünïcode 'x' \u{202e}";
    record(&store, "r1", "a", 10, &[row(odd, 1, true), row("y", 1, true)]).await;
    record(&store, "r2", "b", 20, &[row(odd, 1, false)]).await;
    record(&store, "r3", "a", 30, &[row(odd, 1, true), row(odd, 2, false)]).await;
    store.record_run(&run("r4", "a", 40)).await.unwrap();
    let all = ["r1#1 Passed", "r2#1 Failed", "r3#1 Passed", "r3#2 Failed"];
    assert_eq!(listed(&store, odd, &["r4", "r3", "r2", "r1", "none"]).await, all);
    assert_eq!(listed(&store, odd, &["r1", "r3"]).await, [all[0], all[2], all[3]]);
    // More runs than one statement asks for.
    let many: Vec<String> = (0..40).map(|number| format!("none-{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).chain(["r2"]).collect();
    assert_eq!(listed(&store, odd, &many).await, [all[1]]);
    assert_eq!(listed(&store, "z", &["r1", "r2", "r3"]).await, [""; 0]);
    assert_eq!(listed(&store, odd, &[]).await, [""; 0]);
    let found = store.scores_of_example("y", &[&id("r1")]).await.unwrap();
    let score = |value, passed| KeptScore::Score { value: Finite::new(value).unwrap(), passed };
    let expected = TrialScores {
        run: id("r1"),
        example: ExampleId::new("y").unwrap(),
        trial: 1,
        partition: Partition::Golden,
        content: row("y", 1, true).example_hash.short(),
        outcome: OutcomeKind::Passed,
        confirms: false,
        scores: BTreeMap::from([
            ("helpful".to_owned(), score(1.0, Some(true))),
            ("length".to_owned(), score(0.25, None)),
            ("a \"quoted\" one".to_owned(), KeptScore::Skipped),
            ("judge".to_owned(), KeptScore::Errored),
        ]),
    };
    assert_eq!(found, [expected]);
    assert_ne!(found[0].content, Digest::of(b"").short());
}

async fn a_run_that_is_recorded_again_loses_its_old_scores(store: Store) {
    record(&store, "r1", "a", 10, &[row("x", 1, false), row("y", 1, true)]).await;
    assert_eq!(store.runs(ALL, 9).await.unwrap()[0].score_rows, Some(2));
    store.record_run(&run("r1", "a", 10)).await.unwrap();
    assert_eq!(store.runs(ALL, 9).await.unwrap()[0].score_rows, None);
    assert_eq!(store.prune_scores("a", 9, 9).await.unwrap(), 0, "no row is left behind");
    assert_eq!(listed(&store, "x", &["r1"]).await, [""; 0]);
    record(&store, "r1", "a", 10, &[row("x", 1, true)]).await;
    assert_eq!(listed(&store, "x", &["r1"]).await, ["r1#1 Passed"]);
    assert_eq!(listed(&store, "y", &["r1"]).await, [""; 0]);
}

async fn scores_are_written_whole_or_not_at_all(store: Store) {
    record(&store, "r1", "a", 10, &[row("x", 1, true)]).await;
    let mut rows: Rows = (0..700).map(|number| Ok(row(&format!("e{number}"), 1, true))).collect();
    rows.push(Err(std::io::Error::other("the disk is gone")));
    let failed = store.record_scores(&id("r1"), rows).await.unwrap_err();
    assert!(matches!(failed, StoreError::Rows { .. }), "{failed}");
    assert_eq!(listed(&store, "x", &["r1"]).await, ["r1#1 Passed"]);
    assert_eq!(listed(&store, "e1", &["r1"]).await, [""; 0]);
    // Scores without a run would be found by nobody.
    let rows: Rows = vec![Ok(row("x", 1, true))];
    let unknown = store.record_scores(&id("r9"), rows).await.unwrap_err();
    assert!(matches!(unknown, StoreError::NotFound { what: "run", .. }), "{unknown}");
}

async fn many_rows_are_written_once_each(store: Store) {
    let mut rows: Vec<ScoreRow> =
        (0..1_337).map(|number| row(&format!("e{number}"), 1, number % 2 == 0)).collect();
    rows[7].unfinished = true;
    record(&store, "r1", "a", 10, &rows).await;
    assert_eq!(store.runs(ALL, 9).await.unwrap()[0].score_rows, Some(1_336));
    assert_eq!(listed(&store, "e7", &["r1"]).await, [""; 0], "the run never came to it");
    assert_eq!(listed(&store, "e1336", &["r1"]).await, ["r1#1 Passed"]);
    assert_eq!(listed(&store, "e1335", &["r1"]).await, ["r1#1 Failed"]);
}

async fn the_oldest_scores_of_a_suite_are_taken_out_piece_by_piece(store: Store) {
    for number in 1..=4 {
        let rows = [row("x", 1, true), row("x", 2, true), row("y", 1, true)];
        record(&store, &format!("r{number}"), "a", i64::from(number), &rows).await;
    }
    record(&store, "other", "b", 0, &[row("x", 1, true)]).await;
    assert_eq!(store.prune_scores("a", 2, 2).await.unwrap(), 2);
    // What is half taken out is not shown; the runs themselves stay.
    let left = store.runs(ALL, 9).await.unwrap();
    assert_eq!(left.len(), 5);
    let with_scores = left.into_iter().filter(|run| run.score_rows.is_some());
    let names: Vec<String> = with_scores.map(|run| run.manifest.run_id.to_string()).collect();
    assert_eq!(names, ["other", "r3", "r4"]);
    assert_eq!(
        listed(&store, "y", &["r1", "r2", "r3", "r4"]).await,
        ["r3#1 Passed", "r4#1 Passed"]
    );
    // Nobody waits for more rows than asked for, and all are taken out in the end.
    let mut taken = Vec::new();
    while let rows @ 1.. = store.prune_scores("a", 2, 2).await.unwrap() {
        taken.push(rows);
    }
    assert_eq!(taken, [1, 2, 1]);
    assert_eq!(listed(&store, "x", &["other"]).await, ["other#1 Passed"]);
}

async fn newer_runs_of_the_suite_that_have_scores_are_counted(store: Store) {
    for (name, suite, seconds) in
        [("r1", "a", 10), ("r2", "a", 20), ("r3", "a", 20), ("r4", "b", 30)]
    {
        record(&store, name, suite, seconds, &[row("x", 1, true)]).await;
    }
    store.record_run(&run("r5", "a", 50)).await.unwrap();
    for (name, seconds, newer) in [("r1", 10, 2), ("r2", 20, 1), ("r3", 20, 0), ("r0", 5, 3)] {
        let manifest = run(name, "a", seconds).manifest;
        assert_eq!(store.newer_runs_with_scores(&manifest).await.unwrap(), newer, "{name}");
    }
}

async fn runs_of_an_older_store_are_kept_and_get_scores(url: String) {
    let store = open(&url).await;
    store.record_run(&run("r1", "a", 10)).await.unwrap();
    store.close().await.unwrap();
    tamper(&url, WITHOUT_SCORES, WITHOUT_SCORES).await;
    let store = open(&url).await;
    let mut old = run("r1", "a", 10);
    old.summary = None;
    assert_eq!(store.runs(ALL, 9).await.unwrap(), [old]);
    let rows: Rows = vec![Ok(row("x", 1, true))];
    assert_eq!(store.record_scores(&id("r1"), rows).await.unwrap(), 1);
    assert_eq!(listed(&store, "x", &["r1"]).await, ["r1#1 Passed"]);
}

//! The history of offline runs.

use std::collections::BTreeMap;

use evalward_core::{
    DatasetStamp, Digest, Partition, RunId, RunManifest, Selection, SubjectStamp, SuiteStamp,
};
use evalward_store::{PartitionCounts, RunFilter, RunRecord, Store};

use crate::support::{at, on_both_engines};

on_both_engines!(
    the_newest_runs_are_listed_the_oldest_first,
    a_run_may_be_recorded_again,
    runs_of_a_variant_are_found_behind_newer_ones_of_others,
);

pub(crate) const ALL: RunFilter<'static> = RunFilter { suite: None, variant: None };

const fn of(suite: &str) -> RunFilter<'_> {
    RunFilter { suite: Some(suite), variant: None }
}

pub(crate) fn run(name: &str, suite: &str, seconds: i64) -> RunRecord {
    let manifest = RunManifest {
        format: RunManifest::FORMAT,
        run_id: RunId::new(name).unwrap(),
        tool_version: "0.1.0".to_owned(),
        started_at: at(seconds),
        suite: SuiteStamp {
            name: suite.to_owned(),
            variant: None,
            tier: "unit".to_owned(),
            path: "evalward.toml".to_owned(),
            hash: Digest::of(b"suite"),
        },
        dataset: DatasetStamp {
            name: "support".to_owned(),
            hash: Digest::of(b"dataset"),
            selected: BTreeMap::new(),
            available: BTreeMap::new(),
        },
        subject: SubjectStamp {
            kind: "http".to_owned(),
            name: "assistant".to_owned(),
            prompt_version: None,
            hash: Digest::of(b"subject"),
        },
        metrics: BTreeMap::new(),
        gates: BTreeMap::new(),
        selection: Selection::default(),
        concurrency: 4,
        repeats: std::num::NonZeroU32::MIN,
        baselines: BTreeMap::new(),
        rescored_from: None,
        probes: None,
        merged_from: Vec::new(),
        fail_fast: false,
        calibrations: BTreeMap::new(),
    };
    let counts = PartitionCounts { passed: 7, failed: 2, errored: 1, skipped: 0 };
    RunRecord {
        manifest,
        finished_at: at(seconds + 5),
        decision: "failed".to_owned(),
        exit_code: 1,
        partitions: BTreeMap::from([(Partition::Golden, counts)]),
        summary: Some("{\"format\":1}".to_owned()),
        score_rows: None,
    }
}

async fn the_newest_runs_are_listed_the_oldest_first(store: Store) {
    let runs = [run("r2", "a", 20), run("r1", "b", 10), run("r3", "a", 30)];
    for run in &runs {
        store.record_run(run).await.unwrap();
    }
    let names = |runs: Vec<RunRecord>| -> Vec<String> {
        runs.into_iter().map(|run| run.manifest.run_id.to_string()).collect()
    };
    assert_eq!(names(store.runs(ALL, 9).await.unwrap()), ["r1", "r2", "r3"]);
    assert_eq!(names(store.runs(ALL, 2).await.unwrap()), ["r2", "r3"]);
    assert_eq!(names(store.runs(of("a"), 9).await.unwrap()), ["r2", "r3"]);
    assert_eq!(names(store.runs(of("a"), 1).await.unwrap()), ["r3"]);
    assert!(store.runs(of("c"), 9).await.unwrap().is_empty());
    assert_eq!(store.runs(of("b"), 9).await.unwrap(), [run("r1", "b", 10)]);
}

async fn a_run_may_be_recorded_again(store: Store) {
    store.record_run(&run("r1", "a", 10)).await.unwrap();
    let resumed = RunRecord { decision: "holds".to_owned(), exit_code: 0, ..run("r1", "a", 10) };
    store.record_run(&resumed).await.unwrap();
    assert_eq!(store.runs(ALL, 9).await.unwrap(), [resumed]);
}

async fn runs_of_a_variant_are_found_behind_newer_ones_of_others(store: Store) {
    for (name, suite, variant, seconds) in [
        ("r1", "a", Some("it's \"short\""), 10),
        ("r2", "a", None, 20),
        ("r3", "b", Some("long"), 30),
        ("r4", "a", Some("long"), 40),
        ("r5", "a", Some("long"), 50),
    ] {
        let mut record = run(name, suite, seconds);
        record.manifest.suite.variant = variant.map(str::to_owned);
        store.record_run(&record).await.unwrap();
    }
    let names = async |suite, variant, limit| -> Vec<String> {
        let runs = store.runs(RunFilter { suite, variant }, limit).await.unwrap();
        runs.into_iter().map(|run| run.manifest.run_id.to_string()).collect()
    };
    assert_eq!(names(Some("a"), Some("it's \"short\""), 1).await, ["r1"]);
    assert_eq!(names(None, Some("long"), 9).await, ["r3", "r4", "r5"]);
    assert_eq!(names(Some("a"), Some("long"), 1).await, ["r5"]);
    assert_eq!(names(Some("a"), Some(""), 1).await, ["r2"], "the suite itself");
    assert_eq!(names(None, Some("short"), 9).await, [""; 0]);
}

//! Runs are written, found and read back.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::Write;

use evalward_core::{
    DatasetStamp, Digest, EventSink, Example, Outcome, Partition, RunEvent, RunId, RunManifest,
    Selection, SubjectStamp, SuiteStamp, Timestamp, Trial, TrialPosition,
};
use evalward_runs::{Recorder, RunError, RunStore};

fn manifest(id: &str) -> RunManifest {
    RunManifest {
        format: RunManifest::FORMAT,
        run_id: RunId::new(id).expect("a valid id"),
        tool_version: "0.0.0".to_owned(),
        started_at: Timestamp::from_millis(0),
        suite: SuiteStamp {
            name: "s".to_owned(),
            variant: None,
            tier: "unit".to_owned(),
            path: "s.toml".to_owned(),
            hash: Digest::of(b"s"),
        },
        dataset: DatasetStamp {
            name: "d".to_owned(),
            hash: Digest::of(b"d"),
            selected: BTreeMap::new(),
            available: BTreeMap::new(),
        },
        subject: SubjectStamp {
            kind: "recorded".to_owned(),
            name: "r".to_owned(),
            prompt_version: None,
            hash: Digest::of(b"r"),
        },
        metrics: BTreeMap::new(),
        gates: BTreeMap::new(),
        selection: Selection::default(),
        concurrency: 5,
        repeats: std::num::NonZeroU32::MIN,
        baselines: BTreeMap::new(),
        rescored_from: None,
        probes: None,
        merged_from: Vec::new(),
        fail_fast: false,
        calibrations: BTreeMap::new(),
    }
}

fn at(index: u64) -> TrialPosition {
    TrialPosition { index, trial: 1 }
}

fn trial(number: u64) -> Trial {
    let example = Example::new(&format!("e-{number}"), Partition::Golden);
    Trial::new(&example, Outcome::Skipped("no metric".to_owned()), Timestamp::from_millis(0))
}

#[test]
fn results_stand_in_dataset_order_whatever_finishes_first() {
    let root = tempfile::tempdir().unwrap();
    let store = RunStore::new(root.path());
    let mut recorder = Recorder::new(root.path().join("r-1"));
    recorder.on_event(&RunEvent::Started { manifest: &manifest("r-1"), total: 12 }).unwrap();
    for position in [11, 3, 0, 10, 2, 1, 9, 4, 8, 5, 7, 6] {
        recorder
            .on_event(&RunEvent::TrialFinished { position: at(position), trial: &trial(position) })
            .unwrap();
    }
    recorder.on_event(&RunEvent::Finished).unwrap();

    let run = store.find("latest").unwrap();
    assert!(run.is_complete());
    let ids: Vec<String> =
        run.trials().unwrap().map(|trial| trial.unwrap().example_id.to_string()).collect();
    assert_eq!(ids, (0..12).map(|number| format!("e-{number}")).collect::<Vec<_>>());
    assert!(!root.path().join("r-1/journal.jsonl").exists());
}

#[test]
fn a_run_cut_short_keeps_every_whole_row() {
    let root = tempfile::tempdir().unwrap();
    let mut recorder = Recorder::new(root.path().join("r-1"));
    recorder.on_event(&RunEvent::Started { manifest: &manifest("r-1"), total: 3 }).unwrap();
    recorder.on_event(&RunEvent::TrialFinished { position: at(2), trial: &trial(2) }).unwrap();
    drop(recorder);
    let journal = root.path().join("r-1/journal.jsonl");
    OpenOptions::new()
        .append(true)
        .open(journal)
        .unwrap()
        .write_all(b"{\"index\":0,\"num")
        .unwrap();

    let run = RunStore::new(root.path()).find("r-1").unwrap();
    assert!(!run.is_complete());
    assert_eq!(run.trials().unwrap().count(), 1);
}

#[test]
fn runs_are_found_by_the_start_of_their_id() {
    let root = tempfile::tempdir().unwrap();
    let store = RunStore::new(root.path());
    assert!(matches!(store.find("latest"), Err(RunError::NoRuns { .. })));
    for id in ["20260101-000000-aaaaaa", "20260102-000000-bbbbbb"] {
        let mut recorder = Recorder::new(root.path().join(id));
        recorder.on_event(&RunEvent::Started { manifest: &manifest(id), total: 0 }).unwrap();
        recorder.on_event(&RunEvent::Finished).unwrap();
    }
    assert_eq!(
        store.find("20260101").unwrap().manifest().run_id.as_str(),
        "20260101-000000-aaaaaa"
    );
    assert_eq!(store.find("latest").unwrap().manifest().run_id.as_str(), "20260102-000000-bbbbbb");
    assert!(matches!(store.find("2026"), Err(RunError::Ambiguous { .. })));
    assert!(matches!(store.find("1999"), Err(RunError::Unknown { .. })));
    let manifest = root.path().join("20260101-000000-aaaaaa/manifest.json");
    let newer = fs::read_to_string(&manifest).unwrap().replace("\"format\": 1", "\"format\": 99");
    fs::write(&manifest, newer).unwrap();
    assert!(matches!(store.find("20260101"), Err(RunError::Format { found: 99, .. })));
}

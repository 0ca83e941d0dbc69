//! The folder of a run: its manifest above the first NUL, its rows below it, finished and cut short.

#![no_main]

use std::sync::LazyLock;

use evalward_core::{RunManifest, Trial};
use evalward_fuzz::Scratch;
use evalward_runs::StoredRun;
use libfuzzer_sys::fuzz_target;

/// The manifest of an input that has none.
const MANIFEST: &str = include_str!("../seeds/run/manifest");

static SCRATCH: LazyLock<Scratch> = LazyLock::new(Scratch::new);

fuzz_target!(|text: &str| {
    let (manifest, rows) = text.split_once('\0').unwrap_or((MANIFEST, text));
    SCRATCH.write("manifest.json", manifest);
    let Ok(run) = StoredRun::open(SCRATCH.folder()) else { return };
    let written = serde_json::to_string(run.manifest()).expect("a manifest has only string keys");
    let again: RunManifest = serde_json::from_str(&written).expect("what was written is readable");
    assert_eq!(&again, run.manifest());
    for (present, absent) in
        [("results.jsonl", "journal.jsonl"), ("journal.jsonl", "results.jsonl")]
    {
        SCRATCH.remove(absent);
        SCRATCH.write(present, rows);
        read(&run);
    }
});

fn read(run: &StoredRun) {
    let trials = run.trials().expect("the file is there");
    let rows = run.score_rows().expect("the file is there");
    for (trial, row) in trials.zip(rows) {
        let Ok(trial) = trial else { break };
        // A row without its texts is read wherever the row is.
        let row = row.expect("the row is readable");
        assert_eq!(row.example_id, trial.example_id);
        let written = serde_json::to_string(&trial).expect("a row has only string keys");
        let again: Trial = serde_json::from_str(&written).expect("what was written is readable");
        assert_eq!(again, trial);
    }
}

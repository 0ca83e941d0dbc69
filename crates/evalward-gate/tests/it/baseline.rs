//! The file of a baseline.

use evalward_core::{Partition, ScoreRow, Timestamp};
use evalward_gate::{Baseline, RunScores};

use crate::support::rows;

fn baseline(letters: &str) -> Baseline {
    let mut scores = RunScores::default();
    for row in rows(Partition::Golden, letters) {
        scores.push(&ScoreRow::from(&row)).unwrap();
    }
    let manifest = serde_json::json!({
        "format": 1, "run_id": "r1", "tool_version": "0.1.0", "started_at": "2026-11-03T14:22:07Z",
        "suite": {"name": "s", "tier": "unit", "path": "evalward.toml", "hash": "00".repeat(32)},
        "dataset": {"name": "d", "hash": "00".repeat(32), "selected": {}, "available": {}},
        "subject": {"kind": "http", "name": "a", "hash": "00".repeat(32)},
        "metrics": {"examples": {"kind": "contains", "gating": true, "version": "00".repeat(32)}},
        "gates": {}, "selection": {}, "concurrency": 1,
    });
    let manifest = serde_json::from_value(manifest).unwrap();
    Baseline::new(&manifest, scores, true, Timestamp::from_millis(0))
}

#[test]
fn reading_and_writing_changes_no_byte_and_an_example_is_a_line() {
    for letters in ["pfpes", ""] {
        let text = baseline(letters).to_text();
        assert_eq!(Baseline::from_text(&text).unwrap().to_text(), text);
        let lines = text.lines().filter(|line| line.contains("\"hash\":\"")).count();
        assert_eq!(lines, letters.len());
    }
}

#[test]
fn one_example_more_is_one_line_more() {
    let (before, after) = (baseline("pp").to_text(), baseline("ppp").to_text());
    let fresh: Vec<&str> = after.lines().filter(|line| !before.contains(*line)).collect();
    // The line before it gets a comma.
    assert_eq!(fresh.len(), 2, "{fresh:?}");
}

//! The file of a baseline.

use evalward_core::{Partition, ScoreRow, Timestamp};
use evalward_gate::{Baseline, RunScores};
use insta::assert_snapshot;

use crate::support::rows;

fn baseline(letters: &str) -> Baseline {
    let mut scores = RunScores::default();
    for row in rows(Partition::Golden, letters) {
        scores.push(&ScoreRow::from(&row)).unwrap();
    }
    baseline_of(scores)
}

/// Makes the baseline of a run with these scores.
pub(crate) fn baseline_of(scores: RunScores) -> Baseline {
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

#[test]
fn scores_that_no_run_has_are_refused() {
    let refused = |from: &str, to: &str| {
        let text = baseline("p").to_text();
        let with_score =
            text.replace("\"metrics\":{}", "\"metrics\":{\"m\":{\"n\":1,\"mean\":0.5}}");
        let scales = "\"scales\": {\n      \"m\": { \"min\": 0.0, \"max\": 1.0 }\n    }";
        let whole = with_score.replace("\"scales\": {}", scales);
        Baseline::from_text(&whole).unwrap();
        let edited = whole.replace(from, to);
        assert_ne!(edited, whole);
        Baseline::from_text(&edited).unwrap_err().to_string()
    };
    assert_snapshot!(refused("0.5", "-40.0"), @"the baseline contradicts itself: example `golden-0` has a mean of `m` outside its scale");
    assert_snapshot!(refused("\"n\":1", "\"n\":2"), @"the baseline contradicts itself: example `golden-0` has more scores of `m` than trials");
    assert_snapshot!(refused("\"passed\":1", "\"passed\":0"), @"the baseline contradicts itself: example `golden-0` has no trial");
    assert_snapshot!(refused("\"m\": {", "\"other\": {"), @"the baseline contradicts itself: example `golden-0` has scores of `m`, whose scale is missing");
    assert_snapshot!(refused("\"passed\":1", "\"passed\":-1"), @"the file is no baseline");
}

//! Reviewing a candidate, as a person does on the command line.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::assistant;
use super::monitored::get;
use super::scene::Scene;

/// One of the dataset's owners.
pub(super) const REVIEWER: &str = "support-lead";

/// Why the failure happened, in the reviewer's words.
const ROOT_CAUSE: &str =
    "The holiday patch replaced the prompt's part on persona and closing instead of adding to it.";

/// Returns the candidate of a pattern.
pub(super) fn candidate_of(scene: &Scene, pattern: &Value) -> Result<Value> {
    let id = pattern["candidate"].as_str().context("the pattern has no candidate")?;
    get(&mut scene.client(), &format!("/api/v1/candidates/{id}"))
}

/// Returns what the released assistant answers to the candidate's input; the reviewer takes it as the expected output.
pub(super) fn right_answer(scene: &Scene, candidate: &Value) -> Result<String> {
    assistant::ask(&scene.assistant, &candidate["example"]["input"])
}

/// Approves a candidate with an expected output.
pub(super) fn approve(scene: &Scene, candidate: &Value, expected: &str) -> Result<()> {
    let id = candidate["id"].as_str().context("a candidate has an id")?;
    let arguments = [
        "feedback",
        "approve",
        id,
        "--monitor",
        &scene.monitor_url(),
        "--reviewer",
        REVIEWER,
        "--root-cause",
        ROOT_CAUSE,
        "--expected-output",
        expected,
    ];
    let finished = scene.evalward(&arguments)?;
    ensure!(
        finished.code == Some(0),
        "`evalward {}` failed: {}",
        arguments.join(" "),
        finished.output
    );
    Ok(())
}

//! What customers ask.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

/// The part of the dataset that looks like the traffic.
const DISTRIBUTION: &str = "datasets/support/distribution.jsonl";

/// Reads the questions of the distribution partition and puts them as customers do, so that none repeats an example exactly.
///
/// Questions whose right answer is a short refusal are left out: the suite exempts them from its rules by their tag, and
/// production has no tags.
pub(super) fn read(repository: &Path) -> Result<Vec<Value>> {
    let text = fs::read_to_string(repository.join(DISTRIBUTION))
        .with_context(|| format!("failed to read `{DISTRIBUTION}`"))?;
    let mut questions = Vec::new();
    for line in text.lines() {
        let example: Value = serde_json::from_str(line)?;
        let tags = example["tags"].as_array();
        if tags.is_some_and(|tags| tags.contains(&json!("refusal"))) {
            continue;
        }
        if let Some(question) = example["input"]["question"].as_str() {
            questions.push(json!({"question": format!("{question} Thank you!")}));
        }
    }
    ensure!(questions.len() >= 100, "`{DISTRIBUTION}` holds {} questions only", questions.len());
    Ok(questions)
}

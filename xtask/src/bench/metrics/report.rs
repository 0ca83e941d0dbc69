//! Measuring all cases, and the table of it.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::cases::CASES;
use super::reference::Reference;
use crate::bench::side::{self, Side};
use crate::bench::{beside, document, machine};
use crate::console::say;
use crate::repository::Repository;

/// Where real pairs of texts are.
const PAIRS: &str = "crates/evalward-metrics/tests/fixtures/text/pairs.jsonl";

/// How long both texts of a measured pair are.
const CHARACTERS: std::ops::RangeInclusive<usize> = 150..=240;

/// How often each side measures each case, in turns.
const ROUNDS: usize = 7;

/// Measures, compares with the targets, and writes the figures down where that is wanted.
pub(crate) fn run(repository: &Repository, write: bool) -> Result<()> {
    let shell = repository.shell()?;
    let reference = Reference::install(&shell, &repository.target()?)?;
    say("building the benchmark");
    let ours = side::build(&shell, "evalward-metrics")?;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("pairs.json");
    let pairs = pairs(&repository.root().join(PAIRS))?;
    fs::write(&path, serde_json::to_string(&pairs)?)?;
    let mut command = Command::new(ours);
    command.arg(&path);
    let sides = (Side::start(command)?, Side::start(reference.command(&path))?);
    let rows = beside::measure_all(CASES, sides, ROUNDS)?;
    let table = format!("{}\n\n{}", describe(&pairs), beside::table(&rows));
    say(&format!("\n{table}"));
    if write {
        let section = format!("{}\n{table}", machine::describe(&shell)?);
        document::rewrite(&repository.root().join(document::PATH), "metrics", &section)?;
        say(&format!("wrote {}", document::PATH));
    }
    beside::check_targets(&rows)
}

/// Reads the real pairs whose texts have the right length.
fn pairs(path: &Path) -> Result<Vec<(String, String)>> {
    #[derive(Deserialize)]
    struct Line {
        output: String,
        references: Vec<String>,
    }
    let text =
        fs::read_to_string(path).with_context(|| format!("failed to read `{}`", path.display()))?;
    let mut pairs = Vec::new();
    for line in text.lines() {
        let Line { output, references } = serde_json::from_str(line)?;
        let reference = references.into_iter().next().unwrap_or_default();
        if [&output, &reference].iter().all(|text| CHARACTERS.contains(&text.chars().count())) {
            pairs.push((output, reference));
        }
    }
    Ok(pairs)
}

fn describe(pairs: &[(String, String)]) -> String {
    let characters: usize =
        pairs.iter().map(|(left, right)| left.chars().count() + right.chars().count()).sum();
    format!(
        "- {} pairs of texts of {} characters on average",
        pairs.len(),
        characters / (2 * pairs.len()).max(1)
    )
}

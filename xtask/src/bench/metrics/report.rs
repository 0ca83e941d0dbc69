//! Measuring all cases, and the table of it.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::cases::CASES;
use super::embeddings::Embeddings;
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
    let all = pairs(&repository.root().join(PAIRS))?;
    let has_length = |text: &String| CHARACTERS.contains(&text.chars().count());
    let is_measured = |(left, right): &&(String, String)| has_length(left) && has_length(right);
    let pairs: Vec<(String, String)> = all.iter().filter(is_measured).cloned().collect();
    let texts: Vec<String> = all.into_iter().map(|(output, _)| output).collect();
    let embeddings = Embeddings::measure(repository, &texts)?;
    say(&embeddings.describe());
    fs::write(&path, serde_json::to_string(&pairs)?)?;
    let mut command = Command::new(ours);
    command.arg(&path);
    let sides = (Side::start(command)?, Side::start(reference.command(&path))?);
    let rows = beside::measure_all(CASES, sides, ROUNDS)?;
    let table =
        format!("{}\n\n{}\n{}", describe(&pairs), beside::table(&rows), embeddings.describe());
    say(&format!("\n{table}"));
    if write {
        let section = format!("{}\n{table}", machine::describe(&shell)?);
        document::rewrite(&repository.root().join(document::PATH), "metrics", &section)?;
        say(&format!("wrote {}", document::PATH));
    }
    beside::check_targets(&rows)?;
    embeddings.check_target()
}

/// Reads real outputs, each with its first reference.
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
        pairs.push((output, references.into_iter().next().unwrap_or_default()));
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

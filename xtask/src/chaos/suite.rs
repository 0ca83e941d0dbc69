//! The suite of runs under stress, and what became of its examples.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

/// Who makes the call of each example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// The subject, whose answer is compared with the right one.
    Subject,
    /// A judge of recorded answers.
    Judge,
}

/// What the rows of a run say, one for each example.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rows {
    pub(super) passed: u64,
    pub(super) failed: u64,
    /// Those of the others that the run came to.
    pub(super) errored: u64,
    pub(super) unfinished: u64,
}

impl fmt::Display for Asked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Subject => "subject",
            Self::Judge => "judge",
        })
    }
}

/// Runs or resumes the suite of a folder, without the cache, so that nothing but the run's own folder can keep what was done.
pub(super) fn command(evalward: &Path, folder: &Path, resume: bool) -> Command {
    let mut command = Command::new(evalward);
    command.current_dir(folder).args(["--quiet", "run", "--no-cache"]).stdout(Stdio::null());
    if resume {
        command.arg("--resume");
    }
    command
}

/// Writes a suite of so many examples, each of which takes one call; `keys` are further keys of the model that is called.
pub(super) fn write_suite(
    folder: &Path,
    asked: Asked,
    address: &str,
    examples: u32,
    keys: &str,
) -> Result<()> {
    let dataset = folder.join("dataset");
    fs::create_dir(&dataset)?;
    let settings = "name = \"chaos\"\ntask_type = \"question_answering\"\n";
    fs::write(dataset.join("dataset.toml"), settings)?;
    let (mut lines, mut answers) = (String::new(), String::new());
    for number in 0..examples {
        let id = format!("e-{number:06}");
        let input = json!({"question": format!("question {number}")});
        writeln!(lines, "{}", json!({"id": id, "input": input, "expected_output": "yes"}))?;
        writeln!(answers, "{}", json!({"id": id, "output": "yes"}))?;
    }
    fs::write(dataset.join("distribution.jsonl"), lines)?;
    let model = format!("model = \"load\"\nbase_url = \"{address}/v1\"\n{keys}\n");
    let asks = match asked {
        Asked::Subject => {
            fs::write(folder.join("prompt.md.j2"), "{{ input.question }}")?;
            format!(
                "[subject.openai]\nprompt = \"prompt.md.j2\"\n{model}\n[metrics.right.exact_match]\nthreshold = 1.0\n"
            )
        }
        Asked::Judge => {
            fs::write(folder.join("answers.jsonl"), answers)?;
            format!(
                "[subject.recorded]\nfile = \"answers.jsonl\"\n\n[judges]\ncanaries = false\n\n[judges.model.openai]\n{model}\n[metrics.right.judge]\njudge = \"helpfulness\"\nthreshold = 3.0\nsamples = 1\n"
            )
        }
    };
    let suite = format!(
        "[suite]\nname = \"chaos\"\ndataset = \"dataset\"\n\n{asks}\n[gates.distribution]\npass_rate = 0.5\n"
    );
    Ok(fs::write(folder.join("evalward.toml"), suite)?)
}

/// Reads what the only run of a folder says; every example must have one row.
pub(super) fn read_rows(folder: &Path, examples: u32) -> Result<Rows> {
    let mut runs = fs::read_dir(folder.join(".evalward/runs"))?;
    let run = runs.next().context("there is no run")??.path();
    ensure!(runs.next().is_none(), "there is more than one run");
    let (mut rows, mut ids) = (Rows::default(), BTreeSet::new());
    for line in fs::read_to_string(run.join("results.jsonl"))?.lines() {
        let row: Value = serde_json::from_str(line)?;
        let id = row["example_id"].as_str().context("a row without an example")?;
        ensure!(ids.insert(id.to_owned()), "example `{id}` has two rows");
        match row["outcome"].as_str() {
            Some("passed") => rows.passed += 1,
            Some("failed") => rows.failed += 1,
            _ if row["unfinished"] == true => rows.unfinished += 1,
            _ => rows.errored += 1,
        }
    }
    let expected = usize::try_from(examples)?;
    ensure!(ids.len() == expected, "{} of {expected} examples have a row", ids.len());
    Ok(rows)
}

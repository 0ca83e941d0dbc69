//! Measuring evalward itself, in the same way.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::measured::{Measured, Runs};
use super::server::Server;
use super::suite::Setting;
use super::timed::{self, Timed};
use crate::console::say;

/// The suite: names and contents.
const FILES: [(&str, &str); 3] = [
    ("evalward.toml", include_str!("evalward/evalward.toml")),
    ("judge.toml", include_str!("evalward/judge.toml")),
    ("dataset/dataset.toml", include_str!("evalward/dataset.toml")),
];

/// What the model answers; `$1` is the code of the request.
const REPLY: &str =
    r#"{"code": "$1", "criteria": {"correct": {"reasoning": "It says the same.", "score": 3}}}"#;

/// Finds the code in a request.
const CODE: &str = r"The code of this request is (\w+)\.";

/// Measures runs with an empty cache, each followed by one in which every answer is cached.
pub(super) fn measure(evalward: &Path, setting: &Setting) -> Result<Measured> {
    let (cold, cached) = (Runs::new(), Some(Runs::new()));
    let version_seconds = Vec::new();
    let mut measured = Measured { cold, cached, repeated_calls: 0, version_seconds };
    for round in 1..=setting.rounds {
        say(&format!("evalward: round {round} of {}", setting.rounds));
        let folder = tempfile::tempdir()?;
        write(folder.path(), setting)?;
        let arguments = ["--reply", REPLY, "--repeated", CODE];
        let server = Server::start(&setting.load_server, &arguments)?;
        let stage = Stage { evalward, setting, folder: folder.path(), server };
        measured.cold.push(stage.run(u64::from(setting.examples))?);
        measured.cached.get_or_insert_default().push(stage.run(0)?);
        let mut version = Command::new(evalward);
        let output = folder.path().join("version.txt");
        let version = timed::run(version.arg("--version"), &output)?;
        measured.version_seconds.push(version.wall);
    }
    Ok(measured)
}

/// A folder with the suite, and a server for it.
struct Stage<'a> {
    evalward: &'a Path,
    setting: &'a Setting,
    folder: &'a Path,
    server: Server,
}

impl Stage<'_> {
    /// Runs the suite, which must make so many calls and pass with every example.
    fn run(&self, wanted_calls: u64) -> Result<Timed> {
        let runs = self.folder.join(".evalward/runs");
        if runs.exists() {
            // The cache beside it stays.
            fs::remove_dir_all(&runs)?;
        }
        let before = self.server.requests()?;
        let mut command = Command::new(self.evalward);
        command.current_dir(self.folder).args(["--quiet", "run", "--concurrency"]);
        command.arg(self.setting.concurrency.to_string());
        command.env("OPENAI_BASE_URL", self.server.base_url()).env_remove("OPENAI_API_KEY");
        let timed = timed::run(&mut command, &self.folder.join("output.txt"))?;
        let calls = self.server.requests()? - before;
        say(&format!("  {:.2} s wall, {:.2} s CPU, {calls} calls", timed.wall, timed.processor));
        ensure!(calls == wanted_calls, "{calls} calls were made where {wanted_calls} were due");
        let passed = passed(&runs)?;
        let examples = self.setting.examples;
        ensure!(passed == u64::from(examples), "{passed} of {examples} examples passed");
        Ok(timed)
    }
}

/// Reads how many examples passed in the only run.
fn passed(runs: &Path) -> Result<u64> {
    let mut runs = fs::read_dir(runs)?.filter_map(Result::ok).map(|it| it.path());
    let run = runs.find(|it| it.join("summary.json").is_file()).context("there is no run")?;
    let summary: Value = serde_json::from_str(&fs::read_to_string(run.join("summary.json"))?)?;
    summary["counts"]["passed"].as_u64().context("the summary has no count")
}

fn write(folder: &Path, setting: &Setting) -> Result<()> {
    fs::create_dir(folder.join("dataset"))?;
    for (name, text) in FILES {
        fs::write(folder.join(name), text)?;
    }
    let mut lines = BufWriter::new(File::create(folder.join("dataset/distribution.jsonl"))?);
    let mut responses = BufWriter::new(File::create(folder.join("responses.jsonl"))?);
    for (number, it) in setting.examples().enumerate() {
        let id = format!("example-{:06}", number + 1);
        let example =
            json!({"id": id, "input": {"question": it.input}, "expected_output": it.expected});
        writeln!(lines, "{example}")?;
        writeln!(responses, "{}", json!({"id": id, "output": it.output}))?;
    }
    lines.flush()?;
    responses.flush()?;
    Ok(())
}

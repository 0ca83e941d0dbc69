//! A process that answers for one side, a case a line.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};
use serde::Deserialize;
use xshell::{Shell, cmd};

/// A measurement of one side.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(in crate::bench) struct Measured {
    /// The processor seconds of a call.
    pub(in crate::bench) seconds: f64,
    /// What the call returned.
    pub(in crate::bench) value: f64,
}

/// Builds the side of a package and returns its path.
pub(in crate::bench) fn build(shell: &Shell, package: &str) -> Result<PathBuf> {
    #[derive(Deserialize)]
    struct Message {
        executable: Option<PathBuf>,
    }
    let messages = cmd!(
        shell,
        "cargo bench --quiet --package {package} --bench speed --no-run --message-format json"
    );
    let messages = messages.quiet().read()?;
    let mut built = messages.lines().filter_map(|line| serde_json::from_str::<Message>(line).ok());
    let path = built.find_map(|message| message.executable).context("cargo built no benchmark")?;
    fs::metadata(&path).with_context(|| format!("failed to find `{}`", path.display()))?;
    Ok(path)
}

/// A running side.
#[derive(Debug)]
pub(in crate::bench) struct Side {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Side {
    /// Starts the process.
    pub(in crate::bench) fn start(mut command: Command) -> Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().context("failed to start a side of the benchmark")?;
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().context("a side without an output")?);
        Ok(Self { child, stdin, stdout })
    }

    /// Measures a case.
    pub(in crate::bench) fn measure(&mut self, case: &str) -> Result<Measured> {
        let stdin = self.stdin.as_mut().context("a side without an input")?;
        writeln!(stdin, "{case}")?;
        stdin.flush()?;
        let mut line = String::new();
        self.stdout.read_line(&mut line)?;
        serde_json::from_str(&line).with_context(|| format!("failed to measure `{case}`"))
    }
}

impl Drop for Side {
    fn drop(&mut self) {
        // The end of its input ends the process.
        self.stdin = None;
        drop(self.child.wait());
    }
}

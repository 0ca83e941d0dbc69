//! A process that answers for one side, a case a line.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};
use serde::Deserialize;

/// A measurement of one side.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Measured {
    /// The processor seconds of a call.
    pub(super) seconds: f64,
    /// What the call returned.
    pub(super) value: f64,
}

/// A running side.
#[derive(Debug)]
pub(super) struct Side {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

impl Side {
    /// Starts the process.
    pub(super) fn start(mut command: Command) -> Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().context("failed to start a side of the benchmark")?;
        let stdin = child.stdin.take();
        let stdout = BufReader::new(child.stdout.take().context("a side without an output")?);
        Ok(Self { child, stdin, stdout })
    }

    /// Measures a case.
    pub(super) fn measure(&mut self, case: &str) -> Result<Measured> {
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

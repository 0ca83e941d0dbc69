//! One process that answers line by line.

use std::time::Duration;

use futures::FutureExt;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::time::timeout;

use super::process::Process;

/// The longest line that is read, in bytes.
const MAX_LINE: u64 = 64 * 1024 * 1024;

/// A running worker.
#[derive(Debug)]
pub(super) struct Worker {
    pub(super) process: Process,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    /// Whether it has answered before, so that its start is over.
    pub(super) has_answered: bool,
}

/// Why a worker gave no line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoLine {
    /// Its output ended.
    Died,
    /// It took too long.
    TimedOut,
    /// Its line is too long or no text.
    Unreadable(&'static str),
}

impl Worker {
    pub(super) fn new((process, stdin, stdout): (Process, ChildStdin, ChildStdout)) -> Self {
        Self { process, stdin, stdout: BufReader::new(stdout), has_answered: false }
    }

    /// Returns whether something stands in the output that nobody asked for, which would be taken for the next answer.
    pub(super) fn has_stray_output(&mut self) -> bool {
        self.stdout
            .fill_buf()
            .now_or_never()
            .is_some_and(|waiting| waiting.is_ok_and(|bytes| !bytes.is_empty()))
    }

    /// Writes a line and reads one, both at once, so that neither side waits for the other for ever.
    pub(super) async fn exchange(
        &mut self,
        line: &[u8],
        limit: Duration,
    ) -> Result<String, NoLine> {
        let Self { stdin, stdout, .. } = self;
        let write = async {
            stdin.write_all(line).await?;
            stdin.flush().await
        };
        let both = async { tokio::join!(write, read_line(stdout)) };
        // A worker that cannot be written to has died, which the reading end tells.
        let (_written, read) = timeout(limit, both).await.map_err(|_| NoLine::TimedOut)?;
        let line = read?;
        self.has_answered = true;
        Ok(line)
    }

    /// Closes the worker's input, waits a little for its end, and kills it otherwise.
    pub(super) async fn stop(self) {
        let Self { mut process, stdin, stdout, .. } = self;
        drop((stdin, stdout));
        process.end().await;
    }
}

async fn read_line(stdout: &mut BufReader<ChildStdout>) -> Result<String, NoLine> {
    let mut line = Vec::new();
    let read = stdout.take(MAX_LINE).read_until(b'\n', &mut line).await;
    let length = read.map_err(|_| NoLine::Died)?;
    if !line.ends_with(b"\n") {
        let cut = u64::try_from(length).is_ok_and(|length| length == MAX_LINE);
        let too_long = NoLine::Unreadable("answered a line of more than 64 MiB");
        return Err(if cut { too_long } else { NoLine::Died });
    }
    String::from_utf8(line).map_err(|_| NoLine::Unreadable("answered a line that is not UTF-8"))
}

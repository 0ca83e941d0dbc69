//! Starting and ending processes of a program.

use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use evalward_core::{CallError, CallErrorKind};
use rustix::process::{Pid, Signal, kill_process_group};
use secrecy::ExposeSecret;
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};

use super::ProgramOptions;
use super::tail::Tail;
use crate::headers::blank_one;
use crate::{ModelError, excerpt};

/// How long a process is waited for once its streams have ended.
const PATIENCE: Duration = Duration::from_secs(2);

/// A program that can be started.
#[derive(Debug)]
pub(super) struct Program {
    options: ProgramOptions,
    prepared: OnceCell<Result<(), CallError>>,
    permits: Semaphore,
}

/// A running process.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    stderr: Tail,
}

impl Program {
    pub(super) fn new(options: ProgramOptions) -> Result<Self, ModelError> {
        options.check()?;
        let most = options.max_workers.map_or(Semaphore::MAX_PERMITS, Into::into);
        let permits = Semaphore::new(most.min(Semaphore::MAX_PERMITS));
        Ok(Self { options, prepared: OnceCell::new(), permits })
    }

    pub(super) const fn options(&self) -> &ProgramOptions {
        &self.options
    }

    /// Waits until one more process may be busy, and until the program is built.
    pub(super) async fn ready(&self) -> Result<SemaphorePermit<'_>, CallError> {
        self.prepared.get_or_init(|| self.prepare()).await.clone()?;
        self.permits
            .acquire()
            .await
            .map_err(|_| self.error(CallErrorKind::Unreachable, "was shut down", ""))
    }

    async fn prepare(&self) -> Result<(), CallError> {
        let Some(words) = &self.options.prepare else { return Ok(()) };
        let failed = |what: &str, tail: &str| {
            error(CallErrorKind::Unreachable, "`prepare` command", words, what, &self.blank(tail))
        };
        let mut process =
            self.spawn(words).map_err(|source| failed(&start_failure(&source), ""))?;
        let mut stdout = process.child.stdout.take().map(Tail::of);
        drop(process.child.stdin.take());
        let limit = self.options.prepare_timeout;
        let ended = tokio::time::timeout(limit, process.child.wait()).await;
        process.stderr.settle().await;
        if let Some(stdout) = &mut stdout {
            stdout.settle().await;
        }
        let said = || {
            let stdout = stdout.as_ref().map(Tail::text).unwrap_or_default();
            let stderr = process.stderr.text();
            if stderr.is_empty() { stdout } else { stderr }
        };
        match ended {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(Ok(status)) => Err(failed(&ended_with(status), &said())),
            Ok(Err(source)) => Err(failed(&source.to_string(), &said())),
            Err(_) => Err(failed(&format!("did not end within {} s", limit.as_secs()), &said())),
        }
    }

    fn spawn(&self, words: &[String]) -> io::Result<Process> {
        let mut child = self.options.command(words).spawn()?;
        let stderr = child.stderr.take().ok_or_else(|| io::Error::other("it has no stderr"))?;
        Ok(Process { child, stderr: Tail::of(stderr) })
    }

    /// Starts the program.
    pub(super) fn start(&self) -> Result<(Process, ChildStdin, ChildStdout), CallError> {
        let failed = |source| self.error(CallErrorKind::Unreachable, &start_failure(&source), "");
        let mut process = self.spawn(&self.options.command).map_err(failed)?;
        let streams = process.child.stdin.take().zip(process.child.stdout.take());
        let (stdin, stdout) = streams.ok_or_else(|| failed(io::Error::other("it has no stdin")))?;
        Ok((process, stdin, stdout))
    }

    /// Makes an error that names the program and shows the end of its stderr.
    pub(super) fn error(&self, kind: CallErrorKind, what: &str, tail: &str) -> CallError {
        let (what, tail) = (self.blank(what), self.blank(tail));
        error(kind, "program", &self.options.command, &what, &tail)
    }

    /// Removes the values of the options' environment variables from a text.
    fn blank(&self, text: &str) -> String {
        let mut blanked = text.to_owned();
        for (_, value) in &self.options.env {
            blank_one(&mut blanked, value.expose_secret());
        }
        blanked
    }
}

impl Process {
    /// Returns whether the process has ended.
    pub(super) fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits a little for the process to end by itself, kills it if it does not, and says how it ended.
    pub(super) async fn end(&mut self) -> String {
        let waited = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let how = match waited {
            Ok(Ok(status)) => ended_with(status),
            Ok(Err(error)) => format!("was lost: {error}"),
            Err(_) => {
                self.kill().await;
                "closed its output but went on running".to_owned()
            }
        };
        self.stderr.settle().await;
        how
    }

    /// Returns the status with which the process ended.
    pub(super) async fn status(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    pub(super) async fn kill(&mut self) {
        self.kill_group();
        if let Err(error) = self.child.kill().await {
            let error: &dyn std::error::Error = &error;
            tracing::debug!(error, "a process could not be killed");
        }
        self.stderr.settle().await;
    }

    /// Kills what the process started as well: it leads a group of its own, and wrappers such as `uv run` have children.
    fn kill_group(&self) {
        let leader = self.child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?));
        if let Some(Err(error)) = leader.map(|leader| kill_process_group(leader, Signal::KILL)) {
            let error: &dyn std::error::Error = &error;
            tracing::debug!(error, "a process group could not be killed");
        }
    }

    /// Returns the end of the process's stderr.
    pub(super) fn stderr(&self) -> String {
        self.stderr.text()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill_group();
    }
}

pub(super) fn ended_with(status: ExitStatus) -> String {
    format!("ended ({status})")
}

fn start_failure(source: &io::Error) -> String {
    let hint = match source.kind() {
        io::ErrorKind::NotFound => {
            "; check that it is installed and on the PATH, and that the folder it runs in exists"
        }
        io::ErrorKind::PermissionDenied => "; check that the file is executable",
        _ => "",
    };
    format!("cannot be started: {source}{hint}")
}

fn error(kind: CallErrorKind, noun: &str, words: &[String], what: &str, tail: &str) -> CallError {
    let command = excerpt(&words.join(" "));
    let tail = if tail.is_empty() { String::new() } else { format!("; its output ends:\n{tail}") };
    CallError::new(kind, format!("{noun} `{command}` {what}{tail}"))
}

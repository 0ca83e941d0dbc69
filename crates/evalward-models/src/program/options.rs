//! Settings of a program.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use tokio::process::Command;

use crate::ModelError;

/// How a program is started, and how long it may take.
#[derive(Clone, Debug)]
pub struct ProgramOptions {
    /// The program and its arguments; no shell is involved.
    pub command: Vec<String>,
    /// The folder in which it runs; by default the current one.
    pub cwd: Option<PathBuf>,
    /// Environment variables that are added to evalward's own.
    pub env: Vec<(String, SecretString)>,
    /// A command that is run once before the first start, such as a build.
    pub prepare: Option<Vec<String>>,
    /// The longest time of `prepare`.
    pub prepare_timeout: Duration,
    /// The longest time of one answer.
    pub timeout: Duration,
    /// The longest time of a worker's first answer, which includes its start.
    pub start_timeout: Duration,
    /// The most processes at a time; by default as many as there are calls at a time.
    pub max_workers: Option<NonZeroUsize>,
}

impl ProgramOptions {
    /// Makes the options of a command with the default times.
    pub fn new<I: Into<String>>(command: impl IntoIterator<Item = I>) -> Self {
        Self {
            command: command.into_iter().map(Into::into).collect(),
            cwd: None,
            env: Vec::new(),
            prepare: None,
            prepare_timeout: Duration::from_mins(10),
            timeout: Duration::from_mins(1),
            start_timeout: Duration::from_mins(2),
            max_workers: None,
        }
    }

    pub(super) fn check(&self) -> Result<(), ModelError> {
        let commands = [Some(&self.command), self.prepare.as_ref()];
        let is_empty = |command: &Vec<String>| command.first().is_none_or(String::is_empty);
        if commands.into_iter().flatten().any(is_empty) {
            return Err(ModelError::EmptyCommand);
        }
        Ok(())
    }

    /// Makes a command that runs as these options say, with all three streams piped.
    pub(super) fn command(&self, words: &[String]) -> Command {
        let (program, arguments) = words.split_first().expect("a command was checked to be there");
        let mut command = Command::new(program);
        command
            .args(arguments)
            .envs(self.env.iter().map(|(name, value)| (name, value.expose_secret())))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        if let Some(folder) = &self.cwd {
            command.current_dir(folder);
        }
        command
    }
}

//! Errors as people see them: once, at the edge, with their chain and a hint.

use std::error::Error;
use std::fmt;
use std::io::{self, Write};

use evalward_config::ConfigErrors;
use evalward_core::visible;
use evalward_runs::RunError;

use crate::exit::ExitStatus;

/// The error of a command, with the exit code that belongs to it.
#[derive(Debug)]
pub(crate) struct CliError {
    status: ExitStatus,
    source: Source,
    hint: Option<String>,
}

#[derive(Debug)]
enum Source {
    Config(ConfigErrors),
    Other(Box<dyn Error + Send + Sync>),
}

impl CliError {
    /// Makes an error of wrong input (exit 2).
    pub(crate) fn input(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { status: ExitStatus::InputWrong, source: Source::Other(error.into()), hint: None }
    }

    /// Makes an error of an evaluation that could not be completed (exit 3).
    pub(crate) fn incomplete(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { status: ExitStatus::Incomplete, source: Source::Other(error.into()), hint: None }
    }

    /// Makes an error of wrong input from one whose text completes "failed to".
    pub(crate) fn failed_to(error: impl Error + Send + Sync + 'static) -> Self {
        Self::input(Failed(error))
    }

    /// Makes an error of what could not be completed (exit 3) from one whose text completes "failed to".
    pub(crate) fn unable_to(error: impl Error + Send + Sync + 'static) -> Self {
        Self::incomplete(Failed(error))
    }

    /// Returns the error with its causes on one line.
    pub(crate) fn in_one_line(&self) -> String {
        match &self.source {
            Source::Config(errors) => errors.to_string(),
            Source::Other(error) => {
                let mut text = error.to_string();
                let mut cause = error.source();
                while let Some(error) = cause {
                    text.push_str(": ");
                    text.push_str(&error.to_string());
                    cause = error.source();
                }
                text
            }
        }
    }

    /// Adds the way out.
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the way out, where one is known.
    pub(crate) fn with_hint_if(mut self, hint: Option<String>) -> Self {
        self.hint = self.hint.or(hint);
        self
    }

    /// Returns the exit status that belongs to the error.
    pub(crate) const fn status(&self) -> ExitStatus {
        self.status
    }

    /// Prints the error on stderr.
    pub(crate) fn print(&self, color: bool) {
        let text = match &self.source {
            Source::Config(errors) => errors.render(color),
            Source::Other(error) => visible(&self.chain(error.as_ref())).into_owned(),
        };
        // Nobody is left to tell when stderr is closed.
        drop(io::stderr().write_all(text.as_bytes()));
    }

    fn chain(&self, error: &dyn Error) -> String {
        let mut lines = vec![format!("error: {error}")];
        let mut cause = error.source();
        while let Some(error) = cause {
            lines.push(format!("  cause: {error}"));
            cause = error.source();
        }
        lines.extend(self.hint.iter().map(|hint| format!("  hint: {hint}")));
        lines.push(String::new());
        lines.join("\n")
    }
}

/// An error as a whole sentence.
#[derive(Debug)]
struct Failed<E>(E);

impl<E: Error> fmt::Display for Failed<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "failed to {}", self.0)
    }
}

impl<E: Error> Error for Failed<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

impl From<ConfigErrors> for CliError {
    fn from(errors: ConfigErrors) -> Self {
        Self { status: ExitStatus::InputWrong, source: Source::Config(errors), hint: None }
    }
}

impl From<RunError> for CliError {
    fn from(error: RunError) -> Self {
        let hint = error.hint();
        Self::input(error).with_hint_if(hint)
    }
}

/// Output that cannot be written, such as to a closed pipe.
impl From<io::Error> for CliError {
    fn from(error: io::Error) -> Self {
        Self::incomplete(error)
    }
}

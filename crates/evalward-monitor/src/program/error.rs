//! Errors as people see them: once, with their chain and a hint.

use std::error::Error;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use evalward_config::ConfigErrors;
use evalward_core::visible;
use evalward_monitor::{KeyError, ServeError};

/// Why the program ends with an error.
#[derive(Debug)]
pub(super) enum ProgramError {
    /// The configuration is wrong; nothing was started.
    Config(ConfigErrors),
    /// An argument is wrong; nothing was changed.
    Argument(KeyError),
    /// A metric cannot be computed; nothing was started.
    Metric(ServeError),
    /// Anything else.
    Other { error: Box<dyn Error + Send + Sync>, hint: Option<String> },
}

impl ProgramError {
    /// Returns the exit code that belongs to the error.
    pub(super) fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Config(_) | Self::Argument(_) | Self::Metric(_) => 2,
            Self::Other { .. } => 3,
        })
    }

    /// Prints the error on stderr.
    pub(super) fn print(&self, color: bool) {
        let text = match self {
            Self::Config(errors) => errors.render(color && io::stderr().is_terminal()),
            Self::Argument(error) => visible(&chain(error, error.hint())).into_owned(),
            Self::Metric(error) => visible(&chain(error, error.hint())).into_owned(),
            Self::Other { error, hint } => {
                visible(&chain(error.as_ref(), hint.as_deref())).into_owned()
            }
        };
        // Nobody is left to tell when stderr is closed.
        drop(io::stderr().write_all(text.as_bytes()));
    }
}

fn chain(error: &dyn Error, hint: Option<&str>) -> String {
    let mut lines = vec![format!("error: failed to {error}")];
    let mut cause = error.source();
    while let Some(error) = cause {
        lines.push(format!("  cause: {error}"));
        cause = error.source();
    }
    lines.extend(hint.map(|hint| format!("  hint: {hint}")));
    lines.push(String::new());
    lines.join("\n")
}

impl From<ConfigErrors> for ProgramError {
    fn from(errors: ConfigErrors) -> Self {
        Self::Config(errors)
    }
}

impl From<ServeError> for ProgramError {
    fn from(error: ServeError) -> Self {
        if matches!(error, ServeError::Metric { .. }) {
            return Self::Metric(error);
        }
        let hint = error.hint().map(str::to_owned);
        Self::Other { error: Box::new(error), hint }
    }
}

impl From<KeyError> for ProgramError {
    fn from(error: KeyError) -> Self {
        if error.is_about_arguments() {
            return Self::Argument(error);
        }
        let hint = error.hint().map(str::to_owned);
        Self::Other { error: Box::new(error), hint }
    }
}

/// The system gave no thread, no signal or no stream.
#[derive(Debug, thiserror::Error)]
#[error("use the system's threads, signals and streams")]
struct SystemError(#[source] io::Error);

impl From<io::Error> for ProgramError {
    fn from(error: io::Error) -> Self {
        Self::Other { error: Box::new(SystemError(error)), hint: None }
    }
}

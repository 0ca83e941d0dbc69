//! The closed list of formats.

use std::error::Error;
use std::fmt;
use std::io::Write;
use std::str::FromStr;

use evalward_core::Trial;

use crate::html::html;
use crate::settled::settled;
use crate::{Options, ReportError, Run, json, junit, markdown, terminal};

/// A form of report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Tables, failing examples and advice for a person at a terminal.
    Terminal,
    /// One document for programs.
    Json,
    /// Test results for continuous integration.
    Junit,
    /// A summary for pull requests and `GITHUB_STEP_SUMMARY`.
    Markdown,
    /// One page that needs no network, with every example to be searched.
    Html,
}

/// The error for an unknown name of a format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown format `{0}`: expected `terminal`, `json`, `junit`, `markdown` or `html`")]
pub struct ParseFormatError(String);

impl Format {
    /// All formats.
    pub const ALL: [Self; 5] =
        [Self::Terminal, Self::Json, Self::Junit, Self::Markdown, Self::Html];

    /// Returns the name as the command line spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Terminal => "terminal",
            Self::Json => "json",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Format {
    type Err = ParseFormatError;

    fn from_str(text: &str) -> Result<Self, ParseFormatError> {
        Self::ALL
            .into_iter()
            .find(|format| format.name() == text)
            .ok_or_else(|| ParseFormatError(text.to_owned()))
    }
}

/// Renders a run in a format.
///
/// # Errors
/// [`ReportError`] if a row cannot be read or the report cannot be written; what was written until then is not a whole report.
pub fn render<E>(
    format: Format,
    run: Run<'_>,
    trials: impl IntoIterator<Item = Result<Trial, E>>,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), ReportError>
where
    E: Into<Box<dyn Error + Send + Sync>>,
{
    match format {
        Format::Terminal => terminal(run, settled(run, trials), options, out),
        Format::Json => json(run, trials, out),
        Format::Junit => junit(run, settled(run, trials), out),
        Format::Markdown => markdown(run, settled(run, trials), options, out),
        Format::Html => html(run, trials, options, out),
    }
}

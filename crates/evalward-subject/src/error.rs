//! What can be wrong with the settings of a subject.

use std::io;
use std::path::PathBuf;

use evalward_models::ModelError;

/// The error of setting up a subject; nothing was called yet.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SubjectError {
    /// A template cannot be parsed.
    #[error("failed to read template at {name}:{line}: {reason}")]
    Template {
        /// The template's name, which is its file where it has one.
        name: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// A JSON pointer does not start with a slash.
    #[error(
        "failed to read JSON pointer `{pointer}` for `{field}`: it is neither empty nor starts with `/`"
    )]
    Pointer {
        /// The field of the response that it is for.
        field: &'static str,
        /// The pointer.
        pointer: String,
    },
    /// The client or the program cannot be set up.
    #[error("failed to set up the subject")]
    Model {
        /// Why.
        #[from]
        source: ModelError,
    },
    /// The file of responses cannot be read.
    #[error("failed to read responses from `{}`", path.display())]
    Responses {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A line of the file of responses is malformed.
    #[error("failed to read a response at {}:{line}: {reason}", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
    /// Two lines of the file of responses answer the same example.
    #[error("failed to read responses from `{}`: lines {first} and {second} both answer `{id}`", path.display())]
    Duplicate {
        /// The file.
        path: PathBuf,
        /// The example.
        id: String,
        /// The first line, from 1.
        first: u64,
        /// The second line.
        second: u64,
    },
}

impl SubjectError {
    /// Returns a way out, where one is known.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Model { source } => source.hint(),
            Self::Pointer { .. } => Some("write it as `/choices/0/text`, or `\"\"` for the whole"),
            Self::Line { .. } => Some(
                "a line is `{\"id\": …, \"output\": …}`, `{\"id\": …, \"response\": {…}}`, or a row of `results.jsonl`",
            ),
            Self::Duplicate { .. } => Some("keep one line for each example"),
            Self::Template { .. } | Self::Responses { .. } => None,
        }
    }
}

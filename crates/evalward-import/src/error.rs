//! Why an import cannot be made.

use std::io;
use std::path::PathBuf;

use crate::Place;

/// Why an import cannot be made; the text completes "failed to".
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file could not be read or written.
    #[error("{action} `{}`", .path.display())]
    Io {
        /// What was to be done.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why it could not.
        source: io::Error,
    },
    /// A file that another one names is not there.
    #[error("read `{target}`, which {place} names: there is no such file")]
    Missing {
        /// Where it is named.
        place: Place,
        /// The name.
        target: String,
    },
    /// A file is not of the form that its name promises.
    #[error("read {place}, column {column}: {reason}")]
    Syntax {
        /// Where.
        place: Place,
        /// The column, from 1.
        column: u64,
        /// What is wrong.
        reason: String,
    },
    /// A value has another form than it must have.
    #[error("read {place}: {reason}")]
    Form {
        /// Where.
        place: Place,
        /// What is wrong.
        reason: String,
    },
    /// References lead in a circle.
    #[error("follow `{reference}` at {place}: it leads to itself")]
    Circle {
        /// Where.
        place: Place,
        /// The reference.
        reference: String,
    },
    /// The tests make more examples than an import takes.
    #[error("expand the variables at {place}: they make more than {limit} examples")]
    TooMany {
        /// Where the limit was passed.
        place: Place,
        /// The limit.
        limit: usize,
    },
    /// The folder to write has files in it.
    #[error("write `{}`: it is there already", .path.display())]
    Taken {
        /// What is in the way.
        path: PathBuf,
    },
    /// A file of the translation could not be made.
    #[error("write an example of {place}")]
    Example {
        /// Where the example comes from.
        place: Place,
        /// Why it is none.
        source: serde_json::Error,
    },
}

impl ImportError {
    pub(crate) fn form(place: &Place, reason: impl Into<String>) -> Self {
        Self::Form { place: place.clone(), reason: reason.into() }
    }

    /// Returns what to do about it, where that is known.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Taken { .. } => Some("choose another folder, or replace the files with --force"),
            Self::TooMany { .. } => {
                Some("give the lists of variables fewer values, or split the tests over files")
            }
            Self::Missing { .. } => Some("paths start from the folder of the file that names them"),
            _ => None,
        }
    }
}

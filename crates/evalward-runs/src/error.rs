//! What can go wrong with the folder of a run.

use std::io;
use std::path::PathBuf;

/// The error of reading or writing the folder of a run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// There is no run yet.
    #[error("there are no runs in `{}`", folder.display())]
    NoRuns {
        /// The folder that was searched.
        folder: PathBuf,
    },
    /// No run has this name.
    #[error("no run in `{}` is called `{name}` or starts with it", folder.display())]
    Unknown {
        /// The folder that was searched.
        folder: PathBuf,
        /// The name that was looked for.
        name: String,
    },
    /// Several runs start with this name.
    #[error("`{name}` is the start of several runs: {}", candidates.join(", "))]
    Ambiguous {
        /// The name that was looked for.
        name: String,
        /// The runs that start with it.
        candidates: Vec<String>,
    },
    /// A file or folder could not be read or written.
    #[error("failed to {action} `{}`", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// A file is not what evalward wrote.
    #[error("`{}` is not a run's file: line {line} cannot be read", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// Why it cannot be read.
        #[source]
        source: serde_json::Error,
    },
    /// A process is writing the run.
    #[error("the run of `{}` goes on in another process", path.display())]
    GoesOn {
        /// The journal.
        path: PathBuf,
    },
    /// The folder was written in a format that this version does not know.
    #[error("`{}` has format {found}; this version reads format {known}", path.display())]
    Format {
        /// The manifest.
        path: PathBuf,
        /// The format found.
        found: u32,
        /// The format known.
        known: u32,
    },
}

impl RunError {
    pub(crate) fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }

    /// Returns a way out, where one is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::NoRuns { .. } => Some("run a suite first: `evalward run SUITE`".to_owned()),
            Self::Unknown { .. } => Some(
                "name a run by its id, the start of its id, its folder, or `latest`".to_owned(),
            ),
            Self::Ambiguous { .. } => Some("write more of the id".to_owned()),
            Self::Format { .. } => Some("use the version of evalward that wrote it".to_owned()),
            Self::GoesOn { .. } => Some("wait until it ends, or stop it first".to_owned()),
            Self::Io { .. } | Self::Malformed { .. } => None,
        }
    }
}

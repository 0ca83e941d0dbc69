//! What can be wrong with the settings of a client, a program or a recording.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// The error of setting up a client, a program or a recording; nothing was called yet.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// An address is not one that can be called.
    #[error("failed to read the address: {reason}")]
    Address {
        /// What is wrong with it; never the address itself, which may hold credentials.
        reason: String,
    },
    /// A header's name or value has a character that is not allowed.
    #[error("failed to use header `{name}`: its name or value has a character that is not allowed")]
    Header {
        /// The header's name.
        name: String,
    },
    /// The HTTP client could not be set up.
    #[error("failed to set up the HTTP client")]
    Client {
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// A second request would never be sent, since the first one is given up before.
    #[error(
        "failed to use a `hedge_after` of {after:?}: it is not shorter than `timeout`, which is {timeout:?}"
    )]
    Hedge {
        /// After how long the second request would be sent.
        after: Duration,
        /// After how long the first request is given up.
        timeout: Duration,
    },
    /// A command is empty.
    #[error("failed to read the command: it is empty")]
    EmptyCommand,
    /// A recording could not be read or written.
    #[error("failed to {action} recording `{}`", path.display())]
    RecordingFile {
        /// What was tried.
        action: &'static str,
        /// The recording.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// A recording that is compressed cannot be continued.
    #[error("failed to continue recording `{}`: it is compressed", path.display())]
    CompressedRecording {
        /// The recording.
        path: PathBuf,
    },
    /// A line of a recording is not what evalward writes.
    #[error("failed to read recording at {}:{line}: {reason}", path.display())]
    RecordingLine {
        /// The recording.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
}

impl ModelError {
    /// Returns a way out, where one is known.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Header { .. } => Some("look for a line end at the end of the value"),
            Self::Client { .. } => {
                Some("the system's certificates are needed: install `ca-certificates`")
            }
            Self::Hedge { .. } => Some("take a time that 19 of 20 answers stay below"),
            Self::RecordingLine { .. } => {
                Some("take the file from version control again, or record anew into another file")
            }
            Self::CompressedRecording { .. } => {
                Some("give it a name that ends in `.gz`, or unpack it with `gunzip` before")
            }
            Self::Address { .. } | Self::EmptyCommand | Self::RecordingFile { .. } => None,
        }
    }
}

//! Why patterns and candidates cannot be reached.

use std::path::PathBuf;

use evalward_store::StoreError;

use crate::review::ReviewError;

/// Why patterns and candidates cannot be read or reviewed.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// There is no store in this file.
    #[error("open the store `{}`: there is no such file", path.display())]
    NoFile {
        /// The file.
        path: PathBuf,
    },
    /// The store failed, or has no such thing.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The review is refused.
    #[error(transparent)]
    Review(#[from] ReviewError),
    /// The monitor's address or key cannot be used.
    #[error("use the monitor `{address}`: {problem}")]
    Address {
        /// The address.
        address: String,
        /// What is wrong.
        problem: String,
    },
    /// The monitor does not answer, or not as a monitor does.
    #[error("ask the monitor `{address}`")]
    Unreachable {
        /// The address.
        address: String,
        /// Why.
        #[source]
        source: reqwest::Error,
    },
    /// The monitor refuses.
    #[error("ask the monitor `{address}`: it answered {status}: {detail}")]
    Refused {
        /// The address.
        address: String,
        /// The status.
        status: u16,
        /// What it said.
        detail: String,
    },
    /// Something else answers there.
    #[error("ask the monitor `{address}`: it answered {status}, but not as a monitor does")]
    Foreign {
        /// The address.
        address: String,
        /// The status.
        status: u16,
    },
}

impl AccessError {
    /// Returns a way out, where one is known.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NoFile { .. } => "name the file that the monitor's `[store] url` names",
            Self::Unreachable { .. } | Self::Address { .. } | Self::Foreign { .. } => {
                "write the address that the monitor printed, such as `http://127.0.0.1:4318`"
            }
            Self::Refused { status: 401 | 403, .. } => {
                "set EVALWARD_API_KEY to a key with the scopes `read` and `review`"
            }
            Self::Review(ReviewError::Field { .. }) | Self::Refused { status: 422, .. } => {
                "`evalward feedback approve --help` lists what a review needs"
            }
            Self::Store(_) | Self::Review(_) | Self::Refused { .. } => return None,
        };
        Some(hint.to_owned())
    }
}

//! The one error type of the crate.

use std::error::Error;

/// What keeps the store from doing its duty.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The URL names no engine that is known.
    #[error("open the store `{url}`: {problem}")]
    Url {
        /// The URL, without its password.
        url: String,
        /// What is wrong with it, in words.
        problem: String,
    },
    /// The database cannot be reached or opened.
    #[error("open the store `{url}`")]
    Open {
        /// The URL, without its password.
        url: String,
        /// Why.
        #[source]
        source: sqlx::Error,
    },
    /// The schema is newer than this program, or a migration was changed after it was released.
    #[error("use the schema of the store: {problem}")]
    Schema {
        /// What is wrong with it, in words.
        problem: String,
    },
    /// A statement failed.
    #[error("{operation}")]
    Query {
        /// What was being done, such as `store a batch of interactions`.
        operation: &'static str,
        /// Why it failed.
        #[source]
        source: sqlx::Error,
    },
    /// A stored value cannot be read back.
    #[error("read a stored {what}: {problem}")]
    Corrupt {
        /// What was read, such as `interaction`.
        what: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// What was to be stored could not be had.
    #[error("read what is to be stored")]
    Rows {
        /// Why.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// More is waiting to be written than fits; try again soon.
    #[error("store a batch now: too many are waiting to be written")]
    Busy,
    /// The store was closed.
    #[error("use the store: it is closed")]
    Closed,
    /// There is no such thing.
    #[error("find {what} `{id}`")]
    NotFound {
        /// What was asked for, such as `candidate`.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// The thing is not in a state that allows this.
    #[error("{operation}: {problem}")]
    Conflict {
        /// What was asked for.
        operation: &'static str,
        /// Why it cannot be.
        problem: String,
    },
}

impl StoreError {
    /// Returns whether what was to be stored is at fault, so that trying again does not help.
    pub(crate) fn is_about_content(&self) -> bool {
        match self {
            Self::Corrupt { .. } => true,
            Self::Query { source: sqlx::Error::Database(error), .. } => {
                error.code().is_some_and(|code| is_code_about_content(&code))
            }
            _ => false,
        }
    }

    /// Returns the error with its cause, in one line.
    pub(crate) fn with_cause(&self) -> String {
        match self.source() {
            Some(cause) => format!("{self}: {cause}"),
            None => self.to_string(),
        }
    }
}

/// Knows the classes of PostgreSQL for data, integrity and limits of the program, and what SQLite has for them: an extended code
/// has the kind of error in its lowest byte.
fn is_code_about_content(code: &str) -> bool {
    const TOO_BIG: u32 = 18;
    const CONSTRAINT: u32 = 19;
    const MISMATCH: u32 = 20;
    if code.len() == 5 {
        return ["22", "23", "54"].iter().any(|class| code.starts_with(class));
    }
    let kind = code.parse::<u32>().map(|code| code & 0xff);
    matches!(kind, Ok(TOO_BIG | CONSTRAINT | MISMATCH))
}

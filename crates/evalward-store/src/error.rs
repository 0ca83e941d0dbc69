//! The one error type of the crate.

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

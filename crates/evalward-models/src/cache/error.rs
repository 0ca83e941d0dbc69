//! Why a cache cannot be used.

use std::io;
use std::path::Path;

/// The error of a cache; where calls go through it, it is told once and they go on without.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CacheError {
    /// The folder cannot be made.
    #[error("failed to make its folder")]
    Folder(#[source] io::Error),
    /// The database refuses.
    #[error("failed to {operation} it")]
    Database {
        /// What was tried.
        operation: &'static str,
        /// Why it failed.
        #[source]
        source: sqlx::Error,
    },
    /// It is some other file.
    #[error("it is no cache of evalward")]
    Foreign,
    /// Its format is not the one that this code writes.
    #[error("it has format {0}, which this version of evalward does not read")]
    Format(i64),
    /// An entry is not what was written.
    #[error("an entry is damaged")]
    Damaged,
}

impl CacheError {
    /// Returns whether the file is not what was written, so that only a new one helps.
    fn is_about_content(&self) -> bool {
        const CORRUPT: &str = "11";
        const NOT_A_DATABASE: &str = "26";
        match self {
            Self::Foreign | Self::Format(_) | Self::Damaged => true,
            Self::Folder(_) => false,
            Self::Database { source, .. } => {
                let code = source.as_database_error().and_then(sqlx::error::DatabaseError::code);
                matches!(code.as_deref(), Some(CORRUPT | NOT_A_DATABASE))
            }
        }
    }

    /// Says what is wrong with the file and what to do, as a sentence.
    pub fn sentence(&self, file: &Path) -> String {
        let cause = match self {
            Self::Folder(source) => format!(": {source}"),
            Self::Database { source, .. } => match source.as_database_error() {
                Some(error) => format!(": {}", error.message()),
                None => format!(": {source}"),
            },
            Self::Foreign | Self::Format(_) | Self::Damaged => String::new(),
        };
        let folder = file.parent().unwrap_or(file).display();
        let remedy = if self.is_about_content() {
            format!("delete the folder `{folder}`, which is made anew")
        } else {
            format!("see that the folder `{folder}` can be written, or do without by `--no-cache`")
        };
        format!("the cache `{}` is not used: {self}{cause}; {remedy}", file.display())
    }
}

/// Makes the error of an operation that the database refused.
pub(super) fn database(operation: &'static str) -> impl Fn(sqlx::Error) -> CacheError {
    move |source| CacheError::Database { operation, source }
}

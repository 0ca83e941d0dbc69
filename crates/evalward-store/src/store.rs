//! Opening a store.

use std::num::NonZeroU32;
use std::path::Path;

use crate::StoreError;

/// Which database a store is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// How a store is opened.
#[derive(Clone, Copy, Debug)]
pub struct StoreOptions {
    /// Connections that read (SQLite), or all connections but the writer's (PostgreSQL).
    pub connections: NonZeroU32,
    /// Batches of interactions that may wait for the writer; more are refused with [`StoreError::Busy`].
    pub waiting_batches: NonZeroU32,
}

impl Default for StoreOptions {
    fn default() -> Self {
        let number = |value| NonZeroU32::new(value).unwrap_or(NonZeroU32::MIN);
        Self { connections: number(4), waiting_batches: number(256) }
    }
}

/// An open store; clones share it.
#[derive(Clone, Debug)]
pub struct Store {}

impl Store {
    /// Opens a store by its URL (`sqlite://PATH`, `postgres://…`), creates the file where it is missing, and migrates the schema.
    pub async fn open(url: &str, options: StoreOptions) -> Result<Self, StoreError> {
        let _ = (url, options);
        todo!()
    }

    /// Returns the URL of the SQLite store in a file.
    pub fn url_of_file(path: &Path) -> String {
        format!("sqlite://{}", path.display())
    }

    /// Returns the engine.
    pub fn engine(&self) -> Engine {
        todo!()
    }

    /// Checks that the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        todo!()
    }

    /// Waits until everything that was handed over is written, and closes all connections.
    pub async fn close(&self) -> Result<(), StoreError> {
        todo!()
    }
}

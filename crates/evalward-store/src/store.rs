//! Opening a store.

use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;

use crate::database::Database;
use crate::writer::Writer;
use crate::{StoreError, migrate, open};

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
    /// The most of a SQLite file that the writer keeps in memory, in KiB; SQLite counts up to 2,147,483,647.
    pub cache_kib: NonZeroU32,
}

impl Default for StoreOptions {
    fn default() -> Self {
        let number = |value| NonZeroU32::new(value).unwrap_or(NonZeroU32::MIN);
        Self { connections: number(4), waiting_batches: number(256), cache_kib: number(64 * 1024) }
    }
}

/// An open store; clones share it.
#[derive(Clone, Debug)]
pub struct Store(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    database: Database,
    writer: Writer,
}

impl Store {
    /// Opens a store by its URL (`sqlite://PATH`, `postgres://…`), creates the file where it is missing, and migrates the schema.
    ///
    /// What follows `sqlite://` is the path as it is, without any encoding.
    ///
    /// # Errors
    /// [`StoreError::Url`] for another kind of URL, [`StoreError::Open`] where the database cannot be reached, and
    /// [`StoreError::Schema`] where its schema is not one that this program makes.
    pub async fn open(url: &str, options: StoreOptions) -> Result<Self, StoreError> {
        let database = open::connect(url, options).await?;
        if let Err(error) = migrate::migrate(&database).await {
            database.close().await;
            return Err(error);
        }
        let writer = Writer::start(database.clone(), options.waiting_batches);
        Ok(Self(Arc::new(Shared { database, writer })))
    }

    /// Returns the URL of the SQLite store in a file.
    pub fn url_of_file(path: &Path) -> String {
        format!("sqlite://{}", path.display())
    }

    /// Returns the engine.
    pub fn engine(&self) -> Engine {
        self.database().engine()
    }

    /// Checks that the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        let mut connection = self.database().read("reach the database").await?;
        connection.row(crate::sql::migrate::APPLIED, Vec::new()).await?;
        Ok(())
    }

    /// Waits until everything that was handed over is written, and closes all connections.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.writer().close().await;
        self.database().close().await;
        Ok(())
    }

    pub(crate) fn database(&self) -> &Database {
        &self.0.database
    }

    pub(crate) fn writer(&self) -> &Writer {
        &self.0.writer
    }
}

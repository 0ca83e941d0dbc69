//! The file of a cache: an SQLite database with one table.

use std::fs;
use std::path::Path;
use std::time::Duration;

use evalward_core::Digest;
use sqlx::error::DatabaseError;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use sqlx::{ConnectOptions as _, SqliteConnection};

use super::error::CacheError;

/// How long a statement waits for another process to finish writing.
const BUSY: Duration = Duration::from_secs(10);

/// How long a call waits for those before it.
const QUEUE: Duration = Duration::from_mins(1);

/// How often a new file is tried to be opened that another process is creating.
const ATTEMPTS: u32 = 20;

/// Tells the database of a cache from any other: `EVWD`.
const APPLICATION: i64 = 0x4556_5744;

/// The version of the format.
const FORMAT: i64 = 1;

// The cache is never anything but SQLite, so these statements are for one engine.
const READ_APPLICATION: &str = "PRAGMA application_id";
const READ_FORMAT: &str = "PRAGMA user_version";
const COUNT_OBJECTS: &str = "SELECT count(*) FROM sqlite_schema";
const WRITE_AHEAD: &str = "PRAGMA journal_mode = WAL";
/// The last answers may be lost when the machine goes down; the file stays whole.
const SYNCHRONOUS: &str = "PRAGMA synchronous = NORMAL";
const CREATE: &str = "CREATE TABLE IF NOT EXISTS calls (
    kind TEXT NOT NULL,
    key BLOB NOT NULL,
    answer BLOB NOT NULL,
    checksum BLOB NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT";
const MARK_APPLICATION: &str = "PRAGMA application_id = 0x45565744";
const MARK_FORMAT: &str = "PRAGMA user_version = 1";
const READ: &str = "SELECT answer, checksum FROM calls WHERE kind = $1 AND key = $2";
const WRITE: &str =
    "INSERT OR IGNORE INTO calls (kind, key, answer, checksum) VALUES ($1, $2, $3, $4)";

/// An open cache.
#[derive(Debug)]
pub(super) struct CacheFile {
    /// One connection: answers are small, and SQLite has one writer at any time.
    pool: SqlitePool,
}

impl CacheFile {
    /// Opens a cache, or makes one where there is no file.
    pub(super) async fn open(path: &Path) -> Result<Self, CacheError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(CacheError::Folder)?;
        }
        let mut attempt = 1;
        loop {
            match Self::try_open(path).await {
                // SQLite does not wait for another process that turns the write-ahead log on.
                Err(CacheError::Database { source, .. })
                    if attempt < ATTEMPTS && is_locked(&source) =>
                {
                    tokio::time::sleep(Duration::from_millis(10) * attempt).await;
                    attempt += 1;
                }
                opened => return opened,
            }
        }
    }

    async fn try_open(path: &Path) -> Result<Self, CacheError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .busy_timeout(BUSY)
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(QUEUE)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options)
            .await
            .map_err(database("open"))?;
        let mut connection = pool.acquire().await.map_err(database("open"))?;
        // Looked at before anything is changed: it may be some other program's.
        let is_new = is_new(&mut connection).await?;
        for statement in [WRITE_AHEAD, SYNCHRONOUS] {
            sqlx::query(statement).execute(&mut *connection).await.map_err(database("open"))?;
        }
        drop(connection);
        let file = Self { pool };
        if is_new {
            file.create().await?;
        }
        Ok(file)
    }

    async fn create(&self) -> Result<(), CacheError> {
        let failed = database("create");
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(&failed)?;
        for statement in [CREATE, MARK_APPLICATION, MARK_FORMAT] {
            sqlx::query(statement).execute(&mut *transaction).await.map_err(&failed)?;
        }
        transaction.commit().await.map_err(failed)
    }

    /// Returns the answers that there are, in the order of the keys.
    pub(super) async fn read(
        &self,
        kind: &str,
        keys: &[Digest],
    ) -> Result<Vec<Option<Vec<u8>>>, CacheError> {
        let failed = database("read");
        let mut connection = self.pool.acquire().await.map_err(&failed)?;
        let mut answers = Vec::with_capacity(keys.len());
        for key in keys {
            let row: Option<(Vec<u8>, Vec<u8>)> = sqlx::query_as(READ)
                .bind(kind)
                .bind(key.as_bytes().as_slice())
                .fetch_optional(&mut *connection)
                .await
                .map_err(&failed)?;
            answers.push(match row {
                None => None,
                Some((answer, sum)) if sum == checksum(kind, *key, &answer).as_bytes() => {
                    Some(answer)
                }
                Some(_) => return Err(CacheError::Damaged),
            });
        }
        Ok(answers)
    }

    /// Keeps answers, all or none; one that is there already stays.
    pub(super) async fn write(
        &self,
        kind: &str,
        answers: &[(Digest, Vec<u8>)],
    ) -> Result<(), CacheError> {
        let failed = database("write");
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(&failed)?;
        for (key, answer) in answers {
            sqlx::query(WRITE)
                .bind(kind)
                .bind(key.as_bytes().as_slice())
                .bind(answer.as_slice())
                .bind(checksum(kind, *key, answer).as_bytes().as_slice())
                .execute(&mut *transaction)
                .await
                .map_err(&failed)?;
        }
        transaction.commit().await.map_err(failed)
    }

    /// Closes the file, which folds the write-ahead log into it where no other process has it open.
    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}

/// Returns whether the database is empty, or an error where it is no cache.
async fn is_new(connection: &mut SqliteConnection) -> Result<bool, CacheError> {
    // In one transaction, so that another process that creates it is seen to have done all or nothing.
    let mut transaction = sqlx::Connection::begin(connection).await.map_err(database("open"))?;
    let mut found = [0_i64; 3];
    for (value, statement) in found.iter_mut().zip([READ_APPLICATION, READ_FORMAT, COUNT_OBJECTS]) {
        *value = sqlx::query_scalar(statement)
            .fetch_one(&mut *transaction)
            .await
            .map_err(database("open"))?;
    }
    transaction.rollback().await.map_err(database("open"))?;
    match found {
        [0, 0, 0] => Ok(true),
        [APPLICATION, FORMAT, _] => Ok(false),
        [APPLICATION, other, _] => Err(CacheError::Format(other)),
        _ => Err(CacheError::Foreign),
    }
}

/// Returns what an entry must hash to: its place and its content.
fn checksum(kind: &str, key: Digest, answer: &[u8]) -> Digest {
    Digest::chain([Digest::of(kind.as_bytes()), key, Digest::of(answer)])
}

fn database(operation: &'static str) -> impl Fn(sqlx::Error) -> CacheError {
    move |source| CacheError::Database { operation, source }
}

fn is_locked(error: &sqlx::Error) -> bool {
    const BUSY: &str = "5";
    const LOCKED: &str = "6";
    let code = error.as_database_error().and_then(DatabaseError::code);
    matches!(code.as_deref(), Some(BUSY | LOCKED))
}

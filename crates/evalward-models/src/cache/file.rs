//! The file of a cache: an SQLite database with one table.

use std::fs;
use std::path::Path;
use std::time::Duration;

use evalward_core::Digest;
use sqlx::error::DatabaseError;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions as _, SqliteConnection};

use super::entries::{self, Place};
use super::error::{CacheError, database};
use super::queue::{Queue, Turn};
use super::sql;

/// How long a statement waits for another process to finish writing.
const BUSY: Duration = Duration::from_secs(10);

/// How long a call waits for those before it.
const QUEUE: Duration = Duration::from_mins(1);

/// How often a new file is tried to be opened that another process is creating.
const ATTEMPTS: u32 = 20;

/// Keys of one kind.
type Keys = (String, Vec<Digest>);

/// Entries of one kind.
type Entries = (String, Vec<(Digest, Vec<u8>)>);

/// An open cache.
#[derive(Debug)]
pub(super) struct CacheFile {
    /// A connection that reads and one that writes: SQLite has one writer at any time.
    pub(super) pool: SqlitePool,
    reads: Queue<Keys, Vec<Option<Vec<u8>>>>,
    writes: Queue<Entries, ()>,
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

    /// Opens a cache that is there.
    pub(super) async fn open_existing(path: &Path) -> Result<Option<Self>, CacheError> {
        if path.exists() { Self::open(path).await.map(Some) } else { Ok(None) }
    }

    async fn try_open(path: &Path) -> Result<Self, CacheError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .busy_timeout(BUSY)
            // The last answers may be lost when the machine goes down, though not when the process does; the file stays whole.
            .synchronous(SqliteSynchronous::Normal)
            .disable_statement_logging();
        let pool = SqlitePoolOptions::new()
            .max_connections(2)
            .acquire_timeout(QUEUE)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options)
            .await
            .map_err(database("open"))?;
        let mut connection = pool.acquire().await.map_err(database("open"))?;
        // Looked at before anything is changed: it may be some other program's.
        let found = look(&mut connection).await?;
        sqlx::query(sql::WRITE_AHEAD).execute(&mut *connection).await.map_err(database("open"))?;
        drop(connection);
        let file = Self { pool, reads: Queue::default(), writes: Queue::default() };
        match found {
            Found::Nothing => file.create().await?,
            Found::WithoutTimes => file.add_times().await?,
            Found::Cache => {}
        }
        Ok(file)
    }

    async fn create(&self) -> Result<(), CacheError> {
        let failed = database("create");
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(&failed)?;
        for statement in [sql::CREATE, sql::MARK_APPLICATION, sql::MARK_FORMAT] {
            sqlx::query(statement).execute(&mut *transaction).await.map_err(&failed)?;
        }
        transaction.commit().await.map_err(failed)
    }

    /// Brings a file of the format before up to this one, unless another process did.
    async fn add_times(&self) -> Result<(), CacheError> {
        let failed = database("change");
        let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(&failed)?;
        let format: i64 = sqlx::query_scalar(sql::READ_FORMAT)
            .fetch_one(&mut *transaction)
            .await
            .map_err(&failed)?;
        if format == sql::FORMAT_WITHOUT_TIMES {
            let now: i64 = sqlx::query_scalar(sql::READ_TIME)
                .fetch_one(&mut *transaction)
                .await
                .map_err(&failed)?;
            let add = sqlx::query(AssertSqlSafe(sql::add_times(now)));
            add.execute(&mut *transaction).await.map_err(&failed)?;
            let mark = sqlx::query(sql::MARK_FORMAT);
            mark.execute(&mut *transaction).await.map_err(&failed)?;
        }
        transaction.commit().await.map_err(failed)
    }

    /// Returns the answers that there are, in the order of the keys.
    pub(super) async fn read(
        &self,
        kind: &str,
        keys: &[Digest],
    ) -> Result<Vec<Option<Vec<u8>>>, CacheError> {
        let own = self.reads.ask((kind.to_owned(), keys.to_vec()));
        if let Some(turn) = self.reads.turn(&own).await {
            self.read_all(&turn).await?;
        }
        Ok(own.answer.get().cloned().unwrap_or_else(|| vec![None; keys.len()]))
    }

    async fn read_all(
        &self,
        turn: &Turn<'_, Keys, Vec<Option<Vec<u8>>>>,
    ) -> Result<(), CacheError> {
        let places = turn.all.iter().flat_map(|asked| {
            let (kind, keys) = &asked.question;
            keys.iter().map(|key| (kind.as_str(), *key))
        });
        let places: Vec<Place<'_>> = places.collect();
        let found = async {
            let mut connection = self.pool.acquire().await.map_err(database("read"))?;
            entries::read(&mut connection, &places).await
        };
        // The caller whose turn it is tells of the error; the others know nothing, and must not meet it one by one.
        let (answers, outcome) = match found.await {
            Ok(answers) => (answers, Ok(())),
            Err(error) => (vec![None; places.len()], Err(error)),
        };
        let mut answers = answers.into_iter();
        for asked in &turn.all {
            let own = answers.by_ref().take(asked.question.1.len()).collect();
            // Nobody else has the turn, so it is set once.
            drop(asked.answer.set(own));
        }
        outcome
    }

    /// Keeps answers, all or none; one that is there already stays. They outlive the process when this returns.
    pub(super) async fn write(
        &self,
        kind: &str,
        answers: &[(Digest, Vec<u8>)],
    ) -> Result<(), CacheError> {
        let own = self.writes.ask((kind.to_owned(), answers.to_vec()));
        match self.writes.turn(&own).await {
            Some(turn) => self.write_all(&turn).await,
            None => Ok(()),
        }
    }

    async fn write_all(&self, turn: &Turn<'_, Entries, ()>) -> Result<(), CacheError> {
        let entries = turn.all.iter().flat_map(|asked| {
            let (kind, answers) = &asked.question;
            answers.iter().map(|(key, answer)| ((kind.as_str(), *key), answer.as_slice()))
        });
        let entries: Vec<(Place<'_>, &[u8])> = entries.collect();
        let written = async {
            let failed = database("write");
            let mut transaction = self.pool.begin_with("BEGIN IMMEDIATE").await.map_err(&failed)?;
            entries::write(&mut transaction, &entries).await?;
            transaction.commit().await.map_err(failed)
        };
        let outcome = written.await;
        for asked in &turn.all {
            // As above; where it failed, the cache is given up, and nobody is to wait for it again.
            drop(asked.answer.set(()));
        }
        outcome
    }

    /// Closes the file, which folds the write-ahead log into it where no other process has it open.
    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}

/// What a database is.
enum Found {
    Nothing,
    WithoutTimes,
    Cache,
}

/// Says what the database is, or an error where it is no cache.
async fn look(connection: &mut SqliteConnection) -> Result<Found, CacheError> {
    let failed = database("open");
    // In one transaction, so that another process that creates it is seen to have done all or nothing.
    let mut transaction = sqlx::Connection::begin(connection).await.map_err(&failed)?;
    let mut found = [0_i64; 3];
    let statements = [sql::READ_APPLICATION, sql::READ_FORMAT, sql::COUNT_OBJECTS];
    for (value, statement) in found.iter_mut().zip(statements) {
        *value =
            sqlx::query_scalar(statement).fetch_one(&mut *transaction).await.map_err(&failed)?;
    }
    transaction.rollback().await.map_err(failed)?;
    match found {
        [0, 0, 0] => Ok(Found::Nothing),
        [sql::APPLICATION, sql::FORMAT, _] => Ok(Found::Cache),
        [sql::APPLICATION, sql::FORMAT_WITHOUT_TIMES, _] => Ok(Found::WithoutTimes),
        [sql::APPLICATION, other, _] => Err(CacheError::Format(other)),
        _ => Err(CacheError::Foreign),
    }
}

pub(super) fn is_locked(error: &sqlx::Error) -> bool {
    const BUSY: &str = "5";
    const LOCKED: &str = "6";
    let code = error.as_database_error().and_then(DatabaseError::code);
    matches!(code.as_deref(), Some(BUSY | LOCKED))
}

//! Connecting to the database that a URL names.

use std::io;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection as _, Executor as _};

use crate::database::Database;
use crate::{StoreError, StoreOptions};

/// How long a statement waits for another process to finish writing.
const BUSY: Duration = Duration::from_secs(10);

/// Large pages suit documents of a few thousand bytes.
const PAGE_BYTES: u32 = 16 * 1024;

/// The write-ahead log is folded into the file after so many pages: 64 MiB.
const CHECKPOINT_PAGES: &str = "4096";

/// All statements of the crate fit.
const STATEMENTS: usize = 256;

/// How long a server may take to let the first connection in.
const REACH: Duration = Duration::from_secs(10);

/// A server that is stuck gives an error, so that nobody waits for ever.
const LIMITS: &str = "SET statement_timeout = '60s'";

/// How often a new file is tried to be opened that another process is creating.
const ATTEMPTS: u32 = 20;

pub(crate) async fn connect(url: &str, options: StoreOptions) -> Result<Database, StoreError> {
    match url.split_once(':') {
        Some(("sqlite", rest)) => {
            let path = rest.strip_prefix("//").unwrap_or(rest);
            if path.is_empty() || path == ":memory:" {
                return Err(unknown(url, "write the path of a file after `sqlite://`"));
            }
            connect_sqlite(url, Path::new(path), options).await
        }
        Some(("postgres" | "postgresql", _)) => connect_postgres(url, options).await,
        _ => Err(unknown(url, "it starts neither with `sqlite://` nor with `postgres://`")),
    }
}

async fn connect_sqlite(
    url: &str,
    path: &Path,
    options: StoreOptions,
) -> Result<Database, StoreError> {
    let shared = SqliteConnectOptions::new()
        .filename(path)
        .busy_timeout(BUSY)
        .statement_cache_capacity(STATEMENTS)
        .disable_statement_logging();
    let writing = shared
        .clone()
        .create_if_missing(true)
        .page_size(PAGE_BYTES)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
        // SQLite takes a negative number for KiB, a positive one for pages.
        .pragma("cache_size", format!("-{}", options.cache_kib.get().min(i32::MAX.unsigned_abs())));
    let failed = |source| StoreError::Open { url: without_password(url), source };
    let writer = open_writer(writing).await.map_err(failed)?;
    let readers = SqlitePoolOptions::new()
        .max_connections(options.connections.get())
        .test_before_acquire(false)
        .connect_with(shared.read_only(true))
        .await
        .map_err(failed)?;
    Ok(Database::Sqlite { writer, readers })
}

/// Opens the one connection that writes. SQLite does not wait for another process that turns the write-ahead log on.
async fn open_writer(options: SqliteConnectOptions) -> Result<SqlitePool, sqlx::Error> {
    let mut attempt = 1;
    loop {
        // Closing it would let go of the memory that it keeps, and of the write-ahead log.
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options.clone())
            .await;
        match pool {
            Err(error) if attempt < ATTEMPTS && is_locked(&error) => {
                tokio::time::sleep(Duration::from_millis(10) * attempt).await;
                attempt += 1;
            }
            pool => return pool,
        }
    }
}

fn is_locked(error: &sqlx::Error) -> bool {
    const BUSY: &str = "5";
    const LOCKED: &str = "6";
    let code = error.as_database_error().and_then(DatabaseError::code);
    matches!(code.as_deref(), Some(BUSY | LOCKED))
}

async fn connect_postgres(url: &str, options: StoreOptions) -> Result<Database, StoreError> {
    // Two providers are compiled in by other crates, so somebody must say which one; an earlier choice is as good.
    drop(rustls::crypto::ring::default_provider().install_default());
    let failed = |source| StoreError::Open { url: without_password(url), source };
    let connect = PgConnectOptions::from_str(url)
        .map_err(failed)?
        .application_name("evalward")
        .statement_cache_capacity(STATEMENTS)
        .disable_statement_logging();
    // A pool would try for long, and then say no more than that it did.
    let reached = tokio::time::timeout(REACH, connect.connect()).await;
    let reached = reached.map_err(|_| failed(io::Error::from(io::ErrorKind::TimedOut).into()))?;
    drop(reached.map_err(failed)?.close().await);
    let pool = PgPoolOptions::new()
        .max_connections(options.connections.get().saturating_add(1))
        .after_connect(|connection, _| {
            Box::pin(async move { connection.execute(LIMITS).await.map(drop) })
        })
        .connect_lazy_with(connect);
    Ok(Database::Postgres(pool))
}

fn unknown(url: &str, problem: &str) -> StoreError {
    StoreError::Url { url: without_password(url), problem: problem.to_owned() }
}

/// Returns the URL with its password replaced.
fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let Some((user, host)) = authority.rsplit_once('@') else { return url.to_owned() };
    let Some((user, _)) = user.split_once(':') else { return url.to_owned() };
    let after = rest.strip_prefix(authority).unwrap_or_default();
    format!("{scheme}://{user}:***@{host}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_show_no_password() {
        let shown = without_password("postgres://me:p@ss:w@db:5432/evalward?sslmode=require");
        assert_eq!(shown, "postgres://me:***@db:5432/evalward?sslmode=require");
        assert_eq!(without_password("postgres://me@db/evalward"), "postgres://me@db/evalward");
        assert_eq!(without_password("sqlite:///tmp/a@b.db"), "sqlite:///tmp/a@b.db");
    }
}

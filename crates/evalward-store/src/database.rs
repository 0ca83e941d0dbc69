//! The two engines behind one interface: connections that read, and transactions.

use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction as Begun};

use crate::sql::{MultiRow, lists};
use crate::value::{Row, Value, without_nul};
use crate::{Engine, StoreError};

/// How often a transaction is tried that another one made impossible.
const ATTEMPTS: u32 = 8;

/// The pools of an open database.
#[derive(Clone, Debug)]
pub(crate) enum Database {
    /// SQLite has one writer at any time, so one connection writes, and the others cannot.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Postgres(PgPool),
}

/// A connection, or a transaction on one.
#[derive(Debug)]
enum Link {
    SqliteReader(PoolConnection<Sqlite>),
    SqliteWriter(Begun<'static, Sqlite>),
    PostgresReader(PoolConnection<Postgres>),
    PostgresWriter(Begun<'static, Postgres>),
}

/// Runs the same body on the connection of either engine.
macro_rules! on_either {
    ($link:expr, $connection:ident, $row:ident => $body:expr) => {
        match $link {
            Link::SqliteReader(link) => {
                let ($connection, $row) = (&mut **link, Row::Sqlite);
                $body
            }
            Link::SqliteWriter(link) => {
                let ($connection, $row) = (&mut **link, Row::Sqlite);
                $body
            }
            Link::PostgresReader(link) => {
                let ($connection, $row) = (&mut **link, Row::Postgres);
                $body
            }
            Link::PostgresWriter(link) => {
                let ($connection, $row) = (&mut **link, Row::Postgres);
                $body
            }
        }
    };
}

/// Binds all values to a statement.
macro_rules! bound {
    ($sql:expr, $values:expr) => {{
        let mut query = sqlx::query($sql);
        for value in $values {
            query = match value {
                Value::Text(value) => query.bind(value.map(without_nul)),
                Value::Integer(value) => query.bind(value),
                Value::Real(value) => query.bind(value),
                Value::Flag(value) => query.bind(value),
            };
        }
        query
    }};
}

/// A place to run statements: one that only reads, or a transaction that writes.
#[derive(Debug)]
pub(crate) struct Connection {
    link: Link,
    operation: &'static str,
}

impl Database {
    pub(crate) const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite { .. } => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// Returns a connection that reads; `operation` is what an error says was being done.
    pub(crate) async fn read(&self, operation: &'static str) -> Result<Connection, StoreError> {
        let link = match self {
            Self::Sqlite { readers, .. } => readers.acquire().await.map(Link::SqliteReader),
            Self::Postgres(pool) => pool.acquire().await.map(Link::PostgresReader),
        };
        link.map(|link| Connection { link, operation }).map_err(|source| failed(operation, source))
    }

    /// Begins a transaction that writes.
    pub(crate) async fn begin(&self, operation: &'static str) -> Result<Connection, StoreError> {
        let link = match self {
            // Taking the lock at once leaves no way to lose it to another process half way.
            Self::Sqlite { writer, .. } => {
                writer.begin_with("BEGIN IMMEDIATE").await.map(Link::SqliteWriter)
            }
            Self::Postgres(pool) => pool.begin().await.map(Link::PostgresWriter),
        };
        link.map(|link| Connection { link, operation }).map_err(|source| failed(operation, source))
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                // The last connection to close folds the write-ahead log into the file.
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Connection {
    pub(crate) const fn engine(&self) -> Engine {
        match self.link {
            Link::SqliteReader(_) | Link::SqliteWriter(_) => Engine::Sqlite,
            Link::PostgresReader(_) | Link::PostgresWriter(_) => Engine::Postgres,
        }
    }

    /// Runs a statement and returns the number of rows that it changed.
    pub(crate) async fn execute(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        on_either!(&mut self.link, connection, _row => {
            bound!(sql, values).execute(connection).await.map(|result| result.rows_affected())
        })
        .map_err(|source| failed(self.operation, source))
    }

    /// Runs a statement and returns all its rows.
    pub(crate) async fn rows(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        on_either!(&mut self.link, connection, row => {
            let rows = bound!(sql, values).fetch_all(connection).await;
            rows.map(|rows| rows.into_iter().map(row).collect())
        })
        .map_err(|source| failed(self.operation, source))
    }

    /// Runs a statement and returns its row, where it has one.
    pub(crate) async fn row(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Option<Row>, StoreError> {
        on_either!(&mut self.link, connection, row => {
            bound!(sql, values).fetch_optional(connection).await.map(|found| found.map(row))
        })
        .map_err(|source| failed(self.operation, source))
    }

    /// Runs an insert for all rows, each a list of its columns.
    pub(crate) async fn insert(
        &mut self,
        statement: &'static MultiRow,
        rows: Vec<Vec<Value>>,
    ) -> Result<(), StoreError> {
        let pieces = statement.pieces(self.engine(), rows.len());
        let mut rows = rows.into_iter();
        for (sql, piece) in pieces {
            let values = rows.by_ref().take(piece.len()).flatten().collect();
            self.execute(sql, values).await?;
        }
        Ok(())
    }

    /// Runs a statement for all lists of ids, and returns all rows.
    pub(crate) async fn rows_of(
        &mut self,
        sql: &'static str,
        ids: &[i64],
    ) -> Result<Vec<Row>, StoreError> {
        let mut rows = Vec::new();
        for ids in lists(ids) {
            rows.extend(self.rows(sql, ids).await?);
        }
        Ok(rows)
    }

    /// Runs the statements of a file.
    pub(crate) async fn script(&mut self, sql: &'static str) -> Result<(), StoreError> {
        on_either!(&mut self.link, connection, _row => {
            sqlx::raw_sql(sql).execute(connection).await.map(drop)
        })
        .map_err(|source| failed(self.operation, source))
    }

    /// Checks that the engine understands a statement.
    #[cfg(test)]
    pub(crate) async fn prepare(&mut self, sql: &'static str) -> Result<(), sqlx::Error> {
        use sqlx::{Executor as _, SqlSafeStr as _};
        on_either!(&mut self.link, connection, _row => {
            connection.prepare(sql.into_sql_str()).await.map(drop)
        })
    }

    /// Commits where all went well, and otherwise takes everything back.
    pub(crate) async fn end<T>(self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        let operation = self.operation;
        let ended = match (self.link, result.is_ok()) {
            (Link::SqliteWriter(link), true) => link.commit().await,
            (Link::SqliteWriter(link), false) => link.rollback().await,
            (Link::PostgresWriter(link), true) => link.commit().await,
            (Link::PostgresWriter(link), false) => link.rollback().await,
            (Link::SqliteReader(_) | Link::PostgresReader(_), _) => Ok(()),
        };
        let value = result?;
        ended.map_err(|source| failed(operation, source))?;
        Ok(value)
    }
}

/// Runs a body in a transaction, and again where another transaction stood in its way. It must not use up what it captures.
macro_rules! in_transaction {
    ($database:expr, $operation:expr, $transaction:ident => $body:expr) => {{
        let mut attempt = 0;
        loop {
            let mut $transaction = $database.begin($operation).await?;
            let result: Result<_, $crate::StoreError> = async { $body }.await;
            match $transaction.end(result).await {
                Err(error) if $crate::database::is_worth_repeating(&error, attempt) => {
                    attempt += 1;
                    $crate::database::pause(attempt).await;
                }
                result => break result,
            }
        }
    }};
}
pub(crate) use in_transaction;

/// Tells whether a transaction failed only because another one ran at the same time.
pub(crate) fn is_worth_repeating(error: &StoreError, attempt: u32) -> bool {
    const SERIALIZATION_FAILURE: &str = "40001";
    const DEADLOCK_DETECTED: &str = "40P01";
    let StoreError::Query { source: sqlx::Error::Database(error), .. } = error else {
        return false;
    };
    let code = error.code();
    attempt + 1 < ATTEMPTS
        && matches!(code.as_deref(), Some(SERIALIZATION_FAILURE | DEADLOCK_DETECTED))
}

pub(crate) async fn pause(attempt: u32) {
    tokio::time::sleep(Duration::from_millis(5) * attempt).await;
}

pub(crate) fn failed(operation: &'static str, source: sqlx::Error) -> StoreError {
    match source {
        sqlx::Error::PoolClosed => StoreError::Closed,
        source => StoreError::Query { operation, source },
    }
}

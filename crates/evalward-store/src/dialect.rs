//! Where the two engines need different words.
//!
//! SQLite has one writer at a time, so nothing has to be locked there. On PostgreSQL several processes write: rows are locked in
//! one order everywhere (interactions, jobs, patterns, alerts, windows; each by its key), so that no two wait for each other.

use crate::database::Connection;
use crate::sql::{list, lists, statements};
use crate::value::{Row, values};
use crate::{Engine, StoreError};

/// Lists runs, of any suite or of one, whose variant is `$2`: any where that is NULL, the suite itself where it is empty.
macro_rules! list_runs {
    ($variant:literal, $of:literal) => {
        concat!(
            "SELECT manifest, finished_at, decision, exit_code, partitions, summary, score_rows FROM runs WHERE ",
            $of,
            "CASE WHEN CAST($2 AS TEXT) IS NULL THEN TRUE ELSE COALESCE(",
            $variant,
            ", '') = $2 END ORDER BY started_at DESC, id DESC LIMIT $1"
        )
    };
}

mod sqlite {
    use super::statements;

    statements! {
        LEASE = "UPDATE jobs SET token = token + 1, attempts = attempts + 1, leased_until = $2 WHERE id IN \
                 (SELECT id FROM jobs WHERE NOT is_parked AND run_at <= $1 AND (leased_until IS NULL OR leased_until <= $1) \
                 ORDER BY run_at, id LIMIT $3) RETURNING id";
        CLAIM_DELIVERIES = "UPDATE outbox SET attempts = attempts + 1, due_at = $2 WHERE id IN \
                 (SELECT id FROM outbox o WHERE NOT is_done AND due_at <= $1 AND NOT EXISTS \
                 (SELECT 1 FROM outbox e WHERE e.alert = o.alert AND e.destination = o.destination AND e.id < o.id \
                 AND NOT e.is_done) ORDER BY due_at, id LIMIT $3) RETURNING id, alert, destination, event, attempts";
        HAS_TABLE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1";
        RUNS = list_runs!("json_extract(manifest, '$.suite.variant')", "");
        RUNS_OF_SUITE = list_runs!("json_extract(manifest, '$.suite.variant')", "suite = $3 AND ");
    }
}

mod postgres {
    use super::{list, statements};

    statements! {
        LEASE = "WITH due AS MATERIALIZED (SELECT id FROM jobs WHERE NOT is_parked AND run_at <= $1 \
                 AND (leased_until IS NULL OR leased_until <= $1) ORDER BY run_at, id LIMIT $3 FOR UPDATE SKIP LOCKED) \
                 UPDATE jobs SET token = token + 1, attempts = attempts + 1, leased_until = $2 FROM due \
                 WHERE jobs.id = due.id RETURNING jobs.id";
        CLAIM_DELIVERIES = "WITH due AS MATERIALIZED (SELECT id FROM outbox o WHERE NOT is_done AND due_at <= $1 AND NOT EXISTS \
                 (SELECT 1 FROM outbox e WHERE e.alert = o.alert AND e.destination = o.destination AND e.id < o.id \
                 AND NOT e.is_done) ORDER BY due_at, id LIMIT $3 FOR UPDATE SKIP LOCKED) \
                 UPDATE outbox SET attempts = attempts + 1, due_at = $2 FROM due WHERE outbox.id = due.id \
                 RETURNING outbox.id, alert, destination, event, attempts";
        HAS_TABLE = "SELECT 1 FROM information_schema.tables \
                     WHERE table_schema = ANY (current_schemas(FALSE)) AND table_name = $1";
        RUNS = list_runs!("CAST(manifest AS JSON) #>> '{suite,variant}'", "");
        RUNS_OF_SUITE = list_runs!("CAST(manifest AS JSON) #>> '{suite,variant}'", "suite = $3 AND ");
        LOCK_INTERACTIONS = concat!(
            "SELECT seq FROM interactions WHERE seq IN ", list!(), " ORDER BY seq FOR NO KEY UPDATE");
        LOCK_JOBS = concat!("SELECT id FROM jobs WHERE id IN ", list!(), " ORDER BY id FOR UPDATE");
        LOCK_CANDIDATE = "SELECT id FROM candidates WHERE project = $1 AND id = $2 FOR UPDATE";
        LOCK = "SELECT pg_advisory_xact_lock($1)";
        LOCK_SHARED = "SELECT pg_advisory_xact_lock_shared($1)";
    }
}

#[cfg(test)]
pub(crate) use {postgres::ALL as POSTGRES, sqlite::ALL as SQLITE};

/// What a whole database has one lock for, until the end of the transaction.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Lock {
    /// Changing the schema.
    Schema,
    /// Storing feedback whose interaction is not there, while interactions are being stored.
    WaitingFeedback,
}

impl Lock {
    /// Returns an arbitrary number that is the same in every version of this program.
    const fn number(self) -> i64 {
        match self {
            Self::Schema => 0x6576_616c_0001,
            Self::WaitingFeedback => 0x6576_616c_0002,
        }
    }
}

impl Connection {
    const fn pick(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self.engine() {
            Engine::Sqlite => sqlite,
            Engine::Postgres => postgres,
        }
    }

    /// Claims due jobs, and returns their ids.
    pub(crate) async fn claim_jobs(
        &mut self,
        limit: u32,
        now: i64,
        until: i64,
    ) -> Result<Vec<i64>, StoreError> {
        let sql = self.pick(sqlite::LEASE, postgres::LEASE);
        let rows = self.rows(sql, values![now, until, limit]).await?;
        rows.iter().map(|row| row.integer("id")).collect()
    }

    /// Claims due deliveries; one whose predecessor at the same webhook is under way waits for it.
    pub(crate) async fn claim_deliveries(
        &mut self,
        limit: u32,
        now: i64,
        until: i64,
    ) -> Result<Vec<Row>, StoreError> {
        let sql = self.pick(sqlite::CLAIM_DELIVERIES, postgres::CLAIM_DELIVERIES);
        self.rows(sql, values![now, until, limit]).await
    }

    /// Lists the newest runs of a suite and of a variant, where they are named; the newest first.
    pub(crate) async fn newest_runs(
        &mut self,
        limit: u32,
        suite: Option<&str>,
        variant: Option<&str>,
    ) -> Result<Vec<Row>, StoreError> {
        if let Some(suite) = suite {
            let sql = self.pick(sqlite::RUNS_OF_SUITE, postgres::RUNS_OF_SUITE);
            self.rows(sql, values![limit, variant, suite]).await
        } else {
            let sql = self.pick(sqlite::RUNS, postgres::RUNS);
            self.rows(sql, values![limit, variant]).await
        }
    }

    pub(crate) async fn has_table(&mut self, name: &str) -> Result<bool, StoreError> {
        let sql = self.pick(sqlite::HAS_TABLE, postgres::HAS_TABLE);
        Ok(self.row(sql, values![name]).await?.is_some())
    }

    /// Keeps others from changing interactions, whose numbers must be in order, until the end of the transaction.
    pub(crate) async fn lock_interactions(&mut self, seqs: &[i64]) -> Result<(), StoreError> {
        self.lock_each(postgres::LOCK_INTERACTIONS, seqs).await
    }

    /// Keeps others from changing jobs, whose ids must be in order, until the end of the transaction.
    pub(crate) async fn lock_jobs(&mut self, jobs: &[i64]) -> Result<(), StoreError> {
        self.lock_each(postgres::LOCK_JOBS, jobs).await
    }

    async fn lock_each(&mut self, sql: &'static str, ids: &[i64]) -> Result<(), StoreError> {
        if self.engine() == Engine::Postgres {
            for ids in lists(ids) {
                self.rows(sql, ids).await?;
            }
        }
        Ok(())
    }

    /// Keeps others from changing a candidate until the end of the transaction.
    pub(crate) async fn lock_candidate(
        &mut self,
        project: &str,
        id: &str,
    ) -> Result<(), StoreError> {
        if self.engine() == Engine::Postgres {
            self.rows(postgres::LOCK_CANDIDATE, values![project, id]).await?;
        }
        Ok(())
    }

    /// Waits until nobody else holds a lock, and holds it alone.
    pub(crate) async fn lock(&mut self, lock: Lock) -> Result<(), StoreError> {
        if self.engine() == Engine::Postgres {
            self.execute(postgres::LOCK, values![lock.number()]).await?;
        }
        Ok(())
    }

    /// Waits until nobody holds a lock alone, and holds it together with others.
    pub(crate) async fn lock_shared(&mut self, lock: Lock) -> Result<(), StoreError> {
        if self.engine() == Engine::Postgres {
            self.execute(postgres::LOCK_SHARED, values![lock.number()]).await?;
        }
        Ok(())
    }
}
